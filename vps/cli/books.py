"""Proving and sealing the books."""

import json
import sys

import click

from vps.bank.models.audit import audit as bank_audit
from vps.cli import house, main, say, say_number
from vps.commissions.models.audit import audit as commissions_audit
from vps.commissions.models.audit_manual import audit as provisions_audit
from vps.commissions.models.notes import audit_notes
from vps.commissions.models.withheld import audit_withheld
from vps.company.models import audit as keys_audit
from vps.company.models import company
from vps.kernel.clock import clock
from vps.kernel.database import reading
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.ledger.actions import seal
from vps.ledger.models.audit import audit as ledger_audit
from vps.ledger.models.audit import counts
from vps.orders.models.audit import audit as orders_audit
from vps.people.models import audit as people_audit
from vps.security.models.audit import audit as security_audit
from vps.trust.models.audit import audit as trust_audit
from vps.wallets.models.audit import audit as wallets_audit
from vps.wallets.models.audit_limits import audit_limits


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def audit(as_json: bool) -> None:
    """Prove the books: recompute everything that can be recomputed and compare."""
    house()
    problems = problems_of()
    if as_json:
        bookings, accounts = counts()
        found = [{"check": problem.check, "says": problem.says % problem.facts} for problem in problems]
        click.echo(json.dumps({"ok": not found, "bookings": bookings, "accounts": accounts, "problems": found}))
    else:
        tell(problems)
    sys.exit(1 if problems else 0)


def tell(problems: list[Problem]) -> None:
    """Say what an audit found, in lines for people."""
    bookings, accounts = counts()
    for problem in problems:
        click.echo(f"{problem.check}: {say(problem.says, **problem.facts)}")
    click.echo(say(N_("Bookings: %(bookings)s, accounts: %(accounts)s."), bookings=bookings, accounts=accounts))
    click.echo(
        say_number("%(n)s problem was found.", "%(n)s problems were found.", len(problems))
        if problems
        else say(N_("Everything is proven."))
    )


def problems_of() -> list[Problem]:
    """Every problem of every capability that keeps something about money."""
    with reading():
        return [
            *keys_audit(),
            *ledger_audit(company().zone),
            *people_audit(),
            *security_audit(),
            *trust_audit(),
            *wallets_audit(),
            *audit_limits(clock()),
            *bank_audit(),
            *orders_audit(),
            *commissions_audit(),
            *audit_notes(),
            *audit_withheld(),
            *provisions_audit(),
        ]


@main.command("seal")
def seal_now() -> None:
    """Seal all bookings and the trail up to now."""
    house()
    count = seal(at=clock(), zone=company().zone)
    click.echo(say_number("%(n)s row was sealed.", "%(n)s rows were sealed.", count))
