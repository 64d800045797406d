"""How a refund is shared out among what paid, to the cent: pure arithmetic, always from the beginning.

What was given back so far is worked out anew for the sum of all refunds, and the difference is given. So any sequence of part
refunds gives each wallet, when all is refunded, exactly what it paid; and no wallet ever has to give something again.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Stake(NamedTuple):
    """What one wallet had in a payment: worth `amount` of the price, `paid` in its own currency."""

    amount: int
    paid: int


class Share(NamedTuple):
    """What it gets of a refund: worth `amount`, `back` in its own currency."""

    amount: int
    back: int


def shared(stakes: Sequence[Stake], before: int, after: int) -> list[Share]:
    """What each stake gets of the refund that takes what was refunded from `before` to `after`."""
    assert 0 <= before <= after <= sum(stake.amount for stake in stakes)
    return [
        Share(now.amount - was.amount, now.back - was.back)
        for was, now in zip(_so_far(stakes, before), _so_far(stakes, after), strict=True)
    ]


def by_rate(grosses: Sequence[int], refunds: Sequence[tuple[int, Sequence[int]]]) -> list[list[int]]:
    """What each refund of an order takes of each tax rate's gross amount; all of them together take exactly all of it.

    A refund is its amount, and what the goods given back come to at each rate: they count first, the rest in proportion to what is left.
    """
    left, found = list(grosses), []
    for amount, goods in refunds:
        taken = [min(part, most) for part, most in zip(goods, left, strict=True)]
        left = [most - part for part, most in zip(taken, left, strict=True)]
        rest = [share.amount for share in shared([Stake(most, most) for most in left], 0, amount - sum(taken))]
        left = [most - part for part, most in zip(rest, left, strict=True)]
        found.append([goods + more for goods, more in zip(taken, rest, strict=True)])
    return found


def _so_far(stakes: Sequence[Stake], refunded: int) -> list[Share]:
    # Each gets its part of what those before it left over: that never shrinks as the sum grows, and ends exactly.
    left, rest, found = sum(stake.amount for stake in stakes), refunded, []
    for stake in stakes:
        amount = rest * stake.amount // left if stake.amount else 0
        found.append(Share(amount, amount * stake.paid // stake.amount if amount else 0))
        rest, left = rest - amount, left - stake.amount
    return found
