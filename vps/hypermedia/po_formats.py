"""Placeholders in messages: what `%(name)s`, `{name}` and C's `%d` ask for, and whether a translation asks for the same.

Source: GNU gettext manual, "c-format", "python-format", "python-brace-format"; what gettext 0.21 does where the manual is silent.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from vps.kernel.refusals import N_


@dataclass
class Wanted:
    """The arguments a text asks for: by name, or one after the other; each with its type."""

    named: dict[str, str] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)


class FormatError(Exception):
    """The text is not a format of this kind."""


def python(text: str) -> Wanted:
    """Python's `%` formats; names and positions exclude each other."""
    wanted, at = Wanted(), 0
    while (at := text.find("%", at)) >= 0:
        name, at = _name(text, at + 1)
        found = _PYTHON.match(text, at)
        if not found or found[4] not in _PYTHON_TYPES:
            raise FormatError
        kind = _PYTHON_TYPES[found[4]]
        if kind == "text" and found[3] and not found[3].strip("0"):
            kind = "any"
        stars = [part for part in (found[1], found[2]) if part == "*"]
        # A star beside a name only collides with names read before it, as gettext has it.
        if stars and wanted.named:
            raise FormatError
        wanted.ordered += ["whole"] * len(stars)
        if name is not None:
            _merge(wanted.named, name, kind)
        elif kind:
            wanted.ordered.append(kind)
        if wanted.named and wanted.ordered:
            raise FormatError
        at = found.end()
    return wanted


def _name(text: str, at: int) -> tuple[str | None, int]:
    if text[at : at + 1] != "(":
        return None, at
    depth = 0
    for end in range(at + 1, len(text)):
        if text[end] == "(":
            depth += 1
        elif text[end] == ")":
            if not depth:
                return text[at + 1 : end], end + 1
            depth -= 1
    raise FormatError


_PYTHON = re.compile(r"[-+ #0]*(\*|[0-9]+)?(?:\.(\*|([0-9]+))?)?[hlL]?(.)", re.DOTALL)
_PYTHON_TYPES = (
    {"%": "", "c": "character", "s": "text", "r": "text"} | dict.fromkeys("iduoxX", "whole") | dict.fromkeys("eEfgG", "fraction")
)


def _merge(named: dict[str, str], name: str, kind: str) -> None:
    known = named.get(name, "any")
    if "any" not in (known, kind) and known != kind:
        raise FormatError
    named[name] = kind if known == "any" else known


def brace(text: str) -> Wanted:
    """Python's `str.format`; gettext 0.21 knows names and numbers, not empty braces."""
    wanted, at = Wanted(), 0
    while (at := text.find("{", at)) >= 0:
        if text[at + 1 : at + 2] == "{":
            at += 2
            continue
        found = _BRACE.match(text, at)
        if not found:
            raise FormatError
        wanted.named[found[1]] = ""
        at = found.end()
    return wanted


_FIELD = r"(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+)(?:\.[A-Za-z_][A-Za-z0-9_]*|\[(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+)\])*"
_SPEC = r"(?>.[<>=^]|[<>=^])?+[-+ ]?+#?+0?+[0-9]*+(?:\.[0-9]*+)?+[bcdoxXneEfFgG%]?+"
# gettext 0.21 takes the whole inside of the braces for the name, so {n:d} and {n} are two placeholders.
_BRACE = re.compile(r"\{(" + _FIELD + r"(?::(?:\{" + _FIELD + r"\}|" + _SPEC + r"))?)\}", re.DOTALL)


def c(text: str, *, translated: bool = False) -> Wanted:
    """C's printf; numbered (`%2$s`) and plain arguments exclude each other, and no number may be left out."""
    ordered: list[str] = []
    numbered: dict[int, str] = {}
    at = 0
    while (at := text.find("%", at)) >= 0:
        found = (_C_TRANSLATED if translated else _C).match(text, at + 1)
        if not found:
            raise FormatError
        asked = [(star[1:], "whole") for star in (found["width"], found["precision"]) if star]
        if kind := _c_type(found["size"] or "", found["kind"] or "", found["macro"]):
            asked.append((found["number"] or "", kind))
        elif found["number"] and not int(found["number"][:-1]):
            raise FormatError
        for number, wanted in asked:
            _c_argument(numbered, ordered, number, wanted)
        at = found.end()
    if sorted(numbered) != list(range(1, len(numbered) + 1)):
        raise FormatError
    return Wanted(ordered=ordered or [numbered[number] for number in sorted(numbered)])


_C_TEXT = (
    r"(?P<number>[0-9]+\$)?[-+ #0'FLAG]*(?:(?P<width>\*(?:[0-9]+\$)?)|[0-9]+)?(?:\.(?:(?P<precision>\*(?:[0-9]+\$)?)|[0-9]+)?)?"
    r"(?:<PRI(?P<macro>[diouxX](?:(?:LEAST|FAST)?(?:8|16|32|64)|MAX|PTR))>|(?P<size>[hlLqjztZ]*)(?P<kind>[%mcCsSidouxXeEfFgGaApn]))"
)
_C, _C_TRANSLATED = re.compile(_C_TEXT.replace("FLAG", "")), re.compile(_C_TEXT.replace("FLAG", "I"))
_C_SIZES = {"q": "ll", "L": "ll", "Z": "z"}


def _c_type(letters: str, kind: str, macro: str | None) -> str:
    if macro:
        return ("whole" if macro[0] in "di" else "natural") + macro[1:].replace("MAX", "j")
    size = ""
    for letter in letters:
        doubled = letter in "hl" and size.strip(letter) == "" and size != ""
        size = letter * 2 if doubled else _C_SIZES.get(letter, letter)
    if kind in "cCsS":
        return ("character" if kind in "cC" else "text") + ("wide" if kind in "CS" or size in ("l", "ll") else "")
    if kind in "eEfFgGaA":
        return "fraction" + ("long" if size == "ll" else "")
    if kind in "%mp":
        return "pointer" if kind == "p" else ""
    return ("whole" if kind in "di" else "count" if kind == "n" else "natural") + size


def _c_argument(numbered: dict[int, str], ordered: list[str], number: str, kind: str) -> None:
    if number:
        index = int(number.rstrip("$"))
        if not index or numbered.get(index, kind) != kind:
            raise FormatError
        numbered[index] = kind
    else:
        ordered.append(kind)
    if numbered and ordered:
        raise FormatError


def php(text: str) -> Wanted:
    """PHP's printf: plain arguments are counted, so numbers and plain ones may be mixed."""
    return _counted(text, _PHP, dict.fromkeys("bdouxX", "whole") | {"e": "fraction", "f": "fraction", "c": "character", "s": "text"})


def javascript(text: str) -> Wanted:
    """What JavaScript libraries call sprintf; numbers and plain arguments exclude each other."""
    wanted = _counted(text, _JAVASCRIPT, dict.fromkeys("bdoxX", "whole") | {"f": "fraction", "c": "character", "s": "text", "j": "JSON"})
    if len({bool(found[1]) for found in _JAVASCRIPT.finditer(text) if found[2] != "%"}) > 1:
        raise FormatError
    return wanted


def perl_brace(text: str) -> Wanted:
    """Perl's `{name}`; a brace that is no placeholder is text."""
    return Wanted(named=dict.fromkeys(re.findall(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", text), ""))


_PHP = re.compile(r"%(?:([0-9]+)\$)?(?:[- 0]|'.)*[0-9]*(?:\.[0-9]+)?l?([a-zA-Z])|%()(%)|%", re.DOTALL)
_JAVASCRIPT = re.compile(r"%(?:([0-9]+)\$)?[-+ 0]*[0-9]*(?:\.[0-9]*)?([a-zA-Z%])|%", re.DOTALL)


def _counted(text: str, pattern: re.Pattern[str], types: dict[str, str]) -> Wanted:
    wanted, plain = Wanted(), 0
    for found in pattern.finditer(text):
        if found[0].endswith("%") and len(found[0]) > 1:
            continue
        if found[2] not in types or (found[1] and not int(found[1])):
            raise FormatError
        plain += not found[1]
        number, kind = str(int(found[1] or plain)), types[found[2]]
        if wanted.named.setdefault(number, kind) != kind:
            raise FormatError
    return wanted


_PARSERS: dict[str, Callable[[str], Wanted]] = {
    "python-format": python,
    "python-brace-format": brace,
    "c-format": c,
    "php-format": php,
    "javascript-format": javascript,
    "perl-brace-format": perl_brace,
}


def differs(kind: str, source: str, translation: str, *, exactly: bool) -> str | None:
    """Why a translation does not ask for what its source asks for, as a sentence; `exactly`: it may not ask for less either.

    `kind` is a gettext flag such as "python-format". A source that is no such format itself is not held against anybody.
    """
    parser = _PARSERS.get(kind)
    if parser is None:
        return None
    try:
        wanted = parser(source)
    except FormatError:
        return None
    try:
        given = c(translation, translated=True) if parser is c else parser(translation)
    except FormatError:
        return N_("A placeholder in the translation is malformed.")
    if kind in ("python-brace-format", "perl-brace-format") and not exactly:
        return None
    if kind == "perl-brace-format":
        # Perl leaves an unknown {name} standing, so gettext does not mind one more.
        given.named = {name: "" for name in given.named if name in wanted.named}
    return _difference(wanted, given, exactly=exactly, fewer=parser is c and not exactly)


def _difference(wanted: Wanted, given: Wanted, *, exactly: bool, fewer: bool) -> str | None:
    if (wanted.named and given.ordered) or (wanted.ordered and given.named):
        return N_("Placeholders with names and placeholders without names are mixed.")
    if given.named.keys() - wanted.named.keys():
        return N_("The translation has a placeholder that the English sentence does not have.")
    if exactly and wanted.named.keys() - given.named.keys():
        return N_("The translation leaves out a placeholder of the English sentence.")
    if len(wanted.ordered) != len(given.ordered) and not (fewer and len(given.ordered) < len(wanted.ordered)):
        return N_("The translation does not have as many placeholders as the English sentence.")
    pairs = [(wanted.named[name], kind) for name, kind in given.named.items()] + list(zip(wanted.ordered, given.ordered, strict=False))
    if any(a != b and (exactly or "any" not in (a, b)) for a, b in pairs):
        return N_("A placeholder of the translation has another type than in the English sentence.")
    return None
