"""Flows in words: what a source, a wallet and an end are called for people, in the language of a document."""

from vps.home.discovery.flows import Traced
from vps.hypermedia.languages import Words
from vps.kernel.refusals import N_
from vps.wallets.tracing import FIFO, SHARE, Flow, Label

METHODS = {FIFO: N_("First in, first out"), SHARE: N_("In proportion")}
EXPLAINED = {
    FIFO: N_("The oldest money in a wallet is paid with first."),
    SHARE: N_("Every payment takes the same share of all the money in a wallet, whatever its origin, in whole cents."),
}
CAVEAT = N_("Money has no memory: both methods are conventions, and every cent of every booking is in each of them exactly once.")
REACH = N_("Followed are this partner’s wallets and those of others that his money reached, or came from, within %(steps)s steps.")
STOPPED = N_("Further wallets were not followed: what lies there is other partners’ money.")
SOURCES = {
    "bank": N_("Bank"),
    "commission": N_("Commission"),
    "opening": N_("Opening balance"),
    "exchange": N_("Exchange"),
    "purchases": N_("Purchase reversed"),
    "pay-out": N_("Pay-out came back"),
    "partner": N_("Partner"),
    "fees": N_("Fee given back"),
    "debts": N_("Debts"),
    "own": N_("The company's own business"),
    "withheld": N_("Withheld tax given back"),
    "before": N_("There before the period"),
    "debt": N_("Spent without being there"),
    "this": N_("This booking itself"),
    "others": N_("Others"),
}
ENDS = SOURCES | {
    "bank": N_("Taken back"),
    "purchases": N_("Purchases"),
    "pay-out": N_("Pay-out"),
    "fees": N_("Fee"),
    "commission": N_("Commission taken back"),
    "debt": N_("Debt paid off"),
    "withheld": N_("Tax withheld"),
    "left": N_("Still there"),
}


def source(label: Label, traced: Traced, words: Words) -> str:
    """Where money came from."""
    kind, who = label
    if kind == "before":
        who = traced.places[int(who)][1]
    return _joined(words.say(SOURCES[kind]), who)


def end(sink: Label, place: int, traced: Traced, words: Words) -> str:
    """Where money ended, and in whose wallet if that is not his own."""
    kind, who = sink
    owner = traced.places[place][1]
    return _joined(words.say(ENDS[kind]), who if not owner or who.startswith(owner) else _joined(owner, who))


def wallet(account: int, traced: Traced) -> str:
    """A wallet, as the ledger calls it."""
    return traced.places[account][0]


def table(traced: Traced, method: str, currency: str, words: Words) -> list[tuple[str, str, str, int]]:
    """The flows of a method in one currency, the largest first: source, wallet, end, minor units."""
    found = [(source(flow.source, traced, words), wallet(flow.entry, traced), end(flow.sink, flow.place, traced, words), minor)
             for flow, minor in traced.flows[method].items() if _currency(flow, traced) == currency]  # fmt: skip
    return sorted(found, key=lambda row: (-row[3], row))


def currencies(traced: Traced) -> list[str]:
    """In which there are flows at all."""
    return sorted({_currency(flow, traced) for flows in traced.flows.values() for flow in flows})


def _currency(flow: Flow, traced: Traced) -> str:
    return traced.places[flow.entry][2]


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
