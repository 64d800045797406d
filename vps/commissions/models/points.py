"""What a point was worth from when to when: append-only, the row that was written last and holds on a day counts."""

from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.clock import instant
from vps.kernel.database import rows


class PointValue(NamedTuple):
    """`nano` billionths of a major unit of the currency; `by` is empty for a command on the server."""

    id: int
    currency: str
    nano: int
    valid_from: date
    valid_to: date | None
    set_at: datetime
    by: str


def point_values(before: int | None, limit: int) -> list[PointValue]:
    """Every worth of a point there was, the one written last first."""
    return [
        PointValue(key, currency, nano, date.fromisoformat(begins), date.fromisoformat(ends) if ends else None, instant(at), by)
        for key, currency, nano, begins, ends, at, by in rows(VALUES, before if before is not None else 2**62, limit)
    ]


def values_on(day: date) -> dict[str, int]:
    """What counts on a day, by currency, in billionths."""
    return dict(rows(ON, day.isoformat(), day.isoformat()))


VALUES = (
    "SELECT v.id, v.currency, v.nano, v.valid_from, v.valid_to, v.set_at, coalesce(p.name, '') FROM point_rate v"
    " LEFT JOIN person p ON p.id = v.set_by WHERE v.id < ? ORDER BY v.id DESC LIMIT ?"
)
ON = (
    "SELECT currency, nano FROM point_rate WHERE id IN (SELECT max(id) FROM point_rate WHERE valid_from <= ?"
    " AND (valid_to IS NULL OR valid_to >= ?) GROUP BY currency)"
)
