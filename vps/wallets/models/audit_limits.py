"""Proof that nobody moved more than his trust level lets him (A13), as far as the present windows tell; and of what is held as excess.

Not proven: windows that have passed, and the windows of who has wallets in several currencies, for rates change from day to day.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from vps.company.models import company
from vps.kernel.clock import instant, micros, midnight
from vps.kernel.database import one, rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.trust.models import OUT, Accounts, Room, all_rules, are_readable, begins, in_force, last_moved, rooms, trusted
from vps.trust.models.levels import MOTIVES
from vps.trust.models.limits import MONTH, SPANS


def audit_limits(at: datetime) -> Iterator[Problem]:
    """Whoever passed a limit of the last 24 hours or 30 days that nothing explains, and holds of excess that are more than is there."""
    for (account,) in rows(TOO_MUCH_HELD):
        yield Problem("A13", N_("Account %(id)s holds more as excess than is there."), {"id": account})
    if not in_force(at) or not are_readable():
        return
    ours, since = company(), _changed()
    for person, accounts in _moved(at).items():
        if {currency for _, currency in accounts} != {ours.currency}:
            continue
        mine = [rule for rule in all_rules(person, trusted(person, at), at) if rule.kind in OUT and rule.window in SPANS]
        passed = [room for room in rooms(accounts, mine, at) if room.limit is not None and room.used > room.limit]
        for room in passed:
            if not _explained(person, accounts, room, since, at):
                facts = {"kind": room.rule.kind, "id": person, "used": str(room.used), "limit": str(room.limit)}
                yield Problem("A13", N_("Person %(id)s moved %(used)s (%(kind)s) where the trust level allows %(limit)s."), facts)


def _moved(at: datetime) -> dict[int, Accounts]:
    """The open wallets of everybody who moved something out in the last 30 days."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for person, account, currency in rows(MOVED, micros(at - MONTH)):
        found[person].append((account, currency))
    return dict(found)


def _changed() -> datetime:
    """When what everybody's limits follow from was changed last."""
    first = begins()
    assert first is not None
    (changed,) = one(CHANGED)
    return max(instant(changed or 0), midnight(first, company().zone))


def _explained(person: int, accounts: Accounts, room: Room, since: datetime, at: datetime) -> bool:
    """Whether the limit came later than the newest movement; or what the office booked or took back, or he gave back, is among them."""
    newest = last_moved(accounts, room.rule.kind)
    now = micros(at)
    (own,) = one(OWN_CHANGE, person, now, person, person, person, now)
    if newest is None or newest <= max(since, instant(own or 0)):
        return True
    motive = MOTIVES[room.rule.kind][0].removeprefix("out:")
    marks = ", ".join("?" * len(accounts))
    mine = [account for account, _ in accounts]
    return one(BY_OFFICE.format(marks, marks), *mine, *mine, motive, micros(at - 2 * SPANS[room.rule.window])) is not None


TOO_MUCH_HELD = (
    "SELECT h.account_id FROM hold h JOIN account a ON a.id = h.account_id WHERE h.reason = 'excess' AND h.released_at IS NULL"
    " AND h.amount > a.balance - a.floor ORDER BY h.account_id"
)
MOVED = (
    "SELECT w.person_id, w.account_id, w.currency FROM wallet w WHERE w.closed_at IS NULL AND EXISTS (SELECT 1 FROM wallet o JOIN usage u"
    " ON u.account_id = o.account_id AND u.kind IN ('out:purchase', 'out:transfer', 'out:pay-out') AND u.at > ?"
    " WHERE o.person_id = w.person_id) ORDER BY w.person_id, w.id"
)
CHANGED = (
    "SELECT max(since) FROM (SELECT max(since) AS since FROM level_set"
    " UNION ALL SELECT max(since) FROM setting WHERE key IN ('trust_from', 'trust_start', 'currency', 'zone')) AS changes"
)
OWN_CHANGE = (
    "SELECT max(since) FROM (SELECT max(since) AS since FROM trust_level WHERE person_id = ? AND since <= ?"
    " UNION ALL SELECT max(since) FROM trust_exception WHERE person_id = ?"
    " UNION ALL SELECT max(ended_at) FROM trust_exception WHERE person_id = ?"
    ' UNION ALL SELECT max("until") FROM trust_exception WHERE person_id = ? AND "until" <= ?) AS changes'
)
BY_OFFICE = (
    "SELECT 1 FROM booking b JOIN voucher v ON v.id = b.voucher_id WHERE (b.debit_id IN ({}) OR b.credit_id IN ({})) AND b.motive = ?"
    " AND b.booked_at > ? AND (b.reverses IS NOT NULL OR v.kind = 'receipt'"
    " OR EXISTS (SELECT 1 FROM transfer t WHERE t.booking = b.id AND (t.kind = 'office' OR t.key LIKE 'back:%'))) LIMIT 1"
)
