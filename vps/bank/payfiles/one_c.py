"""Payments in roubles: 1CClientBankExchange 1.03, the text file every Russian bank client imports (Windows-1251, CRLF).

By the description on v8.1c.ru. It carries no sums of its own, so reading it back and comparing each payment is the whole check.
An order's number is the last six digits of its reference; the bank's statement brings number, day and account back.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from vps.bank.accounts import is_russian
from vps.bank.payfiles import batch as refusals
from vps.bank.payfiles import faults
from vps.bank.payfiles.batch import Batch, Debtor, Line, Transfer
from vps.kernel.latin import latin
from vps.kernel.money import Money

_NAME: Final = 160
_PURPOSE: Final = 210
_MOST: Final = 999_999_999_999_99
_ORDER: Final = "Платежное поручение"
_AMOUNT: Final = re.compile(r"[0-9]{1,15}\.[0-9]{2}")
_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")


def write_1c(batch: Batch) -> bytes:
    """The file of a batch; raises a BatchRefused that names the payee, or a FaultyFile when what was written is not right."""
    _look_at(batch)
    rows = [*_head(batch)]
    for one in batch.transfers:
        rows += _order(one, batch.debtor, batch.execution_day)
    rows.append("КонецФайла")
    content = "".join(f"{row}\r\n" for row in rows).encode("cp1251")
    faults.as_ordered(
        batch, check_1c(content), tuple(Line(batch.debtor.account, _number(one), one.account, one.amount) for one in batch.transfers)
    )
    return content


def check_1c(content: bytes) -> tuple[Line, ...]:
    """What the file pays, in its order; raises a FaultyFile. A line's reference is the number of its order."""
    try:
        rows = content.decode("cp1251").split("\r\n")
    except UnicodeDecodeError as error:
        raise faults.NotPayments from error
    if rows[:3] != ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows"] or rows[-2:] != ["КонецФайла", ""]:
        raise faults.NotPayments
    own = next((row.partition("=")[2] for row in rows if row.startswith("РасчСчет=")), "")
    lines = tuple(_line(facts, own) for facts in _orders(rows[3:-2]))
    if len({line.reference for line in lines}) != len(lines):
        raise faults.TwiceTheSame(found=", ".join(line.reference for line in lines)[:70])
    return lines


def _look_at(batch: Batch) -> None:
    if not batch.transfers:
        raise refusals.NothingToPay
    if batch.instant:
        raise refusals.NoInstant
    own = batch.debtor
    if not is_russian(own.account, own.bic) or not _written(own.name, _NAME) or not re.fullmatch("[0-9]{10}([0-9]{2})?", own.tax_number):
        raise refusals.WrongDebtor(found=f"{own.name}, {own.tax_number}, {own.account}, {own.bic}")
    seen: set[str] = set()
    for one in batch.transfers:
        if not _written(one.name, _NAME):
            raise refusals.UnwritableName(payee=one.name)
        if not is_russian(one.account, one.bic) or not re.fullmatch("([0-9]{10}([0-9]{2})?)?", one.tax_number):
            raise refusals.UnfitAccount(payee=one.name, account=f"{one.account} {one.bic} {one.tax_number}".strip())
        if one.amount.currency != "RUB":
            raise refusals.UnfitCurrency(payee=one.name, amount=one.amount, currency="RUB")
        if not 0 < one.amount.minor <= _MOST:
            raise refusals.UnfitAmount(payee=one.name, amount=one.amount)
        if not _NUMBER.fullmatch(number := _number(one)) or number in seen:
            raise refusals.UnfitReference(payee=one.name, reference=one.end_to_end)
        seen.add(number)


def _number(one: Transfer) -> str:
    return re.sub("[^0-9]", "", one.end_to_end)[-6:].lstrip("0")


def _written(text: str, longest: int) -> str:
    """In one line and in letters of Windows-1251; what it has not is spelled in Latin, without its marks."""
    signs = (sign if _is_1251(sign) else latin(sign) for sign in text)
    written = " ".join("".join(signs).split())[:longest].strip()
    return written if any(map(str.isalnum, written)) else ""


def _is_1251(sign: str) -> bool:
    try:
        sign.encode("cp1251")
    except UnicodeEncodeError:
        return False
    return sign.isprintable() or sign.isspace()


def _head(batch: Batch) -> Iterator[str]:
    yield from ("1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", "Отправитель=VPS", "Получатель=")
    yield f"ДатаСоздания={_day(batch.made_at)}"
    yield f"ВремяСоздания={batch.made_at:%H:%M:%S}"
    yield f"ДатаНачала={_day(batch.execution_day)}"
    yield f"ДатаКонца={_day(batch.execution_day)}"
    yield f"РасчСчет={batch.debtor.account}"
    yield f"Документ={_ORDER}"


def _order(one: Transfer, own: Debtor, day: date) -> Iterator[str]:
    yield f"СекцияДокумент={_ORDER}"
    yield f"Номер={_number(one)}"
    yield f"Дата={_day(day)}"
    yield f"Сумма={one.amount.plain}"
    yield from _party("Плательщик", own)
    yield from _party("Получатель", one)
    yield "ВидОплаты=01"
    if one.purpose_code:
        yield f"КодНазПлатежа={_written(one.purpose_code, 1)}"
    yield "Очередность=5"
    yield f"НазначениеПлатежа={_written(one.text, _PURPOSE) or one.end_to_end}"
    yield "КонецДокумента"


def _party(who: str, party: Debtor | Transfer) -> Iterator[str]:
    name = _written(party.name, _NAME)
    yield f"{who}Счет={party.account}"
    yield f"{who}=ИНН {party.tax_number} {name}" if party.tax_number else f"{who}={name}"
    yield f"{who}ИНН={party.tax_number}"
    yield f"{who}1={name}"
    yield f"{who}РасчСчет={party.account}"
    yield f"{who}Банк1={_written(party.bank, _NAME)}"
    yield f"{who}БИК={party.bic}"
    yield f"{who}Корсчет={_written(party.correspondent, 20)}"


def _day(day: date) -> str:
    return f"{day:%d.%m.}{day.year:04}"


def _orders(rows: list[str]) -> Iterator[dict[str, str]]:
    """The facts of each order between its two marks; every other order of marks is a file that was cut or mixed up."""
    facts: dict[str, str] | None = None
    for row in rows:
        key, equals, value = row.partition("=")
        if key == "СекцияДокумент" and facts is None and value == _ORDER:
            facts = {}
        elif row == "КонецДокумента" and facts is not None:
            yield facts
            facts = None
        elif not equals or key == "СекцияДокумент" or (facts is not None and key in facts):
            raise faults.NotPayments
        elif facts is not None:
            facts[key] = value
    if facts is not None:
        raise faults.NotPayments


def _line(facts: dict[str, str], own: str) -> Line:
    for who in ("Плательщик", "Получатель"):
        account = facts.get(f"{who}Счет", "")
        if not is_russian(account, facts.get(f"{who}БИК", "")) or facts.get(f"{who}РасчСчет") != account:
            raise faults.WrongNumber(found=account)
    if facts["ПлательщикСчет"] != own:
        raise faults.WrongNumber(found=facts["ПлательщикСчет"])
    number, amount = facts.get("Номер", ""), facts.get("Сумма", "")
    if not _AMOUNT.fullmatch(amount) or not (kopecks := int(amount.replace(".", ""))):
        raise faults.WrongAmount(found=amount)
    if not _NUMBER.fullmatch(number) or not facts.get("НазначениеПлатежа") or not facts.get("Получатель"):
        raise faults.NotPayments
    return Line(own, number, account, Money(kopecks, "RUB"))
