"""What the second step of signing in changes besides opening the office."""

from tests.cast import app_of
from tests.web.client import Browser
from vps.kernel.clock import clock


def test_the_cookie_of_the_first_step_opens_nothing_after_the_second(house):
    totp, half = app_of(house.dragan, clock()), Browser(house.dragan, confirmed=False)
    copied = Browser()
    copied.client.set_cookie("vps", half.token)

    assert half.post("/sign-in/code", {"code": totp.at(clock())}).status_code == 303

    assert half.get("/office/orders").status_code == 200
    assert copied.get("/office/orders").status_code == 401


def test_a_code_shown_once_more_keeps_the_session_as_it_is(house):
    totp, dragan = app_of(house.dragan, clock()), Browser(house.dragan)
    other = Browser()
    other.client.set_cookie("vps", dragan.token)

    assert dragan.post("/sign-in/again", {"code": totp.at(clock())}).status_code == 303

    assert other.get("/office/orders").status_code == 200, "a double press must not meet a session that is gone"
