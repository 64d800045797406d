"""Measurements: how fast, how small, how flat. Always in a scratch folder, always as ratios of two things measured in one run."""

import json
from pathlib import Path
from typing import Any

import click

from vps.cli import main

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="On whose disk to measure (default: temporary files)."
)
ROUNDS = click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
SMALLEST = 6_000
"""Below this the two wallets with a hundred pages would take up all bookings."""


@main.group("bench")
def bench() -> None:
    """Measure this machine with this release; never touches the company's database."""


@bench.command("pay")
@JSON
@FOLDER
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=3.0, show_default=True, help="Length of a round.")
@click.option("--processes", default=8, show_default=True, help="How many pay at once; 0 leaves that out.")
def pay(as_json: bool, folder: Path | None, rounds: int, seconds: float, processes: int) -> None:
    """Pay Now and the booking alone against bare durable commits of the same rows; and many who pay at once."""
    from vps.cli.bench.pay import measure

    show(measure(folder=folder, seconds=seconds, rounds=rounds, processes=processes), as_json)


@bench.command("transfer")
@JSON
@FOLDER
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=3.0, show_default=True, help="Length of a round.")
def transfer(as_json: bool, folder: Path | None, rounds: int, seconds: float) -> None:
    """A transfer between partners whole, with limits, fee and notices, against bare durable commits of the same rows."""
    from vps.cli.bench.transfers import measure

    show(measure(folder=folder, seconds=seconds, rounds=rounds), as_json)


@bench.command("pages")
@JSON
@FOLDER
@ROUNDS
@click.option("--payments", default=400, show_default=True, help="By HTTP and directly, in each round; 0 leaves that out.")
def pages(as_json: bool, folder: Path | None, rounds: int, payments: int) -> None:
    """The wallet page against its template and against a page without memos; payments by HTTP against the actions alone."""
    from vps.cli.bench.pages import measure

    show(measure(folder=folder, rounds=rounds, payments=payments), as_json)


@bench.command("memory")
@JSON
@FOLDER
@ROUNDS
@click.option("--seconds", default=4.0, show_default=True, help="Length of the load.")
def memory(as_json: bool, folder: Path | None, rounds: int, seconds: float) -> None:
    """Memory of the server under load, and how soon it is ready after a start."""
    from vps.cli.bench.memory import measure

    show(measure(folder=folder, seconds=seconds, rounds=rounds), as_json)


@bench.command("commissions")
@JSON
@FOLDER
@click.option("--partners", default=1_000_000, show_default=True, type=click.IntRange(100))
@click.option("--orders", default=150_000, show_default=True, type=click.IntRange(100))
@click.option("--levels", default=10, show_default=True, type=click.IntRange(1, 30))
@click.option(
    "--plans", default="unilevel,ranked", show_default=True, help="unilevel, ranked (compression and ranks), with a comma between."
)
@click.option("--sizes", default="", help="Numbers of orders between which the cost of a line is compared, with commas.")
@click.option("--alone", default=20.0, show_default=True, type=click.FloatRange(0), help="Seconds of payments before each run.")
def commissions(as_json: bool, folder: Path | None, partners: int, orders: int, levels: int, plans: str, sizes: str, alone: float) -> None:
    """A commission run over a whole network: read, calculated, booked and proven, while somebody pays, against only writing its rows."""
    from vps.cli.bench.commissions import Size, measure

    chosen = tuple(filter(None, plans.split(",")))
    counts = tuple(int(each) for each in sizes.split(",") if each)
    show(measure(folder=folder, size=Size(partners, orders, levels), plans=chosen, sizes=counts, alone=alone), as_json)


@bench.command("bank")
@JSON
@FOLDER
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--entries", default=10_000, show_default=True, type=click.IntRange(10))
def bank(as_json: bool, folder: Path | None, rounds: int, entries: int) -> None:
    """A large bank statement previewed and booked, against parsing its XML and inserting its rows."""
    from vps.cli.bench.bank import measure

    show(measure(folder=folder, entries=entries, rounds=rounds), as_json)


@bench.command("dossier")
@JSON
@FOLDER
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--bookings", default=100_000, show_default=True, type=click.IntRange(50))
def dossier(as_json: bool, folder: Path | None, rounds: int, bookings: int) -> None:
    """The archive of a partner with many bookings, flows and pictures included, against only fetching them."""
    from vps.cli.bench.dossier import measure

    show(measure(folder=folder, bookings=bookings, rounds=rounds), as_json)


@bench.command("growth")
@JSON
@FOLDER
@ROUNDS
@click.option(
    "--sizes",
    default="10000,1000000,10000000",
    show_default=True,
    callback=lambda _c, _p, value: sizes_of(value),
    help="Numbers of bookings.",
)
@click.option("--audit-all", is_flag=True, help="Audit books of more than a million bookings, too.")
def growth(as_json: bool, folder: Path | None, rounds: int, sizes: list[int], audit_all: bool) -> None:
    """The same reads and writes at several sizes of the books; bytes a booking; the audit against merely fetching."""
    from vps.cli.bench.growth import measure

    show(measure(folder=folder, sizes=sizes, rounds=rounds, audit_all=audit_all), as_json)


def sizes_of(text: str) -> list[int]:
    """Whole numbers with commas between them; the smallest book has ten thousand bookings."""
    found = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    if min(found) < SMALLEST:
        raise click.BadParameter(f"{SMALLEST}, …")
    return found


def show(figures: dict[str, Any], as_json: bool) -> None:
    """Print figures: as JSON, or a line for each."""
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in lines(figures):
        click.echo(f"{name} = {value}")


def lines(figures: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Figures as (dotted key, value)."""
    found: list[tuple[str, str]] = []
    for key, value in figures.items():
        found += lines(value, f"{before}{key}.") if isinstance(value, dict) else [(before + key, str(value))]
    return found
