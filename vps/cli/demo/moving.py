"""What the demo's partners move besides orders: a second kind of wallet, dinars, transfers, a request, and a step of identification."""

from datetime import datetime, timedelta

from vps.cli.demo.cast import CURRENCY, ZONE
from vps.cli.demo.story import Story
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import day_in
from vps.kernel.money import Money
from vps.people.models import Person
from vps.trust.actions import claim_step
from vps.wallets.actions import KindFacts, ask_for, make_kind, make_transfer, open_wallet
from vps.wallets.models import MAIN, purse

RATE = "117.21"
"""Dinars for a euro."""
SENT = (("anna", "boris", 25_00, "Danke für die Hilfe am Stand"), ("boris", "ivana", 10_00, "За чай"), ("anna", "ivana", 15_00, ""))
"""Who sent whom how many cents, with which words."""


def move(story: Story, at: datetime) -> None:
    """Everything of the above, in the demo's last week."""
    people, days = story.people, timedelta(days=1)
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=at - 7 * days)
    set_rate(CURRENCY, "RSD", RATE, valid_from=day_in(at - 7 * days, ZONE), actor=HOUSE, at=at - 7 * days)
    names = {"en": "Bonus", "de": "Prämien", "ru": "Премии", "hr": "Nagrade", "sr": "Награде"}
    make_kind("bonus", KindFacts(names, paid_out=False, position=1), actor=story.desk, at=at - 6 * days)
    for username, kind, currency in (("ivana", MAIN, "RSD"), ("anna", "bonus", CURRENCY)):
        open_wallet(people[username].id, currency, kind=kind, at=at - 6 * days)
        _send(people[username], people[username], 30_00, f"own {username}", at - 5 * days, to=(currency, kind))
    for n, (sender, recipient, minor, message) in enumerate(SENT):
        _send(people[sender], people[recipient], minor, f"{n}", at - (4 - n) * days, message=message)
    boris, anna = people["boris"], people["anna"]
    ask_for(boris.id, anna.id, Money(20_00, CURRENCY), "Flyer", key="demo", actor=Actor(boris.id), at=at - days)
    claim_step(boris.id, "address", "Тверская ул. 7, 125009 Москва", actor=Actor(boris.id), at=at - days)


def _send(
    sender: Person, recipient: Person, minor: int, key: str, at: datetime, *, to: tuple[str, str] | None = None, message: str = ""
) -> None:
    origin, target = purse(sender.id, CURRENCY), purse(recipient.id, *to) if to else None
    assert origin
    if origin.available.minor < minor:
        return
    make_transfer(
        f"demo:{key}", sender=sender.id, from_wallet=origin.wallet, recipient=recipient.id, to_wallet=target.wallet if target else None,
        amount=Money(minor, CURRENCY), message=message, actor=Actor(sender.id), at=at,
    )  # fmt: skip
