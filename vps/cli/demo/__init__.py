"""A demo company on this machine: filled, shown, and put under load. Everything but `seed` refuses a database that is not a demo."""

import json
import os
import shlex
import sys

import click
import pyotp

from vps.cli import house, main, say
from vps.cli.demo.cast import COMPANY, PARTNERS, PASSWORD, STAFF
from vps.cli.demo.load import PAYERS, pay_all, prepare
from vps.cli.demo.marker import BeingSeeded, DemoKey, NotADemo, being_seeded, demo_key, open_demo
from vps.cli.demo.seed import fill, hashers
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.settings import Settings
from vps.kernel.text import identity
from vps.people.models import Person
from vps.security.actions.codes import sheet_code_matches
from vps.security.models import App, TanSheet, lowest_unused

__all__ = ["BeingSeeded", "NotADemo", "demo"]


class NoSuchPerson(Refused):
    """Facts: name."""

    says = N_("There is nobody called %(name)s in this demo.")


class NoSheet(Refused):
    """Facts: name."""

    says = N_("%(name)s has no TAN sheet in use.")


class NoApp(Refused):
    """Facts: name."""

    says = N_("%(name)s has no app whose codes the demo knows.")


@main.group("demo")
def demo() -> None:
    """A demo company to look at and play with."""


@demo.command("seed")
@click.option("--reset", is_flag=True, help="Delete the demo that is there, and make a new one.")
@click.option("--orders", default=600, hidden=True)
@click.option("--tans", default=40, hidden=True)
def seed(reset: bool, orders: int, tans: int) -> None:
    """Make the demo company, if it is not there yet."""
    settings = Settings.from_environment()
    # The helpers first: they must inherit neither the lock nor an open database.
    with hashers() as pool, being_seeded(settings) as key:
        if not open_demo(settings, key, afresh=reset):
            click.echo(say(N_("The demo company is there already. To make it anew: --reset")))
            return
        click.echo(say(N_("Setting up the demo company; this takes less than a minute ...")))
        fill(key, pool, now=clock(), orders=orders, tans=tans)
    click.echo(say(N_("The demo company is ready.")))


@demo.command("hello")
def hello() -> None:
    """Say where the demo is, who can sign in, and which TAN to try."""
    settings = house()
    key = demo_key(settings)
    address = settings.public_url or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    click.echo("")
    click.echo(say(N_("%(company)s is open: %(address)s"), company=COMPANY["name"], address=address))
    click.echo(say(N_("Partners who can sign in: %(names)s"), names=", ".join(PARTNERS)))
    click.echo(say(N_("The office, which is also asked for a code of an app: %(names)s"), names=", ".join(STAFF)))
    click.echo(say(N_("The password of all of them: %(password)s"), password=PASSWORD))
    asked, sheet = lowest_unused(_person("anna").id), TanSheet.active(_person("anna").id)
    if asked and asked.n and sheet and _is_ours(key, sheet):
        click.echo(say(N_("anna is asked for TAN no. %(n)s, which is %(code)s."), n=asked.n, code=key.code(asked.serial, asked.n)))
    click.echo(say(N_("All TANs of anna: %(command)s"), command=_command(settings, "tans anna")))
    click.echo(say(N_("A code of an app: %(command)s"), command=_command(settings, "totp dragan")))


@demo.command("tans")
@click.argument("name")
def tans(name: str) -> None:
    """Print the TANs of somebody's sheet, each with its index."""
    key = demo_key(house())
    sheet = TanSheet.active(_person(name).id)
    if sheet is None or not _is_ours(key, sheet):
        raise NoSheet(name=name)
    for n, code in enumerate(key.codes(sheet.serial, sheet.size), 1):
        click.echo(f"{n} {code}")


@demo.command("totp")
@click.argument("name")
def totp(name: str) -> None:
    """Print the code that somebody's app shows at this moment."""
    key = demo_key(house())
    person = _person(name)
    secret, app = key.app_secret(person.username), App.of(person.id)
    if app is None or keys().decrypt(app.secret, owner=f"app:{person.id}").decode() != secret:
        raise NoApp(name=name)
    click.echo(pyotp.TOTP(secret).at(clock()))


@demo.command("pay")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1, len(PAYERS)), help="Browsers at once.")
@click.option("--payments", default=200, show_default=True, type=click.IntRange(1, 2000), help="Orders to enter and pay.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the demo is served.")
def pay(clients: int, payments: int, url: str) -> None:
    """Let many partners enter orders and pay them at once, as their browsers would; prints JSON."""
    key = demo_key(house())
    outcome = pay_all(prepare(key, payments=payments, at=clock()), clients=clients, url=url)
    click.echo(json.dumps(outcome.facts()))
    sys.exit(1 if outcome.errors else 0)


def _person(name: str) -> Person:
    row = one("SELECT id FROM person WHERE username = ? OR number = ?", identity(name), name)
    if row is None:
        raise NoSuchPerson(name=name)
    person: Person = Person.get_by_id(row[0])
    return person


def _is_ours(key: DemoKey, sheet: TanSheet) -> bool:
    # The office can make sheets in a demo too, whose TANs nobody can read any more.
    return sheet_code_matches(sheet.person_id, sheet.id, 1, key.code(sheet.serial, 1))


def _command(settings: Settings, words: str) -> str:
    place = "" if os.environ.get("VPS_DATA_DIR") is None else f"VPS_DATA_DIR={shlex.quote(str(settings.data_dir))} "
    return f"{place}{shlex.quote(sys.argv[0])} demo {words}"
