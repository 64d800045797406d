"""Standing transfers are made on their days, by the worker: each day once, whatever is run twice or at the same time."""

import json
from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import short_name
from vps.post.actions import post
from vps.security.actions.refusals import Frozen, HeldToCap, ViewOnly
from vps.security.models import VIEW, held, is_frozen, payer
from vps.wallets.actions.transfers import make_transfer
from vps.wallets.kept import kept
from vps.wallets.models.standing import Standing, standing_transfer

AT_ONCE = 500
"""Standing transfers that one look makes; the next look makes the rest."""


class Missed(Refused):
    says = N_("On this day the system was not running. It was left out: after a stop only the newest day is made up for.")


def make_standing(*, at: datetime) -> int:
    """Make what is due until today in the company's zone; answers how many transfers were made.

    After a stop of the worker only the newest day that was missed is made up for. What is refused is told, and its next day comes.
    """
    today = day_in(at, company().zone)
    return sum(_follow(key, today, at) for (key,) in rows(DUE, today.isoformat(), AT_ONCE))


def _follow(key: int, today: date, at: datetime) -> bool:
    # What was refused is rolled back with its day still due; then the day is written down as refused, unless somebody else was quicker.
    try:
        return _make(key, today, at=at)
    except Refused as refusal:
        _skip(key, today, refusal, at=at)
        return False


@action
def _make(key: int, today: date, *, at: datetime) -> bool:
    order = standing_transfer(key)
    day = _claim(order, today, at) if order else None
    if order is None or day is None:
        return False
    _must_be_free(order.person, at)
    made = make_transfer(
        f"standing:{key}:{day}",
        sender=order.person,
        from_wallet=order.from_wallet,
        recipient=order.recipient,
        to_wallet=order.to_wallet,
        amount=order.amount,
        message=order.message,
        actor=HOUSE,
        at=at,
    )
    run(RAN, key, day.isoformat(), made, None, micros(at))
    return True


@action
def _skip(key: int, today: date, refusal: Refused, *, at: datetime) -> None:
    order = standing_transfer(key)
    day = _claim(order, today, at) if order else None
    if order and day:
        run(RAN, key, day.isoformat(), None, json.dumps(kept(refusal)), micros(at))
        _tell(order, day, refusal, order.rhythm.after(today), at)


def _claim(order: Standing, today: date, at: datetime) -> date | None:
    """Its newest day that is due, for one of all workers that look; the days before it are left out, and told once."""
    if order.next_on is None or order.next_on > today:
        return None
    *missed, newest = order.rhythm.between(order.next_on, today)
    following = order.rhythm.after(today)
    if not one(CLAIM, following and following.isoformat(), order.id, order.next_on.isoformat()):
        return None
    for day in missed:
        run(RAN, order.id, day.isoformat(), None, json.dumps(kept(Missed())), micros(at))
    if missed:
        _tell(order, missed[-1], Missed(), newest, at)
    return newest


def _must_be_free(person: int, at: datetime) -> None:
    if is_frozen(person):
        raise Frozen
    who = payer(person, at)
    if who.level == VIEW:
        raise ViewOnly
    holding = held(person, at) if who.held else None
    if holding:
        raise HeldToCap(cap=Money(company().recovery_cap, company().currency), until=holding.until)


def _tell(order: Standing, day: date, refusal: Refused, following: date | None, at: datetime) -> None:
    name, email, language, zone = one("SELECT name, email, language, zone FROM person WHERE id = ?", order.person)
    if email:
        facts = {"name": name, "who": f"{short_name(order.name)}, {order.number}", "own": order.own, "minor": order.amount.minor,
                 "currency": order.amount.currency, "day": day.isoformat(), "next": following and following.isoformat(),
                 "zone": zone, "standing": order.id, "refusal": kept(refusal)}  # fmt: skip
        post("standing", key=f"standing:{order.id}:{day}", address=email, language=language, facts=facts, at=at)


DUE = (
    "SELECT s.id FROM standing_transfer s JOIN person p ON p.id = s.person_id AND p.closed_at IS NULL"
    " WHERE s.ended_at IS NULL AND s.next_on <= ? ORDER BY s.next_on, s.id LIMIT ?"
)
CLAIM = "UPDATE standing_transfer SET next_on = ? WHERE id = ? AND next_on = ? AND ended_at IS NULL RETURNING id"
RAN = "INSERT INTO standing_run (standing_id, day, transfer_id, refusal, at) VALUES (?, ?, ?, ?, ?)"
