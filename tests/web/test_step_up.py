"""What is sensitive in the office asks for the app's code once more, some minutes after the last one; nothing typed is lost by it."""

import re

import pytest

from tests.cast import app_of, balance, eur
from tests.web.client import PIECE, Browser, field
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_access import MANAGED, address, ask, staff, world
from tests.web.test_every_page import whole
from tests.web.test_sessions import fields
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, run
from vps.people.actions import TooManyTries
from vps.people.guards import MayNotBook, MayNotManage
from vps.people.models import Person
from vps.security.actions import UsedCode, WrongCode, freeze, remove_app
from vps.security.models import is_frozen

__all__ = ["world"]

MINUTE = 60_000_000
SENSITIVE = {
    "plans_office.create_force", "plans_office.create_agreement", "points_office.create_point", "points_office.change_settings_now","taxes_office.create_rule", "taxes_office.create_terms", "taxes_office.change",
    "payouts_office.approve_all", "payouts_office.approve", "payouts_office.release", "payouts_office.refuse", "payouts_office.take_back", "payouts_office.by_hand",
    "payouts_office.end_by_hand",
    "payfiles_office.content", "payfiles_office.end", "payees_office.create", "payees_office.end",
    "watch_office.create_closing", "watch_office.create_agreement",
    "wallets_office.create_reversal", "security_office.create_sheet", "security_office.show_sheet", "security_office.end_app",
    "security_office.create_unblocking", "security_office.end_freeze", "people_office.change_details", "people_office.create_staff",
    "people_office.create_invitation", "people_office.close", "people_office.create_rights", "security_settings.change_security",
    "security_office.create_permit", "security_office.accept_new_browsers", "security_office.end_phone", "security_office.set_level", "security_office.create_recovery",
    "security_office.approve", "bank_unclear.create_claim", "bank_unclear.end_claim", "bank_unclear.create_return", "bank_accounts.create", "bank_accounts.change",
    "bank_accounts.close", "bank_accounts.create_columns",
    "rates_office.create", "rates_office.create_import", "discovery.create_dossier", "discovery.create_hold", "discovery.end", "discovery.archive", "discovery.document",
    "partner_wallets.create", "partner_wallets.create_freeze", "partner_wallets.end_freeze", "partner_wallets.close", "partner_wallets.create_plan",
    "partner_wallets.end_plan", "office_transfers.approve", "office_transfers.refuse", "office_transfers.create_reversal",
    "provisions_office.create_reversal", "provisions_office.approve_reversal", "provisions_office.end_reversal",
    "wallet_kinds.create", "wallet_kinds.change", "wallet_kinds.end", "wallet_kinds.create_rule",
    "orders_office.create_debt_payment", "orders_office.end_debt",
    "refunds_office.approve", "refunds_office.refuse", "refunds_office.close", "refunds_office.create_payout",
    "levels_office.create_set", "levels_office.create_approval", "introduction_office.create", "trust_office.create_level", "trust_office.create_exception",
    "runs_office.approve", "runs_office.discard", "runs_office.calculate", "runs_office.stop", "runs_office.go_on", "runs_office.create", "runs_office.create_green",
    "partner_commissions.create_mark", "partner_commissions.end_mark",
    "identity_office.create_acceptance", "identity_office.end", "identity_office.forget", "tree_office.change_depth",
}  # fmt: skip
SLIP = {"key": "0123456789ab", "amount": "10", "sure": "y", "number": "B 9", "day": "2026-11-20", "payer": 'Anna "A" <Bauer>', "reason": "Cash\u00a0& more",
        "confirmed": "1"}  # fmt: skip


def rested(browser: Browser, minutes: float = 5) -> Browser:
    """The code was shown so many minutes ago."""
    run("UPDATE session SET stepped_at = ? WHERE id = ?", micros(clock()) - int(minutes * MINUTE), browser.session)
    return browser


@pytest.fixture
def desk(cast):
    """Elena, who showed his code five minutes ago, and his app."""
    cast.totp = app_of(cast.elena, clock())
    cast.browser = rested(Browser(cast.elena))
    cast.way = f"/office/partners/{cast.anna.number}"
    return cast


def code(desk) -> str:
    """His code of this moment, as if it had not been used yet."""
    run("UPDATE app SET last_step = 0")
    return str(desk.totp.at(clock()))


def shown(desk, asked):
    """He types the code into the page that asks for it, and sends what that page holds."""
    return desk.browser.client.post("/sign-in/again", data=fields(asked) | {"code": code(desk)})


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_just_what_is_sensitive_asks_for_another_code(world, headers):
    app_of(world.elena, clock())
    asking = set()
    for rule in staff():
        elena = rested(Browser(world.elena))
        path = address(world, rule)
        if rule.endpoint in SENSITIVE:
            with nothing_written():
                answer = ask(elena, rule, path, headers)
        else:
            answer = ask(elena, rule, path, headers)
        if answer.status_code == 401:
            asking.add(rule.endpoint)
            assert 'name="code"' in answer.text and field(answer, "next") == path
            assert answer.headers.get("HX-Retarget") == ("body" if headers else None)
            assert answer.headers.get("HX-Reswap") == ("innerHTML" if headers else None)
    assert asking == SENSITIVE


def test_who_may_not_book_is_told_so_and_not_asked(world):
    app_of(world.clara, clock())
    clara = rested(Browser(world.clara))
    for rule in staff():
        if rule.endpoint in SENSITIVE:
            said = MayNotManage.says if rule.endpoint in MANAGED else MayNotBook.says
            refused(ask(clara, rule, address(world, rule)), said, "en", status=403)


def test_a_top_up_typed_before_the_code_is_booked_once_with_all_that_was_typed(desk):
    path = f"{desk.way}/wallet/top-up"
    assert desk.browser.post(path, SLIP | {"confirmed": ""}).status_code == 200, "the preview asks nobody for a code"

    with nothing_written():
        asked = desk.browser.post(path, SLIP)
    kept = {name.removeprefix("kept."): value for name, value in fields(asked).items() if name.startswith("kept.")}
    assert asked.status_code == 401 and kept == SLIP

    onward = shown(desk, asked)
    assert onward.status_code == 200 and f'action="{path}"' in onward.text
    assert balance(desk.anna) == eur(250_00), "showing a code books nothing yet"
    sent = [desk.browser.client.post(path, data=fields(onward)) for _ in range(2)]

    assert [answer.headers["Location"] for answer in sent] == [f"{desk.way}/wallet"] * 2
    assert balance(desk.anna) == eur(260_00)
    text = one("SELECT text FROM voucher WHERE ref = 'B 9'")[0]
    assert 'Anna "A" <Bauer>' in text and "more" in text


def test_a_colleague_is_made_with_the_name_that_was_typed(desk):
    typed = {"key": "0123456789ab", "name": "Mira Jurić", "language": "hr", "zone": "Europe/Zagreb", "username": "mira", "may_read": "y"}

    onward = shown(desk, desk.browser.post("/office/staff/new", typed))
    desk.browser.client.post("/office/staff/new", data=fields(onward))

    mira = Person.get(Person.username == "mira")
    assert (mira.name, mira.language, mira.rights()) == ("Mira Jurić", "hr", {"read"})


def test_a_press_without_fields_is_sent_after_the_code_too(desk):
    freeze(desk.anna.id, actor=HOUSE, at=clock())

    onward = shown(desk, desk.browser.post(f"{desk.way}/freeze/end"))
    assert onward.status_code == 200 and is_frozen(desk.anna.id)
    answer = desk.browser.client.post(f"{desk.way}/freeze/end", data=fields(onward))

    assert answer.status_code == 303 and not is_frozen(desk.anna.id)


def test_who_only_looked_goes_on_to_the_page(world):
    world.totp, world.browser = app_of(world.elena, clock()), rested(Browser(world.elena))
    path = f"/office/partners/{world.anna.number}/sheet"

    asked = world.browser.get(path)
    assert asked.status_code == 401 and "100001" not in asked.text
    answer = shown(world, asked)

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert "100001" in world.browser.get(path).text


def test_five_minutes_do_not_slide(desk):
    rested(desk.browser, 4.9)
    for _ in range(3):
        assert desk.browser.get("/office/staff").status_code == 200
    assert desk.browser.post(f"{desk.way}/unblocking").status_code == 303

    rested(desk.browser, 5)
    assert desk.browser.post(f"{desk.way}/unblocking").status_code == 401
    run("UPDATE session SET stepped_at = NULL")
    assert desk.browser.post(f"{desk.way}/unblocking").status_code == 401


def test_the_company_says_how_long_a_code_counts(desk):
    change_settings({"step_up_minutes": 7}, actor=HOUSE, at=clock())
    assert rested(desk.browser, 6.9).post(f"{desk.way}/unblocking").status_code == 303
    assert rested(desk.browser, 7).post(f"{desk.way}/unblocking").status_code == 401


def test_another_session_of_the_same_person_needs_its_own_code(desk):
    other = rested(Browser(desk.elena))
    shown(desk, desk.browser.post(f"{desk.way}/unblocking"))

    assert desk.browser.post(f"{desk.way}/unblocking").status_code == 303
    assert other.post(f"{desk.way}/unblocking").status_code == 401


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_a_wrong_code_loses_nothing_and_five_close_the_door(desk, language):
    run("UPDATE person SET language = ?", language)
    page = desk.browser.post(f"{desk.way}/wallet/top-up", SLIP)
    for _ in range(5):
        with nothing_written():
            page = desk.browser.client.post("/sign-in/again", data=fields(page) | {"code": "000000"})
        refused(page, WrongCode.says, language)
        assert fields(page)["kept.payer"] == SLIP["payer"] and 'value="000000"' not in page.text

    answer = shown(desk, page)

    refused(answer, TooManyTries.says, language, status=429)
    assert desk.browser.post(f"{desk.way}/unblocking").status_code == 401


def test_a_code_used_just_now_is_too_soon_and_not_wrong(desk):
    used = code(desk)
    first = desk.browser.post(f"{desk.way}/unblocking")
    assert desk.browser.client.post("/sign-in/again", data=fields(first) | {"code": used}).status_code == 200
    rested(desk.browser)

    again = desk.browser.client.post("/sign-in/again", data=fields(desk.browser.post(f"{desk.way}/unblocking")) | {"code": used})

    refused(again, UsedCode.says, "ru")
    assert one("SELECT count(*) FROM throttle WHERE scope = 'code'")[0] == 0


FORGED = {
    "another amount": {"kept.amount": "1000"},
    "one more field": {"kept.extra": "1"},
    "another address": {"next": "/office/staff/new"},
    "no seal": {"seal": ""},
    "a made-up seal": {"seal": "ж" * 40},
}


@pytest.mark.parametrize("how", FORGED)
def test_what_was_changed_on_the_way_is_not_offered_back(desk, how):
    asked = desk.browser.post(f"{desk.way}/wallet/top-up", SLIP)

    answer = desk.browser.client.post("/sign-in/again", data=fields(asked) | FORGED[how] | {"code": code(desk)})

    assert answer.status_code == 303 and "kept" not in answer.text
    assert answer.headers["Location"] == FORGED[how].get("next", f"{desk.way}/wallet/top-up")


def test_what_was_typed_is_offered_to_the_session_that_typed_it_only(desk):
    asked, other = desk.browser.post(f"{desk.way}/wallet/top-up", SLIP), rested(Browser(desk.elena))

    foreign = other.client.post("/sign-in/again", data=fields(asked) | {"code": code(desk)})
    taken = other.post("/sign-in/again", {**fields(asked), "code": code(desk), "csrf_token": other.csrf()})

    assert foreign.status_code == 403, "its token is another session's"
    assert (taken.status_code, taken.headers["Location"]) == (303, f"{desk.way}/wallet/top-up")


def test_lines_ends_may_change_on_the_way_as_browsers_change_them(desk):
    asked = desk.browser.post(f"{desk.way}/freeze/end", {"note": "one\ntwo\rthree\r\nfour"})

    data = fields(asked) | {"kept.note": "one\r\ntwo\r\nthree\r\nfour", "code": code(desk)}

    assert 'name="note"' in desk.browser.client.post("/sign-in/again", data=data).text


def test_a_form_with_a_code_in_it_is_not_carried_along(desk):
    asked = desk.browser.post(f"{desk.way}/details", {"name": "Eve", "password": "four words"})
    assert asked.status_code == 401 and "four words" not in asked.text and "Eve" not in asked.text
    assert shown(desk, asked).headers["Location"] == f"{desk.way}/details"


def test_nobody_else_shows_a_code_there(desk):
    for browser in (Browser(), Browser(desk.anna), Browser(desk.elena, confirmed=False)):
        with nothing_written():
            answer = browser.post("/sign-in/again", {"code": code(desk)})
        assert answer.status_code == 401 and "office.css" not in answer.text


def test_whose_app_was_taken_away_signs_in_anew(desk):
    remove_app(desk.elena.id, actor=HOUSE, at=clock())

    answer = desk.browser.post(f"{desk.way}/wallet/top-up", SLIP)

    assert answer.status_code == 401 and 'name="password"' in answer.text and fields(answer)["kept.payer"] == SLIP["payer"]


def test_signing_in_with_the_code_counts_as_showing_it(desk):
    half = Browser(desk.elena, confirmed=False)
    half.post("/sign-in/code", {"code": code(desk)})

    assert half.post(f"{desk.way}/unblocking").status_code == 303


def test_whoever_signs_in_again_over_a_typed_form_types_one_code(desk):
    half = Browser(desk.elena, confirmed=False)
    asked = half.post(f"{desk.way}/freeze/end", {"note": "x"})

    onward = half.client.post("/sign-in/code", data=fields(asked) | {"code": code(desk)})

    assert onward.status_code == 200 and 'name="note" value="x"' in onward.text
    assert half.client.post(f"{desk.way}/freeze/end", data=fields(onward)).status_code == 303


@pytest.mark.parametrize("language", READERS)
def test_the_pages_on_the_way_are_whole_in_every_language(desk, language):
    desk.browser = rested(reading(desk.elena, language))
    asked = desk.browser.post(f"{desk.way}/wallet/top-up", SLIP)
    onward = shown(desk, asked)

    for page in (asked, onward):
        whole(page, language, "/sign-in/again")
    assert says(onward, "What you asked for has not been done yet. Send it now?", language)
    assert re.search(r'class="tabs"', asked.text), "he is still in the office"
