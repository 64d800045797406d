"""What the columns of a CSV could mean, by the header words of German, Croatian, Serbian, Russian and English banks."""

from typing import Any

import pytest

from tests.bank.camt_files import DATA, amounts
from vps.bank.csv_guess import guess
from vps.bank.reading import read_statements

IBAN = "DE02120300000000202051"


@pytest.mark.parametrize(
    ("header", "line", "encoding", "expected"),
    [
        pytest.param(
            '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Kundenreferenz (End-to-End)";'
            '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"',
            f'"{IBAN}";"05.09.26";"05.09.26";"GUTSCHRIFT";"Danke";"E-1";"Anna";"DE1";"X";"-1.012,50";"EUR";"Umsatz gebucht"', "cp1252",
            {"account": IBAN, "currency": "EUR", "day": "Buchungstag", "value_day": "Valutadatum", "date_format": "DD.MM.YY",
             "amount": "Betrag", "text": ("Verwendungszweck",), "party": "Beguenstigter/Zahlungspflichtiger",
             "party_account": "Kontonummer/IBAN", "reference": "Kundenreferenz (End-to-End)", "currency_column": "Waehrung",
             "own_account": "Auftragskonto", "status": "Info", "booked_words": ("Umsatz gebucht",)}, id="Sparkasse",
        ),
        pytest.param(
            "Buchungstag;Wert;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;Soll;Haben;Währung",
            "02.01.2026;02.01.2026;Müller;Rechnung;DE1;-12,00;;EUR", "cp1252",
            {"encoding": "cp1252", "value_day": "Wert", "money_in": "Haben", "money_out": "Soll", "amount": None,
             "party": "Begünstigter / Auftraggeber", "party_account": "IBAN"}, id="Soll and Haben",
        ),
        pytest.param(
            "Buchung;Valuta;Auftraggeber/Empfänger;Verwendungszweck;Saldo;Währung;Betrag;Währung",
            "02.01.2026;02.01.2026;Müller;Rechnung;100,00;EUR;12,00;EUR", "utf-8",
            {"currency_column": 6, "balance": "Saldo", "value_day": "Valuta", "encoding": "utf-8"}, id="a name twice",
        ),
        pytest.param(
            "Datum;Umsatz;S/H;Text", "02.01.2026;12,00;S;x", "utf-8", {"amount": "Umsatz", "direction": "S/H"}, id="a letter for the side"
        ),
        pytest.param(
            "Datum knjiženja;Datum valute;Opis plaćanja;Iznos;Valuta;Saldo", "15.01.2026.;15.01.2026.;Uplata IVIĆ;1.500,00;EUR;2.500,00", "cp1250",
            {"encoding": "cp1250", "day": "Datum knjiženja", "value_day": "Datum valute", "currency_column": "Valuta",
             "text": ("Opis plaćanja",)}, id="Croatia",
        ),
        pytest.param(
            "Датум књижења;Датум валуте;Сврха плаћања;Платилац/Прималац;Задужење;Одобрење;Стање",
            "15.01.2026;15.01.2026;Уплата;Ана;;1.500,00;2.500,00", "cp1251",
            {"encoding": "cp1251", "currency": "RSD", "money_in": "Одобрење", "money_out": "Задужење", "party": "Платилац/Прималац",
             "balance": "Стање"}, id="Serbia",
        ),
        pytest.param(
            "Дата;Номер документа;Контрагент;Счет контрагента;Дебет;Кредит;Назначение платежа", "22.03.2026;12;ООО;407;;1 500,00;Оплата", "cp866",
            {"encoding": "cp866", "currency": "RUB", "grouping": " ", "money_in": "Кредит", "money_out": "Дебет", "party": "Контрагент",
             "reference": "Номер документа", "text": ("Назначение платежа",)}, id="Russia",
        ),
        pytest.param(
            "Date,Description,Amount,Balance,Currency", '04/13/2026,"Paid, in full","1,200.00","2,300.00",GBP', "utf-16",
            {"delimiter": ",", "date_format": "MM/DD/YYYY", "decimal": ".", "grouping": ",", "currency": "GBP", "day": "Date"}, id="English",
        ),
    ],
)  # fmt: skip
def test_header_words_of_banks(header: str, line: str, encoding: str, expected: dict[str, Any]) -> None:
    content = f"{header}\r\n{line}\r\n".encode(encoding)
    found = guess(content)

    assert found is not None
    assert {name: getattr(found, name) for name in expected} == expected
    assert len(read_statements(content, mapping=found)[0].entries) == 1


@pytest.mark.parametrize(
    ("name", "opening", "closing", "lines"),
    [("balances-de.csv", "1000.00", "2230.50", 3), ("in-and-out-hr.csv", "3450.26", "6604.71", 2)],
)
def test_whole_files_with_balances_add_up_as_guessed(name: str, opening: str, closing: str, lines: int) -> None:
    content = (DATA / name).read_bytes()
    [found] = read_statements(content, mapping=guess(content))

    assert [str(found.opening), str(found.closing), found.balanced, len(amounts(found))] == [opening, closing, True, lines]


def test_the_account_stands_in_front_of_the_header() -> None:
    found = guess(b"Konto;DE02 1203 0000 0000 2020 51\n\nDatum;Betrag (CHF)\n20.11.2026;1'234.50\n")

    assert found is not None
    assert (found.account, found.currency, found.skip, found.grouping, found.decimal) == (IBAN, "CHF", 1, "'", ".")


def test_a_long_file_is_looked_at_to_the_end_of_a_line_only() -> None:
    content = b"Datum;Betrag;Opis\n" + "20.11.2026;5,00;čćž\n".encode() * 20_000

    assert (found := guess(content)) is not None
    assert found.encoding == "utf-8"


def test_a_name_that_is_a_sentence_is_called_by_its_number() -> None:
    found = guess(f"Datum (Tag der Buchung{', ' * 40});Betrag\n20.11.2026;5,00\n".encode())

    assert found is not None
    assert (found.day, found.amount) == (1, "Betrag")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<Document/>",
        b"Datum;Text\n20.11.2026;x\n",
        b"Betrag;Text\n5;x\n",
        b"Datum;Betrag\nsoon;5\n",
        b"Datum;Betrag\n20.11.2026;five\n",
        b"\x89PNG\r\n\x1a\n\0\0",
    ],
)
def test_no_proposal_where_too_little_is_said(content: bytes) -> None:
    assert guess(content) is None
