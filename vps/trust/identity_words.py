"""Steps of identification in words: what they are called, what somebody claims, what became of it."""

from datetime import date
from typing import Any

from vps.hypermedia.languages import say, spoken
from vps.kernel.refusals import N_
from vps.people.words import STEPS
from vps.trust.models import BIRTH, DOCUMENT, IdentityStep

PAPERS = {
    "passport": N_("Passport"),
    "id-card": N_("Identity card"),
    "licence": N_("Driving licence"),
    "contract": N_("Contract"),
}
"""Kinds of documents, in words."""
TOLD = {
    "step accepted": N_("%(step)s: accepted"),
    "step rejected": N_("%(step)s: not accepted"),
    "step ended": N_("%(step)s: does not count any more"),
    "step expiring": N_("%(step)s: valid until %(day)s"),
    "step expired": N_("%(step)s: expired"),
}
"""What the mail about a step is called."""


def called(step: str) -> str:
    """A step, in the reader's words."""
    return say(STEPS[step])


def claimed(claim: IdentityStep) -> str:
    """What somebody claims, as its reader writes it; an address has lines."""
    if claim.step == BIRTH:
        return str(spoken(date.fromisoformat(claim.value)))
    return say(PAPERS[claim.value]) if claim.step == DOCUMENT else claim.value


def age(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def in_mail(facts: dict[str, Any]) -> dict[str, Any]:
    """What the mail about a step needs beside what was kept."""
    return {"what": TOLD[facts["verb"]], "called": STEPS[facts["step"]], "ends": date.fromisoformat(facts["day"]) if facts["day"] else ""}
