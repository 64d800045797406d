"""Words templates use for money, days and instants."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

from vps.hypermedia import formats
from vps.hypermedia.languages import reader, sentence, spoken
from vps.kernel.clock import day_in
from vps.kernel.money import Money
from vps.kernel.numbers import spaced


def init_filters(app: Flask) -> None:
    """`spoken`, `signed`, `day`, `month`, `percent`, `sentence`, `spaced`; and `url_for`, remembered."""
    app.jinja_env.globals["url_for"] = address
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


def address(endpoint: str, **values: Any) -> str:
    """What Flask's `url_for` says: every page asks for the same few addresses, and building one takes ten times as long as knowing it."""
    if endpoint.startswith(".") or "_external" in values:  # these depend on the page that asks, or on its host
        return url_for(endpoint, **values)
    return _address(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=2_000)
def _address(_: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    # The first argument is where the app is mounted, which is a part of the answer.
    return url_for(endpoint, **dict(values))


def _day(value: date | datetime) -> str:
    reads = reader()
    return formats.day(day_in(value, reads.zone) if isinstance(value, datetime) else value, reads.language)
