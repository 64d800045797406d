"""What a partner got by hand is taken back by a reversing booking: whole, once, with a reason, above the threshold by two."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from tests.commissions.provisions import approved, confirmed, desk_of, handed_in
from vps.commissions.actions.manual_back import approve_back, ask_back, refuse_back
from vps.commissions.models import ProvisionBack, provisions_of
from vps.commissions.models.audit import audit as audit_runs
from vps.commissions.models.audit_manual import audit as audit_manual
from vps.commissions.models.manual_lists import taken_back
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import IntegrityError, is_postgres, one, rows, run
from vps.kernel.refusals import NotFound
from vps.ledger.actions import AlreadyReversed
from vps.ledger.models import lines as statement
from vps.wallets.actions import Decided, NoReason, NotYourOwn, ReversalWaits, Slip, TakesAnother, WouldBeDebt, pay_out, tell_from
from vps.wallets.models import purse
from vps.wallets.models.audit import audit

WHEN = NOON.replace(hour=13)


@pytest.fixture
def desk(cast):
    """Anna got 40.00 in two lines, Boris 5.00."""
    desk_of(cast)
    anna, boris = cast.anna.number, cast.boris.number
    cast.key = handed_in(cast, f"{anna},30.00,EUR,Fair in Graz", f"{anna},10.00,EUR,Petrol", f"{boris},5.00,EUR,Petrol")
    confirmed(cast, cast.key)
    return cast


def back(desk, person=None, *, by=None, currency="EUR", **more):
    who = ByStaff(Actor((by or desk.dragan).id, "192.0.2.9"))
    facts = {"reason": "paid twice"} | more
    return ask_back(desk.key, (person or desk.anna).id, "main", currency, authorisation=who, at=WHEN, **facts)


def approve(desk, asked, *, by=None):
    approve_back(asked, authorisation=ByStaff(Actor((by or desk.elena).id)), at=WHEN)


def test_up_to_the_threshold_one_takes_back_the_whole_booking(desk):
    tell_from(desk.anna.id, eur(1), actor=HOUSE, at=NOON)
    asked = back(desk)

    assert (balance(desk.anna), balance(desk.boris)) == (eur(250_00), eur(5_00))
    line = statement(purse(desk.anna.id, "EUR").account)[0]
    assert (line.amount, line.motive, line.voucher_text) == (eur(-40_00), "commission", "paid twice")
    row = ProvisionBack.get_by_id(asked)
    assert (row.reversal, row.waits, row.money) == (line.id, False, eur(40_00))
    assert one("SELECT reverses FROM booking WHERE id = ?", line.id) == (row.booking,)
    assert [mine.taken_back for mine in provisions_of(desk.anna.id, limit=5)] == [True, True]
    assert [mine.taken_back for mine in provisions_of(desk.boris.id, limit=5)] == [False]
    assert rows("SELECT subject, after FROM event WHERE verb = 'provision taken back'") == [(f"person:{desk.anna.id}", "paid twice")]
    assert one("SELECT count(*) FROM outbox WHERE kind = 'booking' AND address = 'anna@example.com'")[0] == 1
    assert list(audit()) == []


def test_it_is_taken_back_once_even_from_eight_windows(desk):
    answers = at_once(8, lambda _: back(desk))

    assert sum(isinstance(answer, int) for answer in answers) == 1, answers
    assert balance(desk.anna) == eur(250_00)
    with pytest.raises(AlreadyReversed):
        back(desk)


def test_above_the_threshold_a_colleague_approves_it(desk):
    change_settings({"provision_alone_to": 0}, actor=HOUSE, at=NOON)
    asked = back(desk)
    assert (balance(desk.anna), [each.id for each in taken_back()]) == (eur(290_00), [asked])

    with pytest.raises(ReversalWaits):
        back(desk, by=desk.elena)
    with pytest.raises(TakesAnother):
        approve(desk, asked, by=desk.dragan)
    with pytest.raises(NotYourOwn):
        approve(desk, asked, by=desk.anna)
    approve(desk, asked)

    assert (balance(desk.anna), taken_back()) == (eur(250_00), [])
    for late in (lambda: approve(desk, asked), lambda: refuse_back(asked, actor=Actor(desk.dragan.id), at=WHEN)):
        with pytest.raises(Decided):
            late()
    with pytest.raises(IntegrityError):
        run("UPDATE manual_provision_back SET approved_by = asked_by WHERE id = ?", asked)


def test_a_colleague_refuses_with_a_reason_and_whoever_asked_gives_it_up(desk):
    change_settings({"provision_alone_to": 0}, actor=HOUSE, at=NOON)
    first = back(desk)
    with pytest.raises(NoReason):
        refuse_back(first, actor=Actor(desk.elena.id), at=WHEN)
    with pytest.raises(NotYourOwn):
        refuse_back(first, reason="mine", actor=Actor(desk.anna.id), at=WHEN)
    refuse_back(first, reason="was right", actor=Actor(desk.elena.id), at=WHEN)
    second = back(desk)
    refuse_back(second, actor=Actor(desk.dragan.id), at=WHEN)

    assert [(each.withdrawn, each.refused_why) for each in taken_back(run=desk.key, person=desk.anna.id)] == [
        (True, ""),
        (False, "was right"),
    ]
    assert ProvisionBack.get_by_id(second).refused_by == desk.dragan.id and balance(desk.anna) == eur(290_00)
    with pytest.raises(NotFound):
        refuse_back(99, actor=Actor(desk.dragan.id), at=WHEN)


def test_what_is_spent_is_taken_back_as_a_debt_only_where_somebody_says_so(desk):
    pay_out(desk.anna.id, eur(280_00), Slip("7", NOON.date(), "Anna", "cash"), authorisation=ByStaff(Actor(desk.elena.id)), at=WHEN)

    with pytest.raises(WouldBeDebt) as refused:
        back(desk)
    assert refused.value.facts["missing"] == eur(30_00)
    back(desk, as_debt=True)

    assert balance(desk.anna) == eur(-30_00)


@pytest.mark.parametrize("wrong", ["reason", "own", "wallet", "run"])
def test_nothing_is_taken_back_without_reason_or_that_was_not_given(desk, wrong):
    with pytest.raises({"reason": NoReason, "own": NotYourOwn}.get(wrong, NotFound)):
        match wrong:
            case "reason":
                back(desk, reason=" ")
            case "own":
                back(desk, by=desk.anna)
            case "wallet":
                back(desk, currency="RSD")
            case "run":
                desk.key = handed_in(desk, f"{desk.anna.number},1.00,EUR,not booked")
                back(desk)
    assert balance(desk.anna) == eur(290_00)


def test_an_approval_of_much_is_followed_by_an_approval_to_take_it_back(desk):
    desk.key = handed_in(desk, f"{desk.boris.number},2000.00,EUR,prize")
    confirmed(desk, desk.key)
    approved(desk, desk.key)
    approve(desk, back(desk, desk.boris))
    assert balance(desk.boris) == eur(5_00)


def test_the_audit_proves_lines_sums_and_what_was_taken_back(desk):
    back(desk)
    assert list(audit_runs()) == [] == list(audit_manual())

    run("DROP TRIGGER manual_provision_no_update" + (" ON manual_provision" if is_postgres() else ""))
    run("UPDATE manual_provision SET amount = amount + 1 WHERE run_id = ? AND person_id = ?", desk.key, desk.boris.id)
    run("UPDATE manual_provision_back SET reversal = booking WHERE run_id = ?", desk.key)

    assert [problem.says % problem.facts for problem in audit_manual()] == [
        f"The lines of manual provisions no. {desk.key} are not those that were handed in.",
        f"Manual provisions no. {desk.key}: the sum of partner {desk.boris.number} is not that of his lines.",
        f"Manual provisions no. {desk.key}: what partner {desk.anna.number} got was not taken back as written down.",
    ]
