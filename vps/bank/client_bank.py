"""Bank statements: 1CClientBankExchange 1.03, which every bank of Russia gives to its customers.

A file has a section of balances for each account and period, and one of each document. Whether money came or went, the accounts of
payer and payee say; the days of execution decide where neither of them is ours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from vps.bank.archive import UnknownEncoding, shown
from vps.bank.plain import balanced, day_of, identity_of, lines_of, text_of, tidy
from vps.bank.statement import (
    CutOff,
    Entry,
    NoAmount,
    NoCurrency,
    NoDay,
    NoSide,
    NoStatement,
    OtherAccount,
    Statement,
    UnreadableAmount,
    UnreadableDay,
    UnreadableLine,
    said,
    total,
)

BEGINS: Final = b"1CClientBankExchange"
_KEY: Final = re.compile(r"\s*([А-ЯЁA-Z][А-ЯЁA-Zа-яёa-z]*[0-9]{0,2})\s*=(.*)")
_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,18})(?:[.,]([0-9]{1,6}))?")
_DAY: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_BALANCES, _DOCUMENT = "СекцияРасчСчет", "СекцияДокумент"
_ENDS: Final = {_BALANCES: "КонецРасчСчет", _DOCUMENT: "КонецДокумента"}
_END: Final = "КонецФайла"
_CAME, _WENT = "ДатаПоступило", "ДатаСписано"
_PAYER, _PAYEE = "Плательщик", "Получатель"
# The sixth to eighth figure of an account are its currency; 810 is the rouble of before 1998, and still in use.
_CURRENCIES: Final = {
    "810": "RUB", "643": "RUB", "978": "EUR", "840": "USD", "156": "CNY", "756": "CHF", "826": "GBP", "392": "JPY", "398": "KZT",
    "933": "BYN", "949": "TRY", "784": "AED", "051": "AMD", "417": "KGS", "860": "UZS", "972": "TJS", "944": "AZN", "981": "GEL",
    "941": "RSD", "356": "INR", "344": "HKD", "985": "PLN", "203": "CZK",
}  # fmt: skip


@dataclass
class _Section:
    """A section, or the head of the file: its lines by key, in the order they came, and where it stands."""

    name: str
    file: str
    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    last: str = ""

    def add(self, key: str, value: str, line: int) -> None:
        self.values.setdefault(key, []).append(value)
        self.lines.setdefault(key, line)
        self.last = key

    def text(self, *keys: str) -> str:
        """The first of these keys that says anything."""
        return next((found for key in keys for value in self.values.get(key, []) if (found := tidy(value))), "")

    def where(self, key: str) -> dict[str, object]:
        return {"file": self.file, "line": self.lines.get(key, self.line)}

    def amount(self, key: str) -> Decimal | None:
        """The amount under this key; two of them are one too many."""
        written = [value.strip() for value in self.values.get(key, []) if value.strip()]
        if not written:
            return None
        if len(written) > 1:
            raise NoAmount(**self.where(key))
        found = _AMOUNT.fullmatch(written[0])
        if not found:
            raise UnreadableAmount(**self.where(key), found=shown(written[0]))
        amount = Decimal(f"{found[2]}.{found[3] or '0'}") if found[3] else Decimal(found[2])
        return amount.copy_negate() if found[1] and amount else amount

    def day(self, key: str) -> date | None:
        written = self.text(key)
        if not written:
            return None
        found = _DAY.match(written)
        if not found:
            raise UnreadableDay(**self.where(key), found=shown(written))
        return day_of(int(found[3]), int(found[2]), int(found[1]), where=self.where(key), found=written)


def read_client_bank(content: bytes, name: str) -> Iterator[Statement]:
    """The statements of one file, one for each account. Raises a FileRefused (vps.bank.archive, vps.bank.statement)."""
    head, *sections = _sections(lines_of(_text(content, name), name), name)
    balances = [section for section in sections if section.name == _BALANCES]
    documents = [section for section in sections if section.name == _DOCUMENT]
    named = (*head.values.get("РасчСчет", []), *(section.text("РасчСчет") for section in balances))
    accounts = list(dict.fromkeys(filter(None, map(_account, named))))
    if not accounts:
        raise NoStatement(file=name)
    lines: dict[str, list[Entry]] = {account: [] for account in accounts}
    stated = {_account(section.text("РасчСчет")) for section in balances}
    for document in documents:
        for account, entry in _entries(document, accounts, stated):
            lines[account].append(replace(entry, n=len(lines[account]) + 1))
    for account in accounts:
        own = [section for section in balances if _account(section.text("РасчСчет")) == account]
        yield _statement(account, own, lines[account], head)


def _text(content: bytes, name: str) -> str:
    # Which of them it is says the one word that every file has; what the file says of itself is sometimes wrong.
    for encoding in ("cp1251", "cp866"):
        text = text_of(content, name, encoding)
        if "РасчСчет" in text:
            return text
    raise UnknownEncoding(file=name, encoding="cp1251")


def _sections(lines: list[str], name: str) -> Iterator[_Section]:
    current = head = _Section("", name, 1)
    yield head
    done = begun = False
    for number, line in enumerate(lines, start=1):
        word, _, kind = line.strip().partition("=")
        if not word and not kind:
            continue
        if not begun:  # the word by which the file is known
            begun = True
        elif done:
            raise UnreadableLine(file=name, line=number, found=shown(line))
        elif word == _ENDS.get(current.name):
            current = head
        elif word in _ENDS or word == _END:
            if current is not head:
                raise CutOff(file=name, line=number - 1)
            done = word == _END
            if not done:
                current = _Section(word, name, number)
                current.add("Вид", kind, number)
                yield current
        else:
            _add(current, line, number)
    if not done:
        raise CutOff(file=name, line=len(lines))


def _add(section: _Section, line: str, number: int) -> None:
    key = _KEY.match(line)
    if key:
        section.add(key[1], key[2], number)
    elif section.last:  # a purpose with line breaks in it
        section.values[section.last][-1] += f"\n{line}"
    else:
        raise UnreadableLine(file=section.file, line=number, found=shown(line))


def _account(written: str) -> str:
    return "".join(written.split()).upper()


def _entries(document: _Section, accounts: list[str], stated: set[str]) -> Iterator[tuple[str, Entry]]:
    """The document as a line of each of our accounts that it moves: one, or two when it moves money between them."""
    sides = {role: _account(document.text(f"{role}Счет", f"{role}РасчСчет")) for role in (_PAYER, _PAYEE)}
    ours = [(role, account) for role, account in sides.items() if account in accounts]
    if not ours:
        days = [(role, key) for role, key in ((_PAYEE, _CAME), (_PAYER, _WENT)) if document.text(key)]
        if len(accounts) > 1:
            raise OtherAccount(file=document.file, line=document.line, account=", ".join(accounts)[:60])
        if len(days) != 1:
            raise NoSide(file=document.file, line=document.line)
        ours = [(days[0][0], accounts[0])]
    if len(ours) == 2 and ours[0][1] == ours[1][1]:
        raise NoSide(file=document.file, line=document.line)
    for role, account in ours:
        yield account, _entry(document, account, came=role == _PAYEE, stated=account in stated)


def _entry(document: _Section, account: str, *, came: bool, stated: bool) -> Entry:
    amount = document.amount("Сумма")
    if amount is None or amount < 0:
        raise NoAmount(**document.where("Сумма"))
    done = document.day(_CAME if came else _WENT) or document.day(_WENT if came else _CAME)
    day = done or document.day("Дата")
    if day is None:
        raise NoDay(file=document.file, line=document.line)
    other = _PAYER if came else _PAYEE
    return Entry(
        n=0,
        booked=day,
        value=day,
        amount=amount if came or not amount else amount.copy_negate(),
        currency=_currency(account, document),
        status="BOOK" if done or stated else "PDNG",  # an order that no bank has carried out yet looks like this
        reversal=False,
        references=said((document.text("Код"), document.text("Номер"))),
        text=_purpose(document),
        counterparty_name=document.text(f"{other}1", other),
        counterparty_account=_account(document.text(f"{other}Счет", f"{other}РасчСчет")),
        return_reason="",
        bank_code=document.text("ВидОплаты"),
    )


def _purpose(document: _Section) -> str:
    whole = document.text("НазначениеПлатежа")
    return whole or "\n".join(filter(None, (document.text(f"НазначениеПлатежа{n}") for n in range(1, 7))))


def _currency(account: str, section: _Section) -> str:
    currency = _CURRENCIES.get(account[5:8], "") if account.isdigit() and len(account) == 20 else "KZT" if account[:2] == "KZ" else ""
    if not currency:
        raise NoCurrency(file=section.file, line=section.line)
    return currency


def _statement(account: str, own: list[_Section], entries: list[Entry], head: _Section) -> Statement:
    own.sort(key=lambda section: section.day("ДатаНачала") or date.min)
    opening = own[0].amount("НачальныйОстаток") if own else None
    closing = own[-1].amount("КонечныйОстаток") if own else None
    first = own[0].day("ДатаНачала") if own else head.day("ДатаНачала")
    last = (own[-1].day("ДатаКонца") or own[-1].day("ДатаНачала")) if own else head.day("ДатаКонца")
    adds_up = balanced(opening, closing, entries)
    if not _agree(own, entries):
        adds_up = False
    return Statement(
        account=account,
        currency=_currency(account, own[0] if own else head),
        identity=identity_of(entries, "1C", account, first, last, opening, closing),
        number="",
        message="1CClientBankExchange",
        opening=opening,
        closing=closing,
        opening_day=first,
        closing_day=last,
        balanced=adds_up,
        entries=tuple(entries),
    )


def _agree(own: list[_Section], entries: Iterable[Entry]) -> bool:
    """Whether each section begins where the one before it ended, and what came and went in all is what the lines say."""
    ends = [(section.amount("НачальныйОстаток"), section.amount("КонечныйОстаток")) for section in own]
    if any(None not in (before[1], after[0]) and before[1] != after[0] for before, after in pairwise(ends)):
        return False
    booked = [entry.amount for entry in entries if entry.status == "BOOK"]
    came = total(amount for amount in booked if amount > 0)
    went = total(amount.copy_negate() for amount in booked if amount < 0)
    for key, amount in (("ВсегоПоступило", came), ("ВсегоСписано", went)):
        said_ = [section.amount(key) for section in own]
        known = [one for one in said_ if one is not None]
        if known and len(known) == len(said_) and total(known) != amount:
            return False
    return True
