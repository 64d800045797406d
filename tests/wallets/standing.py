"""Standing transfers and askings, for tests."""

import json
from datetime import date
from typing import Any

from tests.bank.payouts import confirmed
from tests.cast import NOON, eur
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import insert, one
from vps.kernel.money import Money
from vps.ledger.actions import NotEnoughCredit
from vps.people.actions import Details, register_partner
from vps.people.models import Person
from vps.wallets.actions import (
    ask_back,
    give_back,
    keep_it,
    make_transfer,
    open_wallet,
    plan_back,
    plan_standing,
    set_standing,
    subject_back,
)
from vps.wallets.actions.asked_back import KIND as BACK
from vps.wallets.actions.standing import KIND
from vps.wallets.kept import kept
from vps.wallets.models import StandingRun, StandingTransfer, case_of, purse
from vps.wallets.rhythm import Rhythm

TRANSFER = "transfer"
TODAY = date(2026, 11, 20)


def wallet(person: Person, currency: str = "EUR", kind: str = "main") -> int:
    """The id of somebody's wallet."""
    found = purse(person.id, currency, kind)
    assert found
    return found.wallet


def planned(sender: Person, to: Person, amount: int = 10_00, rhythm: Rhythm | None = None, *, to_wallet: int | None = None, at=NOON):
    rhythm = rhythm or Rhythm("day", TODAY)
    return plan_standing(sender.id, wallet(sender), to.id, to_wallet, eur(amount), rhythm, "for rent", at=at)


def permit(sender: Person, to: Person, *more: Any, at=NOON, **facts: Any):
    """The right answer to a dialog about a standing transfer."""
    plan = planned(sender, to, *more, at=at, **facts)
    return confirmed(sender, KIND, plan.subject, "Somebody", amount=plan.amount, motive=TRANSFER, at=at)


def stand(sender: Person, to: Person, *more: Any, at=NOON, **facts: Any) -> int:
    """A standing transfer, confirmed by a TAN."""
    return set_standing(authorisation=permit(sender, to, *more, at=at, **facts), at=at)


def send(sender: Person, to: Person, minor: int = 40_00, *, key: str = "wrong", at=NOON, money: Money | None = None) -> int:
    """A transfer to somebody, whoever was meant."""
    amount = money or eur(minor)
    origin = wallet(sender, amount.currency)
    return make_transfer(
        key, sender=sender.id, from_wallet=origin, recipient=to.id, to_wallet=None, amount=amount, message="rent",
        actor=Actor(sender.id), at=at,
    )  # fmt: skip


def agreement(giver: Person, transfer: int, *, at=NOON):
    """The right answer to the dialog about giving a transfer back."""
    case = case_of(transfer, giver.id)
    assert case
    plan = plan_back(case, at=at)
    return confirmed(giver, BACK, subject_back(case, plan), case.sender_name, amount=plan.amount, motive=TRANSFER, at=at)


def give(giver: Person, transfer: int, *, at=NOON) -> int:
    return give_back(authorisation=agreement(giver, transfer, at=at), at=at)


def written_down(person: Person, to: Person, *, refused: bool = True) -> int:
    """A standing transfer that nobody confirmed, with a day on which it was refused: for pages that show one."""
    now = micros(NOON)
    intent = insert(INTENT, f"standing {one('SELECT count(*) FROM intent')[0]}", person.id, KIND, "x", "x", b"x" * 32, now, now, now)
    made = StandingTransfer.create(
        person=person, from_wallet=wallet(person), recipient=to, amount=999_00, currency="EUR", message="Lavendelblütenschaumbad", every="month",
        day_of_month=31, first_on=TODAY, next_on=date(2099, 12, 31), intent=intent, made_at=NOON,
    )  # fmt: skip
    facts = {"available": eur(12_345_67), "missing": eur(987_654_32)}
    if refused:
        StandingRun.create(standing=made, day=TODAY, refusal=json.dumps(kept(NotEnoughCredit(**facts))), at=NOON)
    return int(made.id)


def asked_of_vera(house: Any) -> int:
    """A transfer of Anna to somebody else than Boris, which she asks back and does not get."""
    vera = register_partner(Details("Vera Александровна Преображенская", "ru", "Europe/Moscow", username=None), actor=HOUSE, at=NOON)
    open_wallet(vera.id, "EUR", at=NOON)
    made = send(house.anna, vera, 1, key="for vera", at=clock())
    ask_back(house.anna.id, made, "Das war für Vera Winter bestimmt, nicht für Vera P.", actor=Actor(house.anna.id), at=clock())
    keep_it(vera.id, made, actor=Actor(vera.id), at=clock())
    return made


def ask_again(house: Any, transfer: int) -> None:
    """One more standing transfer of Anna, and one more transfer to Boris that he keeps."""
    written_down(house.anna, house.boris)
    ask_back(house.anna.id, transfer, "", actor=Actor(house.anna.id), at=NOON)
    keep_it(house.boris.id, transfer, actor=Actor(house.boris.id), at=NOON)


INTENT = "INSERT INTO intent (nonce, person_id, kind, subject, payee, digest, opened_at, expires_at, posted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
