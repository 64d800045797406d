"""Exchange rates from the command line."""

import json
from functools import partial
from pathlib import Path

import click

from vps.cli import house, main, say
from vps.cli.bank import content_of
from vps.cli.importing import DRY, FILE, tell_mistakes
from vps.company.actions import compared, import_rates
from vps.company.models import company, rates_in_force
from vps.company.rates_file import read_rates
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, day_in
from vps.kernel.csvfile import WrongLines
from vps.kernel.rates import plain_rate
from vps.kernel.refusals import N_

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@main.group("rates")
def rates_group() -> None:
    """Exchange rates: read them from a file, list them."""


@rates_group.command("import")
@FILE
@JSON
@DRY
def import_(file: Path, as_json: bool, dry: bool) -> None:
    """Put the rates of a file into force: a CSV, or eurofxref-daily.xml of the European Central Bank (also eurofxref-hist-90d.xml).

    All of it or nothing, and importing it again changes nothing.

    \b
    base        EUR
    quote       RSD
    rate        what one EUR is in RSD: 117.25, with nine decimals at the most
    valid_from  first day: 2026-11-20
    valid_to    last day; may be empty or left out
    """
    house()
    try:
        given = read_rates(content_of(file))
    except WrongLines as refusal:
        tell_mistakes(refusal.mistakes, lambda words: click.echo(words, err=True))
        raise
    import_or_look = compared if dry else partial(import_rates, actor=HOUSE, at=clock())
    done = import_or_look(given.rates, source=given.source)
    if as_json:
        facts = {"source": given.source, "new": len(done.new), "known": done.known, "skipped": given.skipped, "dry_run": dry}
        click.echo(json.dumps(facts))
        return
    click.echo(say(N_("New: %(n)s"), n=len(done.new)))
    click.echo(say(N_("Unchanged: %(n)s"), n=done.known))
    if given.skipped:
        click.echo(say(N_("Passed over, because the currency is unknown here: %(n)s"), n=given.skipped))
    if dry:
        click.echo(say(N_("This was a dry run: nothing was written.")))


@rates_group.command("list")
@JSON
def list_(as_json: bool) -> None:
    """The rates that count today."""
    house()
    found = rates_in_force(day_in(clock(), company().zone))
    if as_json:
        click.echo(
            json.dumps(
                [
                    {"base": each.base, "quote": each.quote, "rate": plain_rate(each.rate), "valid_from": each.valid_from.isoformat(),
                     "valid_to": each.valid_to.isoformat() if each.valid_to else None, "source": each.source}
                    for each in found
                ]
            )
        )  # fmt: skip
        return
    for each in found:
        click.echo(f"{each.base}/{each.quote} {plain_rate(each.rate)} {each.valid_from} – {each.valid_to or '…'} {each.source}")
