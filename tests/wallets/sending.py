"""Words for tests about transfers: somebody's wallet, a transfer between partners, and the office that moves something."""

from tests.cast import NOON, eur, give
from vps.kernel.authorisation import Actor, ByStaff
from vps.ledger.actions import company_account
from vps.wallets.actions import agree_plan, ask_office_transfer, ask_reversal, make_kind, make_transfer, open_wallet
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


def something_about_wallets(cast, whose=None):
    """A bonus wallet of Anna's, or somebody's, with a plan for a debt, and a transfer between his own: (wallet, transfer, plan)."""
    who = whose or cast.anna
    bonus_kind()
    open_wallet(who.id, "EUR", kind="bonus", at=NOON)
    bonus, terms = wallet(who, kind="bonus"), {"authorisation": staff(cast.dragan), "at": NOON}
    transfer = send(cast, 1, key="something", sender=who, recipient=who, to=bonus)
    move = send(cast, 5_00, key="to bonus", sender=who, recipient=who, to=bonus)
    ask(cast, account(who, kind="bonus"), ours(), eur(5_01))
    take_back(cast, move, as_debt=True)
    return bonus, transfer.id, agree_plan(who.id, bonus, eur(1_00), 31, **terms)


def ask_from(by, person):
    """The id of a transfer from a partner's wallet that waits for somebody else of the office."""
    give(person, 2_000_00)
    return ask_office_transfer("waits", account(person), ours(), eur(1_000_00), reason="Kräuter", authorisation=staff(by), at=NOON)
