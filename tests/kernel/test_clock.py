"""Instants are UTC; a day or a month is somebody's, in a zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps.kernel.clock import clock, day_in, instant, micros, midnight, months_back


def test_the_clock_tells_utc():
    before = datetime.now(UTC)
    assert before <= clock() <= datetime.now(UTC)
    assert clock().tzinfo is UTC


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - the zone is drawn too
def test_an_instant_survives_the_database_to_the_microsecond(at):
    assert instant(micros(at)) == at.astimezone(UTC)
    assert instant(micros(at)).tzinfo is UTC


def test_microseconds_count_from_1970():
    assert micros(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert micros(datetime(2001, 9, 9, 1, 46, 40, 7, tzinfo=UTC)) == 10**15 + 7
    assert instant(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(("at", "zone", "day"), [
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2027, 1, 1)),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "UTC", date(2026, 12, 31)),
    (datetime(2026, 7, 1, 3, 59, tzinfo=UTC), "America/New_York", date(2026, 6, 30)),
    (datetime(2026, 7, 1, 21, 0, tzinfo=UTC), "Europe/Moscow", date(2026, 7, 2)),
])  # fmt: skip
def test_a_day_is_the_one_on_that_zones_calendar(at, zone, day):
    assert day_in(at, zone) == day


@settings(deadline=None)
@given(
    st.dates(min_value=date(1990, 1, 2), max_value=date(2090, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
)
def test_a_day_begins_at_its_midnight_and_not_a_moment_earlier(day, zone):
    begins = midnight(day, zone)

    assert begins.tzinfo is UTC
    assert day_in(begins, zone) == day
    assert day_in(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_midnight_follows_summer_time():
    assert midnight(date(2026, 1, 1), "Europe/Berlin") == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert midnight(date(2026, 7, 1), "Europe/Berlin") == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_months_back_end_with_this_one_and_cross_the_year():
    assert months_back(date(2026, 2, 28), 4) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_back(date(2026, 12, 31), 1) == [date(2026, 12, 1)]
    assert months_back(date(2026, 12, 31), 0) == []
