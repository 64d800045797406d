"""Kinds of wallets, ends of transfers and what became of them, in the words of whoever reads them."""

from typing import NamedTuple

from vps.hypermedia.languages import reader, say
from vps.kernel.latin import latin
from vps.kernel.refusals import N_
from vps.wallets.models import MAIN, WalletKind
from vps.wallets.models.desk_lists import Asked, End, kinds

OURS = {"own": N_("The company's own business"), "commission": N_("Commissions"), "fees": N_("Fees")}
"""The company's accounts that the office moves money from and to."""
WHOSE = {"own": N_("Between own wallets"), "partner": N_("To other partners")}
RIGHTS = {
    "pays": N_("Pays orders"),
    "paid_out": N_("Is paid out"),
    "sends": N_("Sends"),
    "receives": N_("Receives"),
    "commission": N_("Receives commissions"),
}


class State(NamedTuple):
    """How a page shows what became of something."""

    css: str
    word: str


def kind_name(kind: WalletKind) -> str:
    """The name of a kind in the reader's language, or the nearest there is."""
    names, language = kind.named, reader().language
    if language == "sr_Latn" and "sr_Latn" not in names and "sr" in names:
        return latin(names["sr"], "sr")
    found = names.get(language) or names.get("en") or next(iter(names.values()), "")
    return found or (say(N_("Main wallet")) if kind.code == MAIN else kind.code)


def kind_names() -> dict[str, str]:
    """All of them by code, in one question."""
    return {kind.code: kind_name(kind) for kind in kinds()}


def end_name(end: End, names: dict[str, str]) -> str:
    """One end of a transfer: the partner and his wallet, or the company's account."""
    if not end.number:
        return say(OURS.get(end.kind, end.kind))
    return f"{end.number} {end.name} · {names.get(end.kind, end.kind)}"


def state_of(asked: Asked) -> State:
    """What became of what the office asked for."""
    if asked.waits:
        return State("yellow", say(N_("Waits for a colleague")))
    if asked.transfer is not None:
        return State("green", say(N_("Reversed") if asked.reverses else N_("Booked")))
    return State("red", say(N_("Given up") if asked.refused_by == asked.asked_by else N_("Refused")))
