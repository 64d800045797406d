"""On which day money leaves the company's bank: its pay days, moved to the next day on which banks work. National holidays are not known."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from vps.bank.days import DAY, is_bank_day

LONGEST = 7
"""Days by which a pay day is moved at most, Easter included."""


def pay_day(day: date) -> date:
    """The day on which what was meant for `day` goes out."""
    while not is_bank_day(day):
        day += DAY
    return day


def next_pay_day(weekdays: str, cutoff: int, *, at: datetime, zone: str) -> date:
    """When something asked for now goes out: `weekdays` as "135", `cutoff` in minutes after midnight in the company's `zone`."""
    now = at.astimezone(ZoneInfo(zone))
    first = now.date() if now.hour * 60 + now.minute < cutoff else now.date() + DAY
    days = (pay_day(first + n * DAY) for n in range(-LONGEST, LONGEST + 1) if str((first + n * DAY).isoweekday()) in weekdays)
    return min(day for day in days if day >= first)


def weekdays_due(weekdays: str, *, at: datetime, cutoff: int, zone: str) -> tuple[date, list[int]]:
    """Today, and for which of the pay days it is the day, as long as there is time until the cut-off."""
    now = at.astimezone(ZoneInfo(zone))
    today = now.date()
    if now.hour * 60 + now.minute >= cutoff:
        return today, []
    meant = (today - n * DAY for n in range(LONGEST + 1))
    return today, sorted({day.isoweekday() for day in meant if str(day.isoweekday()) in weekdays and pay_day(day) == today})
