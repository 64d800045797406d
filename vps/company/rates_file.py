"""Files of exchange rates: our CSV, and the daily XML of the European Central Bank, also with the days of its history.

What a file is its content decides. All of it is read, or nothing, with every mistake named by its line.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from lxml import etree

from vps.company.actions.rates import EndsBeforeItBegins, SameCurrency
from vps.company.models.rates import NewRate
from vps.kernel.cells import WrongCurrency, currency, day, maybe, needed
from vps.kernel.csvfile import Cleaner, Line, Mistake, NotUtf8, TooLargeFile, Twice, WrongLines, read_table
from vps.kernel.money import is_currency
from vps.kernel.rates import parse_rate
from vps.kernel.refusals import N_, Refused

MOST_BYTES: Final = 10 * 2**20
_MOST_ELEMENTS: Final = 500_000
"""Every day since 1999 has about 250,000; parsed, each takes about 150 bytes of memory."""
_BASE: Final = "EUR"
_ENVELOPE: Final = "{http://www.gesmes.org/xml/2002-08-01}Envelope"
_CUBE: Final = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
_CODE: Final = re.compile("[A-Z]{3}")


class NoRatesFile(Refused):
    says = N_("This XML is not the file of exchange rates of the European Central Bank.")


class BrokenRatesFile(Refused):
    """Facts: line."""

    says = N_("This is not a complete XML file: it cannot be read beyond line %(line)s.")


class RatesWithDoctype(Refused):
    """Attacks with entities need one."""

    says = N_("This file contains a document type definition (DOCTYPE), which a file of exchange rates never has.")


class TooManyElements(Refused):
    """It would fill the memory."""

    says = N_("This file has more elements than any file of exchange rates.")


class RatesFile(NamedTuple):
    """What a file says: its rates, where they come from (`Rate.source`), and how many were passed over because their currency is unknown here."""

    rates: tuple[NewRate, ...]
    source: str
    skipped: int = 0


def read_rates(content: bytes) -> RatesFile:
    """The rates of a file. Raises TooLargeFile, what `read_table` raises, WrongLines, or one of the refusals above."""
    if len(content) > MOST_BYTES:
        raise TooLargeFile(most=MOST_BYTES // 2**20)
    return _ecb(content) if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else _csv(content)


def _csv(content: bytes) -> RatesFile:
    table = read_table(content, required=("base", "quote", "rate", "valid_from"), optional=("valid_to",))
    seen: dict[tuple[Any, ...], int] = {}
    found = [rate for line in table.lines if (rate := _rate(line, seen))]
    table.must_be_right()
    return RatesFile(tuple(found), "csv")


def _rate(line: Line, seen: dict[tuple[Any, ...], int]) -> NewRate | None:
    cells: dict[str, Cleaner] = {
        "base": needed(currency),
        "quote": needed(currency),
        "rate": parse_rate,
        "valid_from": needed(day),
        "valid_to": maybe(day),
    }
    values = line.read(cells)
    if values is None:
        return None
    rate = NewRate(values["base"], values["quote"], values["rate"], values["valid_from"], values["valid_to"])
    of, first = (*rate[:2], *rate[3:]), seen.get((*rate[:2], *rate[3:]))
    if rate.base == rate.quote:
        line.wrong("quote", SameCurrency())
    if rate.valid_to and rate.valid_to < rate.valid_from:
        line.wrong("valid_to", EndsBeforeItBegins())
    if first:
        line.wrong("", Twice(line=first))
    seen[of] = line.number
    return rate


def _ecb(content: bytes) -> RatesFile:
    mistakes: list[Mistake] = []
    found: dict[tuple[str, date], NewRate] = {}
    skipped = 0
    for begins, cube in _cubes(_parsed(content), mistakes):
        code = cube.get("currency", "")
        if _CODE.fullmatch(code) and not is_currency(code):
            skipped += 1
        elif rate := _published(code, begins, cube, mistakes):
            found[code, begins] = rate
    if mistakes:
        raise WrongLines(mistakes)
    if not found and not skipped:
        raise NoRatesFile
    return RatesFile(tuple(found.values()), "ecb", skipped)


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise NotUtf8 from trouble
    # The keyword has one spelling: without it no entity can be declared.
    if "<!DOCTYPE" in text:
        raise RatesWithDoctype
    if text.count("<") > _MOST_ELEMENTS:
        raise TooManyElements
    # Whatever the declaration says, these are the characters; its line stays, so that lines keep their numbers.
    body = re.sub(r"\A\s*<\?xml\s[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError as trouble:
        raise BrokenRatesFile(line=trouble.lineno or 1) from trouble
    if root.tag != _ENVELOPE:
        raise NoRatesFile
    return root


def _cubes(root: Any, mistakes: list[Mistake]) -> Iterator[tuple[date, Any]]:
    """Each rate's element with the day from which it holds."""
    for of_day in root.iterfind(f"{_CUBE}/{_CUBE}"):
        try:
            begins = day(of_day.get("time", ""))
        except Refused as refusal:
            mistakes.append(Mistake(of_day.sourceline, "time", refusal))
            continue
        for cube in of_day.iterfind(_CUBE):
            yield begins, cube


def _published(code: str, begins: date, cube: Any, mistakes: list[Mistake]) -> NewRate | None:
    if not is_currency(code) or code == _BASE:
        mistakes.append(Mistake(cube.sourceline, "currency", SameCurrency() if code == _BASE else WrongCurrency()))
        return None
    try:
        return NewRate(_BASE, code, parse_rate(cube.get("rate", "")), begins)
    except Refused as refusal:
        mistakes.append(Mistake(cube.sourceline, "rate", refusal))
        return None
