"""Words for tests of bad input: who reads, which sentence must be on the page, and that nothing was written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from werkzeug.test import TestResponse

from tests.web.client import Browser
from vps.hypermedia.catalogs import catalog
from vps.kernel.database import database, one, run
from vps.people.models import Person

READERS = ("en", "de", "ru", "hr", "sr", "sr_Latn")
MAY_GROW = {"session", "browser", "throttle", "event"}
"""Where a refusal may legally leave a trace: who came, what failed, and the trail of it."""


def reading(person: Person, language: str) -> Browser:
    """A browser of this person, who now reads this language."""
    run("UPDATE person SET language = ? WHERE id = ?", language, person.id)
    return Browser(Person.get_by_id(person.id))


def counts() -> dict[str, int]:
    """Rows in every table that a refusal must leave alone."""
    return {table: one(f'SELECT count(*) FROM "{table}"')[0] for table in database.get_tables() if table not in MAY_GROW}


@contextmanager
def nothing_written() -> Iterator[None]:
    before = counts()
    yield
    assert counts() == before


def says(answer: TestResponse, sentence: str, language: str) -> bool:
    """Whether the page says this sentence in this language, whatever its facts are."""
    shown = " ".join(unescape(answer.text).split())
    parts = re.split(r"%\(\w+\)[sd]", catalog(language).gettext(sentence))
    return all(" ".join(part.split()) in shown for part in parts)


def refused(answer: TestResponse, sentence: str, language: str, *, status: int = 422) -> None:
    """The answer is this refusal, in the reader's language, on a page of that language."""
    assert answer.status_code == status, (answer.status_code, answer.text[:2000])
    assert says(answer, sentence, language), (sentence, catalog(language).gettext(sentence), answer.text[:6000])
    assert f'<html lang="{language.replace("_", "-")}">' in answer.text
