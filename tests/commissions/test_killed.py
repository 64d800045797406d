"""A worker is killed with -9 in the middle of a run, again and again: what comes out is what would have come out."""

import os
import random
import shutil
import signal
import time
from datetime import timedelta

from tests.cast import NOON
from tests.commissions.network import AFTER, booker, green_order, manager, partner_under, plan_in_force, run_of
from vps.commissions.actions import approve_run, booking, calculating, draft_period, work_on_runs
from vps.commissions.models.audit import audit
from vps.kernel.database import configure, connect, database, rows
from vps.ledger.models.audit import audit as ledger_audit

KILLS = 50
MONTH = NOON.date().replace(day=1)
NEXT = (MONTH + timedelta(days=40)).replace(day=1)


def outcome():
    """What a run leaves behind, but for moments and ids."""
    return (
        rows("SELECT key, motive, debit_id, credit_id, amount FROM booking WHERE motive = 'commission' ORDER BY key"),
        rows("SELECT code, balance, reserved FROM account ORDER BY code"),
        rows("SELECT account_id, amount, reason, key FROM hold ORDER BY key"),
        rows("SELECT id FROM orders WHERE provisioned_at IS NOT NULL ORDER BY id"),
        rows("SELECT payee, order_id, n, amount FROM commission_line ORDER BY payee, order_id, n"),
        rows("SELECT account_id, kind, seq, cum_minor FROM usage ORDER BY account_id, kind, seq"),
    )


def works(clock, stop_after=None):
    """A process of its own does what waits; killed with -9 after so many seconds. Answers whether it was killed at work."""
    database.close()
    child = os.fork()
    if not child:
        connect()
        while work_on_runs(now=lambda: clock):
            pass
        os._exit(0)
    if stop_after is not None:
        time.sleep(stop_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    connect()
    return os.WIFSIGNALED(status)


def test_fifty_kills_leave_what_an_undisturbed_run_leaves(house, tmp_path, monkeypatch):
    for module, name in ((booking, "AT_ONCE"), (booking, "TURNED_AT_ONCE"), (calculating, "AT_ONCE")):
        monkeypatch.setattr(module, name, 2)
    for module in (booking, calculating):
        monkeypatch.setattr(module, "PIECE", 1)
    monkeypatch.setattr(booking, "AT_A_TIME", 0)
    plan_in_force()
    partners = [house.anna, house.boris]
    for n in range(40):
        partners.append(partner_under(partners[n // 2], f"Partner {n}"))
    for n in range(60):
        green_order(house, partners[n * 7 % len(partners)], quantity=n % 5 + 1)
    key = draft_period(MONTH, NEXT, actor=booker(house), at=AFTER)
    file = database.obj.database
    database.close()
    twin = shutil.copyfile(file, tmp_path / "undisturbed.db")

    configure(f"sqlite:///{twin}")
    connect()
    works(AFTER)
    approve_run(key, actor=manager(house), at=AFTER)
    works(AFTER)
    expected = outcome()
    database.close()

    configure(f"sqlite:///{file}")
    connect()
    chance, kills, minutes = random.Random(6), 0, 0
    while run_of(key).told_at is None:
        minutes += 1
        at = AFTER + timedelta(minutes=minutes)
        if run_of(key).state == "calculated":
            approve_run(key, actor=manager(house), at=at)
        # In the middle of calculating as well as of booking; when it was killed often enough, it is left alone.
        kills += works(at, chance.uniform(0.002, 0.012) if kills < KILLS else None)

    assert kills == KILLS
    assert outcome() == expected
    assert [problem.says for problem in (*audit(), *ledger_audit("Europe/Berlin"))] == []
