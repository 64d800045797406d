"""Banking days: weekends and the six closing days of TARGET2, two of which move with Easter."""

from datetime import date

from vps.bank.days import bank_days_after, easter, is_bank_day


def test_easter_moves():
    years = {1961: (4, 2), 2000: (4, 23), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25), 2285: (3, 22)}
    assert {year: (easter(year).month, easter(year).day) for year in years} == years


def test_target2_is_closed_on_weekends_and_six_days_a_year():
    closed = [day for n in range(365) if (day := date.fromordinal(date(2026, 1, 1).toordinal() + n)).weekday() < 5 and not is_bank_day(day)]
    assert closed == [date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 12, 25)]
    assert not is_bank_day(date(2025, 12, 26))


def test_banking_days_are_counted_over_weekends_and_holidays():
    assert bank_days_after(date(2026, 11, 19), 3) == date(2026, 11, 24), "Thursday: Friday, Monday, Tuesday"
    assert bank_days_after(date(2026, 11, 21), 1) == date(2026, 11, 23), "a Saturday need not be one"
    assert bank_days_after(date(2026, 4, 2), 1) == date(2026, 4, 7), "Easter"
    assert bank_days_after(date(2026, 12, 23), 3) == date(2026, 12, 29)
    assert bank_days_after(date(2026, 11, 19), 0) == date(2026, 11, 19)
