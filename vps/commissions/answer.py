"""What was calculated, as JSON for whoever tries a plan: amounts are texts like '20.00', percents texts like '7.5'."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from vps.commissions.plans.document import canonical
from vps.commissions.plans.network import NOBODY, Line, Network, Result, Sales
from vps.commissions.plans.plan import Bonus, Plan
from vps.commissions.plans.worst import percent, worst_case
from vps.kernel.money import Money

Answer = dict[str, Any]


def digest(text: str) -> str:
    """Which plan it was: the same for the same document, however it is laid out."""
    return sha256(canonical(text).encode()).hexdigest()


def answer(text: str, plan: Plan, network: Network, sales: Sales, result: Result) -> Answer:
    """Everything that `vps commissions calculate --json` says."""
    lines = list(result.lines)
    paid = [0] * len(sales.keys)
    totals: dict[str, int] = defaultdict(int, {plan.currency: 0})
    for line in lines:
        currency = plan.bonuses[line[3]].currency
        totals[currency] += line[-1]
        paid[line[1]] += line[-1] if currency == plan.currency else 0
    whole, _ = worst_case(plan, max(network.percents.values(), default=0))
    return {
        "plan": digest(text),
        "currency": plan.currency,
        "total": _money(totals[plan.currency], plan.currency),
        "totals": {currency: _money(total, currency) for currency, total in sorted(totals.items())},
        "maximum_percent": None if whole.millionths is None else _number(whole.millionths),
        "maximum_fixed": _money(whole.fixed.get(plan.currency, 0), plan.currency),
        "maximums_fixed": {currency: _money(fixed, currency) for currency, fixed in sorted(whole.fixed.items())},
        "payees": _payees(plan, network, result, lines),
        "lines": [_line(line, plan, network, sales) for line in lines],
        "orders": [_order(place, paid[place], plan, network, sales) for place in range(len(sales.keys))],
        "carried": {code: _left(left, _bonus(plan, code), network) for code, left in result.carried.items()},
        "problems": _problems(paid, plan, sales),
    }


def _payees(plan: Plan, network: Network, result: Result, lines: list[Line]) -> list[Answer]:
    """Everybody, also who gets nothing."""
    sums: list[dict[int, int]] = [{} for _ in network.keys]
    counts = [0] * len(network.keys)
    for payee, _, _, bonus, *_, amount in lines:
        sums[payee][bonus] = sums[payee].get(bonus, 0) + amount
        counts[payee] += 1
    percents = next(iter(result.percents.values()), None)
    return [
        {
            "partner": key,
            "amount": _money(sum(amount for bonus, amount in by.items() if plan.bonuses[bonus].currency == plan.currency), plan.currency),
            "lines": count,
            "by_bonus": {bonus.code: _money(by.get(place, 0), bonus.currency) for place, bonus in enumerate(plan.bonuses)},
            "rank": rank,
            "percent": None if percents is None else percent(percents[place]),
        }
        for place, (key, by, count, rank) in enumerate(zip(network.keys, sums, counts, result.ranks, strict=True))
    ]


def _line(line: Line, plan: Plan, network: Network, sales: Sales) -> Answer:
    payee, order, _, place, level, via, base, rate, amount = line
    bonus = plan.bonuses[place]
    return {
        "partner": network.keys[payee],
        "order": sales.keys[order],
        "seller": network.keys[sales.sellers[order]],
        "bonus": bonus.code,
        "level": level,
        "via": None if via == NOBODY else network.keys[via],
        "base": _volume(base, bonus),
        "rate": percent(rate) if rate else "fixed",
        "amount": _money(amount, bonus.currency),
        "rule": f"{bonus.code}: {bonus.kind}" + (f", {_STEPS[bonus.kind]} {level}" if level else ""),
    }


_STEPS = defaultdict(lambda: "level", tier="tier", generation="generation", differential="step")


def _order(place: int, paid: int, plan: Plan, network: Network, sales: Sales) -> Answer:
    amount = sales.amounts[place]
    return {
        "order": sales.keys[place],
        "partner": network.keys[sales.sellers[place]],
        "amount": _money(amount, plan.currency),
        "points": str(sales.points[place]),
        "paid": _money(paid, plan.currency),
        "percent": percent(paid * 1_000_000 // amount) if amount else None,
    }


def _problems(paid: list[int], plan: Plan, sales: Sales) -> list[Answer]:
    """Orders on which more is paid than they bring, unless that was agreed to."""
    if plan.over_100:
        return []
    return [
        {"order": sales.keys[place], "problem": "more is paid than the order brings", "paid": _money(each, plan.currency)}
        for place, each in enumerate(paid)
        if each > sales.amounts[place]
    ]


def _left(left: Mapping[int, tuple[int, int]], bonus: Bonus, network: Network) -> Answer:
    return {str(network.keys[partner]): [_volume(volume, bonus) for volume in legs] for partner, legs in left.items()}


def _bonus(plan: Plan, code: str) -> Bonus:
    return next(bonus for bonus in plan.bonuses if bonus.code == code)


def _volume(volume: int, bonus: Bonus) -> str:
    return str(volume) if bonus.of == "points" else _money(volume, bonus.currency)


def _money(minor: int, currency: str) -> str:
    return Money(minor, currency).plain


def _number(millionths: int) -> int | float:
    """For people who compare numbers: nothing is calculated with it."""
    return millionths // 10_000 if millionths % 10_000 == 0 else float(Decimal(millionths) / 10_000)
