"""The trail's page: everything has words, everything leads on, and it is found by who, whom, what and day."""

import ast
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.cast import CODES, red_order, sheet_of
from tests.web.client import Browser, app, asked_index, plain
from tests.web.refusing import READERS, reading, refused
from vps.home.forms import AboutNobody, NobodyDidIt, NoSuchOrder, NotThatDay, OneOfTheTwo
from vps.home.trail import VERBS, told
from vps.hypermedia.languages import read_by
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import run
from vps.ledger.actions import Sought, record, search_trail
from vps.people.actions import grant
from vps.security.actions import freeze, lift_freeze

SOURCE = Path(__file__).parents[2] / "vps"


def verbs():
    """Every verb that the source hands to a function which takes one: (file, verb), or (file, None) where it is not written out."""
    trees = {file: ast.parse(file.read_text()) for file in sorted(SOURCE.rglob("*.py"))}
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    takes = {node.name: names.index("verb") for node in functions if "verb" in (names := [each.arg for each in node.args.args])}
    handed_on = {id(node) for outer in functions if outer.name in takes for node in ast.walk(outer)}
    for file, tree in trees.items():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in takes or len(call.args) <= takes[call.func.id]:
                continue
            given = call.args[takes[call.func.id]]
            if not (isinstance(given, ast.Name) and id(call) in handed_on):
                for each in [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]:
                    yield file.relative_to(SOURCE).as_posix(), each.value if isinstance(each, ast.Constant) else None


def test_whatever_the_code_writes_into_the_trail_has_words():
    found = list(verbs())

    assert {verb for _, verb in found} >= {"order paid", "signed in", "new browser", "statement imported", "looked at", "product made"}
    assert [(file, verb) for file, verb in found if verb not in VERBS] == []


def lines(answer):
    """The page's lines as (what, about), and the rest of each as text."""
    found = []
    for item in re.findall(r'<li class="entry"><div>(.*?)</div></li>', answer.text, re.S):
        what, rest = re.match(r"<b>(.*?)</b> · (.*)", item, re.S).groups()
        about, _, more = rest.partition("<br>")
        found.append((what, re.sub("<.*?>", "", unescape(about)), plain(" ".join(re.sub("<.*?>", " ", unescape(more)).split()))))
    return found


def shown(browser, **asked):
    answer = browser.get("/office/trail", query_string=asked)
    assert answer.status_code == 200
    return [(what, about) for what, about, _ in lines(answer)]


@pytest.fixture
def elena(house):
    """Elena reads English, so that the tests can."""
    run("UPDATE person SET language = 'en', zone = 'Europe/Berlin' WHERE id = ?", house.elena.id)
    return reading(house.elena, "en")


def test_a_line_says_what_about_whom_by_whom_from_where_and_what_it_was_before(house, elena):
    grant(house.clara, {"read", "book"}, actor=Actor(house.elena.id, "192.0.2.9"), at=clock())

    what, about, more = lines(elena.get("/office/trail"))[0]

    assert (what, about) == ("Rights changed", "clara Clara Stein")
    assert more.startswith("May read → May book, May read") and more.endswith("elena Елена Крылова · 192.0.2.9")


def test_orders_and_partners_can_be_opened_from_their_lines(house, elena):
    order = red_order(house)
    freeze(house.anna.id, actor=HOUSE, at=clock())

    page = elena.get("/office/trail").text

    assert f'<a href="/office/orders/{order.number}">Order {order.number}</a>' in page
    assert f'<a href="/office/partners/{house.anna.number}">{house.anna.number} Anna Bauer</a>' in page


def test_amounts_and_colours_are_said_in_words(house, elena):
    sheet_of(house.anna, clock())
    order, anna = red_order(house), Browser(house.anna)
    anna.pay(order.number, CODES[asked_index(anna.get(f"/orders/{order.number}/payment")) - 1])

    said = {what: more for what, _, more in lines(elena.get("/office/trail", query_string={"order": order.number}))}

    assert said["Order entered"].startswith("€49.90 ") and said["Order paid"].startswith("not paid → ready ")


def test_it_is_found_by_who_whom_which_order_what_and_all_of_them(house, elena):
    order = red_order(house)
    freeze(house.anna.id, actor=Actor(house.clara.id), at=clock())
    freeze(house.boris.id, actor=Actor(house.clara.id), at=clock())
    lift_freeze(house.anna.id, actor=Actor(house.dragan.id), at=clock())
    anna, boris = f"{house.anna.number} Anna Bauer", f"{house.boris.number} Борис Волков"

    assert shown(elena, who="Clara") == [("Wallet frozen", boris), ("Wallet frozen", anna)]
    assert shown(elena, who="clara", about=house.anna.number) == [("Wallet frozen", anna)]
    assert shown(elena, about="boris", what="wallet frozen") == [("Wallet frozen", boris)]
    assert shown(elena, order=order.number) == [("Order entered", f"Order {order.number}")]
    assert shown(elena, who=house.anna.number) == [("Order entered", f"Order {order.number}")]
    assert shown(elena, what="wallet unfrozen") == [("Freeze lifted", anna)]
    assert shown(elena, who="dragan", what="wallet frozen") == []


def test_a_day_is_the_readers(house, elena):
    for minutes in (30, 50, 70):
        record(HOUSE, "setting changed", f"setting:{minutes}", at=datetime(2030, 3, 10, 22, tzinfo=UTC) + timedelta(minutes=minutes))

    # 22:30, 22:50 and 23:10 in UTC are 23:30, 23:50 in Berlin, and the next day there.
    assert [about for _, about in shown(elena, day="2030-03-10", what="setting changed")] == ["Setting 50", "Setting 30"]
    assert [about for _, about in shown(elena, day="2030-03-11", what="setting changed")] == ["Setting 70"]


def test_fifty_lines_are_a_page_and_the_next_goes_on_with_what_was_asked_for(house, elena):
    for n in range(60):
        record(Actor(house.clara.id), "setting changed", f"setting:{n}", at=clock())

    first = elena.get("/office/trail", query_string={"who": "clara", "what": "setting changed"})
    older = unescape(re.search(r'<a href="([^"]+)" rel="next"', first.text)[1])
    second = elena.get(older)

    assert [about for _, about, _ in lines(first)] == [f"Setting {n}" for n in range(59, 9, -1)]
    assert [about for _, about, _ in lines(second)] == [f"Setting {n}" for n in range(9, -1, -1)]
    assert "rel=" not in second.text.partition('<ul class="rows">')[2]


def test_a_part_without_a_find_says_that_there_is_more(house, elena, monkeypatch):
    monkeypatch.setattr("vps.ledger.actions.trail.STRETCH", 3)
    for n in range(9):
        record(Actor(house.clara.id), "setting changed", f"setting:{n}", at=clock())

    page = elena.get("/office/trail", query_string={"who": "clara", "what": "wallet frozen"}).text

    assert "Older parts were not looked through yet." in page and 'rel="next"' in page
    assert "Nothing was found." in elena.get("/office/trail", query_string={"what": "payment recalled"}).text


@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize(("asked", "refusal"), [
    ({"who": "nobody"}, NobodyDidIt),
    ({"about": "1000000"}, AboutNobody),
    ({"order": "12"}, NoSuchOrder),
    ({"order": "1001", "about": "anna"}, OneOfTheTwo),
    ({"day": "1066-10-14"}, NotThatDay),
    ({"day": "9999-12-31"}, NotThatDay),
])  # fmt: skip
def test_what_cannot_be_looked_for_is_said_at_its_field(house, language, asked, refusal):
    refused(reading(house.elena, language).get("/office/trail", query_string=asked), refusal.says, language)


@pytest.mark.parametrize(
    "asked",
    [
        {"day": "yesterday"},
        {"what": "nonsense"},
        {"before": "x"},
        {"before": "9" * 30},
        {"_external": "1", "_anchor": "x"},
        {"who": "x" * 400},
    ],
)
def test_nonsense_in_the_address_harms_nothing(house, elena, asked):
    assert elena.get("/office/trail", query_string=asked).status_code in (200, 422)


def test_a_line_of_another_release_is_shown_as_it_is(house):
    record(HOUSE, "something new", "planet:mars", at=clock())
    record(HOUSE, "something new", "person:999999", at=clock())

    with app().test_request_context():
        read_by("en", "UTC")
        (nobody, mars) = told(search_trail(Sought(verb="something new"), most=2)[0])

    assert (mars.what, mars.about, mars.link, nobody.about) == ("something new", "planet:mars", "", "person:999999")
    assert mars.small.endswith(" · the system")
