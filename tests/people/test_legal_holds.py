"""A legal hold: nothing of a person is forgotten while it lasts, and he reads nothing of it."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from tests.people.signing_in import DAY, opened
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.kernel.refusals import NotFound
from vps.ledger.actions import history
from vps.people.actions import (
    NoFileNumber,
    NoReasonForHold,
    StillHeld,
    end_hold,
    end_session,
    forget_old,
    hold_data,
    live_session,
    must_not_be_held,
)
from vps.people.models.holds import LegalHold, is_held

LATER = NOON + 800 * DAY


def kept(person):
    """How many of his sessions and browsers are still there."""
    return one(
        "SELECT (SELECT count(*) FROM session WHERE person_id = ?), (SELECT count(*) FROM browser WHERE person_id = ?)", *(person.id,) * 2
    )


def test_what_a_legal_hold_covers_is_forgotten_only_when_it_has_ended(cast):
    elena = Actor(cast.elena.id)
    for person in (cast.anna, cast.boris):
        for minute in range(2):
            live = live_session(opened(person, at=NOON + timedelta(minutes=minute)).token)
            end_session(live.id, actor=Actor(person.id), at=NOON + timedelta(minutes=minute + 5))
    hold = hold_data(cast.anna.id, file_number=" Az 7 Js 12/26 ", reason="Request of the prosecutor", actor=elena, at=NOON)

    forget_old(at=LATER)
    assert kept(cast.anna) == (2, 2) and kept(cast.boris) == (0, 1), "the last browser stays for everybody"

    assert end_hold(hold, reason="Closed", actor=elena, at=LATER) == cast.anna.id
    forget_old(at=LATER)
    assert kept(cast.anna) == (0, 1)


def test_whoever_wants_to_forget_somebody_is_told_of_the_hold(cast):
    must_not_be_held(cast.anna.id)
    first, second = (hold_data(cast.anna.id, file_number=n, reason="r", actor=Actor(cast.elena.id), at=NOON) for n in "12")
    end_hold(first, reason="over", actor=Actor(cast.elena.id), at=NOON)
    assert is_held(cast.anna.id) and not is_held(cast.boris.id)
    with pytest.raises(StillHeld):
        must_not_be_held(cast.anna.id)
    end_hold(second, reason="over", actor=Actor(cast.elena.id), at=NOON)
    must_not_be_held(cast.anna.id)
    assert [(hold.file_number, hold.ended_why) for hold in LegalHold.of(cast.anna.id)] == [("2", "over"), ("1", "over")]


def test_a_hold_stands_in_the_trail_and_not_in_the_history_of_the_person(cast):
    before = history(f"person:{cast.anna.id}", most=50)
    hold = hold_data(cast.anna.id, file_number="Az 7", reason="r", actor=Actor(cast.elena.id), at=NOON)
    end_hold(hold, reason="over", actor=Actor(cast.elena.id), at=NOON)

    assert history(f"person:{cast.anna.id}", most=50) == before
    lines = [(line.verb, line.before, line.after) for line in history(f"legal hold:{hold}", most=9)]
    called = f"{cast.anna.number} · Az 7"
    assert lines == [("legal hold ended", called, "over"), ("legal hold begun", "", called)]


def test_a_hold_needs_a_file_number_and_a_reason_and_ends_once_with_one(cast):
    elena = Actor(cast.elena.id)
    with pytest.raises(NoFileNumber):
        hold_data(cast.anna.id, file_number=" ", reason="r", actor=elena, at=NOON)
    with pytest.raises(NoReasonForHold):
        hold_data(cast.anna.id, file_number="7", reason="", actor=elena, at=NOON)
    assert not is_held(cast.anna.id)
    hold = hold_data(cast.anna.id, file_number="7", reason="r", actor=elena, at=NOON)
    with pytest.raises(NoReasonForHold):
        end_hold(hold, reason=" ", actor=elena, at=NOON)
    end_hold(hold, reason="over", actor=elena, at=NOON)
    with pytest.raises(NotFound):
        end_hold(hold, reason="over", actor=elena, at=NOON)
