"""What the columns of a bank's CSV mean: said once for each account, kept as JSON."""

import json
import re
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Final

from vps.kernel.refusals import N_, Refused

Column = str | int
"""The name that stands in the header, or the number of the column, counted from 1."""

ENCODINGS: Final = (
    "utf-8", "cp1250", "cp1251", "cp1252", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15", "cp852", "cp866", "koi8-r",
)  # fmt: skip
"""UTF-16 and a byte order mark are recognised whatever is said here."""
DELIMITERS: Final = (";", ",", "\t", "|")
GROUPINGS: Final = ("", ".", ",", " ", "'")
PARTS: Final = {"DD": r"(?P<day>[0-9]{1,2})", "MM": r"(?P<month>[0-9]{1,2})", "YYYY": r"(?P<year>[0-9]{4})", "YY": r"(?P<year>[0-9]{2})"}

_PART: Final = re.compile("YYYY|YY|MM|DD")
_TIME: Final = r"\.?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_SPACES: Final = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
_CURRENCY: Final = re.compile("[A-Z]{3}")
_MOST: Final = 100
_ONE: Final = ("day", "value_day", "amount", "money_in", "money_out", "direction", "currency_column", "party", "party_account", "reference",
               "balance", "own_account", "status")  # fmt: skip
_WORDS: Final = ("words_in", "words_out", "booked_words")


class WrongMapping(Refused):
    """Facts: what, the part of it that makes no sense."""

    says = N_("What the columns mean is not said in a way that can be read: %(what)s.")


@dataclass(frozen=True)
class Mapping:
    """The account and currency of a CSV file, how it is written, and in which column what stands.

    Money is said in one of three ways: a signed `amount`; `money_in` and `money_out`; or an `amount` and a `direction`, with the words
    for both. `text` joins several columns. Lines whose `status` is none of `booked_words` are pending.
    """

    account: str
    currency: str
    day: Column
    delimiter: str = ";"
    encoding: str = "utf-8"
    skip: int = 0
    skip_last: int = 0
    header: bool = True
    date_format: str = "DD.MM.YYYY"
    decimal: str = ","
    grouping: str = "."
    value_day: Column | None = None
    amount: Column | None = None
    money_in: Column | None = None
    money_out: Column | None = None
    direction: Column | None = None
    words_in: tuple[str, ...] = ()
    words_out: tuple[str, ...] = ()
    currency_column: Column | None = None
    text: tuple[Column, ...] = ()
    party: Column | None = None
    party_account: Column | None = None
    reference: Column | None = None
    balance: Column | None = None
    own_account: Column | None = None
    status: Column | None = None
    booked_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, right in _rules(self):
            if not right:
                raise WrongMapping(what=what)

    @classmethod
    def of_json(cls, text: str) -> "Mapping":
        """The mapping that `to_json` wrote, or a person. Raises WrongMapping."""
        try:
            said = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise WrongMapping(what="JSON") from error
        known = {field.name for field in fields(cls)}
        if not isinstance(said, dict):
            raise WrongMapping(what="JSON")
        for name in (*(name for name in said if name not in known), *(name for name in ("account", "currency", "day") if name not in said)):
            raise WrongMapping(what=str(name)[:40])
        parts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        return cls(**parts)

    def to_json(self) -> str:
        """What differs from the usual, as JSON."""
        usual = {field.name: field.default for field in fields(self)}
        return json.dumps({name: value for name, value in asdict(self).items() if value != usual[name]}, ensure_ascii=False)

    @property
    def columns(self) -> dict[str, tuple[Column, ...]]:
        """The columns of each part of a line that is said."""
        one = {name: getattr(self, name) for name in _ONE}
        return {**{name: (column,) for name, column in one.items() if column is not None}, **({"text": self.text} if self.text else {})}

    @cached_property
    def date_pattern(self) -> re.Pattern[str]:
        """A day as this bank writes it, and perhaps a time behind it."""
        return re.compile("".join(PARTS.get(part, re.escape(part)) for part in _date_parts(self.date_format)) + _TIME)

    @cached_property
    def amount_pattern(self) -> re.Pattern[str]:
        """An amount as this bank writes it: groups of exactly three, if any, and at most three decimals."""
        group = _SPACES if self.grouping == " " else re.escape(self.grouping)
        grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{1,6}}|" if self.grouping else ""
        return re.compile(
            rf"(?P<sign>[+\-\N{{MINUS SIGN}}]?) ?(?P<whole>{grouped}[0-9]{{1,18}})(?:{re.escape(self.decimal)}(?P<cents>[0-9]{{1,3}}))?(?P<behind>-?)"
        )


def _date_parts(date_format: str) -> list[str]:
    return [part for part in re.split("(YYYY|YY|MM|DD)", date_format) if part]


def _rules(mapping: Mapping) -> list[tuple[str, bool]]:
    """What must hold, and the name of the part that breaks it."""
    return [
        ("account", isinstance(mapping.account, str) and len(mapping.account) <= 60),
        ("currency", isinstance(mapping.currency, str) and bool(_CURRENCY.fullmatch(mapping.currency))),
        ("delimiter", mapping.delimiter in DELIMITERS),
        ("encoding", mapping.encoding in ENCODINGS),
        *((name, _is_count(getattr(mapping, name))) for name in ("skip", "skip_last")),
        ("header", isinstance(mapping.header, bool)),
        ("date_format", isinstance(mapping.date_format, str) and sorted(part[0] for part in _PART.findall(mapping.date_format)) == ["D", "M", "Y"]
         and len(mapping.date_format) <= 20),
        ("decimal", mapping.decimal in (",", ".")),
        ("grouping", mapping.grouping in GROUPINGS and mapping.grouping != mapping.decimal),
        ("day", mapping.day is not None),
        *((name, getattr(mapping, name) is None or _is_column(getattr(mapping, name), mapping.header)) for name in _ONE),
        ("text", isinstance(mapping.text, tuple) and all(_is_column(one, mapping.header) for one in mapping.text)),
        *((name, _are_words(getattr(mapping, name))) for name in _WORDS),
        ("amount", _says_money(mapping)),
        ("status", (mapping.status is None) == (not mapping.booked_words)),
    ]  # fmt: skip


def _is_count(said: Any) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _MOST


def _is_column(said: Any, header: bool) -> bool:
    if isinstance(said, str):
        return header and 0 < len(said) <= _MOST
    return _is_count(said) and said > 0


def _are_words(said: Any) -> bool:
    return isinstance(said, tuple) and all(isinstance(word, str) and 0 < len(word) <= _MOST for word in said)


def _says_money(mapping: Mapping) -> bool:
    if mapping.amount is None:
        return mapping.money_in is not None and mapping.money_out is not None and mapping.direction is None
    both = bool(mapping.words_in and mapping.words_out) and not set(mapping.words_in) & set(mapping.words_out)
    return mapping.money_in is None and mapping.money_out is None and (both if mapping.direction is not None else True)
