"""A dossier on paper: facts for the typesetter. What does not fit on it is in the archive, and the paper says so."""

from typing import Any

from vps.home.discovery.archive import TITLE, About, heading, pictures
from vps.home.discovery.asked import Asked
from vps.home.discovery.flows import Traced
from vps.home.discovery.picture import draw
from vps.home.discovery.sections import SECTIONS
from vps.home.discovery.speaking import Shown, some_rows
from vps.home.discovery.words import CAVEAT, EXPLAINED, METHODS, REACH, STOPPED
from vps.hypermedia.languages import Words
from vps.kernel.database import reading
from vps.kernel.money import Money
from vps.kernel.refusals import N_

MOST = 100
"""Rows of a part."""
MOST_FLOWS = 40
NOTHING, REST = N_("Nothing."), N_("Only the beginning is printed here. The archive has everything.")
FLOWS, AS_TABLE = N_("Where the money came from and went to"), N_("The picture as a table")


def as_facts(asked: Asked, about: About, traced: Traced, words: Words, *, company: str) -> dict[str, Any]:
    """What the typesetter needs, in the language of who made the dossier."""
    with reading():
        shown = [some_rows(section, asked, words, about.zone, most=MOST) for section in SECTIONS]
    title, *lines = heading(asked, about, words)
    return {
        "title": title,
        "company": company,
        "lang": words.language[:2],
        "lines": lines,
        "flows": words.say(FLOWS),
        "methods": [words.say(CAVEAT), words.say(REACH, steps=3), *([words.say(STOPPED)] if traced.stopped else [])],
        "pictures": list(_pictures(asked, traced, words)),
        "sections": [_section(each, words) for each in shown],
    }


def _pictures(asked: Asked, traced: Traced, words: Words) -> Any:
    for method, currency, facts in pictures(asked, traced, words):
        yield {
            "title": f"{words.say(METHODS[method])} · {currency}",
            "about": words.say(EXPLAINED[method]),
            "svg": draw(facts).decode(),
            "rows": [[*names, words.money(Money(minor, currency))] for *names, minor in facts.rows[:MOST_FLOWS]],
            "rest": words.say(REST) if len(facts.rows) > MOST_FLOWS else "",
        }


def _section(shown: Shown, words: Words) -> dict[str, Any]:
    return {
        "title": words.say(shown.section.title),
        "rows": [[list(cell) for cell in row.cells] for row in shown.rows],
        "rest": words.say(REST) if shown.after else "" if shown.rows else words.say(NOTHING),
    }


__all__ = ["AS_TABLE", "FLOWS", "TITLE", "as_facts"]
