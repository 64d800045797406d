"""Taking a company over: products, partners, orders and opening balances from CSV files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click

from vps.cli import house, main, say
from vps.cli.bank import content_of
from vps.kernel.clock import clock
from vps.kernel.csvfile import Mistake, Outcome, WrongLines
from vps.kernel.refusals import N_
from vps.orders.actions.take_over import take_over_balances, take_over_partners, take_over_products
from vps.orders.actions.take_over_orders import take_over_orders
from vps.people.actions.tree_file import take_over_tree

MOST_SHOWN = 100
"""Mistakes that are told one by one."""


class Import(Protocol):
    """One of the imports: a file's bytes in, what was done out."""

    def __call__(self, content: bytes, *, at: datetime, dry: bool) -> Outcome: ...


FILE = click.argument("file", type=click.Path(path_type=Path))
DRY = click.option("--dry-run", "dry", is_flag=True, help="Check the file and show what would be done; write nothing.")


@main.group("import")
def import_group() -> None:
    """Take a company over from CSV files: UTF-8, a header row, ',' or ';', amounts like 1234.50, days like 2026-11-20.

    A file is imported whole or not at all, and importing it again changes nothing.
    """


@import_group.command("products")
@FILE
@DRY
def products(file: Path, dry: bool) -> None:
    """The catalogue. A known code is changed where the file differs; orders keep the prices they have.

    \b
    code      what the product is called in lists and in the file of orders
    name      what customers read
    price     gross, more than zero: 49.90
    currency  EUR
    points    for commission, a whole number
    tax_rate  in percent: 19 or 7.7
    offered   yes or no; may be left out
    """
    _import(take_over_products, file, dry)


@import_group.command("partners")
@FILE
@DRY
def partners(file: Path, dry: bool) -> None:
    """Partners, each with an empty wallet. A known partner is changed where the file differs; an empty cell changes nothing.

    \b
    name       needed; all others may be empty or left out
    number     with its check digits; else the next one is given
    bank_name  as the bank writes it; else the name
    sponsor    the sponsor's number, here or anywhere in the file
    language   en, de, ru, hr, sr or sr_Latn; else the company's
    zone       Europe/Berlin; else the company's
    email
    phone      with country code
    username   for signing in; else the number
    trust_level  0, 1, … as in the trust levels in force
    """
    _import(take_over_partners, file, dry)


@import_group.command("tree")
@FILE
@DRY
def tree(file: Path, dry: bool) -> None:
    """Give partners to other sponsors, with all who stand below them. Who stands there already stays.

    \b
    partner   number
    sponsor   number; empty: nobody stands above him
    since     today or later: 2026-12-01; empty or left out: today
    reason    may be left out
    """
    house()
    with _mistakes_told():
        outcome, changes = take_over_tree(content_of(file), at=clock(), dry=dry)
    for change in changes[:MOST_SHOWN] if dry else ():
        facts = {"line": change.line, "who": change.who, "before": change.before, "after": change.after, "day": change.since.isoformat()}
        click.echo(say(N_("Line %(line)s: %(who)s, sponsor %(before)s → %(after)s from %(day)s on"), **facts))
    _tell(outcome, dry)


@import_group.command("orders")
@FILE
@DRY
def orders(file: Path, dry: bool) -> None:
    """Orders, with what was paid for them elsewhere: nothing is booked. Lines with one reference are one order.

    \b
    reference  the order's number where it comes from
    partner    number
    customer   name; with customer_email, customer_phone, customer_language if known
    date       when it was ordered
    product    code
    quantity   1 to 999
    price, currency                   of one piece, when it is not today's
    paid_at, final_at                 when it was paid, and when that can no longer be recalled
    provisioned_at                    when its commission was credited
    shipped_at, delivered_at
    street, postcode, city, country   country: DE
    Moments are days (2026-11-20) or instants (2026-11-20T14:05:00+01:00).
    In the second and later lines of an order only reference, product and quantity are needed.
    """
    _import(take_over_orders, file, dry)


@import_group.command("balances")
@FILE
@DRY
def balances(file: Path, dry: bool) -> None:
    """What partners had in their wallets, booked against the account "opening", once for a partner, currency and day.

    \b
    partner   number
    currency  EUR
    amount    zero books nothing
    day       the day of the balance
    """
    _import(take_over_balances, file, dry)


def _import(take_over: Import, file: Path, dry: bool) -> None:
    house()
    with _mistakes_told():
        outcome = take_over(content_of(file), at=clock(), dry=dry)
    _tell(outcome, dry)


@contextmanager
def _mistakes_told() -> Iterator[None]:
    try:
        yield
    except WrongLines as refusal:
        tell_mistakes(refusal.mistakes, lambda words: click.echo(words, err=True))
        raise


def _tell(outcome: Outcome, dry: bool) -> None:
    click.echo(say(N_("Lines read: %(n)s"), n=outcome.lines))
    click.echo(say(N_("New: %(n)s"), n=outcome.new))
    click.echo(say(N_("Changed: %(n)s"), n=outcome.changed))
    click.echo(say(N_("Unchanged: %(n)s"), n=outcome.unchanged))
    for money in outcome.sums:
        click.echo(say(N_("Sum of the file in %(currency)s: %(sum)s"), currency=money.currency, sum=money))
    if dry:
        click.echo(say(N_("This was a dry run: nothing was written.")))


def tell_mistakes(mistakes: list[Mistake], echo: Callable[[str], None]) -> None:
    """The mistakes of a file, a line each, as many as anybody reads."""
    for line, column, refusal in mistakes[:MOST_SHOWN]:
        why = say(refusal.says, **refusal.facts)
        if column:
            echo(say(N_("Line %(line)s, column %(column)s: %(why)s"), line=line, column=column, why=why))
        else:
            echo(say(N_("Line %(line)s: %(why)s"), line=line, why=why))
    if len(mistakes) > MOST_SHOWN:
        echo(say(N_("Further mistakes: %(n)s"), n=len(mistakes) - MOST_SHOWN))
