"""On which days standing transfers are made; and refusals that are kept to be said later."""

from datetime import UTC, date, datetime

import pytest

from vps.kernel.money import Money
from vps.kernel.refusals import Phrase, Refused
from vps.wallets.kept import facts_of, kept
from vps.wallets.rhythm import LAST, Rhythm


def day(text):
    return date.fromisoformat(text)


def days(every, first, until, *, last=None, of_month=None):
    rhythm = Rhythm(every, day(first), last and day(last), of_month)
    return [str(each) for each in rhythm.between(day(first), day(until))]


@pytest.mark.parametrize(
    ("every", "first", "of_month", "made"),
    [
        ("once", "2028-02-29", None, ["2028-02-29"]),
        ("day", "2028-02-28", None, ["2028-02-28", "2028-02-29", "2028-03-01", "2028-03-02"]),
        ("day", "2027-02-28", None, ["2027-02-28", "2027-03-01", "2027-03-02"]),
        ("week", "2028-02-24", None, ["2028-02-24", "2028-03-02"]),
        ("month", "2027-12-31", LAST, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        ("month", "2027-01-30", 30, ["2027-01-30", "2027-02-28", "2027-03-30"]),
        ("month", "2027-01-29", 29, ["2027-01-29", "2027-02-28", "2027-03-29"]),
        ("month", "2028-01-29", 29, ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ("month", "2027-11-15", LAST, ["2027-11-30", "2027-12-31", "2028-01-31"]),
    ],
)
def test_the_days_of_a_rhythm_are_days_of_the_calendar(every, first, of_month, made):
    assert days(every, first, "9999-12-31", of_month=of_month, last=made[-1]) == made


def test_it_ends_with_its_last_day_and_with_the_calendar():
    assert days("week", "2026-12-01", "2027-12-31", last="2026-12-14") == ["2026-12-01", "2026-12-08"]
    assert days("day", "2026-12-01", "2027-12-31", last="2026-11-30") == []
    assert days("month", "9999-11-30", "9999-12-31", of_month=30) == ["9999-11-30", "9999-12-30"]
    assert days("week", "9999-12-30", "9999-12-31") == ["9999-12-30"]
    assert Rhythm("day", date.max).after(date.max) is None
    assert Rhythm("once", day("2026-12-01")).since(day("2026-12-02")) is None


class Odd(Refused):
    says = "%(money)s %(at)s %(day)s %(word)s %(n)s %(text)s"


def test_a_refusal_that_is_kept_is_said_with_the_same_facts():
    at = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    facts = {"money": Money(-5, "JPY"), "at": at, "day": at.date(), "word": Phrase("Once"), "n": 3, "text": "Once"}

    again = kept(Odd(**facts))

    assert again["says"] == Odd.says and facts_of(again) == facts
    assert [type(fact) for fact in facts_of(again).values()] == [Money, datetime, date, Phrase, int, str]
