"""A mapping proposed for a bank's CSV, by the words in its header: German, Croatian, Serbian, Russian and English banks.

It is a proposal: a person looks at it, next to the first lines as it reads them, before anything is read by it.
"""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from vps.bank.archive import FileRefused, wide
from vps.bank.columns import DELIMITERS, Mapping
from vps.bank.csv_statement import records
from vps.bank.plain import text_of

_WORDS: Final = {
    "day": (
        "buchungstag", "buchungsdatum", "buchung", "datum der buchung", "datum knjizenja", "datum izvrsenja", "datum transakcije",
        "datum promene", "datum naloga", "датум књижења", "датум промене", "датум извршења", "датум", "дата проводки", "дата операции",
        "дата платежа", "дата документа", "дата", "booking date", "posting date", "transaction date", "completed date",
        "date completed", "date", "datum",
    ),
    "value_day": (
        "valutadatum", "wertstellungsdatum", "wertstellung", "wertstellungstag", "valuta datum", "datum valute", "датум валуте",
        "дата валютирования", "value date", "valuta", "wert",
    ),
    "money_in": (
        "haben", "gutschrift", "uplata", "uplate", "potrazuje", "odobrenje", "odobrenja", "u korist", "priliv", "potrazni promet", "dobro",
        "потражује", "одобрење", "уплата", "уплате", "прилив", "у корист", "кредит", "приход", "зачисление", "сумма по кредиту",
        "поступление", "поступило", "credit", "credit amount", "paid in", "money in",
    ),
    "money_out": (
        "soll", "lastschrift", "belastung", "isplata", "isplate", "duguje", "zaduzenje", "zaduzenja", "na teret", "odliv", "terecenje",
        "dugovni promet", "breme", "дугује", "задужење", "исплата", "исплате", "одлив", "на терет", "дебет", "расход", "списание",
        "сумма по дебету", "списано", "debit", "debit amount", "paid out", "money out", "withdrawal",
    ),
    "amount": (
        "betrag", "umsatz", "betrag eur", "betrag in eur", "umsatz in eur", "iznos", "iznos transakcije", "iznos u valuti", "износ",
        "сумма", "сумма операции", "сумма платежа", "сумма в валюте счета", "amount", "transaction amount",
    ),
    "direction": (
        "soll haben", "s h", "sollhaben", "smjer", "smer", "vrsta prometa", "смер", "дебет кредит", "тип операции", "debit credit",
        "dr cr", "d c", "direction",
    ),
    "currency_column": ("waehrung", "wahrung", "valuta", "valuta racuna", "валута", "валюта", "валюта счета", "валюта операции", "currency", "ccy"),
    "text": (
        "verwendungszweck", "vorgang verwendungszweck", "opis", "opis placanja", "opis transakcije", "svrha", "svrha placanja", "namjena",
        "сврха плаћања", "сврха", "опис", "назначение платежа", "описание", "описание операции", "описание платежа", "description",
        "payment details", "details", "narrative", "transaction description", "payment reference",
    ),
    "party": (
        "beguenstigter zahlungspflichtiger", "begunstigter zahlungspflichtiger", "name zahlungsbeteiligter", "auftraggeber empfanger",
        "auftraggeber empfaenger", "auftraggeber zahlungsempfanger", "zahlungspflichtige r", "zahlungsempfanger in", "empfanger",
        "empfaenger", "beguenstigter auftraggeber", "begunstigter auftraggeber", "platitelj primatelj", "primatelj platitelj", "naziv platitelja",
        "naziv primatelja platitelja", "platilac primalac", "primalac platilac", "naziv partnera", "komitent", "платилац прималац",
        "прималац платилац", "назив партнера", "контрагент", "наименование контрагента", "плательщик получатель", "корреспондент",
        "counterparty", "counterparty name", "payee", "name", "beneficiary name", "payer payee",
    ),
    "party_account": (
        "kontonummer iban", "iban zahlungsbeteiligter", "iban", "kontonummer", "iban des auftraggebers empfangers", "broj racuna",
        "racun platitelja primatelja", "racun partnera", "iban platitelja", "рачун партнера", "број рачуна", "счет контрагента",
        "расчетный счет контрагента", "counterparty iban", "counterparty account", "account number payee",
    ),
    "reference": (
        "kundenreferenz end to end", "kundenreferenz", "end to end referenz", "referenz", "poziv na broj", "poziv na broj odobrenja",
        "pnb pr", "referenca", "позив на број", "позив на број одобрења", "номер документа", "номер", "reference", "end to end id",
        "customer reference",
    ),
    "balance": (
        "saldo nach buchung", "saldo", "kontostand", "stanje", "stanje nakon transakcije", "saldo posle transakcije", "стање", "салдо",
        "остаток", "исходящий остаток", "остаток после операции", "баланс", "balance", "running balance", "balance after",
    ),
    "own_account": ("iban auftragskonto", "auftragskonto"),
    "status": ("info", "status", "статус", "state"),
}  # fmt: skip
_BOOKED: Final = ("umsatz gebucht", "gebucht", "booked", "completed", "ok", "proknjizeno", "проведено", "исполнен", "исполнено")
_IN: Final = ("h", "haben", "c", "cr", "credit", "crdt", "dobro", "uplata", "приход", "кредит", "потражује", "+")
_OUT: Final = ("s", "soll", "d", "dr", "debit", "dbit", "breme", "isplata", "расход", "дебет", "дугује", "-")
_FORMATS: Final = ("DD.MM.YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YYYY", "YYYY/MM/DD",
                   "YYYY.MM.DD", "YYYYMMDD")  # fmt: skip
_AMOUNTS: Final = ((",", "."), (".", ","), (",", " "), (".", " "), (".", "'"), (",", ""), (".", ""))
_MONEY: Final = ("amount", "money_in", "money_out", "balance")
_DAYS: Final = ("day", "value_day")
_SINGLE_BYTES: Final = ("cp1252", "cp1250", "cp1251", "cp852", "cp866")
_LETTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzäöüßčćđšžé"
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяђјљњћџ"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜČĆĐŠŽÉ"
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЈЉЊЋЏ"
)
_SERBIAN: Final = frozenset("ђјљњћџ")
_LONGEST: Final = 60
_FEWEST: Final = 2
"""Columns; a day and an amount."""
_LOOKED_AT: Final = 60
_HEAD: Final = 100_000
_IBAN: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CODE: Final = re.compile(r"\b(?:EUR|RSD|RUB|USD|CHF|GBP|BAM)\b")
_PLAIN: Final = str.maketrans({"đ": "d", "ß": "ss", "ё": "е"})


class _Header(NamedTuple):
    encoding: str
    delimiter: str
    skip: int
    places: dict[str, int]
    rows: list[list[str]]
    odd: int
    """Letters of no language we know: the sign of a wrong encoding."""


def guess(content: bytes) -> Mapping | None:
    """What the columns of this file could mean; None when its header says too little. Refuses nothing, reads the first lines only."""
    headers = [header for encoding, text in _texts(content) for delimiter in DELIMITERS if (header := _header(encoding, delimiter, text))]
    for header in sorted(headers, key=lambda each: (-len(each.places), each.odd)):
        mapping = _mapping(header)
        if mapping:
            return mapping
    return None


def _texts(content: bytes) -> Iterable[tuple[str, str]]:
    found: dict[str, str] = {}
    # Cut where a line ends, not within a character; a file with two bytes for each is rare enough to be read whole.
    head = content if len(content) <= _HEAD or wide(content) else content[:_HEAD].rpartition(b"\n")[0]
    for encoding in ("utf-8", *_SINGLE_BYTES):
        with suppress(FileRefused):
            found.setdefault(text_of(head, "", encoding), encoding)  # UTF-8 fits whatever was asked for, and is found first
    return [(encoding, text) for text, encoding in found.items()]


def _header(encoding: str, delimiter: str, text: str) -> _Header | None:
    """The line in which most words are known, if among them are a day and money."""
    rows: list[list[str]] = []
    with suppress(FileRefused):  # the text was cut to its beginning, perhaps within a cell
        rows.extend(cells for _, cells in islice(records(text, "", delimiter), _LOOKED_AT))
    best: dict[str, int] = {}
    at = 0
    for number, cells in enumerate(rows):
        places = _known(cells, rows[number + 1 :]) if len(cells) >= _FEWEST else {}
        if len(places) > len(best):
            best, at = places, number
    if "day" not in best or not ("amount" in best or {"money_in", "money_out"} <= best.keys()):
        return None
    return _Header(encoding, delimiter, at, best, rows, sum(sign.isalpha() and sign not in _LETTERS for sign in text[:_HEAD]))


def _known(cells: list[str], below: list[list[str]]) -> dict[str, int]:
    names = [_word(cell) for cell in cells]
    found: dict[str, int] = {}
    for part, words in _words().items():
        places = [names.index(word) for word in words if word in names]
        places = [place for place in places if place not in found.values() and _fits(part, _column(below, place))]
        if places:
            found[part] = places[0]
    if "money_in" in found and "money_out" in found:
        found.pop("amount", None)
    elif "amount" in found:
        for part in ("money_in", "money_out"):
            found.pop(part, None)
    return found


@cache
def _words() -> dict[str, list[str]]:
    return {part: [_word(word) for word in words] for part, words in _WORDS.items()}


def _word(cell: str) -> str:
    """A header's word in small letters, without accents, marks and what stands in brackets."""
    small = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", " ", cell).casefold().translate(_PLAIN))
    bare = "".join(sign for sign in small if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _column(rows: list[list[str]], place: int) -> list[str]:
    return [cell for cells in rows if len(cells) > place and (cell := cells[place].strip())]


def _fits(part: str, cells: list[str]) -> bool:
    """Whether what stands below could be that: "Valuta" is a day in Germany and a currency in Croatia."""
    if part in _DAYS:
        return not cells or any(sign.isdigit() for sign in cells[0])
    if part == "currency_column":
        return all(len(cell) == 3 and cell.isalpha() for cell in cells[:5])
    if part == "direction":
        return all(cell.casefold() in _IN + _OUT for cell in cells)
    if part == "status":
        return any(cell.casefold() in _BOOKED for cell in cells)
    return True


def _mapping(header: _Header) -> Mapping | None:
    names, rows = header.rows[header.skip], header.rows[header.skip + 1 :]
    said: dict[str, Any] = {part: _named(names, place) for part, place in header.places.items()}
    days = [cell for part in _DAYS if part in said for cell in _column(rows, header.places[part])]
    money = [cell for part in _MONEY if part in said for cell in _column(rows, header.places[part])]
    if "text" in said:
        said["text"] = (said["text"],)
    if "status" in said:
        cells = _column(rows, header.places["status"])
        said["booked_words"] = tuple(dict.fromkeys(cell for cell in cells if cell.casefold() in _BOOKED))
    if "direction" in said:
        said.update(words_in=_IN, words_out=_OUT)
    before = " ".join(" ".join(cells) for cells in header.rows[: header.skip])
    facts: dict[str, Any] = {
        **{"account": _account(header, rows, before), "currency": _currency(header, rows, before), "skip": header.skip},
        **{"delimiter": header.delimiter, "encoding": header.encoding},
    }
    usual = Mapping(**facts, **said)
    date_format = next((one for one in _FORMATS if _all_days(usual, one, days)), None)
    amounts = next((one for one in _AMOUNTS if _all_amounts(usual, one, money)), None)
    if not date_format or not amounts:
        return None
    return Mapping(**facts, **said, date_format=date_format, decimal=amounts[0], grouping=amounts[1])


def _named(names: list[str], place: int) -> str | int:
    """By its name, unless another column has the same, or it is a whole sentence: then by its number."""
    name = " ".join(names[place].split())
    return name if len(name) <= _LONGEST and [" ".join(one.split()).casefold() for one in names].count(name.casefold()) == 1 else place + 1


def _account(header: _Header, rows: list[list[str]], before: str) -> str:
    own = _column(rows, header.places["own_account"])[:1] if "own_account" in header.places else []
    found = _IBAN.search(before)
    return "".join(own or [found[0] if found else ""]).replace(" ", "")[:60]


def _currency(header: _Header, rows: list[list[str]], before: str) -> str:
    cells = _column(rows, header.places["currency_column"]) if "currency_column" in header.places else []
    names = " ".join(header.rows[header.skip])
    found = next((code for code in (*cells[:1], *_CODE.findall(f"{names} {before}")) if re.fullmatch("[A-Z]{3}", code)), "")
    return found or _usual_currency(names.casefold(), before)


def _usual_currency(names: str, before: str) -> str:
    if _SERBIAN & set(names) or re.search(r"\bRS[0-9]{2}", before):
        return "RSD"
    return "RUB" if re.search("[а-я]", names) else "EUR"


def _all_days(usual: Mapping, date_format: str, cells: list[str]) -> bool:
    pattern = Mapping(account="", currency=usual.currency, day=1, amount=1, date_format=date_format).date_pattern
    found = [pattern.fullmatch(cell) for cell in cells]
    return all(each and 1 <= int(each["month"]) <= 12 and 1 <= int(each["day"]) <= 31 for each in found)


def _all_amounts(usual: Mapping, amounts: tuple[str, str], cells: list[str]) -> bool:
    pattern = Mapping(account="", currency=usual.currency, day=1, amount=1, decimal=amounts[0], grouping=amounts[1]).amount_pattern
    found = [pattern.fullmatch(cell.removesuffix(usual.currency).removesuffix("€").strip()) for cell in cells]
    # Three decimals would rather be a group of three, read the other way round.
    return all(each and len(each["cents"] or "") < 3 for each in found)
