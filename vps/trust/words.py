"""What was noticed, in words for the office. Where an amount of days or a count stands, it is named and not declined."""

from typing import Any

from vps.hypermedia.languages import say
from vps.kernel.refusals import N_
from vps.trust.models.cases import Noticed

RULES = {
    "M1": N_("Just below a limit"),
    "M2": N_("Unusually fast or large"),
    "M3": N_("Paid in and gone"),
    "M4": N_("Money in a circle"),
    "M5": N_("Many senders"),
    "M6": N_("Many receivers"),
    "M7": N_("Long silent, then emptied"),
    "M8": N_("Shared with other partners"),
    "M9": N_("Transfers without purchases"),
    "M10": N_("Paid in under another name"),
    "M11": N_("Much given back"),
    "M12": N_("Close to somebody of the staff"),
}
SHARED = {
    "email": N_("The same e-mail address as %(who)s."),
    "phone": N_("The same phone number as %(who)s."),
    "browser": N_("The same browser as %(who)s."),
    "account": N_("The same bank account (…%(ending)s) as %(who)s."),
    "sponsor": N_("Sponsor, or sponsored: %(who)s."),
}
SENTENCES = {
    "M1": N_("Movements just below the limit of %(limit)s within 24 hours: %(count)s."),
    "M2:pace": N_("Transfers within one hour: %(count)s."),
    "M2:size": N_("%(amount)s at once; the median of 90 days is %(median)s."),
    "M3": N_("Paid in: %(paid_in)s. Left again within 24 hours: %(gone)s."),
    "M4": N_("%(sent)s went out, and %(back)s came back by way of others. Transfers on the way: %(steps)s."),
    "M5": N_("Different senders within 7 days: %(count)s."),
    "M6": N_("Different receivers within 7 days: %(count)s."),
    "M7": N_("Days without any movement: %(days)s. Then %(amount)s of %(balance)s left at once."),
    "M9": N_("%(amount)s was sent, and nothing was ever bought from a wallet. Days since joining: %(days)s."),
    "M10": N_("%(amount)s was paid in by “%(payer)s”."),
    "M11": N_("Given back within 30 days: %(refunds)s. Purchases in that time: %(purchases)s."),
}
OUTCOMES = {"harmless": N_("Harmless"), "reported": N_("Reported to the authority"), "ended": N_("Business with the partner ended")}
People = dict[int, tuple[str | None, str]]


def evidence_of(flag: Noticed, people: People) -> str:
    """The evidence of a flag, as one sentence."""
    facts: dict[str, Any] = {name: fact for name, fact in flag.facts.items() if name not in ("bookings", "people")}
    if flag.rule in ("M8", "M12"):
        return say(SHARED[flag.facts["what"]], who=", ".join(called(people[each]) for each in flag.facts["people"]), **facts)
    what = f":{facts['what']}" if "what" in facts else ""
    return say(SENTENCES[flag.rule + what], **facts)


def called(person: tuple[str | None, str]) -> str:
    """Number and name; staff have no number."""
    return f"{person[0] or ''} {person[1]}".strip()
