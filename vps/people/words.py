"""What a line of an account's history is called: for its owner without the colleague's name, for the office with it."""

import re
from typing import NamedTuple

from vps.hypermedia.languages import LANGUAGES, say, spoken
from vps.kernel.amounts import parse_plain
from vps.kernel.database import rows
from vps.kernel.money import is_currency
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
LOOKED = {
    "partner": N_("The office looked at your account"),
    "wallet": N_("The office looked at your wallet"),
    "details": N_("The office looked at your details"),
    "history": N_("The office looked at your history"),
    "order": N_("The office looked at your orders"),
    "question": N_("The office looked at your questions"),
    "sheet": N_("The office looked at your new TAN sheet"),
    "accounts": N_("The office looked at your bank accounts"),
    "identity": N_("The office looked at your identification"),
    "trust": N_("The office looked at your trust level"),
    "tree": N_("The office looked at your place in the tree of sponsors"),
    "commissions": N_("The office looked at your commissions"),
    "commission": N_("The office looked at your commission notes"),
}
"""Kinds of pages of the office about a partner, as he is told of them."""
PAGES = {
    "partner": N_("Overview"),
    "wallet": N_("Wallet"),
    "details": N_("Details"),
    "history": N_("History"),
    "order": N_("Orders"),
    "question": N_("Questions"),
    "sheet": N_("TAN sheet"),
    "accounts": N_("Bank accounts"),
    "identity": N_("Identification"),
    "trust": N_("Trust level"),
    "tree": N_("Tree of sponsors"),
    "commissions": N_("Commissions"),
    "commission": N_("Commission notes"),
}
"""The same kinds, as the office is told of them."""
ALLOWED = {"read": N_("May read"), "book": N_("May book"), "manage": N_("May manage")}
"""Rights, in words."""
PURPOSES = {"join": N_("for joining"), "password": N_("for another password")}
WAYS = {"sheet": N_("TAN sheet"), "app": N_("App"), "sms": N_("Codes by SMS"), "passkey": N_("Passkey")}
STEPS = {
    "email": N_("E-mail address"),
    "mobile": N_("Mobile number"),
    "address": N_("Address"),
    "birth": N_("Date of birth"),
    "document": N_("Identity document"),
    "iban": N_("Bank account in your own name"),
    "contract": N_("Contract"),
}
"""Steps of identification, in words."""
OF_STEPS = ("step claimed", "step code sent", "step given up", "step withdrawn", "step seen", "step accepted", "step rejected", "step ended",
            "step gone", "step expiring", "step expired")  # fmt: skip
"""What is told with the step it is about."""
NAMED = ("signed in", "new browser", "session ended", "browser accepted", "browser ended", "browser copied", "browser replaced", "sheet made", "sheet activated",
         "sheet not activated", "passkey added", "passkey ended", "network added", "network ended", "account added", "account ended",
         "cent asked", "cent given up")  # fmt: skip
"""What is told with the name of the browser, the sheet or the passkey, or with the addresses."""
SUMS = ("pay-out asked", "pay-out held", "pay-out released", "pay-out approved", "pay-out executed", "pay-out returned", "pay-out refused",
        "pay-out withdrawn", "pay-out rule made")  # fmt: skip
"""What is told with its amount and account."""
CHANGES = (
    "person changed",
    "rights changed",
    "sponsor moved",
    "notices changed",
    "browser renamed",
    "wallet renamed",
    "tax details changed",
    "trust risen",
    "trust fallen",
    "trust lowered",
)
"""What is told with what was there before."""


class Told(NamedTuple):
    """A line as it stands on a page."""

    what: str
    small: str
    details: str


def told(person: Person, *, before: tuple[int, int] | None, office: bool) -> tuple[list[Told], int | None]:
    """A page of a person's history as its reader sees it, after the key of the page before; and the line the next page begins after."""
    lines = history(f"person:{person.id}", before=before[0] if before else None, most=PAGE)
    names = _names({line.actor for line in lines if line.actor}) if office else {}
    found = [Told(_what(line, office=office), _small(line, person, names, office=office), _details(line, office=office)) for line in lines]
    return found, lines[-1].id if len(lines) == PAGE else None


def changed(line: Happened) -> tuple[str, str]:
    """What a line about a person says was there before and is there after, in the reader's words."""
    if line.verb == "person changed":
        key, _, was = line.before.partition(": ")
        now = line.after.partition(": ")[2]
        return f"{say(DETAILS[key])}: {LANGUAGES.get(was, was) or '–'}", LANGUAGES.get(now, now) or "–"
    if line.verb == "rights changed":
        return allowed(line.before), allowed(line.after)
    if line.verb in NAMED or line.verb == "browser renamed":
        return called(line.before), called(line.after)
    words = MEANT.get(line.verb, {})
    return amounts(line.before), say(words[line.after]) if line.after in words else amounts(line.after)


def amounts(text: str) -> str:
    """A text of the trail, its amount written as the reader writes it."""
    found = AMOUNT.match(text)
    if not found or not is_currency(found[2]):
        return text
    return f"{spoken(parse_plain(found[1], found[2]))}{text[found.end() :]}"


def allowed(rights: str) -> str:
    """Rights as the trail keeps them, in words."""
    return ", ".join(say(ALLOWED.get(right, right)) for right in rights.split(", ") if right) or "–"


AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ([A-Z]{3})(?= |$)")
"""An amount as `str(Money)` writes it, which is how the trail keeps it."""
MEANT = {"looked at": PAGES, "invited": PURPOSES, "confirming blocked": WAYS, "confirming unblocked": WAYS} | dict.fromkeys(OF_STEPS, STEPS)
"""What a line says in a word of the program, in words for people."""


def _what(line: Happened, *, office: bool) -> str:
    # Not by whom: that is a colleague's name, and nobody's business outside.
    looked = LOOKED.get(line.after) if line.verb == "looked at" and not office else None
    return say(looked or HAPPENED[line.verb])


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


def _details(line: Happened, *, office: bool) -> str:
    was, now = changed(line)
    if line.verb in CHANGES:
        return f"{was or '–'} → {now or '–'}"
    return now or was if line.verb in (*NAMED, *SUMS, *OF_STEPS) or (office and line.verb == "looked at") else ""


def _names(people: set[int]) -> dict[int, str]:
    marks = ", ".join("?" * len(people))
    return dict(rows(f"SELECT id, name FROM person WHERE id IN ({marks})", *people)) if people else {}  # noqa: S608 - marks only
