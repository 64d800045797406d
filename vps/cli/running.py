"""Setting an installation up and running it."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from vps.cli import house, lacks_file, language, main, must_be_owner, say, told_why
from vps.company.actions import KINDS, change_settings, remember_keys
from vps.company.models import company
from vps.jobs.worker import work
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, day_in
from vps.kernel.database import configure, connect, database, one
from vps.kernel.keys import Keys, read_keys, write_keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.schema import migrate
from vps.kernel.settings import Settings
from vps.ledger.actions import set_up
from vps.people.actions import Details, bind_passwords, invite, register_staff
from vps.people.models import RIGHTS
from vps.post.gateway import texter
from vps.post.mail import sender
from vps.post.template import BadTemplate
from vps.trust.actions.introducing import introduce


class BooksLost(Refused):
    """Facts: path."""

    says = N_(
        "The key file %(path)s is there, but its books are not. Bring them back with: vps restore. To begin new ones all the same, name the company: --company"
    )


class NoPublicUrl(Refused):
    """Facts: url."""

    says = N_("VPS_PUBLIC_URL must be like https://wallet.example.com and is: %(url)s")


class NoSuchSetting(Refused):
    """Facts: name, names."""

    says = N_("There is no setting “%(name)s”. These exist: %(names)s")


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder for the database and the keys (VPS_DATA_DIR).")
@click.option("--company", "name", help="The company's name.")
@click.option("--admin", help="Name for signing in of the first administrator.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--zone", default="Europe/Berlin", show_default=True, help="Time zone of the books.")
def init(data: Path | None, name: str | None, admin: str | None, currency: str, zone: str) -> None:
    """Make the keys, the database and the first administrator; again, it only brings the database to this release."""
    asked = Settings.from_environment(data)
    if not name and asked.key_file.exists() and not has_books(asked):
        raise BooksLost(path=str(asked.key_file))
    settings = make_house(data)
    click.echo(
        say(
            N_(
                "The key file is %(path)s. Print it and put it away, apart from the backups: without it nobody can sign in, and with it and the database anybody can."
            ),
            path=settings.key_file,
        )
    )
    if one("SELECT 1 FROM setting WHERE key = 'name'") is None:
        change_settings(
            {"name": name or "VPS", "legal_name": name or "", "currency": currency, "zone": zone, "language": language()},
            actor=HOUSE,
            at=clock(),
        )
        introduce(company().trust_start, day_in(clock(), company().zone), actor=HOUSE, at=clock())
    set_up(currency=company().currency, at=clock())
    if admin:
        person = register_staff(Details(admin, language(), company().zone, username=admin), set(RIGHTS), actor=HOUSE, at=clock())
        token = invite(person, purpose="join", actor=HOUSE, at=clock())
        click.echo(say(N_("The first administrator opens this address within 72 hours:")))
        click.echo(f"{settings.public_url or 'http://127.0.0.1:8000'}/welcome/{token}")


def make_house(data: Path | None) -> Settings:
    """Folder, key file and migrated database of an installation, made where they are missing."""
    settings = Settings.from_environment(data)
    must_be_owner(settings)
    with told_why(settings.data_dir):
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Only for books that are not there yet: others were hashed, sealed and encrypted with keys that nobody can make again.
        if not settings.key_file.exists() and not has_books(settings):
            write_keys(settings.key_file, Keys.fresh())
    read_keys(settings.key_file)
    configure(settings.database_url)
    migrate()
    remember_keys(at=clock())
    bind_passwords(at=clock())
    return settings


def has_books(settings: Settings) -> bool:
    """Whether a house was made in this database."""
    if lacks_file(settings):
        return False
    configure(settings.database_url)
    connect()
    return bool(database.table_exists("schema_migration"))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve with gunicorn: two processes of four threads. What it is to do otherwise stands in GUNICORN_CMD_ARGS."""
    settings = house()
    if settings.public_url and not urlsplit(settings.public_url).hostname:
        raise NoPublicUrl(url=settings.public_url[:100])
    program = str(Path(sys.executable).parent / "gunicorn")
    arguments = [
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
        "--no-control-socket",
        "--preload",
        # Who may say scheme and path for a visitor is decided by VPS_PROXY_PEERS alone.
        "--forwarded-allow-ips",
        "",
        "--bind",
        f"{host}:{port}",
        "wsgi:app",
    ]
    # Without this, every thread that ever hashed a password keeps the 19 MiB that took.
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "262144")
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.execv(program, [program, *arguments])  # noqa: S606 - our own program, no shell


@main.command()
def worker() -> None:
    """Send mail and text messages, prepare TAN sheets, seal the books; runs until it is stopped."""
    settings = house()
    try:
        texts = texter(settings)
    except BadTemplate as refusal:
        # The mails and the books must not wait until that is mended.
        click.echo(say(refusal.says, **refusal.facts), err=True)
        texts = None
    work(settings, sender(settings.mail_url, settings.data_dir), texts)


@main.group("settings")
def settings_group() -> None:
    """What the company says about itself."""


@settings_group.command("show")
def show_settings() -> None:
    """Every setting in force."""
    house()
    for name in KINDS:
        click.echo(f"{name}={getattr(company(), name)}")


@settings_group.command("set")
@click.argument("name")
@click.argument("value")
def set_setting(name: str, value: str) -> None:
    """Put a new value into force; the old one stays in the history."""
    house()
    if name not in KINDS:
        raise NoSuchSetting(name=name, names=", ".join(KINDS))
    change_settings({name: value}, actor=HOUSE, at=clock())
