"""Writing CSV as our own files are read: RFC 4180, UTF-8, and no cell that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def write_table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """The file's bytes. A text that begins with a sign of a formula gets a ' before it, which `csvfile` takes off again."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RUN_BY_SPREADSHEETS) and not _NUMBER.fullmatch(cell) else cell
