"""Standing transfers and askings, for tests."""

from datetime import date
from typing import Any

from tests.bank.payouts import confirmed
from tests.cast import NOON, eur
from vps.kernel.authorisation import Actor
from vps.kernel.money import Money
from vps.people.models import Person
from vps.wallets.actions import give_back, make_transfer, plan_back, plan_standing, set_standing, subject_back
from vps.wallets.actions.asked_back import KIND as BACK
from vps.wallets.actions.standing import KIND
from vps.wallets.models import case_of, purse
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
