"""Who manages says once what the columns of an account's CSV mean; such files are then read, previewed and booked like any other."""

import io

import pytest

from tests.web.client import forms, plain
from tests.web.refusing import nothing_written, reading, refused
from tests.web.test_bad_input_files import book, send
from vps.bank.actions import SeveralAccounts, change_bank_account, open_bank_account
from vps.bank.columns import Mapping, WrongMapping
from vps.bank.columns_form import NoFile
from vps.bank.models import bank_accounts, lines_of
from vps.bank.statement import NoSuchColumn, UnknownFormat
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.money import Money

WAY = "/office/bank/accounts/1/columns"
CSV = (
    "Buchungstag;Verwendungszweck;Empfänger;Betrag;Saldo nach Buchung\n"
    "19.11.2026;Danke;Anna Bauer;1.234,50;2.234,50\n20.11.2026;Gebühr;Bank;-4,50;2.230,00\n"
).encode()


def press(browser, data: dict[str, object], content: bytes = b"", **more: object):
    file = {"file": (io.BytesIO(content), "konto.csv")} if content else {}
    return browser.post(WAY, {**data, **file, **more})


def typed(answer) -> dict[str, str]:
    """What the page holds, without the button that keeps it."""
    return {name: value for way, fields in forms(answer) if way == WAY for name, value in fields.items() if name != "save"}


def test_columns_are_guessed_looked_at_and_kept_and_the_file_is_booked(house):
    elena, dragan = reading(house.elena, "en"), reading(house.dragan, "en")
    refused(send(dragan, CSV, "konto.csv"), UnknownFormat.says, "en")

    looked = press(elena, {}, CSV)

    text = plain(looked.text)
    assert "<td>Gebühr</td>" in text and "1234.50 EUR" in text and typed(looked)["day"] == "Buchungstag"
    assert press(elena, typed(looked), save="1").headers["Location"] == "/office/bank/accounts/1"
    assert bank_accounts()[0].mapping and typed(elena.get(WAY))["amount"] == "Betrag"
    assert book(dragan, send(dragan, CSV, "konto.csv")).headers["Location"] == "/office/bank/statements?done=1.2.0.0"
    assert [(line.party, line.amount) for line in lines_of(1)] == [("Anna Bauer", Money(1234_50, "EUR")), ("Bank", Money(-4_50, "EUR"))]


def test_what_is_corrected_is_read_anew_and_what_makes_no_sense_is_refused(house):
    elena = reading(house.elena, "de")
    fields = typed(press(elena, {}, CSV))

    wrong = press(elena, fields | {"amount": "Summe"}, CSV)

    assert wrong.status_code == 200 and "Summe" in wrong.text and 'role="alert"' in wrong.text
    assert "<td>Danke</td>" in press(elena, fields | {"day": "1", "text": "2, Empfänger"}, CSV).text
    with nothing_written():
        refused(press(elena, fields | {"amount": "", "money_in": "4"}, save="1"), WrongMapping.says, "de")
        refused(press(elena, fields | {"rest": "{"}, save="1"), WrongMapping.says, "de")
        refused(press(elena, {}, b"a;b\n1;2\n"), UnknownFormat.says, "de")
        refused(press(elena, {}), NoFile.says, "de")


@pytest.mark.parametrize("language", ["en", "de", "sr"])
def test_a_file_that_fits_several_accounts_or_none_is_refused(house, language):
    open_bank_account("HR1723600001101234565", "EUR", actor=HOUSE, at=clock())
    dragan = reading(house.dragan, language)
    for key, number in ((1, "DE89370400440532013000"), (2, "HR1723600001101234565")):
        mapping = Mapping(number, "EUR", "Buchungstag", amount="Betrag")
        change_bank_account(key, mapping=mapping.to_json(), actor=HOUSE, at=clock())
    with nothing_written():
        refused(send(dragan, CSV, "konto.csv"), SeveralAccounts.says, language)
        refused(send(dragan, CSV.replace(b"Betrag", b"Summe"), "konto.csv"), NoSuchColumn.says, language)
