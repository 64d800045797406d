"""A partner identifies himself and the office decides, by pages: photos that are none, codes, presses, and who may see what."""

from io import BytesIO

import pytest

from tests.cast import app_of
from tests.trust.photos import HEIC, PAGE, SVG, bomb, opened, passport_of, photo, telling_photo
from tests.web.client import Browser, plain
from tests.web.refusing import nothing_written, reading, refused
from vps.app import WORDS
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, rows, run
from vps.people.actions import TooManyTries, grant
from vps.post.models import offer_sms
from vps.security.actions import begin_phone, confirm_phone
from vps.security.actions.phones import phone_code
from vps.trust import files
from vps.trust.actions import CodeJustSent, DocumentExpired, NotYourOwnStep, StepGivenUp, WrongStepCode, step_code
from vps.trust.models import IdentityStep, accepted_steps
from vps.trust.pictures import NoPicture, PhoneFormat, TooManyPixels

WAY = "/me/identity/document"
NEXT_YEAR = f"{clock().year + 3}-01-01"


def send(browser, *photos: bytes, name="photo.jpg", **more):
    fields = {field: (BytesIO(content), name) for field, content in zip(("front", "back", "more"), photos, strict=False)}
    return browser.post(WAY, {"kind": "passport", "expires_on": NEXT_YEAR, **fields, **more})


def code() -> str:
    return step_code(IdentityStep.select().order_by(IdentityStep.id.desc()).first())


def files_there() -> int:
    return len(list(files.folder().iterdir())) if files.folder().is_dir() else 0


def test_from_a_photo_to_an_accepted_document(house):
    app_of(house.dragan, clock())
    anna, dragan = reading(house.anna, "en"), reading(house.dragan, "en")

    assert send(anna, telling_photo(), photo(kind="PNG")).headers["Location"] == "/me/identity"
    assert "Waiting for the office" in anna.get("/me/identity").text
    assert f"{house.anna.number}" in dragan.get("/office/identity").text
    shown = dragan.get("/office/identity/1")
    assert shown.text.count("<img") == 2 and "Passport" in shown.text and house.anna.email in shown.text

    picture = dragan.get("/office/identity/documents/1/1")
    assert (picture.content_type, picture.headers["Content-Disposition"]) == ("image/jpeg", 'inline; filename="document-1-1.jpg"')
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox" and picture.headers["Cache-Control"] == "no-store"
    assert opened(picture.data).size == (400, 640) and b"Anna" not in picture.data
    assert rows("SELECT actor, after FROM event WHERE verb = 'document seen'") == [(house.dragan.id, "#1.1")]

    assert dragan.post("/office/identity/1/acceptance", {"expires_on": NEXT_YEAR}).headers["Location"] == "/office/identity"
    assert accepted_steps(house.anna.id, clock().date()) == {"document"}
    assert "Accepted" in anna.get("/me/identity").text
    history = plain(anna.get("/me/history").text)
    assert "Identification accepted" in history and "Pictures of a document looked at by the office" in history and "Dragan" not in history


BAD = {
    "SVG": (SVG, NoPicture),
    "page": (PAGE, NoPicture),
    "GIF": (photo(kind="GIF"), NoPicture),
    "HEIC": (HEIC, PhoneFormat),
    "bomb": (bomb(), TooManyPixels),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_photo_says_so_at_its_field_and_keeps_nothing(house, kind):
    content, refusal = BAD[kind]
    language = {"SVG": "de", "HEIC": "ru", "bomb": "sr"}.get(kind, "en")
    anna = reading(house.anna, language)
    with nothing_written():
        answer = send(anna, photo(), content, name="passport.jpg")

    refused(answer, refusal.says, language)
    assert 'id="back-wrong"' in answer.text and 'id="front-wrong"' not in answer.text and files_there() == 0


@pytest.mark.parametrize("name", ["../../x.jpg", "x.jpg\0.php", "x.svg", "a" * 500])
def test_a_photo_may_be_called_anything_and_lies_under_our_own_name(house, name):
    send(Browser(house.anna), photo(), name=name)

    (path,) = files.folder().iterdir()
    assert path.name == one("SELECT name FROM identity_picture")[0] and len(path.name) == 32 and path.name.isalnum()


def test_fifty_megabytes_are_not_even_read(house):
    anna = reading(house.anna, "de")
    with nothing_written():
        refused(send(anna, b"\xff\xd8\xff" + b" " * (50 * 2**20)), WORDS[413], "de", status=413)


def test_nothing_chosen_or_a_document_that_is_over_is_said_before_anything_is_read(house):
    anna = reading(house.anna, "en")
    with nothing_written():
        assert "Please choose a photo." in send(anna).text
        refused(send(anna, photo(), expires_on="2020-01-01"), DocumentExpired.says, "en")
        assert send(anna, photo(), kind="contract").status_code == 422
    assert files_there() == 0


def test_who_sends_ten_that_are_none_has_to_wait(house):
    anna = reading(house.anna, "en")
    for _ in range(10):
        send(anna, SVG)
    refused(send(anna, photo()), TooManyTries.says, "en", status=429)


def test_the_code_from_the_mail_is_typed_and_a_wrong_one_is_counted(house):
    anna = reading(house.anna, "en")
    assert anna.post("/me/identity/email").headers["Location"] == "/me/identity/email"
    assert "A code was sent to anna@example.com." in anna.get("/me/identity/email").text
    refused(anna.post("/me/identity/email/code", {"code": "000000"}), WrongStepCode.says, "en")
    refused(anna.post("/me/identity/email/again"), CodeJustSent.says, "en")

    assert anna.post("/me/identity/email/code", {"code": code()}).headers["Location"] == "/me/identity"
    assert accepted_steps(house.anna.id, clock().date()) == {"email"}


def test_after_three_wrong_codes_the_page_offers_another_one(house):
    anna = reading(house.anna, "en")
    anna.post("/me/identity/email")
    for _ in range(2):
        anna.post("/me/identity/email/code", {"code": "000000"})
    last = anna.post("/me/identity/email/code", {"code": "000000"})

    refused(last, StepGivenUp.says, "en", status=409)
    assert 'action="/me/identity/email"' in last.text


def test_who_has_no_address_is_told_whom_to_give_it(house):
    boris = reading(house.boris, "en")
    assert "The office has no e-mail address of yours." in boris.get("/me/identity/email").text
    assert boris.post("/me/identity/email").status_code == 409


def test_a_number_that_gets_codes_is_taken_without_another_one(house):
    offer_sms(True)
    anna = reading(house.anna, "en")
    assert anna.post("/me/identity/mobile/known").status_code == 404
    phone = begin_phone(house.anna.id, "+4915123456789", actor=HOUSE, at=clock())
    assert anna.post("/me/identity/mobile/known").status_code == 404, "it was not proved yet"
    confirm_phone(house.anna.id, phone_code(phone), actor=HOUSE, at=clock())

    assert "Take this number" in anna.get("/me/identity/mobile").text
    anna.post("/me/identity/mobile/known")
    assert one("SELECT step, value FROM identity_step WHERE accepted_at IS NOT NULL") == ("mobile", "+4915123456789")


def test_another_number_is_proved_by_its_own_code(house):
    offer_sms(True)
    anna = reading(house.anna, "en")
    assert anna.post("/me/identity/mobile", {"number": "x"}).status_code == 422
    assert anna.post("/me/identity/mobile", {"number": "+49 151 23456789"}).headers["Location"] == "/me/identity/mobile"
    anna.post("/me/identity/mobile/code", {"code": code()})
    assert accepted_steps(house.anna.id, clock().date()) == {"mobile"}


def test_address_and_birth_date_are_typed_and_taken_back(house):
    anna = reading(house.anna, "en")
    typed = {"street": "Hauptstraße 5", "postcode": "80331", "city": "München", "country": "Deutschland"}
    assert (
        anna.post("/me/identity/address", typed).status_code == 303
        and anna.post("/me/identity/birth", {"birth": "1980-02-29"}).status_code == 303
    )
    assert anna.post("/me/identity/birth", {"birth": "2080-02-29"}).status_code == 422 == anna.post("/me/identity/address", {}).status_code
    assert "Hauptstraße 5<br>80331 München" in anna.get("/me/identity/address").text

    anna.post("/me/identity/birth/end")
    assert (
        "February" not in anna.get("/me/identity/birth").text
        and one("SELECT count(*) FROM identity_step WHERE withdrawn_at IS NOT NULL")[0] == 1
    )


def test_who_may_read_sees_states_and_nothing_of_the_document(house):
    passport_of(house.anna, clock())
    clara = reading(house.clara, "en")
    page = clara.get("/office/identity/1")

    assert page.status_code == 200 and "<img" not in page.text and "Passport" not in page.text and "<form" not in page.text
    assert clara.get("/office/identity/documents/1/1").status_code == 403


@pytest.mark.parametrize(
    "path", ["/office/identity/9", "/office/identity/documents/9/1", "/office/identity/documents/1/9", "/office/partners/9/identity"]
)
def test_what_is_not_there_is_not_there(house, path):
    passport_of(house.anna, clock())
    assert Browser(house.dragan).get(path).status_code == 404


def test_a_colleague_who_is_a_partner_does_not_decide_about_himself(house):
    grant(house.anna, {"read", "book"}, actor=HOUSE, at=clock())
    passport_of(house.anna, clock())
    anna = reading(house.anna, "en")
    with nothing_written():
        for act, fields in (("acceptance", {"expires_on": NEXT_YEAR}), ("rejection", {"reason": "x"})):
            refused(anna.post(f"/office/identity/1/{act}", fields), NotYourOwnStep.says, "en", status=409)


def test_the_office_says_no_ends_and_deletes_and_each_time_why(house):
    dragan, anna = reading(house.dragan, "en"), reading(house.anna, "en")
    passport_of(house.anna, clock())
    assert dragan.post("/office/identity/1/rejection", {}).status_code == 422
    dragan.post("/office/identity/1/rejection", {"reason": "<b>Blurred</b>"})
    assert "&lt;b&gt;Blurred&lt;/b&gt;" in anna.get("/me/identity").text and "&lt;b&gt;Blurred" in anna.get(WAY).text
    assert dragan.post("/office/identity/1/end", {"reason": "x"}).status_code == 409

    second = passport_of(house.anna, clock())
    dragan.post(f"/office/identity/{second}/acceptance", {"expires_on": NEXT_YEAR})
    assert dragan.post(f"/office/identity/{second}/acceptance", {"expires_on": NEXT_YEAR}).status_code == 303, "a double click"
    assert dragan.post(f"/office/identity/{second}/acceptance", {"expires_on": "2020-01-01"}).status_code == 303
    dragan.post(f"/office/identity/{second}/end", {"reason": "Found to be false"})
    assert "Found to be false" in anna.get("/me/identity").text
    assert dragan.post("/office/identity/documents/2/end", {}).status_code == 422
    dragan.post("/office/identity/documents/2/end", {"reason": "False"})
    assert files_there() == 1 and "The photos were deleted on" in dragan.get(f"/office/identity/{second}").text


def test_the_office_enters_a_contract_which_waits_like_everything_else(house):
    dragan, path = reading(house.dragan, "en"), f"/office/partners/{house.anna.number}/identity"
    assert dragan.post(f"{path}/contract", {"note": ""}).status_code == 422
    answer = dragan.post(f"{path}/contract", {"note": "Tax number 1/2", "front": (BytesIO(photo()), "page.jpg")})

    assert answer.headers["Location"] == path and "Tax number 1/2" in dragan.get("/office/identity/1").text
    assert dragan.post("/office/identity/1/acceptance").status_code == 303
    assert accepted_steps(house.anna.id, clock().date()) == {"contract"}


def test_a_second_colleague_is_asked_for_where_the_company_wants_two(house):
    run("INSERT INTO setting (key, value, since) VALUES ('identity_staff', '2', 1)")
    passport_of(house.anna, clock())
    dragan, elena = reading(house.dragan, "en"), reading(house.elena, "en")

    assert dragan.post("/office/identity/1/acceptance", {"expires_on": NEXT_YEAR}).headers["Location"] == "/office/identity/1"
    assert "One colleague has accepted it" in dragan.get("/office/identity/1").text and "seen by one" in elena.get("/office/identity").text
    assert elena.post("/office/identity/1/acceptance", {"expires_on": NEXT_YEAR}).headers["Location"] == "/office/identity"


def test_a_long_queue_has_pages(house, monkeypatch):
    monkeypatch.setattr("vps.trust.office_identity.PAGE", 1)
    for person in (house.anna, house.boris):
        passport_of(person, clock())
    clara = reading(house.clara, "en")
    first = clara.get("/office/identity")
    assert house.anna.number in first.text and house.boris.number not in first.text
    assert house.boris.number in clara.get("/office/identity?after=1").text
    assert "Identification (2)" in clara.get("/office/partners").text
