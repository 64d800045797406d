"""Payment requests: a partner asks another one, or whoever is shown a code. Its state follows from dated facts and the time."""

from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from peewee import SQL, BigIntegerField, Check, TextField

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.kernel.rows import Instant, Row, currency_field, key_to
from vps.people.models import Person
from vps.wallets.models.rows import Transfer


class State(Enum):
    """What became of a request, in words and as a colour."""

    OPEN = N_("Open")
    PAID = N_("Paid")
    DENIED = N_("Denied")
    EXPIRED = N_("Expired")
    WITHDRAWN = N_("Withdrawn")

    @property
    def css(self) -> str:
        return {"OPEN": "yellow", "PAID": "green"}.get(self.name, "off")


class PaymentRequest(Row):
    """What a partner asks another one to pay him; without a payer, anybody who has its code. It is paid once or not at all."""

    key = TextField(unique=True)
    """The key of the form that made it: sent twice, it makes one."""
    asker = key_to(Person)
    asker_id: int
    payer = key_to(Person, null=True)
    payer_id: int | None
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    message = TextField(default="")
    asked_at = Instant()
    expires_at = Instant()
    paid_at = Instant(null=True)
    transfer = key_to(Transfer, null=True, unique=True)
    denied_at = Instant(null=True)
    withdrawn_at = Instant(null=True)

    class Meta:
        table_name = "payment_request"
        immutable = ("id", "key", "asker_id", "payer_id", "amount", "currency", "message", "asked_at", "expires_at")
        constraints = (
            Check("asker_id <> payer_id"),
            Check("expires_at > asked_at"),
            Check("(paid_at IS NULL) = (transfer_id IS NULL)"),
            Check("denied_at IS NULL OR payer_id IS NOT NULL"),
            Check("paid_at IS NULL OR denied_at IS NULL"),
            Check("withdrawn_at IS NULL OR paid_at IS NULL AND denied_at IS NULL"),
        )


PaymentRequest.add_index(PaymentRequest.asker, PaymentRequest.id, name="payment_request_asker")
PaymentRequest.add_index(PaymentRequest.payer, PaymentRequest.id, where=SQL("payer_id IS NOT NULL"), name="payment_request_payer")


class Asking(NamedTuple):
    """A request as its two sides see it."""

    id: int
    asker: int
    asker_name: str
    asker_number: str
    payer: int | None
    payer_name: str
    payer_number: str
    amount: Money
    message: str
    asked_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    transfer: int | None
    denied_at: datetime | None
    withdrawn_at: datetime | None

    def state(self, now: datetime) -> State:
        """What became of it by now; it expires by the passing of time."""
        ended = ((self.paid_at, State.PAID), (self.denied_at, State.DENIED), (self.withdrawn_at, State.WITHDRAWN))
        for at, state in ended:
            if at:
                return state
        return State.OPEN if now < self.expires_at else State.EXPIRED


def asking(key: int) -> Asking | None:
    """One request, whoever looks: the page decides who may."""
    row = one(ONE, key)
    return _asking(row) if row else None


def askings(person: int, *, before: int | None = None, limit: int = 25) -> list[Asking]:
    """The requests a person made or was sent, newest first, older than `before`."""
    top = 2**62 if before is None else before
    return [_asking(row) for row in rows(PAGE, person, top, limit, person, top, limit, limit)]


def asked_of(person: int, at: datetime, *, most: int = 3) -> list[Asking]:
    """The newest requests that wait for this person."""
    return [_asking(row) for row in rows(WAITING, person, micros(at), most)]


def _asking(row: Any) -> Asking:
    *who, minor, currency, message, asked, expires, paid, transfer, denied, withdrawn = row
    paid_at, denied_at, withdrawn_at = (None if at is None else instant(at) for at in (paid, denied, withdrawn))
    return Asking._make(
        (*who, Money(minor, currency), message, instant(asked), instant(expires), paid_at, transfer, denied_at, withdrawn_at)
    )


_WHAT = (
    "SELECT r.id, r.asker_id, a.name, a.number, r.payer_id, coalesce(p.name, ''), coalesce(p.number, ''), r.amount, r.currency, r.message,"
    " r.asked_at, r.expires_at, r.paid_at, r.transfer_id, r.denied_at, r.withdrawn_at FROM payment_request r"
    " JOIN person a ON a.id = r.asker_id LEFT JOIN person p ON p.id = r.payer_id"
)
ONE = f"{_WHAT} WHERE r.id = ?"
PAGE = (
    f"{_WHAT} WHERE r.id IN (SELECT id FROM (SELECT id FROM payment_request WHERE asker_id = ? AND id < ? ORDER BY id DESC LIMIT ?) AS made"
    " UNION ALL SELECT id FROM (SELECT id FROM payment_request WHERE payer_id = ? AND id < ? ORDER BY id DESC LIMIT ?) AS sent)"
    " ORDER BY r.id DESC LIMIT ?"
)
WAITING = (
    f"{_WHAT} WHERE r.payer_id = ? AND r.paid_at IS NULL AND r.denied_at IS NULL AND r.withdrawn_at IS NULL AND r.expires_at > ?"
    " ORDER BY r.id DESC LIMIT ?"
)
