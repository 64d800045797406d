"""Manual provisions once they are booked: one booking for a wallet, free at once, and everybody reads what it is for."""

import pytest

from tests.cast import NOON, eur, give
from tests.commissions.network import worked
from tests.commissions.provisions import approved, confirmed, desk_of, handed_in
from tests.web.client import app
from vps.commissions.models import provisions_of
from vps.commissions.models.manual_shown import shown_of
from vps.company.actions import change_settings
from vps.home.discovery.asked import Asked
from vps.home.discovery.bookings import entries
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, reading
from vps.kernel.money import Money
from vps.ledger.models import lines as statement
from vps.wallets.actions import KindFacts, freeze_wallet, make_kind, tell_from
from vps.wallets.models import purse
from vps.wallets.words import papers


@pytest.fixture
def desk(cast):
    return desk_of(cast)


def both(cast, *, each="40.00"):
    return f"{cast.anna.number},{each},EUR,Fair in Graz", f"{cast.boris.number},{each},EUR,Fair in Graz"


def test_all_lines_of_a_partner_are_one_booking_and_his_statement_says_what_they_are_for(desk):
    key = handed_in(
        desk, f"{desk.boris.number},40.00,EUR,Fair in Graz", f"{desk.boris.number},7.50,EUR,Petrol", f"{desk.anna.number},1.00,EUR,Petrol"
    )
    confirmed(desk, key)

    (line,) = statement(purse(desk.boris.id, "EUR").account)

    assert (line.amount, line.voucher_kind, line.voucher_text) == (eur(47_50), "manual provision", "Fair in Graz · Petrol")
    assert [line.voucher_text for line in statement(purse(desk.anna.id, "EUR").account)] == ["Petrol", ""]
    assert [(mine.run, mine.text, mine.amount) for mine in provisions_of(desk.boris.id, limit=5)] == [
        (key, "Petrol", eur(7_50)),
        (key, "Fair in Graz", eur(40_00)),
    ]
    assert [mine.text for mine in provisions_of(desk.boris.id, before=(key, 2), limit=5)] == ["Fair in Graz"]


def test_whoever_searches_for_him_reads_it_too(desk):
    confirmed(desk, handed_in(desk, *both(desk)))
    asked = Asked(0, desk.boris.id, desk.boris.number, "", "", since=0, until=2**62, upto=2**62, accounts={})

    with reading():
        (batch,) = entries(asked, [purse(desk.boris.id, "EUR").account])

    assert [(entry.paper, entry.text) for entry in batch] == [("commission run", "Fair in Graz")]


def test_what_is_free_is_free_at_once_and_who_wants_mails_gets_one(desk):
    tell_from(desk.anna.id, eur(1), actor=HOUSE, at=NOON)
    key = handed_in(desk, *both(desk))
    confirmed(desk, key)
    worked(desk.at)

    assert purse(desk.anna.id, "EUR").available == eur(290_00)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'booking' AND address = 'anna@example.com'")[0] == 1


def test_a_frozen_wallet_receives_and_other_kinds_and_currencies_are_wallets_of_their_own(desk):
    change_settings({"currencies": "USD"}, actor=HOUSE, at=NOON)
    make_kind("bonus", KindFacts({"en": "Bonus", "de": "Bonus", "ru": "Бонус", "hr": "Bonus", "sr": "Бонус"}, True, False, False, True, True, 0, 2), actor=HOUSE, at=NOON)  # fmt: skip
    freeze_wallet(desk.boris.id, purse(desk.boris.id, "EUR").wallet, reason="lost phone", actor=Actor(desk.elena.id), at=NOON)
    header = "number,amount,currency,kind,text"
    key = handed_in(desk, *(f"{desk.boris.number},{what},gift" for what in ("1.00,EUR,main", "2.00,EUR,bonus", "3.00,USD,")), header=header)
    confirmed(desk, key)
    approved(desk, key)

    assert shown_of(key).sums == (eur(3_00), Money(3_00, "USD"))
    assert [purse(desk.boris.id, *which).booked.minor for which in (("EUR",), ("EUR", "bonus"), ("USD",))] == [1_00, 2_00, 3_00]


def test_the_word_for_it_stands_in_the_statement(desk):
    give(desk.boris, 1_00)
    confirmed(desk, handed_in(desk, *both(desk)))
    with app().test_request_context("/"):
        said = list(papers(statement(purse(desk.boris.id, "EUR").account)).values())
    assert said == ["Manual provision", ""]
