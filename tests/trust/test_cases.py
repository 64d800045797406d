"""A case: opened by a flag or by hand, closed by two different people, and never opened again."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, eur
from vps.kernel.authorisation import Actor
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.refusals import NotFound
from vps.people.actions import grant
from vps.trust.actions.cases import (
    CaseClosed,
    ClosingProposed,
    NeedsAnother,
    NobodyOfThisNumber,
    NothingProposed,
    NoWords,
    agree_to_closing,
    open_case,
    propose_closing,
    send_closing_back,
    write_note,
)
from vps.trust.actions.flags import raise_flag
from vps.trust.models.cases import case_of, cases_of, closed_cases, evidence, flags_of, notes_of, open_cases, people_in


def flag(person, rule="M5", key="1", **facts):
    return raise_flag(person.id, rule, key, {"count": 8, **facts}, at=NOON)


def state(case):
    return one("SELECT closing_by, outcome, closed_by FROM watch_case WHERE id = ?", case)


@pytest.fixture
def case(cast):
    """A case about Anna, with one flag; Elena and Clara manage."""
    grant(cast.clara, {"read", "manage"}, actor=Actor(), at=NOON)
    flag(cast.anna)
    cast.case = one("SELECT id FROM watch_case")[0]
    cast.first, cast.second = Actor(cast.elena.id), Actor(cast.clara.id)
    return cast


def test_a_flag_opens_a_case_once_and_the_next_one_joins_it(case):
    assert not flag(case.anna), "the same fact"
    assert flag(case.anna, key="2") and flag(case.anna, "M6") and flag(case.boris)

    listed = open_cases(limit=10)
    assert [(each.name, each.rules) for each in listed] == [("Anna Bauer", {"M5": 2, "M6": 1}), (case.boris.name, {"M5": 1})]
    assert one("SELECT count(*) FROM flag WHERE case_id IS NULL")[0] == 0


def test_two_flags_at_the_same_moment_share_one_case(case):
    assert at_once(4, lambda n: flag(case.boris, key=str(n))) == [True] * 4
    assert rows("SELECT count(*) FROM watch_case WHERE person_id = ?", case.boris.id) == [(1,)]
    assert sum(open_cases(limit=10)[1].rules.values()) == 4


def test_the_facts_come_back_as_they_went_in(case):
    booking = one("SELECT max(id) FROM booking")[0]
    flag(case.anna, "M4", sent=eur(1_00), bookings=[booking], people=[case.boris.id])

    found = flags_of(case.case)

    assert found[0].facts == {"count": 8, "sent": eur(1_00), "bookings": [booking], "people": [case.boris.id]}
    (moved,) = evidence(found).values()
    assert (moved.id, moved.amount, moved.payer, moved.payee) == (booking, eur(250_00), None, case.anna.number)
    assert people_in(found) == {case.boris.id: (case.boris.number, case.boris.name)}


def test_two_people_close_a_case(case):
    propose_closing(case.case, "reported", " Looked into.\n", actor=case.first, at=NOON)
    agree_to_closing(case.case, actor=case.second, at=NOON)

    assert state(case.case) == (case.elena.id, "reported", case.clara.id)
    assert (open_cases(limit=10), [each.outcome for each in closed_cases(limit=10)]) == ([], ["reported"])
    closed = case_of(case.case)
    assert (closed.proposer, closed.closing_why, closed.closer) == (case.elena.name, "Looked into.", case.clara.name)
    assert [note.text for note in notes_of(case.case)] == ["Looked into."]


def test_one_alone_cannot_close_it(case):
    with pytest.raises(NothingProposed):
        agree_to_closing(case.case, actor=case.second, at=NOON)
    propose_closing(case.case, "harmless", "Family.", actor=case.first, at=NOON)

    with pytest.raises(NeedsAnother):
        agree_to_closing(case.case, actor=case.first, at=NOON)
    with pytest.raises(IntegrityError):
        run("UPDATE watch_case SET closed_by = closing_by, closed_at = 1")
    assert state(case.case) == (case.elena.id, "harmless", None)


def test_what_is_sent_back_is_open_with_both_reasons_kept(case):
    propose_closing(case.case, "harmless", "Family.", actor=case.first, at=NOON)
    with pytest.raises(ClosingProposed):
        propose_closing(case.case, "ended", "Theft.", actor=case.second, at=NOON)
    with pytest.raises(NoWords):
        send_closing_back(case.case, " ", actor=case.second, at=NOON)

    send_closing_back(case.case, "Ask for papers first.", actor=case.second, at=NOON)

    assert state(case.case) == (None, None, None)
    assert [(note.name, note.text) for note in notes_of(case.case)] == [
        (case.elena.name, "Family."),
        ("Clara Stein", "Ask for papers first."),
    ]
    with pytest.raises(NothingProposed):
        send_closing_back(case.case, "Again.", actor=case.second, at=NOON)


def test_what_is_noticed_meanwhile_takes_the_proposal_off(case):
    propose_closing(case.case, "harmless", "Family.", actor=case.first, at=NOON)
    flag(case.anna)
    assert state(case.case)[0] == case.elena.id, "nothing new"

    flag(case.anna, key="2")

    assert state(case.case) == (None, None, None)
    with pytest.raises(NothingProposed):
        agree_to_closing(case.case, actor=case.second, at=NOON)


def test_a_closed_case_stays_closed_and_the_next_flag_opens_another(case):
    propose_closing(case.case, "harmless", "Family.", actor=case.first, at=NOON)
    agree_to_closing(case.case, actor=case.second, at=NOON)

    for act in (lambda: propose_closing(case.case, "ended", "x", actor=case.first, at=NOON), lambda: agree_to_closing(case.case, actor=case.second, at=NOON),
                lambda: send_closing_back(case.case, "x", actor=case.second, at=NOON)):  # fmt: skip
        with pytest.raises(CaseClosed):
            act()
    write_note(case.case, "He called.", actor=case.first, at=NOON)
    flag(case.anna)
    assert open_cases(limit=10) == [], "the fact is known"

    flag(case.anna, key="2")

    assert [each.closed_at is None for each in cases_of(case.anna.id)] == [True, False]


def test_the_office_opens_a_case_by_hand_and_finds_the_one_that_is_open(case):
    assert open_case(f" {case.anna.number} ", actor=case.first, at=NOON) == case.case
    made = open_case(case.boris.number, actor=case.first, at=NOON)
    assert open_case(case.boris.number, actor=case.second, at=NOON) == made
    assert case_of(made).opened_by == case.elena.name

    for number in ("1000000", "", "x"):
        with pytest.raises(NobodyOfThisNumber):
            open_case(number, actor=case.first, at=NOON)


def test_a_note_pressed_twice_is_one_and_none_is_empty(case):
    for _ in range(2):
        write_note(case.case, "Called him.", actor=case.first, at=NOON)
    with pytest.raises(NoWords):
        write_note(case.case, "\n ", actor=case.first, at=NOON)
    for act in (
        lambda: write_note(999, "x", actor=case.first, at=NOON),
        lambda: propose_closing(999, "ended", "x", actor=case.first, at=NOON),
    ):
        with pytest.raises(NotFound):
            act()

    assert len(notes_of(case.case)) == 1
    assert case_of(999) is None


def test_the_trail_says_what_was_done_and_nothing_about_the_person(case):
    write_note(case.case, "Anna's sister.", actor=case.first, at=NOON)
    propose_closing(case.case, "harmless", "Anna's sister.", actor=case.first, at=NOON)
    agree_to_closing(case.case, actor=case.second, at=NOON)

    told = rows("SELECT verb, actor, subject, before, after FROM event WHERE subject LIKE 'case:%' ORDER BY id")

    elena, clara, about = case.elena.id, case.clara.id, f"case:{case.case}"
    assert told == [("case opened", None, about, "", ""), ("flag raised", None, about, "", "M5"), ("case noted", elena, about, "", ""),
                    ("closing proposed", elena, about, "", "harmless"), ("case closed", clara, about, "", "harmless")]  # fmt: skip


def test_pages_of_cases_go_on_where_the_one_before_ended(case):
    flag(case.boris)
    first, second = open_cases(limit=10)
    assert open_cases(after=(first.sort, first.id), limit=10) == [second]
    for each in (first.id, second.id):
        propose_closing(each, "harmless", "x", actor=case.first, at=NOON)
        agree_to_closing(each, actor=case.second, at=NOON)

    last, before = closed_cases(limit=10)

    assert (last.id, before.id) == (second.id, first.id)
    assert closed_cases(before=(last.sort, last.id), limit=10) == [before]


@pytest.mark.parametrize("change", ["UPDATE flag SET facts = '{}'", "DELETE FROM flag", "UPDATE case_note SET text = 'x'", "DELETE FROM case_note",
                                    "UPDATE watch_case SET person_id = 2", "DELETE FROM watch_case", "UPDATE watch_case SET outcome = 'harmless'",
                                    "UPDATE watch_case SET closed_by = 1, closed_at = 1"])  # fmt: skip
def test_the_database_keeps_what_was_noticed(case, change):
    write_note(case.case, "Called him.", actor=case.first, at=NOON)
    with pytest.raises(IntegrityError):
        run(change)
