"""Codes by SMS: bound to exactly what was shown, sent again as the same, good for minutes, and one part long in nearly every language."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.cast import NOON, app_of, eur, sheet_of
from tests.security.dialogs import move
from vps.hypermedia.languages import LANGUAGES
from vps.jobs.rendering import render_text
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import one, rows, run
from vps.kernel.keys import keys
from vps.kernel.settings import Settings
from vps.post.actions import Claimed, NoSms, SmsDown, claim
from vps.post.models import offer_sms
from vps.post.sms import parts
from vps.security.actions import (
    Snapshot,
    ask,
    confirm,
    demanded,
    others,
    send_code,
    snapshot,
    told_by_phone,
    told_by_sms,
    was_sent,
)
from vps.security.actions.refusals import (
    CodeTooOld,
    IntentCancelled,
    LastBeforeBlock,
    NoPhone,
    NotSent,
    SentJustNow,
    SentTooOften,
    WayBlocked,
    WayResting,
    WrongTan,
)
from vps.security.actions.sending import SAID, sms_code
from vps.security.forms import NotShown, signed, unsigned
from vps.security.models import APP, CHANGE, SMS, Phone, phone_owner

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def gateway():
    offer_sms(True)
    yield
    offer_sms(False)


def phone_of(person, *, usable_from=NOON, ended_at=None) -> Phone:
    """A confirmed number."""
    secret = keys().encrypt(NUMBER.encode(), owner=phone_owner(person.id))
    return Phone.create(
        person=person,
        number=secret,
        ending="89",
        made_at=NOON,
        sends=1,
        sent_at=NOON,
        verified_at=NOON,
        usable_from=usable_from,
        ended_at=ended_at,
    )


@pytest.fixture
def anna(cast) -> SimpleNamespace:
    app_of(cast.anna)
    phone_of(cast.anna)
    return cast.anna


def shown(person, *, level=3, subject="1001", amount=49_90, at=NOON, way=SMS) -> Snapshot:
    asked = ask(person.id, at=at, level=level, prefer=way)
    return snapshot("order payment", subject, amount=eur(amount), payee="Alpenkraut GmbH", ask=asked, at=at)


def send(dialog, person, at=NOON):
    send_code(dialog, actor=Actor(person.id), at=at)


def answer(dialog, person, code, *, second="", at=NOON):
    return confirm(dialog, code=code, second=second, actor=Actor(person.id), at=at)


def test_the_code_that_was_sent_pays_what_was_shown(anna):
    dialog = shown(anna)
    send(dialog, anna)

    move(answer(dialog, anna, sms_code(dialog)))

    assert one("SELECT way, sends, used_at FROM challenge") == ("sms", 1, micros(NOON))
    assert one("SELECT count(*) FROM outbox WHERE kind = 'code'")[0] == 1


def test_looking_at_the_question_sends_nothing(anna):
    shown(anna)
    assert rows("SELECT * FROM outbox") == rows("SELECT * FROM intent") == []


def test_the_code_of_one_payment_is_wrong_for_another_of_the_same_amount(anna):
    first, second = shown(anna), shown(anna, subject="1002")
    send(first, anna)
    send(second, anna)

    assert sms_code(first) != sms_code(second)
    with pytest.raises(WrongTan):
        answer(second, anna, sms_code(first))


def test_any_change_is_another_code(anna):
    dialog = shown(anna)
    changes = ({"subject": "1002"}, {"amount": eur(49_91)}, {"payee": "Mule"}, {"nonce": "x"}, {"kind": "level"}, {"amount": None})

    assert len({sms_code(dialog), *(sms_code(dialog._replace(**change)) for change in changes)}) == 7


def test_a_thousand_payments_whose_payee_or_amount_was_swapped_are_all_refused(anna):
    # Somebody between browser and house: he changes what the form carries, and keeps signature and code as they were.
    dialog = shown(anna)
    send(dialog, anna)
    form, code, taken, fitting = signed(dialog, 7), sms_code(dialog), 0, 0
    for n in range(1, 1001):
        other = dialog._replace(amount=eur(49_90 + n)) if n % 2 else dialog._replace(payee=f"Mule {n}")
        bent = f"{signed(other, 7).rpartition('.')[0]}.{form.rpartition('.')[2]}"
        assert bent != form
        try:
            taken += unsigned(bent, 7) is not None
        except NotShown:
            fitting += sms_code(other) == code
    assert (taken, fitting) == (0, 0)
    assert unsigned(form, 7) == dialog, "what was not touched is taken"


def test_sent_again_it_is_the_same_code_after_a_minute_and_three_times_at_most(anna):
    dialog = shown(anna)
    send(dialog, anna)
    with pytest.raises(SentJustNow) as soon:
        send(dialog, anna, NOON + 59 * SECOND)
    assert soon.value.facts == {"seconds": 2}

    send(dialog, anna, NOON + MINUTE)
    send(dialog, anna, NOON + 2 * MINUTE)
    with pytest.raises(SentTooOften):
        send(dialog, anna, NOON + 3 * MINUTE)
    codes = {told_by_sms(dialog.nonce)["code"] for _ in range(3)}
    assert codes == {sms_code(dialog)}
    assert one("SELECT count(*) FROM outbox")[0] == 3


def test_a_code_is_good_for_five_minutes_from_when_it_was_last_sent(anna):
    dialog = shown(anna)
    send(dialog, anna)
    with pytest.raises(CodeTooOld):
        answer(dialog, anna, sms_code(dialog), at=NOON + 5 * MINUTE)

    send(dialog, anna, NOON + 2 * MINUTE)
    assert answer(dialog, anna, sms_code(dialog), at=NOON + 7 * MINUTE - SECOND)


def test_nothing_is_paid_by_a_code_that_was_not_sent(anna):
    dialog = shown(anna)

    with pytest.raises(NotSent):
        answer(dialog, anna, sms_code(dialog))
    assert not was_sent(dialog.nonce)
    send(dialog, anna)
    assert was_sent(dialog.nonce)


def test_three_wrong_codes_cancel_and_five_in_a_row_block_the_way_told_before_the_fifth(anna):
    said = []
    for subject, times in (("2001", 3), ("2002", 2)):
        dialog = shown(anna, subject=subject)
        send(dialog, anna)
        for _ in range(times):
            with pytest.raises((WrongTan, LastBeforeBlock, IntentCancelled, WayBlocked)) as refused:
                answer(dialog, anna, "000000" if sms_code(dialog) != "000000" else "000001")
            said.append(refused.type)
    assert said == [WrongTan, WrongTan, IntentCancelled, LastBeforeBlock, WayResting]
    with pytest.raises(WayBlocked):
        ask(anna.id, at=NOON, level=3)
    assert ask(anna.id, at=NOON, level=2).way == APP, "another way goes on"


def test_at_the_highest_level_two_codes_on_two_ways_are_asked_and_both_must_be_right(anna):
    totp = _totp(anna)
    dialog = shown(anna, level=4, way=APP)
    assert dialog.ways == (APP, SMS)
    run("INSERT INTO security_level (person_id, level, since, chosen_at) VALUES (?, 4, 1, 1)", anna.id)
    send(dialog, anna)
    right, wrong = (totp.at(NOON), sms_code(dialog)), ("000000", "000001")

    for code, second in ((right[0], wrong[0]), (wrong[1], right[1])):
        with pytest.raises(WrongTan):
            answer(dialog, anna, code, second=second)
    move(answer(dialog, anna, right[0], second=right[1]))

    assert sorted(rows("SELECT way, tries, used_at FROM challenge")) == [("app", 1, micros(NOON)), ("sms", 1, micros(NOON))]


def test_one_code_alone_is_not_enough_where_two_are_asked(anna):
    totp = _totp(anna)
    run("INSERT INTO security_level (person_id, level, since, chosen_at) VALUES (?, 4, 1, 1)", anna.id)
    dialog = shown(anna, level=4, way=APP)
    send(dialog, anna)

    with pytest.raises(Exception, match="six digits"):
        answer(dialog, anna, totp.at(NOON))


def test_a_number_that_was_taken_away_gets_no_code(anna):
    dialog = shown(anna)
    run("UPDATE phone SET ended_at = 1")

    with pytest.raises(NoPhone):
        send(dialog, anna)
    with pytest.raises(NoPhone):
        send(shown(anna, level=2, way=APP), anna)


def test_a_number_that_rests_gets_no_code_yet(cast):
    app_of(cast.anna)
    phone_of(cast.anna, usable_from=NOON + MINUTE)

    assert ask(cast.anna.id, at=NOON).way == APP
    assert ask(cast.anna.id, at=NOON + MINUTE, level=3).way == SMS


def test_without_a_gateway_another_way_is_offered_at_once(anna):
    offer_sms(False)

    assert ask(anna.id, at=NOON, prefer=SMS).way == APP
    assert others(anna.id, ask(anna.id, at=NOON), at=NOON, level=2) == []
    with pytest.raises(SmsDown):
        ask(anna.id, at=NOON, level=3)


def test_a_gateway_that_fails_while_the_dialog_is_open_refuses_to_send_and_nothing_is_paid(anna):
    dialog = shown(anna)
    offer_sms(False)

    with pytest.raises(NoSms):
        send(dialog, anna)
    assert rows("SELECT * FROM intent") == rows("SELECT * FROM outbox") == []


def test_neither_the_number_nor_the_code_stands_in_the_database(anna):
    dialog = shown(anna)
    send(dialog, anna)

    kept = repr([rows(f"SELECT * FROM {table}") for table in ("phone", "intent", "challenge", "event", "outbox")])
    assert sms_code(dialog) not in kept
    assert NUMBER not in kept


def test_a_change_is_told_in_few_words(anna):
    asked = ask(anna.id, at=NOON, level=demanded(anna.id, CHANGE, None, at=NOON).level)
    dialog = snapshot("level", "1", amount=None, payee="", ask=asked, at=NOON, motive=CHANGE)
    send(dialog, anna)

    assert told_by_sms(dialog.nonce) == {"subject": "1", "payee": "", "code": sms_code(dialog), "amount": None, "what": SAID["level"]}


HOST = "https://wallet.alpenkraut-vertrieb.example"
LONG = {"amount": eur(1_000_000_00), "payee": "W" * 20, "subject": "1234567", "code": "483920"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_message_is_one_part_and_in_russian_two(sqlite, tmp_path, monkeypatch, language):
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url=HOST)
    longest = {"account": "MT84MALT011000012345MTLCAST001S"}
    said = {kind: LONG | {"amount": None, "what": what, "subject": longest.get(kind, "1234567")} for kind, what in SAID.items()}
    facts = {"sms": LONG, **said}
    for name, said in facts.items():
        monkeypatch.setitem(render_text.__globals__["MORE"], "code", lambda _, said=said: said)
        text = render_text(settings, Claimed(1, "k", "code", NUMBER, language, {}))
        assert parts(text) <= (2 if language == "ru" else 1), (name, parts(text), len(text), text)
        assert text.splitlines()[-1] == "@wallet.alpenkraut-vertrieb.example #483920", "browsers offer the code by this line"
        assert text.index("483920") < text.index("@")
    monkeypatch.setitem(render_text.__globals__["MORE"], "phone", lambda _: {"code": "483920"})
    for kind, told in (("phone", {}), ("account", {"ending": "001S"})):
        text = render_text(settings, Claimed(1, "k", kind, NUMBER, language, told))
        assert parts(text) <= (2 if language == "ru" else 1), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_amount_and_payee_come_before_the_code(sqlite, tmp_path, monkeypatch, language):
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url=HOST)
    monkeypatch.setitem(render_text.__globals__["MORE"], "code", lambda _: LONG)
    text = render_text(settings, Claimed(1, "k", "code", NUMBER, language, {}))
    amount = re.search(r"1\D?000\D?000", text)
    assert amount and amount.start() < text.index("483920") and text.index("W" * 20) < text.index("483920")


def test_what_is_sent_is_what_is_asked(anna, tmp_path):
    dialog = shown(anna)
    send(dialog, anna)
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url=HOST)

    text = render_text(settings, claim("sms", at=NOON))

    assert sms_code(dialog) in text and "Alpenkraut GmbH" in text and "1001" in text and "49,90" in text


def test_a_payee_cannot_write_a_code_into_the_message(anna):
    dialog = shown(anna)._replace(payee="TAN 000000 for nothing at all, believe me")
    send(dialog, anna)
    assert len(told_by_sms(dialog.nonce)["payee"]) <= 20
    assert told_by_phone


def test_a_sheet_is_asked_before_a_text_message_that_costs(cast):
    sheet_of(cast.anna)
    phone_of(cast.anna)
    assert ask(cast.anna.id, at=NOON).way == "sheet"


def _totp(person):
    import pyotp

    secret = bytes(one("SELECT secret FROM app WHERE person_id = ?", person.id)[0])
    return pyotp.TOTP(keys().decrypt(secret, owner=f"app:{person.id}").decode())
