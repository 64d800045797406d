"""The day on which a commission becomes free, for whoever sold in whatever zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vps.commissions.models.inputs import free_on
from vps.kernel.clock import micros

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 4), date(2026, 10, 25), date(2027, 1, 1)])
def test_a_day_begins_at_midnight_whatever_the_zone(zone, day):
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    before, after = (free_on(micros(at), None, zone, 14, 4) for at in (midnight - MOMENT, midnight))

    assert date.fromordinal(after) == day + timedelta(days=4 + 14 + 1)
    assert before == after - 1


def test_a_known_delivery_goes_before_an_assumed_one():
    sold, delivered = (micros(datetime(2026, 11, day, 12, tzinfo=ZoneInfo("UTC"))) for day in (1, 3))

    assert date.fromordinal(free_on(sold, delivered, "Europe/Berlin", 14, 4)) == date(2026, 11, 18)
