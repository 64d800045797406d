"""What a line of a statement turned out to be, and what became of a pay-out, in the words of whoever reads it."""

from datetime import datetime
from typing import Any, NamedTuple

from vps.bank.actions import Found, Stuck
from vps.bank.models import Payout
from vps.bank.reasons import coded, reason
from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say, spoken
from vps.kernel.refusals import N_

CLAIMED = {
    "top-up": N_("Top-up"),
    "order": N_("Order paid"),
    "file": N_("Pay-outs executed"),
    "pay-out": N_("Pay-out executed"),
    "returned": N_("Pay-out returned"),
    "sent back": N_("Sent back"),
    "recall": N_("Taken back by the bank"),
    "debt": N_("Debt paid"),
    "booked": N_("Booked before"),
    "own": N_("The company's own business"),
    "tax": N_("Withheld tax paid"),
}

WARNED = {
    "gap": N_(
        "It begins with %(opening)s, but the one before it, of %(day)s, ended with %(closing)s: something is missing or comes twice."
    ),
    "days": N_("No statement was booked for these banking days: %(days)s."),
    "more days": N_("No statement was booked for these banking days: %(days)s, and for %(more)s more."),
    "older": N_("It is older than the first statement that was booked for this account, of %(day)s."),
    "known": N_("Lines that another statement brought before: %(n)s. They are not booked to anybody, but go to be clarified."),
    "unproven": N_("It does not say with how much it begins and ends, so nobody can prove that it is whole."),
}


def because(text: str) -> str:
    """Why money came back: a bank's code in words, what somebody wrote as it stands."""
    sentence = coded(text)
    return say(sentence, code=text) if sentence else text


def claimed(kind: str) -> str:
    """The word for a kind of claim."""
    return say(CLAIMED[kind])


class Fact(NamedTuple):
    """Something that happened to a pay-out, as it stands on a page."""

    css: str
    word: str
    at: datetime | None


PAYOUT = {
    "asked": ("yellow", N_("Asked for")),
    "held": ("yellow", N_("Held by the office")),
    "approved": ("yellow", N_("Approved")),
    "sent": ("yellow", N_("With the bank")),
    "executed": ("green", N_("Executed")),
    "returned": ("red", N_("Returned by the bank")),
    "refused": ("red", N_("Refused by the office")),
    "withdrawn": ("blue", N_("Withdrawn")),
}
"""The states of a pay-out: the colour and shape of its mark, and its word."""


def state(payout: Payout) -> Fact:
    """How it stands now."""
    css, word = PAYOUT[payout.state]
    return Fact(css, say(word), None)


def happened(payout: Payout) -> list[Fact]:
    """All that became of it, each with its moment."""
    return [Fact(PAYOUT[word][0], say(PAYOUT[word][1]), at) for word, at in payout.happened()]


def reason_of(payout: Payout) -> str:
    """Why it came back, was refused or is held: the bank's reason in the reader's words, or the office's own."""
    code = payout.return_reason
    return say(reason(code)) % {"code": code} if code else payout.refuse_reason or payout.held_reason


HELD = {
    "held": N_("Held by the office"),
    "frozen": N_("The wallet is frozen"),
    "country": N_("Pay-outs to this country are not made"),
    "rests": N_("The bank account is new and rests"),
    "shared": N_("Another partner gave the same account"),
    "least": N_("Less than the smallest pay-out"),
}
"""Why a pay-out waits."""


def held_by(why: str) -> str:
    """What holds a pay-out, in words."""
    return say(HELD[why])


def weekday(n: int) -> str:
    """A day of the week, 1 Monday … 7 Sunday."""
    return formats.weekday(n, reader().language)


def why(found: Found) -> str:
    """The sentence that says why a line might be this."""
    return say(found.says, **found.facts)


def warned(kind: str, facts: dict[str, Any]) -> str:
    """What should be looked at before a statement is booked."""
    said = facts | {"days": ", ".join(str(spoken(day)) for day in facts["days"])} if "days" in facts else facts
    return say(WARNED["more days" if facts.get("more") else kind], **said)


def stays(stuck: Stuck) -> str:
    """The sentence that says why something cannot be taken back."""
    return say(stuck.says, **stuck.facts)
