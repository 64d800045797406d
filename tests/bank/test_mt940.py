"""MT940: which way the money went, on which day, and what banks write around it."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.bank.camt_files import DATA, amounts
from tests.bank.fuzz import SAMPLES
from vps.bank.archive import EmptyFile, FileRefused, TooManyElements, UnknownEncoding
from vps.bank.reading import read_statements
from vps.bank.statement import (
    InterimReport,
    MixedCurrencies,
    NoCurrency,
    NoStatement,
    Statement,
    UnknownFormat,
    UnreadableAmount,
    UnreadableDay,
    UnreadableLine,
)

PAGES = (DATA / "two-pages.sta").read_bytes()
HEAD = ":20:1\n:25:DE02120300000000202051\n:28C:7/1\n"
OPENING, CLOSING = ":60F:C261119EUR10,00\n", ":62F:C261120EUR15,00\n"


def file(*lines: str, opening: str = OPENING, closing: str = CLOSING) -> bytes:
    return (HEAD + opening + "".join(f"{line}\n" for line in lines) + closing + "-\n").encode()


def read(*lines: str, **ends: str) -> Statement:
    [found] = read_statements(file(*lines, **ends))
    return found


def line(text: str = "2611201120C5,00NTRFNONREF") -> Any:
    return read(f":61:{text}").entries[0]


# ---------------------------------------------------------------- whole files


def test_two_pages_in_blocks_of_swift() -> None:
    first, second = read_statements(PAGES)
    paid, back = first.entries
    fee, coffee = second.entries

    assert (first.account, first.currency, first.number, first.message) == ("12030000/0000202051", "EUR", "00231/001", "MT940")
    assert (first.opening, first.closing, first.balanced) == (Decimal(1000), Decimal("1129.50"), True)
    assert (first.opening_day, first.closing_day) == (date(2026, 11, 18), date(2026, 11, 19))
    assert (paid.n, paid.amount, paid.bank_code, paid.references) == (1, Decimal(150), "GVC-166", ("ORDER-1001", "KUNDE-7", "BANKREF-1"))
    assert (paid.text, paid.counterparty_name) == ("Aufladung RF71 1234 5678 und danke\nPetra Beispiel", "Zivko Mustermann")
    assert (paid.counterparty_account, paid.return_reason) == ("DE89370400440532013000", "")
    assert (back.amount, back.reversal, back.return_reason) == (Decimal("-20.50"), True, "AC04")
    assert back.text == "RETURN/REFUND AC04 ORGINAL OF 2026-11-02"
    assert (second.opening, second.closing, second.balanced) == (Decimal("1129.50"), Decimal("1138.75"), True)
    assert (fee.amount, fee.reversal, fee.return_reason) == (Decimal("9.50"), True, "")
    assert (coffee.value, coffee.booked, coffee.references) == (date(2026, 12, 31), date(2027, 1, 2), ())
    assert (coffee.text, coffee.bank_code) == ("Kaffee am Bahnhof\nKarte 4711", "NMSC")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PAGES.replace(b"\r\n", b"\n"), id="Unix lines"),
        pytest.param(b"\xef\xbb\xbf" + PAGES, id="byte order mark"),
        pytest.param(b"Dear customer\r\n- - -\r\n" + PAGES, id="greeting"),
        pytest.param(PAGES.replace(b"{4:\r\n", b"{4:"), id="block and field on a line"),
        pytest.param(PAGES.replace(b"{1:", b"BANKDEFF\r\n940\r\nBANKDEFF\r\n{1:"), id="Dutch header"),
        pytest.param(PAGES.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(PAGES + b"\x1a\0\0", id="end of a DOS file"),
        pytest.param(PAGES.replace(b"CR150,00", b"C150,00").replace(b"CR150", b"C150"), id="no letter of the currency"),
    ],
)
def test_the_same_pages_however_they_are_wrapped(content: bytes) -> None:
    assert read_statements(content) == read_statements(PAGES)


def test_umlauts_of_old_files_and_debts() -> None:
    [found] = read_statements((DATA / "umlauts.sta").read_bytes())

    assert (found.opening, found.closing, found.balanced, found.entries[0].text) == (Decimal(-10), Decimal(-13), True, "Gebühr für März")
    assert (found.entries[0].booked, found.currency, found.opening_day) == (None, "CHF", date(2026, 11, 19))


@pytest.mark.parametrize(
    ("written", "amount", "status"),
    [
        ("C5,00", "5", "BOOK"),
        ("D5,00", "-5", "BOOK"),
        ("CR5,00", "5", "BOOK"),
        ("DR5,", "-5", "BOOK"),
        ("RC5,00", "-5", "BOOK"),
        ("RD5,00", "5", "BOOK"),
        ("RCR5,00", "-5", "BOOK"),
        ("RDR5,00", "5", "BOOK"),
        ("DD000005,123", "-5.123", "BOOK"),
        ("CD0,00", "0", "BOOK"),
        ("D,5", "-0.5", "BOOK"),
        ("C500", "500", "BOOK"),
        ("EC5,00", "5", "PDNG"),
        ("ED5,00", "-5", "PDNG"),
    ],
)
def test_a_reversed_credit_is_money_that_went(written: str, amount: str, status: str) -> None:
    found = line(f"2611201120{written}NTRFNONREF")

    assert (found.amount, found.status, found.reversal) == (Decimal(amount), status, written[0] == "R")


@pytest.mark.parametrize(
    ("written", "value", "booked"),
    [
        ("2611201121", "2026-11-20", "2026-11-21"),
        ("261120", "2026-11-20", "None"),
        ("261120    ", "2026-11-20", "None"),
        ("2611200000", "2026-11-20", "None"),
        ("2602300301", "2026-02-28", "2026-03-01"),
        ("2402300230", "2024-02-29", "2024-02-29"),
        ("2612310102", "2026-12-31", "2027-01-02"),
        ("2701021231", "2027-01-02", "2026-12-31"),
        ("991231", "1999-12-31", "None"),
    ],
)
def test_days_without_a_year_and_months_of_thirty_days(written: str, value: str, booked: str) -> None:
    found = line(f"{written}C5,00NTRFNONREF")

    assert [str(found.value), str(found.booked)] == [value, booked]


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("DE02120300000000202051", "DE02120300000000202051"),
        ("de02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        ("51210600/9223382012EUR", "51210600/9223382012"),
        ("BILLLULLXXX/LU540026121160200600", "LU540026121160200600"),
        ("//AT39364/12345678912/EUR", "AT39364/12345678912"),
        ("TRIODOSBANK/0390123456", "TRIODOSBANK/0390123456"),
        ("0001234567", "0001234567"),
    ],
)
def test_accounts_as_banks_write_them(written: str, account: str) -> None:
    [found] = read_statements(file().replace(b"DE02120300000000202051", written.encode()))

    assert found.account == account


def test_the_code_of_a_line_may_be_blank_and_its_reference_point_to_the_text() -> None:
    assert (line("261120C5,00S   X").bank_code, line("261120C5,00").bank_code) == ("", "")
    assert line("261120D5,00 NRTIKREF+//2016").references == ("2016",)
    assert line("2611201120C5,00NTRF29-07 10:05 //B4").references == ("29-07 10:05", "B4")


def test_the_balances_say_how_far_a_statement_is_to_be_trusted() -> None:
    assert read(":61:261120C5,00NTRF").balanced is True
    assert read(":61:261120C4,00NTRF").balanced is False
    assert read(":61:261120C5,00NTRF", closing="").balanced is None
    assert read(":61:261120C5,00NTRF", opening="").balanced is None
    assert read(":61:261120EC9,00NTRF", ":61:261120C5,00NTRF").balanced is True, "what is expected is not booked"
    assert amounts(read(":61:261120C5,00NTRF", ":61:261120C0,00NTRF")) == [Decimal(5), Decimal(0)]
    assert read(opening=":60F:C000000EUR15,00\n").opening_day is None


def test_two_equal_lines_are_two_and_what_belongs_to_the_statement_is_not_theirs() -> None:
    text = ":86:Danke"
    found = read(":86:Our IBAN: DE89", ":61:261120C5,00NTRF", text, ":61:261120C5,00NTRF", text, closing=CLOSING + ":86:No. 2 of 3\n")

    assert [(one.n, one.text) for one in found.entries] == [(1, "Danke"), (2, "Danke")]


def test_a_statement_is_known_again_and_told_from_others() -> None:
    base = file(":61:261120C5,00NTRFNONREF", ":86:Danke")
    same = [base.replace(b"\n", b"\r\n"), base.replace(b":20:1", b":20:2026112199"), base.replace(b"Danke", b"Dan\nke")]
    other = [base.replace(b"7/1", b"7/2"), base.replace(b"Danke", b"Bitte"), base.replace(b"261120C5", b"261121C5"),
             base.replace(b"C261120EUR15", b"C261121EUR15"), base.replace(b":62F:", b":62M:")]  # fmt: skip
    known = {read_statements(content)[0].identity for content in (base, *same)}

    assert len(known) == 1
    assert len({read_statements(content)[0].identity for content in other} - known) == len(other)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (
            file().replace(b":25:", b":13D:2611201815+0100\n:25:").replace(OPENING.encode(), b"").replace(CLOSING.encode(), b""),
            InterimReport,
        ),
        (file(opening=":34F:EUR0,\n", closing=":90D:0EUR0,\n:90C:1EUR5,\n"), InterimReport),
        (file(closing=":90D:0EUR0,\n:90C:1EUR5,\n" + CLOSING), InterimReport),
        (file(":61:261120C5,00NTRF", opening="", closing=""), NoCurrency),
        (file(opening="", closing=""), NoStatement),
        (file(closing=":62F:C261120USD15,00\n"), MixedCurrencies),
        (file(closing=CLOSING + CLOSING), UnreadableLine),
        (file(opening=OPENING + OPENING), UnreadableLine),
        (file(closing=":62F:C261120INR11 27421,94\n"), UnreadableLine),
        (file(closing=":62F:X261120EUR15,00\n"), UnreadableLine),
        (file(closing=":62F:C261120EUR1.500,00\n"), UnreadableAmount),
        (file(closing=":62F:C261320EUR15,00\n"), UnreadableDay),
        (file(":61:261120X5,00NTRF"), UnreadableLine),
        (file(":61:261120C5.00NTRF"), UnreadableLine),
        (file(":61:261120C5,0,0NTRF"), UnreadableAmount),
        (file(":61:261120C5,00 2 NTRF"), UnreadableLine),
        (file(":61:261120C٥,00NTRF"), UnreadableLine),
        (file(":61:261100C5,00NTRF"), UnreadableDay),
        (file(":61:2611201320C5,00NTRF"), UnreadableDay),
        (file(f":86:{'a' * 200}\0b"), UnknownEncoding),
        (b"\xef\xbb\xbf \r\n", EmptyFile),
        (b"20:1\n25:1", UnknownFormat),
        (b":20:\n" * 400_002, TooManyElements),
    ],
)
def test_what_is_refused_whole_and_with_which_sentence(content: bytes, refusal: type[FileRefused]) -> None:
    with pytest.raises(FileRefused) as refused:
        read_statements(content, "november.sta")

    assert type(refused.value) is refusal
    assert "november.sta" in str(refused.value)


def test_a_refusal_names_its_line_and_what_stands_there() -> None:
    with pytest.raises(UnreadableLine) as refused:
        read_statements(file(":61:261120C5,00NTRF", ":61:five\x1b[2J"), "n.sta")

    assert str(refused.value) == "n.sta, line 6: “:61:five[2J” cannot be read here."


# ---------------------------------------------------------------- real files


SAMPLE_FILES = sorted((SAMPLES / "mt940").glob("*.sta"))


@pytest.mark.skipif(not SAMPLE_FILES, reason="the folder of real bank files (../shared/samples) is not on this machine")
@pytest.mark.parametrize("path", SAMPLE_FILES or [Path()], ids=lambda path: path.name)
def test_real_files_give_what_other_readers_gave(path: Path) -> None:
    known = json.loads((SAMPLES / "mt940" / "expected" / f"{path.name}.json").read_text())["statements"]
    if not known or path.name == "missing-62F.sta":
        with pytest.raises(FileRefused):
            read_statements(path.read_bytes(), path.name)
        return
    found = read_statements(path.read_bytes(), path.name)
    assert [(one.number, one.currency, one.opening, one.closing, one.balanced) for one in found] == [
        (one["seq"], one["ccy"], Decimal(one["open"]), Decimal(one["close"]), one["add"]) for one in known
    ]
    assert [amounts(one) for one in found] == [[Decimal(line["amount"]) for line in one["lines"]] for one in known]
