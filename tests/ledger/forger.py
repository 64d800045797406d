"""Words for somebody who edits the books by hand, and for what the audit then says."""

from tests.cast import NOON
from tests.ledger.books import ZONE
from vps.kernel.clock import micros
from vps.kernel.database import database, one, run
from vps.ledger.models.audit import audit
from vps.ledger.models.seals import digest

FACTS = "key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor, debit_after, credit_after, reverses"


def problems(sql="", *values):
    """What the audit says after an edit, which is then taken back."""
    with database.atomic() as transaction:
        if sql:
            assert run(sql, *values).rowcount == 1
        found = list(audit(ZONE))
        transaction.rollback()
    return found


def named(found):
    return [(problem.check, problem.facts) for problem in found]


def edits(table, where, *, but=()):
    """(column, another value that the database would take) for every column of one row."""
    columns = [field.column_name for field in table._meta.sorted_fields if field.column_name not in but]
    values = one(f"SELECT {', '.join(columns)} FROM {table._meta.table_name} WHERE {where}")
    for column, value in zip(columns, values, strict=True):
        yield column, OTHER.get(column, another)(value)


def another(value):
    if isinstance(value, int | None):
        return (value or 0) + 40
    return value + "x" if isinstance(value, str) else bytes([value[0] ^ 1]) + bytes(value[1:])


OTHER = {
    "motive": lambda _: "exchange",
    "currency": lambda _: "USD",
    "value_date": lambda _: "2026-11-21",
    "month": lambda _: "2026-10",
    "side": lambda value: "credit" if value == "debit" else "debit",
    "chain": lambda value: "event" if value == "booking" else "booking",
    "previous": lambda value: value - 40,
}


def forged(books, **facts):
    """A booking put in by hand, with a good digest."""
    row = {"key": "forged", "voucher_id": books.paper, "motive": "purchase", "debit_id": books.anna, "credit_id": books.purchases, "amount": 1,
           "currency": "EUR", "booked_at": micros(NOON), "value_date": "2026-11-20", "actor": None, "debit_after": None, "credit_after": None,
           "reverses": None, **facts}  # fmt: skip
    return f"INSERT INTO booking ({FACTS}, digest) VALUES ({', '.join('?' * 14)})", *row.values(), digest(*row.values())
