"""Banking days: Monday to Friday without the days on which TARGET2, the payment system of the euro, is closed."""

from datetime import date, timedelta

DAY = timedelta(days=1)
CLOSED = {(1, 1), (5, 1), (12, 25), (12, 26)}
"""Month and day; Good Friday and Easter Monday move."""


def is_bank_day(day: date) -> bool:
    """Whether banks settle on this day."""
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED and day - easter(day.year) not in (-2 * DAY, DAY)


def bank_days_after(day: date, count: int) -> date:
    """The `count`-th banking day after `day`, which itself need not be one."""
    while count > 0:
        day += DAY
        count -= is_bank_day(day)
    return day


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Gauss as Meeus and Jones write it."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leaps, over = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * over + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
