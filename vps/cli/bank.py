"""Bank statements from the command line."""

import json
from pathlib import Path

import click

from vps.bank.actions import import_file, open_bank_account
from vps.bank.camt import read_statements
from vps.bank.models import bank_accounts
from vps.bank.paying_in import why_no_code
from vps.bank.statement import to_json
from vps.cli import house, main, say, say_number
from vps.kernel.authorisation import HOUSE
from vps.kernel.cells import currency as currency_of
from vps.kernel.clock import clock
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_, Refused


class NoSuchFile(Refused):
    """Facts: file, why."""

    says = N_("%(file)s cannot be read: %(why)s")


@main.group("bank")
def bank_group() -> None:
    """Bank statements: read them, book them."""


@bank_group.command("account")
@click.argument("number")
@click.argument("currency")
@click.option("--name", default="", help="What people call it.")
def account(number: str, currency: str, name: str) -> None:
    """Set up an account of the company at its bank: its IBAN (or what the country has instead) and its currency."""
    house()
    open_bank_account(number, currency_of(currency), name=name, actor=HOUSE, at=clock())
    for each in bank_accounts():
        click.echo(f"{spaced(each.number)} {each.currency} {each.name}".rstrip())
        if reason := why_no_code(each):
            click.echo(f"  {say(reason.says, **reason.facts)}")


@bank_group.command("parse")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def parse(file: Path, as_json: bool) -> None:
    """Read a camt.053 file, or a ZIP of them, and print what it says. Books nothing."""
    statements = read_statements(content_of(file), file.name)
    if as_json:
        click.echo(json.dumps(to_json(statements)))
        return
    for statement in statements:
        click.echo(f"{statement.account} {statement.number} {statement.currency} {statement.opening} → {statement.closing}")
        for entry in statement.entries:
            click.echo(f"  {entry.n:>5} {entry.booked} {entry.amount:>14} {entry.status} {entry.counterparty_name} {entry.text[:60]}")


@bank_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Book a bank statement. Importing it twice books nothing twice."""
    house()
    outcome = import_file(content_of(file), file.name, at=clock())
    if outcome.statements:
        click.echo(say_number("%(n)s line was booked.", "%(n)s lines were booked.", outcome.lines))
        click.echo(say(N_("Lines that found their place: %(n)s"), n=outcome.matched))
    else:
        click.echo(say(N_("This statement had been booked before. Nothing was booked again.")))


def content_of(file: Path) -> bytes:
    """The bytes of a file named on the command line."""
    try:
        return file.read_bytes()
    except OSError as trouble:
        raise NoSuchFile(file=str(file), why=trouble.strerror or "") from trouble
