"""A draft is calculated: orders and tree in, lines and shares out, in small transactions, so that nobody who pays waits for it.

The same inputs give the same bytes. What a worker was killed in is begun anew; nothing of it is seen before the run says it is calculated.
"""

import json
from array import array
from collections.abc import Callable, Iterator
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from itertools import chain, islice
from typing import Any, NamedTuple, cast

from vps.commissions.actions.claiming import touch
from vps.commissions.actions.kept import Kept
from vps.commissions.models import Plan, Run
from vps.commissions.models.inputs import Inputs, carried_into, digest_of, free_on, in_currency, network_on, orders_until, point_value
from vps.commissions.models.places import newcomers, width_of, with_places
from vps.commissions.plans.calculate import calculate
from vps.commissions.plans.network import Line, Sales
from vps.commissions.plans.plan import Plan as Rules
from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, let_pass, many, reading, run, unsynced, until_waited
from vps.ledger.actions import record

AT_ONCE = 1_000
"""Rows of one transaction, where nobody waits."""
PIECE = 150
"""Rows that are written together: who pays meanwhile waits for no more."""


class Calculated(NamedTuple):
    """What came out, for the run's row."""

    lines: int
    partners: int
    total: int
    digest: str
    bonuses: list[list[int]]


def calculate_run(key: int, mine: str, *, now: Callable[[], datetime]) -> None:
    """Calculate a draft that this worker has claimed. Raises Lost; NoRate, and what the plan or its inputs refuse."""
    this: Run = Run.get_by_id(key)
    _clear(key, mine, now=now)
    plan = rules_of(this)
    with reading():
        inputs, facts = read_inputs(this, plan)
    _still_mine(key, mine, at=now())
    with unsynced():  # nobody sees any of it before `_finish`
        _keep_places(this, mine, inputs, width_of(plan), now=now)
    carried = {bonus: {inputs.positions[payee]: legs for payee, legs in each.items()} for bonus, each in carried_into(this, plan).items()}
    values = values_on(plan, day_of(this))
    result = calculate(plan, inputs.network, inputs.sales, point_values=values, carried=carried)
    _still_mine(key, mine, at=now())
    with unsynced():
        done = _keep_lines(this, mine, plan, inputs, result.lines, now=now)
    left = [
        (key, bonus, inputs.network.keys[payee], leg, volume)
        for bonus, each in result.carried.items()
        for payee, legs in each.items()
        for leg, volume in enumerate(legs)
        if volume
    ]
    facts["bonuses"] = done.bonuses
    facts["points"] = {currency: str(value) for currency, value in result.point_values.items()}
    _finish(key, mine, inputs, done, left, facts, at=now())


def rules_of(this: Run) -> Rules:
    """The plan this run is calculated by."""
    found: Plan = Plan.get_by_id(this.plan_id)
    return found.rules


def values_on(plan: Rules, day: date) -> dict[str, Fraction]:
    """What the company says a point is worth on a day, in minor units, by the currencies in which the plan pays for points."""
    wanted = {bonus.currency for bonus in plan.bonuses if bonus.of == "points"}
    found = {currency: point_value(currency, day) for currency in sorted(wanted)}
    return {currency: value for currency, value in found.items() if value is not None}


def day_of(this: Run) -> date:
    """The day whose rates and tree count: the last one of its period."""
    return this.last_day or day_in(this.cutoff, company().zone)


def read_inputs(this: Run, plan: Rules) -> tuple[Inputs, dict[str, Any]]:
    """Tree and orders of a run, and the facts they were read with."""
    ours, cutoff = company(), micros(this.cutoff)
    network, positions = network_on(day_of(this), cutoff=cutoff)
    network = with_places(network, positions, width_of(plan))
    turned, rates = in_currency(plan.currency, day_of(this))
    columns = [array("q") for _ in range(8)]
    orders, sellers, amounts, points, free, totals, refunds, finals = columns
    currencies: list[str] = []
    rule = ours.zone, ours.withdrawal_days, ours.delivery_days
    for order, seller, amount, worth, total, refunded, currency, final_at, delivered_at in orders_until(cutoff):
        orders.append(order)
        sellers.append(positions[seller])
        amounts.append(turned(amount, currency))
        points.append(worth)
        totals.append(total)
        refunds.append(refunded)
        finals.append(final_at)
        currencies.append(currency)
        free.append(free_on(final_at, delivered_at, *rule))
    marked = (array("q", sorted(cast("frozenset[int]", each))) for each in (network.stopped, network.closed))
    digest = digest_of(network.sponsors, *marked, *filter(None, (network.parents, network.legs)), *columns)
    facts = {
        "rates": {currency: str(rate) for currency, rate in sorted(rates.items())},
        "withdrawal_days": ours.withdrawal_days,
        "delivery_days": ours.delivery_days,
    }
    return Inputs(network, Sales(orders, sellers, amounts, points), positions, free, digest, totals, refunds, finals, currencies), facts


@action
def _still_mine(key: int, mine: str, *, at: datetime) -> None:
    # Between two long steps, so that no other worker takes it for abandoned.
    touch(key, mine, at=at, done=0)


@action
def _clear_some(key: int, mine: str, at: datetime) -> int:
    touch(key, mine, at=at, done=0)
    gone = 0
    for statement in CLEAR:
        gone += run(statement, key, key, PIECE).rowcount if "LIMIT" in statement else run(statement, key).rowcount
    return gone


def _clear(key: int, mine: str, *, now: Callable[[], datetime]) -> None:
    while _clear_some(key, mine, now()):
        pass


def _keep_orders(this: Run, mine: str, inputs: Inputs, payees: Iterator[str], done: int, *, now: Callable[[], datetime]) -> None:
    ids, sales = inputs.network.keys, inputs.sales
    days = (date.fromordinal(day).isoformat() for day in inputs.free)
    found = zip(
        sales.keys,
        sales.sellers,
        sales.amounts,
        sales.points,
        inputs.totals,
        inputs.refunds,
        inputs.currencies,
        inputs.finals,
        days,
        payees,
        strict=True,
    )
    values = ((this.id, order, ids[seller], *rest) for order, seller, *rest in found)
    while chunk := list(islice(values, AT_ONCE)):
        _write(this.id, mine, {RUN_ORDER: chunk}, done, now=now)


def _keep_places(this: Run, mine: str, inputs: Inputs, width: int | None, *, now: Callable[[], datetime]) -> None:
    found = newcomers(inputs.network, width) if width else iter(())
    while chunk := list(islice(found, AT_ONCE)):
        _write(this.id, mine, {PLACE: chunk}, 0, now=now)


def _write(key: int, mine: str, values: dict[str, list[tuple[Any, ...]]], done: int, *, now: Callable[[], datetime]) -> None:
    """Write rows, by statement; in one transaction, or in as many as others want to pay between."""
    pieces = [(sql, all_of[at : at + PIECE]) for sql, all_of in values.items() for at in range(0, len(all_of), PIECE)]
    while pieces:
        pieces = pieces[_write_some(key, mine, pieces, done, at=now()) :]
        let_pass()


@action
def _write_some(key: int, mine: str, pieces: list[tuple[str, list[tuple[Any, ...]]]], done: int, *, at: datetime) -> int:
    touch(key, mine, at=at, done=done)
    return until_waited(lambda piece: many(*piece), pieces)


def _keep_lines(this: Run, mine: str, plan: Rules, inputs: Inputs, lines: Iterator[Line], *, now: Callable[[], datetime]) -> Calculated:
    kept = Kept(this.id, plan, inputs)
    digest, count = sha256(), 0
    while chunk := list(islice(lines, AT_ONCE)):
        found = kept.rows_of(chunk)
        digest.update(array("q", chain.from_iterable(found)).tobytes())
        count += len(chunk)
        _write(this.id, mine, {LINE: found, SHARE: kept.shares()}, count, now=now)
    _write(this.id, mine, {SHARE: kept.shares(end=True)}, count, now=now)
    _keep_orders(this, mine, inputs, kept.payees(), count, now=now)
    return Calculated(count, kept.partners, kept.total, digest.hexdigest(), kept.bonuses)


@action
def _finish(
    key: int, mine: str, inputs: Inputs, done: Calculated, left: list[tuple[Any, ...]], facts: dict[str, Any], *, at: datetime
) -> None:
    touch(key, mine, at=at, done=0)
    many("INSERT INTO commission_carried (run_id, bonus, payee, leg, volume) VALUES (?, ?, ?, ?, ?)", left)
    text = json.dumps(facts, sort_keys=True)
    run(FINISH, micros(at), text, inputs.digest, done.digest, len(inputs.sales.keys), done.lines, done.partners, done.total, key)
    record(HOUSE, "run calculated", f"run:{key}", at=at, after=f"{done.lines} {done.digest[:16]}")


CLEAR = (
    "DELETE FROM commission_line WHERE run_id = ? AND (payee, order_id, n) IN"
    " (SELECT payee, order_id, n FROM commission_line WHERE run_id = ? ORDER BY payee, order_id, n LIMIT ?)",
    "DELETE FROM commission_run_order WHERE run_id = ? AND order_id IN"
    " (SELECT order_id FROM commission_run_order WHERE run_id = ? ORDER BY order_id LIMIT ?)",
    "DELETE FROM commission_share WHERE run_id = ? AND payee IN"
    " (SELECT payee FROM commission_share WHERE run_id = ? ORDER BY payee LIMIT ?)",
    "DELETE FROM commission_carried WHERE run_id = ?",
)
PLACE = "INSERT INTO commission_place (person_id, parent, leg, width) VALUES (?, ?, ?, ?)"
RUN_ORDER = (
    "INSERT INTO commission_run_order (run_id, order_id, seller, amount, points, total, refunded, currency, final_at, free_on,"
    " payees) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LINE = (
    "INSERT INTO commission_line (run_id, payee, order_id, n, bonus, level, via, base, rate, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SHARE = "INSERT INTO commission_share (run_id, payee, kind, currency, amount, lines, free, held) VALUES (?, ?, ?, ?, ?, ?, ?, '')"
FINISH = (
    "UPDATE commission_run SET calculated_at = ?, facts = ?, orders_digest = ?, lines_digest = ?, orders = ?, lines = ?, partners = ?,"
    " total = ?, claim = '', touched_at = NULL, upto = 0, turned = 0 WHERE id = ?"
)
