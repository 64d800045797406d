"""Manual provisions as tests hand them in, confirm and approve them."""

from datetime import timedelta

from tests.cast import NOON, app_of
from vps.commissions.actions.manual import approve, book_now, confirm, propose
from vps.commissions.actions.manual_back import ask_back
from vps.commissions.actions.manual_lines import read_provisions
from vps.commissions.models.manual_shown import shown_of
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import run

STEP = timedelta(seconds=30)


def csv_of(*lines: str, header: str = "number,amount,currency,text") -> bytes:
    return "\n".join([header, *lines]).encode()


def desk_of(cast):
    """Dragan and Elena at their desks, each with an app, and a moment for which neither has used a code."""
    cast.apps = {each.id: app_of(each) for each in (cast.dragan, cast.elena)}
    cast.at = NOON
    return cast


def handed_in(cast, *lines: str, by=None, header: str = "number,amount,currency,text", name: str = "november.csv") -> int:
    """These lines, read and kept."""
    actor = Actor(getattr(by or cast.dragan, "id", None))
    return propose(read_provisions(csv_of(*lines, header=header), actor=actor), name=name, actor=actor, at=NOON)


def confirmed(cast, key: int, *, by=None, shown: str | None = None) -> None:
    _coded(cast, key, confirm, 1, by or cast.dragan, shown)


def approved(cast, key: int, *, by=None, shown: str | None = None) -> None:
    _coded(cast, key, approve, 2, by or cast.elena, shown)


def _coded(cast, key, act, step, by, shown):
    cast.at += STEP  # a code is worth one act
    code = cast.apps[by.id].at(cast.at)
    act(key, shown=shown or shown_of(key).digest(step), code=code, actor=Actor(by.id, "192.0.2.9"), at=cast.at)


def by_hand(cast, person, text: str = "Fair in Graz") -> int:
    """So much for one partner that it takes two; nobody has confirmed it yet."""
    return handed_in(cast, f"{person.number},2000.00,EUR,{text}")


def given_by_hand(cast, person) -> int:
    """The same, booked; and taking it back was asked for."""
    key = by_hand(cast, person, "Prize")
    run("UPDATE commission_run SET approved_at = ?, approved_by = ? WHERE id = ?", micros(NOON), cast.elena.id, key)
    book_now(key, at=NOON)
    staff = ByStaff(Actor(cast.dragan.id))
    ask_back(key, person.id, "main", "EUR", reason="paid twice", authorisation=staff, at=NOON)
    return key
