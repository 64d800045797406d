"""CSV files: UTF-8, a header row, ',' or ';'. Every mistake is collected with its line and column, so that one look shows them all.

Spreadsheets run cells that begin with = + - or @; our own files put a ' before those, and it is taken off again here.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from vps.kernel.database import action
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused

MOST_BYTES = 32 * 2**20
LONGEST_CELL = 4_000
_RUN_BY_SPREADSHEETS = ("'=", "'+", "'-", "'@", "'\t")

Cleaner = Callable[[str], Any]
"""Reads one cell, or raises a `Refused` that says what is wrong with it."""


class NotUtf8(Refused):
    says = N_("The file is not written in UTF-8. Save it as “CSV UTF-8” and try again.")


class ZeroBytes(Refused):
    says = N_("The file contains zero bytes, so it is not a text. Save it as “CSV UTF-8” and try again.")


class TooLargeFile(Refused):
    """Facts: most (MiB)."""

    says = N_("The file is too large. Longest file in MiB: %(most)s. Divide it into several.")


class NoHeader(Refused):
    """Facts: columns."""

    says = N_("The file is empty. Its first line must name the columns: %(columns)s")


class ColumnsMissing(Refused):
    """Facts: missing, columns."""

    says = N_("The first line does not name these columns: %(missing)s. All columns that can be read: %(columns)s")


class UnknownColumn(Refused):
    """A misspelled column would be left out without a word. Facts: column, columns."""

    says = N_("The first line names an unknown column: “%(column)s”. All columns that can be read: %(columns)s")


class ColumnTwice(Refused):
    """Facts: column."""

    says = N_("The first line names the column “%(column)s” twice.")


class WrongCount(Refused):
    """Facts: found, wanted."""

    says = N_("The cells of this line do not match the header. Cells here: %(found)s. Columns in the header: %(wanted)s.")


class NotCsv(Refused):
    says = N_("From here on the file cannot be read. Probably a quotation mark is missing, or there is one too many.")


class CellTooLong(Refused):
    """Facts: most."""

    says = N_("A cell is too long. Longest cell in characters: %(most)s.")


class Twice(Refused):
    """Facts: line."""

    says = N_("This has been in line %(line)s already.")


class WrongLines(Refused):
    """Some lines were refused, so all were; `mistakes` says which."""

    says = N_("The file has mistakes. Nothing was imported.")

    def __init__(self, mistakes: list["Mistake"]) -> None:
        super().__init__()
        self.mistakes = mistakes


class Mistake(NamedTuple):
    """What was refused in a line of the file, counted from 1; `column` is empty when it is the whole line."""

    line: int
    column: str
    refusal: Refused


class Outcome(NamedTuple):
    """What an import did, or would do: lines read, things made, changed and left as they were, and the sums of the file."""

    lines: int
    new: int
    changed: int
    unchanged: int
    sums: tuple[Money, ...] = ()


class Line:
    """One record: its place in the file, and its cells by column. Columns that the file lacks are empty."""

    __slots__ = ("cells", "mistakes", "number")

    def __init__(self, number: int, cells: dict[str, str], mistakes: list[Mistake]) -> None:
        self.number, self.cells, self.mistakes = number, cells, mistakes

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def read(self, cleaners: Mapping[str, Cleaner]) -> dict[str, Any] | None:
        """The cells, read; None, and a mistake for each, when some cannot be."""
        values: dict[str, Any] = {}
        for column, clean in cleaners.items():
            try:
                values[column] = clean(self[column])
            except Refused as refusal:
                self.wrong(column, refusal)
        return values if len(values) == len(cleaners) else None

    def wrong(self, column: str, refusal: Refused) -> None:
        """Note a mistake in a cell."""
        self.mistakes.append(Mistake(self.number, column, refusal))


class Table:
    """The lines of a file, and every mistake found so far."""

    def __init__(self, lines: list[Line], mistakes: list[Mistake]) -> None:
        self.lines, self.mistakes = lines, mistakes

    def must_be_right(self) -> None:
        """Raise WrongLines if there is any mistake."""
        if self.mistakes:
            raise WrongLines(sorted(self.mistakes, key=lambda mistake: mistake.line))


def read_table(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read a file whose header names the required columns and perhaps some of the optional ones, in any order.

    Raises NotUtf8, ZeroBytes, TooLargeFile, NoHeader, ColumnsMissing, UnknownColumn, ColumnTwice; what is wrong with single
    lines stands in the table's mistakes.
    """
    text = _text(content)
    records = _records(text)
    header = [cell.strip().casefold() for cell in _header(records)]
    _must_be_our_columns(header, required, optional)
    table = Table([], [])
    for number, cells in records:
        if isinstance(cells, Refused):
            table.mistakes.append(Mistake(number, "", cells))
        elif len(cells) != len(header):
            table.mistakes.append(Mistake(number, "", WrongCount(found=len(cells), wanted=len(header))))
        elif any(len(cell) > LONGEST_CELL for cell in cells):
            table.mistakes.append(Mistake(number, "", CellTooLong(most=LONGEST_CELL)))
        else:
            table.lines.append(Line(number, dict(zip(header, map(plain, cells), strict=True)), table.mistakes))
    return table


def all_or_nothing(table: Table, write: Callable[[], Outcome], *, dry: bool) -> Outcome:
    """Let `write` check the table and write it down, in one transaction; a dry run does the same and takes it back.

    Raises WrongLines.
    """
    try:
        return _in_one_transaction(table, write, len(table.mistakes), dry)
    except _Rehearsed as done:
        return done.outcome


class _Rehearsed(Exception):  # noqa: N818 - not an error: it takes the transaction back
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@action
def _in_one_transaction(table: Table, write: Callable[[], Outcome], found: int, dry: bool) -> Outcome:
    del table.mistakes[found:]  # when the action is tried again, what the first try found is looked for anew
    outcome = write()
    table.must_be_right()
    if dry:
        raise _Rehearsed(outcome)
    return outcome


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise TooLargeFile(most=MOST_BYTES // 2**20)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise NotUtf8 from trouble
    if "\0" in text:
        raise ZeroBytes
    return text


def _records(text: str) -> Iterator[tuple[int, list[str] | Refused]]:
    """The records that are not blank, each with the line it begins in; after a refusal there is nothing more."""
    first = text.lstrip().partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            yield number, CellTooLong(most=LONGEST_CELL) if "field larger" in str(trouble) else NotCsv()
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _header(records: Iterator[tuple[int, list[str] | Refused]]) -> list[str]:
    for _, cells in records:
        if isinstance(cells, Refused):
            raise cells
        return cells
    return []


def _must_be_our_columns(header: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    columns = ", ".join([*required, *optional])
    if not header:
        raise NoHeader(columns=columns)
    for column in header:
        if column not in required and column not in optional:
            raise UnknownColumn(column=column[:40], columns=columns)
        if header.count(column) > 1:
            raise ColumnTwice(column=column)
    if missing := [column for column in required if column not in header]:
        raise ColumnsMissing(missing=", ".join(missing), columns=columns)


def plain(cell: str) -> str:
    return (cell[1:] if cell.startswith(_RUN_BY_SPREADSHEETS) else cell).strip()
