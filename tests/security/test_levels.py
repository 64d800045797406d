"""Security levels: what the partner chose, what the company asks at least, and which ways are enough."""

from datetime import timedelta

import pytest

from tests.cast import NOON, app_of, eur, sheet_of
from tests.security.dialogs import answer, move, shown
from vps.company.actions import NotAWholeNumber, TooMuch, change_settings
from vps.company.models import NotAMatrix, Rule, company, matrix
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, one, run
from vps.post.models import offer_sms
from vps.security.actions import WeakerWay, ask, demanded, lower_level, raise_level
from vps.security.actions.changes import CannotReach, LowerNeedsMore, NoSuchLevel
from vps.security.actions.refusals import EnrolFirst, NoWayForThis, ViewOnly
from vps.security.models import choices, coming_level, least, level_of, standing, suffices

DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
ALL = ("sheet", "app", "passkey", "sms")


def choose(level: int) -> None:
    change_settings({"security_level": level}, actor=HOUSE, at=NOON)


def test_each_level_has_ways_that_suffice_and_ways_that_do_not(subtests):
    enough = {
        1: [{"sheet"}, {"app"}, {"sms"}, {"passkey"}],
        2: [{"sheet"}, {"app"}, {"sms"}, {"passkey"}],
        3: [{"sms"}, {"passkey"}, {"sheet", "sms"}],
        4: [{"passkey"}, {"sheet", "sms"}, {"app", "sms"}],
    }
    short = {0: [set(ALL)], 1: [set()], 2: [set()], 3: [{"sheet"}, {"app"}, {"sheet", "app"}], 4: [{"sms"}, {"sheet"}, {"sheet", "app"}]}
    for level, sets in enough.items():
        with subtests.test(level=level):
            assert all(suffices(level, ways) for ways in sets)
    for level, sets in short.items():
        with subtests.test(short=level):
            assert not any(suffices(level, ways) for ways in sets)


def test_what_is_offered_always_suffices_and_nothing_that_suffices_is_left_out(subtests):
    for level in range(1, 5):
        for mask in range(16):
            ways = tuple(way for n, way in enumerate(ALL) if mask >> n & 1)
            with subtests.test(level=level, ways=ways):
                offered = choices(level, ways)
                assert all(suffices(level, [way, also] if also else [way]) for way, also in offered)
                assert bool(offered) == suffices(level, ways)
    assert choices(0, ALL) == []


def test_who_chose_nothing_has_the_companys_level(cast):
    assert level_of(cast.anna.id, NOON) == 2 == company().security_level
    choose(3)
    assert level_of(cast.anna.id, NOON) == 3


def test_a_higher_level_counts_at_once_and_a_lower_one_after_its_rest(cast):
    sheet_of(cast.anna)
    lower_level(cast.anna.id, 1, actor=Actor(cast.dragan.id), at=NOON)

    assert level_of(cast.anna.id, NOON + DAY - SECOND) == 2
    assert coming_level(cast.anna.id, NOON) == (1, NOON + DAY)
    assert level_of(cast.anna.id, NOON + DAY) == 1
    assert coming_level(cast.anna.id, NOON + DAY) is None
    raise_level(cast.anna.id, 2, actor=Actor(cast.anna.id), at=NOON + DAY)
    assert level_of(cast.anna.id, NOON + DAY) == 2
    assert one("SELECT count(*) FROM event WHERE verb IN ('level lowered', 'level raised')")[0] == 2
    assert one("SELECT count(*) FROM outbox WHERE facts LIKE '%level %'")[0] == 2, "every old channel hears of it"


def test_choosing_again_what_is_in_force_calls_a_lower_level_off(cast):
    lower_level(cast.anna.id, 1, actor=Actor(cast.dragan.id), at=NOON)
    raise_level(cast.anna.id, 2, actor=Actor(cast.anna.id), at=NOON)

    assert coming_level(cast.anna.id, NOON) is None
    assert level_of(cast.anna.id, NOON + 2 * DAY) == 2
    raise_level(cast.anna.id, 2, actor=Actor(cast.anna.id), at=NOON)
    assert one("SELECT count(*) FROM security_level")[0] == 2, "what is in force already is not written again"


def test_nobody_lowers_his_level_by_asking_for_a_higher_one(cast):
    with pytest.raises(LowerNeedsMore):
        raise_level(cast.anna.id, 1, actor=Actor(cast.anna.id), at=NOON)
    for nonsense in (5, -1):
        with pytest.raises(NoSuchLevel):
            raise_level(cast.anna.id, nonsense, actor=Actor(cast.anna.id), at=NOON)


def test_nobody_chooses_a_level_he_could_not_meet(cast):
    sheet_of(cast.anna)

    with pytest.raises(CannotReach):
        raise_level(cast.anna.id, 3, actor=Actor(cast.anna.id), at=NOON)
    assert level_of(cast.anna.id, NOON) == 2


def test_who_only_looks_pays_nothing(cast):
    sheet_of(cast.anna)
    lower_level(cast.anna.id, 0, actor=Actor(cast.dragan.id), at=NOON - DAY)

    with pytest.raises(ViewOnly):
        demanded(cast.anna.id, "purchase", eur(1), at=NOON)


def test_the_company_asks_at_least_what_its_matrix_says(cast):
    change_settings({"security_level": 1, "security_matrix": "purchase 0 1; purchase 50000 3; transfer 0 2"}, actor=HOUSE, at=NOON)

    assert [least("purchase", minor) for minor in (1, 499_99, 500_00, 900_00)] == [1, 1, 3, 3]
    assert least("transfer", 1) == 2
    assert least("pay-out", 1) == 1, "what it does not speak of needs a code all the same"
    assert least("change", None) == 3, "a change of one's own security needs a bound way whatever the company says"


def test_level_one_is_for_small_purchases(cast):
    recovery_codes = app_of(cast.anna)
    assert recovery_codes
    change_settings({"security_level": 1, "basic_most": 20_00, "security_matrix": "purchase 0 1"}, actor=HOUSE, at=NOON)

    assert demanded(cast.anna.id, "purchase", eur(20_00), at=NOON).level == 1
    assert demanded(cast.anna.id, "purchase", eur(20_01), at=NOON).level == 2
    assert demanded(cast.anna.id, "transfer", eur(1), at=NOON).level == 2


def test_a_matrix_that_cannot_be_read_is_refused_before_it_is_in_force(cast):
    assert matrix("purchase 0 1\npurchase 50000 3;") == (Rule("purchase", 0, 1), Rule("purchase", 50000, 3))
    for nonsense in ("purchase", "purchase 0 5", "purchase 0 0", "gift 0 1", "purchase -1 2", "purchase 0 1 2", "purchase 1e3 2"):
        with pytest.raises(NotAMatrix):
            change_settings({"security_matrix": nonsense}, actor=HOUSE, at=NOON)
    for setting, value in (("security_level", 5), ("recovery_staff", 3)):
        with pytest.raises(TooMuch):
            change_settings({setting: value}, actor=HOUSE, at=NOON)
    with pytest.raises(NotAWholeNumber):
        change_settings({"security_level": 0}, actor=HOUSE, at=NOON)


def test_one_way_alone_pays_nothing_before_there_is_a_second_or_recovery_codes(cast):
    sheet_of(cast.anna)
    run("UPDATE recovery_sheet SET ended_at = 1")

    with pytest.raises(EnrolFirst):
        demanded(cast.anna.id, "purchase", eur(1), at=NOON)
    assert demanded(cast.anna.id, "change", None, at=NOON).level == 3, "and setting the second one up is not stopped by it"

    app_of(cast.anna)
    run("UPDATE recovery_sheet SET ended_at = 1")
    assert demanded(cast.anna.id, "purchase", eur(1), at=NOON).level == 2


def test_a_level_that_no_way_meets_says_what_is_missing(cast):
    sheet_of(cast.anna)

    with pytest.raises(NoWayForThis) as refused:
        ask(cast.anna.id, at=NOON, level=3)
    assert refused.value.facts == {"level": 3}


def test_a_level_raised_while_the_dialog_was_open_refuses_the_old_way_and_remembers_it(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    run("INSERT INTO security_level (person_id, level, since, chosen_at) VALUES (?, 3, 1, 1)", cast.anna.id)

    with pytest.raises(WeakerWay):
        answer(dialog, cast.anna)

    assert one("SELECT after FROM event WHERE verb = 'weaker way refused'")[0] == "sheet"
    assert one("SELECT count(*) FROM intent")[0] == 0, "nothing was counted, and no TAN was spent"


def test_a_weaker_way_that_is_asked_for_is_refused(cast):
    sheet_of(cast.anna)
    offer_sms(True)
    run(
        "INSERT INTO phone (person_id, number, ending, made_at, tries, sends, verified_at, usable_from) VALUES (?, ?, '67', 1, 0, 1, 1, 1)",
        cast.anna.id,
        b"x",
    )

    with pytest.raises(WeakerWay):
        ask(cast.anna.id, at=NOON, level=3, prefer="sheet")
    assert ask(cast.anna.id, at=NOON, level=3).way == "sms"


def test_the_right_code_still_pays_at_the_level_that_is_in_force(cast):
    sheet_of(cast.anna)
    move(answer(shown(cast.anna), cast.anna))
    assert standing(cast.anna.id, NOON) == (None, 0, 2, False)


def test_the_database_keeps_what_was_chosen(cast):
    lower_level(cast.anna.id, 1, actor=HOUSE, at=NOON)
    for lie in ("UPDATE security_level SET level = 4", "DELETE FROM security_level"):
        with pytest.raises(IntegrityError):
            run(lie)
