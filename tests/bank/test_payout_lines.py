"""What a debit or a credit of the bank says about pay-outs: booked when it is certain, else suggested with the reason."""

from datetime import timedelta

import pytest

from tests.bank.desk_of_payouts import asked, credit, debit, guesses, kinds, made, message, open_desk, statement
from tests.bank.payouts import books
from tests.bank.test_claiming import unclear
from tests.cast import NOON, eur
from vps.bank.actions import (
    NoBankForIt,
    NotOpen,
    NotPaidOut,
    NotTheSum,
    NotUnclear,
    TooMuchBack,
    VoidedAndGone,
    claim,
    close_bank_account,
    refuse_payout,
    send_back,
    undo_claim,
    void_file,
)
from vps.bank.actions.executed import DIFFERS, ONE_OF, SEVERAL, VOIDED
from vps.bank.actions.returned import IN_TEXT, LOOKS_LIKE
from vps.bank.models import Payout, PayoutFile
from vps.cli.books import problems_of
from vps.kernel.refusals import NotFound

STEP = timedelta(seconds=30)


@pytest.fixture
def desk(house):
    return open_desk(house)


def test_a_debit_without_the_files_name_is_booked_when_only_one_file_has_that_sum(desk):
    asked(desk)
    made(desk)

    statement(debit("40.00"))

    assert (kinds(), books("transit"), unclear()) == (["file"], 0, 0)


def test_what_else_could_be_meant_is_only_suggested(desk):
    asked(desk)
    first = made(desk)
    asked(desk, at=NOON + STEP)
    second = made(desk, at=NOON + STEP)

    statement(debit("40.00"))
    assert (kinds(), guesses()) == ([], [("file", first, SEVERAL), ("file", second, SEVERAL)])
    statement(debit("40.00", message(second), text="Sammler"))
    statement(debit("39.99", message(first)))

    assert (kinds(), books("transit"), unclear()) == (["file"], 40_00, -79_99)
    assert guesses() == [("file", first, DIFFERS)]


def test_two_debits_of_one_sum_and_one_file_are_for_a_person(desk):
    asked(desk)
    made(desk)

    statement(debit("40.00", text="a"), debit("40.00", text="b"))

    assert (kinds(), unclear()) == ([], -80_00)


def test_a_debit_for_somebody_else_is_no_files(desk):
    asked(desk)
    made(desk)

    statement(debit("40.00", account="DE02120300000000202051"))

    assert kinds() == []


def test_two_pay_outs_alike_to_one_account_are_told_apart_by_name_only(desk):
    first, second = asked(desk), asked(desk)
    made(desk)

    statement(debit("40.00", account=first.number))

    assert guesses() == [("pay-out", first.id, ONE_OF), ("pay-out", second.id, ONE_OF)]


def test_a_voided_file_whose_pay_out_was_given_back_cannot_be_booked(desk):
    asked(desk)
    file = made(desk)
    void_file(file, reason="lost", refuse=True, actor=desk.desk, at=NOON)
    statement(debit("40.00"))
    assert guesses() == [("file", file, VOIDED)]

    with pytest.raises(VoidedAndGone):
        claim(1, "file", file, eur(-40_00), actor=desk.desk, at=NOON)

    assert PayoutFile.get_by_id(file).voided_at == NOON


def test_only_what_is_open_can_be_executed_and_only_to_the_cent(desk):
    payout = asked(desk)
    file = made(desk)
    statement(debit("90.00", text="?"))

    for kind, target in (("file", file), ("pay-out", payout.id)):
        with pytest.raises(NotTheSum):
            claim(1, kind, target, eur(-39_00), actor=desk.desk, at=NOON)
    claim(1, "pay-out", payout.id, eur(-40_00), actor=desk.desk, at=NOON)
    for kind, target in (("file", file), ("pay-out", payout.id), ("file", 77)):
        with pytest.raises(NotOpen):
            claim(1, kind, target, eur(-40_00), actor=desk.desk, at=NOON)
    assert unclear() == -50_00


def test_a_return_is_sure_only_by_the_banks_own_words(desk):
    first, second = asked(desk), asked(desk, 5_00)
    statement(debit("45.00", message(made(desk))))

    statement(credit("40.00", text=f"zurueck VPS{first.id}"))
    assert guesses() == [("returned", first.id, IN_TEXT)]
    statement(credit("5.00", account=second.number, reason="AC04"))
    assert guesses() == [("returned", second.id, LOOKS_LIKE)]
    statement(credit("6.00", f"VPS{second.id}"))
    assert guesses() == [] and kinds() == ["file"]
    with pytest.raises(TooMuchBack):
        claim(4, "returned", second.id, eur(6_00), actor=desk.desk, at=NOON)
    for target in (77, asked(desk).id):
        with pytest.raises(NotPaidOut):
            claim(4, "returned", target, eur(6_00), actor=desk.desk, at=NOON)


def test_what_was_to_go_back_can_stay(desk):
    statement(credit("12.00", account="DE02120300000000202051"))
    keys = [send_back(1, amount=eur(5_00), holder="Max", actor=desk.desk, at=NOON) for _ in range(2)]

    refuse_payout(keys[0], reason="It is Anna's", actor=desk.desk, at=NOON)
    undo_claim(2, reason="This too", actor=desk.desk, at=NOON)

    assert [Payout.get_by_id(key).refuse_reason for key in keys] == ["It is Anna's", "This too"]
    assert (unclear(), books("transit"), books("clarify"), problems_of()) == (12_00, 0, 12_00, [])
    for wrong in (eur(13_00), eur(-1)):
        with pytest.raises(NotUnclear):
            send_back(1, amount=wrong, holder="Max", actor=desk.desk, at=NOON)
    with pytest.raises(NotFound):
        send_back(77, actor=desk.desk, at=NOON)
    close_bank_account(1, actor=desk.desk, at=NOON)
    with pytest.raises(NoBankForIt):
        send_back(1, holder="Max", actor=desk.desk, at=NOON)
