"""A partner changes his own security with a browser: practice, recovery codes, levels, phone, passkey, freeze."""

import html
import re

import pytest

from tests.cast import CODES, NOON, app_of, red_order, sheet_of
from tests.web.client import PIECE, Browser
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, run
from vps.kernel.keys import keys
from vps.people.actions import token_hash
from vps.post.models import offer_sms
from vps.security.actions import NotSafeAlone, freeze, permit, told_by_phone, told_by_sms
from vps.security.models import Phone, enrolled, is_frozen, level_of, phone_owner

NUMBER = "+49 151 23456789"


@pytest.fixture(autouse=True)
def gateway():
    offer_sms(True)
    yield
    offer_sms(False)


def number_of(person) -> None:
    secret = keys().encrypt(b"+4915123456789", owner=phone_owner(person.id))
    Phone.create(person=person, number=secret, ending="89", made_at=NOON, sends=1, sent_at=NOON, verified_at=NOON, usable_from=NOON)


def hidden(page, name="shown") -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def index(page) -> int:
    return int(re.search(r'data-index="(\d+)"', page.text)[1])


def by_sms(browser, path, page=None):
    """Have the code sent and type it."""
    page = page or browser.get(path)
    sent = browser.post(path, {"shown": hidden(page), "send": "1"})
    assert sent.status_code == 200 and 'name="sms"' in sent.text
    nonce = one("SELECT nonce FROM intent ORDER BY id DESC LIMIT 1")[0]
    return browser.post(path, {"shown": hidden(sent), "sms": told_by_sms(nonce)["code"]})


def test_one_way_alone_is_told_to_make_recovery_codes_and_then_pays(house):
    sheet_of(house.anna, clock())
    run("UPDATE recovery_sheet SET ended_at = 1")
    anna, order = Browser(house.anna), red_order(house)
    assert "Wiederherstellungscodes" in anna.get(f"/orders/{order.number}/payment").text
    assert 'name="tan"' not in anna.get(f"/orders/{order.number}/payment").text

    page = anna.get("/me/changes/recovery")
    printed = anna.post("/me/changes/recovery", {"shown": hidden(page), "tan": CODES[index(page) - 1]})

    assert printed.status_code == 200 and len(re.findall(r"<li><code>[A-Z2-7 ]{27}</code>", printed.text)) == 10
    assert printed.headers["Cache-Control"] == "no-store"
    assert 'name="tan"' in anna.get(f"/orders/{order.number}/payment").text


def test_the_recovery_codes_are_shown_once_and_a_resend_shows_none(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    page = anna.get("/me/changes/recovery")
    data = {"shown": hidden(page), "tan": CODES[index(page) - 1]}
    assert "<code>" in anna.post("/me/changes/recovery", data).text

    again = anna.post("/me/changes/recovery", data)
    assert again.status_code == 303 and one("SELECT count(*) FROM recovery_sheet")[0] == 2, "the one of before, and the new one"


def test_practice_pays_nothing_and_is_offered_until_it_was_done(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    assert "/me/changes/practice" in anna.get("/me/security").text

    page = anna.get("/me/changes/practice")
    wrong = anna.post("/me/changes/practice", {"shown": hidden(page), "tan": "000000"})
    assert wrong.status_code == 422 and index(wrong) == index(page)
    done = anna.post("/me/changes/practice", {"shown": hidden(wrong), "tan": CODES[index(page) - 1]})

    assert done.headers["Location"] == "/me/security?done=practice"
    assert "/me/changes/practice" not in anna.get("/me/security?done=practice").text
    assert one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0] == 0


def test_a_dialog_of_one_change_does_another_nothing(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    page = anna.get("/me/changes/practice")

    mixed = anna.post("/me/changes/recovery", {"shown": hidden(page), "tan": CODES[index(page) - 1]})

    assert mixed.status_code == 409
    assert one("SELECT count(*) FROM intent")[0] == 0


def test_a_payment_by_sms_is_sent_and_then_paid(house):
    number_of(house.anna)
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)
    path = f"/orders/{order.number}/payment"
    page = anna.get(f"{path}?way=sms")
    assert "… 89" in page.text and 'name="sms"' not in page.text

    paid = by_sms(anna, path, page)

    assert paid.status_code == 303
    assert one("SELECT paid_at IS NOT NULL FROM orders WHERE id = ?", order.id)[0]


def test_the_piece_with_the_codes_field_takes_the_dialogs_place(house):
    number_of(house.anna)
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)
    path = f"/orders/{order.number}/payment"
    page = anna.get(f"{path}?way=sms", headers=PIECE)
    sent = anna.post(path, {"shown": hidden(page), "send": "1"}, headers=PIECE)

    assert (sent.status_code, sent.headers["HX-Retarget"], sent.headers["HX-Reswap"]) == (200, "#pay", "outerHTML")
    again = anna.post(path, {"shown": hidden(sent), "send": "1"}, headers=PIECE)
    assert again.status_code == 422 and again.headers["HX-Retarget"] == "#pay" and "unterwegs" in again.text


def test_a_gateway_that_is_down_does_not_keep_anybody_waiting_and_another_way_is_offered(house):
    number_of(house.anna)
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)
    path = f"/orders/{order.number}/payment"
    page = anna.get(f"{path}?way=sms")
    offer_sms(False)

    refused = anna.post(path, {"shown": hidden(page), "send": "1"})
    assert refused.status_code == 422 and 'data-index="app"' in refused.text
    assert one("SELECT count(*) FROM outbox WHERE channel = 'sms'")[0] == 0


def test_a_higher_level_counts_at_once_and_asks_for_more(house):
    number_of(house.anna)
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)

    assert anna.post("/me/level", {"level": "3"}).headers["Location"] == "/me/security"

    assert level_of(house.anna.id, clock()) == 3
    weaker = anna.get(f"/orders/{order.number}/payment?way=app")
    assert 'name="tan"' not in weaker.text and "verlangt" in weaker.text
    assert one("SELECT count(*) FROM event WHERE verb = 'weaker way refused'")[0] == 1
    assert anna.get(f"/orders/{order.number}/payment").text.count("… 89") == 1


def test_a_lower_level_is_confirmed_by_a_bound_way_and_rests(house):
    number_of(house.anna)
    anna = Browser(house.anna)
    asked = anna.post("/me/level", {"level": "1"})
    assert asked.headers["Location"] == "/me/changes/level?to=1"
    assert level_of(house.anna.id, clock()) == 2

    done = by_sms(anna, "/me/changes/level?to=1")

    assert done.headers["Location"] == "/me/security?done=level"
    assert level_of(house.anna.id, clock()) == 2, "it rests first"
    assert one("SELECT level FROM security_level")[0] == 1
    assert "1" in anna.get("/me/level").text


def test_a_level_that_cannot_be_met_or_does_not_exist_is_refused(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    for level in ("3", "9", "", "x"):
        assert anna.post("/me/level", {"level": level}).status_code == 422
    for path in ("/me/changes/level", "/me/changes/level?to=2", "/me/changes/level?to=x", "/me/changes/nothing"):
        assert anna.get(path).status_code == 404


def test_a_sheet_alone_lowers_nothing(house):
    sheet_of(house.anna, clock())
    page = Browser(house.anna).get("/me/changes/level?to=1")
    assert page.status_code == 200 and 'name="tan"' not in page.text


def test_a_number_is_entered_proved_and_used(house):
    anna = Browser(house.anna)
    assert anna.post("/me/phone", {"number": "nonsense"}).status_code == 422
    assert anna.post("/me/phone", {"number": NUMBER}).headers["Location"] == "/me/phone"
    assert "… 89" in anna.get("/me/phone").text
    phone = Phone.waiting(house.anna.id)
    right = told_by_phone(phone.id)["code"]

    assert anna.post("/me/phone/code", {"code": "000000" if right != "000000" else "000001"}).status_code == 422
    soon = anna.post("/me/phone/again")
    assert soon.status_code == 200 and "unterwegs" in soon.text
    assert anna.post("/me/phone/code", {"code": right}).headers["Location"] == "/me/security"

    assert [way.way for way in enrolled(house.anna.id)] == ["sms"]
    assert "… 89" in anna.get("/me/security").text


def test_three_wrong_codes_lead_back_to_entering_the_number(house):
    anna = Browser(house.anna)
    anna.post("/me/phone", {"number": NUMBER})
    right = told_by_phone(Phone.waiting(house.anna.id).id)["code"]
    wrong = "000000" if right != "000000" else "000001"
    answers = [anna.post("/me/phone/code", {"code": wrong}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 303]
    assert anna.post("/me/phone/again").status_code == 404
    assert 'name="number"' in anna.get("/me/phone").text


def test_a_further_way_is_offered_after_a_permit_only(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    assert anna.post("/me/phone", {"number": NUMBER}).status_code == 422
    assert "/me/recovery" not in anna.get("/me/security").text, "there are recovery codes, but nobody knows one"
    refused = anna.get("/me/phone")
    assert refused.status_code == NotSafeAlone.status

    permit(house.anna.id, "office", actor=Actor(house.dragan.id), at=clock())
    assert 'name="number"' in anna.get("/me/phone").text
    assert "/me/phone" in anna.get("/me/security").text


def test_a_recovery_code_allows_one_way(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    page = anna.get("/me/changes/recovery")
    printed = anna.post("/me/changes/recovery", {"shown": hidden(page), "tan": CODES[index(page) - 1]})
    code = re.search(r"<code>([A-Z2-7 ]{27})</code>", printed.text)[1]
    assert anna.post("/me/recovery", {"code": "nonsense"}).status_code == 422

    assert anna.post("/me/recovery", {"code": code}).headers["Location"] == "/me/security"

    assert anna.post("/me/phone", {"number": NUMBER}).status_code == 303
    assert anna.post("/me/recovery", {"code": code}).status_code == 422


def test_guesses_of_recovery_codes_are_throttled(house):
    sheet_of(house.anna, clock())
    anna = Browser(house.anna)
    for _ in range(5):
        assert anna.post("/me/recovery", {"code": "A" * 24}).status_code == 422
    assert anna.post("/me/recovery", {"code": "A" * 24}).status_code == 429


def test_the_owner_lifts_his_freeze_by_a_bound_way(house):
    number_of(house.anna)
    freeze(house.anna.id, actor=HOUSE, at=clock())
    anna = Browser(house.anna)
    assert "/me/changes/unfreeze" in anna.get("/me/security").text

    assert by_sms(anna, "/me/changes/unfreeze").status_code == 303

    assert not is_frozen(house.anna.id)


def test_a_permit_of_ones_own_lets_one_way_be_added(house):
    number_of(house.anna)
    anna = Browser(house.anna)
    assert by_sms(anna, "/me/changes/way").headers["Location"] == "/me/security?done=way"
    assert anna.post("/me/app").status_code == 303


def test_a_payment_dialog_that_was_sent_is_not_another_orders(house):
    number_of(house.anna)
    app_of(house.anna)
    anna, first, second = Browser(house.anna), red_order(house), red_order(house)
    page = anna.get(f"/orders/{first.number}/payment?way=sms")
    answer = anna.post(f"/orders/{second.number}/payment", {"shown": hidden(page), "send": "1"})
    assert answer.status_code == 409 and one("SELECT count(*) FROM intent")[0] == 0


def test_a_browser_that_is_new_pays_little_and_by_a_bound_way_only(house):
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)
    _old_browser(house.anna, anna)
    assert 'name="tan"' not in anna.get(f"/orders/{order.number}/payment").text

    number_of(house.anna)
    page = anna.get(f"/orders/{order.number}/payment")
    assert "… 89" in page.text, "a way that shows what is paid"
    dear = red_order(house, quantity=2)
    assert 'name="send"' not in anna.get(f"/orders/{dear.number}/payment").text


def test_a_strange_browser_is_refused_with_that_sentence_until_the_office_accepts_it(house):
    app_of(house.anna)
    anna, order = Browser(house.anna), red_order(house)
    _old_browser(house.anna, anna, family="Edg")
    assert "Edge" in anna.get(f"/orders/{order.number}/payment").text

    Browser(house.dragan).post(f"/office/partners/{house.anna.number}/browsers/acceptance")

    assert 'name="tan"' in anna.get(f"/orders/{order.number}/payment").text
    assert one("SELECT count(*) FROM event WHERE verb = 'browser accepted'")[0] == 1


def _old_browser(person, browser, family=None) -> None:
    """The person has known another browser for days, and the present one for minutes."""
    run("UPDATE browser SET first_at = ? WHERE person_id = ?", micros(clock()), person.id)
    (present,) = one(
        "SELECT coalesce(b.family, s.browser) FROM session s LEFT JOIN browser b ON b.id = s.browser_id WHERE s.token = ?",
        token_hash(browser.token),
    )
    family = present if family is None else family
    run(
        "INSERT INTO browser (person_id, token, first_at, name, family, seen_at) VALUES (?, ?, 1, '', ?, ?)",
        person.id,
        b"old",
        family,
        micros(clock()),
    )
