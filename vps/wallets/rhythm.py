"""On which days a standing transfer is made: days of the company's calendar, counted from the first one."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from vps.kernel.refusals import N_

EVERY = {"once": N_("Once"), "day": N_("Every day"), "week": N_("Every week"), "month": N_("Every month")}
LAST = 31
"""The day of the month that is always its last one."""


class Rhythm(NamedTuple):
    """How often, from which day on and until which, both included. A month that has no such day has it on its last one."""

    every: str
    first_on: date
    last_on: date | None = None
    day_of_month: int | None = None

    @property
    def weekday(self) -> int | None:
        """The day of the week, Monday 1."""
        return self.first_on.isoweekday() if self.every == "week" else None

    def since(self, day: date) -> date | None:
        """The first of its days on or after `day`, if there is one."""
        start = max(day, self.first_on)
        if self.every == "once":
            found = start if start == self.first_on else None
        elif self.every == "month":
            assert self.day_of_month is not None
            found = _in_month(start, self.day_of_month)
        else:
            found = _plus(start, (self.first_on - start).days % 7 if self.every == "week" else 0)
        return None if found is None or (self.last_on and found > self.last_on) else found

    def after(self, day: date) -> date | None:
        """The first of its days after `day`, if there is one."""
        following = _plus(day, 1)
        return self.since(following) if following else None

    def between(self, first: date, last: date) -> list[date]:
        """Its days from `first` to `last`, both included."""
        found, day = [], self.since(first)
        while day and day <= last:
            found.append(day)
            day = self.after(day)
        return found


def _in_month(start: date, wanted: int) -> date | None:
    for year, month in ((start.year, start.month), (start.year + start.month // 12, start.month % 12 + 1)):
        if year <= date.max.year and (found := date(year, month, min(wanted, monthrange(year, month)[1]))) >= start:
            return found
    return None


def _plus(day: date, days: int) -> date | None:
    # The calendar of Python ends with the year 9999.
    return day + timedelta(days) if (date.max - day).days >= days else None
