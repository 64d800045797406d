"""Writing CSV as our own files are read: RFC 4180, UTF-8, and no cell that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TextIO

_RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r")
PIECE = 500
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Lines = Iterable[Sequence[str | int | None]]


def write_table(header: Sequence[str], lines: Lines) -> bytes:
    """The file's bytes. A text that begins with a sign of a formula gets a ' before it, which `csvfile` takes off again."""
    text = io.StringIO(newline="")
    writing(text, header)(lines)
    return text.getvalue().encode()


def written_lines(header: Sequence[str], lines: Lines) -> Iterator[bytes]:
    """The same file piece by piece, for one that may be long."""
    text, rest = io.StringIO(newline=""), iter(lines)
    write = writing(text, header)
    while piece := list(islice(rest, PIECE)):
        write(piece)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def writing(text: TextIO, header: Sequence[str]) -> Callable[[Lines], None]:
    """The same for a file of any size: begins it, and answers what writes further lines into it."""
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)

    def write(lines: Lines) -> None:
        # Cell by cell without a call: a large file has millions of them.
        run = _RUN_BY_SPREADSHEETS
        writer.writerows([_harmless(cell) if isinstance(cell, str) and cell[:1] in run else cell for cell in line] for line in lines)

    return write


def _harmless(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else f"'{cell}"
