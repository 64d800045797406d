"""Checks A10 and A12: every pay-out was confirmed and booked as what it is, what is on its way is what is open; every lie is named."""

import pytest

from tests.bank.payouts import add, ask_for, by_phone, me, rule, usable
from tests.cast import NOON, eur, sheet_of
from tests.forger import lie, unguard
from tests.orders.test_parts import bonus
from vps.bank.actions import follow_rules, withdraw_payout
from vps.bank.models.audit import audit
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one
from vps.ledger.actions import book, company_account, voucher
from vps.wallets.actions import account_of


@pytest.fixture
def history(cast):
    """Pay-out 1 open, 2 withdrawn, 3 by a standing order, each with a fee; accounts 1 by the office, 2 by Anna herself."""
    change_settings({"payout_fee": 1_50}, actor=HOUSE, at=NOON)
    sheet_of(cast.anna)
    by_phone(cast.anna)
    payee = usable(cast, cast.anna)
    add(cast.anna, "AT611904300234573201")
    ask_for(cast.anna, payee, 20_00)
    withdraw_payout(cast.anna.id, ask_for(cast.anna, payee, 30_00).id, actor=me(cast.anna), at=NOON)
    rule(cast.anna, payee, 200_00)
    assert follow_rules(at=NOON) == 1
    unguard()
    return cast


BOOKED = "Pay-out %s is not booked as what was asked for."
FEE = "The fee of pay-out %s is not booked as it was asked for."
CONFIRMED = "Pay-out %s was confirmed as something else, or not at all."
ACCOUNT = "Pay-out %s goes to another account than its owner's, or to one that rested."
BACK = "Pay-out %s came back, but what it took did not, or not all of it."
RULE = "Standing order %s was confirmed as something else, or not at all."
PAYEE = "Bank account no. %s of a partner was not confirmed by him."
ALONE = "Intent %s was posted, but there is no pay-out, standing order or account by it."
MISSING = "Booking %s took money out of a wallet for a pay-out that is not there."
TRANSIT = "On its way out is %s EUR by the books, but the open pay-outs make %s EUR."


def test_an_honest_history_has_no_problem(history):
    assert list(audit()) == []
    assert one("SELECT count(*) FROM payout")[0] == 3


def test_another_wallet_in_the_same_currency_is_no_problem(history):
    bonus(history, 20_00)

    assert list(audit()) == []


def test_every_lie_is_named_with_its_row(history, subtests):
    account = one("SELECT id FROM intent WHERE kind = 'account'")[0]
    first = one("SELECT intent_id FROM payout WHERE id = 1")[0]
    third = one("SELECT booking FROM payout WHERE id = 3")[0]
    lies = {
        "UPDATE payout SET amount = 2100 WHERE id = 1": {BOOKED % 1, CONFIRMED % 1, TRANSIT % ("47.00", "48.00")},
        "UPDATE payout SET booking = NULL WHERE id = 3": {BOOKED % 3, MISSING % third},
        "UPDATE payout SET number = 'AT611904300234573201' WHERE id = 1": {CONFIRMED % 1, ACCOUNT % 1},
        "UPDATE payout SET holder = 'Mule' WHERE id = 3": {ACCOUNT % 3},
        "UPDATE payout SET fee = 0, fee_booking = NULL WHERE id = 1": {CONFIRMED % 1},
        "UPDATE payout SET fee_booking = booking WHERE id = 1": {FEE % 1},
        "UPDATE payout SET intent_id = NULL, rule_id = 1, day = '2026-11-27' WHERE id = 1": {ALONE % first},
        "UPDATE payout SET withdrawn_at = NULL, ended_booking = NULL WHERE id = 2": {BACK % 2, TRANSIT % ("47.00", "77.00")},
        "UPDATE payout SET withdrawn_at = 1, ended_booking = booking WHERE id = 1": {BACK % 1, TRANSIT % ("47.00", "27.00")},
        "UPDATE payee_account SET number = 'AT61' WHERE id = 2": {PAYEE % 2, ALONE % account},
        "UPDATE payee_account SET usable_from = 2000000000000000 WHERE id = 1": {ACCOUNT % key for key in (1, 2, 3)},
        "UPDATE payout_rule SET above = 1": {RULE % 1},
        "UPDATE payout_rule SET person_id = 2": {RULE % 1, CONFIRMED % 3},
    }
    for sql, named in lies.items():
        with subtests.test(sql):
            assert set(lie(audit, sql)) == named


def test_money_that_leaves_a_wallet_for_no_pay_out_is_named(history):
    paper = voucher("pay-out", "77", day=NOON.date())
    facts = {"debit": account_of(history.anna.id, "EUR"), "credit": company_account("transit", "EUR"), "amount": eur(1_00)}
    done = book(key="payout:77:request", voucher=paper, motive="pay-out", at=NOON, actor=HOUSE, **facts)

    assert {each.says % each.facts for each in audit()} == {
        MISSING % done.id,
        TRANSIT % ("48.00", "47.00"),
    }
