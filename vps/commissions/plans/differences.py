"""What differs between two versions of a plan, as facts that can be read one by one: a rank and a bonus are known by their codes."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

Place = tuple[str | int, ...]
"""Keys, codes of ranks and bonuses, and numbers of levels and tiers, from 1."""


class Difference(NamedTuple):
    """One fact that is another one; None: it does not stand there."""

    place: Place
    before: str | None
    after: str | None


def differences(before: str, after: str) -> list[Difference]:
    """Everything that differs, in the order of the newer document."""
    was, now = dict(facts(before)), dict(facts(after))
    places = dict.fromkeys([*now, *was])
    return [Difference(place, was.get(place), now.get(place)) for place in places if was.get(place) != now.get(place)]


def facts(document: str) -> Iterator[tuple[Place, str]]:
    """Every fact of a document, and where it stands. Of more than one rank or bonus also their order, which matters."""
    return _facts(json.loads(document or "{}"), ())


def _facts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        if place and set(value) == {"fixed"}:
            yield place, f"+{value['fixed']}"
            return
        if place and not value:
            yield place, "{}"
        for key, each in sorted(value.items(), key=lambda item: _RANKS.get(item[0], 1)):
            yield from _facts(each, (*place, key))
    elif isinstance(value, list) and place in _CODED:
        codes = [each["code"] for each in value]
        for code, each in zip(codes, value, strict=True):
            yield from _facts({key: fact for key, fact in each.items() if key != "code"}, (*place, code))
        if len(codes) > 1:
            yield (*place, "sequence"), ", ".join(codes)
    elif isinstance(value, list) and place[-1] in _FLAT:
        yield place, ", ".join(map(str, value))
    elif isinstance(value, list):
        for n, each in enumerate(value, 1):
            if isinstance(each, list):  # a tier: from where on, and what is paid
                yield (*place, n), " → ".join(_text(part) for part in each)
            else:
                yield from _facts(each, (*place, n))
    elif value is not None:
        yield place, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"+{value['fixed']}"
    return "–" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)


_CODED = (("ranks",), ("bonuses",))
_FLAT = ("of_bonuses", "ratio")
_RANKS = {"name": -3, "kind": -2, "currency": -1, "bonuses": 2, "cap": 3, "over_100": 4}
"""What people read first and last."""
