"""The life of an intent: cancelled, run out, frozen, or its sheet ended. None of it is paid any more."""

from datetime import timedelta
from hashlib import sha256

import pytest

from tests.cast import NOON, sheet_of
from tests.security.dialogs import answer, move, shown, wrong
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, run
from vps.security.actions import freeze
from vps.security.actions.counting import count_wrong
from vps.security.actions.refusals import Frozen, IntentCancelled, IntentExpired, TanSpent
from vps.security.actions.sheets import record_wrong_activation
from vps.security.models import intent_digest


def test_a_cancelled_payment_is_confirmed_no_more(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    confirmed = answer(dialog, cast.anna)

    for _ in range(3):
        wrong(dialog, cast.anna)

    with pytest.raises(IntentCancelled):
        answer(dialog, cast.anna)
    with pytest.raises(IntentCancelled):
        move(confirmed)
    assert one("SELECT count(*) FROM tan WHERE intent_id IS NOT NULL")[0] == 0


def test_what_was_posted_is_not_cancelled(cast):
    sheet_of(cast.anna)
    move(answer(shown(cast.anna), cast.anna))

    freeze(cast.anna.id, actor=Actor(cast.anna.id), at=NOON)

    assert one("SELECT cancelled_at FROM intent")[0] is None


def test_a_wrong_code_that_came_after_the_cancelling_counts_no_more(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    for _ in range(3):
        wrong(dialog, cast.anna)

    assert type(count_wrong(dialog, dialog.ways, actor=Actor(cast.anna.id), at=NOON)) is IntentCancelled

    assert one("SELECT tries, wrong_ever FROM challenge, way")[:] == (3, 3)


def test_a_dialog_older_than_ten_minutes_or_from_the_future_is_shown_anew(cast):
    sheet_of(cast.anna)

    for late in (timedelta(minutes=10), timedelta(days=1), timedelta(minutes=-2)):
        with pytest.raises(IntentExpired):
            answer(shown(cast.anna), cast.anna, at=NOON + late)

    assert one("SELECT count(*) FROM intent")[0] == 0


def test_an_intent_that_runs_out_between_two_answers_is_not_posted(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    wrong(dialog, cast.anna)
    confirmed = answer(dialog, cast.anna, at=NOON + timedelta(minutes=9))

    with pytest.raises(IntentExpired):
        move(confirmed, at=NOON + timedelta(minutes=10))

    assert one("SELECT posted_at FROM intent")[0] is None


def test_a_freeze_between_the_code_and_the_movement_stops_it(cast):
    sheet_of(cast.anna)
    dialog = shown(cast.anna)
    confirmed = answer(dialog, cast.anna)

    freeze(cast.anna.id, actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(Frozen):
        move(confirmed)
    with pytest.raises(Frozen):
        answer(dialog, cast.anna)
    assert one("SELECT count(*) FROM tan WHERE intent_id IS NOT NULL")[0] == 0


def test_the_tan_of_an_ended_sheet_is_spent(cast):
    sheet = sheet_of(cast.anna)
    dialog = shown(cast.anna)
    run("UPDATE tan_sheet SET ended_at = 1 WHERE id = ?", sheet.id)

    with pytest.raises(TanSpent):
        answer(dialog, cast.anna)

    assert one("SELECT count(*) FROM way")[0] == 0


def test_wrong_tries_to_activate_do_not_touch_the_sheet_in_use(cast):
    sheet = sheet_of(cast.anna)

    for _ in range(3):
        record_wrong_activation(cast.anna.id, sheet, actor=Actor(cast.anna.id), at=NOON)

    assert shown(cast.anna).sheet == sheet.id


def test_an_intents_digest_covers_the_same_bytes_in_every_release():
    text = "vps-intent-1\nnonce\norder payment\n1001\n4990\nEUR\nAlpenkraut GmbH"

    assert intent_digest("nonce", "order payment", "1001", 49_90, "EUR", "Alpenkraut GmbH") == sha256(text.encode()).digest()
