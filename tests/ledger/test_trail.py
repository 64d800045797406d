"""The trail: who did what to what, from where, and what it was before; written with the deed or not at all."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, is_postgres, one, rows
from vps.kernel.refusals import Refused
from vps.ledger.actions import Sought, looked_lately, record, search_trail
from vps.ledger.actions.trail import COLUMNS, INDEXED, NEWEST, PLACE
from vps.ledger.models.rows import EVERYDAY


def test_a_line_says_who_what_from_where_and_what_it_was_before(engine):
    record(Actor(7, "192.0.2.1"), "setting changed", "setting:zone", at=NOON, before="UTC", after="Europe/Berlin")

    assert one("SELECT actor, verb, subject, before, after, address, at FROM event") == (
        *(7, "setting changed", "setting:zone", "UTC", "Europe/Berlin", "192.0.2.1", micros(NOON)),
    )


def test_the_house_itself_is_nobody(engine):
    record(HOUSE, "sealed", "books", at=NOON)

    assert rows("SELECT actor, address, before, after FROM event") == [(None, "", "", "")]


def test_what_was_refused_leaves_no_line(engine):
    @action
    def deed() -> None:
        record(HOUSE, "done", "thing:1", at=NOON)
        raise Refused

    with pytest.raises(Refused):
        deed()

    assert rows("SELECT id FROM event") == []


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNA, DRAGAN = 7, 8


@pytest.fixture
def week(engine):
    """Seven days, every hour: Anna signs in, pays an order, and Dragan sends it; on the fourth day at six he changes her rights."""
    for hour in range(7 * 24):
        at = NOON + hour * HOUR
        record(Actor(ANNA), "signed in", f"person:{ANNA}", at=at)
        record(Actor(ANNA), EVERYDAY, f"order:{hour}", at=at)
        record(Actor(DRAGAN), "order sent", f"order:{hour}", at=at)
        if hour == 3 * 24 + 6:
            record(Actor(DRAGAN), "rights changed", f"person:{ANNA}", at=at)


def everything(sought, *, most=50):
    """All lines that are found, page by page, and how many pages that takes."""
    found, before, pages = [], None, 0
    while pages == 0 or before is not None:
        lines, before = search_trail(sought, before=before, most=most)
        found, pages = found + lines, pages + 1
    return found, pages


@pytest.mark.parametrize(("sought", "count"), [
    (Sought(), 3 * 168 + 1),
    (Sought(actor=ANNA), 2 * 168),
    (Sought(verb="order sent"), 168),
    (Sought(verb=EVERYDAY), 168),
    (Sought(verb="rights changed"), 1),
    (Sought(verb="never"), 0),
    (Sought(subject=f"person:{ANNA}"), 169),
    (Sought(subject="order:3", verb=EVERYDAY), 1),
    (Sought(actor=DRAGAN, verb="rights changed"), 1),
    (Sought(actor=ANNA, verb="order sent"), 0),
    (Sought(actor=ANNA, verb=EVERYDAY, subject="order:9"), 1),
    (Sought(since=NOON + DAY, until=NOON + 2 * DAY), 72),
    (Sought(since=NOON + 6 * DAY), 72),
    (Sought(until=NOON + DAY), 72),
    (Sought(actor=DRAGAN, verb="order sent", since=NOON + DAY, until=NOON + 2 * DAY), 24),
    (Sought(since=NOON - DAY, until=NOON), 0),
    (Sought(since=NOON + 8 * DAY), 0),
])  # fmt: skip
def test_whatever_is_asked_for_is_found_newest_first_and_each_line_once(week, sought, count):
    found, _ = everything(sought, most=20)

    assert len(found) == count
    assert [line.id for line in found] == sorted({line.id for line in found}, reverse=True)
    for line in found:
        assert sought.actor in (None, line.actor) and sought.verb in ("", line.verb) and sought.subject in ("", line.subject)
        assert (sought.since is None or line.at >= sought.since) and (sought.until is None or line.at < sought.until)


def test_a_page_looks_through_a_stretch_and_says_where_the_next_begins(week, monkeypatch):
    monkeypatch.setattr("vps.ledger.actions.trail.STRETCH", 30)
    rare = Sought(actor=DRAGAN, verb="rights changed")

    first, onward = search_trail(rare, most=20)
    found, pages = everything(rare, most=20)

    assert first == [] and onward is not None, "nothing yet, and not the end"
    assert [line.verb for line in found] == ["rights changed"]
    assert pages == 1 + 169 // 30


def test_who_waited_for_his_turn_is_found_on_his_day_all_the_same(engine):
    begun, evening = NOON.replace(hour=0), NOON.replace(hour=23, minute=59)
    for at in (evening - DAY, begun, evening - DAY + timedelta(seconds=20), begun + HOUR, evening, evening + 2 * HOUR, evening - HOUR):
        record(HOUSE, "sealed", "books", at=at)

    found, _ = everything(Sought(since=begun, until=begun + DAY))

    assert sorted(line.at for line in found) == [begun, begun + HOUR, evening - HOUR, evening]


def test_an_empty_trail_has_no_lines_of_any_day(engine):
    assert search_trail(Sought(since=NOON, until=NOON + DAY), most=20) == ([], None)


def test_a_line_was_lately_written_or_was_not(engine):
    record(Actor(DRAGAN), "looked at", "person:7", at=NOON, after="wallet")

    def lately(actor=DRAGAN, subject="person:7", after="wallet", since=NOON - HOUR):
        return looked_lately(actor, subject, "looked at", after, since=since)

    assert lately()
    assert not lately(actor=ANNA) and not lately(subject="person:8") and not lately(after="details") and not lately(since=NOON)


@pytest.mark.parametrize(("where", "values", "index"), [
    ("subject = ? AND ", ("person:1",), "INDEX event_subject (subject=? AND id>? AND id<?)"),
    ("actor = ? AND ", (1,), "INDEX event_actor (actor=? AND id>? AND id<?)"),
    (f"verb = ? AND {INDEXED} AND ", ("signed in",), "INDEX event_verb (verb=? AND id>? AND id<?)"),
    ("", (), "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
])  # fmt: skip
def test_what_leads_is_an_index_and_nothing_is_sorted(sqlite, where, values, index):
    plan = " | ".join(
        row[3] for row in rows(f"EXPLAIN QUERY PLAN {COLUMNS} FROM event WHERE {where}id < ? AND id >= ? {NEWEST}", *values, 9, 1, 50)
    )

    assert index in plan and "SCAN" not in plan and "TEMP B-TREE" not in plan


def test_a_day_is_found_by_halving(sqlite):
    plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {PLACE}", 1)]

    assert [step for step in plan if "event" in step and "PRIMARY KEY" not in step] == ["SEARCH event"], (
        "the largest id, at the end of the table"
    )


def test_a_payment_writes_no_line_into_the_index_of_verbs(engine):
    if is_postgres():
        said = one("SELECT indexdef FROM pg_indexes WHERE indexname = 'event_verb' AND schemaname = current_schema()")[0]
    else:
        said = one("SELECT sql FROM sqlite_master WHERE name = 'event_verb'")[0]
    assert EVERYDAY in said
