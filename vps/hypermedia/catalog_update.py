"""Keep the template and the catalogs in step with the source: what is said where, in `translations/messages.pot`."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from vps.hypermedia.catalogs import LANGUAGES

PLURAL_FORMS = {
    "de": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "hr": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "sr": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}
"""As in `msginit`'s table."""


def extract(root: Path) -> polib.POFile:
    """The template for the source below `root`, sorted; which files are read how is said in `translations/babel.toml`."""
    template = polib.POFile(wrapwidth=0)
    template.header = _ABOUT
    template.metadata = _HEADER | {"PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE", "Language": ""}
    found: dict[tuple[str, str], polib.POEntry] = {}
    for file, message, comments, context in _messages(root):
        msgid, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        entry = found.setdefault((msgid, context or ""), polib.POEntry(msgid=msgid, msgctxt=context))
        if plural and not entry.msgid_plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: "", 1: ""}
        if (file, "") not in entry.occurrences:
            entry.occurrences.append((file, ""))
        entry.comment = "\n".join(dict.fromkeys([*filter(None, entry.comment.split("\n")), *comments]))
        entry.flags = ["python-format"] if "%(" in msgid + plural else []
    for _, entry in sorted(found.items()):
        entry.occurrences.sort()
        template.append(entry)
    return template


def update(root: Path, folder: Path) -> dict[str, int]:
    """Write the template and every language's catalog into `folder`; the answer counts what is left to translate, by language.

    What is translated stays, what is new comes in empty, what nobody says any more goes.
    """
    template = extract(root)
    _write(template, folder / "messages.pot")
    left = {}
    for language in LANGUAGES:
        path = folder / language / "LC_MESSAGES" / "messages.po"
        merged = _merged(template, path, language)
        _write(merged, path)
        left[language] = len(merged) - len(merged.translated_entries())
    return left


_ABOUT = "Sentences of VPS. `vps i18n update` writes what is to be said, translators write how."
_KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "_l": None, "say_number": (1, 2)}
_HEADER = {
    "Project-Id-Version": "VPS",
    "PO-Revision-Date": "2026-11-01 12:00+0000",
    "Last-Translator": "VPS translators",
    "Language-Team": "VPS translators",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}

_Message = str | tuple[str, ...]


def _messages(root: Path) -> Iterator[tuple[str, _Message, list[str], str | None]]:
    mapping = tomllib.loads((root / "translations" / "babel.toml").read_text("utf-8"))["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mapping]
    options = {each["pattern"]: {key: value for key, value in each.items() if key not in ("pattern", "method")} for each in mapping}
    tops = {str(root / each["pattern"].partition("/")[0]) for each in mapping}
    for file, _, message, comments, context in extract_from_dir(
        root,
        methods,
        options,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: Path(folder).parent != root or str(folder) in tops,
    ):
        yield Path(file).as_posix(), message, comments, context


def _merged(template: polib.POFile, path: Path, language: str) -> polib.POFile:
    old = polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=0)
    merged.header = old.header or _ABOUT
    merged.metadata = _HEADER | {"Language": language} | old.metadata | {"Plural-Forms": PLURAL_FORMS[language]}
    for entry in template:
        merged.append(_filled(entry, known.get((entry.msgctxt, entry.msgid)), language))
    return merged


def _filled(entry: polib.POEntry, old: polib.POEntry | None, language: str) -> polib.POEntry:
    filled = polib.POEntry(
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        msgctxt=entry.msgctxt,
        occurrences=entry.occurrences,
        comment=entry.comment,
        flags=[*entry.flags],
    )
    said = old.msgstr_plural if old else {}
    if entry.msgid_plural:
        forms = int(PLURAL_FORMS[language].removeprefix("nplurals=")[0])
        filled.msgstr_plural = {form: said.get(form, "") for form in range(forms)}
    elif old:
        filled.msgstr = old.msgstr or said.get(0, "")
    if old:
        filled.tcomment = old.tcomment
        # A changed English plural keeps its translation, but somebody has to look at it.
        if old.fuzzy or (said and old.msgid_plural != entry.msgid_plural):
            filled.flags.insert(0, "fuzzy")
    return filled


def _write(file: polib.POFile, path: Path) -> None:
    """Write in one step: a server that is running reads these files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(f"{file}\n" if not str(file).endswith("\n") else str(file), "utf-8", newline="\n")
    os.replace(draft, path)
