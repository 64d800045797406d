"""Which language the reader has, and saying sentences in it. Catalogs are looked up once a request, not once a word."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Flask, g, request
from flask_babel import Babel, Domain

from vps.hypermedia import formats
from vps.hypermedia.catalogs import Catalog, catalog
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Phrase, Refused

LANGUAGES = {"en": "English", "de": "Deutsch", "ru": "Русский", "hr": "Hrvatski", "sr": "Српски", "sr_Latn": "Srpski"}
"""Each language by its own name."""

_NEAR = {"bs": "sr_Latn", "sh": "sr_Latn", "cnr": "sr_Latn", "me": "sr_Latn"}
_TWO_DOTS = re.compile(r"(\b\d{4}(?:\sг)?\.)\.(?!\.)")


class Reader(NamedTuple):
    """Who reads: language and time zone."""

    language: str
    zone: str


NOBODY = Reader("en", "UTC")
# Asked hundreds of times a page: a context variable costs a twentieth of Flask's `g`.
_reading: ContextVar[Reader] = ContextVar("reader", default=NOBODY)
_speaking: ContextVar[Catalog | None] = ContextVar("catalog", default=None)


def reader() -> Reader:
    """The reader of this request."""
    return _reading.get()


def read_by(language: str, zone: str) -> None:
    """From here on this request speaks to somebody with this language and zone."""
    g.reader = Reader(language, zone)
    _reading.set(g.reader)
    _speaking.set(catalog(language))


def forget_reader(_: BaseException | None = None) -> None:
    """The request is over: the next one on this thread has a reader of its own."""
    _reading.set(NOBODY)
    _speaking.set(None)


def tag(language: str) -> str:
    """The language tag of HTML and HTTP."""
    return language.replace("_", "-")


def wanted(cookie: str | None, accept: list[str], default: str) -> str:
    """Cookie, then what the browser asks for, then the company's: only languages we have."""
    if cookie in LANGUAGES:
        return cookie
    for asked in accept:
        found = known(asked)
        if found:
            return found
    return default


def known(asked: str) -> str | None:
    """Our language for a tag such as sr-Latn-RS, or None. Babel and Werkzeug would answer Cyrillic to that one."""
    parts = asked.replace("_", "-").lower().split("-")
    if parts[0] == "sr" and "latn" in parts:
        return "sr_Latn"
    return _NEAR.get(parts[0]) or (parts[0] if parts[0] in LANGUAGES else None)


def say(sentence: str, **facts: Any) -> str:
    """A sentence in the reader's language, its facts spoken in his locale."""
    text = _catalog().gettext(sentence)
    return _told(text, {name: spoken(fact) for name, fact in facts.items()})


def sentence(refusal: Refused) -> str:
    """A refusal in the reader's language."""
    return say(refusal.says, **refusal.facts)


def spoken(fact: Any) -> Any:
    """Money, instants, days and numbers as the reader writes them, phrases in his language; anything else as it is."""
    language, zone = reader()
    if isinstance(fact, Money):
        return formats.money(fact, language)
    if isinstance(fact, datetime):
        return formats.moment(fact, language, zone)
    if isinstance(fact, date):
        return formats.day(fact, language)
    if isinstance(fact, int) and not isinstance(fact, bool):
        return formats.number(fact, language)
    if isinstance(fact, Phrase):
        return say(fact)
    return fact


def _catalog() -> Catalog:
    return _speaking.get() or catalog(_reading.get().language)


def _gettext(message: str, **facts: Any) -> str:
    # Jinja's own call: facts come already spoken or as plain text, placeholders are named.
    return _told(_catalog().gettext(message), facts)


def _ngettext(singular: str, plural: str, n: int, **facts: Any) -> str:
    facts.setdefault("n", formats.number(n, reader().language))
    facts.setdefault("num", facts["n"])
    return _told(_catalog().ngettext(singular, plural, n), facts)


def _told(text: str, facts: dict[str, Any]) -> str:
    # A day of Croatian and Serbian ends in a dot of its own ('22. 11. 2026.'): at the end of a sentence that one is enough.
    return _TWO_DOTS.sub(r"\1", text % facts) if facts else text


class PoDomain(Domain):  # type: ignore[misc]
    """Flask-Babel's view of our catalogs, for everything that asks Flask-Babel for a sentence."""

    def gettext(self, string: str, **facts: Any) -> str:
        return _gettext(string, **facts)

    def ngettext(self, singular: str, plural: str, num: int, **facts: Any) -> str:
        return _ngettext(singular, plural, num, **facts)


def init_languages(app: Flask) -> None:
    """Flask-Babel with our choice of locale; in templates `_` and `ngettext` go straight to the catalog."""
    babel = Babel(app, locale_selector=lambda: reader().language, timezone_selector=lambda: reader().zone)
    # Flask-Babel makes its domain when first asked; ours stands in its place.
    babel.__dict__["domain_instance"] = PoDomain()
    app.teardown_appcontext(forget_reader)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_gettext, _ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, say=say, LANGUAGES=LANGUAGES, tag=tag, N_=N_, words_for=Words)
    env.policies["ext.i18n.trimmed"] = True


def accepted() -> list[str]:
    """The languages the browser asks for, best first; at most ten."""
    return [str(value) for value, quality in list(request.accept_languages)[:10] if quality > 0]


class Words:
    """One language to write a document in, whoever looks at it: the customer's on his receipt."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._catalog = catalog(self.language)

    def say(self, sentence: str, **facts: Any) -> str:
        return _told(self._catalog.gettext(sentence), facts)

    def tell(self, sentence: str, facts: dict[str, Any], zone: str = "UTC") -> str:
        """A sentence whose facts are spoken in this language, too; instants in this time zone."""
        return self.say(sentence, **{name: self._spoken(fact, zone) for name, fact in facts.items()})

    def _spoken(self, fact: Any, zone: str) -> Any:
        if isinstance(fact, Money):
            return formats.money(fact, self.language)
        if isinstance(fact, datetime):
            return self.moment(fact, zone)
        if isinstance(fact, Phrase):
            return self.say(fact)
        if isinstance(fact, date):
            return formats.day(fact, self.language)
        return formats.number(fact, self.language) if isinstance(fact, int) else fact

    def money(self, amount: Money) -> str:
        return formats.money(amount, self.language)

    def signed(self, amount: Money) -> str:
        return formats.money_signed(amount, self.language)

    def percent(self, basis_points: int) -> str:
        return formats.percent(basis_points, self.language)

    def day(self, value: date) -> str:
        return formats.day(value, self.language)

    def moment(self, at: datetime, zone: str) -> str:
        return formats.moment(at, self.language, zone)
