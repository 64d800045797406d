"""Our own rules for catalogs, stricter than gettext's: what a translator overlooks and a reader would trip over."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vps.hypermedia.po_plurals import Forms, check_plurals
from vps.hypermedia.po_syntax import Entry, Problem
from vps.kernel.refusals import N_


def check_rules(entries: list[Entry], template: list[Entry] | None, path: Path) -> list[Problem]:
    """Every offence against the house rules; `template`, when there is one, says which messages there have to be."""
    language = _language(entries, path)
    forms, _ = check_plurals(entries)
    in_use = [entry for entry in entries if not entry.obsolete and not entry.is_header]
    problems = _against_template(in_use, template) if template is not None else []
    for entry in in_use:
        problems += [Problem(entry.line, says, facts) for says, facts in _offences(entry, forms, language)]
    return problems


_Said = tuple[str, dict[str, object]]


def _language(entries: list[Entry], path: Path) -> str:
    header = next((entry.forms[0] for entry in entries if entry.is_header), "")
    named = re.search(r"^Language: *([A-Za-z]+)", header, re.MULTILINE)
    return named[1].lower() if named else next((part for part in path.parts if part in ("de", "ru", "hr", "sr")), "")


def _against_template(in_use: list[Entry], template: list[Entry]) -> list[Problem]:
    wanted = {(entry.context, entry.msgid): entry for entry in template if not entry.obsolete and not entry.is_header}
    given = {(entry.context, entry.msgid): entry for entry in in_use}
    problems = [Problem(0, N_("The message “%(message)s” is missing."), {"message": key[1]}) for key in wanted if key not in given]
    for key, entry in given.items():
        if key not in wanted:
            problems.append(Problem(entry.line, N_("The message “%(message)s” is not in the template."), {"message": key[1]}))
        elif entry.plural != wanted[key].plural:
            problems.append(Problem(entry.line, N_("The English plural differs from the template.")))
    return problems


def _offences(entry: Entry, forms: Forms | None, language: str) -> Iterator[_Said]:
    if entry.is_fuzzy:
        yield N_("This translation is fuzzy: somebody has to confirm it."), {}
    if not all(entry.forms):
        yield N_("This message is not translated, or not in every plural form."), {}
    for bare in dict.fromkeys(found[1] for text in (entry.msgid, entry.plural or "", *entry.forms) for found in _UNNAMED.finditer(text)):
        yield N_("The placeholder %(placeholder)s has no name."), {"placeholder": bare}
    for index, text in enumerate(entry.forms):
        if text:
            yield from _form_offences(entry, text, _is_for_one_number(forms, index))
            yield from _letter_offences(entry, text, language)


_UNNAMED = re.compile(r"(?<!%)(?:%%)*(%[-+#0]*(?:\d+|\*)?(?:\.\d+)?[sdifrxXeEgGcuo])(?!\w)")


def _is_for_one_number(forms: Forms | None, index: int) -> bool:
    return forms is not None and forms.answers[index] == 1


def _form_offences(entry: Entry, text: str, for_one_number: bool) -> Iterator[_Said]:
    source = entry.plural or entry.msgid
    wanted, given = _placeholders(source), _placeholders(text)
    # "One order" need not say the number, when the form is for no other number.
    least = wanted & _placeholders(entry.msgid) if entry.plural and for_one_number else wanted
    for name in sorted(given - wanted):
        yield N_("The translation has a placeholder %(name)s that the English sentence does not have."), {"name": name}
    for name in sorted(least - given):
        yield N_("The translation leaves out the placeholder %(name)s."), {"name": name}
    if _tags(text) != _tags(source):
        yield N_("The HTML tags differ from those of the English sentence."), {}
    if _edges(text) != _edges(source):
        yield N_("The white space at the beginning or the end differs from the English sentence."), {}
    if _ending(text) != _ending(source) and not _is_abbreviated(source, text):
        yield N_("The punctuation at the end differs from the English sentence."), {}


_PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[A-Za-z]|\{[A-Za-z_]\w*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENDINGS = ".:…?!,;"


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _tags(text: str) -> Counter[str]:
    return Counter(_TAG.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _ending(text: str) -> str:
    last = _TAG.sub("", text).rstrip()[-1:]
    return last if last in _ENDINGS else ""


def _is_abbreviated(source: str, text: str) -> bool:
    """Abbreviations end with a full stop in one language and not in the other (“Mon”, „Mo.“)."""
    return " " not in source.strip() and {_ending(source), _ending(text)} == {"", "."}


def _letter_offences(entry: Entry, text: str, language: str) -> Iterator[_Said]:
    words = _WORD.findall(_NO_WORDS.sub(" ", text))
    english = set(_WORD.findall(_NO_WORDS.sub(" ", f"{entry.msgid} {entry.plural or ''}")))
    for word in words:
        latin, cyrillic = bool(_LATIN.search(word)), bool(_CYRILLIC.search(word))
        if latin and cyrillic:
            yield N_("The word “%(word)s” mixes Latin and Cyrillic letters."), {"word": word}
        elif cyrillic and language in ("de", "hr") and word not in english:
            yield N_("The word “%(word)s” is written in Cyrillic letters."), {"word": word}
        elif language in ("ru", "sr") and word in _LOOK_ALIKES and word not in english:
            yield N_("The letter “%(word)s” looks Cyrillic but is Latin."), {"word": word}


_NO_WORDS = re.compile(rf"{_PLACEHOLDER.pattern}|{_TAG.pattern}|&#?\w+;|https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
# The one-letter words of Russian and Serbian (а, и, к, о, с, у, я) that a Latin keyboard can fake.
_LOOK_ALIKES = frozenset("acokyuACOKYU")
