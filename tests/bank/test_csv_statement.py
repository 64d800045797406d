"""CSV: what its columns mean is said, and everything else refuses the file."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.bank.camt_files import amounts
from tests.bank.csv_files import OURS, PLAIN, read, table
from vps.bank.archive import EmptyFile, FileRefused, TooManyElements, UnknownEncoding
from vps.bank.columns import Mapping, WrongMapping
from vps.bank.reading import read_statements
from vps.bank.statement import (
    BrokenCsv,
    MixedCurrencies,
    NegativeAmount,
    NoAmount,
    NoDay,
    NoSide,
    NoStatement,
    NoSuchColumn,
    OtherAccount,
    SameColumns,
    UnknownFormat,
    UnreadableAmount,
    UnreadableDay,
    WrongCells,
)

BOTH: dict[str, Any] = {"amount": None, "money_in": "Ein", "money_out": "Aus", "header": "Tag;Ein;Aus"}
WORD: dict[str, Any] = {"direction": "Art", "words_in": ("H",), "words_out": ("S",), "header": "Tag;Betrag;Art"}
AFTER: dict[str, Any] = {"balance": "Saldo", "header": "Tag;Betrag;Saldo"}


def test_every_column_says_what_the_mapping_says() -> None:
    found = read(
        "Konto;;;;;;;;;", "Tag;Wert;Text;Text 2;Name;IBAN;Ref;Betrag;Whg;Konto",
        f"20.11.2026;21.11.2026;Danke;'=schön;Živko;DE89 3704 0044;R-1;1.234,50;EUR;{OURS}", "Summe;;;;;;;;;",
        header="Export;;;;;;;;;", skip=2, skip_last=1, value_day="Wert", text=("Text", 4), party="Name", party_account=6, reference="ref",
        currency_column="Whg", own_account="Konto",
    )  # fmt: skip
    [one] = found.entries

    assert (found.account, found.currency, found.number, found.message) == (OURS, "EUR", "", "CSV")
    assert (found.opening_day, found.closing_day, found.balanced) == (date(2026, 11, 20), date(2026, 11, 20), None)
    assert (one.n, one.booked, one.value, one.amount) == (1, date(2026, 11, 20), date(2026, 11, 21), Decimal("1234.50"))
    assert (one.text, one.counterparty_name, one.counterparty_account, one.references) == (
        "Danke\n=schön",
        "Živko",
        "DE8937040044",
        ("R-1",),
    )


@pytest.mark.parametrize(
    ("written", "changed", "amount"),
    [
        ("5", {}, "5"),
        ("-5,5", {}, "-5.5"),
        ("+5,50", {}, "5.50"),
        ("−5,50", {}, "-5.50"),
        ("5,50-", {}, "-5.50"),
        ("- 5,50 EUR", {}, "-5.50"),
        ("5,50 €", {}, "5.50"),
        ("1.234.567,89", {}, "1234567.89"),
        ("1,234.50", {"grouping": ",", "decimal": ".", "delimiter": ";"}, "1234.50"),
        ("1 234,5", {"grouping": " "}, "1234.5"),
        ("1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,5", {"grouping": " "}, "1234567.5"),
        ("1'234.50", {"grouping": "'", "decimal": "."}, "1234.50"),
        ("1234,500", {"grouping": ""}, "1234.500"),
        ("-0,00", {}, "0"),
    ],
)
def test_amounts_are_read_as_the_mapping_says(written: str, changed: dict[str, Any], amount: str) -> None:
    assert amounts(read(f"20.11.2026;{written}", **changed)) == [Decimal(amount)]


@pytest.mark.parametrize(
    ("rows", "changed", "found"),
    [
        (["20.11.2026;5;", "20.11.2026;;3", "20.11.2026;0,00;2", "20.11.2026;0;0", "20.11.2026;1;0"], BOTH, [5, -3, -2, 0, 1]),
        (["20.11.2026;;-3", "20.11.2026;;-2"], BOTH, [-3, -2]),
        (["20.11.2026;5;h", "20.11.2026;3;S", "20.11.2026;0;S"], WORD, [5, -3, 0]),
    ],
)
def test_money_in_and_out_by_column_or_by_word(rows: list[str], changed: dict[str, Any], found: list[int]) -> None:
    assert amounts(read(*rows, **changed)) == [Decimal(one) for one in found]


@pytest.mark.parametrize(
    ("date_format", "written", "day"),
    [
        ("DD.MM.YYYY", "1.2.2026", "2026-02-01"),
        ("DD.MM.YYYY", "01.02.2026.", "2026-02-01"),
        ("DD.MM.YYYY", "01.02.2026 10:30:00", "2026-02-01"),
        ("DD.MM.YY", "01.02.26", "2026-02-01"),
        ("MM/DD/YYYY", "02/01/2026", "2026-02-01"),
        ("YYYY-MM-DD", "2026-02-01T10:30", "2026-02-01"),
        ("YYYYMMDD", "20260201", "2026-02-01"),
    ],
)
def test_days_are_read_as_the_mapping_says(date_format: str, written: str, day: str) -> None:
    assert str(read(f"{written};5", date_format=date_format).entries[0].booked) == day


@pytest.mark.parametrize(
    ("rows", "opening", "closing", "balanced"),
    [
        (["19.11.2026;5;15", "20.11.2026;-3;12"], "10", "12", True),
        (["20.11.2026;-3;12", "19.11.2026;5;15"], "10", "12", True),
        (["20.11.2026;-3;12", "20.11.2026;5;15"], "10", "12", True),
        (["19.11.2026;5;15"], "10", "15", True),
        (["19.11.2026;5;", "20.11.2026;-3;12"], "10", "12", True),
        (["19.11.2026;5;15", "20.11.2026;-3;13"], "10", "13", False),
        (["20.11.2026;-3;13", "19.11.2026;5;15"], "10", "13", False),
        (["19.11.2026;5;", "20.11.2026;1;17", "21.11.2026;-3;13"], "11", "13", False),
        (["19.11.2026;5;15", "21.11.2026;-3;11"], "10", "11", False),
        (["19.11.2026;5;"], "None", "None", None),
    ],
)
def test_every_balance_must_fit_so_that_a_missing_line_is_noticed(
    rows: list[str], opening: str, closing: str, balanced: bool | None
) -> None:
    found = read(*rows, **AFTER)

    assert [str(found.opening), str(found.closing), found.balanced] == [opening, closing, balanced]


def test_what_is_not_booked_yet_moves_no_balance() -> None:
    found = read(
        "21.11.2026;9;;vorgemerkt", "20.11.2026;5;15;Gebucht", header="Tag;Betrag;Saldo;Info", balance="Saldo", status="Info",
        booked_words=("gebucht",),
    )  # fmt: skip

    assert ([one.status for one in found.entries], found.opening, found.balanced) == (["PDNG", "BOOK"], Decimal(10), True)


def test_a_statement_is_known_again_and_two_equal_lines_are_two() -> None:
    once, again = read("20.11.2026;5,00"), read("20.11.2026;5")
    twice = read("20.11.2026;5,00", "20.11.2026;5,00")

    assert once.identity == again.identity
    assert (len(twice.entries), twice.identity != once.identity) == (2, True)
    assert read("20.11.2026;5;a", header="Tag;Betrag;T", text=("T",)).identity != once.identity


def test_lines_may_end_with_a_separator_that_the_header_lacks() -> None:
    assert len(read("20.11.2026;5;", "20.11.2026;6;").entries) == 2
    found = read_statements(b"20.11.2026;5\n21.11.2026;6\n", mapping=Mapping(OURS, "EUR", 1, header=False, amount=2))
    assert amounts(found[0]) == [Decimal(5), Decimal(6)]


@pytest.mark.parametrize(
    ("rows", "changed", "refusal"),
    [
        ([], {}, NoStatement),
        (["20.11.2026;5"], {"skip": 2}, NoStatement),
        (["20.11.2026;5;7"], {}, WrongCells),
        (["20.11.2026"], {}, WrongCells),
        (["20.11.2026;5", "20.11.2026;5;"], {}, WrongCells),
        (['20.11.2026;"5'], {}, BrokenCsv),
        (['20.11.2026;"5"0'], {}, BrokenCsv),
        (["20.11.2026;5"], {"amount": "Umsatz"}, NoSuchColumn),
        (["20.11.2026;5"], {"amount": 3}, NoSuchColumn),
        (["20.11.2026;5;6"], {"header": "Tag;Betrag;betrag"}, SameColumns),
        ([";5"], {}, NoDay),
        (["2026-11-20;5"], {}, UnreadableDay),
        (["20.13.2026;5"], {}, UnreadableDay),
        (["32.11.2026;5"], {}, UnreadableDay),
        (["00.11.0000;5"], {}, UnreadableDay),
        (["20.11.2026;"], {}, NoAmount),
        *((["20.11.2026;" + wrong], {}, UnreadableAmount) for wrong in (
            "5.5", "1.23,4", "12.34.567", "1.2345,6", "0x5", "1e5", "NaN", "٣", "5,", ",5", "(5)", "-5-", "5 USD", "1 000", "5,1234", "9" * 19)),
        (["20.11.2026;5;3"], BOTH, NoAmount),
        (["20.11.2026;;"], BOTH, NoAmount),
        (["20.11.2026;-5;"], BOTH, NegativeAmount),
        (["20.11.2026;;5", "20.11.2026;;-5"], BOTH, NegativeAmount),
        (["20.11.2026;-5;S"], WORD, NegativeAmount),
        (["20.11.2026;5;X"], WORD, NoSide),
        (["20.11.2026;5;USD"], {"header": "Tag;Betrag;W", "currency_column": "W"}, MixedCurrencies),
        (["20.11.2026;5;DE89370400440532013000"], {"header": "Tag;Betrag;K", "own_account": "K"}, OtherAccount),
        (["20.11.2026;5;\x00x"], {"header": "Tag;Betrag;" + "K" * 200}, UnknownEncoding),
        (["x\n" * 400_002], {}, TooManyElements),
    ],
)  # fmt: skip
def test_what_is_refused_whole_and_with_which_sentence(rows: list[str], changed: dict[str, Any], refusal: type[FileRefused]) -> None:
    with pytest.raises(FileRefused) as refused:
        read(*rows, **changed)

    assert type(refused.value) is refusal
    assert "umsatz.csv" in str(refused.value)


def test_a_refusal_names_the_line_of_the_file() -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read('20.11.2026;5;"two\nlines"', "", "20.11.2026;five;x", header="Tag;Betrag;Text")

    assert str(refused.value) == "umsatz.csv, line 5: “five” is not an amount."


def test_without_a_mapping_no_csv_is_read_and_bytes_must_be_the_characters_it_says() -> None:
    with pytest.raises(UnknownFormat):
        read_statements(table("20.11.2026;5"))
    with pytest.raises(UnknownEncoding):
        read_statements("Tag;Betrag\n20.11.2026;5;ü".encode("cp1252"), mapping=PLAIN)
    with pytest.raises(EmptyFile):
        read_statements(b"\n\n", mapping=PLAIN)


# ---------------------------------------------------------------- what a mapping may say


def test_a_mapping_is_written_down_and_read_again() -> None:
    whole = Mapping(OURS, "EUR", 1, amount=2, text=("Text", 4), status="Info", booked_words=("gebucht",), grouping="", encoding="cp1250")

    assert Mapping.of_json(whole.to_json()) == whole
    assert Mapping.of_json('{"account": "", "currency": "EUR", "day": 1, "amount": 2}').grouping == "."
    assert PLAIN.to_json() == '{"account": "DE02120300000000202051", "currency": "EUR", "day": "Tag", "amount": "Betrag"}'


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"account": 5}, "account"),
        ({"currency": "Euro"}, "currency"),
        ({"day": None}, "day"),
        ({"day": 0}, "day"),
        ({"day": True}, "day"),
        ({"day": ""}, "day"),
        ({"delimiter": "::"}, "delimiter"),
        ({"encoding": "hex"}, "encoding"),
        ({"encoding": []}, "encoding"),
        ({"skip": -1}, "skip"),
        ({"header": 1}, "header"),
        ({"header": False}, "day"),
        ({"date_format": "%d.%m"}, "date_format"),
        ({"date_format": "DD.MM.YYYY DD"}, "date_format"),
        ({"decimal": ";"}, "decimal"),
        ({"grouping": ","}, "grouping"),
        ({"grouping": "-"}, "grouping"),
        ({"party": 1.5}, "party"),
        ({"text": "Text"}, "text"),
        ({"text": [0]}, "text"),
        ({"words_in": [1]}, "words_in"),
        ({"amount": None}, "amount"),
        ({"money_in": "Ein"}, "amount"),
        ({"amount": None, "money_in": "Ein"}, "amount"),
        ({"amount": None, "money_in": 1, "money_out": 2, "direction": 3}, "amount"),
        ({"direction": "Art"}, "amount"),
        ({"direction": "Art", "words_in": ["x"], "words_out": ["x"]}, "amount"),
        ({"status": "Info"}, "status"),
        ({"booked_words": ["x"]}, "status"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_by_the_name_of_its_part(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(WrongMapping) as refused:
        Mapping.of_json(json.dumps({"account": OURS, "currency": "EUR", "day": "Tag", "amount": "Betrag", **changed}))

    assert refused.value.facts == {"what": what}


@pytest.mark.parametrize(
    ("text", "what"), [("", "JSON"), ("[]", "JSON"), ("[" * 100_000, "JSON"), ("{}", "account"), ('{"account": ""}', "currency")]
)
def test_json_that_is_no_mapping(text: str, what: str) -> None:
    with pytest.raises(WrongMapping) as refused:
        Mapping.of_json(text)

    assert refused.value.facts == {"what": what}
