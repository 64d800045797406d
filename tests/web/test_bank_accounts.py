"""Who manages sets up, changes and closes the company's accounts at its banks."""

import pytest

from tests.web.refusing import nothing_written, reading, refused, says
from vps.bank.actions import AccountKnown, NotAnIban
from vps.bank.actions.accounts import NotATimeOfDay
from vps.bank.forms import NoPayDay
from vps.bank.models import bank_accounts
from vps.kernel.cells import WrongCurrency
from vps.kernel.database import rows

WAY = "/office/bank/accounts"
HR = "HR17 2360 0001 1012 3456 5"
KEPT = {"name": "Haupt", "bank": "Musterbank", "bic": "COBADEFFXXX", "correspondent": "", "pay_format": "pain.001.001.03",
        "instant": "y", "cutoff": "15:30", "day2": "y", "day5": "y"}  # fmt: skip


def test_an_account_is_set_up_changed_and_closed(house):
    elena = reading(house.elena, "en")
    place = elena.post(WAY, {"number": HR, "currency": "eur", "name": "Zagreb"}).headers["Location"]

    assert 'value="14:00"' in elena.get(place).text
    assert elena.post(place, KEPT).headers["Location"] == WAY

    account = bank_accounts()[1]
    assert (account.number, account.currency, account.name, account.bic) == ("HR1723600001101234565", "EUR", "Haupt", "COBADEFFXXX")
    assert (account.pay_format, account.cutoff, account.pay_days, account.instant, account.shown) == ("pain.001.001.03", 930, "25", 1, 0)
    page = elena.get(place).text
    assert 'value="15:30"' in page and page.count("checked") == 3
    assert elena.post(f"{place}/end").status_code == 303
    assert elena.get(place).status_code == 404 and len(bank_accounts()) == 1
    verbs = [verb for (verb,) in rows("SELECT verb FROM event WHERE subject LIKE 'bank account:HR%' ORDER BY id")]
    assert verbs == ["bank account opened", *["bank account changed"] * 8, "bank account closed"]
    assert "Bank account changed" in elena.get("/office/trail").text and WAY in elena.get("/more").text


@pytest.mark.parametrize("language", ["en", "de", "sr"])
def test_what_was_mistyped_is_said_at_its_field(house, language):
    elena = reading(house.elena, language)
    new = {"number": HR, "currency": "EUR", "name": ""}
    with nothing_written():
        refused(elena.post(WAY, new | {"number": "DE00370400440532013000"}), NotAnIban.says, language)
        refused(elena.post(WAY, new | {"number": "DE89370400440532013000"}), AccountKnown.says, language)
        refused(elena.post(WAY, new | {"currency": "QQQ"}), WrongCurrency.says, language)
        refused(elena.post(f"{WAY}/1", KEPT | {"cutoff": "25:00"}), NotATimeOfDay.says, language)
        refused(elena.post(f"{WAY}/1", {**KEPT, "day2": "", "day5": ""}), NoPayDay.says, language)
        assert elena.post(f"{WAY}/1", {**KEPT, "pay_format": "x"}).status_code == 422
        assert elena.post(f"{WAY}/9", KEPT).status_code == elena.post(f"{WAY}/9/end").status_code == 404
    assert says(elena.get(WAY), "seen by partners", language)
