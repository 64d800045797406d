"""Rows of a dossier in words: what people read on the page and on paper, where machines read codes."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from vps.home.discovery.asked import Asked
from vps.home.discovery.sections import Section
from vps.home.trail import VERBS
from vps.hypermedia.languages import Words
from vps.kernel.clock import instant
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.trust.words import OUTCOMES, RULES
from vps.wallets.words import why


class Spoken(NamedTuple):
    """A row: its key, and what each of its cells that are not empty is called and says."""

    key: int
    cells: list[tuple[str, str]]


class Shown(NamedTuple):
    """Some rows of a part, and the key after which there are more, None where there are none."""

    section: Section
    rows: list[Spoken]
    after: int | None


def some_rows(section: Section, asked: Asked, words: Words, zone: str, *, after: int = 0, most: int) -> Shown:
    """A page of a part, inside `reading()`."""
    found = [row for batch in section.rows(asked, after, most + 1) for row in batch]
    more = found[most - 1][0] if len(found) > most else None
    return Shown(section, [_spoken(section, row, words, zone) for row in found[:most]], more)


def _spoken(section: Section, row: tuple[Any, ...], words: Words, zone: str) -> Spoken:
    cells, said = row[1:], []
    for n, (_, name, kind) in enumerate(section.columns):
        if cells[n] in (None, "") or (kind == "currency" and n and section.columns[n - 1][2] == "money"):
            continue
        said.append((words.say(name), _cell(kind, cells, n, words, zone)))
    return Spoken(row[0], said)


def _cell(kind: str, cells: tuple[Any, ...], n: int, words: Words, zone: str) -> str:
    if kind == "at":
        return words.moment(instant(cells[n]), zone)
    if kind == "money":
        return words.money(Money(cells[n], cells[n + 1]))
    return SAID[kind](cells[n], words) if kind in SAID else str(cells[n])


SAID: dict[str, Callable[[Any, Words], str]] = {
    "day": lambda cell, words: words.day(date.fromisoformat(cell)),
    "verb": lambda cell, words: words.say(VERBS.get(cell, cell)),
    "motive": lambda cell, words: words.say(why(cell, reversed=False)),
    "order": lambda cell, _: order_number(cell),
    "rule": lambda cell, words: f"{cell} {words.say(RULES[cell])}",
    "outcome": lambda cell, words: words.say(OUTCOMES[cell]),
}
