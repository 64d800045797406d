"""Every route for everybody: nobody, a partner, another partner, staff who read, who book, who manage. SECURITY, bad input 36.

What is somebody else's is not there (404, never a hint); who is not signed in gets the sign-in page; who may not book or manage is told so.
"""

import re
from datetime import date
from functools import cache

import pytest

from tests.bank.payouts import by_rule, usable
from tests.cast import CODES, NOON, eur, red_order
from tests.commissions.earned import earned
from tests.commissions.notes import something_noted
from tests.commissions.plans import something_planned
from tests.commissions.provisions import by_hand
from tests.orders.refunding import some_refunds
from tests.trust.everything import everything_noticed
from tests.trust.photos import passport_of
from tests.wallets.requests import between_annas_own
from tests.wallets.sending import something_about_wallets
from tests.wallets.standing import asked_of_vera, written_down
from tests.web.client import PIECE, Browser, app, known_device
from tests.web.refusing import nothing_written, refused, says
from vps.home.actions import open_dossier
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.kernel.refusals import NotFound
from vps.people.actions import grant, hold_data
from vps.people.guards import MayNotBook, MayNotManage
from vps.people.models import Customer
from vps.security.actions import make_sheet
from vps.trust.office import VIEWS
from vps.wallets.actions import Slip, ask_for, ask_office, top_up

OPEN = {
    "home.healthz", "home.readyz", "home.index", "people.sign_in", "people.create_session", "people.leaving", "people.end_my_session", "people.cannot",
    "people.create_reset", "people.welcome", "people.create_password", "people.language", "people.change_language", "home.seen", "door.new_freeze", "door.create_freeze",
    "door.show_freeze_link", "door.create_freeze_by_link", "static.file",
}  # fmt: skip
"""Before anybody signed in. Whoever adds a page here means it."""
NOT_YET = {
    "security_changes.new_change": 404,
    "bank_office.show": 404,
    "payfiles_office.show": 404,
    "payfiles_office.content": 404,
    "bank_office.new_end": 404,
    "bank_unclear.show": 404,
    "bank_office.new_booking": 404,
    "orders_office.show_debt": 404,
    "orders_office.receipt": 409,
    "orders.receipt": 409,
    "refunds.new": 409,
    "refunds_office.new": 409,
    "levels_office.show_version": 404,
    "levels_office.show_proposal": 404,
    "discovery.picture": 404,
    "discovery.archive": 409,
    "discovery.document": 409,
}
"""No level is lower than none, no statement was imported or uploaded, nobody owes anything, a dossier is not put together yet, and an order that is not paid has no receipt, and nothing to refund."""
FOR_BOOKERS = {"security_office.show_sheet", "payfiles_office.content", "identity_office.picture"}
"""Pages that show TANs or documents, and files that pay: only for who may book."""
READERS_TOO = "security_office.create_freeze"
"""Whoever is on the line with a partner can stop his wallet."""
MANAGED = {"taxes_office.create_rule", "taxes_office.create_terms", "plans_office.new", "plans_office.create", "plans_office.create_force", "plans_office.create_agreement", "plans_office.end_force", "trials_office.create", "points_office.create_point", "points_office.change_settings_now", "tree_office.new_move", "tree_office.create_move", "tree_office.change_depth", "levels_office.new_level", "levels_office.create_level", "levels_office.new_removal", "levels_office.create_file", "levels_office.create_set", "levels_office.show_proposal", "levels_office.create_approval", "levels_office.end_proposal", "introduction_office.new", "introduction_office.create_trial", "introduction_office.create_table", "introduction_office.create", "trust_office.create_level", "trust_office.create_exception", "trust_office.end", "wallet_kinds.new", "wallet_kinds.create", "wallet_kinds.change", "wallet_kinds.end", "wallet_kinds.create_rule", *(f"watch_office.{view}" for view in VIEWS), "people_office.staff_networks", "people_office.create_staff_network", "people_office.close_staff_network", "people_office.staff", "people_office.new_staff", "people_office.create_staff", "people_office.rights", "people_office.create_rights", "home_office.trail", "security_settings.change_security", "bank_accounts.index", "bank_accounts.create", "bank_accounts.show", "bank_accounts.change", "bank_accounts.close", "bank_accounts.new_columns", "bank_accounts.create_columns", "payees_office.create", "payees_office.end", "partner_commissions.create_mark", "partner_commissions.end_mark",
           "discovery.index", "discovery.show", "discovery.create_dossier", "discovery.create_hold", "discovery.new_end", "discovery.end", "discovery.dossier", "discovery.part", "discovery.story", "discovery.picture", "discovery.archive", "discovery.document"}  # fmt: skip
"""What needs the right to manage, looking included."""
BOTH = {
    "home.more",
    "door.second_step",
    "door.confirm_sign_in",
    "door.confirm_again",
    "door.first_app",
    "door.create_first_app",
    "door.confirm_first_app",
}


@cache
def rules(begin=""):
    """The routes whose address begins like this."""
    return sorted((rule for rule in app().url_map.iter_rules() if rule.rule.startswith(begin)), key=lambda rule: (rule.rule, rule.endpoint))


@cache
def of(*blueprints):
    return [rule for rule in rules() if rule.endpoint.partition(".")[0] in blueprints]


def staff():
    return rules("/office")


def partners():
    return of(
        "wallets",
        "my_wallets",
        "owing",
        "notices",
        "trust",
        "orders",
        "refunds",
        "bank",
        "payees",
        "cents",
        "payouts",
        "transfers",
        "requests",
        "identity",
        "known_mobile",
        "standing",
        "asked",
        "team",
        "commissions",
        "commission_notes",
        "my_taxes",
        "my_provisions",
    )


def anybody():
    return of("security", "mine")


def changes():
    """What a partner changes about his own security: his own, whoever he is."""
    return of("security_changes")


def names(rules):
    return [f"{'POST' if 'POST' in rule.methods else 'GET'} {rule.rule}" for rule in rules]


@pytest.fixture
def world(house):
    """Something of every kind that belongs to Anna."""
    house.moved, house.asked = (
        between_annas_own(house),
        ask_for(house.anna.id, None, eur(1_00), "", key="0123456789ab", actor=Actor(house.anna.id), at=NOON),
    )
    house.by_hand = by_hand(house, house.anna)
    order = red_order(house)
    booked = top_up(
        house.anna.id, eur(5_00), Slip("B 1", date(2026, 11, 20), "Anna", "Cash"), authorisation=ByStaff(Actor(house.dragan.id)), at=NOON
    )
    question = ask_office(house.anna.id, booked.id, "What is this?", at=NOON)
    make_sheet(house.anna.id, CODES, actor=HOUSE, at=clock())
    house.standing, house.case = written_down(house.anna, house.boris), asked_of_vera(house)
    house.account, house.payout = usable(house, house.anna), by_rule(house.anna)
    everything_noticed(house)
    house.step = passport_of(house.anna, clock())
    known_device(house.anna)
    house.browser = one("SELECT max(id) FROM browser WHERE person_id = ?", house.anna.id)[0]
    elena = Actor(house.elena.id)
    open_dossier(house.anna.id, from_day=None, to_day=None, reason="File 7", queue=False, actor=elena, at=clock())
    hold_data(house.anna.id, file_number="7", reason="File 7", actor=elena, at=clock())
    _, house.refund, house.wish = some_refunds(house)
    house.wallet, house.transfer, house.plan = something_about_wallets(house)
    house.earned = earned(house, house.anna)
    something_planned(house)
    house.order, house.booking, house.question = order.number, booked.id, question
    house.run, house.note = something_noted(house)
    return house


def address(world, rule):
    """The rule's address for what is Anna's."""
    number = world.order if "/orders/" in rule.rule else world.anna.number
    keys = {
        "link": "x",
        "number": number,
        "booking": world.booking,
        "token": "x",
        "code": "de",
        "digest": "0" * 16,
        "name": "app.css",
        "kind": "top-up",
        "network": 1,
        "account": 1,
        "word": "x",
        "base": "EUR",
        "quote": "RSD",
        "rank": 1,
        "version": 1,
        "step": "email",
        "document": 1,
        "n": 1,
        "order": world.earned,
        "note": world.note,
    }
    if "/parts/" in rule.rule:
        keys["name"] = "bookings"
    keys["kind"] = "level" if "/changes/" in rule.rule else "stop" if "/commissions/" in rule.rule else "top-up"
    keys["code"] = "main" if "wallet-kinds" in rule.rule else keys["code"]
    rows = {
        "commissions/runs/<": world.run,
        "commissions/manual/<": world.by_hand,
        "wallets/<": world.wallet,
        "office/transfers/<": world.transfer,
        "wishes": world.wish,
        "refunds": world.refund,
        "debt/<": world.plan,
        "accounts": world.account,
        "wallets/": one("SELECT id FROM wallet WHERE person_id = ?", world.anna.id)[0],
        "pay-outs": world.payout,
        "standing": world.standing,
        "asked-back": world.case,
        "transfers": world.moved,
        "requests": world.asked,
        "browsers": world.browser,
        "questions": world.question,
        "identity": world.step,
        "rights": world.clara.id,
        "people/<int:key>/networks": world.clara.id,
        "people": world.boris.id,
    }
    keys["key"] = next((key for word, key in rows.items() if word in rule.rule), 1)
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: str(keys[found[1]]), rule.rule)


def ask(browser, rule, path, headers=None):
    """The rule's own method: a form with a valid token, or a look."""
    return browser.post(path, {}, headers=headers) if "POST" in rule.methods else browser.get(path, headers=headers)


def test_every_route_is_in_one_of_the_groups():
    known = OPEN | BOTH | {rule.endpoint for rule in (*staff(), *partners(), *anybody(), *changes(), *of("charts"))}
    assert {rule.endpoint for rule in rules()} == known


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_nobody_gets_the_sign_in_page(world, headers):
    for rule in (*staff(), *partners(), *anybody(), *changes()):
        with nothing_written():
            answer = ask(Browser(), rule, address(world, rule), headers)
        assert answer.status_code == 401, names([rule])
        assert 'name="password"' in answer.text and "Anna" not in answer.text and "Maria" not in answer.text


def test_nobody_sees_no_picture(world):
    for rule in of("charts"):
        assert Browser().get(address(world, rule)).status_code == 404


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
@pytest.mark.parametrize("who", ["boris", "clara", "dragan"])
def test_what_is_annas_is_not_there_for_anybody_else(world, who, headers):
    browser = Browser(getattr(world, who))
    for rule in partners():
        if who == "boris" and not re.search("<(?!any)", rule.rule):  # his own, of one kind or another
            continue
        with nothing_written():
            answer = ask(browser, rule, address(world, rule), headers)
        assert answer.status_code == 404, names([rule])
        assert "Maria" not in answer.text and "49" not in answer.text.replace("+49", "").replace("tel:", "").partition("refusal")[2]


@pytest.mark.parametrize("who", ["clara", "dragan"])
def test_what_partners_confirm_with_is_not_there_for_staff(world, who):
    browser = Browser(getattr(world, who))
    for rule in changes():
        with nothing_written():
            answer = ask(browser, rule, address(world, rule))
        assert answer.status_code == 404, names([rule])


def test_another_partners_order_looks_like_one_that_never_was(world):
    boris = Browser(world.boris)
    for path in ("", "/payment", "/receipt", "/slip", "/goods", "/end"):
        foreign, missing = boris.get(f"/orders/{world.order}{path}"), boris.get(f"/orders/999999{path}")
        assert (foreign.status_code, foreign.text) == (missing.status_code, missing.text)
    foreign, missing = boris.get(f"/wallet/statement/{world.booking}"), boris.get("/wallet/statement/999999")
    assert (foreign.status_code, foreign.text) == (missing.status_code, missing.text) == (404, missing.text)
    refused(missing, NotFound.says, "ru", status=404)


def test_another_partners_chart_is_not_there(world):
    digest = re.search(r"/charts/(\w+)\.svg", Browser(world.anna).get("/wallet").text)[1]
    assert Browser(world.anna).get(f"/charts/{digest}.svg").status_code == 200
    for browser, query in (
        (Browser(world.boris), ""),
        (Browser(), ""),
        (Browser(world.boris), f"?of={world.anna.number}"),
        (Browser(), f"?of={world.anna.number}"),
    ):
        assert browser.get(f"/charts/{digest}.svg{query}").status_code == 404


@pytest.mark.parametrize("who", ["anna", "boris"])
def test_the_office_is_not_there_for_partners(world, who):
    browser = Browser(getattr(world, who))
    for rule in staff():
        with nothing_written():
            answer = ask(browser, rule, address(world, rule))
        assert answer.status_code == 404, names([rule])


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_who_may_read_changes_nothing_and_is_told_so(world, headers):
    clara = Browser(world.clara)
    for rule in staff():
        if rule.endpoint == READERS_TOO:
            continue
        with nothing_written():
            answer = ask(clara, rule, address(world, rule), headers)
        if rule.endpoint in MANAGED:
            assert answer.status_code == 403 and MayNotManage.says in answer.text, names([rule])
        elif "POST" in rule.methods or rule.endpoint in FOR_BOOKERS:
            assert answer.status_code == 403, names([rule])
            assert MayNotBook.says in answer.text
        else:
            assert answer.status_code == NOT_YET.get(rule.endpoint, 200), names([rule])


def test_who_reads_is_offered_nothing_that_books(world):
    clara, writes = Browser(world.clara), [rule for rule in staff() if "POST" in rule.methods and rule.endpoint != READERS_TOO]
    own = {address(world, rule) for rule in writes}
    for rule in staff():
        if "POST" not in rule.methods and not re.search("/new$|details$|top-up|questions/<|bookings/<|statements$|pdf$", rule.rule):
            page = clara.get(address(world, rule))
            assert not own & set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page.text)), names([rule])


@pytest.mark.parametrize("headers", [{}, PIECE], ids=["page", "piece"])
def test_who_may_book_sees_every_page_of_the_office_but_what_is_managed(world, headers):
    dragan = Browser(world.dragan)
    for rule in staff():
        if rule.endpoint in MANAGED:
            with nothing_written():
                answer = ask(dragan, rule, address(world, rule), headers)
            assert answer.status_code == 403 and says(answer, MayNotManage.says, "sr"), names([rule])
        elif "GET" in rule.methods:
            assert dragan.get(address(world, rule)).status_code == NOT_YET.get(rule.endpoint, 200), names([rule])


def test_who_manages_sees_every_page_of_the_office(world):
    elena = Browser(world.elena)
    for rule in staff():
        if "GET" in rule.methods:
            assert elena.get(address(world, rule)).status_code == NOT_YET.get(rule.endpoint, 200), names([rule])


def test_who_manages_books_nothing_by_it(world):
    """The three rights are apart: who may manage and not book sees everything, and changes the staff only."""
    grant(world.clara, {"read", "manage"}, actor=HOUSE, at=clock())
    clara = Browser(world.clara)
    for rule in staff():
        if rule.endpoint in (READERS_TOO, "people_office.create_rights", "payees_office.end"):  # these two are what managing is for
            continue
        with nothing_written():
            answer = ask(clara, rule, address(world, rule).replace(f"people/{world.clara.id}/", f"people/{world.dragan.id}/"))
        if rule.endpoint in MANAGED:
            assert answer.status_code in ((303, 409, 422) if "POST" in rule.methods else (NOT_YET.get(rule.endpoint, 200),)), names([rule])
        elif "POST" in rule.methods or rule.endpoint in FOR_BOOKERS:
            assert answer.status_code == 403 and MayNotBook.says in answer.text, names([rule])


@pytest.mark.parametrize("act", ["invitation", "end"])
def test_colleagues_are_for_who_manages_and_partners_for_who_books(world, act):
    grant(world.clara, {"read", "manage"}, actor=HOUSE, at=clock())
    colleague, partner = f"/office/people/{world.dragan.id}/{act}", f"/office/people/{world.boris.id}/{act}"
    with nothing_written():
        refused(Browser(world.clara).post(partner), MayNotBook.says, "en", status=403)
        refused(Browser(world.dragan).post(f"/office/people/{world.clara.id}/{act}"), MayNotManage.says, "sr", status=403)
        assert Browser(world.elena).post("/office/people/999999/end").status_code == 404

    assert Browser(world.dragan).post(partner).status_code in (200, 303)
    assert Browser(world.clara).post(colleague).status_code in (200, 303)


def test_a_colleague_who_is_a_partner_too_is_for_who_may_do_both(world):
    grant(world.anna, {"read"}, actor=HOUSE, at=clock())
    grant(world.clara, {"read", "manage"}, actor=HOUSE, at=clock())
    for who in (world.clara, world.dragan):
        with nothing_written():
            assert Browser(who).post(f"/office/people/{world.anna.id}/end").status_code == 403
    assert Browser(world.elena).post(f"/office/people/{world.anna.id}/end").status_code == 303


def test_the_partner_sees_every_page_of_his_own(world):
    anna = Browser(world.anna)
    for rule in (*partners(), *anybody(), *changes()):
        if "GET" in rule.methods:
            assert anna.get(address(world, rule)).status_code == NOT_YET.get(rule.endpoint, 200), names([rule])


def test_a_half_session_of_staff_is_nobody(world):
    for rule in (*staff(), *partners(), *anybody(), *changes()):
        half = Browser(world.dragan, confirmed=False)
        with nothing_written():
            answer = ask(half, rule, address(world, rule))
            assert (answer.status_code, answer.headers.get("Location")) in ((401, None), (303, "/sign-in/app")), names([rule])


def test_a_customer_of_another_partner_cannot_be_chosen(world):
    customer = Customer.get(Customer.partner == world.anna)
    with nothing_written():
        answer = Browser(world.boris).post(
            "/orders/new", {"key": "0123456789ab", "customer": str(customer.id), "language": "de", f"q-{world.tea.id}": "1"}
        )
    assert answer.status_code == 422
    assert "Maria" not in answer.text


def test_numbers_no_row_can_have_are_not_there(cast):
    huge = "9" * 40
    for browser, paths in (
        (Browser(cast.anna), (f"/orders/{huge}", f"/wallet/statement/{huge}", f"/orders/{huge}/payment", f"/charts/{huge}.svg", "/orders/١٠٠١", "/orders/-1")),
        (Browser(cast.dragan), (f"/office/orders/{huge}", f"/office/questions/{huge}", f"/office/bank/statements/{huge}", f"/office/partners/{huge}",
                               f"/office/partners/{cast.anna.number}/wallet/bookings/{huge}", f"/office/partners/{cast.anna.number}/wallet/bookings/0")),
    ):  # fmt: skip
        for path in paths:
            assert browser.get(path).status_code == 404, path
    assert Browser(cast.dragan).post(f"/office/people/{huge}/end").status_code == 404
    assert one("SELECT count(*) FROM person WHERE closed_at IS NOT NULL")[0] == 0
