"""What a rule noticed is written down, once, within the transaction in which it happened; the partner is never told.

Source: SECURITY, AML flags: run at every posting, a queue of cases for the office.
"""

import json
from datetime import datetime
from typing import Any

from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import Again, action, locked, one, run
from vps.kernel.money import Money
from vps.ledger.actions import record
from vps.trust.models.watch import RULES


@action
def raise_flag(person: int, rule: str, key: str, facts: dict[str, Any], *, at: datetime, booking: int | None = None) -> bool:
    """Write down what a rule noticed about a person, unless this very fact (`key`) was noticed before; answers whether it is new.

    `facts` are numbers, words of ours, ids (`bookings`, `people`) and Money. A new flag joins the person's open case or opens one. What
    was proposed for the case is off then: whoever proposed it did not know of this.
    """
    assert rule in RULES
    new = one(FLAG, person, rule, f"{rule}:{person}:{key}", booking, json.dumps(facts, default=_money, ensure_ascii=False), micros(at))
    if new is None:
        return False
    case = _case(person, at)
    run("UPDATE flag SET case_id = ? WHERE id = ?", case, new[0])
    record(HOUSE, "flag raised", f"case:{case}", at=at, after=rule)
    return True


def _case(person: int, at: datetime) -> int:
    found = one(locked(OPEN), person)
    if found is None:
        opened = one(CASE, person, micros(at), None)
        if opened is None:
            raise Again  # somebody opened it between the two statements
        record(HOUSE, "case opened", f"case:{opened[0]}", at=at)
        return int(opened[0])
    if found[1] is not None:
        run(REOPEN, found[0])
        record(HOUSE, "closing sent back", f"case:{found[0]}", at=at)
    return int(found[0])


def _money(fact: object) -> list[object]:
    assert isinstance(fact, Money)
    return [fact.minor, fact.currency]


FLAG = "INSERT INTO flag (person_id, rule, key, booking, facts, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id"
OPEN = "SELECT id, closing_by FROM watch_case WHERE person_id = ? AND closed_at IS NULL"
CASE = (
    "INSERT INTO watch_case (person_id, opened_at, opened_by) VALUES (?, ?, ?)"
    " ON CONFLICT (person_id) WHERE closed_at IS NULL DO NOTHING RETURNING id"
)
REOPEN = "UPDATE watch_case SET closing_by = NULL, closing_at = NULL, closing_why = NULL, outcome = NULL WHERE id = ?"
