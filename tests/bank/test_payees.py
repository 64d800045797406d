"""A partner's own bank account: a bound way or the office adds it, it rests, everybody who could be robbed by it hears of it (R1, R2, M8)."""

from datetime import timedelta

import pytest

from tests.bank.payouts import IBAN, OTHER, add, by_phone, confirmed, me, usable
from tests.cast import NOON, sheet_of
from vps.bank.accounts import CountryNotServed, IbanWanted, WrongCheckDigits, is_russian
from vps.bank.actions import (
    AccountListed,
    NotOnesOwnAccount,
    TooManyAccounts,
    add_payee,
    add_payee_for,
    asks_bank,
    end_payee,
    open_bank_account,
    read_account,
)
from vps.bank.actions.payees import KIND, BankNeeded
from vps.bank.models import payees_of, shared_accounts, shared_with
from vps.company.actions import NotCountries, change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.refusals import NotFound
from vps.people.actions import HAPPENED
from vps.post.models import offer_sms
from vps.security.actions.refusals import WeakerWay
from vps.security.models import CHANGE, SMS

BANK = "NBSRRSBGXXX"
MANY = [
    "DE89370400440532013000",
    "AT611904300234573201",
    "HR1210010051863000160",
    "SI56192001234567892",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
]


@pytest.fixture
def anna(house):
    sheet_of(house.anna)
    by_phone(house.anna)
    return house.anna


def test_an_account_is_confirmed_by_a_bound_way_and_rests(anna):
    add(anna)

    (account,) = payees_of(anna.id)
    assert (account.number, account.holder, account.shown) == (IBAN, "Anna Bauer", "DE89 3704 0044 0532 0130 00")
    assert account.rests(NOON + timedelta(hours=23)) and not account.rests(NOON + timedelta(hours=24))
    assert one("SELECT kind, subject, payee FROM intent") == ("account", IBAN, "Anna Bauer")


def test_a_sheet_alone_adds_no_account(anna):
    with pytest.raises(WeakerWay):
        confirmed(anna, KIND, IBAN, "Anna Bauer", motive=CHANGE)
    assert payees_of(anna.id) == []


def test_it_is_announced_to_the_mailbox_and_to_the_phone(anna):
    add(anna)

    assert rows("SELECT address FROM outbox WHERE key LIKE 'notice:account added:%'") == [("anna@example.com",)]
    assert one("SELECT count(*) FROM outbox WHERE kind = 'account' AND channel = 'sms'")[0] == 1
    assert one("SELECT after FROM event WHERE verb = 'account added'")[0] == "DE …3000"


def test_a_gateway_that_is_away_decides_nothing(house):
    cast = house
    by_phone(cast.anna)
    offer_sms(False)
    usable(cast, cast.anna, at=NOON)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'account'")[0] == 0 and len(payees_of(cast.anna.id)) == 1


def test_a_resend_finds_the_account_that_the_first_one_made(anna):
    by = confirmed(anna, KIND, IBAN, "Anna Bauer", motive=CHANGE, way=SMS)
    made = add_payee(authorisation=by, at=NOON)

    assert add_payee(authorisation=by, at=NOON) == made
    assert len(payees_of(anna.id)) == 1


def test_there_are_five_and_none_twice(house):
    cast = house
    for number in MANY[:5]:
        usable(cast, cast.anna, number)
    with pytest.raises(TooManyAccounts):
        usable(cast, cast.anna, MANY[5])
    with pytest.raises(AccountListed):
        usable(cast, cast.anna, "de89 3704 0044 0532 0130 00")


def test_one_that_was_ended_is_gone_and_can_come_back(house):
    cast = house
    made = usable(cast, cast.anna)

    for _ in range(2):
        end_payee(cast.anna.id, made, actor=me(cast.anna), at=NOON)
    assert payees_of(cast.anna.id) == []
    assert one("SELECT count(*) FROM event WHERE verb = 'account ended'")[0] == 1
    usable(cast, cast.anna)
    for person, key in ((cast.boris, made), (cast.anna, 77)):
        with pytest.raises(NotFound):
            end_payee(person.id, key, actor=me(person), at=NOON)


def test_the_same_account_of_two_partners_is_shown_to_the_office_and_to_nobody_else(cast):
    usable(cast, cast.anna)
    usable(cast, cast.boris)
    usable(cast, cast.boris, OTHER)

    (shared,) = shared_accounts()
    assert (shared.number, [partner for partner, _ in shared.partners]) == (IBAN, [cast.anna.number, cast.boris.number])
    assert shared.holders == ["Anna Bauer", "Борис Волков"]
    assert shared_with(cast.boris.id) == {IBAN: [(cast.anna.number, "Anna Bauer")]}
    assert rows("SELECT subject, after FROM event WHERE verb = 'account shared'") == [("payee account:2", cast.anna.number)]
    assert "account shared" not in HAPPENED, "a partner's own history does not say it"


def test_nobody_adds_his_own_in_the_office(house):
    cast = house
    with pytest.raises(NotOnesOwnAccount):
        add_payee_for(cast.anna.id, read_account(IBAN), "Anna", actor=Actor(cast.anna.id), at=NOON)


def test_a_bank_outside_the_economic_area_is_named_unless_the_company_pays_by_a_list_of_its_country(house):
    """Without it, one account stopped the file of a whole pay day."""
    assert asks_bank()
    for number in ("265-1234-88", "CH9300762011623852957"):
        with pytest.raises(BankNeeded):
            read_account(number)
    assert read_account("CH9300762011623852957", "UBSWCHZH80A").bic == "UBSWCHZH80A"
    open_bank_account("265000000000123488", "RSD", pay_format="rs", actor=HOUSE, at=NOON)
    assert read_account("265-1234-88").bic == ""
    change_settings({"payout_countries": "AT DE"}, actor=HOUSE, at=NOON)
    assert not asks_bank()


def test_what_countries_write_themselves_is_read_where_the_company_pays_to_them(house):
    assert read_account("RS35265000000000123488", BANK).kind == "rs"
    change_settings({"payout_countries": "AT DE"}, actor=HOUSE, at=NOON)
    with pytest.raises(IbanWanted):
        read_account("40702810500000012345")
    change_settings({"payout_countries": "RS RU"}, actor=HOUSE, at=NOON)
    with pytest.raises(CountryNotServed):
        read_account(IBAN)
    assert read_account("265-1234-88", BANK).number == "265000000000123488"
    with pytest.raises(WrongCheckDigits):
        read_account("265-1234-89")
    russian = one_that_fits()
    assert (read_account(russian, "044525225").kind, read_account(russian, " 044525225 ").bic) == ("ru", "044525225")
    with pytest.raises(NotCountries):
        change_settings({"payout_countries": "Germany"}, actor=HOUSE, at=NOON)


def one_that_fits() -> str:
    return next(number for key in range(10) if is_russian(number := f"40817810{key}12345678901", "044525225"))


def test_the_rows_keep_the_rules_themselves(cast):
    made = usable(cast, cast.anna)
    for sql in (
        "UPDATE payee_account SET number = 'X' WHERE id = ?",
        "UPDATE payee_account SET usable_from = 0 WHERE id = ?",
        "DELETE FROM payee_account WHERE id = ?",
    ):
        with pytest.raises(IntegrityError):
            run(sql, made)
