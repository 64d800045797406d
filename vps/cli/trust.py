"""Trust levels from the command line: the set as a file, and their introduction, tried out first."""

import json
from datetime import datetime
from pathlib import Path

import click

from vps.cli import house, main, say
from vps.cli.bank import content_of
from vps.cli.findings import Findings, ill, well
from vps.cli.importing import DRY, FILE
from vps.cli.rates import JSON
from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import day
from vps.kernel.clock import clock
from vps.kernel.refusals import N_
from vps.trust.actions.introducing import introduce, must_be_possible
from vps.trust.actions.level_sets import change_set, must_fit
from vps.trust.models import LevelsUnreadable, begins, levels
from vps.trust.models.changes import changes, newest_set
from vps.trust.models.documents import read_set, readable
from vps.wallets.models.beyond import Beyond, look_over


@main.group("trust")
def trust_group() -> None:
    """Trust levels: introduce them, write them to a file, read them from one."""


@trust_group.command("introduce")
@click.option("--level", type=int, required=True, help="The level of all partners who have none: 0, 1, …")
@click.option("--from", "first", required=True, help="The day from which limits count: 2026-12-01. Until then nothing is refused.")
@JSON
@DRY
def introduce_(level: int, first: str, as_json: bool, dry: bool) -> None:
    """Begin with trust levels; --dry-run names who would be refused or have something held, by what he moved in the last 30 days."""
    house()
    begin, now, stopped, looked, given = day(first), clock(), list[Beyond](), 0, 0
    if dry:
        must_be_possible(level, begin, at=now)
        for _, found in look_over(levels(), level, now):
            looked += 1
            stopped += found
            if not as_json:
                for each in found:
                    click.echo(_line(each))
    else:
        given = introduce(level, begin, actor=HOUSE, at=now)
    if as_json:
        facts = {"level": level, "from": begin.isoformat(), "dry_run": dry, "given": given, "looked_at": looked}
        click.echo(json.dumps(facts | {"stopped": [_facts(each) for each in stopped]}, ensure_ascii=False))
    elif dry:
        click.echo(say(N_("Partners looked at: %(n)s"), n=looked))
        click.echo(say(N_("This was a dry run: nothing was written.")))
    else:
        click.echo(say(N_("Partners who begin with this level: %(n)s"), n=given))


@trust_group.command("export")
def export() -> None:
    """Print the trust levels in force as JSON."""
    house()
    click.echo(readable(levels()), nl=False)


@trust_group.command("import")
@FILE
@DRY
def import_(file: Path, dry: bool) -> None:
    """Put the trust levels of a file into force: what `vps trust export` prints, changed. A wrong line is named, and nothing is changed."""
    house()
    wanted = read_set(content_of(file).decode("utf-8", "replace"))
    base = newest_set()[0]
    try:
        told = len(changes(levels(), wanted))
    except LevelsUnreadable:
        told = len(wanted)
    if dry:
        must_fit(wanted, base)
    else:
        change_set(wanted, f"vps trust import {file.name}"[:200], base=base, sure=True, actor=HOUSE, at=clock())
    click.echo(say(N_("Changed: %(n)s"), n=told))
    if dry:
        click.echo(say(N_("This was a dry run: nothing was written.")))


def introduced(_: datetime) -> Findings:
    """Whether trust levels are in use, and can be read."""
    first = begins()
    try:
        levels()
    except LevelsUnreadable:
        yield ill(N_("The trust levels cannot be read, so nothing leaves a wallet. Put them into force again with: vps trust import"))
        return
    if first is None:
        yield well(N_("Trust levels are not introduced, so they limit nothing. Try them out with: vps trust introduce --dry-run"))
    else:
        yield well(N_("Trust levels limit what partners move from %(day)s on."), day=first)


def _line(each: Beyond) -> str:
    over = f"{each.moved} > {each.limit}" if each.limit else f"{each.times}x > {each.most}x"
    outcome = say(N_("would be held")) if each.is_held else say(N_("would be refused"))
    return f"{each.number} {each.name}: {each.rank} {each.kind} {each.window} {over} ({outcome})"


def _facts(each: Beyond) -> dict[str, object]:
    limit = each.limit.plain if each.limit else None
    return {"number": each.number, "name": each.name, "level": each.rank, "what": each.kind, "window": each.window, "moved": each.moved.plain,
            "limit": limit, "times": each.times, "most_times": each.most, "outcome": "held" if each.is_held else "refused"}  # fmt: skip
