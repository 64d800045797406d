"""What lies over what a trust level lets come in is held, not refused: it is the partner's, shown, and free as soon as he may have it.

Source: SECURITY, trust levels: "excess is held, not refused".
"""

from collections.abc import Sequence
from datetime import datetime

from vps.company.models import company
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.ledger.actions import hold, release
from vps.trust.actions.limits import excess
from vps.trust.models import in_force
from vps.wallets.models import MAIN, Purse

REASON = "excess"
"""The reason of these holds."""


def settle_excess(mine: Sequence[Purse], *, at: datetime) -> None:
    """Hold what is too much now, and free what no longer is; inside the caller's transaction, after the person's wallets were locked.

    It is held in the main wallet of the company's currency, and never more than is there.
    """
    ours = company().currency
    main = next((each for each in mine if each.kind == MAIN and each.currency == ours), None)
    if main is None:
        return
    if not main.reserved and not in_force(at):
        return
    held = rows(HELD, main.account)
    over = excess(main.person, [(each.account, each.currency) for each in mine], at=at)
    before = sum(minor for _, minor in held)
    balance, reserved, floor = one("SELECT balance, reserved, floor FROM account WHERE id = ?", main.account)
    wanted = max(0, min(over.minor, balance - floor - (reserved - before)))
    if wanted == before:
        return
    for key, _ in held:
        release(key, at=at)
    if wanted:
        newest = one("SELECT coalesce(max(id), 0) FROM hold")[0]
        hold(main.account, Money(wanted, ours), reason=REASON, key=f"{REASON}:{main.account}:{newest + 1}", at=at)


HELD = "SELECT id, amount FROM hold WHERE account_id = ? AND reason = 'excess' AND released_at IS NULL"
