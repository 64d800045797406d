"""The picture of flows: true to scale, whole without colours, without scripts, and never larger than a page."""

import re
from xml.etree import ElementTree

import pytest

from vps.home.discovery.picture import MOST, STYLE, TALL, Facts, draw

ROWS = (
    ("Bank · Anna", "wallet:1:EUR", "Purchases", 300_00),
    ("Bank · Anna", "wallet:1:EUR", "Pay-out", 100_00),
    ("Commission", "wallet:2:EUR", "Purchases", 100_00),
)
SVG = "{http://www.w3.org/2000/svg}"


def picture(rows, title="Flows"):
    return ElementTree.fromstring(draw(Facts(title, "Others", "EUR", "en", tuple(rows))))  # noqa: S314 - our own


def boxes(root):
    return [(found.find(f"{SVG}title").text, float(found.get("height"))) for found in root.iter(f"{SVG}rect")]


def test_boxes_are_as_tall_as_their_amounts_and_say_them():
    assert dict(boxes(picture(ROWS))) == pytest.approx({
        "Bank · Anna: €400.00": TALL * 0.8, "Commission: €100.00": TALL * 0.2, "wallet:1:EUR: €400.00": TALL * 0.8,
        "wallet:2:EUR: €100.00": TALL * 0.2, "Purchases: €400.00": TALL * 0.8, "Pay-out: €100.00": TALL * 0.2,
    }, abs=0.1)  # fmt: skip


def test_every_band_says_what_it_is_and_every_box_is_written_so_no_colour_has_to_be_told_from_another():
    root = picture(ROWS)
    said = [band.find(f"{SVG}title").text for band in root.iter(f"{SVG}path")]
    assert len(said) == 2 * len(ROWS) and set(said) == {
        "Bank · Anna → wallet:1:EUR → Purchases: €300.00", "Bank · Anna → wallet:1:EUR → Pay-out: €100.00", "Commission → wallet:2:EUR → Purchases: €100.00",
    }  # fmt: skip
    assert {"Bank · Anna", "€400.00", "Pay-out"} <= {text.text for text in root.iter(f"{SVG}text")}


def test_there_are_never_more_than_forty_boxes_and_the_rest_is_one():
    rows = [(f"Source {n:02}", f"wallet:{n % 9}", f"End {n:02}", 1_000 + n) for n in range(60)]
    root = picture(rows)
    found = boxes(root)
    assert len(found) == 40 and sum(name.startswith("Source") for name, _ in found) == MOST
    assert sum("Others" in name for name, _ in found) == 3
    assert sum(tall for _, tall in found) == pytest.approx(3 * TALL, rel=0.01), "nothing is left out"


def test_what_people_wrote_stays_text_and_nothing_in_it_runs_or_leads_away():
    name = "<script>alert(1)</script>\"&'"
    drawn = draw(Facts(name, name, "EUR", "de", ((name, name, name, 5),))).decode()
    assert "<script" not in drawn and "&lt;script&gt;" in drawn
    assert not re.search(r"href|url\(|@import|\son\w+=|<(a|image|foreignObject|use)\b", drawn)
    ElementTree.fromstring(drawn)  # noqa: S314 - our own


def test_it_has_a_dark_dress_of_its_own_and_equal_facts_are_the_same_bytes():
    facts = Facts("Flows", "Others", "EUR", "en", ROWS)
    assert "prefers-color-scheme:dark" in STYLE and draw(facts) == draw(Facts(*facts))
    assert facts.digest != facts._replace(rows=ROWS[:1]).digest
