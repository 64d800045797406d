"""Presses of Pay Now: an order, who pays it, and the code that his app shows at that moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from vps.cli.bench.scratch import LEGAL_NAME, PRICE, Payer, add_orders
from vps.kernel.authorisation import Actor
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.orders.actions import KIND, pay_now
from vps.security.actions import confirm, snapshot
from vps.security.models import APP, Ask

STEP = timedelta(seconds=30)
"""The clock of a measurement moves on by one step of the apps after everybody has paid once, so no code comes too soon."""
SWEEPS = 5
"""How often everybody pays until new orders are entered."""


class Press(NamedTuple):
    """One Pay Now."""

    order: int
    person: int
    code: str
    at: datetime


def presses(payers: list[Payer], started: datetime) -> Iterator[Press]:
    """Payments by all partners in turn, without end, each of a new red order."""
    while True:
        yield from several(SWEEPS * len(payers), payers, started)
        started += STEP * SWEEPS


def several(count: int, payers: list[Payer], started: datetime) -> list[Press]:
    """So many payments by all partners in turn, their orders entered now."""
    found = []
    for n, order in enumerate(add_orders(count, payers, at=started)):
        payer, at = payers[n % len(payers)], started + STEP * (n // len(payers))
        found.append(Press(order, payer.person, payer.app.at(at), at))
    return found


def press(given: Press) -> int:
    """The whole of it: what the dialog showed, the code checked, the order paid. Answers the payment's id."""
    shown = snapshot(KIND, order_number(given.order), amount=Money(PRICE, "EUR"), payee=LEGAL_NAME, ask=Ask(APP), at=given.at)
    authorisation = confirm(shown, code=given.code, actor=Actor(given.person, "192.0.2.1"), at=given.at)
    return pay_now(given.order, authorisation=authorisation, at=given.at)
