"""Steps that are skipped, looks that should do something, tokens of another kind: SECURITY, bad inputs 38 and 42."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import CODES, balance, eur, red_order, sheet_of
from tests.web.client import PIECE, Browser, asked_index, field
from tests.web.refusing import nothing_written, refused
from tests.web.test_access import address, partners, rules, staff, world
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import database, one, rows
from vps.people.actions.notices import note
from vps.post.actions import due
from vps.security.actions.refusals import IntentCancelled, IntentExpired
from vps.security.forms import NotShown

__all__ = ["world"]
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@pytest.fixture
def dialog(house):
    """A payment's way, and what its dialog would send with the right TAN."""
    sheet_of(house.anna, clock())
    way = f"/orders/{red_order(house).number}/payment"
    page = Browser(house.anna).get(way)
    return way, field(page, "shown"), CODES[asked_index(page) - 1]


def everything():
    """Every row of every table but those of who came, what failed and who looked or took a copy; of these, which sessions live."""
    tables = [table for table in database.get_tables() if table not in ("session", "browser", "throttle", "event")]
    trail = rows(
        "SELECT * FROM event WHERE verb NOT IN ('looked at', 'statement exported', 'document seen', 'dossier read', 'case exported')"
    )
    return {table: rows(f'SELECT * FROM "{table}"') for table in tables}, trail, rows("SELECT id FROM session WHERE ended_at IS NULL")


@pytest.mark.parametrize("shown", [None, "", "x", "WyJhIl0.aaaa"])
def test_a_payment_cannot_begin_with_its_last_step(house, dialog, shown):
    way, _, tan = dialog
    with nothing_written():
        answer = Browser(house.anna).post(way, {"tan": tan} | ({} if shown is None else {"shown": shown}))
    refused(answer, NotShown.says, "de", status=409)


def test_a_step_that_comes_too_late_does_nothing(house, dialog):
    way, _, tan = dialog
    anna = Browser(house.anna)
    shown = field(anna.get(way), "shown")
    with time_machine.travel(clock() + timedelta(minutes=11), tick=True), nothing_written():
        answer = anna.post(way, {"shown": shown, "tan": tan})
        refused(answer, IntentExpired.says, "de", status=409)


def test_a_payment_that_was_cancelled_is_not_taken_up_again(house, dialog):
    way, _, tan = dialog
    anna = Browser(house.anna)
    shown = field(anna.get(way), "shown")
    for _ in range(3):
        anna.post(way, {"shown": shown, "tan": "999999"})

    answer = anna.post(way, {"shown": shown, "tan": tan})

    refused(answer, IntentCancelled.says, "de", status=409)
    assert balance(house.anna) == eur(250_00) and one("SELECT count(*) FROM order_payment")[0] == 0


def test_what_was_shown_to_somebody_else_authorises_nothing(house, dialog):
    _, shown, tan = dialog
    way = f"/orders/{red_order(house, house.boris).number}/payment"
    with nothing_written():
        refused(Browser(house.boris).post(way, {"shown": shown, "tan": tan}), NotShown.says, "ru", status=409)


@pytest.mark.parametrize("who", [None, "anna", "boris", "clara", "dragan", "elena"])
def test_looking_changes_nothing_whoever_looks(world, who):
    """GET, HEAD and OPTIONS of every address, with everything that a form could send, and with the word that it is meant as a POST."""
    there, browser = (Browser(getattr(world, who)) if who else Browser() for _ in range(2))
    query = {"_method": "POST", "confirmed": "1", "csrf_token": browser.csrf(), "tan": "123456", "key": "0123456789ab"}
    pages, before = {rule.rule for rule in rules() if "GET" in rule.methods}, everything()
    for rule in rules():
        path = address(world, rule)
        for method in ("GET", "HEAD", "OPTIONS"):
            for headers in ({}, PIECE | dict.fromkeys(OVERRIDES, "POST")):
                with browser.client.open(path, method=method, headers=headers, query_string=query) as answer:
                    assert answer.status_code == 405 or method == "OPTIONS" or rule.rule in pages, "a form is no page"
                    assert method != "HEAD" or not answer.data
        assert browser.client.open(path, method="TRACE").status_code == 405
    assert everything() == before
    assert there.get("/more").status_code == (200 if who else 401), "what is open elsewhere stays open"


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_another_method_is_no_way_around_a_guard(world, method, headers):
    def asked(browser, rule):
        return browser.client.open(address(world, rule), method=method, headers=headers)

    nobody, boris = Browser(), Browser(world.boris)
    for rule in (*staff(), *partners()):
        if method not in rule.methods:
            continue
        assert asked(nobody, rule).status_code == 401, rule
        if rule in staff() or (method != "OPTIONS" and "<" in rule.rule):
            assert asked(boris, rule).status_code == 404, rule


def test_a_token_of_one_kind_is_none_of_another(house, dialog):
    way, shown, tan = dialog
    note(HOUSE, "app removed", house.anna.id, at=clock())
    link = next(facts["link"] for *_, facts in due(clock()) if facts.get("verb") == "app removed")
    anna, nobody = Browser(house.anna), Browser()
    nobody.get("/sign-in")
    cookie = nobody.client.get_cookie("vps").value.removeprefix("a.")
    with nothing_written():
        for token in (anna.csrf(), link, cookie):
            assert anna.post(way, {"shown": token, "tan": tan}).status_code == 409
        for token in (anna.csrf(), shown, cookie):
            assert nobody.post(f"/freeze/{token}").status_code == 410
        for token in (shown, link, cookie):
            assert anna.client.post(way, data={"csrf_token": token, "shown": shown, "tan": tan}).status_code == 403
        for token in (anna.csrf(), shown, link):
            stranger = Browser()
            stranger.client.set_cookie("vps", f"a.{token}")
            assert stranger.get("/wallet").status_code == 401
