"""Plans in the office: written in a form or as a document, tried on orders, put into force by two."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from tests.cast import NOON
from tests.commissions.network import LEVELS, green_order, plan_in_force
from tests.commissions.plans import RICH, kept
from tests.web.client import forms, plain
from tests.web.refusing import nothing_written, reading, refused, says
from vps.commissions.actions import plan_on
from vps.commissions.actions.versions import NeedsColleague, NoNote, NotAlone, NothingNew
from vps.commissions.models import Plan
from vps.commissions.plans.reading import KeyMissing, NotJson, WrongPercent
from vps.company.actions import change_settings
from vps.company.models import company
from vps.jobs.worker import do_jobs
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one
from vps.people.actions import grant
from vps.wallets.actions import KindFacts, change_kind, make_kind

NEW = "/office/commissions/plans/new"


@pytest.fixture
def office(house):
    """Elena and Dragan manage, and read English."""
    grant(house.dragan, {"read", "book", "manage"}, actor=HOUSE, at=NOON)
    house.elenas, house.dragans = reading(house.elena, "en"), reading(house.dragan, "en")
    return house


def editor(browser, path=NEW):
    """What a browser would send of the editor without pressing a button."""
    return {name: value for name, value in dict(forms(browser.get(path)))[NEW].items() if name != "press"}


def pressed(browser, fields, press, **more):
    return browser.client.post(NEW, data=fields | more | {"press": press})


def sent(answer):
    return {name: value for name, value in dict(forms(answer))[NEW].items() if name != "press"}


def document_on(answer):
    return json.loads(sent(answer)["document"])


def newest():
    return json.loads(Plan.select().order_by(Plan.version.desc()).first().document)


def test_a_first_plan_is_written_with_rows_added_and_taken_away_without_a_script(office):
    fields = editor(office.elenas) | {"name": "Ours", "bonuses[0].code": "levels", "bonuses[0].levels[0]": "20"}
    with nothing_written():
        answer = pressed(office.elenas, fields, "+bonuses[0].levels")
        answer = pressed(office.elenas, sent(answer) | {"bonuses[0].levels[1]": "2.50 EUR"}, "+ranks")
        answer = pressed(
            office.elenas, sent(answer) | {"ranks[0].code": "star", "ranks[0].needs.own": "1,000.00"}, "+bonuses", new_kind="tier"
        )
        answer = pressed(
            office.elenas, sent(answer) | {"bonuses[1].tiers[0][0]": "0", "bonuses[1].tiers[0][1]": "7.5"}, "+bonuses[1].tiers"
        )
        answer = pressed(office.elenas, sent(answer), "-bonuses[1].tiers[1]")
        answer = pressed(office.elenas, sent(answer), "check")
    text = plain(answer.text)
    assert answer.status_code == 200 and "This plan can be read." in text and 'In all</dt><dd class="total">27.5% + €2.50</dd>' in text

    refused(pressed(office.elenas, sent(answer), "keep"), NoNote.says, "en")
    done = pressed(office.elenas, sent(answer), "keep", note="our first plan")

    assert done.status_code == 303 and done.location.endswith("/office/commissions/plans/1")
    assert newest() == {
        "name": "Ours", "currency": "EUR", "ranks": [{"code": "star", "needs": {"own": "1000.00"}}],
        "bonuses": [{"code": "levels", "kind": "unilevel", "levels": ["20", {"fixed": "2.50"}]}, {"code": "tier", "kind": "tier", "tiers": [["0", "7.5"]]}],
    }  # fmt: skip
    assert "our first plan" in office.elenas.get("/office/commissions/plans").text


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_a_plan_as_it_stands_changes_nothing(office, language):
    """Every fact goes into the form and comes back, however its reader writes numbers."""
    kept(RICH)
    browser = reading(office.elena, language)

    refused(pressed(browser, editor(browser), "keep", note="x"), NothingNew.says, language)


def test_a_bonus_that_names_no_wallet_is_shown_with_the_main_one(office):
    kept(LEVELS)
    for code, facts in (("a-bonus", KindFacts({"en": "Bonus"}, position=-1)), ("z-shop", KindFacts({"en": "Shop"}, commission=False))):
        make_kind(code, facts, actor=HOUSE, at=NOON)
    fields = editor(office.elenas)
    assert fields["bonuses[0].wallet"] == "main" and "Shop" not in office.elenas.get(NEW).text

    pressed(office.elenas, fields | {"bonuses[0].wallet": "a-bonus"}, "keep", note="to the bonus wallet")

    assert newest()["bonuses"][0]["wallet"] == "a-bonus"
    change_kind("main", KindFacts({}, commission=False), actor=HOUSE, at=NOON)
    assert editor(office.elenas, f"{NEW}?from=1")["bonuses[0].wallet"] == "", "nothing is chosen where the main wallet cannot be"


def test_numbers_are_read_as_the_reader_writes_them(office):
    kept(RICH)
    german = reading(office.elena, "de")
    fields = editor(german)
    assert (fields["bonuses[0].levels[0]"], fields["bonuses[0].levels[1]"], fields["cap.payee"]) == ("7,5", "2,00 EUR", "10000,00")

    typed = {"bonuses[0].levels[0]": "8,25 %", "cap.payee": "1.250,50", "bonuses[0].levels[2]": "1,20 EUR", "bonuses[0].needs[1]": ""}
    pressed(german, fields, "keep", note="neu", **typed)

    bonus = newest()["bonuses"][0]
    assert bonus["levels"] == ["8.25", {"fixed": "2.00"}, {"fixed": "1.20"}] and "needs" not in bonus
    assert newest()["cap"]["payee"] == "1250.50"


def test_what_is_wrong_is_said_at_its_field(office):
    kept(RICH)
    fields = editor(office.elenas)
    wrong = [("bonuses[0].levels[0]", "abc"), ("cap.payee", "-5"), ("ranks[1].needs.legs.count", "x"), ("bonuses[1].volume_tiers[1][0]", "0"),
             ("name", ""), ("bonuses[4].of_bonuses", "nobody"), ("ranks[0].code", "A B"), ("bonuses[6].width", "0"), ("point_value", "0")]  # fmt: skip
    with nothing_written():
        for name, text in wrong:
            answer = pressed(office.elenas, fields | {name: text}, "check")
            (said,) = re.findall(r"<(?:input|select)[^>]*aria-invalid[^>]*>", answer.text)
            assert answer.status_code == 422, (name, text)
            assert name.startswith(field_name(said)) or field_name(said).startswith(name.rpartition("[")[0]), (name, said)
        assert says(pressed(office.elenas, fields | {"name": ""}, "keep"), KeyMissing.says, "en")
        unnamed = pressed(office.elenas, fields | {"name": ""}, "+ranks")
    assert unnamed.status_code == 200, "who only adds a row is not scolded yet"


def field_name(element):
    return unescape(re.search('name="([^"]*)"', element)[1])


def test_a_plan_that_pays_more_than_there_is_needs_a_tick(office):
    kept(LEVELS)
    fields = editor(office.elenas) | {"bonuses[0].levels[0]": "90"}
    answer = pressed(office.elenas, fields, "check")
    assert answer.status_code == 422 and "This plan can pay 105 % of an order (levels 105 %)" in plain(answer.text)

    assert pressed(office.elenas, fields, "keep", note="much", over_100="y").status_code == 303
    assert newest()["over_100"] is True
    shown = plain(office.elenas.get("/office/commissions/plans/2").text)
    assert "105%" in shown and "<td>20</td><td>90</td>" in shown and "<td>–</td><td>yes</td>" in shown
    assert 'name="over_100" value="y" checked' in office.elenas.get(NEW).text


def test_the_document_itself_can_be_edited_and_says_where_it_is_wrong(office):
    kept(LEVELS)
    answer = pressed(office.elenas, editor(office.elenas), "document")
    fields = sent(answer) | {"view": "document"}
    assert "<textarea" in answer.text and 'name="bonuses' not in answer.text

    with nothing_written():
        refused(pressed(office.elenas, fields | {"document": "{"}, "check"), NotJson.says, "en")
        refused(pressed(office.elenas, fields | {"document": '{"name": 1} x'}, "keep", note="x"), NotJson.says, "en")
        refused(pressed(office.elenas, fields | {"document": "[]"}, "check"), "an object in braces must stand here.", "en")
        wrong = json.dumps(LEVELS).replace('"20"', '"x"')
        answer = pressed(office.elenas, fields | {"document": wrong}, "check")
        refused(answer, WrongPercent.says, "en")
        assert re.search("<textarea[^>]*aria-invalid", answer.text) and "&#34;x&#34;" in answer.text
    by_rank = LEVELS | {"ranks": [{"code": "star"}], "bonuses": [LEVELS["bonuses"][0] | {"levels": {"star": ["5"]}}]}
    assert pressed(office.elenas, fields | {"document": json.dumps(by_rank)}, "keep", note="by rank").status_code == 303
    assert newest() == by_rank

    refused(pressed(office.elenas, editor(office.elenas), "keep", note="x"), NothingNew.says, "en")
    saved = office.elenas.get("/office/commissions/plans/2/document")
    assert saved.json == by_rank and "plan-2.json" in saved.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "document",
    [
        '{"name": {}, "ranks": 5, "bonuses": "x", "active": "y", "cap": [], "currency": []}',
        '{"ranks": [1, {"needs": 3}], "bonuses": [7, {"kind": []}, {"kind": "tier", "tiers": [5, [], [{}, []]]}, {"kind": "unilevel", "levels": 3}]}',
        '{"bonuses": [{"kind": "matching", "levels": [[1]], "needs": "x", "wallet": {"a": 1}, "of_bonuses": {"b": 2}}], "currency": "EURO"}',
        "[" * 5000,
    ],
)
def test_nonsense_in_the_document_is_refused_and_breaks_nothing(office, document):
    kept(LEVELS)
    fields = editor(office.elenas) | {"document": document}
    with nothing_written():
        for press in (
            "check",
            "keep",
            "fields",
            "+bonuses",
            "+ranks",
            "-ranks[0]",
            "-bonuses[1]",
            "+bonuses[2].tiers",
            "-bonuses[0].levels[0]",
            "-x",
            "+",
        ):
            typed = {
                "bonuses[2].tiers[0][0]": "1",
                "ranks[1].needs.own": "2",
                "bonuses[0].levels[0]": "3",
                "cap.payee": "4",
                "active.own": "5",
            }
            for view in ("fields", "document"):
                assert pressed(office.elenas, fields | typed, press, view=view).status_code in (200, 422)


def test_a_version_is_proposed_by_one_and_put_into_force_by_another(office):
    kept(LEVELS)
    since = day_in(clock(), "Europe/Berlin") + timedelta(days=40)
    show, plans = "/office/commissions/plans/1", "/office/commissions/plans"
    refused(office.elenas.post(f"{show}/force", {"since": since.isoformat(), "alone": "y"}), NotAlone.says, "en")
    assert office.elenas.post(f"{show}/force", {"since": since.isoformat()}).status_code == 303
    agree = f"{plans}/forces/1/agreement"
    assert agree not in office.elenas.get(plans).text and agree in office.dragans.get(plans).text
    refused(office.elenas.post(agree), NeedsColleague.says, "en")

    assert office.dragans.post(agree).status_code == 303

    assert plan_on(since).version == 1
    page = plain(office.elenas.get(show).text)
    assert office.elena.name in page and office.dragan.name in page and "agreed" in page
    trail = plain(office.elenas.get("/office/trail").text)
    assert "Commission plan proposed" in trail and "Commission plan put into force" in trail and f'href="{show}"' in trail


def test_one_alone_leaves_a_mark_for_ever_and_a_proposal_can_be_withdrawn(office):
    kept(LEVELS)
    change_settings({"plans_alone": 1}, actor=HOUSE, at=NOON)
    assert office.elenas.post("/office/commissions/plans/1/force", {"since": "2026-01-01", "alone": "y"}).status_code == 303
    office.elenas.post("/office/commissions/plans/1/force", {"since": "2027-01-01"})
    assert office.dragans.post("/office/commissions/plans/forces/2/end").status_code == 303

    page = plain(office.dragans.get("/office/commissions/plans").text)

    assert "by one person alone" in page and "In force" in page and f"Withdrawn by {office.dragan.name}" in page
    refused(office.dragans.post("/office/commissions/plans/forces/2/end"), "This was decided in the meantime", "en")


def test_a_version_is_tried_and_the_page_shows_who_would_get_what(office):
    green_order(office, office.anna, quantity=2, final_at=clock())
    plan_in_force()
    kept(LEVELS | {"bonuses": [LEVELS["bonuses"][0] | {"levels": ["25"]}]})
    today = day_in(clock(), company().zone).isoformat()
    bad = office.elenas.post("/office/commissions/plans/2/trials", {"first": today, "last": "2020-01-01"})
    refused(bad, "The last day is before the first.", "en")
    end = office.elenas.post("/office/commissions/plans/2/trials", {"first": "9999-12-31", "last": "9999-12-31"})
    assert end.status_code == 422, "no day comes after it"
    asked = office.elenas.post("/office/commissions/plans/2/trials", {"first": today, "last": today})
    assert asked.location.endswith("/trials/1")
    waits = office.elenas.get("/office/commissions/trials/1")
    assert waits.headers["Refresh"] == "2" and "It waits for its turn." in waits.text
    assert office.elenas.get("/office/commissions/trials/1/table.csv").status_code == 404

    do_jobs()

    page = plain(reading(office.clara, "en").get("/office/commissions/trials/1").text)
    for fact in ("Compared with version 1", "€24.95", "€19.96", "€4.99", "25%", "now 20%", office.anna.number):
        assert fact in page, fact
    table = office.elenas.get("/office/commissions/trials/1/table.csv")
    assert table.text.splitlines()[1:] == [f"{office.anna.number},{office.anna.name},EUR,24.95,19.96,4.99"]
    assert one("SELECT count(*) FROM event WHERE verb = 'plan tried'")[0] == 1


def test_a_trial_that_cannot_be_calculated_says_why(office):
    plan_in_force(LEVELS | {"bonuses": [LEVELS["bonuses"][0] | {"of": "points"}]})
    office.elenas.post("/office/commissions/plans/1/trials", {"first": "2026-11-01", "last": "2026-11-30"})
    do_jobs()

    answer = office.elenas.get("/office/commissions/trials/1")

    assert "what a point is worth in EUR is not known" in plain(answer.text) and "Refresh" not in answer.headers
