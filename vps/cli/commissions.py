"""Commissions from the command line: trying a plan on files."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from vps.cli import main, say
from vps.cli.bank import content_of
from vps.cli.importing import tell_mistakes
from vps.commissions.answer import Answer, answer
from vps.commissions.carried import read_carried
from vps.commissions.files import WrongFile, read_orders, read_tree
from vps.commissions.plans.calculate import calculate
from vps.commissions.plans.document import parse, point_value
from vps.commissions.plans.network import Carried
from vps.commissions.plans.plan import Plan
from vps.commissions.plans.reading import Node
from vps.commissions.plans.worst import must_be_payable
from vps.kernel.csvfile import NotUtf8
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused

FILE = click.Path(path_type=Path)


@main.group("commissions")
def commissions_group() -> None:
    """Commissions: try plans."""


@commissions_group.command("calculate")
@click.option("--plan", "plan_file", type=FILE, required=True, help="The plan, as JSON (docs/commissions.md).")
@click.option("--tree", "tree_file", type=FILE, required=True, help="Who brought whom, as CSV: partner, sponsor, …")
@click.option("--orders", "orders_file", type=FILE, required=True, help="What was sold, as CSV: order, partner, amount, …")
@click.option("--carried", "carried_file", type=FILE, help="What the period before left over: its JSON.")
@click.option("--point-value", "value", metavar="AMOUNT", help="What a point is worth, instead of the plan's own.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def calculate_(plan_file: Path, tree_file: Path, orders_file: Path, carried_file: Path | None, value: str | None, as_json: bool) -> None:
    """Calculate one period from files, and print who gets what for which order. Books nothing, and needs no installation."""
    with _named("--plan", plan_file):
        text = _text_of(plan_file)
        plan = parse(text)
    with _named("--tree", tree_file):
        network, places = read_tree(content_of(tree_file), plan)
    must_be_payable(plan, max(network.percents.values(), default=0))
    with _named("--orders", orders_file):
        sales = read_orders(content_of(orders_file), plan, places)
    values = {} if value is None else {plan.currency: point_value(Node(value, "--point-value"), plan.currency)}
    carried = {} if carried_file is None else _carried(carried_file, plan, places)
    told = answer(text, plan, network, sales, calculate(plan, network, sales, point_values=values, carried=carried))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _tell(told)
    sys.exit(1 if told["problems"] else 0)


@contextmanager
def _named(option: str, file: Path) -> Iterator[None]:
    """Say which of the files it was that was refused, and its mistakes by line, where they have lines."""
    try:
        yield
    except Refused as refusal:
        click.echo(f"{option} {file.name}:", err=True)
        if isinstance(refusal, WrongFile):
            tell_mistakes(refusal.mistakes, lambda words: click.echo(words, err=True))
        raise


def _carried(file: Path, plan: Plan, places: dict[str, int]) -> Carried:
    with _named("--carried", file):
        return read_carried(_text_of(file), plan, places)


def _text_of(file: Path) -> str:
    try:
        return content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise NotUtf8 from trouble


def _tell(told: Answer) -> None:
    """A table for people: everybody who gets something, and the sums."""
    currency = told["currency"]
    for payee in told["payees"]:
        if payee["lines"]:
            parts = ", ".join(f"{code} {amount}" for code, amount in payee["by_bonus"].items() if amount.strip("0."))
            click.echo(f"{payee['partner']:<20} {payee['amount']:>14} {currency}  {payee['rank'] or '':<12} {parts}".rstrip())
    click.echo(say(N_("Lines: %(n)s"), n=len(told["lines"])))
    for code, total in told["totals"].items():
        click.echo(say(N_("Sum in %(currency)s: %(sum)s"), currency=code, sum=_money(total, code)))
    if told["maximum_percent"] is not None:
        click.echo(say(N_("The most that this plan pays on an order: %(percent)s %%"), percent=told["maximum_percent"]))
    else:
        click.echo(say(N_("What this plan pays on an order has no limit.")))
    for problem in told["problems"]:
        click.echo(say(N_("Order %(order)s: more is paid than it brings."), order=problem["order"]))


def _money(plain: str, currency: str) -> Any:
    return Money(int(plain.replace(".", "")), currency)
