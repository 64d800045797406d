"""A right code is worth one movement; wrong ones are counted; what a code leaves behind in the database."""

from datetime import timedelta
from importlib import import_module

import pytest

from tests.cast import CODES, NOON, app_of, eur, sheet_of
from tests.security.dialogs import STEP, answer, move, shown, wrong
from vps.kernel.authorisation import Actor
from vps.kernel.database import Again, database, one, rows
from vps.security.actions import NotACode, ask, posted, unblock_way
from vps.security.actions.confirm import seconds_to_next
from vps.security.actions.refusals import IntentCancelled, LastBeforeBlock, TooSoon, WayBlocked, WayResting, WrongTan


def test_looking_at_a_payment_writes_nothing(cast):
    sheet_of(cast.anna)
    shown(cast.anna)
    answer(shown(cast.anna), cast.anna)

    assert rows("SELECT * FROM intent") == rows("SELECT * FROM challenge") == rows("SELECT * FROM way") == []


def test_a_right_code_leaves_intent_challenge_and_tan_behind(cast):
    sheet = sheet_of(cast.anna)
    dialog = shown(cast.anna)

    move(answer(dialog, cast.anna))

    intent = one("SELECT id, person_id, kind, subject, amount, currency, payee FROM intent WHERE posted_at IS NOT NULL")
    assert intent[1:] == (cast.anna.id, "order payment", "1001", 49_90, "EUR", "Alpenkraut GmbH")
    assert bytes(one("SELECT digest FROM intent")[0]) == dialog.digest
    assert one("SELECT way, sheet_id, n, tries FROM challenge WHERE used_at IS NOT NULL") == ("sheet", sheet.id, dialog.n, 0)
    assert one("SELECT n FROM tan WHERE intent_id = ?", intent[0])[0] == dialog.n
    assert posted(dialog.nonce, cast.anna.id)
    assert not posted(dialog.nonce, cast.boris.id)


def test_a_code_is_worth_one_movement(cast):
    sheet_of(cast.anna)
    authorisation = answer(shown(cast.anna), cast.anna)
    move(authorisation)

    with pytest.raises(Again):  # an action that looked for what it made would have found it
        move(authorisation)

    assert one("SELECT count(*) FROM intent")[0] == 1


def test_a_code_authorises_what_was_shown_and_nothing_else(house):
    sheet_of(house.anna)
    authorisation = answer(shown(house.anna), house.anna)

    for other in ({"subject": "1002"}, {"amount": 49_91}):
        with pytest.raises(AssertionError, match="what was shown"):
            move(authorisation, **other)

    assert one("SELECT count(*) FROM intent")[0] == 0


def test_a_code_is_used_up_inside_a_transaction_only_and_checked_outside(house):
    sheet_of(house.anna)
    dialog = shown(house.anna)

    with pytest.raises(AssertionError):
        answer(dialog, house.anna).use_up(subject="1001", amount=eur(49_90), at=NOON)
    with pytest.raises(AssertionError, match="forget the wrong guess"), database.atomic():
        answer(dialog, house.anna)


def test_spaces_in_a_tan_are_forgiven_and_nonsense_is_no_try(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    for nonsense in ("", "12345", "４８３９２０", "48392O"):
        with pytest.raises(NotACode):
            answer(dialog, cast.anna, nonsense or " ")

    code = CODES[dialog.n - 1]
    move(answer(dialog, cast.anna, f"{code[:3]} {code[3:]}"))

    assert one("SELECT count(*) FROM way")[0] == 0


def test_a_resend_after_the_code_was_used_needs_no_code(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    move(answer(dialog, cast.anna))

    assert answer(dialog, cast.anna, "999999", at=NOON + timedelta(hours=1)).snapshot == dialog
    assert one("SELECT count(*) FROM way")[0] == 0


def test_a_press_that_loses_to_the_other_one_is_told_the_truth(cast, monkeypatch):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    move(answer(dialog, cast.anna))
    looks = iter([False, True])
    monkeypatch.setattr(import_module("vps.security.actions.confirm"), "posted", lambda *_: next(looks))

    assert answer(dialog, cast.anna).snapshot == dialog, "the TAN was used meanwhile: by this very payment"


def test_a_right_code_after_wrong_ones_posts_the_same_intent(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    assert wrong(dialog, cast.anna).facts == {"left": 2}
    assert wrong(dialog, cast.anna).facts == {"left": 1}

    move(answer(dialog, cast.anna))

    assert one("SELECT count(*), max(posted_at) IS NOT NULL FROM intent")[0] == 1
    assert one("SELECT tries FROM challenge WHERE used_at IS NOT NULL")[0] == 2
    assert one("SELECT wrong_in_row, wrong_ever FROM way")[:] == (0, 2)


def test_the_right_tan_on_the_fourth_try_is_refused(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    said = [type(wrong(dialog, cast.anna)) for _ in range(3)]

    with pytest.raises(IntentCancelled):
        answer(dialog, cast.anna)

    assert said == [WrongTan, WrongTan, IntentCancelled]
    assert one("SELECT count(*) FROM tan WHERE burned_at IS NOT NULL AND n = ?", dialog.n)[0] == 1
    assert one("SELECT count(*) FROM event WHERE verb = 'three wrong codes' AND actor = ?", cast.anna.id)[0] == 1


def test_the_fourth_wrong_code_warns_and_the_fifth_blocks_every_payment(cast):
    sheet_of(cast.anna)
    said = []
    for n in range(5):
        said.append(type(wrong(shown(cast.anna, subject=str(1001 + n)), cast.anna)))

    assert said == [WrongTan, WrongTan, WrongTan, LastBeforeBlock, WayResting]
    with pytest.raises(WayBlocked):
        ask(cast.anna.id, at=NOON)
    assert one("SELECT after FROM event WHERE verb = 'confirming blocked'")[0] == "sheet"


def test_a_dialog_opened_before_the_block_is_blocked_too(cast):
    sheet_of(cast.anna)
    early = shown(cast.anna)
    for n in range(5):
        wrong(shown(cast.anna, subject=str(2001 + n)), cast.anna)

    with pytest.raises(WayBlocked):
        answer(early, cast.anna)


def test_the_third_wrong_code_that_is_the_fifth_in_a_row_blocks_and_burns(cast):
    sheet_of(cast.anna)
    for n in range(2):
        wrong(shown(cast.anna, subject=str(2001 + n)), cast.anna)
    dialog = shown(cast.anna)

    assert [type(wrong(dialog, cast.anna)) for _ in range(3)] == [WrongTan, LastBeforeBlock, WayResting]

    assert one("SELECT cancelled_at IS NOT NULL, count(*) FROM intent WHERE nonce = ? GROUP BY 1", dialog.nonce)[1] == 1
    assert one("SELECT count(*) FROM tan WHERE burned_at IS NOT NULL")[0] == 1


def test_the_office_unblocks_a_way_and_the_counting_starts_anew(cast):
    sheet_of(cast.anna)
    for n in range(5):
        wrong(shown(cast.anna, subject=str(2001 + n)), cast.anna)

    unblock_way(cast.anna.id, "sheet", actor=Actor(cast.dragan.id), at=NOON)

    assert type(wrong(shown(cast.anna), cast.anna)) is WrongTan
    assert one("SELECT wrong_in_row, wrong_ever FROM way")[:] == (1, 6)


def test_wrong_codes_of_the_app_block_the_app_and_burn_no_tan(cast):
    app_of(cast.anna)
    sheet_of(cast.anna)
    dialog = shown(cast.anna, way="app")
    for _ in range(3):
        wrong(dialog, cast.anna)
    for n in range(2):
        wrong(shown(cast.anna, way="app", subject=str(n)), cast.anna)

    assert one("SELECT count(*) FROM tan WHERE burned_at IS NOT NULL")[0] == 0
    assert shown(cast.anna, way="app").way == "sheet", "what is left is asked for"


def test_a_code_of_the_app_is_taken_now_and_half_a_minute_later_but_not_before(cast):
    app = app_of(cast.anna)

    with pytest.raises(WrongTan):
        answer(shown(cast.anna), cast.anna, app.at(NOON + STEP))
    with pytest.raises(WrongTan):
        answer(shown(cast.anna), cast.anna, app.at(NOON - 2 * STEP))
    move(answer(shown(cast.anna), cast.anna, app.at(NOON - STEP)))

    with pytest.raises(TooSoon):
        answer(shown(cast.anna), cast.anna, app.at(NOON - STEP))
    move(answer(shown(cast.anna), cast.anna, app.at(NOON)))


def test_an_older_code_is_refused_after_a_newer_one(cast):
    app = app_of(cast.anna)
    move(answer(shown(cast.anna), cast.anna, app.at(NOON)))

    with pytest.raises(TooSoon) as refused:
        answer(shown(cast.anna), cast.anna, app.at(NOON - STEP), at=NOON + timedelta(seconds=13))

    assert refused.value.facts == {"seconds": 17}
    assert seconds_to_next(NOON + timedelta(seconds=29)) == 1


def test_two_answers_that_were_both_right_use_a_code_once(cast):
    app = app_of(cast.anna)
    first, second = (answer(shown(cast.anna), cast.anna, app.at(NOON)) for _ in range(2))
    move(first)

    with pytest.raises(TooSoon):
        move(second)

    assert one("SELECT count(*) FROM intent")[0] == 1


def test_a_wrong_code_that_meets_another_one_is_counted_all_the_same(cast, monkeypatch):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    wrong(dialog, cast.anna)
    module, blind = import_module("vps.security.actions.intents"), ["once"]
    real = module.one

    def not_yet(sql, *values):
        return None if sql.startswith("SELECT id FROM intent") and blind and blind.pop() else real(sql, *values)

    monkeypatch.setattr(module, "one", not_yet)

    assert type(wrong(dialog, cast.anna)) is WrongTan
    assert not blind
    assert one("SELECT tries, wrong_in_row FROM challenge, way")[:] == (2, 2)
