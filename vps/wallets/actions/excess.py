"""What lies over what a trust level lets come in is held, not refused: it is the partner's, shown, and free as soon as he may have it.

Source: SECURITY, trust levels: "excess is held, not refused".
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.kernel.database import action, let_pass, one, rows
from vps.kernel.money import Money
from vps.ledger.actions import free_due, hold, release
from vps.trust.actions.limits import excess
from vps.trust.actions.rising import on_level_changed
from vps.trust.models import LevelsUnreadable, in_force
from vps.wallets.models import MAIN, Purse, locked_purses

REASON = "excess"
"""The reason of these holds."""
LOOKS = 300
"""Times that a minute's look goes over so many wallets, in a transaction each."""
AT_ONCE = 200
"""Persons whose holds one look goes over; the next look goes on behind them."""


def settle_excess(mine: Sequence[Purse], *, at: datetime) -> None:
    """Hold what is too much now, and free what no longer is; inside the caller's transaction, after the person's wallets were locked.

    It is held in the main wallet of the company's currency, and never more than is there. Where no exchange rate tells what all
    wallets come to, or the levels cannot be read, everything stays as it is: for want of that no money is refused.
    """
    main = _main(mine)
    if main is None or not (main.reserved or in_force(at)):
        return
    held = rows(HELD, main.account)
    try:
        over = excess(main.person, [(each.account, each.currency) for each in mine], at=at)
    except (NoRate, LevelsUnreadable):
        return
    before = sum(minor for _, minor in held)
    balance, reserved, floor = one("SELECT balance, reserved, floor FROM account WHERE id = ?", main.account)
    wanted = max(0, min(over.minor, balance - floor - (reserved - before)))
    if wanted == before:
        return
    for key, _ in held:
        release(key, at=at)
    if wanted:
        newest = one("SELECT coalesce(max(id), 0) FROM hold")[0]
        hold(main.account, Money(wanted, main.currency), reason=REASON, key=f"{REASON}:{main.account}:{newest + 1}", at=at)


@action
def settle_excess_of(person: int, at: datetime) -> None:
    """The same for a person, his wallets locked here: his level is another one, or time has passed."""
    settle_excess(locked_purses(person), at=at)


on_level_changed(settle_excess_of)


@contextmanager
def excess_freed(person: int, at: datetime) -> Iterator[None]:
    """While a credit is taken back: what is held of it as excess can be taken, too, and is held anew afterwards if it still must be."""
    main = _main(locked_purses(person))
    held = rows(HELD, main.account) if main and main.reserved else []
    for key, _ in held:
        release(key, at=at)
    yield
    if held:
        settle_excess_of(person, at)


def look_at_excess(after: int = 0, *, at: datetime) -> int:
    """Free what was held and no longer need be, as windows move on: for the persons behind `after`, some at a time.

    Answers behind whom to go on, 0 at the end.
    """
    waiting = [person for (person,) in rows(WAITING, after, AT_ONCE)]
    for person in waiting:
        settle_excess_of(person, at)
    return waiting[-1] if len(waiting) == AT_ONCE else 0


def free_expired(*, at: datetime) -> int:
    """Free what was held until a moment that has passed, without anybody acting on those wallets, and hold anew what is too much now.

    Answers how many wallets there were; what one look leaves over, the next one frees.
    """
    freed = 0
    for _ in range(LOOKS):
        accounts = free_due(at=at)
        owners = rows(OWNERS.format(", ".join("?" * len(accounts))), *accounts) if accounts and in_force(at) else []
        for (person,) in owners:
            settle_excess_of(person, at)
        freed += len(accounts)
        if not accounts:
            break
        let_pass()
    return freed


def _main(mine: Sequence[Purse]) -> Purse | None:
    ours = company().currency
    return next((each for each in mine if each.kind == MAIN and each.currency == ours), None)


WAITING = (
    "SELECT DISTINCT w.person_id FROM hold h JOIN wallet w ON w.account_id = h.account_id"
    " WHERE h.reason = 'excess' AND h.released_at IS NULL AND w.person_id > ? ORDER BY w.person_id LIMIT ?"
)
HELD = "SELECT id, amount FROM hold WHERE account_id = ? AND reason = 'excess' AND released_at IS NULL"
OWNERS = "SELECT DISTINCT person_id FROM wallet WHERE account_id IN ({}) ORDER BY person_id"
