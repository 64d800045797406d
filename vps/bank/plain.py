"""What statements written as plain text have in common: characters, lines, days, and the digest by which one is known again."""

import codecs
import hashlib
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from vps.bank.archive import MAX_BYTES, EmptyFile, TooLarge, TooManyElements, UnknownEncoding, shown, wide
from vps.bank.statement import Entry, UnreadableDay, total

MAX_LINES: Final = 400_000
"""Lines of one file. The largest real ones have a tenth of it."""

_LINE_ENDS: Final = re.compile(r"\r\n|\n|\r")
_AT_THE_END: Final = "\0\x1a\t\r\n "


def text_of(content: bytes, name: str, *encodings: str) -> str:
    """The characters of a file: UTF-16 or UTF-8 when it is one of them, or the first of `encodings` that fits.

    Raises TooLarge, EmptyFile, UnknownEncoding.
    """
    if len(content) > MAX_BYTES:  # of an archive more may come, but no text of a bank is as large
        raise TooLarge(file=name, limit=MAX_BYTES // (1024 * 1024))
    two_bytes = wide(content)
    for encoding in (two_bytes,) if two_bytes else ("utf-8-sig", *encodings):
        try:
            text = content.decode(encoding).removeprefix("\ufeff").rstrip(_AT_THE_END)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if not text.strip():
            raise EmptyFile(file=name)
        return text
    raise UnknownEncoding(file=name, encoding=two_bytes or codecs.lookup((encodings or ("utf-8",))[0]).name)


def lines_of(text: str, name: str) -> list[str]:
    """Its lines, however they end. Raises TooManyElements."""
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise TooManyElements(file=name)
    return _LINE_ENDS.split(text)


def tidy(foreign: str) -> str:
    """Foreign text on its lines, without what a screen or a database could stumble over, and no more white space than it needs."""
    if foreign.isprintable():
        return " ".join(foreign.split())
    seen = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in foreign)
    return "\n".join(filter(None, (" ".join(line.split()) for line in seen.split("\n"))))


def day_of(year: int, month: int, day: int, *, where: dict[str, object], found: str) -> date:
    """That day; where banks count every month as thirty days, the last of its month. Raises UnreadableDay."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= year <= 9999):
        raise UnreadableDay(**where, found=shown(found))
    return date(year, month, day if day < 29 else min(day, monthrange(year, month)[1]))


def balanced(opening: Decimal | None, closing: Decimal | None, entries: Iterable[Entry]) -> bool | None:
    """Whether opening and booked entries make the closing; None when the bank leaves a balance out."""
    if opening is None or closing is None:
        return None
    return total((opening, *(entry.amount for entry in entries if entry.status == "BOOK"))) == closing


def identity_of(entries: Iterable[Entry], *facts: object) -> str:
    """The same each time the bank delivers these lines with these facts, in whatever characters and line breaks."""
    digest = hashlib.sha256("\n".join(map(str, facts)).encode())
    for entry in entries:
        letters = "".join(filter(str.isalnum, entry.text.casefold()))
        line = (entry.booked, entry.value, _plainly(entry.amount), entry.currency, entry.status, *entry.references, letters)
        digest.update("\n".join(map(str, line)).encode())
    return digest.hexdigest()


def same_account(written: str, number: str) -> bool:
    """Whether what a bank writes is the account with this number: an IBAN, or what a country without one has.

    Banks write the IBAN, all or part of the bank code and number it is made of, or the number with signs between its digits.
    """
    compact, whole = ("".join(said.split()).upper() for said in (written, number))
    inner = whole[4:] if whole[:1].isalpha() else whole
    if re.sub("[^0-9A-Z]", "", compact) in {whole, inner} - {""}:
        return True
    parts = re.split(r"[/-]", compact)
    if not 1 < len(parts) < 4 or not all(part.isdigit() for part in parts):
        return False
    # Germany and Croatia: bank code, number filled up with zeros; Serbia: check digits behind.
    bank, account, *check = parts
    room = len(inner) - len(bank) - sum(map(len, check))
    return len(account) <= room and inner == bank + account.zfill(room) + "".join(check)


def _plainly(amount: Decimal) -> str:
    # 5, 5.0 and 5.00 are one amount. Not `normalize`: that rounds to 28 figures.
    written = format(amount, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
