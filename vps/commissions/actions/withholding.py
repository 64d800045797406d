"""Tax that the company withholds: taken out of a commission with the note that shows it, given back with the note that corrects it.

What of the commission is still reserved pays its own part, so that nobody pays the tax out of other money.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from vps.commissions.models import HELD, WITHDRAWAL, Note
from vps.commissions.models.withheld import ACCOUNT, KEY, MOTIVE, PAPER
from vps.commissions.plans.cents import spread
from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in
from vps.kernel.database import locked, rows
from vps.kernel.money import Money
from vps.ledger.actions import book, company_account, release, release_part, voucher
from vps.wallets.actions import excess_freed, open_wallet, tell_given_back, tell_taken
from vps.wallets.models import MAIN, locked_purses


class Withheld(NamedTuple):
    """What the note with this number withholds of what a partner was credited."""

    payee: int
    number: str
    amount: Money


class Share(NamedTuple):
    """A share as it was booked: into which account, and whether that wallet is still open."""

    kind: str
    minor: int
    key: str
    account: int
    open: bool


class Kept(NamedTuple):
    """An open hold."""

    id: int
    minor: int
    key: str


def withhold(run: int, due: Sequence[Withheld], *, at: datetime) -> None:
    """Book what these notes of a run withhold, in the transaction that writes them."""
    if not due:
        return
    people = sorted({each.payee for each in due})
    locked_purses(*people)  # all at once, in the order in which every payment locks them
    shares = _shares_of(run, people)
    kept = _kept_in(sorted({share.account for each in shares.values() for share in each}))
    for each in due:
        mine = shares[each.payee, each.amount.currency]
        with excess_freed(each.payee, at):
            for share, minor in zip(mine, spread(each.amount.minor, [share.minor for share in mine]), strict=True):
                if minor:
                    _reserve_less(share, kept[share.account], Money(minor, each.amount.currency), at=at)
                    _take(each, share, Money(minor, each.amount.currency), at=at)


def give_back(first: Note, number: str, amount: Money, *, at: datetime) -> None:
    """Book what the correction with this number gives back of what the first note withheld: to where it came from, in proportion."""
    left = rows(LEFT, first.id, first.id)
    with excess_freed(first.payee_id, at):
        for (kind, _, account, is_open), minor in zip(left, spread(amount.minor, [each[1] for each in left]), strict=True):
            if minor:
                part = Money(minor, amount.currency)
                wallet = account if is_open else open_wallet(first.payee_id, part.currency, at=at)
                booked = book(**_facts(number, kind, at), debit=company_account(ACCOUNT, part.currency), credit=wallet, amount=part)
                tell_given_back(first.payee_id, booked, part, motive=MOTIVE, at=at)


def _take(this: Withheld, share: Share, amount: Money, *, at: datetime) -> None:
    # As debt: what was spent meanwhile is owed. A wallet that was closed since keeps its nothing: the main one owes.
    wallet = share.account if share.open else open_wallet(this.payee, amount.currency, at=at)
    account = company_account(ACCOUNT, amount.currency)
    booked = book(**_facts(this.number, share.kind, at), debit=wallet, credit=account, amount=amount, as_debt=True)
    tell_taken(this.payee, booked, amount, motive=MOTIVE, at=at)


def _facts(number: str, kind: str, at: datetime) -> dict[str, Any]:
    day = day_in(at, company().zone)
    key = f"note:{number}:withheld" + (f":{kind}" if kind != MAIN else "")
    return {"key": key, "voucher": voucher(PAPER, number, day=day), "motive": MOTIVE, "at": at, "actor": HOUSE, "value_date": day}


def _reserve_less(share: Share, kept: Sequence[Kept], amount: Money, *, at: datetime) -> None:
    mine = [each for each in kept if _is_of(each.key, share.key)]
    # What was taken back of the share since counts as free: the note's correction gives its part back.
    free = max(0, share.minor - sum(each.minor for each in mine))
    for each, minor in zip(mine, spread(amount.minor, [free, *(each.minor for each in mine)])[1:], strict=True):
        if minor == each.minor:
            release(each.id, at=at)
        elif minor:
            release_part(each.id, Money(minor, amount.currency), key=f"{each.key}:tax", at=at)


def _is_of(key: str, share: str) -> bool:
    """Whether a hold's key is one of this share: its booking's key, then a day or what the office holds back."""
    rest = key.removeprefix(f"{share}:")
    return rest != key and (rest[:1].isdigit() or rest.partition(":")[0] == "hold")


def _shares_of(run: int, people: list[int]) -> dict[tuple[int, str], list[Share]]:
    found: dict[tuple[int, str], list[Share]] = defaultdict(list)
    for payee, currency, kind, minor, key, account, is_open in rows(SHARES.format(", ".join("?" * len(people))), run, *people):
        found[payee, currency].append(Share(kind, minor, key, account, bool(is_open)))
    return found


def _kept_in(accounts: list[int]) -> dict[int, list[Kept]]:
    marks, found = ", ".join("?" * len(accounts)), defaultdict(list)
    rows(locked(ACCOUNTS.format(marks)), *accounts)  # whoever frees or moves holds meanwhile is waited for
    for account, *kept in rows(HOLDS.format(marks), *accounts, WITHDRAWAL, HELD):
        found[account].append(Kept(*kept))
    return found


SHARES = (
    "SELECT s.payee, s.currency, s.kind, s.amount, b.key, b.credit_id, w.closed_at IS NULL FROM commission_share s"  # noqa: S608 - constants
    f" JOIN commission_run r ON r.id = s.run_id JOIN booking b ON b.key = {KEY} JOIN wallet w ON w.account_id = b.credit_id"
    " WHERE s.run_id = ? AND s.payee IN ({}) AND s.held = '' ORDER BY s.payee, s.currency, s.kind"
)
ACCOUNTS = "SELECT id FROM account WHERE id IN ({}) ORDER BY id"
HOLDS = "SELECT account_id, id, amount, key FROM hold WHERE account_id IN ({}) AND released_at IS NULL AND reason IN (?, ?) ORDER BY id"
# What the first note withheld of each share, less what corrections gave back.
LEFT = (
    "WITH these AS (SELECT * FROM commission_note WHERE id = ? UNION ALL SELECT * FROM commission_note WHERE corrects_id = ?)"
    " SELECT s.kind, CAST(sum(CASE WHEN n.corrects_id IS NULL THEN b.amount ELSE -b.amount END) AS bigint),"
    " max(CASE WHEN n.corrects_id IS NULL THEN b.debit_id END), max(CASE WHEN w.closed_at IS NULL THEN w.id END) FROM these n"
    " JOIN commission_share s ON s.run_id = n.run_id AND s.payee = n.payee_id AND s.currency = n.currency AND s.held = ''"
    " JOIN booking b ON b.key = 'note:' || n.number || ':withheld' || CASE s.kind WHEN 'main' THEN '' ELSE ':' || s.kind END"
    " LEFT JOIN wallet w ON w.account_id = b.debit_id GROUP BY s.kind ORDER BY s.kind"
)
