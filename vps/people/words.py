"""What a line of an account's history is called: for its owner without the colleague's name, for the office with it."""

from typing import NamedTuple

from vps.hypermedia.languages import LANGUAGES, say, spoken
from vps.kernel.database import rows
from vps.kernel.refusals import N_
from vps.ledger.actions import Happened, history
from vps.people.actions import HAPPENED
from vps.people.models import Person, called

PAGE = 25
"""Lines of a page of history."""
DETAILS = {
    "name": N_("Name, as written"),
    "bank_name": N_("Name, as at the bank"),
    "language": N_("Language"),
    "zone": N_("Time zone"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
}
NAMED = ("signed in", "new browser", "session ended", "browser ended", "browser copied", "browser replaced", "sheet made", "sheet activated",
         "sheet not activated", "passkey added", "passkey ended", "network added", "network ended")  # fmt: skip
"""What is told with the name of the browser, the sheet or the passkey, or with the addresses."""


class Told(NamedTuple):
    """A line as it stands on a page."""

    what: str
    small: str
    details: str


def told(person: Person, *, before: tuple[int, int] | None, office: bool) -> tuple[list[Told], int | None]:
    """A page of a person's history as its reader sees it, after the key of the page before; and the line the next page begins after."""
    lines = history(f"person:{person.id}", before=before[0] if before else None, most=PAGE)
    names = _names({line.actor for line in lines if line.actor}) if office else {}
    found = [Told(say(HAPPENED[line.verb]), _small(line, person, names, office=office), _details(line)) for line in lines]
    return found, lines[-1].id if len(lines) == PAGE else None


def _small(line: Happened, person: Person, names: dict[int, str], *, office: bool) -> str:
    if line.actor is None:
        who = say(N_("the system"))
    elif office:
        who = names[line.actor]
    else:
        who = say(N_("you")) if line.actor == person.id else say(N_("the office"))
    # From where the office works is nobody else's business.
    parts = [spoken(line.at), who, line.address if office or line.actor == person.id else ""]
    return " · ".join(filter(None, parts))


def _details(line: Happened) -> str:
    if line.verb == "person changed":
        key, _, was = line.before.partition(": ")
        now = line.after.partition(": ")[2]
        return f"{say(DETAILS[key])}: {LANGUAGES.get(was, was) or '–'} → {LANGUAGES.get(now, now) or '–'}"
    if line.verb == "browser renamed":
        return f"{called(line.before) or '–'} → {called(line.after) or '–'}"
    return called(line.after or line.before) if line.verb in NAMED else ""


def _names(people: set[int]) -> dict[int, str]:
    marks = ", ".join("?" * len(people))
    return dict(rows(f"SELECT id, name FROM person WHERE id IN ({marks})", *people)) if people else {}  # noqa: S608 - marks only
