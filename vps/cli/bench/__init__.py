"""Measurements: how fast, how small, how flat. Always in a scratch folder, always as ratios of two things measured in one run."""

import json
from pathlib import Path
from typing import Any

import click

from vps.cli import main

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
FOLDER = click.option("--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="On whose disk to measure (default: temporary files).")
ROUNDS = click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))


@main.group("bench")
def bench() -> None:
    """Measure this machine with this release; never touches the company's database."""


@bench.command("pay")
@JSON
@FOLDER
@ROUNDS
@click.option("--seconds", default=3.0, show_default=True, help="Length of a round.")
@click.option("--processes", default=8, show_default=True, help="How many pay at once; 0 leaves that out.")
def pay(as_json: bool, folder: Path | None, rounds: int, seconds: float, processes: int) -> None:
    """Pay Now and the booking alone against bare durable commits of the same rows; and many who pay at once."""
    from vps.cli.bench.pay import measure

    show(measure(folder=folder, seconds=seconds, rounds=rounds, processes=processes), as_json)


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
