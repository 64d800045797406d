"""One proposal of manual provisions: what its page shows, and exactly what a code is given for."""

import json
from datetime import datetime
from typing import NamedTuple

from vps.commissions.models.manual import BATCH
from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.security.models import batch_digest

MOST_NAMED = 25
"""Partners who left that are named one by one."""


class Shown(NamedTuple):
    """A proposal: everything that its page shows, and that a code is given for."""

    id: int
    name: str
    """Of the file; empty for what was typed."""
    lines: int
    partners: int
    total: Money
    sums: tuple[Money, ...]
    lines_digest: str
    left: tuple[str, ...]
    """Numbers of partners whose accounts were closed meanwhile: theirs is not booked."""
    drafted_by: int | None
    drafted_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    approved_by: int | None
    approved_at: datetime | None
    booked_at: datetime | None
    done: int
    """Bookings that are written, while it is being booked."""
    discarded_by: int | None
    discarded_at: datetime | None
    reason: str
    names: dict[int, str]
    """Of the colleagues above."""

    @property
    def makers(self) -> set[int]:
        """Who brought it: they do not approve it."""
        return {person for person in (self.drafted_by, self.confirmed_by) if person is not None}

    @property
    def waits(self) -> bool:
        return self.approved_at is None and self.discarded_at is None

    @property
    def being_booked(self) -> bool:
        """Whether the worker is at it, or will be."""
        return self.approved_at is not None and self.booked_at is None

    @property
    def withdrawn(self) -> bool:
        """Whether it was given up by one of those who brought it."""
        return self.discarded_at is not None and self.discarded_by in self.makers

    def decided(self, step: int) -> bool:
        """Whether the first code (1) or a colleague's (2) was given."""
        return (self.confirmed_by if step == 1 else self.approved_at) is not None

    def subject(self, step: int) -> str:
        return f"{self.id}:{step}"

    @property
    def content(self) -> str:
        """The canonical text of everything that is shown."""
        return json.dumps([self.lines_digest, self.partners, [str(money) for money in self.sums], self.left])

    def digest(self, step: int) -> str:
        """In hex, as a form carries it."""
        return batch_digest(BATCH, self.subject(step), self.lines, self.total.minor, self.total.currency, self.content).hex()

    def confirmed(self, person: int | None, at: datetime) -> str:
        """What is kept about it once it was confirmed."""
        return json.dumps({"name": self.name, "confirmed_by": person, "confirmed_at": micros(at)})


def shown_of(key: int) -> Shown | None:
    """A proposal, or None where there is none with this number."""
    row = one(ONE, key)
    if row is None:
        return None
    facts, sums = json.loads(row[0]), sums_of(key)
    confirmed_by, drafted_by, approved_by, discarded_by = facts.get("confirmed_by"), row[5], row[7], row[10]
    return Shown(
        key,
        facts["name"],
        row[1],
        row[2],
        next((money for money in sums if money.currency == row[3]), Money.zero(row[3])),
        sums,
        row[4],
        tuple(number for (number,) in rows(LEFT, key, MOST_NAMED)) if not row[9] else (),
        drafted_by,
        instant(row[6]),
        confirmed_by,
        instant(facts["confirmed_at"]) if confirmed_by else None,
        approved_by,
        instant(row[8]) if row[8] else None,
        instant(row[9]) if row[9] else None,
        row[13],
        discarded_by,
        instant(row[11]) if row[11] else None,
        row[12],
        _names(confirmed_by, drafted_by, approved_by, discarded_by),
    )


def sums_of(key: int) -> tuple[Money, ...]:
    """What a proposal comes to, in each currency."""
    return tuple(Money(minor, currency) for currency, minor in rows(SUMS, key))


def _names(*people: int | None) -> dict[int, str]:
    ids = sorted({person for person in people if person is not None})
    return dict(rows(f"SELECT id, name FROM person WHERE id IN ({', '.join('?' * len(ids))})", *ids)) if ids else {}


ONE = (
    "SELECT facts, lines, partners, currency, lines_digest, drafted_by, drafted_at, approved_by, approved_at, booked_at, discarded_by,"
    " discarded_at, reason, done FROM commission_run WHERE id = ? AND kind = 'manual'"
)
SUMS = "SELECT currency, CAST(sum(amount) AS bigint) FROM commission_share WHERE run_id = ? GROUP BY currency ORDER BY currency"
LEFT = (
    "SELECT p.number FROM commission_share s JOIN person p ON p.id = s.payee WHERE s.run_id = ? AND p.closed_at IS NOT NULL"
    " GROUP BY p.id, p.number ORDER BY p.id LIMIT ?"
)
