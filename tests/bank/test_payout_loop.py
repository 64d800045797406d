"""From a partner's request to the bank and back: the file by one code, the bank's debit, and what the bank sends back."""

from datetime import timedelta

import pytest

from tests.bank.desk_of_payouts import again, asked, credit, debit, guesses, kinds, made, message, open_desk, statement
from tests.bank.payouts import books
from tests.bank.test_claiming import unclear
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from vps.bank.actions import (
    CameBack,
    FileBooked,
    OnItsWayBack,
    claim,
    clarify,
    send_back,
    sought,
    undo_claim,
    void_file,
)
from vps.bank.actions.executed import PARTLY, VOIDED
from vps.bank.actions.returned import KEPT
from vps.bank.models import Payout, PayoutFile, open_line
from vps.cli.books import problems_of
from vps.kernel.database import one, rows

STEP = timedelta(seconds=30)


@pytest.fixture
def desk(cast):
    return open_desk(cast)


def test_the_whole_loop(desk):
    payout = asked(desk)
    assert (wallet(desk.anna), books("transit")) == (eur(210_00), 40_00)
    file = made(desk)
    kept = PayoutFile.get_by_id(file)
    assert (kept.count, kept.amount, kept.day.isoformat(), again(payout).file_id) == (1, 40_00, "2026-11-20", file)

    statement(debit("40.00", message(file)))
    assert (books("transit"), books("clarify"), unclear()) == (0, 0, 0)
    assert again(payout).state == "executed" and PayoutFile.get_by_id(file).executed_at == NOON

    statement(credit("40.00", f"VPS{payout.id}", reason="AC04"))
    back = again(payout)
    assert (back.state, back.return_reason, back.executed_at) == ("returned", "AC04", NOON)
    assert (wallet(desk.anna), books("transit"), books("clarify"), unclear()) == (eur(250_00), 0, 0, 0)
    told = [verb for (verb,) in rows("SELECT verb FROM event WHERE verb LIKE 'pay-out %' ORDER BY id")]
    assert told == ["pay-out asked", "pay-out approved", "pay-out executed", "pay-out returned"]
    assert problems_of() == []


def test_a_bank_that_debits_one_by_one_executes_the_file_with_the_last(desk):
    first, second, third = asked(desk), asked(desk, 5_00), asked(desk, 6_00)
    file = made(desk)

    statement(debit("40.00", f"VPS{first.id}"), debit("5.00", account=second.number))
    assert again(second).executed_at == NOON and PayoutFile.get_by_id(file).executed_at is None
    statement(debit("5.99", f"VPS{third.id}"))
    assert guesses() == [("pay-out", third.id, PARTLY)]
    statement(debit("6.00", f"VPS{third.id}", account=third.number))

    assert kinds() == ["pay-out"] * 3 and PayoutFile.get_by_id(file).executed_at == NOON
    assert books("transit") == 0 and problems_of() == []


def test_a_voided_file_that_the_bank_paid_all_the_same_is_suggested_and_comes_back(desk):
    payout = asked(desk)
    file = made(desk)
    void_file(file, reason="lost", actor=desk.desk, at=NOON)

    statement(debit("40.00", message(file)))
    assert (kinds(), guesses()) == ([], [("file", file, VOIDED)])
    claim(1, "file", file, eur(-40_00), actor=desk.desk, at=NOON)

    assert again(payout).state == "executed" and problems_of() == []


def test_execution_is_taken_back(desk):
    first, second = asked(desk), asked(desk, 5_00)
    file = made(desk)
    statement(debit("5.00", f"VPS{second.id}"))
    statement(debit("40.00", message(file)))
    one_by_one, whole = (key for (key,) in rows("SELECT id FROM line_claim ORDER BY id"))

    undo_claim(whole, reason="wrong", actor=desk.desk, at=NOON)
    assert (again(first).state, again(second).state, PayoutFile.get_by_id(file).executed_at) == ("sent", "executed", None)
    undo_claim(one_by_one, reason="wrong", actor=desk.desk, at=NOON)

    assert (again(second).state, books("transit"), unclear()) == ("sent", 45_00, -45_00)
    assert problems_of() == []


def test_what_came_back_before_its_debit_is_in_the_wallet_and_the_debit_still_fits(desk):
    payout = asked(desk)
    file = made(desk)

    statement(credit("40.00", f"VPS{payout.id}", reason="AC04"))
    assert (again(payout).executed_at, wallet(desk.anna)) == (None, eur(250_00))
    with pytest.raises(FileBooked):
        void_file(file, reason="late", actor=desk.desk, at=NOON)
    statement(debit("40.00", message(file)))

    assert again(payout).executed_at == NOON and again(payout).state == "returned"
    assert books("transit") == 0 and problems_of() == []
    with pytest.raises(CameBack):
        take_back_the_single_debit(desk, payout)


def take_back_the_single_debit(desk, payout):
    undo_claim(one("SELECT id FROM line_claim WHERE kind = 'file'")[0], reason="in truth one by one", actor=desk.desk, at=NOON)
    claim(2, "pay-out", payout.id, eur(-40_00), actor=desk.desk, at=NOON)
    undo_claim(one("SELECT max(id) FROM line_claim")[0], reason="no", actor=desk.desk, at=NOON)


def test_what_a_bank_kept_is_the_companys_cost_when_somebody_says_so(desk):
    payout = asked(desk)
    statement(debit("40.00", message(made(desk))))

    statement(credit("37.50", f"VPS{payout.id}", reason="AC04"))
    assert guesses() == [("returned", payout.id, KEPT)] and wallet(desk.anna) == eur(210_00)
    made_now = claim(2, "returned", payout.id, eur(37_50), actor=desk.desk, at=NOON)
    assert (wallet(desk.anna), books("transit"), books("fees"), books("clarify")) == (eur(250_00), 0, -2_50, 0)

    undo_claim(made_now.id, reason="wrong", actor=desk.desk, at=NOON)
    assert (wallet(desk.anna), books("transit"), books("fees"), books("clarify")) == (eur(210_00), 0, 0, 37_50)
    assert again(payout).state == "executed" and problems_of() == []


def test_a_return_taken_back_by_mistake_can_come_again(desk):
    payout = asked(desk)
    statement(debit("40.00", message(made(desk))))
    statement(credit("40.00", f"VPS{payout.id}", reason="AC04"))

    for _ in range(2):
        undo_claim(one("SELECT max(id) FROM line_claim")[0], reason="wrong", actor=desk.desk, at=NOON)
        assert (wallet(desk.anna), unclear()) == (eur(210_00), 40_00)
        claim(2, "returned", payout.id, eur(40_00), actor=desk.desk, at=NOON)

    assert (wallet(desk.anna), books("transit"), unclear()) == (eur(250_00), 0, 0)
    assert again(payout).state == "returned" and problems_of() == []


def test_money_of_nobody_goes_back_to_whom_it_came_from(desk):
    statement(credit("12.00", account="DE02120300000000202051", text="oops"))

    key = send_back(1, holder="Max Muster", actor=desk.desk, at=NOON)

    payout = Payout.get_by_id(key)
    assert (payout.person_id, payout.holder, payout.number, payout.amount) == (None, "Max Muster", "DE02120300000000202051", 12_00)
    assert (payout.text, books("transit"), books("clarify"), unclear()) == (f"Alpenkraut {key}", 12_00, 0, 0)
    statement(debit("12.00", message(made(desk))))
    assert (again(payout).state, books("transit"), problems_of()) == ("executed", 0, [])
    with pytest.raises(OnItsWayBack):
        undo_claim(1, reason="no", actor=desk.desk, at=NOON)
    statement(credit("12.00", f"VPS{key}", reason="AC04"))
    assert (unclear(), guesses()) == (12_00, []), "whose it is, nobody knows"


def test_a_debit_that_names_nothing_is_found_by_the_number_of_its_payout(desk):
    first, second = asked(desk), asked(desk, 5_00)
    made(desk)
    statement(debit("5.00", "cash desk"), credit("5.00", "back"))
    out, came = (open_line(key) for (key,) in rows("SELECT id FROM bank_line ORDER BY id"))

    assert [sought(out, text) for text in ("77", "x", "9" * 30)] == [[], [], []] == [sought(came, str(second.id))] * 3
    clarify(out.id, "pay-out", second.id, None, asked=f" {second.id} ", actor=desk.desk, at=NOON)

    assert (again(second).state, again(first).state) == ("executed", "sent")
    assert books("transit") == 40_00 and problems_of() == []
