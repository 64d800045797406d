"""Bank statements: SWIFT MT940, as banks really write it.

Several statements and several pages of one stand in a file, with or without SWIFT's blocks around them. RC and RD are not C and D:
a reversed credit is money that goes. What stands behind the amount and in :86: is taken for what it is worth; an amount, a direction
or a balance that makes no sense refuses the whole file. MT942 and MT941 are recognised, and refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from vps.bank.archive import shown
from vps.bank.mt940_details import Details, details_of
from vps.bank.plain import balanced, day_of, identity_of, lines_of, text_of, tidy
from vps.bank.statement import (
    Entry,
    InterimReport,
    MixedCurrencies,
    NoCurrency,
    NoStatement,
    Statement,
    UnreadableAmount,
    UnreadableLine,
    said,
)

BEGINS: Final = re.compile(rb"(?:^|[\r\n]|\{4:)[ \t]*:20:")
"""By this a file is known; around it stand greetings, headers and blocks."""

_TAG: Final = re.compile(r":(NS|13D?|20|21|25[AP]?|28C?|34F|60[FM]?|61|62[FM]?|64F?|65F?|86|90[CD]|940|942):")
_END: Final = re.compile(r"-(?:\}|$|X{3}|å)|\{")
_BALANCE: Final = re.compile(r"R?([CD])([0-9]{6})([A-Z]{3})([^ ]+)")
_LINE: Final = re.compile(r"([0-9]{6})([0-9]{4}| {4})? ?(R[CD]|E[CD]|[CD])([A-Z])?([0-9,]+) *(?:([NFS][A-Z0-9]{3}|S {3}X?)(.*))?")
_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:,[0-9]{0,6})?|,[0-9]{1,6}")
_IN: Final = {"C", "RD", "EC"}
_NO_DAY: Final = "000000"
_CENTURY: Final = 80
"""Years below belong to this century."""
_POINTERS: Final = {"EREF", "EREF+", "KREF", "KREF+", "MREF", "MREF+", "PREF", "PREF+"}
"""Written where a reference belongs: look for it in :86:."""
_OWN_CURRENCY: Final = re.compile(r"(?<=[0-9])/?[A-Z]{3}$")


class _Field(NamedTuple):
    tag: str
    line: int
    lines: list[str]


class _Balance(NamedTuple):
    amount: Decimal
    currency: str
    day: date | None
    line: int


@dataclass
class _Page:
    """One page: what stands between :20: and :62:."""

    line: int
    account: str = ""
    number: str = ""
    opening: _Balance | None = None
    closing: _Balance | None = None
    last: bool = False
    entries: list[Entry] = field(default_factory=list)
    interim: bool = False

    @property
    def begun(self) -> bool:
        return bool(self.opening or self.closing or self.entries)


def read_mt940(content: bytes, name: str) -> Iterator[Statement]:
    """The statements of one file, in the order of the bank. Raises a FileRefused (vps.bank.archive, vps.bank.statement)."""
    pages = _pages(lines_of(text_of(content, name, "cp1252", "latin-1"), name), name)
    read = [_statement(page, name) for page in pages]
    if not read:
        raise NoStatement(file=name)
    yield from read


def _fields(lines: list[str]) -> list[_Field]:
    found: list[_Field] = []
    inside = False
    for number, whole in enumerate(lines, start=1):
        # "{4:" opens the text of a message; what stands before it on the line is its envelope.
        line = whole.rpartition("{4:")[2].lstrip() if "{4:" in whole else whole
        tag = _TAG.match(line)
        if tag:
            found.append(_Field(tag[1], number, [line[tag.end() :]]))
            inside = True
        elif _END.match(line) or line is not whole:
            inside = False
        elif inside:
            found[-1].lines.append(line)
    return found


def _pages(lines: list[str], name: str) -> Iterator[_Page]:
    page: _Page | None = None
    fields = _fields(lines)
    for at, each in enumerate(fields):
        where: dict[str, object] = {"file": name, "line": each.line}
        if page is None or _begins_page(each, page, where):
            if page is not None and (page.begun or page.interim):
                yield page
            page = _Page(each.line) if page is None or each.tag[:2] in ("20", "25") else _Page(each.line, page.account, page.number)
        if each.tag == "61":
            _add_line(page, each, fields[at + 1 : at + 20], where)
        else:
            _information(page, each, where)
    if page is not None and (page.begun or page.interim):
        yield page


def _begins_page(each: _Field, page: _Page, where: dict[str, object]) -> bool:
    if each.tag == "20" or (each.tag[:2] == "25" and page.begun):
        return True
    if each.tag[:2] == "60" and page.opening:
        # Without a new account only a further page may follow: somebody else's lines would be taken for ours.
        if each.tag != "60M":
            raise UnreadableLine(**where, found=shown(f":{each.tag}:{each.lines[0]}"))
        return True
    return False


def _information(page: _Page, each: _Field, where: dict[str, object]) -> None:
    kind, first = each.tag[:2], each.lines[0].strip()
    if kind == "25":
        page.account = _account(first)
    elif kind == "28":
        page.number = first[:40]
    elif kind == "60":
        page.opening = _balance(first, where)
    elif kind == "62":
        if page.closing:
            raise UnreadableLine(**where, found=shown(f":{each.tag}:{first}"))
        page.closing, page.last = _balance(first, where), each.tag != "62M"
    elif kind in ("13", "34", "90"):
        page.interim = True


def _account(written: str) -> str:
    """Without the currency that some banks append; an IBAN alone where a BIC stands before it."""
    said_ = _OWN_CURRENCY.sub("", tidy(written).removeprefix("//"))
    bic, _, behind = said_.partition("/")
    if len(bic) in (8, 11) and bic.isalnum() and not bic.isdigit() and re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", behind):
        return behind
    compact = said_.replace(" ", "").upper()
    return compact if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", compact) else said_


def _balance(written: str, where: dict[str, object]) -> _Balance:
    found = _BALANCE.fullmatch(written)
    if not found:
        raise UnreadableLine(**where, found=shown(written))
    side, day, currency, amount = found.groups()
    money = _money(amount, where)
    at = None if day == _NO_DAY else _day(day, where)
    return _Balance(money.copy_negate() if side == "D" and money else money, currency, at, int(str(where["line"])))


def _money(written: str, where: dict[str, object]) -> Decimal:
    if not _AMOUNT.fullmatch(written):
        raise UnreadableAmount(**where, found=shown(written))
    return Decimal(f"0{written.replace(',', '.').rstrip('.')}")


def _day(written: str, where: dict[str, object]) -> date:
    year = int(written[:2])
    return day_of(year + (2000 if year < _CENTURY else 1900), int(written[2:4]), int(written[4:]), where=where, found=written)


def _booked(written: str, value: date, where: dict[str, object]) -> date | None:
    """The entry date has no year: the one that brings it nearest to the value date."""
    if not written.strip() or written == "0000":
        return None
    month, day = int(written[:2]), int(written[2:])
    years = (value.year - 1, value.year, value.year + 1)
    return min((day_of(year, month, day, where=where, found=written) for year in years), key=lambda found: abs(found - value))


def _add_line(page: _Page, each: _Field, following: list[_Field], where: dict[str, object]) -> None:
    found = _LINE.match(each.lines[0])
    if not found or (found[6] is None and each.lines[0][found.end() :].strip()):
        raise UnreadableLine(**where, found=shown(f":61:{each.lines[0]}"))
    day, entered, mark, _, written, kind, rest = found.groups()
    value, amount = _day(day, where), _money(written, where)
    own, _, banks = (rest or "").partition("//")
    about = [line for one in _belonging(following) for line in one.lines]
    details = details_of(about, each.lines[1:], kind=kind if kind and kind.isalnum() else "")
    page.entries.append(
        Entry(
            n=len(page.entries) + 1,
            booked=_booked(entered or "", value, where),
            value=value,
            amount=amount if mark in _IN or not amount else amount.copy_negate(),
            currency="",
            status="PDNG" if mark[0] == "E" else "BOOK",  # expected: it stands in interim reports, and says so
            reversal=mark[0] == "R",
            references=_references(details, tidy(own), tidy(banks)),
            text=details.text,
            counterparty_name=details.party,
            counterparty_account=details.account,
            return_reason=details.reason,
            bank_code=details.code,
        )
    )


def _belonging(following: list[_Field]) -> Iterator[_Field]:
    # Some banks write a :86: for each line of the text, one of Hungary writes :NS:.
    for one in following:
        if one.tag not in ("86", "NS"):
            return
        yield one


def _references(details: Details, own: str, banks: str) -> tuple[str, ...]:
    return said((*details.references, "" if own.upper() in _POINTERS else own, banks))


def _statement(page: _Page, name: str) -> Statement:
    if page.interim and not (page.opening and page.entries):
        raise InterimReport(file=name, message="MT941" if page.opening else "MT942")
    opening, closing = page.opening, page.closing
    known = opening or closing
    if known is None:
        raise NoCurrency(file=name, line=page.line)
    if opening and closing and opening.currency != closing.currency:
        raise MixedCurrencies(file=name, line=closing.line, found=closing.currency, expected=opening.currency)
    entries = tuple(replace(entry, currency=known.currency) for entry in page.entries)
    ends = [None if one is None else one.amount for one in (opening, closing)]
    days = [None if one is None else one.day for one in (opening, closing)]
    return Statement(
        account=page.account,
        currency=known.currency,
        identity=identity_of(entries, "MT940", page.account, known.currency, page.number, page.last, *ends, *days),
        number=page.number,
        message="MT940",
        opening=ends[0],
        closing=ends[1],
        opening_day=days[0],
        closing_day=days[1],
        balanced=balanced(ends[0], ends[1], entries),
        entries=entries,
    )
