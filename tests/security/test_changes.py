"""Rules R1 to R3: what could weaken somebody's security needs a bound way or the office, rests, and is announced."""

from datetime import timedelta

import pytest

from tests.cast import CODES, NOON, app_of, eur, sheet_of
from tests.security.dialogs import answer, shown
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import IntegrityError, action, one, rows, run
from vps.security.actions import (
    NotSafeAlone,
    ask,
    confirm,
    demanded,
    freeze,
    freeze_code_matches,
    has_practised,
    make_recovery_sheet,
    must_be_permitted,
    permit,
    permit_by_way,
    practise,
    snapshot,
    thaw,
    use_recovery_code,
)
from vps.security.actions.permits import begins_at
from vps.security.actions.recovering import NotThisCode
from vps.security.actions.refusals import Frozen, NoWayForThis
from vps.security.models import CHANGE, PRACTICE, RENEWAL, enrolled, is_frozen

HOUR = timedelta(hours=1)
begin = action(begins_at)


def me(person):
    return Actor(person.id, "192.0.2.1")


def by_sheet(person, kind, motive, *, at=NOON):
    """The right TAN for something that moves no money."""
    asked = ask(person.id, at=at, level=demanded(person.id, motive, None, at=at).level)
    dialog = snapshot(kind, kind, amount=None, payee="", ask=asked, at=at, motive=motive)
    return confirm(dialog, code=CODES[dialog.n - 1], actor=me(person), at=at)


def test_the_first_way_counts_at_once_and_needs_nobody(cast):
    must_be_permitted(cast.anna.id, NOON)
    assert begin(cast.anna.id, NOON) == NOON


def test_a_further_way_needs_a_permit_is_worth_one_and_rests(cast):
    sheet_of(cast.anna)
    with pytest.raises(NotSafeAlone):
        must_be_permitted(cast.anna.id, NOON)
    with pytest.raises(NotSafeAlone):
        begin(cast.anna.id, NOON)

    permit(cast.anna.id, "office", actor=Actor(cast.dragan.id), at=NOON)
    must_be_permitted(cast.anna.id, NOON)

    assert begin(cast.anna.id, NOON) == NOON + 24 * HOUR
    with pytest.raises(NotSafeAlone):
        begin(cast.anna.id, NOON)
    with pytest.raises(NotSafeAlone):
        must_be_permitted(cast.boris.id, NOON) or begin(cast.anna.id, NOON)


def test_a_permit_does_not_wait_for_ever(cast):
    sheet_of(cast.anna)
    for source, life in (("recovery", HOUR), ("office", 7 * 24 * HOUR)):
        permit(cast.anna.id, source, actor=Actor(cast.dragan.id), at=NOON)
        with pytest.raises(NotSafeAlone):
            begin(cast.anna.id, NOON + life)


def test_a_permit_is_announced(cast):
    permit(cast.anna.id, "office", actor=Actor(cast.dragan.id), at=NOON)
    assert rows("SELECT kind, address FROM outbox") == [("notice", "anna@example.com")]


def test_practice_authorises_nothing_and_is_remembered(cast):
    sheet_of(cast.anna)
    assert not has_practised(cast.anna.id)

    practise(by_sheet(cast.anna, "practice", PRACTICE), at=NOON)

    assert has_practised(cast.anna.id)
    assert not has_practised(cast.boris.id)
    assert one("SELECT kind, amount, currency FROM intent WHERE posted_at IS NOT NULL") == ("practice", None, None)


def test_a_practice_code_pays_nothing(cast):
    sheet_of(cast.anna)
    authorisation = by_sheet(cast.anna, "practice", PRACTICE)

    with pytest.raises(AssertionError, match="what was shown"):
        action(authorisation.use_up)(subject="1001", amount=eur(49_90), at=NOON)


def test_recovery_codes_are_made_with_the_present_way_and_only_let_a_way_be_added(cast):
    sheet_of(cast.anna)
    printed = make_recovery_sheet(by_sheet(cast.anna, "recovery", RENEWAL), at=NOON)

    assert len(printed.codes) == len(set(printed.codes)) == 10
    assert all(len(code.replace(" ", "")) == 24 for code in printed.codes)
    use_recovery_code(cast.anna.id, printed.codes[3].lower(), actor=me(cast.anna), at=NOON)
    assert begin(cast.anna.id, NOON) == NOON + 24 * HOUR
    assert [verb for (verb,) in rows("SELECT verb FROM event WHERE verb LIKE 'recovery%' ORDER BY id")] == [
        "recovery codes made",
        "recovery code used",
    ]


def test_a_recovery_code_works_once_for_its_owner_until_newer_ones_are_made(cast):
    sheet_of(cast.anna)
    printed = make_recovery_sheet(by_sheet(cast.anna, "recovery", RENEWAL), at=NOON)
    use_recovery_code(cast.anna.id, printed.codes[0], actor=me(cast.anna), at=NOON)

    for person, code in ((cast.anna, printed.codes[0]), (cast.boris, printed.codes[1]), (cast.anna, "A" * 24), (cast.anna, "")):
        with pytest.raises(NotThisCode):
            use_recovery_code(person.id, code, actor=me(person), at=NOON)
    make_recovery_sheet(by_sheet(cast.anna, "recovery", RENEWAL), at=NOON)
    with pytest.raises(NotThisCode):
        use_recovery_code(cast.anna.id, printed.codes[1], actor=me(cast.anna), at=NOON)


def test_recovery_codes_stand_nowhere_in_the_database(cast):
    sheet_of(cast.anna)
    printed = make_recovery_sheet(by_sheet(cast.anna, "recovery", RENEWAL), at=NOON)

    kept = b"".join(bytes(digest) for (digest,) in rows("SELECT digest FROM recovery_code"))
    assert len(kept) == 320
    assert printed.codes[0].replace(" ", "").encode() not in kept


def test_the_freeze_code_of_the_recovery_codes_freezes_too(cast):
    sheet_of(cast.anna)
    printed = make_recovery_sheet(by_sheet(cast.anna, "recovery", RENEWAL), at=NOON)

    assert freeze_code_matches(cast.anna.id, printed.freeze.lower())
    assert not freeze_code_matches(cast.boris.id, printed.freeze)


def test_a_permit_by_ones_own_way_needs_a_bound_one(cast):
    sheet_of(cast.anna)

    with pytest.raises(NoWayForThis):
        by_sheet(cast.anna, "way", CHANGE)


def test_a_freeze_stops_everything_but_what_is_to_end_it(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    freeze(cast.anna.id, actor=me(cast.anna), at=NOON)

    with pytest.raises(Frozen):
        answer(dialog, cast.anna)
    with pytest.raises(Frozen):
        ask(cast.anna.id, at=NOON)
    assert ask(cast.anna.id, at=NOON, thawing=True).way == "sheet"
    assert is_frozen(cast.anna.id)


def test_ways_that_rest_are_shown_and_not_asked(cast):
    sheet_of(cast.anna)
    app_of(cast.anna)
    run("UPDATE app SET usable_from = ?", micros(NOON + HOUR))

    assert [way.way for way in enrolled(cast.anna.id)] == ["sheet", "app"]
    assert ask(cast.anna.id, at=NOON, prefer="app").way == "sheet"


def test_the_database_knows_what_a_change_is_too(cast):
    permit(cast.anna.id, "office", actor=Actor(cast.dragan.id), at=NOON)
    for lie in ("UPDATE permit SET expires_at = 9", "DELETE FROM permit", "UPDATE permit SET source = 'way'"):
        with pytest.raises(IntegrityError):
            run(lie)


def test_whoever_removes_his_last_passkey_does_not_begin_anew(cast):
    run(
        "INSERT INTO passkey (person_id, credential, public_key, sign_count, name, made_at, usable_from, ended_at, mac)"
        " VALUES (?, ?, ?, 0, 'x', 1, 1, 2, ?)",
        *(cast.anna.id, b"c" * 16, b"k", b"m" * 32),
    )
    assert enrolled(cast.anna.id) == []
    with pytest.raises(NotSafeAlone):
        must_be_permitted(cast.anna.id, NOON)

    permit(cast.anna.id, "recovery", actor=me(cast.anna), at=NOON)

    assert begin(cast.anna.id, NOON) == NOON + 24 * HOUR


def test_a_code_shown_for_one_change_makes_no_other(cast):
    sheet_of(cast.anna)
    practice = by_sheet(cast.anna, "practice", PRACTICE)

    for other in (
        lambda: permit_by_way(practice, at=NOON),
        lambda: thaw(practice, at=NOON),
        lambda: make_recovery_sheet(practice, at=NOON),
    ):
        with pytest.raises(AssertionError, match="the change that was shown"):
            other()
    assert one("SELECT count(*) FROM intent")[0] == 0
