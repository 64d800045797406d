"""The demo company's commission plan: five levels on points, ranks, and a bonus for leaders; what a point is worth."""

import json
from datetime import datetime
from typing import Any

from vps.cli.demo.cast import CURRENCY, ZONE
from vps.commissions.actions.points import set_point_value
from vps.commissions.actions.versions import keep_plan, propose_plan
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in
from vps.kernel.rates import NANO

PLAN: dict[str, Any] = {
    "name": "Alpenkraut",
    "currency": CURRENCY,
    "active": {"own_points": "10"},
    "ranks": [
        {"code": "team", "needs": {"own_points": "30", "group_points": "200"}},
        {"code": "leiter", "needs": {"own_points": "50", "group_points": "800", "legs": {"count": "2", "rank": "team"}}},
    ],
    "bonuses": [
        {
            "code": "ebenen",
            "name": "Ebenenbonus",
            "kind": "unilevel",
            "of": "points",
            "level_1": "seller",
            "levels": ["50", "12", "8", "4", "2"],
            "needs": [None, None, None, "team", "team"],
            "compress": "inactive",
        },
        {"code": "leiter", "name": "Leiterbonus", "kind": "generation", "of": "points", "leader": "leiter", "levels": ["3", "1"]},
    ],
    "cap": {"payee": "5000.00"},
}


def put_plan_into_force(at: datetime) -> None:
    """The plan from the first day on. The office is one person, so one puts it into force."""
    first = day_in(at, ZONE)
    version = keep_plan(json.dumps(PLAN, ensure_ascii=False), "Erster Plan", actor=HOUSE, at=at)
    propose_plan(version, first, alone=True, actor=HOUSE, at=at)
    set_point_value(CURRENCY, NANO // 2, valid_from=first, actor=HOUSE, at=at)
