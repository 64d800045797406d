"""A small network with a plan in force, and orders that were paid: what runs are tested with."""

import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from tests.cast import NOON, red_order
from vps.commissions.actions import approve_run, draft_period, work_on_runs
from vps.commissions.models import Run
from vps.commissions.models.audit import audit
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, rows, run
from vps.orders.models import Order
from vps.people.actions import Details
from vps.wallets.actions import join_partner

LEVELS = {
    "name": "Levels",
    "currency": "EUR",
    "bonuses": [{"code": "levels", "kind": "unilevel", "level_1": "seller", "levels": ["20", "10", "5"]}],
}
AFTER = datetime.combine(NOON.date().replace(day=1) + timedelta(days=40), NOON.timetz()).replace(day=2)
"""A day of the next month, when the month of NOON is over."""


@action
def plan_in_force(document: dict[str, object] | None = None, *, since: date = date(2020, 1, 1)) -> int:
    """A plan in force since long ago: 20, 10 and 5 percent, the seller being level 1."""
    text = json.dumps(document or LEVELS, sort_keys=True)
    version = one("SELECT coalesce(max(version), 0) + 1 FROM commission_plan")[0]
    made = "INSERT INTO commission_plan (version, document, digest, note, made_at) VALUES (?, ?, ?, '', ?) RETURNING id"
    plan = one(made, version, text, "0" * 64, micros(NOON))[0]
    force = "INSERT INTO commission_plan_force (plan_id, since, alone, proposed_at, agreed_at) VALUES (?, ?, ?, ?, ?)"
    run(force, plan, since.isoformat(), True, micros(NOON), micros(NOON))
    return int(plan)


def partner_under(sponsor: object, name: str) -> object:
    """A new partner with an empty wallet."""
    details = Details(name=name, language="en", zone="Europe/Berlin", sponsor=sponsor.number if sponsor else "")  # type: ignore[attr-defined]
    return join_partner(details, currency="EUR", actor=HOUSE, at=NOON)


def green_order(
    cast: SimpleNamespace, seller: object, *, quantity: int = 1, final_at: datetime = NOON, customer: str = "Maria Huber"
) -> Order:
    """An order of 49.90 a piece that is paid for good, as an import writes it."""
    order = red_order(cast, seller, quantity=quantity, customer=customer)  # type: ignore[arg-type]
    _pay(order.id, final_at)
    return Order.get_by_id(order.id)  # type: ignore[no-any-return]


@action
def _pay(order: int, at: datetime) -> None:
    run("UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ?", micros(at), micros(at), order)
    paid = (
        "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, reason)"
        " SELECT id, 1, 'import', total, currency, ?, ?, '' FROM orders WHERE id = ?"
    )
    run(paid, micros(at), micros(at), order)


def worked(at: datetime = AFTER) -> None:
    """The worker does what waits."""
    while work_on_runs(now=lambda: at):
        pass


def run_of(key: int) -> Run:
    return Run.get_by_id(key)  # type: ignore[no-any-return]


def booker(cast: SimpleNamespace) -> Actor:
    return Actor(cast.dragan.id, "192.0.2.9")


def manager(cast: SimpleNamespace) -> Actor:
    return Actor(cast.elena.id, "192.0.2.10")


MONTH = NOON.date().replace(day=1)
NEXT = (MONTH + timedelta(days=40)).replace(day=1)


def calculated(cast):
    key = draft_period(MONTH, NEXT, actor=booker(cast), at=AFTER)
    worked()
    return key


def lines(key):
    return rows("SELECT payee, order_id, level, base, rate, amount FROM commission_line WHERE run_id = ? ORDER BY payee", key)


def booked(cast):
    key = calculated(cast)
    approve_run(key, actor=manager(cast), at=AFTER)
    worked()
    return key


def found_by_audit():
    return [(problem.check, problem.says % problem.facts) for problem in audit()]
