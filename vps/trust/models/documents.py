"""A level set as a file: what the house writes it reads back the same; of one that is wrong, the first wrong line is told."""

import json
import re
from collections.abc import Iterator
from typing import Any

from vps.company.models.settings import LANGUAGES
from vps.kernel.refusals import N_, Refused
from vps.trust.models.levels import GAPS, LIMITED, MOST_MINOR, STEPS, TIMED, Level, body_of, levels_of

MOST_LEVELS = 12
MOST_DAYS = 36_500
MOST_TIMES = 100_000
MOST_MINUTES = 60 * 24 * 365
LONGEST_NAME = 40
MOST_BYTES = 100_000
_JSON = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


class NotALevelSet(Refused):
    """Facts: line, what."""

    says = N_("Line %(line)s of the trust levels is wrong: %(what)s. Nothing was changed.")
    field = "file"


def readable(wanted: tuple[Level, ...]) -> str:
    """The document for people: a line for each fact, and one for each rule."""
    written = []
    for each in json.loads(body_of(wanted)):
        facts = [f"  {json.dumps(key)}: {_value(key, value)}" for key, value in each.items() if key != "rank"]
        written.append(" {\n" + ",\n".join(facts) + "\n }")
    return "[\n" + ",\n".join(written) + "\n]\n"


def read_set(text: str) -> tuple[Level, ...]:
    """The levels of a document that somebody wrote. Raises NotALevelSet with the first line that is wrong."""
    if len(text) > MOST_BYTES:
        raise NotALevelSet(line=1, what=f"> {MOST_BYTES} B")
    try:
        found = json.loads(text, parse_float=_no_number, parse_constant=_no_number)
    except json.JSONDecodeError as trouble:
        raise NotALevelSet(line=trouble.lineno, what=trouble.msg) from trouble
    except (ValueError, RecursionError) as trouble:
        raise NotALevelSet(line=1, what="JSON") from trouble
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_LEVELS:
        raise NotALevelSet(line=1, what=f"1 … {MOST_LEVELS} [ ]")
    for each, place in _elements(text, text.index("[")):
        _must_be_level(each, text, place)
    return levels_of(text)


def _must_be_level(each: Any, text: str, place: int) -> None:
    if not isinstance(each, dict):
        raise NotALevelSet(line=_line(text, place), what="{ }")
    for key in each:
        if key not in CHECKS and key != "rank":
            raise NotALevelSet(line=_line(text, _place_of(key, text, place)), what=str(key)[:40])
    for key, check in CHECKS.items():
        if key not in each:
            raise NotALevelSet(line=_line(text, place), what=key)
        if not check(each[key]):
            raise NotALevelSet(line=_line(text, _place_of(key, text, place)), what=key)
    seen = set()
    for rule, where in _elements(text, text.index("[", _place_of("rules", text, place))):
        if not _is_rule(rule) or tuple(rule[:2]) in seen:
            raise NotALevelSet(line=_line(text, where), what=json.dumps(rule, ensure_ascii=False)[:80])
        seen.add(tuple(rule[:2]))


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, list) or len(rule) != 4 or not all(isinstance(word, str) for word in rule[:2]):
        return False
    kind, window, most, times = rule
    timed = times is None or (_whole(times, MOST_TIMES) and kind in TIMED and window != "each")
    return window in LIMITED.get(kind, ()) and (most is not None or times is not None) and _maybe(most, MOST_MINOR) and timed


def _whole(value: Any, most: int, least: int = 0) -> bool:
    return type(value) is int and least <= value <= most


def _maybe(value: Any, most: int) -> bool:
    return value is None or _whole(value, most)


def _names(value: Any) -> bool:
    return isinstance(value, dict) and all(
        code in LANGUAGES and isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name.isprintable() for code, name in value.items()
    )


def _pairs(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in value)


def _gaps(value: Any) -> bool:
    return _pairs(value) and all(kind in GAPS and _whole(minutes, MOST_MINUTES, 1) for kind, minutes in value)


def _security(value: Any) -> bool:
    return _pairs(value) and all(_whole(minor, MOST_MINOR) and _whole(level, 4, 1) for minor, level in value)


def _elements(text: str, place: int) -> Iterator[tuple[Any, int]]:
    """What stands in the array that begins here, each with its place. The document as a whole was read before."""
    place = _after_space(text, place + 1)
    while text[place] != "]":
        value, end = _JSON.raw_decode(text, place)
        yield value, place
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    assert found
    return found.end()


def _place_of(key: str, text: str, place: int) -> int:
    found = re.compile(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:").search(text, place)
    if not found:
        raise NotALevelSet(line=_line(text, place), what=key[:40])
    return found.start()


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _no_number(found: str) -> Any:
    raise ValueError(found)


def _value(key: str, value: Any) -> str:
    if key != "rules" or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"   {json.dumps(rule)}" for rule in value) + "\n  ]"


CHECKS = {
    "names": _names,
    "requires": lambda value: isinstance(value, list) and all(step in STEPS for step in value) and len(set(value)) == len(value),
    "days": lambda value: _whole(value, MOST_DAYS),
    "most_balance": lambda value: _maybe(value, MOST_MINOR),
    "rules": lambda value: isinstance(value, list),
    "gaps": _gaps,
    "first_payee": lambda value: _maybe(value, MOST_MINOR),
    "security": _security,
}
"""What each fact of a level must be."""
