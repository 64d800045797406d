"""My commissions as a partner reads them, and as the office does: whose names stand there, and who may change what."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOON
from tests.commissions.earned import PLAN, earned
from tests.commissions.network import AFTER, MONTH, NEXT, booked, calculated, green_order, manager, partner_under, plan_in_force, worked
from tests.commissions.notes import booked_for
from tests.commissions.test_reversals import refund
from tests.web.client import Browser, plain
from tests.web.refusing import nothing_written, reading, refused
from vps.commissions.actions import MarkedAlready, NotMarked, approve_run, begin_due, discard_run, draft_green, set_mark
from vps.commissions.models import Run
from vps.company.actions import change_settings
from vps.company.models import LANGUAGES
from vps.hypermedia.formats import day
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import is_postgres, one, run
from vps.wallets.actions import KindFacts, NoReason, end_kind, make_kind
from vps.wallets.models import purse


@pytest.fixture
def deep(house):
    """Anna, Boris, Carla, Dora, Emil, each brought by the one before; Emil sold."""
    plan_in_force({**PLAN, "bonuses": [{"code": "deep", "kind": "unilevel", "levels": ["1", "1", "1", "1"]}]})
    house.people = [house.anna, house.boris]
    for name in ("Carla Carlsen", "Dora Dorn", "Emil Ernst"):
        house.people.append(partner_under(house.people[-1], name))
    house.order = green_order(house, house.people[-1], customer="Eva Kraus")
    draft_green(actor=HOUSE, at=clock())
    worked(clock())
    return house


def line(browser, house, n=1):
    return plain(browser.get(f"/commissions/runs/1/lines/{house.order.number}/{n}").text)


def test_names_of_the_downline_are_shortened_and_deeper_ones_are_numbers(deep):
    emil = deep.people[-1]
    boris, anna = reading(deep.boris, "en"), reading(deep.anna, "en")

    assert "Emil E. sold order" in line(boris, deep)
    assert f"Partner {emil.number} sold order" in line(anna, deep) and "Emil" not in line(anna, deep)
    assert f"Partner {emil.number}" in plain(anna.get("/commissions/runs/1").text)

    change_settings({"tree_depth": "4"}, actor=HOUSE, at=NOON)
    assert "Emil E. sold order" in line(anna, deep)
    change_settings({"tree_depth": "0"}, actor=HOUSE, at=NOON)
    assert "Emil" not in line(boris, deep)


def test_the_customer_is_named_to_nobody_above_and_the_office_reads_all_names(deep):
    for path in ("/commissions", "/commissions/runs/1", f"/commissions/runs/1/lines/{deep.order.number}/1"):
        answer = Browser(deep.anna).get(path)
        assert answer.status_code == 200 and "Kraus" not in answer.text and f"/orders/{deep.order.number}" not in answer.text

    page = reading(deep.clara, "en").get(f"/office/commissions/runs/1/partners/{deep.anna.number}/lines/{deep.order.number}/1")
    assert f"{deep.people[-1].number} Emil Ernst sold order {deep.order.number}" in plain(page.text)


def test_what_a_refund_takes_back_is_named_with_its_order_in_the_wallet(deep):
    refund(deep, 49_90)

    wallet = plain(reading(deep.boris, "en").get("/wallet").text)
    assert wallet.count(f"Commission taken back · Order {deep.order.number}<") == 1
    assert f" · {deep.order.number}<" not in wallet, "the number stands there once"


def test_of_another_partners_lines_and_of_runs_that_are_not_booked_nothing_is_there(deep):
    emil = Browser(deep.people[-1])  # who is paid nothing for his own sale
    anna, of_anna = Browser(deep.anna), f"/commissions/runs/1/lines/{deep.order.number}"
    for browser, path in (
        (emil, "/commissions/runs/1"),
        (emil, f"{of_anna}/1"),
        (anna, f"{of_anna}/2"),
        (anna, f"{of_anna}/0"),
        (anna, "/commissions/runs/1/lines/x/1"),
        (anna, "/commissions/runs/9"),
    ):
        assert browser.get(path).status_code == 404, path
    run("UPDATE commission_run SET booked_at = NULL WHERE id = 1")
    assert anna.get("/commissions/runs/1").status_code == 404 and anna.get(f"{of_anna}/1").status_code == 404
    assert "/commissions/runs/1" not in anna.get("/commissions").text
    office = f"/office/commissions/runs/1/partners/{deep.anna.number}"
    assert "<dd>not yet</dd>" in reading(deep.clara, "en").get(office).text, "before somebody approves it, he can look"
    assert Browser(deep.clara).get(f"{office}/lines/{deep.order.number}/1").status_code == 200
    run("UPDATE commission_run SET booking_at = NULL, approved_at = NULL, calculated_at = NULL WHERE id = 1")
    assert Browser(deep.clara).get(office).status_code == 404


def test_lines_and_runs_are_paged_by_key(house):
    plan_in_force()
    for _ in range(30):
        green_order(house, house.anna)
    draft_green(actor=HOUSE, at=clock())
    worked(clock())
    anna = Browser(house.anna)

    first = anna.get("/commissions/runs/1").text
    second = anna.get("/commissions/runs/1?after=25.0").text
    assert (first.count("/lines/"), second.count("/lines/")) == (25, 5)
    assert "/commissions/runs/1?after=25.0" in first and "after=" not in second

    for _ in range(26):
        green_order(house, house.anna)
        draft_green(actor=HOUSE, at=clock())
        worked(clock())
    first = anna.get("/commissions").text
    assert (first.count("/commissions/runs/"), anna.get("/commissions?before=3").text.count("/commissions/runs/")) == (25, 2)
    assert 'href="/commissions?before=3"' in first


def test_what_waits_is_told_on_the_wallet_with_its_day(house):
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        earned(house, house.anna)
        wallet = one("SELECT id FROM wallet WHERE person_id = ?", house.anna.id)[0]
        anna, boris = reading(house.anna, "en"), reading(house.boris, "en")

        assert "free on Dec 6, 2026" in plain(anna.get("/wallet").text)
        assert "commissions on purchases from which the customer can still withdraw" in plain(anna.get(f"/wallet/wallets/{wallet}").text)
        assert "free on" not in plain(boris.get("/wallet").text)


@pytest.mark.parametrize("kind", ["stop", "hold"])
def test_who_manages_sets_and_ends_a_mark_with_a_reason(house, kind):
    elena, path = Browser(house.elena), f"/office/partners/{house.anna.number}/commissions"

    answer = elena.post(f"{path}/{kind}", {"reason": "A complaint"})

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert "A complaint" in elena.get(path).text and "A complaint" in elena.get("/office/commissions/marks").text
    assert f'action="{path}/{kind}/end"' in elena.get(path).text
    assert elena.post(f"{path}/{kind}/end", {"reason": "Settled"}).status_code == 303
    assert "A complaint" not in elena.get("/office/commissions/marks").text and "Settled" in elena.get(path).text
    assert elena.post(f"{path}/nix", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_against_a_mark_is_said_at_its_form(house, language):
    elena, path = reading(house.elena, language), f"/office/partners/{house.anna.number}/commissions"
    set_mark(house.anna.id, "stop", reason="A complaint", actor=manager(house), at=clock())
    with nothing_written():
        refused(elena.post(f"{path}/stop", {"reason": "Again"}), MarkedAlready.says, language, status=409)
        refused(elena.post(f"{path}/hold/end", {"reason": "Why not"}), NotMarked.says, language, status=409)
        answer = elena.post(f"{path}/hold", {"reason": "\u00a0"})
        refused(answer, NoReason.says, language)


def test_the_list_of_marks_is_paged(house, monkeypatch):
    from vps.commissions import office_partners
    from vps.commissions.models import marks

    for module in (marks, office_partners):
        monkeypatch.setattr(module, "PAGE", 1)
    for person in (house.anna, house.boris):
        set_mark(person.id, "stop", reason=f"About {person.username}", actor=manager(house), at=clock())
    clara = Browser(house.clara)

    first = clara.get("/office/commissions/marks")

    assert "About boris" in first.text and "About anna" not in first.text and "?before=2" in first.text
    assert "About anna" in clara.get("/office/commissions/marks?before=2").text


def test_the_page_of_runs_says_which_period_is_not_begun_again_by_itself(house):
    plan_in_force()
    page, sentence = reading(house.dragan, "en"), "was discarded; it is not begun again by itself."
    change_settings({"commission_when": "month"}, actor=HOUSE, at=NOON)
    key = begin_due(at=clock())
    assert sentence not in plain(page.get("/office/commissions").text)

    discard_run(key, reason="The plan was wrong", actor=manager(house), at=clock())

    answer, this = page.get("/office/commissions"), Run.get_by_id(key)
    assert f"{day(this.since, 'en')} to {day(this.last_day, 'en')} {sentence}" in plain(answer.text)
    assert f'value="{this.since}"' in answer.text and f'value="{this.last_day}"' in answer.text, "and the form proposes it"


def test_who_discards_a_run_over_what_is_green_reads_that_another_begins_by_itself(house):
    plan_in_force(PLAN)
    green_order(house, house.boris)
    key = draft_green(actor=HOUSE, at=clock())
    dragan = reading(house.dragan, "en")
    said = "the next run over these orders begins by itself within minutes"

    assert said not in dragan.get(f"/office/commissions/runs/{key}").text
    change_settings({"commission_when": "green"}, actor=HOUSE, at=NOON)
    assert said in dragan.get(f"/office/commissions/runs/{key}").text


def test_what_went_to_the_main_wallet_because_its_kind_had_ended_says_so(house):
    make_kind("fuel", KindFacts({"en": "Fuel"}), actor=HOUSE, at=NOON)
    fuel = {"code": "l", "kind": "unilevel", "level_1": "seller", "levels": ["20"], "wallet": "fuel"}
    plan_in_force({"name": "Fuel", "currency": "EUR", "bonuses": [fuel]})
    green_order(house, house.boris)
    key = calculated(house)
    end_kind("fuel", actor=HOUSE, at=AFTER)
    approve_run(key, actor=manager(house), at=AFTER)
    worked()

    with time_machine.travel(AFTER, tick=False):
        page = plain(reading(house.boris, "en").get(f"/commissions/runs/{key}").text)

    assert purse(house.boris.id, "EUR").booked.minor == 9_98 and "9.98" in page and "Fuel" not in page


def test_a_period_that_ends_with_the_calendar_is_refused_at_its_field(house):
    plan_in_force()

    with nothing_written():
        answer = reading(house.dragan, "en").post("/office/commissions", {"since": "2026-10-01", "until": "9999-12-31"})

    assert answer.status_code == 422 and "Please enter a day, for example 2026-11-20." in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_the_wallet_names_the_days_of_a_run_as_its_reader_writes_them(house, language):
    booked_for(house)
    days = plain(f"{day(MONTH, language)} – {day(NEXT - timedelta(days=1), language)}")

    anna = reading(house.anna, language)
    (entry,) = one("SELECT id FROM booking WHERE motive = 'commission' AND credit_id = ?", purse(house.anna.id, "EUR").account)
    for path in ("/wallet", f"/wallet/statement/{entry}"):
        assert days in plain(anna.get(path).text), path


def test_lines_of_a_plan_that_would_be_refused_today_are_calculated_and_explained(house):
    plan_in_force({**PLAN, "over_100": True, "bonuses": [{"code": "all", "kind": "unilevel", "levels": ["90", "90"]}]})
    run("DROP TRIGGER commission_plan_no_update" + (" ON commission_plan" if is_postgres() else ""))
    assert run("UPDATE commission_plan SET document = replace(document, '\"over_100\": true', '\"over_100\": false')").rowcount == 1
    order = green_order(house, house.boris)
    key = booked(house)

    page = reading(house.anna, "en").get(f"/commissions/runs/{key}/lines/{order.number}/1")

    assert page.status_code == 200 and "90" in plain(page.text)
