"""What a person's trust level leaves him over all his wallets, and what of his is held because it is too much."""

from collections.abc import Sequence
from datetime import datetime

from vps.company.models import company
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.trust.models import Accounts, Room
from vps.trust.models import room_for as room_over
from vps.wallets.models.purses import Purse, purses


def room_for(person: int, kind: str, at: datetime) -> Room | None:
    """The tightest limit of a movement of this kind (purchase, transfer, pay-out, top-up) now, for whoever types an amount; None: none.

    Of a top-up it is how much may come before some of it is held.
    """
    return room_over(person, accounts_of(purses(person)), kind, at)


def room_near(person: int, kind: str, price: Money, at: datetime) -> Room | None:
    """The same where it is near: less than twice the price is left. In another currency than the company's it is always told."""
    room = room_for(person, kind, at)
    far = room and room.left and room.times_left is None and room.left.currency == price.currency and room.left.minor >= 2 * price.minor
    return None if far else room


def accounts_of(mine: Sequence[Purse]) -> Accounts:
    """The ledger accounts of one person's wallets, as limits are read over them: what one moved that he closed since counts on."""
    if not mine:
        return []
    return [*((each.account, each.currency) for each in mine), *rows(CLOSED, mine[0].person)]


def excess_held(mine: Sequence[Purse]) -> Money:
    """What of these wallets is held because it lies over what a trust level lets come in."""
    held = one(HELD.format(", ".join("?" * len(mine)) or "NULL"), *(each.account for each in mine))[0]
    return Money(int(held), company().currency)


HELD = "SELECT coalesce(sum(amount), 0) FROM hold WHERE account_id IN ({}) AND reason = 'excess' AND released_at IS NULL"
CLOSED = (
    "SELECT w.account_id, w.currency FROM wallet w WHERE w.person_id = ? AND w.closed_at IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM usage u WHERE u.account_id = w.account_id)"
)
