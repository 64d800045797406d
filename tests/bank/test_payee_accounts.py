"""Bank accounts as partners type them: what is taken, and what each wrong number is told."""

import json
from pathlib import Path

import pytest

from vps.bank.accounts import (
    AccountRefused,
    CardNumber,
    CountryNotServed,
    ForeignCurrency,
    IbanWanted,
    NoAccount,
    PayeeAccount,
    UnknownCountry,
    WrongBic,
    WrongCheckDigits,
    WrongLength,
    WrongRussian,
    WrongRussianBank,
    WrongRussianKey,
    WrongSerbian,
    WrongSigns,
    WrongStructure,
    is_russian,
    is_serbian,
    masked,
    payee_account,
    shown,
)

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
ALLOWED = frozenset({"DE", "HR", "RS", "RU"})
GERMAN = PayeeAccount("iban", "DE89370400440532013000", "DE")
SERBIAN = PayeeAccount("rs", "265000000000123488", "RS")
BANK = "044525225"
RUSSIAN = PayeeAccount("ru", "40817810900000000018", "RU", BANK)


@pytest.mark.parametrize(
    "typed",
    ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", "IBAN: DE89\N{NO-BREAK SPACE}3704\N{NARROW NO-BREAK SPACE}0044-0532-0130-00",
     "\N{LEFT-TO-RIGHT MARK}DE89.3704.0044.\n0532.0130.00\t"],
)  # fmt: skip
def test_an_iban_is_taken_however_it_is_written(typed: str) -> None:
    assert payee_account(typed, "DE", allowed=ALLOWED) == GERMAN


@pytest.mark.parametrize(
    "typed", ["265-1234-88", "265000000000123488", "265-0000000001234-88", "265–1234–88", "RS35 2650 0000 0000 1234 88"]
)
def test_a_serbian_account_is_one_account_in_its_short_and_long_form_and_as_an_iban(typed: str) -> None:
    assert payee_account(typed, "rs", allowed=ALLOWED) == SERBIAN
    assert SERBIAN.iban == "RS35265000000000123488"


def test_a_russian_account_goes_with_the_code_of_its_bank_and_has_no_iban() -> None:
    assert payee_account("40817 810 9 00000000018", "RU", bic=" 044525225 ", allowed=ALLOWED) == RUSSIAN
    assert RUSSIAN.iban == ""


def test_an_account_held_at_the_bank_of_russia_is_keyed_by_its_settlement_centre() -> None:
    assert is_russian("40101810800000010041", "044583001")  # the treasury of Moscow, as it was published for tax payments
    assert not is_russian("40101810800000010041", "044525225")
    assert not is_russian("4010181080000001004", "044583001")


def test_a_number_without_letters_is_read_as_the_country_has_it() -> None:
    with pytest.raises(IbanWanted):
        payee_account(SERBIAN.number, "DE", allowed=ALLOWED)
    with pytest.raises(WrongSerbian):
        payee_account(RUSSIAN.number, "RS", allowed=ALLOWED)
    assert payee_account("HR1723600001101234565", "DE", allowed=ALLOWED).country == "HR"


@pytest.mark.parametrize(
    ("typed", "country", "bic", "refusal"),
    [
        (" - ", "DE", "", NoAccount),
        ("9" * 81, "DE", "", AccountRefused),
        ("DE89 3704 0044 0532 0130 0О", "DE", "", WrongSigns),  # the last one is Cyrillic
        ("XX89 3704 0044 0532 0130 00", "DE", "", UnknownCountry),
        ("DE89 3704 0044 0532 0130 0", "DE", "", WrongLength),
        ("DE89 3704 0044 0532 0130 0O", "DE", "", WrongStructure),
        ("DE89 3704 0044 0532 0310 00", "DE", "", WrongCheckDigits),
        ("DE89 3704 0044 0532 0130 00", "DE", "COBADEF", WrongBic),
        ("RS35 2650 0000 0000 1234 89", "RS", "", WrongCheckDigits),
        ("265-1234-89", "RS", "", WrongCheckDigits),
        ("000-1234-88", "RS", "", WrongCheckDigits),
        ("265123488", "RS", "", WrongSerbian),
        ("4111 1111 1111 1111", "RS", "", CardNumber),
        ("4111 1111 1111 1111", "HR", "", CardNumber),
        ("2200 0000 0000 0053", "RU", BANK, CardNumber),
        ("4081 7810 9000 0000 001", "RU", BANK, WrongRussian),
        (RUSSIAN.number, "RU", "", WrongRussianBank),
        (RUSSIAN.number, "RU", "045004774", WrongRussianKey),
        ("40817840600000000018", "RU", BANK, ForeignCurrency),
        ("AT61 1904 3002 3457 3201", "AT", "", CountryNotServed),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong_with_it(typed: str, country: str, bic: str, refusal: type[AccountRefused]) -> None:
    with pytest.raises(AccountRefused) as refused:
        payee_account(typed, country, bic=bic, allowed=ALLOWED)

    assert type(refused.value) is refusal
    assert str(refused.value)  # the sentence finds all its facts


def test_check_digits_that_no_bank_issues_are_refused() -> None:
    for sequence in range(1, 300):
        body = f"265{sequence:013}"
        assert sum(is_serbian(f"{body}{check:02}") for check in range(100)) == 1
        assert not any(is_serbian(f"{body}{check}") for check in ("00", "01", "99"))


def test_an_account_is_shown_in_groups_and_masked_to_its_end() -> None:
    assert [shown(one) for one in (GERMAN, SERBIAN, RUSSIAN)] == [
        "DE89 3704 0044 0532 0130 00", "265-0000000001234-88", "4081 7810 9000 0000 0018",
    ]  # fmt: skip
    assert [masked(one) for one in (GERMAN, SERBIAN, RUSSIAN)] == ["DE …3000", "RS …3488", "RU …0018"]


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not on this machine")
def test_every_iban_of_the_registry_is_taken_and_every_broken_one_refused() -> None:
    numbers = json.loads((SAMPLES / "iban" / "iban.json").read_text(encoding="utf-8"))
    everywhere = {one["iban"][:2] for one in numbers["valid"]}
    for one in numbers["valid"]:
        assert payee_account(one["iban"], "", allowed=everywhere).iban == one["iban"]
        assert all(payee_account(written, "", allowed=everywhere).iban == one["iban"] for written in one["written"])
    for one in numbers["invalid"]:
        with pytest.raises(AccountRefused):
            payee_account(one["iban"], "", allowed=everywhere)
