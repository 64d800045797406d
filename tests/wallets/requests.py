"""Transfers and payment requests as they are confirmed, for tests: dialogs without a web, answered by sheet or by SMS."""

from tests.cast import CODES, NOON
from vps.kernel.authorisation import Actor
from vps.kernel.money import Money
from vps.security.actions import ByTan, ask, confirm, snapshot
from vps.wallets.actions import payee_of, plan_between, subject_of
from vps.wallets.models import MAIN, purse


def wallet(person, currency="EUR", kind=MAIN) -> int:
    found = purse(person.id, currency, kind)
    assert found
    return found.wallet


def confirmed(sender, recipient, amount: Money, rest: str = "", *, kind="transfer", to=None, at=NOON, level=2) -> ByTan:
    """What the sender confirmed by the next TAN of his sheet."""
    planned = plan_between(sender.id, wallet(sender, amount.currency), recipient.id, to, amount, at=at)
    asked = ask(sender.id, at=at, level=level)
    facts = {"payee": payee_of(recipient.name, recipient.number), "ask": asked, "motive": "transfer", "at": at}
    shown = snapshot(kind, subject_of(planned, recipient.number, rest), amount=amount, **facts)
    return confirm(shown, code=CODES[(shown.n or 0) - 1], actor=Actor(sender.id), at=at)
