"""What holds for every answer and every form: to whom it may be read, what it says it is, and what an error gives away."""

import re

import pytest

from tests.cast import app_of, red_order
from tests.web.client import PIECE, Browser, app
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.people.actions import invite

KINDS = {
    "page": ("/wallet", "text/html; charset=utf-8", b"<!doctype html>"),
    "style": ("static", "text/css; charset=utf-8", b":root"),
    "script": ("script", "text/javascript; charset=utf-8", b"//"),
    "picture": ("chart", "image/svg+xml; charset=utf-8", b"<svg xmlns="),
    "health": ("/healthz", "text/plain; charset=utf-8", b"ok"),
}


@pytest.fixture
def paths(house):
    """An address of each kind."""
    page = Browser(house.anna).get("/wallet").text
    found = {"static": r'"(/static/[^"]+\.css)"', "script": r'"(/static/[^"]+/app\.js)"', "chart": r'src="(/charts/[^"]+)"'}
    return {name: re.search(pattern, page)[1] for name, pattern in found.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_says_what_it_is_and_in_which_letters(house, paths, kind):
    path, says, begins = KINDS[kind]
    answer = Browser(house.anna).get(paths.get(path, path), headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == says
    assert answer.data.lstrip().startswith(begins)


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_no_other_site_is_allowed_to_read_an_answer(house, paths, method):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-CSRFToken"}
    for path in ("/wallet", "/sign-in", "/orders/new", "/healthz", *paths.values()):
        for browser in (Browser(house.anna), Browser()):
            answer = browser.client.open(path, method=method, headers=asked)
            assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")], path


SECRET = {"password", "again", "current"}


def test_a_password_is_not_shown_while_it_is_typed_and_may_be_pasted(house):
    token = invite(house.boris, purpose="join", actor=HOUSE, at=clock())
    pages = [
        Browser().get("/sign-in"),
        Browser().get(f"/welcome/{token}"),
        Browser(house.anna).get("/me/password"),
        Browser().get("/wallet"),
    ]
    seen = set()
    for page in pages:
        for tag, name in re.findall(r'(<input[^>]*\sname="([^"]+)"[^>]*>)', page.text):
            if name in SECRET:
                seen.add(name)
                assert 'type="password"' in tag
                assert re.search(r'autocomplete="(current|new)-password"', tag), "a password manager knows what it is"
                assert int((re.search(r'maxlength="(\d+)"', tag) or ["", "999"])[1]) >= 128, "whatever a password may have can be typed"
                assert not re.search(r"\son\w+=|readonly|pattern=", tag)
    assert seen == SECRET


def test_signing_out_is_never_further_than_one_page(house):
    app_of(house.dragan)
    for person, pages in (
        (house.anna, ("/wallet", "/orders", "/me/sessions")),
        (house.dragan, ("/office/orders", "/office/staff", "/me/password")),
    ):
        browser = Browser(person)
        assert 'action="/sign-out"' in browser.get("/more").text
        for path in pages:
            assert 'href="/more"' in browser.get(path).text, path


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_an_error_of_ours_says_sorry_and_nothing_about_us(house, monkeypatch, headers):
    order = red_order(house)

    def broken(*_, **__):
        raise ZeroDivisionError("SELECT token FROM session")

    monkeypatch.setattr("vps.orders.web.must_be_payable", broken)
    answer = Browser(house.anna, language="en").get(f"/orders/{order.number}/payment", headers=headers)

    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "ZeroDivision" not in answer.text and "SELECT" not in answer.text
    assert "Python" not in str(answer.headers) and "gunicorn" not in str(answer.headers)


def test_nothing_is_served_in_a_developers_mode():
    assert not app().debug and not app().testing
    assert not app().config["PROPAGATE_EXCEPTIONS"] and not app().config["TRAP_HTTP_EXCEPTIONS"]


def test_what_a_visitor_says_is_one_line_of_the_log(house, caplog):
    for host in ("evil.example\nERROR forged", "evil.example\r\nERROR forged", "evil\x1b[2Jexample"):
        caplog.clear()
        assert app().test_client().get("/sign-in", environ_overrides={"HTTP_HOST": host}).status_code == 400
        (line,) = [record.getMessage() for record in caplog.records if "forged" in record.getMessage() or "evil" in record.getMessage()]
        assert line.isprintable()
