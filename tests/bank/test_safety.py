"""What banks and people may do in any order, and what that must not do to the money."""

import pytest

from tests.at_once import at_once
from tests.bank.desk_of_payouts import again, asked, credit, debit, kinds, made, message, open_desk, statement
from tests.bank.payouts import books
from tests.bank.test_cheques import cheque
from tests.bank.test_clarifying import as_before_claims
from tests.bank.test_import import file as statement_file
from tests.bank.test_import import line, take
from tests.bank.test_uploads import STEP
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from vps.bank.actions import RestBooked, claim, ending_of, send_back, take_statement_back, undo_claim, void_file
from vps.bank.actions.executed import RETURNED, WITH_REST
from vps.bank.actions.sending_back import ON_ITS_WAY
from vps.bank.models import PayoutFile
from vps.cli.books import problems_of
from vps.kernel.authorisation import ByStaff
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import AlreadyReversed
from vps.wallets.actions import Slip, pay_out


@pytest.fixture
def desk(cast):
    return open_desk(cast)


def test_of_a_file_debited_in_two_ways_the_rest_is_taken_back_first(desk):
    first, second = asked(desk), asked(desk, 60_00)
    file = made(desk)
    statement(debit("40.00", f"VPS{first.id}"))
    statement(debit("60.00", message(file)))
    assert kinds() == ["pay-out", "file"] and problems_of() == []

    with pytest.raises(RestBooked):
        undo_claim(1, reason="x", actor=desk.desk, at=NOON)
    assert [(each.label, each.says) for each in ending_of(1, at=NOON).stuck] == [(str(first.id), WITH_REST)]
    undo_claim(2, reason="x", actor=desk.desk, at=NOON)
    assert again(second).executed_at is None and problems_of() == []
    undo_claim(1, reason="x", actor=desk.desk, at=NOON)
    assert books("transit") == 100_00 and problems_of() == []


def test_a_file_and_one_of_its_payouts_in_one_statement_do_not_stop_the_statement(desk):
    first, _ = asked(desk), asked(desk, 60_00)
    file = made(desk)

    statement(debit("100.00", message(file)), debit("40.00", f"VPS{first.id}"))

    assert kinds() == ["file"] and books("clarify") == -40_00 and problems_of() == []


def test_a_wallet_that_spent_what_came_back_of_a_payout_is_named_before_its_statement_is_taken_back(desk):
    first, file = asked(desk), made(desk)
    statement(debit("40.00", message(file)))
    statement(credit("40.00", f"VPS{first.id}", reason="AC04"))
    pay_out(desk.anna.id, eur(240_00), Slip("B 1", NOON.date(), "Anna", "x"), authorisation=ByStaff(desk.desk), at=NOON)

    ending = ending_of(2, at=NOON)
    assert ending.short == [(desk.anna.number, desk.anna.name, eur(30_00))]
    take_statement_back(2, reason="x", shown=ending.digest, code=desk.totp.at(NOON + STEP), actor=desk.desk, at=NOON + STEP)
    assert wallet(desk.anna) == eur(-30_00) and problems_of() == []


def test_a_cheque_that_is_taken_back_leaves_nobody_short(house):
    cheque(house)

    assert ending_of(1, at=NOON).short == []


def test_what_is_at_the_bank_or_came_back_from_it_keeps_its_statement(desk):
    statement(credit("9.00", account="AT611904300234573201"))
    first, _ = asked(desk), asked(desk, 60_00)
    back = send_back(1, holder="Somebody", actor=desk.desk, at=NOON)
    assert ending_of(1, at=NOON).stuck == []
    made(desk)
    statement(debit("40.00", f"VPS{first.id}"))
    statement(credit("40.00", f"VPS{first.id}", reason="AC04"))

    said = [[(each.label, each.says) for each in ending_of(n, at=NOON).stuck] for n in (1, 2, 3)]
    assert said == [[(str(back), ON_ITS_WAY)], [(str(first.id), RETURNED)], []]


def test_a_claim_from_before_claims_that_the_bank_took_back_is_not_taken_back_again(desk):
    take(statement_file(line("6.00", ref=topup_reference(desk.boris.number))))
    as_before_claims(1, desk.boris.id)
    statement(debit("6.00"))
    claim(2, "recall", 1, eur(-6_00), actor=desk.desk, at=NOON)

    with pytest.raises(AlreadyReversed):
        undo_claim(1, reason="x", actor=desk.desk, at=NOON)
    assert wallet(desk.boris) == eur(0)


def test_two_clerks_at_once_execute_a_file_with_its_last_payout(desk):
    payouts = asked(desk), asked(desk, 60_00)
    file = made(desk)
    statement(debit("40.00"), debit("60.00"))

    def press(n: int) -> None:
        claim(n + 1, "pay-out", payouts[n].id, eur(-payouts[n].amount), actor=desk.desk, at=NOON)

    assert at_once(2, press) == [None, None]
    assert PayoutFile.get_by_id(file).executed_at == NOON and problems_of() == []


def test_of_two_clerks_at_once_one_executes_the_file_and_one_its_payout_and_only_one_wins(desk):
    first, _ = asked(desk), asked(desk, 60_00)
    file = made(desk)
    statement(debit("41.00"), debit("101.00"))

    def press(n: int) -> None:
        kind, target, amount = [("pay-out", first.id, -40_00), ("file", file, -100_00)][n]
        claim(n + 1, kind, target, eur(amount), actor=desk.desk, at=NOON)

    assert sorted(done is None for done in at_once(2, press)) == [False, True]
    assert one("SELECT count(*) FROM line_claim")[0] == 1 and problems_of() == []


def test_what_came_back_by_mistake_comes_back_when_its_file_is_voided(desk):
    payout, file = asked(desk), made(desk)
    statement(credit("40.00", f"VPS{payout.id}", reason="AC04"))
    undo_claim(1, reason="it was another one", actor=desk.desk, at=NOON)
    assert wallet(desk.anna) == eur(210_00)

    void_file(file, reason="lost", refuse=True, actor=desk.desk, at=NOON)

    assert (wallet(desk.anna), books("transit")) == (eur(250_00), 0) and problems_of() == []
