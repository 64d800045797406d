"""Sentences in the reader's language, straight from the translators' .po files.

Nothing is compiled: an edited catalog speaks at the next request (its time stamp is looked at once a second at most),
and one that does not load leaves the last good one in place. Serbian in Latin script is derived from Serbian.
"""

import gettext
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import cyrtranslit
import polib

from vps.hypermedia.catalog_check import refusals

log = logging.getLogger(__name__)

SOURCE_LANGUAGE = "en"
LANGUAGES = ("de", "ru", "hr", "sr")
"""Those with a catalog of their own; `sr_Latn` is derived from `sr`."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """One language as it was when its file was read. What has no translation, or a fuzzy one, is said in English."""

    language: str
    plain: dict[str, str] = field(default_factory=dict)
    plurals: dict[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)
    in_context: dict[tuple[str, str], str] = field(default_factory=dict)
    form: Callable[[int], int] = lambda n: n != 1

    def gettext(self, msgid: str) -> str:
        """The sentence in this language, or itself."""
        return self.plain.get(msgid, msgid)

    def pgettext(self, context: str, msgid: str) -> str:
        """As `gettext`, for a word that means different things in different places."""
        return self.in_context.get((context, msgid), msgid)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The sentence for this number, placeholders not yet filled."""
        return self._numbered(None, singular, plural, n)

    def npgettext(self, context: str, singular: str, plural: str, n: int) -> str:
        """`ngettext` and `pgettext` in one."""
        return self._numbered(context, singular, plural, n)

    def _numbered(self, context: str | None, singular: str, plural: str, n: int) -> str:
        forms = self.plurals.get((context, singular))
        if forms is None:
            return singular if n == 1 else plural
        return forms[self.form(n)]


@dataclass(frozen=True, slots=True)
class _Kept:
    catalog: Catalog
    stamp: tuple[int, ...] | None
    look_again: float


class Catalogs:
    """All languages below one folder, each in `<language>/LC_MESSAGES/messages.po`, read when first asked for."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._latin: tuple[Catalog, Catalog] | None = None
        self._lock = threading.Lock()

    def get(self, language: str) -> Catalog:
        """The language as it stands now; English, or one without a catalog, speaks the source text."""
        kept = self._kept.get(language)
        if kept is not None and self._clock() < kept.look_again:
            return kept.catalog
        if language == "sr_Latn":
            return self._in_latin(self.get("sr"))
        # Only the first reader of all has to wait; while one looks again, the others go on with what there is.
        if not self._lock.acquire(blocking=kept is None):
            return kept.catalog if kept else Catalog(language)
        try:
            return self._looked_up(language).catalog
        finally:
            self._lock.release()

    def path(self, language: str) -> Path:
        """Where this language's catalog lies, whether it is there or not."""
        return self.folder / language / "LC_MESSAGES" / "messages.po"

    def _in_latin(self, serbian: Catalog) -> Catalog:
        latin = self._latin
        if latin is None or latin[0] is not serbian:
            latin = self._latin = serbian, _latin_catalog(serbian)
        return latin[1]

    def _looked_up(self, language: str) -> _Kept:
        now, kept = self._clock(), self._kept.get(language)
        if kept is not None and now < kept.look_again:
            return kept
        stamp = _stamp(self.path(language)) if language in LANGUAGES else None
        if kept is None or (stamp != kept.stamp and stamp is not None):
            catalog = _read(self.path(language), language, last=kept.catalog if kept else None) if stamp else Catalog(language)
        else:
            catalog = kept.catalog
        self._kept[language] = _Kept(catalog, stamp or (kept.stamp if kept else None), now + _LOOK_EVERY)
        return self._kept[language]


_LOOK_EVERY = 1.0
_default = Catalogs(Path("translations"))


def use(folder: Path) -> Catalogs:
    """Make the catalogs of this folder the ones that `catalog` answers from."""
    global _default
    _default = Catalogs(folder)
    return _default


def catalog(language: str) -> Catalog:
    """The language from the folder given to `use`."""
    return _default.get(language)


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin script; placeholders, tags, entities and addresses stay as they are."""
    parts = _UNTOUCHED.split(text)
    # Every second part is what the pattern caught, because its one group is kept by split().
    parts[::2] = [cyrtranslit.to_latin(_CAPITAL.sub(lambda found: _DIGRAPHS[found[0]], part), "sr") for part in parts[::2]]
    return "".join(parts)


_UNTOUCHED = re.compile(r"(%\([^)]*\)[-+ #0-9.]*[A-Za-z]|\{[^{}]*\}|<[^<>]*>|&#?\w+;|\bhttps?://[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]+)")
# cyrtranslit writes ЊЕГОШ as NjEGOŠ; between capitals both letters of the digraph are capitals.
_CAPITAL = re.compile(r"[ЉЊЏ](?=[A-ZА-ШЂЈЉЊЋЏ])|(?<=[A-ZА-ШЂЈЉЊЋЏ])[ЉЊЏ](?![а-шђјљњћџ])")
_DIGRAPHS = {"Љ": "LJ", "Њ": "NJ", "Џ": "DŽ"}


def _latin_catalog(serbian: Catalog) -> Catalog:
    return replace(
        serbian,
        language="sr_Latn",
        plain={msgid: latin(text) for msgid, text in serbian.plain.items()},
        plurals={key: tuple(map(latin, forms)) for key, forms in serbian.plurals.items()},
        in_context={key: latin(text) for key, text in serbian.in_context.items()},
    )


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path, language: str, *, last: Catalog | None) -> Catalog:
    """The catalog as the file says, or the last good one. At a start there is none: then what can be read is used."""
    try:
        wrong = next(iter(refusals(path)), None)
        if wrong is None or last is None:
            fresh = _built(polib.pofile(str(path), encoding="utf-8"), language)
    except (OSError, ValueError, LookupError, ArithmeticError) as broken:
        log.error("%s cannot be read, %s stays as it was: %s", path, language, broken)
        return last or Catalog(language)
    if wrong is not None:
        log.error("%s, line %s: %s", path, wrong.line, wrong)
    return last if wrong is not None and last is not None else fresh


def _built(file: polib.POFile, language: str) -> Catalog:
    plain: dict[str, str] = {}
    plurals: dict[tuple[str | None, str], tuple[str, ...]] = {}
    in_context: dict[tuple[str, str], str] = {}
    count, form = _plural_rule(file.metadata.get("Plural-Forms", ""))
    for entry in file:
        if entry.obsolete or entry.fuzzy or not _is_safe(entry):
            continue
        forms = tuple(text for _, text in sorted(entry.msgstr_plural.items()))
        if entry.msgid_plural and len(forms) == count and all(forms):
            plurals[entry.msgctxt, entry.msgid] = forms
        said = forms[0] if forms else entry.msgstr
        if said and entry.msgctxt is None:
            plain[entry.msgid] = said
        elif said:
            in_context[entry.msgctxt, entry.msgid] = said
    return Catalog(language, plain, plurals, in_context, form)


def _plural_rule(header: str) -> tuple[int, Callable[[int], int]]:
    """How many forms there are and which one a number takes; without a readable rule, as in English."""
    found = re.match(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+)", header)
    if not found:
        return 2, Catalog(SOURCE_LANGUAGE).form
    count, form = int(found[1]), gettext.c2py(found[2])
    if max(map(form, range(200))) >= count:
        raise ValueError("the plural formula answers forms that do not exist")
    return count, form


_PLACEHOLDER = re.compile(r"%\((\w+)\)")


def _is_safe(entry: polib.POEntry) -> bool:
    """Whether no translation asks for a fact that the sentence does not get: it would break the page instead of speaking."""
    given = set(_PLACEHOLDER.findall(f"{entry.msgid}{entry.msgid_plural}"))
    return all(given.issuperset(_PLACEHOLDER.findall(text)) for text in (entry.msgstr, *entry.msgstr_plural.values()))
