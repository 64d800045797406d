"""Instants are UTC; zones belong to people and to the company. Nothing below the web asks the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def clock() -> datetime:
    """Now, in UTC. Only the web, the command line and the worker call this; actions take `at=`."""
    return datetime.now(UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC, as the database keeps them."""
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return EPOCH + value * MICROSECOND


def day_in(at: datetime, zone: str) -> date:
    """The calendar day of an instant for somebody in `zone` (an IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def months_back(day: date, count: int) -> list[date]:
    """The first days of the `count` months that end with the month of `day`, oldest first."""
    last = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)]
