"""Reading the bonuses of a plan's document, a function for each kind."""

from collections.abc import Callable, Collection
from typing import Any

from vps.commissions.plans.plan import (
    Binary,
    Bonus,
    Differential,
    Generation,
    Matching,
    Matrix,
    Rate,
    Tier,
    Tiered,
    Unilevel,
)
from vps.commissions.plans.reading import MOST_POINTS, KeyMissing, Node
from vps.kernel.money import is_currency
from vps.kernel.refusals import N_, Refused

MOST_LEVELS = 100
_COMMON = ("name", "wallet", "currency", "cap")
MOST_LEGS = 20
"""Everybody needs memory for each of them."""
_LEVELS = ("levels", "needs", "compress")
Shared = dict[str, Any]


class UnknownKind(Refused):
    """Facts: where, kinds."""

    says = N_("%(where)s: there is no such kind of bonus. Kinds: %(kinds)s")


class NoSuchRank(Refused):
    """Facts: where, rank."""

    says = N_("%(where)s: the plan has no rank “%(rank)s”.")


class CurrencyHere(Refused):
    """Facts: where."""

    says = N_("%(where)s: a currency must stand here, in three capital letters, for example “EUR”.")


class OnlyPoints(Refused):
    """Facts: where."""

    says = N_("%(where)s: only bonuses of points can be paid in another currency than the plan's.")


class TiersNotAscending(Refused):
    """Facts: where."""

    says = N_("%(where)s: tiers must begin higher and higher.")


class WrongTier(Refused):
    """Facts: where."""

    says = N_("%(where)s: a tier is a pair of the volume that it begins with and its rate, for example [“1000”, “5”].")


class TooManyLevels(Refused):
    """Facts: where, most."""

    says = N_("%(where)s: more levels than there can be here. Most: %(most)s")


class EitherOr(Refused):
    """Facts: where, one, other."""

    says = N_("%(where)s: write either “%(one)s” or “%(other)s”.")


class WrongRatio(Refused):
    """Facts: where."""

    says = N_("%(where)s: the ratio of the legs must be [1, 1], [1, 2] or [2, 1].")


def read_bonus(node: Node, currency: str, codes: Collection[str]) -> Bonus:
    """One entry of the plan's list; `codes` are those of its ranks."""
    if not isinstance(node.value, dict) or node.value.get("kind") is None:
        raise KeyMissing(where=node.where, key="kind")
    kind = node.value["kind"]
    if not isinstance(kind, str) or kind not in _READERS:
        raise UnknownKind(where=node["kind"].where, kinds=", ".join(_READERS))
    reader, keys, needed, rounds = _READERS[kind]
    node.keys(needed=("code", "kind", *needed), maybe=(*_COMMON, *(("round",) if rounds else ()), *keys))
    return reader(node, _shared(node, currency, rounds), codes)


def _shared(node: Node, currency: str, rounds: str) -> Shared:
    """What all kinds have."""
    paid_in = node["currency"].value if node["currency"] else currency
    of = node["of"].choice("amount", "points")
    if not isinstance(paid_in, str) or not is_currency(paid_in):
        raise CurrencyHere(where=node["currency"].where)
    if paid_in != currency and of != "points" and node.value["kind"] != "matching":
        raise OnlyPoints(where=node["currency"].where)
    return {
        "code": node["code"].code(),
        "name": node["name"].text() if node["name"] else node["code"].code(),
        "of": of,
        "wallet": node["wallet"].code() if node["wallet"] else "main",
        "currency": paid_in,
        "cap": node["cap"].positive(paid_in) if node["cap"] else None,
        "compress": node["compress"].choice("none", "inactive", "unqualified"),
        "round": node["round"].choice("line", "sum") if node["round"] else rounds or "line",
    }


def _levels(node: Node, shared: Shared, codes: Collection[str], *, fixed: bool = True) -> Shared:
    """`levels`, a list or one for each rank, and `needs`."""
    levels, currency = node["levels"], shared["currency"]
    by_rank = None
    if isinstance(levels.value, dict) and levels.value:
        by_rank = {_known(code, levels.where, codes): _rates(each, currency, fixed=fixed) for code, each in levels.entries()}
    deepest = max(map(len, by_rank.values()), default=0) if by_rank is not None else 0
    rates = _rates(levels, currency, fixed=fixed) if by_rank is None else ()
    return {"levels": rates, "by_rank": by_rank, "needs": _needed(node["needs"], max(deepest, len(rates)), codes)}


def _needed(node: Node, deepest: int, codes: Collection[str]) -> tuple[str | None, ...]:
    wanted = [_known(each.value, each.where, codes) if each else None for each in node.each()] if node else []
    if len(wanted) > deepest:
        raise TooManyLevels(where=node.where, most=deepest)
    return (*wanted, *[None] * (deepest - len(wanted)))


def _known(code: Any, where: str, codes: Collection[str]) -> str:
    if not isinstance(code, str) or code not in codes:
        raise NoSuchRank(where=where, rank=str(code)[:40])
    return code


def _rates(node: Node, currency: str, *, fixed: bool = True) -> tuple[Rate, ...]:
    rates = tuple(_rate(each, currency, fixed=fixed) for each in node.each())
    if len(rates) > MOST_LEVELS:
        raise TooManyLevels(where=node.where, most=MOST_LEVELS)
    return rates


def _rate(node: Node, currency: str, *, fixed: bool) -> Rate:
    """A percentage, {"fixed": amount} where that makes sense, or null: nothing."""
    if not node:
        return Rate(0)
    if fixed and isinstance(node.value, dict):
        return Rate(0, node.keys(needed=("fixed",))["fixed"].positive(currency))
    return Rate(node.percent())


def _tiers(node: Node, shared: Shared, *, fixed: bool) -> tuple[Tier, ...]:
    """Pairs of a volume and what is paid from it on."""
    tiers: list[Tier] = []
    for each in node.each():
        pair = list(each.each())
        if len(pair) != 2:
            raise WrongTier(where=each.where)
        start = pair[0].whole(0, MOST_POINTS) if shared["of"] == "points" else pair[0].amount(shared["currency"])
        if tiers and start <= tiers[-1].start:
            raise TiersNotAscending(where=each.where)
        tiers.append(Tier(start, _rate(pair[1], shared["currency"], fixed=fixed)))
    return tuple(tiers)


def _unilevel(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    return Unilevel(**shared, **_levels(node, shared, codes), level_1=node["level_1"].choice("sponsor", "seller"))


def _differential(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    rates = node["rates"].choice("rank", "volume")
    if (rates == "volume") != bool(node["volume_tiers"]):
        raise EitherOr(where=node.where, one='"rates": "rank"', other='"rates": "volume", "volume_tiers": […]')
    return Differential(
        **shared,
        rates=rates,
        over=node["over"].choice("group", "own"),
        volume_tiers=_tiers(node["volume_tiers"], shared, fixed=False) if rates == "volume" else (),
        mode=node["mode"].choice("greater of", "sum"),
        first=node["from"].whole(0, MOST_LEVELS) if node["from"] else 0,
    )


def _generation(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    return Generation(
        **shared,
        leader=_known(node["leader"].value, node["leader"].where, codes),
        levels=_rates(node["levels"], shared["currency"]),
    )


def _tiered(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    over, mode = node["over"].choice("order", "own", "group"), node["mode"].choice("flat", "split")
    if over == "order" and node["on"].value == "group":
        raise EitherOr(where=node.where, one='"over": "order"', other='"on": "group"')
    on = node["on"].choice("own", "group") if node["on"] else "group" if over == "group" else "own"
    if mode == "split" and over in ("own", "group") and on != over:
        raise EitherOr(where=node.where, one='"mode": "flat"', other=f'"on": "{over}"')
    return Tiered(
        **(shared | ({} if over == "order" or node["round"] else {"round": "sum"})),
        over=over,
        on=on,
        tiers=_tiers(node["tiers"], shared, fixed=mode == "flat"),
        mode=mode,
    )


def _matching(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    levels = _levels(node, shared, codes, fixed=False)
    return Matching(**shared, **levels, of_bonuses=tuple(each.code() for each in node["of_bonuses"].each()))


def _binary(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    by_pair = bool(node["pair"]) and bool(node["fixed"])
    if by_pair == bool(node["percent"]) or bool(node["pair"]) != bool(node["fixed"]):
        raise EitherOr(where=node.where, one='"percent"', other='"pair", "fixed"')
    ratio = tuple(each.whole(1, 2) for each in node["ratio"].each()) if node["ratio"] else (1, 1)
    if ratio not in ((1, 1), (1, 2), (2, 1)):
        raise WrongRatio(where=node["ratio"].where)
    points = shared["of"] == "points"
    return Binary(
        **shared,
        percent=node["percent"].percent() if node["percent"] else 0,
        pair=(node["pair"].whole(1, MOST_POINTS) if points else node["pair"].positive(shared["currency"])) if by_pair else 0,
        fixed=node["fixed"].positive(shared["currency"]) if by_pair else 0,
        carry=node["carry"].choice("keep", "flush"),
        ratio=(ratio[0], ratio[1]),
        depth=node["depth"].whole(1, MOST_LEVELS) if node["depth"] else None,
    )


def _matrix(node: Node, shared: Shared, codes: Collection[str]) -> Bonus:
    levels = _levels(node, shared, codes)
    deepest = len(levels["needs"])
    if node["depth"] and node["depth"].whole(1, MOST_LEVELS) != deepest:
        raise TooManyLevels(where=node["levels"].where, most=node["depth"].value)
    return Matrix(**shared, **levels, level_1=node["level_1"].choice("sponsor", "seller"), width=node["width"].whole(2, MOST_LEGS))


Reader = Callable[[Node, Shared, Collection[str]], Bonus]
_READERS: dict[str, tuple[Reader, tuple[str, ...], tuple[str, ...], str]] = {
    "unilevel": (_unilevel, ("of", "level_1", *_LEVELS), ("levels",), "line"),
    "differential": (_differential, ("of", "rates", "over", "volume_tiers", "mode", "from", "compress"), (), "line"),
    "generation": (_generation, ("of", "compress"), ("leader", "levels"), "sum"),
    "tier": (_tiered, ("of", "over", "on", "mode"), ("tiers",), "line"),
    "matching": (_matching, _LEVELS, ("of_bonuses", "levels"), "sum"),
    "binary": (_binary, ("of", "percent", "pair", "fixed", "carry", "ratio", "depth"), (), ""),
    "matrix": (_matrix, ("of", "depth", "level_1", *_LEVELS), ("width", "levels"), "line"),
}
"""By kind: how it is read, its keys, those of them that must be there, and how it is rounded unless it says so (empty: always once)."""
