"""What a partner reads of his trust level, and of limits where he types an amount."""

from datetime import timedelta

import pytest

from tests.bank.payouts import ask_for, usable
from tests.cast import CODES, NOON, red_order, sheet_of
from tests.trust.sets import only
from tests.web.client import Browser, asked_index
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import run
from vps.ledger.actions import set_up
from vps.trust.models import IdentityStep, Level, LevelSet, Rule, TrustException, TrustLevel, body_of
from vps.trust.titles import titled
from vps.wallets.actions import open_wallet
from vps.wallets.actions.excess import settle_excess_of

DAY = timedelta(days=1)
CONTACT = ("email", "mobile", "address", "birth")


@pytest.fixture
def anna(house):
    change_settings({"trust_from": "2026-11-01", "trust_start": 1}, actor=HOUSE, at=NOON)
    return house.anna


def accepted(person, *steps):
    for step in steps:
        IdentityStep.create(person=person, step=step, value=person.email, asked_at=NOON, accepted_at=NOON)


def read(person, path="/me/trust"):
    answer = Browser(person, language="en").get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


def in_english(person):
    run("UPDATE person SET language = 'en' WHERE id = ?", person.id)
    return person


def test_the_page_names_the_level_what_is_left_and_the_one_next_step(anna, house):
    in_english(anna)
    sheet_of(anna, clock())
    order = red_order(house).number
    browser = Browser(anna)
    browser.pay(order, CODES[asked_index(browser.get(f"/orders/{order}/payment")) - 1])
    accepted(anna, "email", "mobile")

    text = read(anna)

    assert "You have the trust level “Contact confirmed”." in text
    assert "At most €500.00 at once." in text
    assert "Left within 30 days: €950.10 of €1,000.00; more on" in text
    assert "Left up to the highest balance: €799.90 of €1,000.00." in text
    assert 'Sending to partners</b><br><span class="soft">Not possible at this level.</span></div>' in text
    assert "How to rise to “Identified”" in text and "Your next step: <b>Address</b>" in text and 'href="/me/identity/address"' in text


def test_a_step_that_waits_is_not_asked_for_again(anna):
    in_english(anna)
    accepted(anna, *CONTACT)
    IdentityStep.create(person=anna, step="document", value="passport", asked_at=clock())

    assert "Identity document: waits to be confirmed." in read(anna)


def test_who_has_done_all_reads_the_day_on_which_he_rises_or_whom_to_ask(anna):
    in_english(anna)
    accepted(anna, *CONTACT, "document", "iban")
    TrustLevel.create(person=anna, level=2, since=NOON, source="office", reason="seen")
    run("UPDATE person SET joined_at = ? WHERE id = ?", micros(clock() - 10 * DAY), anna.id)
    assert "you rise by yourself on" in read(anna)

    run("UPDATE person SET joined_at = ? WHERE id = ?", micros(clock() - 31 * DAY), anna.id)
    assert "Please ask the office." in read(anna)


def test_what_is_held_is_shown_with_its_reason_and_exceptions_are_said(anna):
    in_english(anna)
    only(Rule("purchase", "day", None, 3), Rule("transfer", "each", 10_00), most_balance=200_00, gaps=[("purchase", 5)], first_payee=5_00)
    settle_excess_of(anna.id, clock())
    TrustException.create(person=anna, kind="pay-out", span="year", most=9_00, reason="x", since=NOON, until=clock() + DAY)

    text = read(anna)

    assert "€50.00 in your wallet is held" in text and "Some of these limits were set for you alone." in text
    assert "Possible within 24 hours: 3 of 3 times." in text and "Minutes between two of them: 5." in text
    assert "To somebody new in the first 24 hours: at most €5.00." in text and "Left this year: €9.00 of €9.00." in text


def test_levels_stand_above_each_other_with_what_each_asks_for(anna):
    text = read(in_english(anna))

    names = ["Business", "Verified", "Identified", "Contact confirmed", "Anonymous"]
    places = [text.index(f"<b>{name}</b>") for name in names]
    assert places == sorted(places)
    assert "30 days as a partner" in text and "Highest balance: €100,000.00" in text
    assert text.count("You are here") == text.count("Reached") == text.count(">Next<") == 1


def test_a_company_without_trust_levels_says_so_and_one_that_begins_later_says_when(house):
    in_english(house.anna)
    assert "Trust levels are not in use here" in read(house.anna) and "/me/trust" not in read(house.anna, "/more")

    change_settings({"trust_from": "2099-01-01"}, actor=HOUSE, at=NOON)
    assert "From Jan 1, 2099 on, its limits count." in read(house.anna) and "/me/trust" in read(house.anna, "/more")


def test_without_an_exchange_rate_the_page_opens_and_says_so(anna, house):
    in_english(anna)
    usable(house, anna)
    set_up(currency="RSD", at=NOON)
    account = open_wallet(anna.id, "RSD", at=NOON)
    for kind in ("out:purchase", "out:pay-out"):
        run("INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, 1, ?, 1, 1)", account, kind, micros(clock()))

    assert "There is no exchange rate from RSD to EUR" in read(anna)
    assert "At most" not in read(anna, "/wallet/pay-out")
    set_rate("EUR", "RSD", "117", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    assert "There is no exchange rate" not in read(anna) and "At most" in read(anna, "/wallet/pay-out")


def test_who_has_no_wallet_reads_his_level_all_the_same(anna):
    run("UPDATE wallet SET closed_at = ? WHERE person_id = ?", micros(clock()), anna.id)

    assert "You have the trust level “Contact confirmed”." in read(in_english(anna)) and "can come in" not in read(anna, "/wallet/top-up")


def test_beside_an_amount_stands_how_much_of_the_tightest_limit_is_left(anna, house):
    in_english(anna)
    sheet_of(anna)
    payee = usable(house, anna)
    ask_for(anna, payee, 20_00, at=clock())

    assert "At least €1.00. At most €50.00 at once." in read(anna, "/wallet/pay-out")
    assert "€500.00 can come in now; what is more is held" in read(anna, "/wallet/top-up")
    only(Rule("pay-out", "day", 100_00), Rule("pay-out", "each", 90_00))
    assert "Left within 24 hours: €80.00 of €100.00; more on" in read(anna, "/wallet/pay-out")
    assert "Left within 24 hours: €80.00 of €100.00; more on" in read(anna, "/wallet/pay-outs/rule")
    only(Rule("purchase", "each", 1))
    assert "trust" not in read(anna, "/wallet/pay-out") and "can come in" not in read(anna, "/wallet/top-up")


def test_pay_now_refuses_before_a_code_is_asked_for_and_leads_to_the_level(anna, house):
    in_english(anna)
    sheet_of(anna, clock())
    path = f"/orders/{red_order(house).number}/payment"
    assert "At most" not in read(anna, path), "far from the limit nothing is said"

    only(Rule("purchase", "each", 60_00))
    assert "At most €60.00 at once." in read(anna, path)
    only(Rule("purchase", "each", 49_89))
    text = read(anna, path)
    assert "Your trust level allows €49.89 at once." in text and 'name="tan"' not in text and 'href="/me/trust"' in text


def test_a_level_is_called_as_the_company_calls_it_in_the_readers_language():
    def say(words, **facts):
        return words % facts if facts else words

    named = {"de": "Bekannt", "sr": "Познат", "en": "Known"}

    assert [titled(1, named, language, say) for language in ("de", "sr_Latn", "ru")] == ["Bekannt", "Познат", "Known"]
    assert [titled(rank, {}, "en", say) for rank in (0, 5)] == ["Anonymous", "Level 5"]


def test_a_company_that_names_its_levels_is_read_with_its_names(anna):
    LevelSet.create(body=body_of((Level(0, (("de", "Neu"), ("en", "New")), (), 0, None, ()),)), since=NOON)

    assert "Sie haben die Vertrauensstufe „Neu“" in read(anna)
