"""Catalogs from the command line."""

import sys
from pathlib import Path

import click

from vps.cli import main, say, say_number
from vps.hypermedia.catalog_check import check, passes
from vps.hypermedia.catalog_update import update
from vps.hypermedia.catalogs import LANGUAGES
from vps.kernel.refusals import N_
from vps.kernel.settings import Settings


@main.group("i18n")
def i18n_group() -> None:
    """Translations: check and update the catalogs."""


@i18n_group.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
def check_catalogs(file: Path | None) -> None:
    """Check a .po file like `msgfmt -c`; without a file, all our catalogs and more strictly."""
    folder = Settings.from_environment().data / "translations"
    files = [file] if file else [folder / language / "LC_MESSAGES" / "messages.po" for language in LANGUAGES]
    wrong = 0
    for path in files:
        problems = check(path) if file else check(path, folder / "messages.pot")
        for problem in problems:
            click.echo(f"{path}:{problem.line}: {say(problem.says) % problem.facts}")
        wrong += bool(problems) if not file else not passes(problems)
    if not wrong:
        click.echo(say_number("%(n)s catalog is right.", "%(n)s catalogs are right.", len(files)))
    sys.exit(1 if wrong else 0)


@i18n_group.command("update")
def update_catalogs() -> None:
    """Collect the sentences of the source into the template and every catalog."""
    root = Settings.from_environment().data
    for language, missing in update(root, root / "translations").items():
        lacking = say(N_("sentences without a translation: %(n)s"), n=missing)
        click.echo(f"{language}: {lacking}")
