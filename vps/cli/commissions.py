"""Commissions from the command line."""

from vps.cli import main


@main.group("commissions")
def commissions_group() -> None:
    """Commissions: hand in manual provisions."""
