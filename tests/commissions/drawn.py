"""Networks, orders and plans thrown with dice, dense enough that most of them pay; and how the engine calculates them."""

import json
from array import array
from random import Random

from tests.commissions.reference_cents import Order, Partner
from vps.commissions.plans.calculate import calculate
from vps.commissions.plans.document import parse
from vps.commissions.plans.network import Network, Sales

RANKS = ["member", "silver", "gold"]
PERCENTS = ["0.0001", "1", "2.5", "3.3333", "7", "10", "12.5", "40"]
AMOUNTS = ["0.01", "5.00", "80.00", "150.00", "400.00"]
COMPRESS = ["none", "inactive", "unqualified"]


def network(dice: Random) -> list[Partner]:
    """Partners in any order, so that a sponsor may stand behind those he brought; mostly deep."""
    size = dice.randint(2, 14)
    places = dice.sample(range(size), size)
    partners = [Partner()] * size
    for joined, place in enumerate(places):
        above = dice.randint(max(-1, joined - 4), joined - 1) if joined and dice.random() < 0.95 else -1
        partners[place] = Partner(
            sponsor=places[above] if above >= 0 else -1,
            rank=dice.choice(RANKS) if seldom(dice) else None,
            percent=dice.choice([0, 25_000, 60_000]) if seldom(dice) else None,
            active=dice.random() < 0.5 if seldom(dice) else None,
            closed=seldom(dice),
            stopped=seldom(dice),
        )
    return partners


def orders_in(dice: Random, partners: list[Partner]) -> list[Order]:
    return [
        Order(dice.randrange(len(partners)), dice.choice([0, 1, dice.randint(2, 300), dice.randint(300, 30_000)]), dice.randint(0, 300))
        for _ in range(dice.randint(1, 16))
    ]


def seldom(dice: Random) -> bool:
    return dice.random() < 0.08


def needs(dice: Random) -> dict:
    found: dict = {}
    for key in ("own", "group"):
        if dice.random() < 0.3:
            found[key] = dice.choice(AMOUNTS)
        if dice.random() < 0.15:
            found[f"{key}_points"] = dice.randint(0, 200)
    if dice.random() < 0.3:
        found["legs"] = [legs(dice) for _ in range(dice.randint(1, 2))]
    return found


def legs(dice: Random) -> dict:
    found: dict = {"count": dice.randint(1, 2)}
    if dice.random() < 0.5:
        found |= {"rank": dice.choice(RANKS), "within": dice.choice(["leg", "frontline"])}
    return found | ({"volume": dice.choice(AMOUNTS)} if dice.random() < 0.5 else {})


def rate(dice: Random, *, fixed: bool = True):
    if fixed and dice.random() < 0.2:
        return {"fixed": dice.choice(["0.01", "2.00"])}
    return dice.choice(PERCENTS) if dice.random() < 0.9 else None


def rates(dice: Random, *, fixed: bool = True) -> list:
    return [rate(dice, fixed=fixed) for _ in range(dice.randint(1, 5))]


def levels(dice: Random, *, fixed: bool = True) -> dict:
    if dice.random() < 0.3:
        return {"levels": {rank: rates(dice, fixed=fixed) for rank in dice.sample(RANKS, 2)}, "compress": dice.choice(COMPRESS)}
    found = rates(dice, fixed=fixed)
    asked = {"needs": [dice.choice([None, *RANKS]) for _ in found[:2]]} if dice.random() < 0.4 else {}
    return {"levels": found, "compress": dice.choice(COMPRESS)} | asked


def tiers(dice: Random, of: str, *, fixed: bool) -> list:
    starts = sorted(dice.sample([0, 1, 20, 60, 130, 280, 500], dice.randint(1, 4)))
    return [[str(start) if of == "points" else f"{start}.50", rate(dice, fixed=fixed)] for start in starts]


def bonus(dice: Random, kind: str) -> dict:
    of = dice.choice(["amount", "amount", "points"])
    if kind == "unilevel":
        return {"of": of, "level_1": dice.choice(["seller", "sponsor"])} | levels(dice)
    if kind == "generation":
        return {"of": of, "leader": dice.choice(RANKS), "levels": rates(dice), "compress": dice.choice(COMPRESS)}
    if kind == "tier":
        mode, over = dice.choice(["flat", "split"]), dice.choice(["order", "own", "group"])
        on = {"on": dice.choice(["own", "group"])} if mode == "flat" and over != "order" else {}
        return {"of": of, "mode": mode, "over": over, "tiers": tiers(dice, of, fixed=mode == "flat")} | on
    found = {"of": of, "mode": dice.choice(["greater of", "sum"]), "from": dice.choice([0, 0, 1, 2]), "compress": dice.choice(COMPRESS)}
    if dice.random() < 0.5:
        return found
    return found | {"rates": "volume", "over": dice.choice(["own", "group"]), "volume_tiers": tiers(dice, of, fixed=False)}


def plan(dice: Random, kinds: tuple[str, ...] = ("unilevel", "differential", "generation", "tier")) -> dict:
    paid = []
    for place in range(dice.randint(1, 3)):
        kind = dice.choice(kinds)
        paid.append(bonus(dice, kind) | {"code": f"b{place}", "kind": kind})
    if dice.random() < 0.4:
        paid.append(levels(dice, fixed=False) | {"code": "match", "kind": "matching", "of_bonuses": ["b0"]})
    for each in paid:
        each |= {"round": dice.choice(["line", "sum"])} if dice.random() < 0.3 else {}
        each |= {"cap": dice.choice(AMOUNTS)} if dice.random() < 0.2 else {}
    found = {
        "name": "Drawn",
        "currency": "EUR",
        "over_100": True,
        "point_value": dice.choice(["1", "0.333", "0.07"]),
        "rounding": dice.choice(["half up", "half even", "down"]),
        "ranks": [{"code": rank, "percent": percent, "needs": needs(dice)} for rank, percent in zip(RANKS, "529", strict=True)],
        "bonuses": paid,
    }
    if dice.random() < 0.1:
        del found["ranks"][dice.randrange(3)]["needs"]
    rules = {"active": needs(dice), "breakaway": dice.choice(RANKS), "cap": {"payee": dice.choice(AMOUNTS)}}
    found |= {key: rule for key, rule in rules.items() if dice.random() < 0.3}
    return found | ({"cap": {"percent_of_sales": dice.choice(PERCENTS)}} if dice.random() < 0.15 else {})


def engine_lines(plan: dict, partners: list[Partner], orders: list[Order]) -> list[tuple]:
    network = Network(
        keys=range(len(partners)),
        sponsors=array("q", (each.sponsor for each in partners)),
        stopped={place for place, each in enumerate(partners) if each.stopped},
        closed={place for place, each in enumerate(partners) if each.closed},
        ranks={place: each.rank for place, each in enumerate(partners) if each.rank},
        percents={place: each.percent for place, each in enumerate(partners) if each.percent is not None},
        active={place: each.active for place, each in enumerate(partners) if each.active is not None},
    )
    sales = Sales(
        keys=range(len(orders)),
        sellers=array("q", (order.seller for order in orders)),
        amounts=array("q", (order.amount for order in orders)),
        points=array("q", (order.points for order in orders)),
    )
    return list(calculate(parse(json.dumps(plan)), network, sales).lines)
