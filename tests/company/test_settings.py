"""The company's settings: append-only, read as one typed object, and never left in a state that cannot be read."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.company.actions import CurrencyInUse, CurrencyKept, NoSuchLanguage, NoSuchZone, NotAWholeNumber, ZoneIsSealed, change_settings
from vps.company.models import Company, Setting, company
from vps.kernel.authorisation import Actor
from vps.kernel.cells import WrongCurrency
from vps.kernel.database import IntegrityError, action, one, rows, run
from vps.kernel.text import HiddenCharacters
from vps.ledger.actions import seal
from vps.wallets.actions import open_wallet


def change(**changes) -> None:
    change_settings(changes, actor=Actor(None, "192.0.2.1"), at=NOON)


def test_a_new_house_has_settings_that_work(engine):
    assert company() == Company()
    assert (company().currency, company().zone, company().withdrawal_days) == ("EUR", "UTC", 14)


def test_what_was_changed_is_in_force_at_once_and_typed(engine):
    change(name="Alpenkraut", sheet_size=50, staff_idle="7", address="Am Hang 1\n10115 Berlin")

    assert (company().name, company().sheet_size, company().staff_idle) == ("Alpenkraut", 50, 7)
    assert company().address == "Am Hang 1\n10115 Berlin"


def test_the_newest_value_counts_and_the_older_ones_are_history(engine):
    for name in ("One", "Two", "One"):
        change(name=name)

    assert company().name == "One"
    assert [setting.value for setting in Setting.select().order_by(Setting.id)] == ["One", "Two", "One"]
    assert rows("SELECT before, after, address FROM event WHERE subject = 'setting:name' ORDER BY id") == [
        ("VPS", "One", "192.0.2.1"),
        ("One", "Two", "192.0.2.1"),
        ("Two", "One", "192.0.2.1"),
    ]


def test_what_stays_the_same_is_not_written(engine):
    change(name="Alpenkraut", sheet_size=50)
    change(name=" Alpenkraut ", sheet_size="50", zone="UTC")

    assert one("SELECT count(*) FROM setting")[0] == one("SELECT count(*) FROM event")[0] == 2


def test_a_setting_is_never_edited_or_deleted(engine):
    change(name="Alpenkraut")

    for edit in ("UPDATE setting SET value = 'x'", "DELETE FROM setting"):
        with pytest.raises(IntegrityError):
            run(edit)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"zone": "Europe/Atlantis"}, NoSuchZone),
        ({"zone": "../../etc/passwd"}, NoSuchZone),
        ({"sheet_size": "many"}, NotAWholeNumber),
        ({"sheet_size": "1e3"}, NotAWholeNumber),
        ({"sheet_size": ""}, NotAWholeNumber),
        ({"partner_idle": 0}, NotAWholeNumber),
        ({"partner_idle": -5}, NotAWholeNumber),
        ({"name": "Al\x00pen"}, HiddenCharacters),
        ({"language": "xx"}, NoSuchLanguage),
        ({"currency": "EURO"}, WrongCurrency),
        ({"currency": "eur"}, WrongCurrency),
        ({"currency": "XAU"}, WrongCurrency),
        ({"currencies": "RSD,USD"}, WrongCurrency),
        ({"rate_days": 0}, NotAWholeNumber),
        ({"colour": "red"}, AssertionError),
    ],
)
def test_a_value_that_could_not_be_read_back_changes_nothing_at_all(sqlite, changes, refusal):
    with pytest.raises(refusal):
        change(legal_name="Alpenkraut GmbH", **changes)

    assert company() == Company()


def test_other_workers_see_a_change_without_a_restart(engine):
    company()
    at_once(1, lambda _: change(name="Alpenkraut"))

    assert company().name == "Alpenkraut"


def test_what_was_rolled_back_is_forgotten(engine):
    @action
    def half() -> None:
        change(name="Wrong")
        assert company().name == "Wrong"
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        half()
    change(name="Right")

    assert company().name == "Right"


def test_a_setting_of_a_newer_release_is_passed_over(engine):
    run("INSERT INTO setting (key, value, since) VALUES ('teleport', 'on', 1)")

    assert company() == Company()


def test_the_currency_stays_once_there_are_wallets_in_it(cast):
    with pytest.raises(CurrencyInUse) as refused:
        change(currency="RSD")

    assert refused.value.facts == {"currency": "EUR"}
    change(currency="EUR", language="sr_Latn")
    assert (company().currency, company().language) == ("EUR", "sr_Latn")


def test_another_currency_stays_once_there_are_wallets_in_it(cast):
    change(currencies="RSD USD EUR")
    assert company().kept_in == ("EUR", "RSD", "USD")
    open_wallet(cast.boris.id, "RSD", at=NOON)

    with pytest.raises(CurrencyKept) as refused:
        change(currencies="USD")

    assert refused.value.facts == {"currency": "RSD"}
    change(currencies="RSD")
    assert company().kept_in == ("EUR", "RSD")


def test_the_zone_of_the_books_stays_once_months_are_sealed_in_it(cast):
    change(zone="Europe/Zagreb")
    assert company().zone == "Europe/Zagreb"
    seal(at=NOON, zone=company().zone)

    with pytest.raises(ZoneIsSealed):
        change(zone="Europe/Berlin")

    change(zone="Europe/Zagreb", name="Alpenkraut 2")
    assert (company().zone, company().name) == ("Europe/Zagreb", "Alpenkraut 2")
