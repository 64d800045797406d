"""The desk: who lost every way is seen by two of the office, pays small purchases at once, and waits for the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOON, app_of, eur, sheet_of
from tests.security.dialogs import answer, move, shown
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, one, rows, run
from vps.people.actions import Details, register_staff
from vps.security.actions import (
    NotSafeAlone,
    approve_recovery,
    ask,
    begin_app,
    cancel_recovery,
    demanded,
    make_sheet,
    open_recovery,
    tell_recoveries,
)
from vps.security.actions.recovering import NeedsAnother, NothingToApprove, NotOnesOwn, SawNothing
from vps.security.actions.refusals import HeldToCap, NoWay
from vps.security.models import Recovery, TanSheet, enrolled, held

HOUR = timedelta(hours=1)
PASS = "Passport C01X00T47"


@pytest.fixture
def office(cast):
    """Two who may book."""
    emil = register_staff(Details("Emil Kraus", "de", "Europe/Berlin", username="emil"), {"read", "book"}, actor=HOUSE, at=NOON)
    sheet_of(cast.anna)
    app_of(cast.anna)
    return Actor(cast.dragan.id), Actor(emil.id)


def restore(cast, office, *, at=NOON) -> None:
    open_recovery(cast.anna.id, PASS, actor=office[0], at=at)
    approve_recovery(cast.anna.id, actor=office[1], at=at)
    run("UPDATE recovery_sheet SET ended_at = 1 WHERE ended_at IS NULL")


def test_two_of_the_office_restore_and_every_way_ends(cast, office):
    open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)
    assert [way.way for way in enrolled(cast.anna.id)] == ["sheet", "app"], "one alone changes nothing"

    approve_recovery(cast.anna.id, actor=office[1], at=NOON)

    assert enrolled(cast.anna.id) == []
    assert TanSheet.active(cast.anna.id) is None
    with pytest.raises(NoWay):
        ask(cast.anna.id, at=NOON)
    made = Recovery.get()
    assert (made.document, made.opened_by, made.approved_by, made.alone) == (PASS, office[0].person, office[1].person, 0)


def test_the_app_of_before_is_worth_nothing_afterwards(cast, office):
    before = bytes(one("SELECT secret FROM app")[0])
    restore(cast, office)

    assert bytes(one("SELECT secret FROM app")[0]) != before
    assert begin_app(cast.anna.id, at=NOON)


def test_who_opened_it_does_not_approve_it_and_nobody_restores_himself(cast, office):
    open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)
    for wrong in (office[0], Actor(cast.anna.id)):
        with pytest.raises(NeedsAnother):
            approve_recovery(cast.anna.id, actor=wrong, at=NOON)
    with pytest.raises(NotOnesOwn):
        open_recovery(cast.dragan.id, PASS, actor=office[0], at=NOON)


def test_opening_twice_is_one_and_a_document_must_have_been_seen(cast, office):
    with pytest.raises(SawNothing):
        open_recovery(cast.anna.id, "  ", actor=office[0], at=NOON)
    first = open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)
    assert open_recovery(cast.anna.id, "another", actor=office[1], at=NOON).id == first.id
    assert one("SELECT count(*) FROM recovery")[0] == 1


def test_approving_twice_is_once(cast, office):
    restore(cast, office)
    with pytest.raises(NothingToApprove):
        approve_recovery(cast.anna.id, actor=office[1], at=NOON)


def test_an_office_of_one_restores_alone_and_it_leaves_a_mark(cast, office):
    change_settings({"recovery_staff": 1}, actor=HOUSE, at=NOON)

    open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)

    made = Recovery.get()
    assert (made.approved_by, made.alone) == (office[0].person, 1)
    assert one("SELECT count(*) FROM event WHERE verb = 'recovery approved alone'")[0] == 1


def test_afterwards_a_new_sheet_pays_small_purchases_at_once_up_to_a_cap(cast, office):
    restore(cast, office)
    change_settings({"recovery_cap": 60_00}, actor=HOUSE, at=NOON)
    sheet_of(cast.anna)

    move(answer(shown(cast.anna), cast.anna))

    assert held(cast.anna.id, NOON).spent == 49_90
    with pytest.raises(HeldToCap) as refused:
        answer(shown(cast.anna), cast.anna)
    assert refused.value.facts == {"cap": eur(60_00), "until": NOON + 72 * HOUR}
    assert demanded(cast.anna.id, "purchase", eur(10_10), at=NOON).level == 2


def test_two_payments_at_once_do_not_pass_the_cap_together(cast, office):
    restore(cast, office)
    sheet_of(cast.anna)
    first = answer(shown(cast.anna), cast.anna)
    second = replace(first, snapshot=shown(cast.anna)._replace(n=one("SELECT max(n) FROM tan WHERE used_at IS NULL")[0]))
    move(first)

    with pytest.raises(HeldToCap):
        move(second)
    assert one("SELECT spent FROM recovery")[0] == 49_90


def test_transfers_wait_until_it_is_over(cast, office):
    restore(cast, office)
    sheet_of(cast.anna)
    with pytest.raises(HeldToCap):
        demanded(cast.anna.id, "transfer", eur(1), at=NOON + 72 * HOUR - HOUR)
    assert demanded(cast.anna.id, "transfer", eur(1), at=NOON + 72 * HOUR).level == 2


def test_a_further_way_after_it_rests_like_any_other(cast, office):
    restore(cast, office)
    sheet_of(cast.anna)
    with pytest.raises(NotSafeAlone):
        begin_app(cast.anna.id, at=NOON)


def test_it_can_be_stopped_before_and_after_it_was_approved(cast, office):
    open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)
    cancel_recovery(cast.anna.id, actor=office[1], at=NOON)
    with pytest.raises(NothingToApprove):
        approve_recovery(cast.anna.id, actor=office[1], at=NOON)

    restore(cast, office)
    cancel_recovery(cast.anna.id, actor=office[0], at=NOON + HOUR)
    cancel_recovery(cast.anna.id, actor=office[0], at=NOON + HOUR)
    assert held(cast.anna.id, NOON + HOUR) is None
    assert one("SELECT count(*) FROM event WHERE verb = 'recovery cancelled'")[0] == 2


def test_its_owner_is_told_at_once_and_every_day_until_it_is_over(cast, office):
    def told():
        return one("SELECT count(*) FROM outbox WHERE address = 'anna@example.com' AND facts LIKE '%recovery opened%'")[0]

    restore(cast, office)
    assert told() == 1
    for hours, seen in ((1, 1), (24, 2), (25, 2), (48, 3), (71, 3), (72, 3), (100, 3)):
        tell_recoveries(at=NOON + hours * HOUR)
        assert told() == seen, hours


def test_a_waiting_sheet_of_before_cannot_be_activated_any_more(cast, office):
    make_sheet(cast.anna.id, ["123456"] * 20, actor=office[0], at=NOON)
    restore(cast, office)
    assert TanSheet.waiting(cast.anna.id) is None


def test_the_database_knows_that_two_are_two(cast, office):
    open_recovery(cast.anna.id, PASS, actor=office[0], at=NOON)
    for lie in (
        "UPDATE recovery SET approved_at = 1, until = 2, approved_by = opened_by",
        "UPDATE recovery SET document = 'x'",
        "DELETE FROM recovery",
    ):
        with pytest.raises(IntegrityError):
            run(lie)
    assert rows("SELECT approved_at FROM recovery") == [(None,)]
