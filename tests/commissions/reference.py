"""Commissions calculated the obvious, slow way, from the plan's JSON itself: what the engine must agree with, line by line."""

from collections import defaultdict
from fractions import Fraction
from functools import cache
from typing import ClassVar

from tests.commissions.reference_cents import Cents, Order, Partner, millionths, minor, shared


def lines_of(plan: dict, partners: list[Partner], orders: list[Order]) -> list[tuple]:
    """All lines, as `calculate` yields them."""
    return Reference(plan, partners, orders).lines()


class Reference(Cents):
    def __init__(self, plan, partners, orders):
        self.plan, self.partners, self.orders = plan, partners, orders
        self.codes = [rank["code"] for rank in plan.get("ranks", [])]
        self.rank, self.group = cache(self.rank), cache(self.group)

    # ------------------------------------------------------------ partners

    def upline(self, partner, tree=None):
        """The partner and everybody above, each with the one before him."""
        via = -1
        while partner >= 0:
            yield partner, via
            via, partner = partner, (tree or [each.sponsor for each in self.partners])[partner]

    def frontline(self, partner):
        return [each for each, other in enumerate(self.partners) if other.sponsor == partner]

    def volume(self, order, of):
        return order.points if of == "points" else order.amount

    def own(self, partner, of="amount"):
        return sum(self.volume(order, of) for order in self.orders if order.seller == partner)

    def group(self, partner, of="amount", whole=False):
        below = [each for each in self.frontline(partner) if whole or not self.broken(each)]
        return self.own(partner, of) + sum(self.group(each, of, whole) for each in below)

    def place(self, code):
        return self.codes.index(code) if code in self.codes else -1

    def broken(self, partner):
        return self.plan.get("breakaway") is not None and self.rank(partner) >= self.place(self.plan["breakaway"])

    def rank(self, partner):
        given = self.partners[partner]
        if given.rank:
            return self.place(given.rank)
        met = [place for place, rank in enumerate(self.plan.get("ranks", [])) if "needs" in rank and self.meets(partner, rank["needs"])]
        return max(met, default=-1) if not given.closed else -1

    def meets(self, partner, needs):
        return (
            self.own(partner) >= minor(needs.get("own", 0))
            and self.own(partner, "points") >= needs.get("own_points", 0)
            and self.group(partner) >= minor(needs.get("group", 0))
            and self.group(partner, "points") >= needs.get("group_points", 0)
            and all(sum(self.is_leg(each, legs) for each in self.frontline(partner)) >= legs["count"] for legs in needs.get("legs", []))
        )

    def is_leg(self, front, legs):
        best = self.rank(front) if legs.get("within") == "frontline" else max(self.rank(each) for each in self.leg(front))
        return self.group(front, whole=True) >= minor(legs.get("volume", 0)) and best >= self.place(legs.get("rank"))

    def leg(self, front):
        return [front, *[deeper for each in self.frontline(front) for deeper in self.leg(each)]]

    def idle(self, partner):
        given = self.partners[partner]
        active = self.meets(partner, self.plan.get("active", {})) if given.active is None else given.active
        return given.closed or not active

    # ------------------------------------------------------------ kinds: payee, order, level, via, base, rate, fixed

    def levels_above(self, bonus, first, via=-1, tree=None):
        """Payee, level, via and rate of everybody who is paid from `first` on."""
        levels, compress, level = bonus["levels"], bonus.get("compress", "none"), 0
        deepest = max(map(len, levels.values())) if isinstance(levels, dict) else len(levels)
        for payee, before in self.upline(first, tree):
            if level == deepest:
                return
            mine = levels.get(([None, *self.codes])[self.rank(payee) + 1], []) if isinstance(levels, dict) else levels
            need = (bonus.get("needs", []) + [None] * deepest)[level]
            lacks = level >= len(mine) or self.rank(payee) < self.place(need)
            if (self.idle(payee) and compress != "none") or (lacks and not self.idle(payee) and compress == "unqualified"):
                continue
            level += 1
            if not lacks and mine[level - 1] is not None:
                yield payee, level, via if before < 0 else before, mine[level - 1]

    def unilevel(self, bonus, tree=None):
        for number, order in enumerate(self.orders):
            seller = bonus.get("level_1") == "seller"
            start = order.seller if seller else (tree or [each.sponsor for each in self.partners])[order.seller]
            for payee, level, via, rate in self.levels_above(bonus, start, -1 if seller else order.seller, tree):
                yield payee, number, level, via, order, rate

    def differential(self, bonus):
        for number, order in enumerate(self.orders):
            compress, level, paid = bonus.get("compress", "none"), 0, 0
            for payee, via in self.upline(order.seller):
                own = self.percent(payee, bonus)
                if (compress != "none" and self.idle(payee)) or (compress == "unqualified" and not own):
                    continue
                if level >= bonus.get("from", 0) and own > paid:
                    yield payee, number, level, via, order, str(Fraction(own - paid, 10_000))
                paid = max(own, paid) if bonus.get("mode", "greater of") == "greater of" else own
                level += 1

    def percent(self, partner, bonus):
        if self.partners[partner].percent is not None:
            return self.partners[partner].percent
        if bonus.get("rates", "rank") == "rank":
            place = self.rank(partner)
            return millionths(self.plan["ranks"][place].get("percent", 0)) if place >= 0 else 0
        return millionths(self.tier(self.held(partner, bonus), bonus, bonus["volume_tiers"])[1] or 0)

    def held(self, partner, bonus):
        of = bonus.get("of", "amount")
        return self.own(partner, of) if bonus.get("over", "group") == "own" else self.group(partner, of)

    def tier(self, volume, bonus, tiers):
        """The tier that a volume reaches, from 1, and its rate."""
        reached = [(number, rate) for number, (start, rate) in enumerate(tiers, 1) if volume >= self.edge(start, bonus)]
        return reached[-1] if reached else (0, None)

    def edge(self, start, bonus):
        return int(start) if bonus.get("of") == "points" else minor(start)

    def generation(self, bonus):
        def leads(partner):
            return self.rank(partner) >= self.place(bonus["leader"])

        for number, order in enumerate(self.orders):
            above = [payee for payee, _ in self.upline(order.seller) if leads(payee)]
            skipped = [payee for payee in above[1:] if not (bonus.get("compress", "none") != "none" and self.idle(payee))]
            for generation, (payee, rate) in enumerate(zip(skipped, bonus["levels"], strict=False), 1):
                if rate is not None:
                    yield payee, number, generation, above[0], order, rate

    def tiered(self, bonus):
        over, of = bonus.get("over", "order"), bonus.get("of", "amount")
        group = bonus.get("on", "group" if over == "group" else "own") == "group"
        paid, filled = defaultdict(list), defaultdict(int)
        for number, order in enumerate(self.orders):
            for payee, via in self.upline(order.seller):
                if payee != order.seller and (not group or any(self.broken(each) for each, _ in self.until(order.seller, via))):
                    break
                paid[payee].append((number, self.volume(order, of)))
        for payee, orders in paid.items():
            for number, base in orders:
                volume = base if over == "order" else self.held(payee, {**bonus, "over": over})
                if bonus.get("mode", "flat") == "flat":
                    level, rate = self.tier(volume, bonus, bonus["tiers"])
                    if isinstance(rate, dict) and over != "order":
                        share = shared(minor(rate["fixed"]), [each for _, each in orders])[[each for each, _ in orders].index(number)]
                        yield payee, number, level, -1, base, {"share": share}
                    elif rate is not None:
                        yield payee, number, level, -1, base, rate
                    continue
                start = filled[payee] if over != "order" else 0
                filled[payee] += base
                edges = [*[self.edge(each, bonus) for each, _ in bonus["tiers"]], start + base + 1]
                for level, (_, rate) in enumerate(bonus["tiers"], 1):
                    inside = min(start + base, max(edges[level], edges[level - 1])) - max(start, edges[level - 1])
                    if inside > 0 and rate is not None:
                        yield payee, number, level, -1, inside, rate

    def until(self, first, last):
        for payee, via in self.upline(first):
            yield payee, via
            if payee == last:
                return

    def matching(self, bonus):
        earned = defaultdict(lambda: defaultdict(int))
        for payee, order, code, *_, amount in self.found:
            if code in bonus["of_bonuses"]:
                earned[payee][order] += amount
        for earner, orders in earned.items():
            for payee, level, _, rate in self.levels_above(bonus, self.partners[earner].sponsor, earner):
                for order, amount in orders.items():
                    yield payee, order, level, earner, amount, rate

    KINDS: ClassVar = {"unilevel": unilevel, "differential": differential, "generation": generation, "tier": tiered, "matching": matching}
