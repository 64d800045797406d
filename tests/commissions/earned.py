"""A run that was booked, for pages to show: by amounts and by points, free and reserved."""

from datetime import timedelta
from types import SimpleNamespace

from tests.cast import NOON
from tests.commissions.network import green_order, manager, plan_in_force, worked
from vps.commissions.actions import draft_green, set_mark
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.people.models import Person

PLAN = {
    "name": "Standard",
    "currency": "EUR",
    "point_value": "0.50",
    "bonuses": [
        {"code": "levels", "name": "Ebenen", "kind": "unilevel", "level_1": "seller", "levels": ["20", "10"]},
        {"code": "points", "name": "Punkte", "kind": "unilevel", "of": "points", "level_1": "seller", "levels": ["3.3333", "1"]},
    ],
}


def earned(cast: SimpleNamespace, *sellers: Person) -> str:
    """Orders of these sellers, final a while ago, credited by run 1; the number of the first. Anna's commissions are stopped afterwards."""
    plan_in_force(PLAN)  # type: ignore[arg-type]
    before = {"final_at": NOON - timedelta(days=3), "customer": "Eva Kraus"}
    orders = [green_order(cast, seller, quantity=n, **before) for n, seller in enumerate(sellers, 1)]  # type: ignore[arg-type]
    draft_green(actor=HOUSE, at=clock())
    worked(clock())
    set_mark(cast.anna.id, "stop", reason="A complaint", actor=manager(cast), at=clock())
    return str(orders[0].number)
