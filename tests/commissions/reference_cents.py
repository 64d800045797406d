"""The slow calculation's arithmetic: exact fractions, rounded and cut as the plan says."""

from collections import defaultdict
from fractions import Fraction
from math import floor
from typing import NamedTuple


class Partner(NamedTuple):
    sponsor: int = -1
    rank: str | None = None
    percent: int | None = None
    active: bool | None = None
    closed: bool = False
    stopped: bool = False


class Order(NamedTuple):
    seller: int
    amount: int
    points: int = 0


def millionths(percent) -> int:
    return int(Fraction(percent) * 10_000)


def minor(amount) -> int:
    return int(Fraction(amount) * 100)


def shared(total: int, weights: list) -> list[int]:
    exact = [Fraction(total * weight) / (sum(weights) or 1) for weight in weights]
    shares = [floor(each) for each in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: total - sum(shares)] if sum(weights) else ():
        shares[place] += 1
    return shares


class Cents:
    """From what the kinds of bonuses yield (payee, order, level, via, base, rate) to lines."""

    def lines(self):
        self.found = []  # payee, order, code, level, via, base, rate, amount
        for bonus in self.plan["bonuses"]:
            self.found += self.settled(bonus, list(self.KINDS[bonus["kind"]](self, bonus)))
        places = {bonus["code"]: place for place, bonus in enumerate(self.plan["bonuses"])}
        found = sorted((payee, order, places[code], *rest) for payee, order, code, *rest in self.found)
        found = self.cut_together(found)
        counted, numbered = defaultdict(int), []
        for payee, order, *rest in found:
            numbered.append((payee, order, counted[payee, order], *rest))
            counted[payee, order] += 1
        return numbered

    def settled(self, bonus, parts):
        """The parts of one bonus, rounded and cut to its cap."""
        of, currency_value = bonus.get("of", "amount"), Fraction(self.plan.get("point_value", 1)) * 100
        exact = []
        for payee, order, level, via, base, rate in parts:
            base = self.volume(base, of) if isinstance(base, Order) else base
            if self.idle(payee) or self.partners[payee].stopped or not base:
                continue
            if isinstance(rate, dict):
                fixed = rate["share"] if "share" in rate else minor(rate["fixed"])
                exact.append([payee, order, bonus["code"], level, via, base, 0, Fraction(fixed)])
            else:
                worth = base * (currency_value if of == "points" else 1)
                exact.append([payee, order, bonus["code"], level, via, base, millionths(rate), worth * Fraction(rate) / 100])
        exact.sort()
        summed = bonus["kind"] in ("generation", "matching") or (bonus["kind"] == "tier" and bonus.get("over", "order") != "order")
        together = defaultdict(list)
        for place, (payee, _, _, level, via, _, rate, _) in enumerate(exact):
            together[(payee, level, via, rate) if bonus.get("round", "sum" if summed else "line") == "sum" and rate else place].append(
                place
            )
        for places in together.values():
            total = self.rounded(sum(exact[place][-1] for place in places))
            for place, share in zip(places, shared(total, [exact[place][5] for place in places]), strict=True):
                exact[place][-1] = share if len(places) > 1 else total
        return [tuple(line) for line in self.cut(exact, minor(bonus["cap"]) if bonus.get("cap") else None) if line[-1]]

    def rounded(self, exact):
        how = self.plan.get("rounding", "half up")
        return floor(exact) if how == "down" else round(exact) if how == "half even" else floor(exact + Fraction(1, 2))

    def cut(self, found, most):
        """Everybody's lines, cut in proportion to `most` for each payee."""
        by_payee = defaultdict(list)
        for line in found:
            by_payee[line[0]].append(line)
        return [line for payee in sorted(by_payee) for line in self.cut_one(by_payee[payee], most)]

    def cut_one(self, lines, most):
        amounts = [line[-1] for line in lines]
        shares = amounts if most is None or sum(amounts) <= most else shared(most, amounts)
        return [(*line[:-1], share) for line, share in zip(lines, shares, strict=True) if share]

    def cut_together(self, found):
        cap = self.plan.get("cap", {})
        found = self.cut(found, minor(cap["payee"]) if "payee" in cap else None)
        most = sum(order.amount for order in self.orders) * Fraction(cap.get("percent_of_sales", 0)) / 100
        if "percent_of_sales" not in cap or sum(line[-1] for line in found) <= floor(most):
            return found
        payees = sorted({line[0] for line in found})
        shares = shared(floor(most), [sum(line[-1] for line in found if line[0] == payee) for payee in payees])
        return [
            line
            for payee, share in zip(payees, shares, strict=True)
            for line in self.cut_one([line for line in found if line[0] == payee], share)
        ]
