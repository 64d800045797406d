"""Editing a plan's document: what was typed is laid over it, rows are added and taken away. Nothing is kept between two presses but the page."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vps.commissions.plan_fields import BY_KIND, LEVELS, TIERS, Document, Field, Fields, at, read, steps
from vps.commissions.plans.reading import NotAnObject, read_json

BEGIN: Document = {
    "name": "",
    "currency": "EUR",
    "bonuses": [{"code": "levels", "kind": "unilevel", "levels": [None]}],
}
"""What the first plan of a company begins with."""


class Draft:
    """A document that is being written, with the language and the company it is written in."""

    def __init__(self, document: Document, language: str, wallets: Mapping[str, str], currencies: Sequence[str]) -> None:
        self.document = document
        self._ours = language, wallets, currencies

    @staticmethod
    def of(text: str, language: str, wallets: Mapping[str, str], currencies: Sequence[str]) -> "Draft":
        """What a text says. Raises NotJson, KeyTwice, NotAnObject."""
        value = read_json(text).value
        if not isinstance(value, dict):
            raise NotAnObject(where="{ }")
        return Draft(value, language, wallets, currencies)

    @property
    def fields(self) -> Fields:
        return Fields(self.document, *self._ours)

    @property
    def text(self) -> str:
        """The document as people read it."""
        return json.dumps(self.document, ensure_ascii=False, indent=1)

    def take(self, typed: Mapping[str, str]) -> None:
        """Lay what was typed into the fields over the document; a field that says what it said before changes nothing."""
        fields = self.fields
        for field in list(fields.every()):
            text = typed.get(field.name)
            if text is None or text.strip() == field.value:
                continue
            value = (
                _chosen(field, text, at(self.document, field.name))
                if field.options
                else read(text, field.sort, fields.language, fields.currency_at(field.name))
            )
            if field.name.endswith((".of_bonuses", ".ratio")) and isinstance(value, str):
                value = value.replace(",", " ").split()
            if value is not None or at(self.document, field.name) is not None:
                _lay(self.document, steps(field.name), value)
        if "over_100" in typed:
            self.document["over_100"] = True
        else:
            self.document.pop("over_100", None)

    def press(self, button: str, kind: str = "") -> None:
        """A button that changes the form: '+ranks' adds a row at the end, '-bonuses[0].levels[2]' takes one away. Others do nothing."""
        place = button[1:]
        if button[:1] == "+" and place in self.fields.lists():
            self._add(place, kind)
        elif button[:1] == "-" and place.rpartition("[")[0] in self.fields.lists() and (path := steps(place)):
            self._take_away(path)

    def _add(self, place: str, kind: str) -> None:
        path = steps(place)
        found = at(self.document, place)
        new: Any = None
        rows = found if isinstance(found, list) else []
        if place == "ranks":
            new = {"code": ""}
        elif place == "bonuses":
            kind = kind if kind in BY_KIND else "unilevel"
            new = {"code": _free(kind, rows), "kind": kind} | {word: [_empty(word)] for word in BY_KIND[kind] if word in (*LEVELS, *TIERS)}
        else:
            new = _empty(str(path[-1]))
        _lay(self.document, path, [*rows, new])

    def _take_away(self, path: list[str | int]) -> None:
        name, n = path[:-1], path[-1]
        rows = at(self.document, _name(name))
        if isinstance(rows, list) and isinstance(n, int) and n < len(rows):
            rows.pop(n)
            needs = at(self.document, _name([*name[:-1], "needs"])) if name[-1] == "levels" else None
            if isinstance(needs, list) and n < len(needs):
                needs.pop(n)
                if not any(needs):
                    _lay(self.document, [*name[:-1], "needs"], None)
            if not rows:
                _lay(self.document, name, None)


def place_at_fault(where: str, key: str, names: Sequence[str]) -> str:
    """The field at which a refusal is shown: that of its place, or the first one below; empty where there is none."""
    exact = f"{where}.{key}" if where != "{ }" and key else key or where
    return next(
        (name for wanted in (exact, where) for name in names if name == wanted or name.startswith((f"{wanted}.", f"{wanted}["))), ""
    )


def _chosen(field: Field, text: str, before: Any) -> Any:
    known = [value for value, _ in field.options]
    if text not in known:
        return before
    return None if not text or (before is None and text == known[0]) else text


def _lay(document: Any, path: list[str | int], value: Any) -> Any:
    """Write a value at a place; None takes it away, and what is empty then with it. Answers the document."""
    step, rest = path[0], path[1:]
    if isinstance(document, list):
        assert isinstance(step, int)
        document.extend([None] * (step + 1 - len(document)))
        document[step] = _lay(_box(document[step], rest[0]), rest, value) if rest else value
        return document
    if rest:
        inside = document[str(step)] = _lay(_box(document.get(str(step)), rest[0]), rest, value)
        if not inside or (step == "needs" and isinstance(inside, list) and not any(inside)):
            del document[str(step)]
    elif value is None:
        document.pop(str(step), None)
    else:
        document[str(step)] = value
    return document


def _box(found: Any, step: str | int) -> Any:
    """What is there if it can hold the step, or something empty that can."""
    kind: type[Any] = list if isinstance(step, int) else dict
    return found if isinstance(found, kind) else kind()


def _empty(word: str) -> Any:
    return [None, None] if word in TIERS else None


def _free(kind: str, rows: Any) -> str:
    """A code that no bonus has yet."""
    taken = [each.get("code") for each in rows if isinstance(each, dict)]
    return next(code for n in range(1, len(taken) + 3) if (code := kind if n == 1 else f"{kind}-{n}") not in taken)


def _name(path: Sequence[str | int]) -> str:
    found = ""
    for step in path:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else step
    return found
