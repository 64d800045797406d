"""Changing what the company says about itself."""

from dataclasses import fields
from datetime import datetime

from vps.company.models import Company, company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, run
from vps.ledger.actions import record

NAMES = tuple(field.name for field in fields(Company))


@action
def change_settings(changes: dict[str, str | int], *, actor: Actor, at: datetime) -> None:
    """Put new values into force; each one is a line of the trail with what it was before."""
    before = company()
    for key, value in changes.items():
        assert key in NAMES, key
        if getattr(before, key) != value:
            run('INSERT INTO setting (key, value, since, "by") VALUES (?, ?, ?, ?)', key, str(value), micros(at), actor.person)
            record(actor, "setting changed", f"setting:{key}", at=at, before=str(getattr(before, key)), after=str(value))
