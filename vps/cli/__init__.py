"""Commands. Each answers --help and --lang, exits 0 when all is well, 1 when a check found problems, 2 when the input was refused."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from peewee import ImproperlyConfigured

from vps.hypermedia import catalogs
from vps.hypermedia.catalogs import catalog
from vps.hypermedia.languages import known
from vps.kernel.database import OperationalError, configure, connect, database
from vps.kernel.keys import read_keys
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.settings import Settings
from vps.post.gateway import usable
from vps.post.models import offer_sms
from vps.trust.files import use_folder

_language = ["en"]
LANG = click.option(
    "--lang",
    metavar="LANGUAGE",
    help="Language of the messages.",
    expose_value=False,
    is_eager=True,
    callback=lambda _c, _p, value: speak(value),
)


class NoDatabase(Refused):
    says = N_("There are no books here. Begin some with: vps init. Were there any? Bring them back with: vps restore")


class NotTheOwner(Refused):
    """Facts: path."""

    says = N_("%(path)s belongs to another user, and what root writes there he cannot read. Use the vps command of docs/run.md.")


class NotWritten(Refused):
    """Facts: file, why."""

    says = N_("%(file)s cannot be written: %(why)s")


class Commands(click.Group):
    """A group whose commands all take --lang, and turn refusals into one sentence and exit code 2."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        if not any(param.name == "lang" for param in cmd.params):
            LANG(cmd)
        super().add_command(cmd, name)

    group_class = type

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            click.echo(say(refusal.says, **refusal.facts), err=True)
            sys.exit(2)
        except ImproperlyConfigured:
            click.echo(say(N_("The driver of PostgreSQL is missing. “With PostgreSQL” in docs/run.md says how to install it.")), err=True)
            sys.exit(2)
        except OperationalError as trouble:
            click.echo(say(N_("The database does not answer: %(what)s"), what=str(trouble)), err=True)
            sys.exit(2)


@click.group(cls=Commands)
@LANG
@click.version_option(package_name="vps-wallet", prog_name="vps")
def main() -> None:
    """VPS, the Virtual Provisioning System: a self-hosted partner wallet."""


def speak(value: str | None) -> None:
    """Choose the language: --lang, VPS_LANG, LC_ALL, English."""
    catalogs.use(Settings.from_environment().data / "translations")
    for asked in (value, os.environ.get("VPS_LANG"), os.environ.get("LC_ALL", "").partition(".")[0]):
        if asked and known(asked):
            _language[0] = str(known(asked))
            return


def say(sentence: str, **facts: Any) -> str:
    """A sentence in the language of the command line."""
    from vps.hypermedia import formats

    text = catalog(_language[0]).gettext(sentence)
    told = {name: formats.money(fact, _language[0]) if isinstance(fact, Money) else fact for name, fact in facts.items()}
    return text % told if facts else text


def say_number(one: str, many: str, n: int, **facts: Any) -> str:
    return catalog(_language[0]).ngettext(one, many, n) % {"n": n, **facts}


def language() -> str:
    return _language[0]


def house(data_dir: Path | None = None) -> Settings:
    """Open the installation of the environment: keys and database. Raises NoKeys, NoDatabase."""
    settings = Settings.from_environment(data_dir)
    must_be_owner(settings)
    if lacks_file(settings):
        raise NoDatabase
    read_keys(settings.key_file)
    configure(settings.database_url)
    connect()
    offer_sms(usable(settings))
    use_folder(settings.data_dir)
    if not database.table_exists("schema_migration"):
        raise NoDatabase
    return settings


def lacks_file(settings: Settings) -> bool:
    """Whether the books would be in a SQLite file that is not there yet."""
    return settings.database_url.startswith("sqlite:") and not Path(settings.database_url.removeprefix("sqlite:///")).exists()


def must_be_owner(settings: Settings) -> None:
    """Raise NotTheOwner for root in somebody else's data folder: what he wrote there, the services could not read."""
    folder = settings.data_dir
    if os.geteuid() == 0 and folder.exists() and owner_of(folder) != 0:
        raise NotTheOwner(path=str(folder))


def owner_of(path: Path) -> int:
    """The id of the user whom a file or folder belongs to."""
    return path.stat().st_uid


@contextmanager
def told_why(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence."""
    try:
        yield
    except OSError as trouble:
        raise NotWritten(file=str(path), why=trouble.strerror or str(trouble)) from trouble


from vps.cli import (  # noqa: E402 - they hang their commands onto `main`
    bank,  # noqa: F401
    bench,  # noqa: F401
    books,  # noqa: F401
    commissions,  # noqa: F401
    demo,  # noqa: F401
    doctor,  # noqa: F401
    i18n,  # noqa: F401
    importing,  # noqa: F401
    keeping,  # noqa: F401
    keys,  # noqa: F401
    provisions,  # noqa: F401
    rates,  # noqa: F401
    running,  # noqa: F401
    sms,  # noqa: F401
    staff,  # noqa: F401
    trust,  # noqa: F401
)
