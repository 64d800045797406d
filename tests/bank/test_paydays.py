"""Money goes out on the company's pay days, before the cut-off, and on no day on which banks are closed."""

from datetime import UTC, date, datetime

import pytest

from vps.bank.paydays import next_pay_day, weekdays_due

TWO = 14 * 60


@pytest.mark.parametrize(
    ("weekdays", "asked", "goes"),
    [
        ("5", datetime(2026, 11, 18, 9, tzinfo=UTC), date(2026, 11, 20)),
        ("5", datetime(2026, 11, 20, 12, 59, tzinfo=UTC), date(2026, 11, 20)),
        ("5", datetime(2026, 11, 20, 13, tzinfo=UTC), date(2026, 11, 27)),
        ("15", datetime(2026, 11, 20, 13, tzinfo=UTC), date(2026, 11, 23)),
        ("5", datetime(2026, 4, 2, 9, tzinfo=UTC), date(2026, 4, 7)),
        ("5", datetime(2026, 4, 4, 9, tzinfo=UTC), date(2026, 4, 7)),
        ("5", datetime(2026, 4, 7, 13, tzinfo=UTC), date(2026, 4, 10)),
        ("7", datetime(2026, 11, 21, 9, tzinfo=UTC), date(2026, 11, 23)),
    ],
    ids=[
        "before",
        "just before the cut-off",
        "after it",
        "two days a week",
        "Good Friday",
        "within Easter",
        "after it was made up for",
        "a Sunday",
    ],
)
def test_it_goes_out_on_the_next_pay_day_whose_cut_off_is_not_over(weekdays, asked, goes):
    assert next_pay_day(weekdays, TWO, at=asked, zone="Europe/Berlin") == goes


def test_a_pay_day_on_which_banks_are_closed_is_made_up_for():
    tuesday = datetime(2026, 4, 7, 6, tzinfo=UTC)
    assert weekdays_due("5", at=tuesday, cutoff=TWO, zone="Europe/Berlin") == (date(2026, 4, 7), [5])
    assert weekdays_due("25", at=tuesday, cutoff=TWO, zone="Europe/Berlin") == (date(2026, 4, 7), [2, 5])
    assert weekdays_due("2", at=tuesday.replace(hour=12), cutoff=TWO, zone="Europe/Berlin") == (date(2026, 4, 7), [])
    assert weekdays_due("5", at=tuesday.replace(day=8), cutoff=TWO, zone="Europe/Berlin") == (date(2026, 4, 8), [])
