"""A whole statement is taken back by one code: shown first, mirrored booking by booking, once, and it can come again."""

import pytest

from tests.at_once import at_once
from tests.bank.camt_files import balance
from tests.bank.test_claiming import unclear
from tests.bank.test_clarifying import as_before_claims
from tests.bank.test_import import file, line, sums, take
from tests.bank.test_uploads import STEP
from tests.cast import NOON, app_of, eur
from tests.cast import balance as wallet
from tests.forger import lie, unguard
from vps.bank.actions import StaysBooked, claim, clarify, ending_of, take_claim_back, take_statement_back
from vps.bank.models import imported, lines_of, statement_heading, unclear_lines
from vps.bank.models.audit import audit
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import NotFound
from vps.ledger.models.audit import audit as ledger_audit
from vps.security.actions import BatchChanged, WrongCode
from vps.wallets.actions import NoReason, Slip, pay_out


@pytest.fixture
def desk(cast):
    """Dragan with his app, and a statement: 100.00 for Boris, 30.00 that nobody knows, and the bank's fee."""
    cast.desk, cast.totp = Actor(cast.dragan.id, "192.0.2.9"), app_of(cast.dragan)
    lines = line("100.00", ref=topup_reference(cast.boris.number)), line("30.00"), line("2.00", side="DBIT")
    cast.content = file(balance("OPBD", "1000"), *lines, balance("CLBD", "1128"))
    take(cast.content)
    return cast


def end(desk, statement: int = 1, *, at=NOON, shown: str | None = None, reason: str = "wrong file", code: str | None = None) -> None:
    ending = ending_of(statement, at=at)
    digest = shown or (ending.digest if ending else "")
    take_statement_back(statement, reason=reason, shown=digest, code=code or desk.totp.at(at), actor=desk.desk, at=at)


def proven() -> bool:
    return list(audit()) == [] and list(ledger_audit("Europe/Berlin")) == []


def test_nothing_of_it_counts_any_more_and_the_same_file_can_come_again(desk):
    clarify(2, "top-up", desk.anna.id, eur(10_00), asked="anna", actor=desk.desk, at=NOON)
    ending = ending_of(1, at=NOON)
    assert (ending.lines, ending.sums, ending.short, ending.stuck) == (3, [("top-up", 2, eur(110_00))], [], [])

    end(desk)

    assert (wallet(desk.boris), wallet(desk.anna), unclear()) == (eur(0), eur(250_00), 0)
    assert sums() == {"bank": 0, "clarify": 0}, "the opening it brought is gone, too"
    assert (ending_of(1, at=NOON), unclear_lines(), statement_heading(1)[2], imported()[0].taken_back_at) == (None, [], NOON, NOON)
    assert [each.claims for each in lines_of(1)] == [[], [], []]
    assert proven()
    assert take(desk.content) == (1, 3, 1, 0)
    assert (wallet(desk.boris), sums(), unclear()) == (eur(100_00), {"bank": -1128_00, "clarify": 28_00}, 28_00)
    assert proven()
    end(desk, 2, at=NOON + STEP)
    assert sums() == {"bank": 0, "clarify": 0} and proven()


def test_an_opening_stays_while_another_statement_counts(desk):
    take(file(balance("OPBD", "1128"), line("5.00"), balance("CLBD", "1133"), number="2"))

    end(desk)

    assert sums() == {"bank": -1005_00, "clarify": 5_00} and proven()
    end(desk, 2, at=NOON + STEP)
    assert sums() == {"bank": 0, "clarify": 0} and proven()


def test_a_wallet_that_spent_it_is_named_first_and_falls_below_zero(desk):
    pay_out(desk.boris.id, eur(70_00), Slip("B 1", NOON.date(), "Boris", "x"), authorisation=ByStaff(desk.desk), at=NOON)

    assert ending_of(1, at=NOON).short == [(desk.boris.number, desk.boris.name, eur(70_00))]
    end(desk)

    assert wallet(desk.boris) == eur(-70_00) and proven()


def test_what_was_shown_is_what_is_done(desk):
    shown = ending_of(1, at=NOON).digest
    claim(2, "top-up", desk.boris.id, eur(5_00), actor=desk.desk, at=NOON)
    for wrong, says in (({"shown": shown}, BatchChanged), ({"code": "000000"}, WrongCode), ({"reason": " "}, NoReason)):
        with pytest.raises(says):
            end(desk, **wrong)
    with pytest.raises(NotFound):
        end(desk, 77)

    assert wallet(desk.boris) == eur(105_00) and statement_heading(1)[2] is None
    end(desk)
    end(desk, at=NOON + STEP)
    assert one("SELECT count(*) FROM event WHERE verb = 'statement taken back'")[0] == 1


def test_two_clerks_at_once_take_it_back_once(desk):
    elena, totp = Actor(desk.elena.id, "192.0.2.7"), app_of(desk.elena)
    shown = ending_of(1, at=NOON).digest
    clerks = [(desk.desk, desk.totp), (elena, totp)]

    def press(n: int) -> None:
        actor, app = clerks[n % 2]
        take_statement_back(1, reason="wrong file", shown=shown, code=app.at(NOON), actor=actor, at=NOON)

    assert at_once(4, press) == [None] * 4

    assert (wallet(desk.boris), sums()) == (eur(0), {"bank": 0, "clarify": 0})
    assert one("SELECT count(*) FROM event WHERE verb = 'batch authorised'")[0] == 1 and proven()


def test_a_line_that_another_one_was_named_the_same_as_keeps_its_statement(desk):
    take(file(line("30.00"), number="2"))
    clarify(4, "booked", one("SELECT booking FROM bank_line WHERE id = 2")[0], None, actor=desk.desk, at=NOON)

    (stuck,) = ending_of(1, at=NOON).stuck
    assert stuck.facts == {"n": 2}
    with pytest.raises(StaysBooked):
        end(desk)
    take_claim_back(stuck.claim, reason="look again", as_debt=False, actor=desk.desk, at=NOON)
    end(desk)

    assert (sums(), unclear()) == ({"bank": -1030_00, "clarify": 30_00}, 30_00) and proven()


def test_a_claim_from_before_claims_is_taken_back_with_its_statement(desk):
    """Its line was booked from the bank to the wallet in one booking. One was taken back before, one is by the statement's end."""
    take(file(line("6.00", ref=topup_reference(desk.boris.number)), line("7.00", ref=topup_reference(desk.boris.number)), number="2"))
    as_before_claims(4, desk.boris.id)
    as_before_claims(5, desk.boris.id)
    take_claim_back(2, reason="somebody else's", as_debt=False, actor=desk.desk, at=NOON)
    assert (wallet(desk.boris), unclear()) == (eur(107_00), 34_00)
    end(desk, 2)

    assert (wallet(desk.boris), sums(), unclear()) == (eur(100_00), {"bank": -1128_00, "clarify": 28_00}, 28_00)
    assert list(audit()) == []


LIES = {
    "UPDATE statement_end SET shown = 'x'": ["Batch 1 was authorised, but what it showed was changed: its digest does not match."],
    "DELETE FROM statement_end": ["Statement 1 was taken back, but nobody authorised that."],
    "UPDATE batch SET subject = '7'": ["Statement 1 was taken back, but nobody authorised that."],
}


def test_a_statement_that_nobody_took_back_by_a_code_is_named(desk):
    end(desk)
    unguard()

    assert {edit: lie(audit, edit) for edit in LIES} == LIES
