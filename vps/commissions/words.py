"""Runs, lines and marks as people read them, in the language of whoever looks."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from flask import url_for

from vps.commissions.explain import Cause, Exact, Percent, Sale, Sentence, Story, Sum, explain
from vps.commissions.models import HOLD, STOP, Calculated, Coming, Got, Seen, below, names_of
from vps.commissions.plans.plan import Bonus
from vps.company.models import company
from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say, spoken
from vps.kernel.clock import clock, day_in
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.kernel.text import short_name

Names = dict[int, str]
MARKS = {STOP: N_("Commission stop"), HOLD: N_("Commission hold")}
KINDS = {
    "unilevel": N_("Levels"),
    "differential": N_("Difference of percentages"),
    "generation": N_("Generations of leaders"),
    "tier": N_("Tiers by volume"),
    "matching": N_("Share of others' earnings"),
    "binary": N_("Pairs of two legs"),
    "matrix": N_("Matrix"),
}
"""Kinds of rules."""


class Row(NamedTuple):
    """A line of a run as it stands in a list."""

    address: str
    title: str
    amount: Money
    small: str


class Told(NamedTuple):
    """A line of a run, explained."""

    sentences: list[str]
    sum: str
    facts: list[tuple[str, str]]


def marked(kind: str) -> str:
    """The name of a kind of mark."""
    return say(MARKS[kind])


def run_called(got: Got | Calculated) -> str:
    """What a run was about, in a few words."""
    if got.kind == "manual":
        return say(N_("Manual provision"))
    if got.since is None or got.last_day is None:
        return say(N_("Commission"))
    return say(N_("Commission from %(since)s to %(last)s"), since=got.since, last=got.last_day)


def freed(coming: Coming) -> str:
    """'+18.40 €, free on 5 December 2026'."""
    return say(N_("%(amount)s, free on %(day)s"), amount=formats.money_signed(coming.amount, reader().language), day=coming.day)


def seen_by(payee: int, people: Collection[int]) -> Names:
    """How a payee reads others' names: shortened, and of whoever stands deeper than he may see, the number alone."""
    others = set(people) - {payee, 0}
    near = below(payee, others, company().tree_depth, day_in(clock(), company().zone))
    return {key: short_name(each.name) if key in near else numbered(each.number) for key, each in names_of(others).items()}


def seen_in_office(payee: int, people: Collection[int]) -> Names:
    """How the office reads them."""
    return {key: f"{each.number} {each.name}" for key, each in names_of(set(people) - {payee, 0}).items()}


def numbered(number: str) -> str:
    return say(N_("Partner %(number)s"), number=number)


def listed(run: Calculated, lines: Sequence[Seen], names: Names, page: Callable[[Seen], str]) -> list[Row]:
    """Lines of a run; `page` is the address of the one that explains a line."""
    return [Row(page(line), _title(line, names), _amount(run, line), _rule(run, line)) for line in lines]


def told(run: Calculated, line: Seen, names: Names) -> Told:
    """A line explained: sentences, the sum it was worked out by, and the facts in a list."""
    bonus = _bonus(run, line)
    sale = Sale(line.order, names.get(line.seller, ""), line.total, line.refunded, line.counted, line.points)
    cause = Cause(line.level, names.get(line.via, ""), line.base, line.rate, _amount(run, line), run.values.get(bonus.currency))
    story = explain(bonus, sale, cause)
    return Told([_said(each) for each in story.sentences], _reckoned(story), _facts(run, bonus, sale, cause))


def address(endpoint: str, run: int, **more: Any) -> Callable[[Seen], str]:
    """Where a line is explained."""
    return lambda line: url_for(endpoint, key=run, order=line.order, n=line.n + 1, **more)


def _facts(run: Calculated, bonus: Bonus, sale: Sale, cause: Cause) -> list[tuple[str, str]]:
    points = bonus.of == "points"
    facts: list[tuple[str, Any]] = [
        (N_("Order"), sale.order),
        (N_("Sold by"), sale.seller or say(N_("yourself"))),
        (N_("Level of the rule"), cause.level or None),
        (N_("Base"), None if points else Money(cause.base, bonus.currency)),
        (N_("Points"), cause.base if points else None),
        (N_("Value of a point"), Exact(cause.value, bonus.currency) if points and cause.value is not None else None),
        (N_("Percentage"), Percent(cause.rate) if cause.rate else say(N_("fixed amount"))),
        (N_("Rule"), f"{bonus.name} ({say(KINDS[bonus.kind])})"),
        (N_("Version of the plan"), run.version),
    ]
    return [(say(word), str(_spoken(fact))) for word, fact in facts if fact is not None]


def _reckoned(story: Story) -> str:
    found = story.reckoned
    return "" if found is None else f"{_factors(found)} {'≈' if found.near else '='} {spoken(found.sum)}"


def _factors(found: Sum) -> str:
    if isinstance(found.base, Money):
        return f"{spoken(found.base)} × {_spoken(found.rate)}"
    return say(N_("%(points)s points × %(rate)s × %(value)s"), points=found.base, rate=_spoken(found.rate), value=_spoken(found.value))


def _said(sentence: Sentence) -> str:
    return say(sentence.says, **{name: _spoken(fact) for name, fact in sentence.facts.items()})


def _spoken(fact: Any) -> Any:
    if isinstance(fact, Percent):
        return formats.percent_of_million(fact.millionths, reader().language)
    if isinstance(fact, Exact):
        return formats.money_exact(fact.minor, fact.currency, reader().language)
    return spoken(fact)


def _title(line: Seen, names: Names) -> str:
    order = say(N_("Order %(number)s"), number=line.order)
    return f"{order} · {names[line.seller]}" if line.seller in names else order


def _rule(run: Calculated, line: Seen) -> str:
    name = _bonus(run, line).name
    if not line.level:
        return name
    level = say(N_("on level %(level)s"), level=line.level)
    return f"{name} · {level}"


def _amount(run: Calculated, line: Seen) -> Money:
    return Money(line.minor, _bonus(run, line).currency)


def _bonus(run: Calculated, line: Seen) -> Bonus:
    assert run.plan is not None, "a run without a plan has no lines"
    return run.plan.bonuses[line.bonus]
