"""What every transfer is looked at for, limits and flags, by wallets with few bookings and with very many: it must not cost more with the years."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from vps.cli.bench.filling import HUGE, SMALL, Filled
from vps.cli.bench.scratch import PURSE, give
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.ledger.actions import Booked
from vps.security.models import STANDARD
from vps.trust.models import DEFAULT, Level, body_of
from vps.wallets.actions import make_transfer
from vps.wallets.actions.planning import plan_among
from vps.wallets.models import Purse, locked_purses, purse
from vps.wallets.watching import WATCH, watch_inflow, watch_outflow

SENT = Money(2_00, "EUR")
OTHERS = 10
"""With so many partners each of the two has sent something to and fro: more than a flag about many needs."""
TIMES = WATCH.fan_looks // OTHERS + 1
"""How often: as much as any rule looks at."""
FAR = 10**6
"""Limits are so many times as high as usual, or the huge wallet would have passed them all."""


class Last(NamedTuple):
    """The newest transfer of somebody, whose check is repeated."""

    sender: int
    wallet: int
    account: int
    recipient: int
    other: int
    booked: Booked
    at: datetime


def checks(filled: Filled, now: datetime) -> dict[str, Callable[[], object]]:
    """The whole check of one transfer, by name, in the open database; both wallets send and receive before."""
    _widen(now)
    return {f"check_{name}": partial(check, _busy(person, filled, now)) for name, person in (("small", SMALL), ("huge", HUGE))}


@action
def check(last: Last) -> None:
    """What is asked before a transfer is booked, with both persons' wallets locked, and what is looked for after it, on both sides."""
    both = locked_purses(last.sender, last.recipient)
    planned = plan_among(both, last.sender, last.wallet, last.recipient, None, SENT, last.at)
    watch_outflow(last.sender, last.account, last.booked, planned.sent, motive="transfer", at=last.at)
    watch_inflow(last.recipient, last.other, last.booked, planned.arrives, motive="transfer", at=last.at)


@action
def _widen(now: datetime) -> None:
    run("INSERT INTO level_set (body, since) VALUES (?, ?)", body_of(tuple(_far(level) for level in DEFAULT)), micros(now))


def _far(level: Level) -> Level:
    rules = tuple(rule._replace(most=rule.most * FAR if rule.most else rule.most) for rule in level.rules)
    most = level.most_balance and level.most_balance * FAR
    return level._replace(
        security=((0, STANDARD),), rules=rules, most_balance=most, first_payee=level.first_payee and level.first_payee * FAR
    )


@action
def _busy(person: int, filled: Filled, now: datetime) -> Last:
    # Sends to others and gets from them, as often as any rule looks back; the last one is sent by him.
    give(person, PURSE, key=f"busy:{person}", at=now)
    made = 0
    for n in range(TIMES):
        for payer in filled.payers[:OTHERS]:
            _send(payer.person, person, n, now)
            made = _send(person, payer.person, n, now)
    key, debit_after, credit_after = one(BOOKED, made)
    mine, theirs = _wallet(person), _wallet(payer.person)
    return Last(person, mine.wallet, mine.account, payer.person, theirs.account, Booked(key, debit_after, credit_after, again=False), now)


def _send(sender: int, recipient: int, n: int, now: datetime) -> int:
    facts: dict[str, Any] = {"from_wallet": _wallet(sender).wallet, "to_wallet": None, "amount": SENT}
    return make_transfer(f"busy:{sender}:{recipient}:{n}", sender=sender, recipient=recipient, actor=Actor(sender), at=now, **facts)


def _wallet(person: int) -> Purse:
    found = purse(person, "EUR")
    assert found, "everybody in a filled house has one"
    return found


BOOKED = "SELECT b.id, b.debit_after, b.credit_after FROM transfer t JOIN booking b ON b.id = t.booking WHERE t.id = ?"
