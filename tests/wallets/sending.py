"""Words for tests about transfers: somebody's wallet, a transfer between partners, and the office that moves something."""

from tests.cast import NOON, eur
from vps.kernel.authorisation import Actor, ByStaff
from vps.ledger.actions import company_account
from vps.wallets.actions import ask_office_transfer, ask_reversal, make_kind, make_transfer
from vps.wallets.actions.kinds import KindFacts
from vps.wallets.models import Transfer, purse


def wallet(person, currency="EUR", kind="main"):
    found = purse(person.id, currency, kind)
    assert found
    return found.wallet


def account(person, currency="EUR", kind="main"):
    found = purse(person.id, currency, kind)
    assert found
    return found.account


def ours(kind="own", currency="EUR"):
    return company_account(kind, currency)


def bonus_kind(**facts):
    make_kind("bonus", KindFacts({"en": "Bonus", "de": "Prämien"}, **facts), actor=Actor(), at=NOON)


def send(cast, minor, *, key="t", sender=None, recipient=None, to=None):
    """A transfer from Anna to Boris, or as said."""
    sender, recipient = sender or cast.anna, recipient or cast.boris
    made = make_transfer(
        key, sender=sender.id, from_wallet=wallet(sender), recipient=recipient.id, to_wallet=to, amount=eur(minor),
        actor=Actor(sender.id), at=NOON,
    )  # fmt: skip
    return Transfer.get_by_id(made)


def staff(person):
    return ByStaff(Actor(person.id, "192.0.2.9"))


def ask(cast, debit, credit, amount, *, key="o", by=None, **more):
    facts = {"reason": "promised at the fair", "authorisation": staff(by or cast.dragan), "at": NOON} | more
    return ask_office_transfer(key, debit, credit, amount, **facts)


def take_back(cast, transfer, *, key="r", by=None, **more):
    return ask_reversal(key, transfer.id, **{"reason": "wrong partner", "authorisation": staff(by or cast.dragan), "at": NOON} | more)
