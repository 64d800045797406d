"""The year of the demo company on paper: which orders were made when, by whom, and what became of them.

Choices fall by dice that are thrown the same way all day, so that two demos of one day tell the same story.
"""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from vps.cli.demo.cast import CATALOGUE, LANDS, MEMBERS, Land, Member
from vps.kernel.text import fold
from vps.orders.actions import Address
from vps.orders.models import Colour

SEASON = (0.80, 0.85, 1.0, 1.05, 1.0, 0.90, 0.70, 0.65, 1.0, 1.15, 1.35, 1.5)
"""How much is ordered in each month of the year."""
WEEK = (1.0, 1.1, 1.05, 1.0, 0.95, 0.6, 0.5)
CLIENTS = 8
"""Customers of each partner."""
RED_FOR_THE_CAST = {"anna": 5, "boris": 2, "ivana": 3, "jelena": 3, "emma": 3}
"""Orders that wait for whoever looks at the demo."""
LIGHT = 7_000
"""Cents: no order that waits for the cast costs more, so that 250.00 pays several."""


HOUR = timedelta(hours=1)


class Buyer(NamedTuple):
    """A customer of a partner."""

    name: str
    language: str
    email: str
    phone: str
    address: Address


class Planned(NamedTuple):
    """An order: when it is entered, what it will have become by now (None: cancelled), and by which means it is paid."""

    at: datetime
    member: Member
    buyer: Buyer
    goods: dict[str, int]
    colour: Colour | None
    means: str


def year(dice: Random, now: datetime, orders: int) -> list[Planned]:
    """About so many orders of the last twelve months, in the order of time."""
    credited = 7 + now.weekday()  # days since the end of the last week whose commissions are credited: the newest one waits
    days = {
        Colour.BLUE: range(credited, 366),
        Colour.GREEN: range(1, credited),
        Colour.YELLOW: range(2, 6),
        Colour.RED: range(30),
        None: range(10, 300),
    }
    shares = {Colour.BLUE: 0.85, Colour.GREEN: 0.06, Colour.YELLOW: 0.025, Colour.RED: 0.04, None: 0.02}
    buyers = {member.username: _buyers(dice, member) for member in MEMBERS}
    planned = []
    for colour, share in shares.items():
        for _ in range(max(3, round(orders * share))):
            day = _day(dice, now, days[colour])
            planned.append(_order(dice, day, dice.choices(*_sellers(now - day, colour))[0], colour, buyers))
    for member in MEMBERS:
        for _ in range(RED_FOR_THE_CAST.get(member.username, 0)):
            planned.append(_order(dice, _day(dice, now, days[Colour.RED]), member, Colour.RED, buyers))
    return sorted(planned, key=lambda order: order.at)


def _day(dice: Random, now: datetime, days: range) -> datetime:
    # What was ordered lately weighs more: the company grows.
    dated = [now - timedelta(days=back) for back in days]
    weights = [SEASON[day.month - 1] * WEEK[day.weekday()] * (1 - back / 800) for day, back in zip(dated, days, strict=True)]
    day = dice.choices(dated, weights)[0]
    hour = day.replace(hour=dice.randrange(6, 19), minute=dice.randrange(60), second=dice.randrange(60), microsecond=0)
    return hour if hour < now - HOUR else now - dice.randrange(2, 9) * HOUR


def _sellers(back: timedelta, colour: Colour | None) -> tuple[list[Member], list[int]]:
    # Whoever joined only now needs some days before the first order. The cast has its red ones; some of the others' are paid by transfer.
    without = RED_FOR_THE_CAST if colour is Colour.RED else {}
    joined = [member for member in MEMBERS if member.joined > back.days + 9 and member.username not in without]
    return joined, [member.share for member in joined]


def _order(dice: Random, day: datetime, member: Member, colour: Colour | None, buyers: dict[str, list[Buyer]]) -> Planned:
    means = dice.choices(("wallet", "transfer", "cheque"), (48, 40, 12))[0]
    if colour is Colour.YELLOW:
        means = dice.choice(("transfer", "transfer", "cheque"))
    light = colour is Colour.RED and member.username in RED_FOR_THE_CAST
    return Planned(day, member, dice.choice(buyers[member.username]), _goods(dice, day.month, light=light), colour, means)


def _goods(dice: Random, month: int, *, light: bool) -> dict[str, int]:
    while True:
        season = {"KR-SET": 4 if month in (10, 11, 12) else 0, "KU-28": 5 if month in (2, 3, 4) else 1, "LV-200": 2 if month > 9 else 4}
        weights = [season.get(goods.code, 3) for goods in CATALOGUE]
        chosen = dice.choices(CATALOGUE, weights, k=dice.choice((1, 2, 2, 3, 4)))
        basket = {goods.code: dice.choice((1, 1, 1, 2, 3)) for goods in chosen}
        if not light or sum(goods.price * basket.get(goods.code, 0) for goods in CATALOGUE) <= LIGHT:
            return basket


def _buyers(dice: Random, member: Member) -> list[Buyer]:
    land = LANDS[member.land]
    names = dice.sample(land.women + land.men, CLIENTS)
    return [_buyer(dice, land, name, member) for name in names]


def _buyer(dice: Random, land: Land, name: str, member: Member) -> Buyer:
    postcode, city = dice.choice(land.places)
    street = f"{dice.choice(land.streets)} {dice.randrange(1, 90)}"
    email = f"{fold(name).replace(' ', '.')}@example.com" if dice.random() < 0.7 else ""
    phone = f"{land.dial}{dice.randrange(10**6, 10**7)}" if dice.random() < 0.6 else ""
    language = member.language if member.land == "RS" else land.language
    return Buyer(name, language, email, phone, Address(street, postcode, city, member.land))
