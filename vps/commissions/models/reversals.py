"""What was taken back of commission lines when their orders were refunded: exactly in proportion, down to the cent, for everybody."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import SQL, BigIntegerField, Check, CompositeKey, IntegerField, TextField

from vps.commissions.models.rows import Run
from vps.kernel.database import one, rows
from vps.kernel.rows import Row, currency_field, key_to
from vps.orders.models.refunds import OrderRefund


class Reversal(Row):
    """The part of one line that went back with one refund. `booking` is missing where the line's share was never booked."""

    id = None
    refund = key_to(OrderRefund)
    run = key_to(Run)
    payee = BigIntegerField()
    order_id = BigIntegerField()
    n = IntegerField()
    kind = TextField()
    currency = currency_field()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    booking = BigIntegerField(null=True)

    class Meta:
        table_name = "commission_reversal"
        primary_key = CompositeKey("refund", "run", "payee", "n")
        without_rowid = True
        immutable = True
        indexes = ((("run", "order_id"), False),)
        constraints = (SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),)


class Going(NamedTuple):
    """What goes back of one line now."""

    payee: int
    n: int
    kind: str
    currency: str
    minor: int


class Credited(NamedTuple):
    """The run that credited an order's commissions, what the order still came to in it, and the day on which they were to be free."""

    run: Run
    refunded: int
    left: int
    free_on: str | None


def credited_for(order: int) -> Credited | None:
    """The booked run with this order's commissions; none for an order that another system credited."""
    row = one(RUN_OF, order)
    return Credited(Run.get_by_id(row[0]), row[1], row[2] - row[1], row[3]) if row else None


def going_back(found: Credited, order: int, refunded: int) -> list[Going]:
    """What goes back of every line once `refunded` minor units of the order have been refunded in all.

    Each line's part is worked out from all refunds together, so that the last one takes exactly what is left: whole refunds leave
    nothing, in whatever parts they come.
    """
    gone, whole = refunded - found.refunded, found.left
    before = {(payee, n): minor for payee, n, minor in rows(BEFORE, found.run.id, order)}
    payees = payees_of_order(found.run.id, order)
    if not payees:
        return []
    marks = ", ".join("?" * len(payees))
    places = _places(found.run, payees)
    going = []
    for payee, n, bonus, minor in rows(LINES.format(marks), found.run.id, order, *payees):
        back = part_of(minor, gone, whole) - before.get((payee, n), 0)
        if back > 0:
            going.append(Going(payee, n, *places[payee, bonus], back))
    return going


def part_of(minor: int, gone: int, whole: int) -> int:
    """What goes with `gone` of `whole`, rounded half up; all of it with the whole."""
    return (2 * minor * gone + whole) // (2 * whole)


def payees_of_order(run: int, order: int) -> list[int]:
    """Whom an order brought lines in a run, ascending."""
    (known,) = one("SELECT payees FROM commission_run_order WHERE run_id = ? AND order_id = ?", run, order)
    if known is not None:
        return [int(payee) for payee in known.split()]
    return [
        payee
        for (payee,) in rows("SELECT DISTINCT payee FROM commission_line WHERE run_id = ? AND order_id = ? ORDER BY payee", run, order)
    ]


def _places(this: Run, payees: Sequence[int]) -> dict[tuple[int, int], tuple[str, str]]:
    # Into which wallet each rule paid each partner: where its kind had ended, the main one got it.
    rules = this.plan.rules.bonuses if this.plan_id else ()
    kinds: dict[tuple[int, str], Sequence[str]] = {}
    for payee, kind, currency in rows(SHARES.format(", ".join("?" * len(payees))), this.id, *payees):
        kinds[payee, currency] = (*kinds.get((payee, currency), ()), kind)
    found = {}
    for (payee, currency), there in kinds.items():
        for place, bonus in enumerate(rules):
            if bonus.currency == currency:
                found[payee, place] = (bonus.wallet if bonus.wallet in there else "main", currency)
    return found


RUN_OF = (
    "SELECT t.run_id, t.refunded, t.total, t.free_on FROM commission_run_order t JOIN commission_run r ON r.id = t.run_id"
    " AND r.booked_at IS NOT NULL WHERE t.order_id = ?"
)
LINES = "SELECT payee, n, bonus, amount FROM commission_line WHERE run_id = ? AND order_id = ? AND payee IN ({}) ORDER BY payee, n"
BEFORE = "SELECT payee, n, CAST(sum(amount) AS bigint) FROM commission_reversal WHERE run_id = ? AND order_id = ? GROUP BY payee, n"
SHARES = "SELECT payee, kind, currency FROM commission_share WHERE run_id = ? AND payee IN ({})"
