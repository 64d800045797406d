"""The fields of a plan's form: which there are follows from the document, and each is named by its place in it, as refusals name it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from vps.commissions.plan_words import CHOICES, choice, key
from vps.commissions.plan_words import kind as kind_word
from vps.kernel.amounts import NotPositive, decimal_sign, parse_amount, parse_plain, written
from vps.kernel.money import is_currency
from vps.kernel.refusals import Refused
from vps.wallets.models import MAIN

Document = dict[str, Any]
TOKEN = re.compile(r"([a-z_0-9]+)|\[(\d{1,6})\]")
LEVELS, TIERS = ("levels",), ("tiers", "volume_tiers")
LEGS_WITHIN = "needs.legs.within"
BY_KIND: Mapping[str, tuple[str, ...]] = {
    "unilevel": ("of", "currency", "round", "level_1", "compress", "levels"),
    "differential": ("of", "currency", "round", "rates", "over", "mode", "from", "compress", "volume_tiers"),
    "generation": ("of", "currency", "round", "leader", "compress", "levels"),
    "tier": ("of", "currency", "round", "over", "on", "mode", "tiers"),
    "matching": ("of_bonuses", "currency", "round", "compress", "levels"),
    "binary": ("of", "currency", "percent", "pair", "fixed", "carry", "ratio", "depth"),
    "matrix": ("of", "currency", "round", "level_1", "width", "compress", "levels"),
}
"""What the form offers of each kind; the rest is written in the document itself."""
WORDS = {
    ("differential", "mode"): ("greater of", "sum"),
    ("tier", "mode"): ("flat", "split"),
    ("differential", "over"): ("group", "own"),
    ("tier", "on"): ("", "own", "group"),
    **{(kind, "round"): ("", "line", "sum") for kind in BY_KIND},
}
"""What a key can say where that depends on the kind of bonus, or what counts when nothing stands there does: then that is the first one."""
SORTS = {
    "point_value": "percent",
    "own": "amount",
    "group": "amount",
    "payee": "amount",
    "cap": "amount",
    "fixed": "amount",
    "volume": "amount",
    "percent": "percent",
    "percent_of_sales": "percent",
}
"""How a value is read and written, where it is no plain text or choice."""


class Field(NamedTuple):
    """One field: its name is its place in the document. `options`: what can be chosen, with its words."""

    name: str
    label: str
    value: str
    sort: str
    options: Sequence[tuple[str, str]] = ()


class Row(NamedTuple):
    """One level, tier or rank, and the place to remove it from."""

    name: str
    cells: list[Field]
    title: str


class Group(NamedTuple):
    """A bonus: its own fields, and the rows of the list it has, whose place is `rows_at`; none for a list that no form can show."""

    name: str
    title: str
    fields: list[Field]
    rows_at: str
    rows: list[Row]


def steps(name: str) -> list[str | int]:
    """'bonuses[0].levels[2]' as keys and numbers."""
    return [word or int(number) for word, number in TOKEN.findall(name)]


def at(document: Document, name: str) -> Any:
    """What stands at a place, or None."""
    found: Any = document
    for step in steps(name):
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


class Fields:
    """All fields of a document, for a reader of a language, and a company with these wallets and currencies."""

    def __init__(self, document: Document, language: str, wallets: Mapping[str, str], currencies: Sequence[str]) -> None:
        self.document, self.language, self.wallets = document, language, wallets
        named = str(document.get("currency") or "")
        self.currency = named if is_currency(named) else currencies[0]
        self.currencies = currencies
        ranks = document.get("ranks")
        entries = ranks if isinstance(ranks, list) else []
        self.ranks = [str(each.get("code") or "") if isinstance(each, dict) else "" for each in entries]

    def plan(self) -> list[Field]:
        """What the whole plan says."""
        currencies = [(code, code) for code in dict.fromkeys((*self.currencies, self.currency))]
        named = ("point_value", "active.own", "active.own_points", "cap.payee", "cap.percent_of_sales")
        return [
            self.field("name"),
            self.field("currency", currencies),
            self.field("rounding", self.choices("rounding")),
            *map(self.field, named),
            *([self.field("breakaway", self.rank_options("rank"))] if self.ranks or self.document.get("breakaway") else []),
        ]

    def ranks_rows(self) -> list[Row]:
        """The ranks, from the lowest to the highest."""
        needs = ("own", "own_points", "group", "group_points")
        names = (
            "code",
            "percent",
            *(f"needs.{word}" for word in needs),
            "needs.legs.count",
            "needs.legs.rank",
            "needs.legs.volume",
            LEGS_WITHIN,
        )
        found = []
        for n, _ in enumerate(self.ranks):
            plain = not isinstance(at(self.document, f"ranks[{n}].needs.legs"), list)
            shown = names if plain else names[:-4]
            cells = [self.field(f"ranks[{n}].{name}", self._rank_choices(name)) for name in shown]
            found.append(Row(f"ranks[{n}]", cells, f"{key('ranks')} {n + 1}"))
        return found

    def bonuses(self) -> list[Group]:
        """The bonuses, each with its rows."""
        found = self.document.get("bonuses")
        return [self._bonus(n, each) for n, each in enumerate(found if isinstance(found, list) else []) if isinstance(each, dict)]

    def every(self) -> Iterator[Field]:
        """Each field once."""
        yield from self.plan()
        for row in self.ranks_rows():
            yield from row.cells
        for group in self.bonuses():
            yield from group.fields
            for row in group.rows:
                yield from row.cells

    def lists(self) -> set[str]:
        """The places that rows can be added to and taken from."""
        return {"ranks", "bonuses", *(group.rows_at for group in self.bonuses() if group.rows_at)}

    def field(self, name: str, options: Sequence[tuple[str, str]] = ()) -> Field:
        """The field of a place."""
        last = str(steps(name)[-1])
        sort = "choice" if options else SORTS.get(last, "text")
        if last == "pair" and at(self.document, name.removesuffix("pair") + "of") != "points":
            sort = "amount"
        parts = [each for each in steps(name) if isinstance(each, str) and each not in ("ranks", "bonuses")]
        label = " · ".join(map(key, parts))
        return _field(name, label[:1].upper() + label[1:], self._shown(name, sort), sort, options)

    def currency_at(self, name: str) -> str:
        """The currency of the amounts at a place: that of its bonus."""
        named = at(self.document, f"{name.partition('.')[0]}.currency") if name.startswith("bonuses") else None
        return named if isinstance(named, str) and is_currency(named) else self.currency

    def choices(self, word: str, kind: str = "") -> list[tuple[str, str]]:
        """The words of a key; the first one counts when nothing stands there."""
        return [(value, choice(word, value) or "–") for value in WORDS.get((kind, word), tuple(CHOICES[word]))]

    def rank_options(self, name: str) -> list[tuple[str, str]]:
        """The ranks, for a place that names one."""
        return [("", "–"), *((code, code) for code in self.ranks if code)] if name.endswith("rank") else []

    def _shown(self, name: str, sort: str) -> str:
        return shown(at(self.document, name), sort, self.language, self.currency_at(name))

    def _rank_choices(self, name: str) -> list[tuple[str, str]]:
        return self.choices("within") if name == LEGS_WITHIN else self.rank_options(name)

    def _bonus(self, n: int, bonus: Document) -> Group:
        place, kind = f"bonuses[{n}]", str(bonus.get("kind"))
        wallets = [*([] if MAIN in self.wallets else [("", "–")]), *self.wallets.items()]
        fields = [
            self.field(f"{place}.code"),
            self.field(f"{place}.name"),
            self.field(f"{place}.wallet", wallets),
            self.field(f"{place}.cap"),
        ]
        rows_at = ""
        for word in BY_KIND.get(kind, ()):
            if word in LEVELS or word in TIERS:
                rows_at = f"{place}.{word}" if isinstance(bonus.get(word) or [], list) else ""
            elif word == "leader":
                fields.append(self.field(f"{place}.leader", self.rank_options("rank")))
            elif word == "currency":
                if len(self.currencies) > 1 or bonus.get(word):
                    fields.append(self.field(f"{place}.{word}", [("", "–"), *((code, code) for code in self.currencies)]))
            else:
                options = self.choices(word, kind) if word in CHOICES else ()
                fields.append(self.field(f"{place}.{word}", options))
        rows = [self._row(bonus, place, rows_at, m) for m, _ in enumerate(at(self.document, rows_at) or [] if rows_at else [])]
        return Group(place, kind_word(kind), fields, rows_at, rows)

    def _row(self, bonus: Document, place: str, rows_at: str, m: int) -> Row:
        name = f"{rows_at}[{m}]"
        label = f"{key(str(steps(rows_at)[-1]))} {m + 1}"
        if rows_at.endswith("tiers"):
            volume = "whole" if bonus.get("of") == "points" else "amount"
            pair = (f"{name}[0]", volume), (f"{name}[1]", "rate")
            return Row(name, [Field(cell, label, self._shown(cell, sort), sort) for cell, sort in pair], label)
        cells = [Field(name, label, self._shown(name, "rate"), "rate")]
        needs = f"{place}.needs[{m}]"
        if bonus.get("kind") != "generation" and (self.ranks or at(self.document, needs)):
            named = str(at(self.document, needs) or "")
            cells.append(_field(needs, f"{label} · {key('needs')}", named, "choice", self.rank_options("rank")))
        return Row(name, cells, label)


def _field(name: str, label: str, value: str, sort: str, options: Sequence[tuple[str, str]]) -> Field:
    # What the document says is offered even where nobody knows it any more: pressing a button must not lose it.
    known = not options or not value or value in dict(options)
    return Field(name, label, value, sort, options if known else [*options, (value, value)])


def shown(value: Any, sort: str, language: str, currency: str) -> str:
    """A value of the document as its reader would type it; what cannot be read stands there as it is."""
    if isinstance(value, dict):
        return f"{shown(value.get('fixed'), 'amount', language, currency)} {currency}".strip()
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = "" if value is None else str(value)
    if sort == "amount" and text:
        try:
            return written(parse_plain(text, currency), language)
        except Refused:
            return text
    return text.replace(".", decimal_sign(language)) if sort in ("percent", "rate") else text


def read(typed: str, sort: str, language: str, currency: str) -> Any:
    """What was typed as the document keeps it; None for nothing. What cannot be read goes in as it is, and the document says why."""
    text = typed.strip()
    if not text:
        return None
    if sort == "amount":
        try:
            return parse_amount(text, language=language, currency=currency).money.plain
        except NotPositive:
            return "0"
        except Refused:
            return text
    if sort == "rate" and text.endswith(currency):
        return {"fixed": read(text.removesuffix(currency), "amount", language, currency) or ""}
    if sort in ("percent", "rate"):
        return text.removesuffix("%").strip().replace(decimal_sign(language), ".")
    return text
