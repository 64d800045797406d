"""Plans of every kind, one in force and one that waits, tried on orders: what the pages about them are tested with."""

import json
from datetime import date
from types import SimpleNamespace

from tests.cast import NOON
from vps.commissions.actions.points import set_point_value
from vps.commissions.actions.trials import TRIAL, ask_trial, try_queued
from vps.commissions.actions.versions import keep_plan, propose_plan
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.jobs import take_job

RICH = {
    "name": "Rich",
    "currency": "EUR",
    "active": {"own": "50.00"},
    "ranks": [
        {"code": "member", "percent": "22"},
        {"code": "director", "percent": "27", "needs": {"group": "30000.00", "legs": {"count": "3", "rank": "member"}}},
    ],
    "bonuses": [
        {"code": "levels", "kind": "unilevel", "level_1": "seller", "levels": ["7.5", {"fixed": "2.00"}, None], "needs": [None, "member"], "compress": "inactive"},
        {"code": "override", "kind": "differential", "volume_tiers": [["0", "3"], ["1000.00", "6"]], "rates": "volume"},
        {"code": "leaders", "kind": "generation", "leader": "director", "levels": ["1"]},
        {"code": "sold", "kind": "tier", "of": "points", "tiers": [["0", "1"]], "wallet": "main"},
        {"code": "match", "kind": "matching", "of_bonuses": ["levels"], "levels": ["10"]},
        {"code": "pairs", "kind": "binary", "percent": "5"},
        {"code": "grid", "kind": "matrix", "width": "3", "levels": ["1", "1"]},
    ],
    "cap": {"payee": "10000.00", "percent_of_sales": "60"},
    "point_value": "0.50",
}  # fmt: skip
"""Something of everything the form can show."""


def kept(document: dict[str, object], note: str = "first") -> int:
    """A version, written by a command."""
    return int(keep_plan(json.dumps(document), note, actor=HOUSE, at=NOON))


def something_planned(cast: SimpleNamespace) -> None:
    """Two versions: the first in force and tried, the second proposed by Dragan and waiting for its trial. And a worth of points."""
    dragan = Actor(cast.dragan.id)
    kept(RICH | {"bonuses": RICH["bonuses"][:1]}, "Frühlingsvergütungsplan mit Führungskräfteprovision")  # type: ignore[index]
    kept(RICH, "more")
    propose_plan(1, date(2026, 1, 1), alone=True, actor=HOUSE, at=NOON)
    propose_plan(2, date(2999, 1, 1), actor=dragan, at=NOON)
    set_point_value("EUR", 500_000_000, valid_from=date(2026, 1, 1), actor=dragan, at=NOON)
    for version in (2, 1):
        ask_trial(version, date(2026, 1, 1), date(2026, 12, 31), actor=dragan, at=NOON)
        if version == 2:
            job = take_job((TRIAL,), at=NOON)
            assert job
            try_queued(job, at=NOON)
