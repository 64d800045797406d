"""Signing in through the form, what a session may see, how it ends, and that what was typed outlives it."""

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest

from tests.cast import PASSWORD, app_of, red_order
from tests.web.client import PIECE, Browser, asked_index, field
from tests.web.refusing import nothing_written, reading, says
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, run
from vps.orders.models import Order
from vps.people.actions import WrongSignIn, close_person
from vps.people.actions.throttle import TooManyTries
from vps.people.models import Person
from vps.security.actions import UsedCode, WrongCode, begin_app, prepare_sheet
from vps.security.models import TanSheet

MINUTE = 60_000_000
NEW = "seven purple otters sing"


class Stranger(Browser):
    """A browser that takes its token from a page, whoever it is by now."""

    def csrf(self) -> str:
        return field(self.get("/sign-out"), "csrf_token")


def sign_in(username: str, password: str = PASSWORD, browser: Browser | None = None, **more):
    return (browser or Browser()).post("/sign-in", {"username": username, "password": password, **more})


def fields(page) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {
        unescape(name): unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    }


@pytest.mark.parametrize("name", ["anna", "ANNA", " anna ", "anna@example.com", "number"])
def test_one_signs_in_by_name_number_or_mail(house, name):
    browser = Browser()
    answer = sign_in(house.anna.number if name == "number" else name, browser=browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert browser.get("/").headers["Location"] == "/wallet"
    assert browser.get("/wallet").status_code == 200


def test_the_session_is_new_and_its_cookie_cannot_be_read_by_script(house):
    browser = Browser()
    before = browser.get("/sign-in").headers.get("Set-Cookie", "")
    answer = sign_in("anna", browser=browser)
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("vps=")]
    assert len(cookies) == 1 and cookies[0].split(";")[0] not in before
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookies[0].split(";")}


def test_a_wrong_password_an_unknown_name_and_a_closed_account_read_the_same(house):
    close_person(house.boris, actor=HOUSE, at=clock())
    pages = []
    for name, password in (("anna", "wrong"), ("nobody", "wrong"), ("boris", PASSWORD), ("dragan", "wrong"), ("a\u0301" * 50, "x")):
        answer = sign_in(name, password, Browser(language="sr"))
        assert answer.status_code == 422 and says(answer, WrongSignIn.says, "sr")
        pages.append(re.sub(r'(name="csrf_token" value|id="username" [^>]*value)="[^"]*"', "", answer.text))
    assert len(set(pages)) == 1


@pytest.mark.parametrize("language", ["en", "de", "sr"])
def test_after_five_failures_even_the_right_password_waits(house, language):
    browser = Browser(language=language)
    for _ in range(5):
        assert sign_in("anna", "wrong", browser).status_code == 422
    with nothing_written():
        answer = sign_in("anna", PASSWORD, browser)
    assert answer.status_code == 429 and says(answer, TooManyTries.says, language)
    assert re.search(r"\b15\b", answer.text), "the minutes are said"
    assert sign_in("boris").status_code == 303, "others are not locked out"


def test_a_known_browser_is_not_locked_out_by_strangers(house):
    for _ in range(6):
        sign_in("anna", "wrong")
    known = Browser(house.anna)
    known.post("/sign-out")
    known.raw = ""
    assert sign_in("anna", PASSWORD, known).status_code == 303


def test_signing_out_ends_the_session_and_empties_only_the_storage(house):
    anna = Browser(house.anna)
    assert anna.get("/sign-out").status_code == 200

    answer = anna.post("/sign-out")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    copied = Browser()
    copied.client.set_cookie("vps", anna.token)
    assert copied.get("/wallet").status_code == 401
    assert one("SELECT ended_at IS NOT NULL FROM session")[0]


def test_signing_out_here_leaves_the_phone_signed_in(house):
    desk, phone = Browser(house.anna), Browser(house.anna)
    desk.post("/sign-out")
    assert phone.get("/wallet").status_code == 200


@pytest.mark.parametrize(("who", "minutes"), [("anna", 30), ("clara", 10)])
def test_whoever_rests_too_long_signs_in_again(house, who, minutes):
    browser = Browser(getattr(house, who))
    run("UPDATE session SET seen_at = ?", micros(clock()) - minutes * MINUTE + 5_000_000)
    assert browser.get("/more").status_code == 200
    run("UPDATE session SET seen_at = ?", micros(clock()) - minutes * MINUTE)
    answer = browser.get("/more")
    assert answer.status_code == 401 and 'name="password"' in answer.text
    assert browser.get("/more").status_code == 401, "the cookie is gone, and the session does not come back"


def test_a_page_keeps_the_session_but_not_for_ever(house):
    anna = Browser(house.anna)
    run("UPDATE session SET seen_at = seen_at - ?", 20 * MINUTE)
    anna.get("/wallet")
    assert micros(clock()) - one("SELECT seen_at FROM session")[0] < MINUTE

    run("UPDATE session SET started_at = started_at - ?", 12 * 60 * MINUTE)
    assert anna.get("/wallet").status_code == 401


def test_a_missed_session_is_said_to_htmx_as_a_whole_page(house):
    answer = Browser().get("/orders", headers=PIECE)
    assert (answer.status_code, answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (401, "body", "innerHTML")


def test_staff_see_nothing_before_the_code_of_their_app(house):
    totp, browser = app_of(house.dragan, clock()), Browser()
    assert sign_in("dragan", browser=browser).headers["Location"] == "/"
    assert browser.get("/").headers["Location"] == "/sign-in/code"
    assert browser.get("/office/orders").status_code == 401
    assert browser.get("/sign-in/code").status_code == 200

    wrong = browser.post("/sign-in/code", {"code": "000000"})
    assert wrong.status_code == 422 and says(wrong, WrongCode.says, "sr")
    assert browser.get("/office/orders").status_code == 401

    code = totp.at(clock())
    assert browser.post("/sign-in/code", {"code": code}).status_code == 303
    assert browser.get("/office/orders").status_code == 200
    again = Browser(house.dragan, confirmed=False).post("/sign-in/code", {"code": code})
    assert again.status_code == 422 and says(again, UsedCode.says, "sr"), "a code counts once"


def test_five_wrong_codes_close_the_second_step(house):
    totp, half = app_of(house.dragan, clock()), Browser(house.dragan, confirmed=False)
    for _ in range(5):
        half.post("/sign-in/code", {"code": "000000"})
    answer = half.post("/sign-in/code", {"code": totp.at(clock())})
    assert answer.status_code == 429 and says(answer, TooManyTries.says, "sr")


def test_nobody_and_whoever_is_whole_have_no_second_step(house):
    for browser in (Browser(), Browser(house.anna), Browser(house.dragan)):
        assert browser.get("/sign-in/code").status_code == browser.get("/sign-in/app").status_code == 401


def test_what_was_typed_outlives_the_session_and_is_entered_once(cast):
    anna = Browser(cast.anna)
    typed = {"key": "0123456789ab", "name": 'Maria "Mizzi" <Huber>', "language": "de", "city": "Linz", f"q-{cast.tea.id}": "2"}
    run("UPDATE session SET seen_at = 0")

    with nothing_written():
        coded = anna.post("/orders/new", typed | {"password": "secret words", "tan": "987654"})
        over = anna.post("/orders/new", typed)
    assert "secret words" not in coded.text and "987654" not in coded.text
    assert "kept." not in coded.text, "what a code confirms is asked anew, whole"
    kept = fields(over)
    assert over.status_code == 401 and says(over, "Your session has ended. Sign in again: what you typed is kept.", "en")
    assert {name.removeprefix("kept.") for name in kept if name.startswith("kept.")} == set(typed)

    wrong = anna.post("/sign-in", kept | {"csrf_token": field(over, "csrf_token"), "username": "anna", "password": "wrong"})
    assert wrong.status_code == 422 and fields(wrong)["kept.name"] == typed["name"], "a slip loses nothing either"
    onward = anna.post("/sign-in", fields(wrong) | {"username": "anna", "password": PASSWORD})
    assert onward.status_code == 200 and 'action="/orders/new"' in onward.text

    sent = [anna.client.post("/orders/new", data=fields(onward)).headers["Location"] for _ in range(2)]

    assert sent[0] == sent[1] and one("SELECT count(*) FROM orders")[0] == 1
    assert Order.get().lines()[0].quantity == 2
    assert one("SELECT name FROM customer")[0] == typed["name"]


def test_a_form_of_another_site_is_not_carried_into_the_session(house):
    answer = Browser().post("/orders/new", {"name": "Evil"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403 and "Evil" not in answer.text


def test_whoever_looked_at_a_page_goes_on_there(house):
    browser = Browser()
    page = browser.get("/orders?colour=green")
    answer = browser.post("/sign-in", fields(page) | {"username": "anna", "password": PASSWORD})
    assert answer.headers["Location"] == "/orders?colour=green"


def test_from_the_invitation_to_the_first_payment(cast):
    dragan, ivana = Browser(cast.dragan), Stranger()
    data = {
        "key": "0123456789ab",
        "name": "Ivana Kovač",
        "language": "hr",
        "zone": "Europe/Zagreb",
        "email": "ivana@example.com",
        "username": "ivana",
    }
    way = dragan.post("/office/partners/new", data).headers["Location"]
    person = Person.get(Person.username == "ivana")
    letter = dragan.post(f"/office/people/{person.id}/invitation")
    link = re.search(r"(/welcome/[\w-]+)", letter.text)[1]
    assert "Ivana Kovač" in letter.text and one("SELECT kind, address FROM outbox") == ("invitation", "ivana@example.com")

    assert ivana.get(link).status_code == 200
    assert ivana.post(link, {"password": NEW, "again": NEW}).headers["Location"] == "/me/security"
    assert Browser().get(link).status_code == 410, "the link works once"
    assert dragan.post(f"{way}/sheet").status_code == 303
    codes = printed(dragan, way)
    first, second = (int(index) for index in re.findall(r'data-index="(\d+)"', ivana.get("/me/sheet").text))
    activation = ivana.post("/me/sheet", {"first": codes[first], "second": codes[second]})
    assert activation.headers["Location"] == "/me/security"

    dragan.post(
        f"{way}/wallet/top-up",
        {
            "key": "top-up-key",
            "amount": "100,00",
            "number": "B 7",
            "day": "2026-11-20",
            "payer": "Ivana",
            "reason": "Uplata",
            "confirmed": "1",
        },
    )
    order = red_order(cast, person)
    assert "shown" not in ivana.get(f"/orders/{order.number}/payment").text, "one way alone is one lost sheet from none"
    page = ivana.get("/me/changes/recovery")
    assert ivana.post("/me/changes/recovery", {"shown": field(page, "shown"), "tan": codes[asked_index(page)]}).status_code == 200
    page = ivana.get(f"/orders/{order.number}/payment")
    paid = ivana.post(f"/orders/{order.number}/payment", {"shown": field(page, "shown"), "tan": codes[asked_index(page)]})
    assert (paid.status_code, paid.headers["Location"]) == (303, f"/orders/{order.number}")


def printed(dragan: Browser, way: str) -> dict[int, str]:
    """The sheet as the office prints it, index by index, once the worker has prepared it."""
    prepare_sheet(TanSheet.select().order_by(TanSheet.id.desc()).get().id, at=clock())
    return dict(enumerate(re.findall(r"<li>(?:<[^>]+>)*(\d{6})", dragan.get(f"{way}/sheet").text), 1))


def test_staff_enrol_the_app_before_the_first_page(house):
    elena, mira = Browser(house.elena), Stranger()
    data = {"key": "0123456789ab", "name": "Mira Jurić", "language": "hr", "zone": "Europe/Zagreb", "username": "mira", "may_read": "y"}
    assert elena.post("/office/staff/new", data).status_code == 303
    person = Person.get(Person.username == "mira")
    link = re.search(r"(/welcome/[\w-]+)", elena.post(f"/office/people/{person.id}/invitation").text)[1]

    mira.post(link, {"password": NEW, "again": NEW})
    answer = mira.get("/office/orders")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/app"), "half a sign-in opens nothing else"
    assert mira.get("/sign-in/code").headers["Location"] == "/sign-in/app"
    mira.post("/sign-in/app")
    totp = pyotp.TOTP(begin_app(person.id, at=clock()))
    at = clock()
    codes = {"first": totp.at(at - timedelta(seconds=30)), "second": totp.at(at)}
    assert mira.post("/sign-in/app/codes", codes).headers["Location"] == "/"
    assert mira.get("/office/orders").status_code == 200
    assert mira.post("/office/partners/new", {}).status_code == 403


def test_a_language_is_remembered_for_strangers_and_for_people(house):
    browser = Browser()
    assert '<html lang="sr-Latn">' in (browser.get("/language/sr_Latn"), browser.get("/sign-in"))[1].text
    anna = reading(house.anna, "de")
    assert anna.post("/me/language", {"language": "ru"}).status_code == 303
    assert '<html lang="ru">' in anna.get("/wallet").text
    assert anna.post("/me/language", {"language": "xx"}).status_code == 303
    assert '<html lang="ru">' in anna.get("/wallet").text


def test_staff_lose_nothing_between_password_and_code(house):
    app_code = app_of(house.dragan)
    half = Browser(house.dragan, confirmed=False)
    answer = half.post("/office/partners/new", {"name": "Petra Novak", "language": "hr", "zone": "Europe/Zagreb", "key": "k" * 12})
    assert answer.status_code == 401
    assert 'name="kept.name" value="Petra Novak"' in answer.text and 'name="next" value="/office/partners/new"' in answer.text

    onward = half.post("/sign-in/code", fields(answer) | {"code": app_code.now()})
    assert onward.status_code == 200 and 'action="/office/partners/new"' in onward.text and 'value="Petra Novak"' in onward.text


def test_two_clicks_on_new_partner_make_one(house):
    dragan = Browser(house.dragan)
    typed = {"name": "Petra Novak", "language": "hr", "zone": "Europe/Zagreb", "key": "k" * 12}
    first, second = (dragan.post("/office/partners/new", dict(typed)) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert one("SELECT count(*) FROM person WHERE name = 'Petra Novak'")[0] == 1
