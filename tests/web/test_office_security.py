"""What the office does for a partner's security, and what a partner without a sheet does himself."""

from datetime import timedelta

from tests.cast import CODES, app_of, sheet_of
from tests.web.client import Browser
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, run
from vps.security.actions import begin_app
from vps.security.models import App, TanSheet, blocks_of, frozen_since, ways_of


def test_the_office_makes_a_sheet_that_can_be_printed_until_it_is_activated(house):
    dragan, path = Browser(house.dragan), f"/office/partners/{house.anna.number}/sheet"
    assert dragan.get(path).status_code == 404

    assert dragan.post(path).status_code == 303
    printed = dragan.get(path)

    sheet = TanSheet.waiting(house.anna.id)
    assert sheet.serial in printed.text and printed.text.count("<li>") >= 100


def test_a_lost_phone_is_taken_away(house):
    app_of(house.anna)
    assert Browser(house.dragan).post(f"/office/partners/{house.anna.number}/app/end").status_code == 303
    assert App.of(house.anna.id) is None


def test_a_blocked_way_is_opened_again(house):
    sheet_of(house.anna)
    run(
        "INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks, blocked_at) VALUES (?, 'sheet', 5, 5, 2, ?)",
        house.anna.id,
        micros(clock()),
    )

    assert Browser(house.dragan).post(f"/office/partners/{house.anna.number}/unblocking").status_code == 303

    assert blocks_of(house.anna.id, clock()) == []


def test_the_office_freezes_and_lifts(house):
    dragan = Browser(house.dragan)
    dragan.post(f"/office/partners/{house.anna.number}/freeze")
    assert frozen_since(house.anna.id) is not None
    dragan.post(f"/office/partners/{house.anna.number}/freeze/end")
    assert frozen_since(house.anna.id) is None


def test_a_partner_without_a_sheet_sets_up_an_app(house):
    anna = Browser(house.anna)
    assert anna.post("/me/app").headers["Location"] == "/me/app"
    import pyotp

    totp, now = pyotp.TOTP(begin_app(house.anna.id, at=clock())), clock()
    assert "<svg" in anna.get("/me/app").text

    wrong = anna.post("/me/app/codes", {"first": "000000", "second": "000001"})
    assert wrong.status_code == 422
    done = anna.post("/me/app/codes", {"first": totp.at(now - timedelta(seconds=30)), "second": totp.at(now)})

    assert done.status_code == 303
    assert ways_of(house.anna.id, clock()) == ("app",)


def test_a_sheet_that_is_not_the_right_one_is_not_activated(house):
    from vps.kernel.authorisation import HOUSE
    from vps.security.actions import make_sheet, prepare_sheet

    anna = Browser(house.anna)
    assert anna.post("/me/sheet", {"first": "111111", "second": "222222"}).status_code == 422
    sheet = make_sheet(house.anna.id, CODES, actor=HOUSE, at=clock())
    prepare_sheet(sheet.id, at=clock())
    assert anna.post("/me/sheet", {"first": "111111", "second": "222222"}).status_code == 422
    assert one("SELECT count(*) FROM tan_sheet WHERE activated_at IS NOT NULL")[0] == 0


def test_a_wallet_is_frozen_from_any_phone(house):
    from vps.kernel.authorisation import HOUSE
    from vps.security.actions import make_sheet

    make_sheet(house.anna.id, CODES, actor=HOUSE, at=clock(), freeze="ABCD-EFGH")
    assert Browser().post("/freeze", {"number": house.anna.number, "code": "XXXX-XXXX"}).status_code == 422
    assert Browser().post("/freeze", {"number": house.anna.number, "code": "abcdefgh"}).status_code == 200
    assert frozen_since(house.anna.id) is not None


def test_half_a_session_without_an_app_enrols_it_first(house):
    half = Browser(house.dragan, confirmed=False)
    assert half.get("/office/orders").headers["Location"] == "/sign-in/app"
    assert "<svg" not in half.get("/sign-in/app").text
    assert half.post("/sign-in/app").status_code == 303
    assert 'class="qr"' in half.get("/sign-in/app").text
    assert half.post("/sign-in/app/codes", {"first": "000000", "second": "000001"}).status_code == 422
    import pyotp

    totp, now = pyotp.TOTP(begin_app(house.dragan.id, at=clock())), clock()
    done = half.post("/sign-in/app/codes", {"first": totp.at(now - timedelta(seconds=30)), "second": totp.at(now)})
    assert done.status_code == 303
    assert half.get("/office/orders").status_code == 200


def test_the_code_leads_on_to_the_page_that_was_asked_for(house):
    totp, half = app_of(house.dragan, clock()), Browser(house.dragan, confirmed=False)
    asked = half.get("/office/partners")
    assert asked.status_code == 401 and 'name="next" value="/office/partners"' in asked.text
    assert half.post("/sign-in/code", {"code": totp.now(), "next": "/office/partners"}).headers["Location"] == "/office/partners"
