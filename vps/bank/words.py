"""What a line of a statement turned out to be, in the words of whoever reads it."""

from vps.hypermedia.languages import say
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
}


def claimed(kind: str) -> str:
    """The word for a kind of claim."""
    return say(CLAIMED[kind])
