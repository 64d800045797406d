"""Steps by which somebody shows who he is: missing, waiting, accepted or not, expired; by a code, by the office, by a proof from elsewhere."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from tests.trust.photos import photo
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.refusals import NotFound
from vps.people.actions import grant, hold_data
from vps.trust import files
from vps.trust.actions import (
    DocumentExpired,
    MustBeKept,
    NoAddress,
    NoReason,
    NotABirthDate,
    NotAnEnd,
    NotYourOwnStep,
    StepDecided,
    accept_proved,
    accept_step,
    claim_address,
    claim_birth,
    claim_document,
    end_step,
    forget_document,
    on_steps_changed,
    reject_step,
    remove_strays,
    see_picture,
    withdraw_step,
)
from vps.trust.actions.standing import _joined
from vps.trust.models import STEPS, IdentityDocument, IdentityStep, State, accepted_steps, queue, steps_of, waiting_count

TODAY = NOON.date()
END = date(2030, 5, 1)
HOME = ("Hauptstraße 5", "80331", "München", "Deutschland")


@pytest.fixture
def changes():
    """Whose steps changed, as somebody who joined is told."""
    told: list[int] = []
    on_steps_changed(lambda person, at: told.append(person))
    yield told
    _joined.pop()


def by(person) -> Actor:
    return Actor(person.id)


def shown(person, kind="passport", at=NOON, end=END, pictures=1):
    """He shows a document."""
    return claim_document(person.id, kind, [photo()] * pictures, actor=by(person), at=at, expires_on=end)


def lives(person, parts=HOME, at=NOON):
    return claim_address(person.id, parts, actor=by(person), at=at)


def accept(step, staff, at=NOON, end=END):
    return accept_step(step, expires_on=end, actor=by(staff), at=at)


def stands(person, at=NOON):
    """The steps that are not missing, and how each stands."""
    return {each.step: each.state for each in steps_of(person.id, at) if each.state is not State.MISSING}


def happened(person):
    return rows("SELECT verb, after FROM event WHERE subject = ? AND verb LIKE '%step%' ORDER BY id", f"person:{person.id}")


def mailed(word="identity"):
    return one("SELECT count(*) FROM outbox WHERE kind = ?", word)[0]


def test_a_claim_waits_until_the_office_accepts_it(cast, changes):
    step = lives(cast.anna)
    assert stands(cast.anna) == {"address": State.WAITING} and accepted_steps(cast.anna.id, TODAY) == frozenset()
    assert [(each.id, each.number, each.seen) for each in queue(0, 10)] == [(step, cast.anna.number, False)]

    assert accept(step, cast.dragan, end=None)

    assert stands(cast.anna) == {"address": State.ACCEPTED} and accepted_steps(cast.anna.id, TODAY) == {"address"}
    assert queue(0, 10) == [] and waiting_count(100) == 0
    assert happened(cast.anna) == [("step claimed", "address"), ("step accepted", "address")]
    assert changes == [cast.anna.id] and mailed() == 1
    assert [each.step for each in steps_of(cast.anna.id, NOON)] == list(STEPS)


def test_what_somebody_claims_stands_in_no_trail(cast):
    accept(lives(cast.anna), cast.dragan, end=None)
    reject_step(
        claim_birth(cast.anna.id, date(1980, 2, 29), actor=by(cast.anna), at=NOON), "blurred secret", actor=by(cast.dragan), at=NOON
    )

    trail = repr(rows("SELECT * FROM event"))
    assert not [word for word in ("Hauptstra", "1980", "blurred") if word in trail]


def test_what_is_not_accepted_says_why_and_can_be_claimed_anew(cast, changes):
    first = shown(cast.anna)
    with pytest.raises(NoReason):
        reject_step(first, "  ", actor=by(cast.dragan), at=NOON)
    for _ in range(2):  # a double click
        reject_step(first, "The photo is blurred.", actor=by(cast.dragan), at=NOON)

    (stand,) = (each for each in steps_of(cast.anna.id, NOON) if each.step == "document")
    assert (stand.state, stand.claim.reason, mailed(), changes) == (State.REJECTED, "The photo is blurred.", 1, [cast.anna.id])
    with pytest.raises(StepDecided):
        accept(first, cast.elena)

    shown(cast.anna)
    assert stands(cast.anna) == {"document": State.WAITING}


def test_a_new_claim_takes_the_place_of_one_that_waits_and_its_photos_go(cast):
    first = shown(cast.anna, pictures=2)
    second = shown(cast.anna, "licence")

    with pytest.raises(StepDecided):
        accept(first, cast.dragan)
    assert [each.id for each in queue(0, 10)] == [second]
    assert len(list(files.folder().iterdir())) == 1
    assert IdentityDocument.get_by_id(IdentityStep.get_by_id(first).document_id).forgotten_why == "withdrawn"


def test_while_a_new_document_waits_the_old_one_counts(cast):
    accept(shown(cast.anna), cast.dragan)
    renewed = shown(cast.anna, at=NOON + timedelta(days=1), end=date(2036, 1, 1))

    (stand,) = (each for each in steps_of(cast.anna.id, NOON) if each.step == "document")
    assert (stand.state, stand.waiting.id, accepted_steps(cast.anna.id, TODAY)) == (State.ACCEPTED, renewed, {"document"})

    accept(renewed, cast.dragan, end=date(2036, 1, 1))
    assert one("SELECT count(*) FROM identity_step WHERE replaced_at IS NOT NULL")[0] == 1
    assert accepted_steps(cast.anna.id, date(2035, 12, 31)) == {"document"}


def test_a_document_counts_to_its_last_day_whether_or_not_anybody_noticed(cast):
    accept(shown(cast.anna), cast.dragan)

    assert accepted_steps(cast.anna.id, END) == {"document"}
    assert accepted_steps(cast.anna.id, END + timedelta(days=1)) == frozenset()
    assert stands(cast.anna, NOON.replace(year=2031)) == {"document": State.EXPIRED}


@pytest.mark.parametrize(
    ("end", "refusal"), [(None, NotAnEnd), (TODAY, DocumentExpired), (date(2020, 1, 1), DocumentExpired), (date(2077, 1, 1), NotAnEnd)]
)
def test_a_document_must_be_valid_when_it_is_shown_and_when_it_is_accepted(house, end, refusal):
    with pytest.raises(refusal):
        shown(house.anna, end=end)
    assert list(files.folder().iterdir()) == [], "what was refused leaves no file"
    step = shown(house.anna)
    with pytest.raises(refusal):
        accept(step, house.dragan, end=end)


def test_a_birth_date_is_one(house):
    for born in (TODAY, date(2027, 1, 1), date(1890, 1, 1)):
        with pytest.raises(NotABirthDate):
            claim_birth(house.anna.id, born, actor=by(house.anna), at=NOON)


def test_an_address_has_street_town_and_country_and_no_postcode_where_there_is_none(house):
    for missing in (0, 2, 3):
        with pytest.raises(NoAddress):
            lives(house.anna, tuple("" if n == missing else part for n, part in enumerate(HOME)))
    step = lives(house.anna, ("Main Street 1", "", "Dublin", "Ireland"))
    assert IdentityStep.get_by_id(step).value == "Main Street 1\nDublin\nIreland"
    assert lives(house.anna, ("Main Street 1", "", "Dublin", "Ireland")) == step, "pressed twice"
    assert lives(house.anna) != step and len(queue(0, 10)) == 1


def test_nobody_decides_about_himself(house):
    grant(house.anna, {"read", "book"}, actor=HOUSE, at=NOON)
    step = lives(house.anna)

    for decide in (lambda: accept(step, house.anna), lambda: reject_step(step, "x", actor=by(house.anna), at=NOON)):
        with pytest.raises(NotYourOwnStep):
            decide()
    with pytest.raises(IntegrityError):
        run("UPDATE identity_step SET accepted_at = 1, accepted_by = person_id WHERE id = ?", step)


def test_nobody_decides_about_what_is_not_there_or_proved_by_a_code(house):
    proved = accept_proved(house.anna.id, "mobile", "+4915123456789", actor=by(house.anna), at=NOON)
    for step in (999, proved):
        with pytest.raises(NotFound):
            accept(step, house.dragan)
        with pytest.raises(NotFound):
            reject_step(step, "x", actor=by(house.dragan), at=NOON)
    with pytest.raises(NotFound):
        claim_address(999, HOME, actor=HOUSE, at=NOON)


def test_two_at_once_accept_a_step_once(cast, changes):
    step = lives(cast.anna)
    staff = (cast.dragan, cast.elena)

    answers = at_once(2, lambda n: accept(step, staff[n], end=None))

    assert sorted(type(answer).__name__ for answer in answers) == ["StepDecided", "bool"]
    assert happened(cast.anna).count(("step accepted", "address")) == 1 == mailed() == len(changes)


def test_a_double_click_accepts_once(cast, changes):
    step = shown(cast.anna)

    answers = at_once(4, lambda _: accept(step, cast.dragan))

    assert answers == [True] * 4
    assert changes == [cast.anna.id] and mailed() == 1


def test_where_the_company_wants_two_the_second_makes_a_document_count(cast):
    change_settings({"identity_staff": 2}, actor=HOUSE, at=NOON)
    step = shown(cast.anna)

    assert not accept(step, cast.dragan) and not accept(step, cast.dragan), "the same person twice is one"
    assert accepted_steps(cast.anna.id, TODAY) == frozenset() and queue(0, 10)[0].seen
    assert accept(step, cast.elena)

    assert happened(cast.anna) == [("step claimed", "document"), ("step seen", "document"), ("step accepted", "document")]
    with pytest.raises(IntegrityError):
        run("UPDATE identity_step SET accepted_by = seen_by WHERE id = ?", step)


def test_an_address_needs_one_even_where_a_document_needs_two(house):
    change_settings({"identity_staff": 2}, actor=HOUSE, at=NOON)
    assert accept(lives(house.anna), house.dragan, end=None)


def test_the_office_ends_what_was_accepted_and_says_why(cast, changes):
    step = lives(cast.anna)
    with pytest.raises(StepDecided):
        end_step(step, "not yet", actor=by(cast.dragan), at=NOON)
    accept(step, cast.dragan, end=None)
    for _ in range(2):
        end_step(step, "A letter came back.", actor=by(cast.dragan), at=NOON)

    (stand,) = (each for each in steps_of(cast.anna.id, NOON) if each.step == "address")
    assert (stand.state, stand.claim.reason) == (State.MISSING, "A letter came back.")
    assert accepted_steps(cast.anna.id, TODAY) == frozenset() and len(changes) == 2 == mailed()


def test_its_owner_takes_back_what_waits_and_nothing_else(cast):
    accept(shown(cast.anna), cast.dragan)
    shown(cast.anna)
    for _ in range(2):
        withdraw_step(cast.anna.id, "document", actor=by(cast.anna), at=NOON)

    assert stands(cast.anna) == {"document": State.ACCEPTED} and happened(cast.anna)[-1] == ("step withdrawn", "document")
    assert len(list(files.folder().iterdir())) == 1


def test_a_proof_from_elsewhere_counts_at_once_and_twice_is_once(cast, changes):
    for _ in range(2):
        accept_proved(cast.anna.id, "iban", "DE89370400440532013000", actor=HOUSE, at=NOON)
    assert accepted_steps(cast.anna.id, TODAY) == {"iban"} and len(changes) == 1 == mailed()

    accept_proved(cast.anna.id, "iban", "AT611904300234573201", actor=HOUSE, at=NOON)
    assert one("SELECT count(*) FROM identity_step WHERE step = 'iban'")[0] == 2 and len(changes) == 2


def test_a_contract_is_a_note_of_the_office_with_pages_or_without(cast):
    step = claim_document(cast.anna.id, "contract", [], note="Tax number 1/2\nOwner: Anna", actor=by(cast.dragan), at=NOON)
    assert accept(step, cast.elena, end=None) and IdentityStep.get_by_id(step).value == "Tax number 1/2\nOwner: Anna"
    assert accepted_steps(cast.anna.id, TODAY) == {"contract"}


def test_photos_are_deleted_with_a_reason_and_the_row_stays(cast):
    step = shown(cast.anna)
    accept(step, cast.dragan)
    document = IdentityStep.get_by_id(step).document_id
    with pytest.raises(NoReason):
        forget_document(document, " ", actor=by(cast.elena), at=NOON)
    for _ in range(2):
        forget_document(document, "No longer needed", actor=by(cast.elena), at=NOON)

    assert list(files.folder().iterdir()) == [] and see_picture(document, 1, actor=by(cast.dragan), at=NOON) is None
    assert one("SELECT count(*) FROM identity_picture WHERE secret IS NULL")[0] == 1
    assert accepted_steps(cast.anna.id, TODAY) == {"document"}
    assert one("SELECT after FROM event WHERE verb = 'document forgotten'") == (f"#{document}",)
    with pytest.raises(NotFound):
        forget_document(999, "x", actor=by(cast.elena), at=NOON)


def test_what_must_be_kept_is_not_deleted_by_anybody(house):
    hold_data(house.anna.id, file_number="7", reason="File 7", actor=by(house.elena), at=NOON)
    step = shown(house.anna)
    with pytest.raises(MustBeKept):
        forget_document(IdentityStep.get_by_id(step).document_id, "x", actor=by(house.elena), at=NOON)
    withdraw_step(house.anna.id, "document", actor=by(house.anna), at=NOON)

    assert stands(house.anna) == {} and len(list(files.folder().iterdir())) == 1, "silently"


def test_a_look_at_a_photo_is_written_down_with_which_once_in_a_while(house):
    document = IdentityStep.get_by_id(shown(house.anna, pictures=2)).document_id
    for minutes in (0, 1, 16):
        assert see_picture(document, 1, actor=by(house.dragan), at=NOON + timedelta(minutes=minutes))
    see_picture(document, 2, actor=by(house.elena), at=NOON)

    looks = rows("SELECT actor, after FROM event WHERE verb = 'document seen' ORDER BY id")
    assert looks == [(house.dragan.id, f"#{document}.1")] * 2 + [(house.elena.id, f"#{document}.2")]
    assert see_picture(document, 3, actor=by(house.dragan), at=NOON) is None


def test_a_photo_whose_file_is_gone_is_not_shown(house):
    document = IdentityStep.get_by_id(shown(house.anna)).document_id
    files.remove([path.name for path in files.folder().iterdir()])

    assert see_picture(document, 1, actor=by(house.dragan), at=NOON) is None


def test_a_file_whose_row_never_came_is_swept_away(house):
    shown(house.anna)
    lost = files.keep(b"its row never came")

    assert remove_strays(at=NOON - timedelta(days=3650)) == 0
    assert remove_strays(at=NOON + timedelta(days=36500)) == 1
    assert lost.name not in {path.name for path in files.folder().iterdir()} and len(list(files.folder().iterdir())) == 1
