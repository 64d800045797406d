"""Who is paid on which level above somebody: shared by the kinds that count levels, along sponsors or along a placement tree."""

from collections.abc import Iterator, Mapping

from vps.commissions.plans.facts import Facts
from vps.commissions.plans.network import NOBODY, Column, Worst
from vps.commissions.plans.plan import Matching, Plan, Rate, Unilevel

Leveled = Unilevel | Matching
Step = tuple[int, int, int, Rate]
"""payee, level, via, rate."""


class Uplines:
    """The way up from anybody in one tree, with the levels of one bonus."""

    def __init__(self, bonus: Leveled, plan: Plan, tree: Column, facts: Facts) -> None:
        self.tree, self.deepest = tree, len(bonus.needs)
        self.ranks: Mapping[int, int] | Column = facts.ranks
        self.idle = facts.idle
        self.skips_idle = bonus.compress != "none"
        self.skips_unqualified = bonus.compress == "unqualified"
        self.rates = [_rates_of(bonus, plan, rank) for rank in range(-1, len(plan.ranks))]

    def above(self, payee: int, via: int = NOBODY) -> Iterator[Step]:
        """Who is paid from `payee` (level 1) on, on whose branch, and how much. Inactive ones are not paid, whether they use up a level or not."""
        level = 0
        while payee >= 0 and level < self.deepest:
            rate = self.rates[self.ranks[payee] + 1][level]
            if self.idle[payee]:
                level += not self.skips_idle
            elif rate is None:
                level += not self.skips_unqualified
            else:
                level += 1
                if rate != _NOTHING:
                    yield payee, level, via, rate
            via, payee = payee, self.tree[payee]


_NOTHING = Rate(0)


def is_plain(bonus: Leveled, facts: Facts) -> bool:
    """Whether everybody above is on the next level and paid the same, so that nothing needs to be asked of anybody."""
    return bonus.by_rank is None and not any(bonus.needs) and not (bonus.compress != "none" and facts.any_idle)


def worst_levels(bonus: Leveled) -> Worst:
    """The most of every level, summed."""
    columns = [bonus.levels] if bonus.by_rank is None else list(bonus.by_rank.values())
    deepest = max(map(len, columns))
    most = [[column[level] for column in columns if level < len(column)] for level in range(deepest)]
    return Worst(sum(max(rate.millionths for rate in rates) for rates in most), sum(max(rate.fixed for rate in rates) for rates in most))


def _rates_of(bonus: Leveled, plan: Plan, rank: int) -> list[Rate | None]:
    """What somebody of this rank is paid on each level; None where his rank is too low."""
    levels = bonus.levels
    if bonus.by_rank is not None:
        levels = bonus.by_rank.get(plan.ranks[rank].code, ()) if rank >= 0 else ()
    return [
        levels[place] if place < len(levels) and (need is None or rank >= plan.place(need)) else None
        for place, need in enumerate(bonus.needs)
    ]
