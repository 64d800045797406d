"""Manual provisions from the command line: a proposal, which people confirm and approve in the office."""

import json
from pathlib import Path

import click

from vps.cli import house, say
from vps.cli.bank import content_of
from vps.cli.commissions import commissions_group
from vps.cli.importing import DRY, FILE, tell_mistakes
from vps.cli.rates import JSON
from vps.commissions.actions.manual import needs_second, propose
from vps.commissions.actions.manual_lines import Given, read_provisions, sums_of_lines
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.csvfile import WrongLines
from vps.kernel.refusals import N_


@commissions_group.command("provisions")
@FILE
@JSON
@DRY
def provisions(file: Path, as_json: bool, dry: bool) -> None:
    """Hand in manual provisions from a CSV file. Nothing is booked: people look at them and book them in the office.

    All of it or nothing; the same provisions are not taken a second time.

    \b
    number    the partner's, with its check digits
    amount    more than zero: 49.90
    currency  EUR
    text      what it is for: the partner reads it in his statement
    kind      short word of a kind of wallet that receives commissions; the main one when empty or left out
    """
    house()
    try:
        lines = read_provisions(content_of(file), actor=HOUSE)
    except WrongLines as refusal:
        tell_mistakes(refusal.mistakes, lambda words: click.echo(words, err=True))
        raise
    made = None if dry else propose(lines, name=file.name[-80:], actor=HOUSE, at=clock())
    _tell(lines, made, as_json=as_json)


def _tell(lines: list[Given], made: int | None, *, as_json: bool) -> None:
    sums, partners = sums_of_lines(lines), len({given.person for given in lines})
    if as_json:
        facts = {
            "id": made,
            "lines": len(lines),
            "partners": partners,
            "sums": {money.currency: money.plain for money in sums},
            "needs_second": needs_second(sums, at=clock()),
            "dry_run": made is None,
        }
        click.echo(json.dumps(facts))
        return
    click.echo(say(N_("Lines read: %(n)s"), n=len(lines)))
    click.echo(say(N_("Partners: %(n)s"), n=partners))
    for money in sums:
        click.echo(say(N_("Sum of the file in %(currency)s: %(sum)s"), currency=money.currency, sum=money))
    if made is None:
        click.echo(say(N_("This was a dry run: nothing was written.")))
    else:
        click.echo(
            say(
                N_("Handed in as no. %(number)s. Nothing was booked: somebody confirms it in the office, under “Manual provisions”."),
                number=made,
            )
        )
