"""Statements of a partner's wallets as people look through them: by motive, day, amount, and by text.

The ledger compares the first three inside its own index; text is folded as names are searched for, and compared line by line within
the wallets' own lines, a stretch of them at most for one page.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from vps.kernel.database import rows
from vps.kernel.text import fold, short_name
from vps.ledger.models import START, Line, Looked, statement

CHUNK = 2_000
STRETCH = 10_000
"""Lines that one page looks through at most for a text."""
Place = tuple[int, int]


class Own(NamedTuple):
    """A wallet, open or closed, as statements need it."""

    id: int
    account: int
    currency: str
    kind: str
    name: str
    closed: bool


class Sought(NamedTuple):
    """What is looked for; what is empty does not matter. Amounts without a sign, in minor units by currency."""

    motive: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: dict[str, int] | None = None
    most: dict[str, int] | None = None
    text: str = ""

    def within(self, currency: str) -> Looked:
        """What of it the ledger compares in accounts of a currency."""
        least, most = ((each or {}).get(currency) for each in (self.least, self.most))
        return Looked(self.motive, self.since, self.until, least, most)


NOTHING = Sought()


def wallets_of(person: int) -> list[Own]:
    """All wallets of a person, open ones first, main ones before others."""
    return [Own._make((*own, ended is not None)) for *own, ended in rows(OF, person)]


def search(wallets: Sequence[Own], sought: Sought = NOTHING, *, before: Place | None = None, limit: int) -> tuple[list[Line], Place | None]:
    """Up to `limit` lines that were looked for, newest first; and the place to go on from, None when there is no more.

    With a text a page may hold few lines, or none, and still not be the last: it looks through a stretch at most.
    """
    accounts, place = [(each.account, sought.within(each.currency)) for each in wallets], before or START
    wanted, hits, looked = fold(sought.text).split(), [], 0
    if not wanted:
        found = statement(accounts, before=place, limit=limit + 1)
        return found[:limit], found[limit - 1].place if len(found) > limit else None
    while looked < STRETCH:
        chunk = statement(accounts, before=place, limit=CHUNK)
        names = others(chunk)
        hits += [line for line in chunk if _says(line, names.get(line.id, ""), wanted)]
        if len(hits) > limit:
            return hits[:limit], hits[limit - 1].place
        if len(chunk) < CHUNK:
            return hits, None
        place, looked = chunk[-1].place, looked + CHUNK
    return hits, place


def everything(wallets: Sequence[Own], sought: Sought) -> Iterator[tuple[Line, str]]:
    """All lines that were looked for, newest first, each with who is on the other side; read in pieces."""
    before: Place | None = START
    while before:
        found, before = search(wallets, sought, before=before, limit=CHUNK // 2)
        names = others(found)
        yield from ((line, names.get(line.id, "")) for line in found)


def others(lines: Sequence[Line]) -> dict[int, str]:
    """Who is on the other side of transfers, by booking, as others may see him: "Petra M., 20471". One question for all lines."""
    refs = {line.voucher_ref for line in lines if line.voucher_kind == "transfer"}
    if not refs:
        return {}
    found = {row[0]: row[1:] for row in rows(BOTH.format(", ".join("?" * len(refs))), *refs)}
    sides = {line.id: (found.get(line.voucher_ref), line.amount.minor > 0) for line in lines if line.voucher_kind == "transfer"}
    return {key: _named(*(both[:2] if came_in else both[2:])) for key, (both, came_in) in sides.items() if both}


def _named(name: str | None, number: str | None) -> str:
    return f"{short_name(name)}, {number}" if name and number else ""


def _says(line: Line, other: str, wanted: Sequence[str]) -> bool:
    said = fold(f"{line.id} {line.voucher_ref} {line.voucher_text} {other}")
    return all(word in said for word in wanted)


OF = (
    "SELECT id, account_id, currency, kind, name, closed_at FROM wallet WHERE person_id = ?"
    " ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, CASE WHEN kind = 'main' THEN 0 ELSE 1 END, id"
)
BOTH = (
    "SELECT t.key, s.name, s.number, r.name, r.number FROM transfer t LEFT JOIN person s ON s.id = t.sender_id"
    " LEFT JOIN person r ON r.id = t.recipient_id WHERE t.key IN ({})"
)
