"""Versions of the plan, and which of them counts from when on: what is in force, what is proposed, and up to which day has been calculated."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.commissions.models.rows import Plan
from vps.kernel.clock import instant
from vps.kernel.database import one, rows


class Version(NamedTuple):
    """One version of the plan; `by` is who wrote it, empty for a command on the server."""

    version: int
    note: str
    made_at: datetime
    by: str


class Force(NamedTuple):
    """A version that is to count from a day on. Names are empty for a command on the server; `alone` stays visible for ever."""

    id: int
    version: int
    since: date
    alone: bool
    proposed_at: datetime
    proposer: int | None
    proposed_by: str
    agreed_at: datetime | None
    agreed_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str

    @property
    def waits(self) -> bool:
        """Whether somebody else must still agree to it."""
        return self.agreed_at is None and self.withdrawn_at is None


def versions(before: int | None, limit: int) -> list[Version]:
    """Versions from the newest on."""
    found = rows(VERSIONS, before if before is not None else 2**31 - 1, limit)
    return [Version(version, note, instant(made), by) for version, note, made, by in found]


def version_of(version: int) -> Plan | None:
    """One version with its document."""
    found: Plan | None = Plan.get_or_none(Plan.version == version)
    return found


def newest_plan() -> Plan | None:
    """The version written last."""
    found: Plan | None = Plan.select().order_by(Plan.version.desc()).first()
    return found


def forces(limit: int) -> list[Force]:
    """What is in force, was, will be, or is proposed: the latest day first."""
    return _forces(rows(FORCES.format("1 = 1"), limit))


def forces_of(plan: int, limit: int = 50) -> list[Force]:
    """The same of one version."""
    return _forces(rows(FORCES.format("f.plan_id = ?"), plan, limit))


def counting(day: date) -> int | None:
    """The key of what is in force on a day."""
    row = one(COUNTING, day.isoformat())
    return int(row[0]) if row else None


def calculated_until() -> date | None:
    """The day after the newest period that was, or is being, calculated; a plan cannot begin before it any more."""
    (found,) = one(CALCULATED)
    return date.fromisoformat(found) if found else None


def _forces(found: Sequence[Any]) -> list[Force]:
    return [
        Force(
            key,
            version,
            date.fromisoformat(since),
            bool(alone),
            instant(proposed),
            proposer,
            proposed_by,
            None if agreed is None else instant(agreed),
            agreed_by,
            None if withdrawn is None else instant(withdrawn),
            withdrawn_by,
        )
        for key, version, since, alone, proposed, proposer, proposed_by, agreed, agreed_by, withdrawn, withdrawn_by in found
    ]


VERSIONS = (
    "SELECT v.version, v.note, v.made_at, coalesce(p.name, '') FROM commission_plan v LEFT JOIN person p ON p.id = v.made_by"
    " WHERE v.version < ? ORDER BY v.version DESC LIMIT ?"
)
COUNTING = "SELECT id FROM commission_plan_force WHERE agreed_at IS NOT NULL AND since <= ? ORDER BY since DESC, id DESC LIMIT 1"
FORCES = (
    "SELECT f.id, v.version, f.since, f.alone, f.proposed_at, f.proposed_by, coalesce(x.name, ''), f.agreed_at, coalesce(y.name, ''),"
    " f.withdrawn_at, coalesce(z.name, '') FROM commission_plan_force f JOIN commission_plan v ON v.id = f.plan_id"
    " LEFT JOIN person x ON x.id = f.proposed_by LEFT JOIN person y ON y.id = f.agreed_by LEFT JOIN person z ON z.id = f.withdrawn_by"
    " WHERE {} ORDER BY f.since DESC, f.id DESC LIMIT ?"
)
CALCULATED = "SELECT max(until) FROM commission_run WHERE kind = 'period' AND discarded_at IS NULL"
