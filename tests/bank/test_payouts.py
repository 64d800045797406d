"""A pay-out leaves the wallet when it is asked for, once, with its fee, and comes back whole while the bank does not have it."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.bank.payouts import IBAN, add, ask_for, books, by_phone, confirmed, me, planned, request, rule, usable
from tests.cast import NOON, balance, eur, sheet_of
from vps.bank.actions import (
    AccountRests,
    NoBankForIt,
    TooLateToWithdraw,
    TooLittle,
    ask_payout,
    end_payee,
    give_back,
    locked_payout,
    open_bank_account,
    tell_payout,
    withdraw_payout,
)
from vps.bank.actions.payouts import AccountGone, FeeChanged, make_payout, paying_account
from vps.bank.models import Payout
from vps.bank.models.audit_payouts import audit_payouts
from vps.company.actions import change_settings
from vps.company.models import LANGUAGES
from vps.hypermedia.languages import Words
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import IntegrityError, action, one, rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.settings import Settings
from vps.ledger.actions import NotEnoughCredit
from vps.ledger.models import lines
from vps.people.actions import HAPPENED
from vps.post.actions import due
from vps.security.actions import freeze
from vps.security.actions.refusals import Frozen
from vps.security.actions.sending import told_by_sms
from vps.security.models import SMS
from vps.security.models.audit import audit as audit_codes
from vps.wallets.models import Wallet
from vps.wallets.words import motive, paper


@pytest.fixture
def anna(cast):
    sheet_of(cast.anna)
    cast.anna.payee = usable(cast, cast.anna)
    return cast.anna


@pytest.fixture
def one_engine(house):
    sheet_of(house.anna)
    house.anna.payee = usable(house, house.anna)
    return house.anna


def honest() -> bool:
    return [*audit_payouts(), *audit_codes()] == []


def fee(minor: int) -> None:
    change_settings({"payout_fee": minor}, actor=HOUSE, at=NOON)


def statement(person):
    wallet = Wallet.of(person.id, "EUR")
    return [(line.amount.minor, motive(line, str), paper(line, str), line.voucher_text) for line in lines(wallet.account_id)]


def test_what_is_asked_for_is_out_of_the_wallet_and_on_its_way(anna):
    made = ask_for(anna, anna.payee, 100_00)

    assert (balance(anna), books("transit")) == (eur(150_00), 100_00)
    assert (made.number, made.holder, made.kind, made.text, made.state) == (IBAN, "Anna Bauer", "iban", f"Alpenkraut {made.id}", "asked")
    assert made.day == date(2026, 11, 20), "NOON is a Friday, before the cut-off"
    assert rows("SELECT key, motive FROM booking WHERE motive = 'pay-out'") == [(f"payout:{made.id}:request", "pay-out")]
    assert statement(anna)[0] == (-100_00, "Payment out", f"Pay-out {made.id}", "DE …3000")
    assert honest()


def test_an_sms_names_a_known_account_by_its_ending_and_a_new_one_whole(one_engine):
    by_phone(one_engine)
    for kind, subject, amount, named in (("pay-out", f"{IBAN} 150", eur(1_00), "…3000"), ("pay-out rule", f"{IBAN} 0 EUR 5", None, "…3000"),
                                         ("account", f"{IBAN} COBADEFF", None, IBAN)):  # fmt: skip
        nonce = confirmed(one_engine, kind, subject, "Anna Bauer", amount=amount, way=SMS).snapshot.nonce
        assert told_by_sms(nonce)["subject"] == named


def test_its_fee_is_taken_besides_and_belongs_to_the_company(anna):
    fee(1_50)
    made = ask_for(anna, anna.payee, 100_00)

    assert (balance(anna), books("transit"), books("fees")) == (eur(148_50), 100_00, 1_50)
    assert (made.total, made.money) == (eur(101_50), eur(100_00))
    assert honest()


def test_there_must_be_enough_for_both(one_engine):
    anna = one_engine
    fee(1_50)
    for amount, missing in ((250_00, 1_50), (249_00, 50), (260_00, 11_50)):
        with pytest.raises(NotEnoughCredit) as short:
            planned(anna, anna.payee, amount)
        assert short.value.facts == {"available": eur(250_00), "missing": eur(missing)}
    assert planned(anna, anna.payee, 248_50).fee == eur(1_50)


@pytest.mark.parametrize(("left", "available", "missing"), [(99_00, 99_00, 2_50), (100_50, 100_50, 1_00)])
def test_what_was_spent_since_it_was_planned_takes_nothing_and_says_what_is_short_of_both(one_engine, left, available, missing):
    anna = one_engine
    fee(1_50)
    by_phone(anna)
    before, order = planned(anna, anna.payee, 100_00), rule(anna, anna.payee, 1)
    run("UPDATE account SET balance = ? WHERE id = ?", left, Wallet.of(anna.id, "EUR").account_id)

    with pytest.raises(NotEnoughCredit) as short:
        action(make_payout)(anna.id, before, rule=order, actor=HOUSE, at=NOON)

    assert short.value.facts == {"available": eur(available), "missing": eur(missing)}
    assert one("SELECT count(*) FROM payout")[0] == 0 and books("transit") == 0


def test_a_resend_finds_the_pay_out_that_the_first_one_made(anna):
    by = request(anna, anna.payee, 100_00)
    made = ask_payout(authorisation=by, at=NOON)

    assert ask_payout(authorisation=by, at=NOON) == made
    assert balance(anna) == eur(150_00)


def test_one_dialog_in_eight_windows_at_once_is_one_pay_out(anna):
    by = request(anna, anna.payee, 100_00)

    answers = at_once(8, lambda _: ask_payout(authorisation=by, at=NOON))

    assert set(answers) == {1}
    assert (balance(anna), books("transit")) == (eur(150_00), 100_00)
    assert honest()


def test_withdrawn_in_eight_windows_at_once_it_comes_back_once(anna):
    fee(1_50)
    made = ask_for(anna, anna.payee, 100_00)

    answers = at_once(8, lambda _: withdraw_payout(anna.id, made.id, actor=me(anna), at=NOON))

    assert set(answers) == {None}
    assert (balance(anna), books("transit"), books("fees")) == (eur(250_00), 0, 0)
    assert [line[:3] for line in statement(anna)[:2]] == [
        (1_50, "Fee given back", f"Pay-out {made.id} withdrawn"),
        (100_00, "Payment out reversed", f"Pay-out {made.id} withdrawn"),
    ]
    assert Payout.get_by_id(made.id).state == "withdrawn"
    assert one("SELECT count(*) FROM outbox WHERE kind = 'payout'")[0] == 2 and honest()


def test_nobody_withdraws_what_is_anothers_or_with_the_bank(cast, anna):
    made = ask_for(anna, anna.payee, 100_00)
    for person, key in ((cast.boris, made.id), (anna, 77)):
        with pytest.raises(NotFound):
            withdraw_payout(person.id, key, actor=me(person), at=NOON)

    run("UPDATE payout SET approved_at = 1, approved_by = ?, executed_at = 2 WHERE id = ?", cast.dragan.id, made.id)
    with pytest.raises(TooLateToWithdraw):
        withdraw_payout(anna.id, made.id, actor=me(anna), at=NOON)
    assert balance(anna) == eur(150_00)


def test_a_returned_one_comes_back_without_its_fee_and_says_why(anna):
    fee(1_50)
    made = ask_for(anna, anna.payee, 100_00)
    run("UPDATE payout SET approved_at = 1, approved_by = 4, executed_at = 2 WHERE id = ?", made.id)

    @action
    def returned():
        payout = locked_payout(made.id)
        back = give_back(payout, "returned", with_fee=False, actor=HOUSE, at=NOON)
        run("UPDATE payout SET returned_at = ?, return_reason = 'AC04', ended_booking = ? WHERE id = ?", micros(NOON), back, made.id)
        tell_payout(payout, "pay-out returned", reason="AC04", actor=HOUSE, at=NOON)

    returned()

    assert (balance(anna), books("fees")) == (eur(248_50), 1_50)
    found = Payout.get_by_id(made.id)
    assert [word for word, _ in found.happened()] == ["asked", "approved", "executed", "returned"]
    assert not found.may_be_withdrawn and found.state == "returned"
    assert statement(anna)[0][2] == f"Pay-out {made.id} returned"
    assert one("SELECT after FROM event WHERE verb = 'pay-out returned'")[0] == "100.00 EUR DE …3000 AC04"


def test_a_new_account_rests_before_money_goes_there(house):
    cast = house
    sheet_of(cast.anna)
    by_phone(cast.anna)
    made = add(cast.anna)
    with pytest.raises(AccountRests) as rests:
        planned(cast.anna, made, 100_00)
    assert rests.value.facts["until"] == NOON + timedelta(hours=24)
    assert planned(cast.anna, made, 100_00, at=NOON + timedelta(hours=24)).amount == eur(100_00)


def test_an_account_that_was_removed_or_has_another_holder_meanwhile_gets_nothing(house, one_engine):
    cast, anna = house, one_engine
    by = request(anna, anna.payee, 100_00)
    end_payee(anna.id, anna.payee, actor=me(anna), at=NOON)
    with pytest.raises(AccountGone):
        ask_payout(authorisation=by, at=NOON)

    run("UPDATE person SET bank_name = 'Mule' WHERE id = ?", anna.id)
    usable(cast, type(anna).get_by_id(anna.id))
    with pytest.raises(AccountGone):
        ask_payout(authorisation=by, at=NOON)
    assert balance(anna) == eur(250_00)


def test_a_fee_that_changed_meanwhile_is_shown_first(one_engine):
    anna = one_engine
    by = request(anna, anna.payee, 100_00)
    fee(2_00)
    with pytest.raises(FeeChanged) as changed:
        ask_payout(authorisation=by, at=NOON)
    assert changed.value.facts["fee"] == eur(2_00) and balance(anna) == eur(250_00)


def test_a_frozen_wallet_pays_nothing_out_even_when_it_was_confirmed(one_engine):
    anna = one_engine
    by = request(anna, anna.payee, 100_00)
    freeze(anna.id, actor=me(anna), at=NOON)
    with pytest.raises(Frozen):
        ask_payout(authorisation=by, at=NOON)
    with pytest.raises(Frozen):
        request(anna, anna.payee, 100_00)
    assert balance(anna) == eur(250_00)


def test_the_smallest_one_is_the_companys_choice(one_engine):
    anna = one_engine
    change_settings({"payout_least": 20_00}, actor=HOUSE, at=NOON)
    with pytest.raises(TooLittle):
        planned(anna, anna.payee, 19_99)
    assert planned(anna, anna.payee, 20_00).amount == eur(20_00)


def test_the_company_pays_from_an_account_that_reaches_the_payees(one_engine):
    anna = one_engine
    run("UPDATE bank_account SET closed_at = 1")
    with pytest.raises(NoBankForIt):
        planned(anna, anna.payee, 20_00)
    open_bank_account("265000000000123488", "RSD", actor=HOUSE, at=NOON)
    open_bank_account("40817810012345678901", "RUB", actor=HOUSE, at=NOON)

    assert paying_account("RSD", "rs").pay_format == "rs" and paying_account("RSD", "iban") is None
    assert paying_account("RUB", "ru").pay_format == "1c" and paying_account("RUB", "rs") is None


def test_every_end_is_told_and_stands_in_the_history_without_a_word_to_nobody(house, one_engine):
    cast, anna = house, one_engine
    made = ask_for(anna, anna.payee, 100_00)
    for what, reason in (("held", "Please call us"), ("released", ""), ("approved", ""), ("executed", ""), ("refused", "Closed")):
        tell_payout(made, f"pay-out {what}", reason=reason, actor=Actor(cast.dragan.id), at=NOON)

    assert rows("SELECT verb FROM event WHERE verb LIKE 'pay-out %' ORDER BY id") == [
        (f"pay-out {what}",) for what in ("asked", "held", "released", "approved", "executed", "refused")
    ]
    assert one("SELECT count(*) FROM outbox WHERE kind = 'payout'")[0] == 4
    run("UPDATE person SET email = '' WHERE id = ?", anna.id)
    tell_payout(made, "pay-out held", reason="x", actor=HOUSE, at=NOON + timedelta(days=1))
    made.person_id = None
    tell_payout(made, "pay-out executed", actor=HOUSE, at=NOON)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'payout'")[0] == 4
    assert rows("SELECT verb FROM event WHERE subject = ?", f"payout:{made.id}") == [("pay-out executed",)]


REFUSED = (
    "executed_at = 1",
    "approved_at = 1, approved_by = 1, executed_at = 1, withdrawn_at = 1",
    "refused_at = 1, refused_by = 1, refuse_reason = 'x'",
    "withdrawn_at = 1",
    "withdrawn_at = 1, refused_at = 1, refuse_reason = 'x', ended_booking = booking",
    "returned_at = 1, ended_booking = booking",
    "held_at = 1, held_by = 1",
    "amount = 1",
    "number = 'X'",
    "day = '2027-01-01'",
)


def test_the_database_refuses_an_order_of_facts_that_cannot_be(anna, subtests):
    made = ask_for(anna, anna.payee, 100_00)
    for change in REFUSED:
        with subtests.test(change), pytest.raises(IntegrityError):
            run(f"UPDATE payout SET {change} WHERE id = ?", made.id)
    with pytest.raises(IntegrityError):
        run("DELETE FROM payout WHERE id = ?", made.id)


def test_pay_outs_are_listed_newest_first_page_by_page(one_engine):
    anna = one_engine
    made = [ask_for(anna, anna.payee, amount).id for amount in (10_00, 20_00, 30_00)]
    assert [each.id for each in Payout.listed(anna.id, limit=2)] == made[:0:-1]
    assert [each.id for each in Payout.listed(anna.id, before=made[1])] == made[:1]
    assert Payout.of(anna.id + 1, made[0]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mails_are_whole_in_every_language_and_give_the_banks_reason_in_it(house, language):
    sheet_of(house.anna)
    run("UPDATE person SET language = ? WHERE id = ?", language, house.anna.id)
    made, words = ask_for(house.anna, usable(house, house.anna), 10_00), Words(language)
    for verb, reason in (("pay-out returned", "AC04"), ("pay-out refused", "Closed"), ("pay-out executed", "")):
        tell_payout(made, verb, reason=reason, actor=HOUSE, at=NOON)

    mails = [(message[5], render(Settings.from_environment(), message[2], key=message[1], address=message[3], language=language, facts=message[5]))
             for message in due(NOON, limit=50) if message[2] == "payout"]  # fmt: skip

    asked, returned, refused, executed = (mail.get_content() for _, mail in mails)
    assert words.day(date(2026, 11, 20)) in asked and f"/freeze/{mails[0][0]['link']}" in asked
    assert words.say("The account has been closed.") in returned and "/freeze/" not in returned
    assert words.say("The amount is in your wallet again.") in refused and "Closed" in refused
    assert words.say(HAPPENED["pay-out executed"]) in executed
    assert all(words.money(eur(10_00)) in mail and "DE …3000" in mail and "%(" not in mail for mail in (asked, returned, refused, executed))
