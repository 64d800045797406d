"""The customer had paid in cash: the partner, who has the money in his wallet again, returns it to her and shows her receipt."""

from datetime import date, datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, instant, micros
from vps.kernel.database import action, one
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_name, clean_text
from vps.ledger.actions import record
from vps.wallets.actions import NoReason, must_be_nobody_of


class ReturnedAlready(Refused):
    says = N_("It is written down already that this money was returned.")
    status = 409


class NotThatReturnDay(Refused):
    says = N_("The day cannot lie before the refund or in the future.")
    field = "day"


@action
def return_cash(refund: int, *, partner: int, day: date, signed: str, receipt: str = "", actor: Actor, at: datetime) -> None:
    """The customer has the cash again: on this day, with this name under the receipt. Twice is once.

    Raises NotFound, ReturnedAlready, NotThatReturnDay, NoName, and what cleaning raises.
    """
    row = one("SELECT made_at, done_on, signed FROM order_refund WHERE id = ? AND partner_id = ? AND way = 'cash'", refund, partner)
    if row is None:
        raise NotFound
    name, number, zone = clean_name(signed), clean_text(receipt, most=40), company().zone
    if not day_in(instant(row[0]), zone) <= day <= day_in(at, zone):
        raise NotThatReturnDay
    done = one(RETURNED, micros(at), actor.person, day.isoformat(), name, number, refund)
    if done:
        _record(actor, "cash returned", done, name, at)
    elif row[1:] != (day.isoformat(), name):
        raise ReturnedAlready


@action
def close_return(refund: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """The office closes the task without the customer's receipt, and says why. Raises NotFound, ReturnedAlready, NoReason, NotYourOwn."""
    row, why = one("SELECT partner_id FROM order_refund WHERE id = ? AND way = 'cash'", refund), clean_text(reason, most=200)
    if row is None:
        raise NotFound
    must_be_nobody_of(actor, row[0])
    if not why:
        raise NoReason
    done = one(CLOSED, micros(at), actor.person, why, refund)
    if not done:
        raise ReturnedAlready
    _record(actor, "return of cash closed", done, why, at)


def _record(actor: Actor, verb: str, done: tuple[int, int, str], said: str, at: datetime) -> None:
    order, minor, currency = done
    record(actor, verb, f"order:{order_number(order)}", at=at, after=f"{Money(minor, currency)} {said}")


RETURNED = (
    "UPDATE order_refund SET done_at = ?, done_by = ?, done_on = ?, signed = ?, receipt = ? WHERE id = ? AND done_at IS NULL"
    " RETURNING order_id, amount, currency"
)
CLOSED = (
    "UPDATE order_refund SET done_at = ?, done_by = ?, closed_why = ? WHERE id = ? AND done_at IS NULL RETURNING order_id, amount, currency"
)
