"""The archive of a dossier: each part as CSV, all of it as JSON, the walks, the pictures, documents, and a word about the methods.

Rows go through it some thousand at a time, so a hundred thousand bookings need no more memory than a hundred.
"""

import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from vps.home.discovery.asked import FETCH, Asked
from vps.home.discovery.flows import Ledger, Traced
from vps.home.discovery.picture import Facts, draw
from vps.home.discovery.sections import FILES, SECTIONS, Section
from vps.home.discovery.words import CAVEAT, EXPLAINED, METHODS, REACH, STOPPED, currencies, table
from vps.hypermedia.languages import Words
from vps.kernel.clock import instant
from vps.kernel.csvout import writing
from vps.kernel.money import Money, digits
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_
from vps.wallets.tracing import FIFO, Lots

LEVEL = 2
"""Of compression: six makes files a tenth smaller and takes three times as long."""
FOREVER = 2**62
TITLE = N_("Dossier of %(number)s %(name)s")
PERIOD, REASON, MADE = N_("Period: %(from)s to %(to)s"), N_("Reason: %(reason)s"), N_("Made on %(at)s by %(by)s")
BEGINNING, NOW = N_("the beginning"), N_("the day it was made")
FORMAT = N_(
    "Amounts are written with a point, instants in UTC. In CSV files a text that a spreadsheet would run begins with an apostrophe."
)
STEMS = {method: method.replace(" ", "-") for method in METHODS}
"""The methods in names of files."""


class About(NamedTuple):
    """A dossier's head, as its papers say it."""

    reason: str
    from_day: str
    to_day: str
    made_at: datetime
    made_by: str
    zone: str


def write_archive(file: IO[bytes], asked: Asked, about: About, words: Words) -> Traced:
    """Write the whole archive, and answer the flows that were found on the way."""
    at = about.made_at.timetuple()[:6]
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive, tempfile.TemporaryFile("w+b") as whole:
        out = _Archive(archive, at)
        everything = io.TextIOWrapper(whole, "utf-8", newline="\n")
        everything.write(json.dumps({"person": asked.called, "reason": about.reason, "from": about.from_day, "to": about.to_day})[:-1])
        for section in SECTIONS:
            _write_section(out, everything, section, asked)
        traced = _write_flows(out, everything, asked, words)
        everything.write("}\n")
        everything.flush()
        whole.seek(0)
        with out.entry("dossier.json") as entry:
            shutil.copyfileobj(whole, entry)
        for files in FILES:
            for name, content in files(asked):
                out.write(f"documents/{name}", content)
        out.write("README.txt", readme(asked, about, traced, words).encode())
    return traced


class _Archive:
    """Entries that carry the dossier's own instant: made again from the same facts, the file is the same."""

    def __init__(self, archive: ZipFile, at: tuple[int, ...]) -> None:
        self.archive, self.at = archive, at

    def entry(self, name: str) -> IO[bytes]:
        about = ZipInfo(name, self.at)  # type: ignore[arg-type]
        about.compress_type, about.external_attr = ZIP_DEFLATED, 0o600 << 16
        about._compresslevel = LEVEL  # type: ignore[attr-defined]
        return self.archive.open(about, "w", force_zip64=True)

    def text(self, name: str) -> io.TextIOWrapper:
        return io.TextIOWrapper(self.entry(name), "utf-8", newline="", write_through=False)

    def write(self, name: str, content: bytes) -> None:
        with self.entry(name) as entry:
            entry.write(content)


def plain_rows(section: Section, batch: list[Any]) -> Iterator[list[Any]]:
    """Rows as machines read them, without the key."""
    kinds = [kind for _, _, kind in section.columns]
    instants = [n for n, kind in enumerate(kinds) if kind == "at"]
    sums = [n for n, kind in enumerate(kinds) if kind == "money"]
    numbers = [n for n, kind in enumerate(kinds) if kind == "order"]
    for row in batch:
        cells = list(row[1:])
        for n in instants:
            if cells[n] is not None:
                cells[n] = instant(cells[n]).isoformat()
        for n in sums:
            cells[n] = _plain(cells[n], cells[n + 1])
        for n in numbers:
            cells[n] = order_number(cells[n])
        yield cells


def readme(asked: Asked, about: About, traced: Traced, words: Words) -> str:
    """What the archive is, and by which methods its flows were found."""
    lines = [*heading(asked, about, words), "", words.say(FORMAT), "", words.say(CAVEAT)]
    lines += [f"{words.say(METHODS[method])} ({STEMS[method]}): {words.say(EXPLAINED[method])}" for method in METHODS]
    lines += [words.say(REACH, steps=3), *([words.say(STOPPED)] if traced.stopped else [])]
    return "\r\n".join(lines) + "\r\n"


def heading(asked: Asked, about: About, words: Words) -> list[str]:
    """Whom it is about, for when, why, and who made it when."""
    return [
        words.say(TITLE, number=asked.number, name=asked.name),
        words.say(PERIOD, **{"from": _day(about.from_day, BEGINNING, words), "to": _day(about.to_day, NOW, words)}),
        words.say(REASON, reason=about.reason),
        words.say(MADE, at=words.moment(about.made_at, about.zone), by=about.made_by),
    ]


def pictures(asked: Asked, traced: Traced, words: Words) -> Iterator[tuple[str, str, Facts]]:
    """A picture of each method in each currency."""
    for method in METHODS:
        for currency in currencies(traced):
            title = f"{asked.called} · {words.say(METHODS[method])} · {currency}"
            found = table(traced, method, currency, words)
            yield method, currency, Facts(title, words.say(N_("Others")), currency, words.language, tuple(found))


def _day(day: str, otherwise: str, words: Words) -> str:
    return words.day(date.fromisoformat(day)) if day else words.say(otherwise)


def _write_section(out: _Archive, everything: io.TextIOWrapper, section: Section, asked: Asked) -> None:
    names = [name for name, _, _ in section.columns]
    everything.write(f',\n{json.dumps(section.name)}: {{"columns": {json.dumps(names)}, "rows": [')
    between, encode = "", json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with out.text(f"{section.name}.csv") as text:
        write = writing(text, names)
        for batch in section.rows(asked, 0, FOREVER):
            lines = list(plain_rows(section, batch))
            write(lines)
            if lines:
                everything.write(between + encode(lines)[1:-1])
                between = ",\n"
    everything.write("]}")


def _write_flows(out: _Archive, everything: io.TextIOWrapper, asked: Asked, words: Words) -> Traced:
    ledger = Ledger(asked)
    with out.text(f"walk-{STEMS[FIFO]}.csv") as text:
        write = writing(text, ("booking", "minor_units", "from_booking", "source", "source_name"))

        waiting: list[tuple[str | int | None, ...]] = []

        def told(booking: int, lots: Lots) -> None:
            for (source, came, _), amount in lots:
                waiting.append((booking, amount, came or None, *source))
            if len(waiting) > FETCH:
                write(waiting)
                waiting.clear()

        traced = ledger.traced({FIFO: told})
        write(waiting)
    everything.write(f',\n"flows": {json.dumps(traced.as_json(), ensure_ascii=False)}')
    with out.text("flows.csv") as text:
        write = writing(text, ("method", "source", "wallet", "end", "amount", "currency"))
        for method, currency, facts in pictures(asked, traced, words):
            write((method, *names, _plain(minor, currency), currency) for *names, minor in facts.rows)
    for method, currency, facts in pictures(asked, traced, words):
        out.write(f"flow-{currency}-{STEMS[method]}.svg", draw(facts))
    return traced


def _plain(minor: int | None, currency: str) -> str | None:
    # What `Money.plain` says, at a fifth of its cost.
    if minor is None or minor < 0:
        return None if minor is None else Money(minor, currency).plain
    places = digits(currency)
    if not places:
        return str(minor)
    figures = str(minor).rjust(places + 1, "0")
    return f"{figures[:-places]}.{figures[-places:]}"
