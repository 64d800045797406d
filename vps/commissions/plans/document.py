"""A plan's document: JSON that people write and keep. docs/commissions.md says what every key means."""

import json
import re
from collections.abc import Collection, Iterable
from fractions import Fraction

from vps.commissions.plans.bonuses import CurrencyHere, NoSuchRank, read_bonus
from vps.commissions.plans.plan import Bonus, Cap, Legs, Matching, Needs, Plan, Rank
from vps.commissions.plans.reading import MOST_POINTS, Node, read_json
from vps.commissions.plans.worst import must_be_payable
from vps.kernel.money import digits, is_currency
from vps.kernel.refusals import N_, Refused

_NEEDS = ("own", "own_points", "group", "group_points", "legs")
_VALUE = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?")


class CodeTwice(Refused):
    """Facts: code."""

    says = N_("The plan uses the code “%(code)s” twice.")


class NoSuchBonus(Refused):
    """Facts: where, code."""

    says = N_("%(where)s: no bonus with the code “%(code)s” stands before this one.")


class WrongPointValue(Refused):
    """Facts: where."""

    says = N_("%(where)s: the worth of a point must stand here, with at most nine decimals, for example “0.85”.")


class WorthNothing(Refused):
    """Facts: where."""

    says = N_("%(where)s: a point must be worth more than zero.")


def parse(text: str) -> Plan:
    """Read a plan and check it: raises a `Refused` that names the place, or what is wrong with the whole."""
    plan = kept(text)
    must_be_payable(plan)
    return plan


def kept(text: str) -> Plan:
    """Read a plan that was checked when it was kept: what it has paid is calculated and explained though a later release would refuse it."""
    return _plan(read_json(text))


def canonical(text: str) -> str:
    """The same document with sorted keys and without spaces, numbers as texts: what a plan's digest is made of."""
    return json.dumps(read_json(text).value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def point_value(node: Node, currency: str) -> Fraction:
    """What a point is worth, in minor units: '0.85' EUR is 85."""
    found = _VALUE.fullmatch(node.value) if isinstance(node.value, str) else None
    if found is None:
        raise WrongPointValue(where=node.where)
    value = Fraction(found[0]) * int(10 ** digits(currency))
    if not value:
        raise WorthNothing(where=node.where)
    return value


def _plan(node: Node) -> Plan:
    node.keys(
        needed=("name", "currency", "bonuses"),
        maybe=("rounding", "active", "ranks", "breakaway", "cap", "over_100", "point_value"),
    )
    currency = _currency(node["currency"])
    ranks = _ranks(node["ranks"], currency)
    codes = {rank.code for rank in ranks}
    bonuses = tuple(read_bonus(each, currency, codes) for each in node["bonuses"].each())
    _codes_once(each.code for each in bonuses)
    _matched_before(bonuses, node["bonuses"])
    return Plan(
        name=node["name"].text(),
        currency=currency,
        rounding=node["rounding"].choice("half up", "half even", "down"),
        active=_needs(node["active"], currency, codes) if node["active"] else None,
        ranks=ranks,
        breakaway=_known_rank(node["breakaway"], codes) if node["breakaway"] else None,
        bonuses=bonuses,
        cap=_cap(node["cap"], currency),
        over_100=node["over_100"].flag(),
        point_value=point_value(node["point_value"], currency) if node["point_value"] else None,
    )


def _currency(node: Node) -> str:
    if not isinstance(node.value, str) or not is_currency(node.value):
        raise CurrencyHere(where=node.where)
    return node.value


def _ranks(node: Node, currency: str) -> tuple[Rank, ...]:
    if not node:
        return ()
    entries = [each.keys(needed=("code",), maybe=("percent", "needs")) for each in node.each()]
    codes = [each["code"].code() for each in entries]
    _codes_once(codes)
    return tuple(
        Rank(code, each["percent"].percent() if each["percent"] else 0, _needs(each["needs"], currency, codes) if each["needs"] else None)
        for code, each in zip(codes, entries, strict=True)
    )


def _needs(node: Node, currency: str, codes: Collection[str]) -> Needs:
    node.keys(maybe=_NEEDS)
    legs = node["legs"]
    wanted = legs.each() if isinstance(legs.value, list) else iter([legs] if legs else [])
    return Needs(
        own=node["own"].amount(currency) if node["own"] else 0,
        own_points=node["own_points"].whole(0, MOST_POINTS) if node["own_points"] else 0,
        group=node["group"].amount(currency) if node["group"] else 0,
        group_points=node["group_points"].whole(0, MOST_POINTS) if node["group_points"] else 0,
        legs=tuple(_legs(each, currency, codes) for each in wanted),
    )


def _legs(node: Node, currency: str, codes: Collection[str]) -> Legs:
    node.keys(needed=("count",), maybe=("rank", "volume", "within"))
    return Legs(
        many=node["count"].whole(1, 1000),
        rank=_known_rank(node["rank"], codes) if node["rank"] else None,
        volume=node["volume"].amount(currency) if node["volume"] else 0,
        within=node["within"].choice("leg", "frontline"),
    )


def _known_rank(node: Node, codes: Collection[str]) -> str:
    if not isinstance(node.value, str) or node.value not in codes:
        raise NoSuchRank(where=node.where, rank=str(node.value)[:40])
    return node.value


def _cap(node: Node, currency: str) -> Cap:
    if not node:
        return Cap()
    node.keys(maybe=("payee", "percent_of_sales"))
    return Cap(
        node["payee"].positive(currency) if node["payee"] else None,
        node["percent_of_sales"].percent() if node["percent_of_sales"] else None,
    )


def _codes_once(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise CodeTwice(code=code)
        seen.add(code)


def _matched_before(bonuses: tuple[Bonus, ...], node: Node) -> None:
    for place, bonus in enumerate(bonuses):
        before = {each.code for each in bonuses[:place] if each.currency == bonus.currency}
        for code in bonus.of_bonuses if isinstance(bonus, Matching) else ():
            if code not in before:
                raise NoSuchBonus(where=f"{node.where}[{place}].of_bonuses", code=code)
