"""The company's accounts at its banks are set up once, by the number the country uses, and known however a statement writes it."""

import pytest

from tests.cast import NOON
from vps.bank.actions import AccountKnown, NotAnIban, change_bank_account, close_bank_account, open_bank_account
from vps.bank.actions.accounts import NoSuchFormat, NotATimeOfDay, NotPayDays, minutes
from vps.bank.models import bank_accounts, our_account
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows
from vps.kernel.refusals import NotFound

THEIRS = {"actor": HOUSE, "at": NOON}


def test_the_first_account_of_a_currency_is_what_was_booked_as_the_bank(cast):
    open_bank_account("hr12 1001 0051 8630 0016 0", "EUR", name="Druga", **THEIRS)
    open_bank_account("265-0000000001234-88".replace("-", ""), "RSD", **THEIRS)

    codes = rows("SELECT b.number, a.code, b.pay_format FROM bank_account b JOIN account a ON a.id = b.account_id ORDER BY b.id")
    assert codes == [
        ("DE89370400440532013000", "bank:EUR", "pain.001.001.09"),
        ("HR1210010051863000160", "bank:EUR:HR1210010051863000160", "pain.001.001.09"),
        ("265000000000123488", "bank:RSD", "rs"),
    ]


def test_what_is_mistyped_or_there_already_is_refused(cast):
    for number in ("DE89 3704 0044 0532 0130 01", "HR00", "", "37040044", "265000000000123487"):
        with pytest.raises(NotAnIban):
            open_bank_account(number, "EUR", **THEIRS)
    with pytest.raises(AccountKnown):
        open_bank_account("DE89 3704 0044 0532 0130 00", "EUR", **THEIRS)
    for facts, refusal in (({"pay_days": "58"}, NotPayDays), ({"pay_days": ""}, NotPayDays), ({"pay_format": "fax"}, NoSuchFormat)):
        with pytest.raises(refusal):
            change_bank_account(1, **facts, **THEIRS)
    with pytest.raises(NotATimeOfDay):
        minutes("25:00")


def test_an_account_is_changed_closed_and_opened_again(cast):
    change_bank_account(1, name=" Isarbank ", pay_days="5, 3", cutoff=minutes("9:30"), **THEIRS)
    found = bank_accounts()[0]
    assert (found.name, found.pay_days, found.cutoff) == ("Isarbank", "35", 570)
    assert one("SELECT count(*) FROM event WHERE verb = 'bank account changed'")[0] == 3

    close_bank_account(1, **THEIRS)
    for gone in (lambda: close_bank_account(1, **THEIRS), lambda: change_bank_account(1, name="x", **THEIRS)):
        with pytest.raises(NotFound):
            gone()
    assert bank_accounts() == []

    assert open_bank_account("DE89370400440532013000", "EUR", **THEIRS) == 1
    assert len(bank_accounts()) == 1


@pytest.mark.parametrize(
    "written",
    [
        *("DE89 3704 0044 0532 0130 00", "DE89370400440532013000EUR", "37040044/0532013000", "37040044/532013000", "370400440532013000"),
        "/DE89370400440532013000",
    ],
)
def test_our_account_is_known_however_a_statement_writes_it(cast, written):
    ours = bank_accounts()

    assert our_account(written, "EUR", ours) == ours[0]
    assert our_account(written, "USD", ours) is None
    assert our_account("0532013000", "EUR", ours) is None
