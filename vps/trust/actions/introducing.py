"""Trust levels begin: who is here already gets a level to begin with, and from a day on limits are kept to."""

from datetime import date, datetime

from vps.company.actions import change_settings
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, one, run
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.trust.actions.giving import NoSuchLevel
from vps.trust.actions.proposing import SUBJECT, one_at_a_time
from vps.trust.models import begins, levels


class InForceAlready(Refused):
    """Facts: day."""

    says = N_("Trust levels have been in force since %(day)s. Levels are changed one by one, limits in the level set.")


class DayIsPast(Refused):
    says = N_("Limits cannot count from a day that is over. Choose today or later.")
    field = "begins"


@action
def introduce(level: int, first: date, *, actor: Actor, at: datetime) -> int:
    """Give every partner who has no level this one, and keep to limits from a day on; answers how many got it.

    Until that day nothing is refused, and money in never is. Whoever joins later begins with the setting trust_start. It can be done
    again, with another day, until that day has come. Raises InForceAlready, DayIsPast, NoSuchLevel.
    """
    one_at_a_time()
    must_be_possible(level, first, at=at)
    before = one("SELECT coalesce(max(id), 0) FROM trust_level")[0]
    run(START, level, micros(at), actor.person)
    change_settings({"trust_from": first.isoformat()}, actor=actor, at=at)
    given = int(one("SELECT count(*) FROM trust_level WHERE id > ? AND source = 'start'", before)[0])
    record(actor, "trust introduced", SUBJECT, at=at, after=f"{first.isoformat()} · {level} · {given}")
    return given


def must_be_possible(level: int, first: date, *, at: datetime) -> None:
    """Raise InForceAlready, DayIsPast or NoSuchLevel where trust levels cannot begin like this."""
    today, known = day_in(at, company().zone), begins()
    if known is not None and known <= today:
        raise InForceAlready(day=known)
    if first < today:
        raise DayIsPast
    if not 0 <= level < len(levels()):
        raise NoSuchLevel(most=len(levels()) - 1)


START = (
    'INSERT INTO trust_level (person_id, level, since, source, reason, "by")'
    " SELECT p.id, CAST(? AS integer), CAST(? AS bigint), 'start', '', CAST(? AS bigint) FROM person p WHERE p.number IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM trust_level t WHERE t.person_id = p.id) ORDER BY p.id"
)
