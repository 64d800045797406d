"""What a dossier says of commissions: what its partner got of each run, line by line, by hand, and his commission notes.

The keys of these rows are made of several columns, so they are paged by their place: they stand by runs, and new ones come at the end.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from vps.commissions.lines_file import based, percent
from vps.commissions.models.earned import rules
from vps.home.discovery.asked import Asked, streamed
from vps.home.discovery.statements import ASKED

Rows = Callable[[Asked, int, int], Iterator[list[Any]]]


def notes(asked: Asked) -> Iterator[tuple[str, bytes]]:
    """Everything that stands on his notes, as it was issued."""
    for batch in streamed(f"{ASKED} {PRINTED}", *_values(asked)):
        yield from ((f"{number}.json", facts.encode()) for number, facts in batch)


def _by_place(statement: str, shown: Callable[[Any], tuple[Any, ...]] = tuple) -> Rows:
    def found(asked: Asked, after: int, limit: int) -> Iterator[list[Any]]:
        place = after
        for batch in streamed(f"{ASKED} {statement} LIMIT ? OFFSET ?", *_values(asked), limit, after):
            yield [(n, *shown(row)) for n, row in enumerate(batch, place + 1)]
            place += len(batch)

    return found


def _values(asked: Asked) -> tuple[object, ...]:
    return asked.person, f"person:{asked.person}", asked.email, asked.since, asked.until, 0


def _share(row: Any) -> tuple[Any, ...]:
    run, kind, since, until, *further = row
    last = date.fromisoformat(until) - timedelta(days=1) if until else None
    return run, kind, since, last and last.isoformat(), *further


def _line(row: Any) -> tuple[Any, ...]:
    run, version, booked_at, order, n, plan, place, level, via, base, rate, amount = row
    bonus = rules(plan).bonuses[place]
    facts = bonus.name, bonus.kind, level, via, *based(bonus, base), percent(rate)
    return run, version, booked_at, order, n, *facts, amount, bonus.currency, bonus.wallet


SHARES = (
    "SELECT r.id, r.kind, r.since, r.until, r.booked_at, s.kind, s.amount, s.currency, s.lines, s.held FROM asked"
    " JOIN commission_share s ON s.payee = asked.person JOIN commission_run r ON r.id = s.run_id"
    " WHERE r.booked_at >= asked.since AND r.booked_at < asked.until ORDER BY s.run_id, s.kind, s.currency"
)
# CROSS: SQLite goes run by run through the key of lines; in its own order it would read everybody's.
LINES = (
    "SELECT r.id, p.version, r.booked_at, l.order_id, l.n, p.id, l.bonus, l.level, coalesce(v.number, ''), l.base, l.rate, l.amount"
    " FROM asked CROSS JOIN commission_run r CROSS JOIN commission_line l JOIN commission_plan p ON p.id = r.plan_id"
    " LEFT JOIN person v ON v.id = l.via WHERE l.run_id = r.id AND l.payee = asked.person"
    " AND r.booked_at >= asked.since AND r.booked_at < asked.until ORDER BY r.id, l.order_id, l.n"
)
PROVISIONS = (
    "SELECT r.id, m.n, r.drafted_at, coalesce(d.name, ''), m.kind, m.amount, m.currency, m.text, r.booked_at, s.held, r.discarded_at,"
    " r.reason, b.approved_at, coalesce(b.reason, '') FROM asked JOIN manual_provision m ON m.person_id = asked.person"
    " JOIN commission_run r ON r.id = m.run_id JOIN commission_share s ON s.run_id = m.run_id AND s.payee = m.person_id"
    " AND s.kind = m.kind AND s.currency = m.currency LEFT JOIN person d ON d.id = r.drafted_by"
    " LEFT JOIN manual_provision_back b ON b.run_id = m.run_id AND b.person_id = m.person_id AND b.kind = m.kind"
    " AND b.currency = m.currency AND b.reversal IS NOT NULL"
    " WHERE r.drafted_at >= asked.since AND r.drafted_at < asked.until ORDER BY m.run_id, m.n"
)
_NOTES = (
    "FROM asked JOIN commission_note n ON n.payee_id = asked.person LEFT JOIN commission_note f ON f.id = n.corrects_id"
    " WHERE n.id > asked.after AND n.issued_at >= asked.since AND n.issued_at < asked.until ORDER BY n.id"
)
NOTES = (
    "SELECT n.id, n.number, n.run_id, n.issued_at, coalesce(f.number, ''), n.credited, n.currency, n.tax, n.currency, n.total, n.currency,"
    f" n.withheld, n.currency {_NOTES}"
)
PRINTED = f"SELECT n.number, n.facts {_NOTES}"
shares, lines, provisions = _by_place(SHARES, _share), _by_place(LINES, _line), _by_place(PROVISIONS)
