"""What pages about level sets show: what a set changes, where it is looser than the law expects, and how many partners would be over it."""

from collections import Counter
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.hypermedia.languages import sentence
from vps.kernel.clock import instant
from vps.kernel.database import reading, rows
from vps.trust.models import DEFAULT, Level, LevelsUnreadable, levels_of
from vps.trust.models.changes import Change, changes, loosened, newest_set
from vps.trust.models.limits import BALANCE
from vps.wallets.models.beyond import look_over
from vps.wallets.trust_words import place, said

LOOKED_AT = 1000
"""Partners a page looks at; the command line looks at all."""


class Waits(NamedTuple):
    """A proposal as it stands in a list; `number` is empty for a level set."""

    key: int
    kind: str
    number: str
    name: str
    reason: str
    by: str
    at: datetime


def preview_facts(wanted: tuple[Level, ...], at: datetime) -> dict[str, Any]:
    """What a set changes against the one in force, and whom it would stop."""
    try:
        before = levels_of(newest_set()[1])
    except LevelsUnreadable:
        before = DEFAULT
    found, currency = changes(before, wanted), company().currency
    facts: dict[str, Any] = {
        "levels": wanted if len(wanted) >= len(before) else before,
        "changes": [said(each, currency) for each in found],
        "legal": [(rank, place(kind, window)) for rank, kind, window in loosened(wanted)],
        "over": [],
        "unknown": "",
        "looked_at": LOOKED_AT,
    }
    try:
        with reading():
            facts["over"] = over(found, wanted, at)
    except NoRate as refusal:
        facts["unknown"] = sentence(refusal)
    return facts


def over(found: list[Change], wanted: tuple[Level, ...], at: datetime) -> list[tuple[int, str, int]]:
    """Of the first partners how many are over a limit that is another one: level, what it is about, how many."""
    places = {(each.rank, "income" if each.what == "most_balance" else each.what, each.window or BALANCE) for each in found}
    beyond = chain.from_iterable(each for _, each in look_over(wanted, company().trust_start, at, most=LOOKED_AT))
    count = Counter(key for each in beyond if (key := (each.rank, each.kind, each.window)) in places)
    return [(rank, place(kind, window), n) for (rank, kind, window), n in sorted(count.items())]


def sides_of(after: str, before: str) -> dict[str, Any]:
    """What one document changes against another; a damaged one is said to be."""
    currency = company().currency
    try:
        left, right = levels_of(before), levels_of(after)
    except LevelsUnreadable as refusal:
        return {"changes": [], "levels": (), "damaged": sentence(refusal)}
    return {"changes": [said(each, currency) for each in changes(left, right)], "levels": max(left, right, key=len), "damaged": ""}


def waiting() -> list[Waits]:
    """What waits for a colleague."""
    return [Waits._make((*row, instant(at))) for *row, at in rows(WAITING)]


WAITING = (
    "SELECT t.id, t.kind, coalesce(p.number, ''), coalesce(p.name, ''), t.reason, b.name, t.asked_at FROM trust_proposal t"
    " LEFT JOIN person p ON p.id = t.person_id JOIN person b ON b.id = t.asked_by"
    " WHERE t.approved_at IS NULL AND t.ended_at IS NULL ORDER BY t.id LIMIT 100"
)
