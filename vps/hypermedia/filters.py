"""Words templates use for money, days and instants."""

from datetime import date, datetime

from flask import Flask

from vps.hypermedia import formats
from vps.hypermedia.languages import reader, sentence, spoken
from vps.kernel.clock import day_in
from vps.kernel.money import Money
from vps.kernel.numbers import spaced


def init_filters(app: Flask) -> None:
    """`spoken`, `signed`, `day`, `month`, `percent`, `sentence`, `spaced`."""
    app.jinja_env.filters.update(
        spoken=spoken,
        signed=lambda amount: formats.money_signed(amount, reader().language),
        plain=lambda amount: amount.plain,
        day=_day,
        month=lambda value: formats.month(value, reader().language),
        percent=lambda value: formats.percent(value, reader().language),
        amount=lambda minor, currency: formats.money(Money(minor, currency), reader().language),
        sentence=sentence,
        spaced=spaced,
        iso=lambda value: value.isoformat(),
    )


def _day(value: date | datetime) -> str:
    reads = reader()
    return formats.day(day_in(value, reads.zone) if isinstance(value, datetime) else value, reads.language)
