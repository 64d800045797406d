"""Transfers and payment requests as they are confirmed, for tests: dialogs without a web, answered by sheet or by SMS."""

from tests.cast import CODES, NOON, eur
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.security.actions import ByTan, ask, confirm, snapshot
from vps.wallets.actions import ask_for, make_transfer, open_wallet, payee_of, plan_between, subject_of
from vps.wallets.models import MAIN, WalletKind, purse


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


def known(house, key: str = "known") -> int:
    """Boris is no stranger to Anna any more: she once sent him a cent."""
    facts = {"sender": house.anna.id, "from_wallet": wallet(house.anna), "recipient": house.boris.id, "to_wallet": None}
    return make_transfer(key, amount=eur(1), message="Hallo Boris", actor=Actor(house.anna.id), at=NOON, **facts)


def moved_and_asked(house, asker=None) -> None:
    """Something sent, something that Boris asks of Anna (or Anna of Boris), and something that she asks of whoever has the code."""
    known(house)
    asker = asker or house.boris
    payer = house.anna if asker.id == house.boris.id else house.boris
    for who, of in ((asker, payer.id), (house.anna, None)):
        ask_for(who.id, of, eur(20_00), "Lavendelblütenschaumbad", key=f"asked of {of}", actor=Actor(who.id), at=clock())


def between_annas_own(house) -> int:
    """A transfer that nobody but Anna has a side of."""
    facts = dict.fromkeys(("pays", "paid_out", "sends", "receives", "commission"), True)
    WalletKind.create(code="spare", names='{"en": "Spare"}', floor=0, position=1, **facts)
    open_wallet(house.anna.id, "EUR", at=NOON, kind="spare")
    sides = {"from_wallet": wallet(house.anna), "to_wallet": wallet(house.anna, kind="spare")}
    return make_transfer("own", sender=house.anna.id, recipient=house.anna.id, amount=eur(1), actor=Actor(house.anna.id), at=NOON, **sides)
