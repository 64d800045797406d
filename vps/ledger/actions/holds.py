"""Reserved money: booked, but not available until it is released or its time has passed."""

from datetime import datetime

from vps.kernel.clock import micros
from vps.kernel.database import Again, action, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused


class NotAvailable(Refused):
    """Facts: amount (Money)."""

    says = N_("%(amount)s is not available to be reserved.")


@action
def hold(account: int, amount: Money, *, reason: str, key: str, at: datetime, until: datetime | None = None) -> int:
    """Reserve an amount once per key and answer the hold's id; refused when it is not available."""
    assert amount.is_positive
    found = one("SELECT id FROM hold WHERE key = ?", key)
    if found:
        return int(found[0])
    release_expired(account, micros(at))
    # The floor is tested in the UPDATE that reserves, like in the one that spends.
    if not one(RESERVE, amount.minor, account, amount.minor):
        raise NotAvailable(amount=amount)
    made = one(INSERT, account, amount.minor, reason, key, micros(at), None if until is None else micros(until))
    if not made:
        raise Again
    return int(made[0])


@action
def release(hold: int, *, at: datetime) -> bool:
    """Free a hold; False when it had been released before."""
    freed = one("UPDATE hold SET released_at = ? WHERE id = ? AND released_at IS NULL RETURNING account_id, amount", micros(at), hold)
    if freed:
        run(FREE, *(freed[1],) * 4, freed[0])
    return bool(freed)


@action
def release_part(hold: int, amount: Money, *, key: str, at: datetime) -> None:
    """Free a part of an open hold; the rest stays reserved under another key, also where a debt has left less than that."""
    account, minor, reason, until = one(END, micros(at), hold)
    assert 0 < amount.minor < minor
    run(INSERT, account, minor - amount.minor, reason, key, micros(at), until)
    run(FREE, *(amount.minor,) * 4, account)


def release_expired(account: int, at: int) -> bool:
    """Free what has run out, and answer whether anything had; called by the next action on the account, so no job has to."""
    reserved = one("SELECT reserved FROM account WHERE id = ?", account)
    freed = rows(EXPIRE, at, account, at) if reserved and reserved[0] else []
    if freed:
        run(FREE, *(sum(amount for (amount,) in freed),) * 4, account)
    return bool(freed)


@action
def free_due(*, at: datetime, limit: int = 60) -> list[int]:
    """Free what has run out on the accounts of so many holds, and answer which: so that it is seen without anybody acting on them.

    Whoever calls it until nothing is left lets others pass between.
    """
    due = sorted({account for (account,) in rows(DUE, micros(at), limit)})
    return [account for account in due if release_expired(account, micros(at))]


RESERVE = "UPDATE account SET reserved = reserved + ? WHERE id = ? AND balance - reserved - ? >= floor RETURNING id"
INSERT = 'INSERT INTO hold (account_id, amount, reason, key, held_at, "until") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id'
END = 'UPDATE hold SET released_at = ? WHERE id = ? AND released_at IS NULL RETURNING account_id, amount, reason, "until"'
EXPIRE = (
    'UPDATE hold SET released_at = ? WHERE account_id = ? AND released_at IS NULL AND "until" <= ?'
    " AND (bulk_id IS NULL OR bulk_id NOT IN (SELECT id FROM bulk WHERE closed_at IS NULL)) RETURNING amount"
)
# In the order of the index: as many as there are, a chunk reads no more than its own.
DUE = (
    'SELECT account_id FROM hold WHERE released_at IS NULL AND "until" <= ?'
    ' AND (bulk_id IS NULL OR bulk_id NOT IN (SELECT id FROM bulk WHERE closed_at IS NULL)) ORDER BY "until", account_id LIMIT ?'
)
# What is free again makes a shortfall smaller, as a credit does.
FREE = (
    "UPDATE account SET reserved = reserved - ?,"
    " debt = CASE WHEN floor - (balance - reserved + ?) <= 0 THEN 0"
    " WHEN floor - (balance - reserved + ?) < debt THEN floor - (balance - reserved + ?) ELSE debt END"
    " WHERE id = ?"
)
