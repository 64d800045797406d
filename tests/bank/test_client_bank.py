"""1CClientBankExchange: balances of several days, documents, and whether money came or went."""

from datetime import date
from decimal import Decimal

import pytest

from tests.bank.camt_files import DATA, amounts
from vps.bank.archive import FileRefused, UnknownEncoding
from vps.bank.reading import read_statements
from vps.bank.statement import (
    CutOff,
    Entry,
    NoAmount,
    NoCurrency,
    NoDay,
    NoSide,
    NoStatement,
    OtherAccount,
    UnreadableAmount,
    UnreadableDay,
    UnreadableLine,
)

RAW = (DATA / "windows.1c.txt").read_bytes()
TEXT = RAW.decode("cp1251").replace("\r\n", "\n")
OURS, THEIRS, SECOND = "40702810100000000001", "40817810000000000001", "40702978400000000002"
HEAD = f"1CClientBankExchange\nКодировка=Windows\nДатаНачала=19.11.2026\nДатаКонца=20.11.2026\nРасчСчет={OURS}\n"
PLAIN = {"Дата": "19.11.2026", "Сумма": "5", "ПлательщикСчет": THEIRS, "ПолучательСчет": OURS, "ДатаПоступило": "19.11.2026"}


def document(**values: str) -> str:
    lines = "".join(f"{key}={value}\n" for key, value in {**PLAIN, **values}.items() if value != "-")
    return f"СекцияДокумент=Платежное поручение\n{lines}КонецДокумента\n"


def section(*, opening: str = "", closing: str = "", account: str = OURS, day: str = "19.11.2026", more: str = "") -> str:
    ends = f"НачальныйОстаток={opening}\nКонечныйОстаток={closing}\n{more}"
    return f"СекцияРасчСчет\nДатаНачала={day}\nРасчСчет={account}\n{ends}КонецРасчСчет\n"


def read(*parts: str, head: str = HEAD) -> list:
    return read_statements(f"{head}{''.join(parts)}КонецФайла\n".encode(), "kl_to_1c.txt")


def entry(**values: str) -> Entry:
    return read(document(**values))[0].entries[0]


def test_two_days_of_an_account() -> None:
    [found] = read_statements(RAW)
    came, fee = found.entries

    assert (found.account, found.currency, found.message) == (OURS, "RUB", "1CClientBankExchange")
    assert (found.opening, found.closing, found.balanced) == (Decimal(1000), Decimal("1211.5"), True)
    assert (found.opening_day, found.closing_day) == (date(2026, 11, 19), date(2026, 11, 20))
    assert (came.n, came.amount, came.booked, came.status) == (1, Decimal("250.5"), date(2026, 11, 19), "BOOK")
    assert (came.counterparty_name, came.counterparty_account) == ("Иванова Анна", THEIRS)
    assert (came.text, came.references, came.bank_code) == ("Пополнение RF711234567\nБез НДС", ("0", "17"), "01")
    assert (fee.n, fee.amount, fee.counterparty_name) == (2, Decimal(-39), 'АО "Банк"')


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("cp866"),
        TEXT.replace("Windows", "DOS").encode("cp866"),
        TEXT.replace("Windows", "DOS").encode("cp1251"),
        TEXT.encode("utf-16"),
        b"\r\n" + RAW,
        TEXT.replace("250.50", "250,50").encode(),
        TEXT.replace("\n", "\n\n").encode(),
    ],
)
def test_the_same_whatever_the_characters_and_whatever_the_file_says_of_them(content: bytes) -> None:
    assert read_statements(content) == read_statements(RAW)


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({}, "5"),
        ({"ПлательщикСчет": OURS, "ПолучательСчет": THEIRS, "ДатаПоступило": "-", "ДатаСписано": "19.11.2026"}, "-5"),
        ({"ПлательщикСчет": OURS, "ПолучательСчет": THEIRS, "ДатаСписано": "19.11.2026"}, "-5"),
        ({"ПолучательСчет": "-", "ПолучательРасчСчет": OURS}, "5"),
        ({"ПолучательСчет": "-"}, "5"),
        ({"ПолучательСчет": "-", "ДатаПоступило": "-", "ДатаСписано": "19.11.2026"}, "-5"),
        ({"Сумма": "0.00"}, "0"),
        ({"Сумма": "0", "ПлательщикСчет": OURS, "ПолучательСчет": THEIRS}, "0"),
    ],
)
def test_the_accounts_say_which_way_and_the_days_where_neither_is_ours(values: dict[str, str], amount: str) -> None:
    assert entry(**values).amount == Decimal(amount)


def test_an_order_that_no_bank_has_carried_out_is_pending_unless_the_balances_prove_it() -> None:
    waiting = document(ДатаПоступило="-")

    assert read(waiting)[0].entries[0].status == "PDNG"
    [proven] = read(section(opening="1", closing="6"), waiting)
    assert (proven.entries[0].status, proven.entries[0].booked, proven.balanced) == ("BOOK", date(2026, 11, 19), True)


def test_money_between_two_of_our_accounts_is_a_line_of_each() -> None:
    first, second = read(
        section(opening="10", closing="5"), section(account=SECOND), document(ПлательщикСчет=OURS, ПолучательСчет=SECOND, Номер="7")
    )

    assert (first.account, amounts(first), first.balanced) == (OURS, [Decimal(-5)], True)
    assert (second.account, second.currency, amounts(second), second.balanced) == (SECOND, "EUR", [Decimal(5)], None)


@pytest.mark.parametrize(
    ("sections", "balanced"),
    [
        ([section(opening="1", closing="6")], True),
        ([section(opening="1", closing="7")], False),
        ([section(opening="1")], None),
        ([], None),
        ([section(opening="6", closing="6", day="20.11.2026"), section(opening="1", closing="6")], True),
        ([section(opening="1", closing="5"), section(opening="6", closing="6", day="20.11.2026")], False),
        ([section(opening="1", closing="6", more="ВсегоПоступило=5\nВсегоСписано=0\n")], True),
        ([section(opening="1", closing="6", more="ВсегоПоступило=6\nВсегоСписано=1\n")], False),
        ([section(more="ВсегоПоступило=4\n")], False),
        ([section(opening="-1", closing="4")], True),
    ],
)
def test_balances_of_each_day_and_sums_must_all_agree(sections: list[str], balanced: bool | None) -> None:
    assert read(*sections, document())[0].balanced is balanced


def test_a_purpose_may_have_lines_of_its_own_and_several_keys() -> None:
    assert entry(НазначениеПлатежа="за сентябрь\nи октябрь = 2 месяца").text == "за сентябрь\nи октябрь = 2 месяца"
    assert entry(НазначениеПлатежа1="за", НазначениеПлатежа2="сентябрь").text == "за\nсентябрь"


def test_a_statement_is_known_again_and_told_from_others() -> None:
    [found] = read_statements(RAW)
    [later] = read_statements(TEXT.replace("ВремяСоздания=10:00:00", "ВремяСоздания=12:00:00").encode())
    [other] = read_statements(TEXT.replace("Номер=17", "Номер=18").encode())

    assert found.identity == later.identity != other.identity


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (TEXT.replace("КонецФайла\n", ""), CutOff),
        (HEAD + document() + "СекцияДокумент=Х\nСумма=5\nКонецФайла\n", CutOff),
        (HEAD + "СекцияДокумент=Х\n" + document() + "КонецФайла\n", CutOff),
        (TEXT + "СекцияДокумент=Х\n", UnreadableLine),
        ("1CClientBankExchange\nбез ключа\nРасчСчет=1\nКонецФайла\n", UnreadableLine),
        (HEAD.replace(f"РасчСчет={OURS}", "РасчСчет=") + document() + "КонецФайла\n", NoStatement),
        (HEAD.replace(OURS, "123") + "КонецФайла\n", NoCurrency),
        (HEAD + document(Сумма="-") + "КонецФайла\n", NoAmount),
        (HEAD + document(Сумма="-5") + "КонецФайла\n", NoAmount),
        (HEAD + document(Сумма="5\nСумма=6") + "КонецФайла\n", NoAmount),
        (HEAD + document(Сумма="1 000.00") + "КонецФайла\n", UnreadableAmount),
        (HEAD + document(Дата="-", ДатаПоступило="-") + "КонецФайла\n", NoDay),
        (HEAD + document(ДатаПоступило="2026-11-19") + "КонецФайла\n", UnreadableDay),
        (HEAD + document(ДатаПоступило="19.13.2026") + "КонецФайла\n", UnreadableDay),
        (HEAD + document(ПолучательСчет="-", ДатаПоступило="-") + "КонецФайла\n", NoSide),
        (HEAD + document(ПолучательСчет="-", ДатаСписано="19.11.2026") + "КонецФайла\n", NoSide),
        (HEAD + document(ПлательщикСчет=OURS) + "КонецФайла\n", NoSide),
        (HEAD + f"РасчСчет={SECOND}\n" + document(ПолучательСчет=THEIRS) + "КонецФайла\n", OtherAccount),
        ("1CClientBankExchange\nHello=1\nEnd\n", UnknownEncoding),
    ],
)
def test_what_is_refused_whole_and_with_which_sentence(content: str, refusal: type[FileRefused]) -> None:
    with pytest.raises(FileRefused) as refused:
        read_statements(content.encode(), "kl_to_1c.txt")

    assert type(refused.value) is refusal
    assert "kl_to_1c.txt" in str(refused.value)


def test_an_account_of_kazakhstan_is_an_iban_in_tenge() -> None:
    assert read(head=HEAD.replace(OURS, "KZ75125KZT2069100100"))[0].currency == "KZT"
