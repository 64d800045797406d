"""A case in which every rule noticed something, with each sentence that it can say."""

from types import SimpleNamespace

from tests.cast import NOON, eur
from vps.kernel.database import action, one
from vps.trust.actions.flags import raise_flag
from vps.trust.words import SHARED

FACTS = {
    "M1": {"limit": eur(100_00), "count": 3},
    "M2:pace": {"count": 6},
    "M2:size": {"amount": eur(1_234_56), "median": eur(10_00)},
    "M3": {"paid_in": eur(100_00), "gone": eur(80_00)},
    "M4": {"sent": eur(100_00), "back": eur(90_00), "steps": 3},
    "M5": {"count": 8},
    "M6": {"count": 9},
    "M7": {"days": 181, "amount": eur(60_00), "balance": eur(100_00)},
    "M9": {"amount": eur(100_01), "days": 3},
    "M10": {"payer": "=Zoran <b>Petrović</b>", "amount": eur(7_00)},
    "M11": {"refunds": eur(36_01), "purchases": eur(120_00)},
}


@action
def everything_noticed(cast: SimpleNamespace) -> int:
    """The case about Anna, with a booking of hers as evidence."""
    booking = int(one("SELECT max(b.id) FROM booking b JOIN wallet w ON w.account_id = b.credit_id WHERE w.person_id = ?", cast.anna.id)[0])
    for name, facts in FACTS.items():
        rule, _, what = name.partition(":")
        more = {"what": what} if what else {"bookings": [booking]}
        raise_flag(cast.anna.id, rule, name, {**facts, **more}, at=NOON, booking=booking)
    for what in SHARED:
        for rule, other in (("M8", cast.boris), ("M12", cast.clara)):
            raise_flag(cast.anna.id, rule, what, {"what": what, "people": [other.id], "ending": "3000"}, at=NOON)
    return int(one("SELECT id FROM watch_case WHERE person_id = ?", cast.anna.id)[0])
