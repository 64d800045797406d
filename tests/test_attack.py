"""A scan counts only when its probes got through: how the figures of bin/attack are judged, without any scanner."""

import re

from tests.attack.demo import Tally
from tests.attack.report import faults, per_cent, written
from tests.attack.scanners import Outcome
from tests.attack.targets import KNOWN, TARGETS, excused

LENGTH = "wapiti: SQL Injection via injection in the parameter key"


def outcome(requests=1000, reached=990, nul=0, findings=()):
    return Outcome("wapiti", "anna", 7, Tally(requests, reached, nul, ()), tuple(findings))


def test_a_scan_that_was_kept_out_is_no_scan():
    assert faults([outcome(reached=950)]) == []
    assert faults([outcome(reached=949)]) == ["wapiti as anna: only 94.9 % of its probes reached a view"]
    assert faults([outcome(requests=0, reached=0)]) == ["wapiti as anna: only 0.0 % of its probes reached a view"]


def test_probes_with_a_nul_are_told_apart():
    assert faults([outcome(reached=900, nul=100)]) == []
    assert per_cent(outcome(reached=899, nul=100)) == "99.8 %", "never rounded up"


def test_a_finding_fails_unless_it_is_known_to_be_none():
    assert faults([outcome(findings=[LENGTH])]) == []
    other = LENGTH.replace("key", "name")
    assert faults([outcome(findings=[LENGTH, other, "our own answer: 500 GET orders.index, 1 times"])]) == [
        f"anna: {other}", "anna: our own answer: 500 GET orders.index, 1 times",
    ]  # fmt: skip


def test_every_excuse_has_its_reason_and_sqlmap_looks_again_where_wapiti_is_wrong():
    assert all(len(reason) > 60 and excused("x" + pattern) == "" for pattern, reason in KNOWN)
    assert {target.path for target in TARGETS if "key" in target.fields.split(",")} >= {"/orders/new", "/orders/{order}/goods"}


def test_the_page_names_figures_and_no_day():
    page = written([outcome(findings=[LENGTH])])
    assert "| anna | wapiti | 7 | 1000 | 0 | 99.0 % | 0 | 1 | none |" in page
    assert not re.search(r"\b20\d\d-\d\d", page)


def test_only_pages_that_are_there_are_attacked(house):
    from tests.web.client import app

    facts = {"order": "1001", "partner": house.anna.number}
    adapter = app().url_map.bind("localhost")
    for target in TARGETS:
        path = target.path.format(**facts).partition("?")[0].rstrip("*")
        assert adapter.match(path, method="POST" if target.data else "GET"), target
