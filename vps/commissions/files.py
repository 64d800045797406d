"""A network and its orders from CSV files, for trying a plan: every mistake is told with its line."""

import re
from array import array
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from vps.commissions.plans.facts import bottom_up
from vps.commissions.plans.network import NOBODY, Column, Network, Sales
from vps.commissions.plans.plan import Plan
from vps.commissions.plans.reading import MOST_MINOR, MOST_POINTS
from vps.kernel.amounts import parse_plain
from vps.kernel.cells import day, maybe, needed, whole, yes_or_no
from vps.kernel.csvfile import Line, Mistake, Table, Twice, WrongLines, read_table
from vps.kernel.refusals import N_, Refused

TREE = ("partner", "sponsor")
TREE_MORE = ("name", "rank", "percent", "active", "closed", "stopped", "parent", "leg")
ORDERS = ("order", "partner", "amount")
ORDERS_MORE = ("points", "currency", "date")
LONGEST = 80
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?")
_SIDES = {"left": 0, "right": 1}


class WrongFile(WrongLines):
    says = N_("The file has mistakes. Nothing was calculated.")


class NotThere(Refused):
    """Facts: partner."""

    says = N_("There is no partner “%(partner)s” in the tree.")


class OwnSponsor(Refused):
    says = N_("Nobody can be above himself.")


class InACircle(Refused):
    """Facts: way."""

    says = N_("These are above each other in a circle: %(way)s")


class Negative(Refused):
    says = N_("This must not be negative. What was refunded is taken off the order it belongs to.")


class OtherCurrency(Refused):
    """Facts: wanted."""

    says = N_("The plan's currency is %(wanted)s, and so must be this one.")


class RankNotInPlan(Refused):
    """Facts: ranks."""

    says = N_("The plan has no such rank. Its ranks: %(ranks)s")


class WrongOwnPercent(Refused):
    says = N_("Please write a percentage from 0 to 100 with at most four decimals, for example 7.5")


class WrongLeg(Refused):
    says = N_("Please write “left”, “right”, or the number of the place under the parent, from 1.")


class LegTaken(Refused):
    """Facts: line."""

    says = N_("This place under the parent is taken by line %(line)s.")


class TooLongName(Refused):
    """Facts: most."""

    says = N_("This is too long. Most characters: %(most)s.")


class Tree(NamedTuple):
    """A network, and where its partners are found."""

    network: Network
    places: dict[str, int]


def read_tree(content: bytes, plan: Plan) -> Tree:
    """Read partners in the order of joining. Raises WrongFile, and what a file as a whole can be wrong in."""
    table = read_table(content, required=TREE, optional=TREE_MORE)
    found: list[tuple[Line, dict[str, Any]]] = []
    places, lines = dict[str, int](), dict[str, int]()
    for line in table.lines:
        cells = line.read(_partner_cells(plan))
        if cells and _is_new(line, "partner", cells["partner"], lines):
            places[cells["partner"]] = len(found)
            found.append((line, cells))
    sponsors = _column(found, "sponsor", places)
    has_parents = any(cells["parent"] for _, cells in found)
    parents = _column(found, "parent", places) if has_parents else None
    _must_be_right(table)
    for column, tree in (("sponsor", sponsors), ("parent", parents)):
        if tree is not None:
            _no_circles(found, column, tree)
    if parents is not None:
        _no_leg_twice(found, parents)
    _must_be_right(table)
    return Tree(_network(found, places, sponsors, parents), places)


def read_orders(content: bytes, plan: Plan, places: dict[str, int]) -> Sales:
    """Read orders; they are put in order by their numbers. Raises WrongFile, and what a file as a whole can be wrong in."""
    table = read_table(content, required=ORDERS, optional=ORDERS_MORE)
    found: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for line in table.lines:
        cells = line.read(_order_cells(plan, places))
        if cells and _is_new(line, "order", cells["order"], lines):
            found.append(cells)
    _must_be_right(table)
    found.sort(key=lambda cells: _natural(cells["order"]))
    return Sales(
        [cells["order"] for cells in found],
        array("q", (cells["partner"] for cells in found)),
        array("q", (cells["amount"] for cells in found)),
        array("q", (cells["points"] or 0 for cells in found)),
    )


def _partner_cells(plan: Plan) -> dict[str, Callable[[str], Any]]:
    return {
        "partner": needed(_name),
        "sponsor": maybe(_name),
        "name": maybe(_name),
        "rank": maybe(lambda text: _rank(text, plan)),
        "percent": maybe(_percent),
        "active": maybe(yes_or_no),
        "closed": maybe(yes_or_no),
        "stopped": maybe(yes_or_no),
        "parent": maybe(_name),
        "leg": maybe(_leg),
    }


def _order_cells(plan: Plan, places: dict[str, int]) -> dict[str, Callable[[str], Any]]:
    return {
        "order": needed(_name),
        "partner": needed(lambda text: _place(text, places)),
        "amount": needed(lambda text: parse_plain(_not_negative(text), plan.currency, most=MOST_MINOR).minor),
        "points": maybe(lambda text: whole(0, MOST_POINTS)(_not_negative(text))),
        "currency": maybe(lambda text: _same_currency(text, plan)),
        "date": maybe(day),
    }


def _network(found: list[tuple[Line, dict[str, Any]]], places: dict[str, int], sponsors: Column, parents: Column | None) -> Network:
    def given(column: str) -> Iterable[tuple[int, Any]]:
        return ((place, cells[column]) for place, (_, cells) in enumerate(found) if cells[column] is not None)

    return Network(
        keys=list(places),
        sponsors=sponsors,
        stopped={place for place, stopped in given("stopped") if stopped},
        closed={place for place, closed in given("closed") if closed},
        ranks=dict(given("rank")),
        parents=parents,
        legs=None if parents is None else array("q", (NOBODY if cells["leg"] is None else cells["leg"] for _, cells in found)),
        percents=dict(given("percent")),
        active=dict(given("active")),
    )


def _column(found: list[tuple[Line, dict[str, Any]]], column: str, places: dict[str, int]) -> Column:
    """The places of those who stand in a column; who is not there, and who is above himself, is a mistake."""
    above = array("q", [NOBODY]) * len(found)
    for place, (line, cells) in enumerate(found):
        if cells[column] is None:
            continue
        if cells[column] == cells["partner"]:
            line.wrong(column, OwnSponsor())
        elif cells[column] not in places:
            line.wrong(column, NotThere(partner=cells[column]))
        else:
            above[place] = places[cells[column]]
    return above


def _no_circles(found: list[tuple[Line, dict[str, Any]]], column: str, tree: Column) -> None:
    """Every circle is told once, at its first line."""
    left = set(range(len(tree))) - set(bottom_up(tree))
    while left:
        way = [min(left)]
        while tree[way[-1]] != way[0]:
            way.append(tree[way[-1]])
        names = [found[place][1]["partner"] for place in (*way, way[0])]
        found[way[0]][0].wrong(column, InACircle(way=" → ".join(names[:9])))
        left -= set(way)


def _no_leg_twice(found: list[tuple[Line, dict[str, Any]]], parents: Column) -> None:
    taken: dict[tuple[int, int], int] = {}
    for place, (line, cells) in enumerate(found):
        if cells["leg"] is None or parents[place] < 0:
            continue
        first = taken.setdefault((parents[place], cells["leg"]), line.number)
        if first != line.number:
            line.wrong("leg", LegTaken(line=first))


def _is_new(line: Line, column: str, key: str, lines: dict[str, int]) -> bool:
    first = lines.setdefault(key, line.number)
    if first != line.number:
        line.wrong(column, Twice(line=first))
    return first == line.number


def _must_be_right(table: Table) -> None:
    if table.mistakes:
        raise WrongFile(sorted(table.mistakes, key=_by_line))


def _by_line(mistake: Mistake) -> int:
    return mistake.line


def _name(text: str) -> str:
    if len(text) > LONGEST:
        raise TooLongName(most=LONGEST)
    return text


def _rank(text: str, plan: Plan) -> str:
    if plan.place(text) < 0:
        raise RankNotInPlan(ranks=", ".join(rank.code for rank in plan.ranks) or "–")
    return text


def _percent(text: str) -> int:
    found = _PERCENT.fullmatch(text)
    millionths = int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")) if found else -1
    if not 0 <= millionths <= 1_000_000:
        raise WrongOwnPercent
    return millionths


def _leg(text: str) -> int:
    if text in _SIDES:
        return _SIDES[text]
    if not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise WrongLeg
    return int(text) - 1


def _place(text: str, places: dict[str, int]) -> int:
    if text not in places:
        raise NotThere(partner=text)
    return places[text]


def _same_currency(text: str, plan: Plan) -> str:
    if text != plan.currency:
        raise OtherCurrency(wanted=plan.currency)
    return text


def _not_negative(text: str) -> str:
    if text.startswith("-"):
        raise Negative
    return text


def _natural(key: str) -> tuple[int, int, str]:
    """Numbers by their size, before everything else."""
    return (0, int(key), key) if key.isascii() and key.isdigit() else (1, 0, key)
