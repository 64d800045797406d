"""The tree of sponsors on pages: the office walks it and moves partners, a partner sees his own team and nobody else."""

import re
from datetime import timedelta

import pytest

from tests.people.forest import brought, line
from tests.web.client import PIECE, Browser, field, forms, plain
from tests.web.refusing import nothing_written, reading, refused
from vps.company.actions import change_settings
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.people.actions import close_person, move_partner
from vps.people.actions.tree import NotBackThen, SponsorBelow, today
from vps.people.models.tree import sponsor_of
from vps.wallets.actions import open_wallet


@pytest.fixture
def forest(house):
    """Uma brought Vera, who brought Zora, who brought Yana; the office reads English."""
    house.uma, house.vera, house.zora, house.yana = line("Uma Ulm", "Vera Vogt", "Zora Zeman", "Yana Young")
    house.elenas = reading(house.elena, "en")
    return house


def place(person, end=""):
    return f"/office/tree/{person.number}{end}"


def test_the_office_finds_a_partner_and_walks_up_and_down(forest):
    clara = reading(forest.clara, "en")
    found = clara.get("/office/tree?q=vera")
    assert f'href="{place(forest.vera)}"' in found.text
    assert "Nobody was found." in clara.get("/office/tree?q=nix").text

    page = clara.get(place(forest.zora)).text
    above = page.partition('<nav class="links" aria-label="Whoever stands above">')[2].partition("</nav>")[0]
    assert re.findall(r'href="/office/tree/(\w+)"', above) == [forest.uma.number, forest.vera.number]
    assert "Yana Young" in page and "Vera Vogt" not in page.partition("</nav>")[2].partition('<ul class="tree">')[2]

    piece = clara.get(place(forest.vera), headers=PIECE).text
    assert piece.startswith(f'<li id="p{forest.vera.number}">') and piece.rstrip().endswith("</li>")
    assert f'data-hx-get="{place(forest.zora)}"' in piece
    assert "data-hx-get" not in clara.get(place(forest.zora), headers=PIECE).text, "Yana brought nobody, so there is nothing to open"


def test_who_manages_sees_who_comes_along_and_then_moves(forest):
    path, elena = place(forest.zora, "/move"), forest.elenas
    close_person(forest.yana, actor=HOUSE, at=clock())
    open_wallet(forest.zora.id, "EUR", at=clock())
    typed = dict(forms(elena.get(path)))[path] | {"sponsor": forest.anna.number, "reason": "Both asked for it"}
    with nothing_written():
        shown = elena.client.post(path, data=typed)
    text = plain(shown.text)
    assert shown.status_code == 200 and "Come along" in text and f"{forest.vera.number} Vera Vogt" in text
    assert sponsor_of(forest.zora.id, today(clock())).id == forest.vera.id

    assert elena.client.post(path, data=dict(forms(shown))[path]).headers["Location"] == place(forest.zora)

    page = elena.get(place(forest.zora)).text
    assert "Both asked for it" in page and "Елена Крылова" in page and "closed" in page
    assert f"{forest.anna.number} Anna Bauer" in plain(elena.get(f"/office/partners/{forest.zora.number}").text)
    assert "Given to another sponsor" in elena.get("/office/trail").text
    mine = reading(forest.zora, "en").get("/me/history").text
    assert f"{forest.vera.number} Vera Vogt → {forest.anna.number} Anna Bauer" in plain(mine)


def test_what_cannot_be_is_said_at_its_field_with_all_that_was_typed(forest):
    path = place(forest.vera, "/move")
    typed = {"sponsor": forest.yana.number, "since": today(clock()).isoformat(), "reason": "r"}
    with nothing_written():
        answer = forest.elenas.post(path, typed)
        circle = " → ".join(each.number for each in (forest.vera, forest.yana, forest.zora, forest.vera))
        assert answer.status_code == 422 and SponsorBelow.says % {"circle": circle} in plain(answer.text)
        assert field(answer, "sponsor") == forest.yana.number
        refused(forest.elenas.post(path, typed | {"since": "2020-01-01", "confirmed": "1"}), NotBackThen.says, "en")


def test_a_partner_sees_his_own_team_as_deep_as_the_company_lets_him(forest):
    uma = reading(forest.uma, "en")
    change_settings({"tree_depth": 2}, actor=HOUSE, at=clock())

    assert "/me/team" in uma.get("/more").text
    page = uma.get("/me/team").text
    assert "Vera V." in page and "Vogt" not in page and "down to 2 levels" in page
    assert "Zora Z." in uma.get(f"/me/team/{forest.vera.number}", headers=PIECE).text
    for person in (forest.zora, forest.yana, forest.anna):
        assert uma.get(f"/me/team/{person.number}").status_code == 404, "too deep, or another's"
    assert Browser(forest.vera).get(f"/me/team/{forest.uma.number}").status_code == 404, "above"
    lowest = uma.get(f"/me/team/{forest.vera.number}", headers=PIECE).text
    assert "data-hx-get" not in lowest and lowest.count("directly below") == 1, "nothing deeper is offered, nor how many there are"

    change_settings({"tree_depth": 0}, actor=HOUSE, at=clock())
    assert uma.get("/me/team").status_code == 404
    assert "/me/team" not in uma.get("/more").text


def test_whoever_was_moved_is_seen_by_his_new_line_only(forest):
    given = {"sponsor": forest.anna.number, "reason": "r", "actor": Actor(forest.elena.id), "at": clock()}
    move_partner(forest.zora, since=today(clock()), **given)
    uma, anna = reading(forest.uma, "en"), reading(forest.anna, "en")
    path = f"/me/team/{forest.zora.number}"
    assert (uma.get(path).status_code, anna.get(path).status_code) == (404, 200)

    move_partner(forest.zora, since=today(clock()) + timedelta(1), **given | {"sponsor": forest.vera.number})
    assert (uma.get(path).status_code, anna.get(path).status_code) == (404, 200), "not before tomorrow"


def test_a_large_team_comes_page_by_page(forest):
    brought(forest.yana, *(f"Nr {n}" for n in range(26)))
    yana = reading(forest.yana, "en")
    onward = re.search(r'href="(/me/team/\w+\?after=\w+)"', yana.get("/me/team").text)[1]
    pages = yana.get("/me/team").text, yana.get(onward, headers=PIECE).text
    assert [len(re.findall('<li id="p', page)) for page in pages] == [1 + 25, 1 + 1]
    assert onward not in pages[1]


def test_who_manages_sets_how_deep_partners_see(forest):
    assert forest.elenas.post("/office/tree/settings/depth", {"depth": "5"}).status_code == 303
    assert company().tree_depth == 5
    for wrong in ("101", "-1", "x", ""):
        assert forest.elenas.post("/office/tree/settings/depth", {"depth": wrong}).status_code == 422
    assert "So many levels of his own team a partner sees: 5" in reading(forest.clara, "en").get("/office/tree").text
    assert one("SELECT count(*) FROM setting WHERE key = 'tree_depth'")[0] == 1
