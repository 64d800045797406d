"""What a new level set changes, and where it allows more than the law expects of a company that does not know its partners yet."""

from datetime import datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.clock import instant
from vps.kernel.database import one, rows
from vps.trust.models.levels import DEFAULT, KINDS, WINDOWS, Level, Rule, body_of


class Change(NamedTuple):
    """One fact of a level that is another one. `what` is the fact's name or a rule's kind, `window` is empty where it is no rule."""

    rank: int
    what: str
    window: str
    before: object
    after: object


class Version(NamedTuple):
    """One version of the level set; `by` is who put it into force, empty for a command on the server."""

    id: int
    since: datetime
    by: str


FACTS = ("names", "requires", "days", "most_balance", "gaps", "first_payee", "security")
LEGAL = ((0, "balance", ""), (0, "purchase", "each"), (0, "purchase", "month"), (0, "transfer", "each"), (0, "top-up", "month"),
         (0, "received", "month"), (0, "pay-out", "each"), (1, "income", "year"))  # fmt: skip
"""Limits of the default set that stand in the law: AMLD5 Art 12, and identity before 2,500 a year. SECURITY, trust levels, in bold."""


def changes(before: tuple[Level, ...], after: tuple[Level, ...]) -> list[Change]:
    """Everything that differs, level by level. Of a level that is new or gone, all that it says."""
    found = []
    for rank in range(max(len(before), len(after))):
        was, now = (levels[rank] if rank < len(levels) else None for levels in (before, after))
        for what in FACTS:
            left, right = (getattr(level, what) if level else None for level in (was, now))
            if left != right:
                found.append(Change(rank, what, "", left, right))
        for kind in KINDS:
            for window in WINDOWS:
                rules = [_rule(level, kind, window) for level in (was, now)]
                if rules[0] != rules[1]:
                    found.append(Change(rank, kind, window, *rules))
    return found


def loosened(wanted: tuple[Level, ...]) -> list[tuple[int, str, str]]:
    """Where these levels allow more than the limits that stand in the law: rank, kind (or "balance"), window."""
    return [place for place in LEGAL if place[0] < len(wanted) and _most(wanted, *place) > _most(DEFAULT, *place)]


def newest_set() -> tuple[int, str]:
    """The version in force and its document; 0 and the default set where the company has written none."""
    found = one("SELECT id, body FROM level_set ORDER BY id DESC LIMIT 1")
    return (found[0], found[1]) if found else (0, body_of(DEFAULT))


def document_of(version: int) -> str | None:
    """The document of a version; the default set is version 0."""
    found = one("SELECT body FROM level_set WHERE id = ?", version)
    return found[0] if found else body_of(DEFAULT) if version == 0 else None


def versions(before: int | None, limit: int) -> list[Version]:
    """Versions from the newest on."""
    return [Version(key, instant(since), by) for key, since, by in rows(VERSIONS, before if before is not None else 2**62, limit)]


def partners_at_or_above(rank: int) -> int:
    """How many partners have this level or a higher one."""
    return int(one(AT_OR_ABOVE, company().trust_start, rank)[0])


def _rule(level: Level | None, kind: str, window: str) -> Rule | None:
    return next((rule for rule in level.rules if (rule.kind, rule.window) == (kind, window)), None) if level else None


def _most(levels: tuple[Level, ...], rank: int, kind: str, window: str) -> float:
    if kind == "balance":
        most = levels[rank].most_balance
    else:
        rule = _rule(levels[rank], kind, window)
        most = rule.most if rule else None
    return float("inf") if most is None else most


VERSIONS = "SELECT s.id, s.since, coalesce(p.name, '') FROM level_set s LEFT JOIN person p ON p.id = s.\"by\" WHERE s.id < ? ORDER BY s.id DESC LIMIT ?"
AT_OR_ABOVE = (
    "SELECT count(*) FROM person p WHERE p.number IS NOT NULL AND coalesce("
    "(SELECT t.level FROM trust_level t WHERE t.person_id = p.id ORDER BY t.id DESC LIMIT 1), ?) >= ?"
)
