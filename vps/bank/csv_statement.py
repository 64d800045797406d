"""Bank statements: CSV, whose columns a mapping explains. Whatever does not fit refuses the whole file, and its line is named.

A balance after each line proves that none is missing: without one, nothing but the reader's eye notices a file that was cut.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vps.bank.archive import TooManyElements, shown
from vps.bank.columns import Mapping
from vps.bank.plain import MAX_LINES, day_of, identity_of, same_account, text_of, tidy
from vps.bank.statement import (
    BrokenCsv,
    Entry,
    MixedCurrencies,
    NegativeAmount,
    NoAmount,
    NoDay,
    NoSide,
    NoStatement,
    NoSuchColumn,
    OtherAccount,
    SameColumns,
    Statement,
    UnreadableAmount,
    UnreadableDay,
    WrongCells,
    said,
    total,
)
from vps.kernel.csvfile import plain

_SYMBOLS = {"EUR": "€", "USD": "$", "RUB": "₽", "GBP": "£"}
_SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A record of the file: its place, and its cells by what the mapping calls them."""

    where: dict[str, object]
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read_csv(content: bytes, name: str, mapping: Mapping) -> Iterator[Statement]:
    """The one statement of a file. Raises a FileRefused (vps.bank.archive, vps.bank.statement)."""
    text = text_of(content, name, mapping.encoding)
    rows = _rows(text, name, mapping)
    _one_sign_for_what_went(rows, mapping)
    entries = tuple(_entry(row, n, mapping) for n, row in enumerate(rows, start=1))
    if not entries:
        raise NoStatement(file=name)
    opening, closing, holds = _balances(rows, entries, mapping)
    days = [entry.booked or date.min for entry in entries]
    yield Statement(
        account=mapping.account,
        currency=mapping.currency,
        identity=identity_of(entries, "CSV", mapping.account, min(days), max(days), opening, closing, len(entries)),
        number="",
        message="CSV",
        opening=opening,
        closing=closing,
        opening_day=min(days),
        closing_day=max(days),
        balanced=holds,
        entries=entries,
    )


def records(text: str, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record that is not blank, and the line it begins in. Raises BrokenCsv, TooManyElements."""
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise TooManyElements(file=name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenCsv(file=name, line=number) from error
        if any(map(str.strip, cells)):
            yield number, cells


def _rows(text: str, name: str, mapping: Mapping) -> list[_Row]:
    found = list(records(text, name, mapping.delimiter))[mapping.skip :]
    if not found:
        raise NoStatement(file=name)
    header = found.pop(0)[1] if mapping.header else []
    width = len(header) if mapping.header else len(found[0][1])
    places = _places(header, width, name, mapping)
    rows = []
    found = found[: len(found) - mapping.skip_last]
    # Some banks end each line with a separator, but not the header.
    ends = all(len(cells) == width + 1 and not cells[width] for _, cells in found)
    for line, cells in found:
        where: dict[str, object] = {"file": name, "line": line}
        if len(cells) != width + ends:
            raise WrongCells(**where, found=len(cells), wanted=width)
        values = {part: "\n".join(filter(None, (plain(cells[at]) for at in places[part]))) for part in places}
        rows.append(_Row(where, values))
    return rows


def _places(header: list[str], width: int, name: str, mapping: Mapping) -> dict[str, list[int]]:
    names = [" ".join(cell.split()).casefold() for cell in header]
    return {part: [_place(one, names, width, name) for one in columns] for part, columns in mapping.columns.items()}


def _place(column: str | int, names: list[str], width: int, name: str) -> int:
    if isinstance(column, int):
        if column > width:
            raise NoSuchColumn(file=name, column=column)
        return column - 1
    wanted = " ".join(column.split()).casefold()
    if wanted not in names:
        raise NoSuchColumn(file=name, column=shown(column))
    if names.count(wanted) > 1:
        raise SameColumns(file=name, column=shown(column))
    return names.index(wanted)


def _entry(row: _Row, n: int, mapping: Mapping) -> Entry:
    day = _day(row, "day", mapping)
    if day is None:
        raise NoDay(**row.where)
    _must_be_ours(row, mapping)
    booked = mapping.status is None or row["status"].casefold() in {word.casefold() for word in mapping.booked_words}
    return Entry(
        n=n,
        booked=day,
        value=_day(row, "value_day", mapping) or day,
        amount=_signed(row, mapping),
        currency=mapping.currency,
        status="BOOK" if booked else "PDNG",
        reversal=False,
        references=said((tidy(row["reference"]),)),
        text=tidy(row["text"]),
        counterparty_name=tidy(row["party"]).replace("\n", " "),
        counterparty_account="".join(row["party_account"].split())[:60],
        return_reason="",
        bank_code="",
    )


def _must_be_ours(row: _Row, mapping: Mapping) -> None:
    currency = row["currency_column"].strip()
    if currency and currency.upper() != mapping.currency:
        raise MixedCurrencies(**row.where, found=shown(currency), expected=mapping.currency)
    account = row["own_account"].strip()
    if account and not same_account(account, mapping.account):
        raise OtherAccount(**row.where, account=mapping.account)


def _day(row: _Row, part: str, mapping: Mapping) -> date | None:
    written = row[part].strip()
    if not written:
        return None
    found = mapping.date_pattern.fullmatch(written)
    if not found:
        raise UnreadableDay(**row.where, found=shown(written))
    year = int(found["year"])
    return day_of(year if year > 99 else 2000 + year, int(found["month"]), int(found["day"]), where=row.where, found=written)


def _signed(row: _Row, mapping: Mapping) -> Decimal:
    if mapping.amount is None:
        came, went = _amount(row, "money_in", mapping), _amount(row, "money_out", mapping)
        if (came and went) or came is went is None:
            raise NoAmount(**row.where)
        if came and came < 0:
            raise NegativeAmount(**row.where, found=shown(row["money_in"]))
        return went.copy_abs().copy_negate() if went else came or Decimal(0)
    amount = _amount(row, "amount", mapping)
    if amount is None:
        raise NoAmount(**row.where)
    if mapping.direction is None:
        return amount
    if amount < 0:
        raise NegativeAmount(**row.where, found=shown(row["amount"]))
    word = row["direction"].strip().casefold()
    if word in {one.casefold() for one in mapping.words_in}:
        return amount
    if word in {one.casefold() for one in mapping.words_out}:
        return amount.copy_negate() if amount else amount
    raise NoSide(**row.where)


def _amount(row: _Row, part: str, mapping: Mapping) -> Decimal | None:
    written = row[part].strip().removesuffix(mapping.currency).removesuffix(_SYMBOLS.get(mapping.currency, "")).strip()
    if not written:
        return None
    found = mapping.amount_pattern.fullmatch(written)
    if not found or (found["sign"] and found["behind"]):
        raise UnreadableAmount(**row.where, found=shown(written))
    whole = found["whole"].translate(_SPACES)
    amount = Decimal(
        (whole.replace(mapping.grouping, "") if mapping.grouping else whole) + (f".{found['cents']}" if found["cents"] else "")
    )
    return amount.copy_negate() if (found["sign"] not in ("", "+") or found["behind"]) and amount else amount


def _one_sign_for_what_went(rows: list[_Row], mapping: Mapping) -> None:
    # Some banks put a minus before all that went, and then it says nothing; before some of it, it could mean the opposite.
    if mapping.money_out is not None:
        signs: set[bool] = set()
        for row in rows:
            went = _amount(row, "money_out", mapping)
            if went:
                signs.add(went < 0)
            if len(signs) > 1:
                raise NegativeAmount(**row.where, found=shown(row["money_out"]))


def _balances(rows: list[_Row], entries: tuple[Entry, ...], mapping: Mapping) -> tuple[Decimal | None, Decimal | None, bool | None]:
    """Opening and closing by the balance after each line, and whether every one of them fits; the oldest line comes first, or last."""
    lines = [(entry, _amount(row, "balance", mapping)) for row, entry in zip(rows, entries, strict=True) if entry.status == "BOOK"]
    if all(after is None for _, after in lines):
        return None, None, None
    booked = total(entry.amount for entry, _ in lines)
    downwards = len(lines) > 1 and (lines[0][0].booked or date.min) > (lines[-1][0].booked or date.min)
    for order in (lines[::-1], lines) if downwards else (lines, lines[::-1]):
        opening = _opening(order)
        if opening is not None:
            return opening, total((opening, booked)), True
    opening = _first(lines[::-1] if downwards else lines)
    last = next(after for _, after in (lines if downwards else lines[::-1]) if after is not None)
    return opening, last, False


def _opening(lines: list[tuple[Entry, Decimal | None]]) -> Decimal | None:
    """What there was before the first line, if every balance says the same of it."""
    before = Decimal(0)
    found: set[Decimal] = set()
    for entry, after in lines:
        before = total((before, entry.amount))
        if after is not None:
            found.add(total((after, before.copy_negate())))
    return found.pop() if len(found) == 1 else None


def _first(lines: list[tuple[Entry, Decimal | None]]) -> Decimal:
    """What there was before the first line, as the first balance says it."""
    known = next(n for n, (_, after) in enumerate(lines, start=1) if after is not None)
    moved = total(entry.amount for entry, _ in lines[:known])
    return total((lines[known - 1][1] or Decimal(0), moved.copy_negate()))
