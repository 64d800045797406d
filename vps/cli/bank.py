"""Bank statements from the command line."""

import json
from pathlib import Path

import click

from vps.bank.actions import import_file, open_bank_account
from vps.bank.columns import Mapping
from vps.bank.csv_guess import guess
from vps.bank.models import bank_accounts
from vps.bank.paying_in import why_no_code
from vps.bank.reading import read_statements
from vps.bank.statement import UnknownFormat, to_json
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
@click.option("--columns", type=click.Path(path_type=Path), help="What the columns of a CSV mean, as JSON; without it they are guessed.")
def parse(file: Path, as_json: bool, columns: Path | None) -> None:
    """Read a bank statement (camt.053, MT940, 1CClientBankExchange, CSV, or a ZIP of them) and print what it says. Books nothing."""
    content = content_of(file)
    mapping = Mapping.of_json(_text_of(columns)) if columns else guess(content)
    statements = read_statements(content, file.name, mapping=mapping)
    if as_json:
        click.echo(json.dumps(to_json(statements)))
        return
    for statement in statements:
        click.echo(f"{statement.account} {statement.number} {statement.currency} {statement.opening} → {statement.closing}")
        for entry in statement.entries:
            click.echo(f"  {entry.n:>5} {entry.booked} {entry.amount:>14} {entry.status} {entry.counterparty_name} {entry.text[:60]}")


@bank_group.command("columns")
@click.argument("file", type=click.Path(path_type=Path))
def columns_(file: Path) -> None:
    """Guess what the columns of a CSV mean, and print it as JSON, for a person to correct."""
    mapping = guess(content_of(file))
    if mapping is None:
        raise UnknownFormat(file=file.name)
    click.echo(mapping.to_json())


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


def _text_of(file: Path) -> str:
    return content_of(file).decode("utf-8-sig", "replace")


def content_of(file: Path) -> bytes:
    """The bytes of a file named on the command line."""
    try:
        return file.read_bytes()
    except OSError as trouble:
        raise NoSuchFile(file=str(file), why=trouble.strerror or "") from trouble
