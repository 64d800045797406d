"""Reading a plan's JSON strictly: every value knows where it stands, and what is wrong with it is one sentence that names the place."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from vps.kernel.amounts import parse_plain
from vps.kernel.money import Money, digits
from vps.kernel.refusals import N_, Refused

_PERCENT = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,4}))?")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MOST_POINTS = 10**12
MOST_MINOR = 10**13


class NotJson(Refused):
    """Facts: line, column."""

    says = N_("The plan is not JSON. It cannot be read from line %(line)s, column %(column)s on.")


class KeyTwice(Refused):
    """Facts: key."""

    says = N_("The plan names “%(key)s” twice in one place.")


class UnknownKey(Refused):
    """Facts: where, key, keys."""

    says = N_("%(where)s: there is no key “%(key)s” here. Keys that can be here: %(keys)s")


class KeyMissing(Refused):
    """Facts: where, key."""

    says = N_("%(where)s: the key “%(key)s” is missing.")


class NotAnObject(Refused):
    """Facts: where."""

    says = N_("%(where)s: an object in braces must stand here.")


class NotAList(Refused):
    """Facts: where."""

    says = N_("%(where)s: a list in square brackets must stand here, with at least one entry.")


class NotAText(Refused):
    """Facts: where."""

    says = N_("%(where)s: a text of at most 80 characters must stand here.")


class NotTrueOrFalse(Refused):
    """Facts: where."""

    says = N_("%(where)s: true or false must stand here.")


class WrongChoice(Refused):
    """Facts: where, choices."""

    says = N_("%(where)s: one of these must stand here: %(choices)s")


class WrongCode(Refused):
    """Facts: where."""

    says = N_("%(where)s: a code has at most 40 small letters, digits, “-” and “_”, and begins with a letter.")


class WrongPercent(Refused):
    """Facts: where."""

    says = N_("%(where)s: a percentage must stand here, with at most four decimals, for example “7.5”.")


class RateOfZero(Refused):
    """Facts: where."""

    says = N_("%(where)s: a rate of zero pays nothing. Write null where nothing is to be paid.")


class WrongAmountHere(Refused):
    """Facts: where, example."""

    says = N_("%(where)s: an amount must stand here, for example “%(example)s”.")


class NegativeHere(Refused):
    """Facts: where."""

    says = N_("%(where)s: this must not be negative.")


class WrongNumber(Refused):
    """Facts: where, least, most."""

    says = N_("%(where)s: a whole number from %(least)s to %(most)s must stand here.")


class _Figures(str):
    """A number as it was written, so that no float ever touches it."""

    __slots__ = ()


class Node:
    """A value of the document, and where it stands: “bonuses[1].levels[0]”."""

    __slots__ = ("value", "where")

    def __init__(self, value: Any, where: str) -> None:
        self.value, self.where = value, where

    def __getitem__(self, key: str) -> "Node":
        return Node(self.value.get(key), f"{self.where}.{key}" if self.where else key)

    def __bool__(self) -> bool:
        return self.value is not None

    def keys(self, *, needed: Sequence[str] = (), maybe: Sequence[str] = ()) -> "Node":
        """This node, which must be an object with these keys and no others."""
        place = self.where or "{ }"
        if not isinstance(self.value, dict):
            raise NotAnObject(where=place)
        for key in self.value:
            if key not in needed and key not in maybe:
                raise UnknownKey(where=place, key=key[:40], keys=", ".join([*needed, *maybe]))
        for key in needed:
            if self.value.get(key) is None:
                raise KeyMissing(where=place, key=key)
        return self

    def each(self, *, empty: bool = False) -> Iterator["Node"]:
        """The entries of a list."""
        if not isinstance(self.value, list) or not (self.value or empty):
            raise NotAList(where=self.where)
        return (Node(entry, f"{self.where}[{place}]") for place, entry in enumerate(self.value))

    def entries(self) -> list[tuple[str, "Node"]]:
        """The keys and values of an object whose keys are free."""
        return [(key, self[key]) for key in self.keys(maybe=tuple(self.value) if isinstance(self.value, dict) else ()).value]

    def text(self) -> str:
        """A text for people."""
        if not isinstance(self.value, str) or isinstance(self.value, _Figures) or not 0 < len(self.value.strip()) <= 80:
            raise NotAText(where=self.where)
        return self.value.strip()

    def code(self) -> str:
        """A name for programs."""
        if not isinstance(self.value, str) or not _CODE.fullmatch(self.value):
            raise WrongCode(where=self.where)
        return self.value

    def choice(self, *choices: str) -> str:
        """One of a few words; the first of them when nothing stands here."""
        if self.value is None:
            return choices[0]
        if self.value not in choices:
            raise WrongChoice(where=self.where, choices=", ".join(choices))
        return str(self.value)

    def flag(self) -> bool:
        """True or false; false when nothing stands here."""
        if self.value is not None and not isinstance(self.value, bool):
            raise NotTrueOrFalse(where=self.where)
        return self.value is True

    def percent(self, *, most: int = 1000) -> int:
        """A percentage as millionths, more than zero."""
        found = _PERCENT.fullmatch(self._figures())
        millionths = int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")) if found else -1
        if not 0 <= millionths <= most * 10_000:
            raise WrongPercent(where=self.where)
        if millionths == 0:
            raise RateOfZero(where=self.where)
        return millionths

    def amount(self, currency: str) -> int:
        """An amount in minor units, perhaps zero."""
        figures = self._figures()
        if figures.startswith("-") and _NUMBER.fullmatch(figures):
            raise NegativeHere(where=self.where)
        try:
            return parse_plain(figures, currency, most=MOST_MINOR).minor
        except Refused as refusal:
            raise WrongAmountHere(where=self.where, example=Money(100 * 10 ** digits(currency), currency).plain) from refusal

    def positive(self, currency: str) -> int:
        """An amount in minor units, more than zero."""
        minor = self.amount(currency)
        if not minor:
            raise RateOfZero(where=self.where)
        return minor

    def whole(self, least: int, most: int) -> int:
        """A whole number between two bounds."""
        figures = self._figures()
        if figures.startswith("-") and _NUMBER.fullmatch(figures):
            raise NegativeHere(where=self.where)
        if not re.fullmatch("[0-9]{1,15}", figures) or not least <= int(figures) <= most:
            raise WrongNumber(where=self.where, least=least, most=most)
        return int(figures)

    def _figures(self) -> str:
        return self.value if isinstance(self.value, str) else ""


def read_json(text: str) -> Node:
    """The document, its numbers as they were written. Raises NotJson, KeyTwice."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_Figures, parse_int=_Figures, parse_constant=_Figures)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as trouble:
        raise NotJson(line=trouble.lineno, column=trouble.colno) from trouble
    except (RecursionError, UnicodeEncodeError) as trouble:  # the latter: half of a character
        raise NotJson(line=1, column=1) from trouble
    return Node(value, "")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyTwice(key=key[:40])
        found[key] = value
    return found
