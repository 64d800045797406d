"""What a line of a statement is called: why money moved, and the document it rests on."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from flask import g

from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say, spoken
from vps.kernel.clock import day_in
from vps.kernel.refusals import N_
from vps.ledger.models import Line
from vps.wallets.models import MAIN, Own, counterparties, kind_names
from vps.wallets.transfer_words import kinds_of, with_whom

MOTIVES = {
    "purchase": N_("Purchase"),
    "top-up": N_("Top-up"),
    "pay-out": N_("Payment out"),
    "commission": N_("Commission"),
    "transfer": N_("Transfer"),
    "fee": N_("Fee"),
    "exchange": N_("Exchange"),
    "refund": N_("Refund"),
    "opening": N_("Opening balance"),
    "receipt": N_("Money to be clarified"),
    "recall": N_("Taken back by the bank"),
    "write-off": N_("Written off"),
    "own": N_("The company's own business"),
    "move": N_("Between own wallets"),
    "debt": N_("Debt"),
    "tax withheld": N_("Tax withheld"),
}
REVERSED = {
    "purchase": N_("Purchase reversed"),
    "top-up": N_("Top-up reversed"),
    "pay-out": N_("Payment out reversed"),
    "fee": N_("Fee given back"),
    "tax withheld": N_("Withheld tax given back"),
}
ENDED = {
    "withdrawn": N_("Pay-out %(number)s withdrawn"),
    "refused": N_("Pay-out %(number)s refused"),
    "returned": N_("Pay-out %(number)s returned"),
}
"""How a pay-out ended, as its voucher says."""
NAMED = {
    "bank line": N_("Bank transfer"),
    "manual provision": N_("Manual provision"),
    "reversal": N_("Correction by the office"),
}
"""Documents that a word says enough about."""
REFUNDED = "commission refund"
"""The document of what a refund takes back of a commission: its text is the order's number, which its name says already."""
HOLDS = {
    "excess": N_("over what your trust level lets come in"),
    "cheque": N_("a cheque that the bank can still take back"),
    "withdrawal": N_("commissions on purchases from which the customer can still withdraw"),
    "commission hold": N_("commissions that the office holds back"),
}
"""Why money is held."""
PERIOD = re.compile(r"(\d{4}-\d\d-\d\d) – (\d{4}-\d\d-\d\d)")
"""How the document of a commission run names its days."""
Say = Callable[[str], str]


class Named(Protocol):
    """A wallet, as far as its name goes."""

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...


class Told(NamedTuple):
    """A line as it stands on a page."""

    address: str
    title: str
    amount: str
    incoming: bool
    small: str
    after: str


def told(lines: list[Line], statement: str, wallets: Sequence[Own] = ()) -> list[Told]:
    """Lines in the words and figures of whoever reads them: a template that gets ready-made texts takes half the time.

    `statement` is the address under which the lines are found; of several `wallets` each line names its own.
    """
    language, zone = reader()
    of = {each.account: (f"?wallet={each.id}", called(each)) for each in wallets} if len(wallets) > 1 else {}
    docs, found = papers(lines), []
    for line in lines:
        what, doc, text = motive(line), docs[line.id, line.account], "" if line.voucher_kind == REFUNDED else text_of(line)
        day = formats.day(day_in(line.booked_at, zone), language)
        title, small = f"{what} · {doc}" if doc else what, f"{day} · {text}" if text else day
        query, wallet = of.get(line.account, ("", ""))
        small = f"{small} · {wallet}" if wallet else small
        after, amount = formats.money(line.after, language), formats.money_signed(line.amount, language)
        found.append(Told(f"{statement}/{line.id}{query}", title, amount, line.amount.minor > 0, small, after))
    return found


def papers(lines: list[Line]) -> dict[tuple[int, int], str]:
    """What stands beside the motive of each line: the other side of a transfer, or the document it rests on.

    By booking and account: between own wallets one booking is two lines of a statement, out of the one and into the other.
    """
    moves = counterparties(lines)
    kinds = kinds_of(moves.values())
    return {
        (line.id, line.account): with_whom(moves[line.id], kinds, incoming=line.amount.is_positive) if line.id in moves else paper(line)
        for line in lines
    }


def text_of(line: Line) -> str:
    """What its document says; the days of a commission run as its reader writes them."""
    found = PERIOD.fullmatch(line.voucher_text) if line.voucher_kind == "commission run" else None
    if not found:
        return line.voucher_text
    # Unbroken: on a phone one day would stand on two lines.
    return " – ".join(spoken(date.fromisoformat(day)).replace(" ", "\N{NO-BREAK SPACE}") for day in found.groups())


def motive(line: Line, say: Say = say) -> str:
    """Why money moved, in the words of whoever reads it."""
    # Withheld tax comes back by a booking of its own, with the note that corrects the first one.
    back = line.motive == "tax withheld" and isinstance(line, Line) and line.amount.is_positive
    if isinstance(line, Line) and line.voucher_kind == REFUNDED:
        return say(N_("Commission taken back"))
    return say(why(line.motive, reversed=back or line.reverses is not None))


def why(motive: str, *, reversed: bool) -> str:
    """A motive's sentence, not yet in anybody's language."""
    return REVERSED.get(motive, N_("Booking reversed")) if reversed else MOTIVES[motive]


def paper(line: Line, say: Say = say) -> str:
    """The document's name and number, or nothing where its own text says it all."""
    if line.voucher_kind in ("order payment", "order debt", REFUNDED):
        return say(N_("Order %(number)s")) % {"number": line.voucher_ref.partition(":")[0]}
    if line.voucher_kind == "order refund":
        return say(N_("Order %(number)s")) % {"number": line.voucher_ref.partition("-")[0]}
    if line.voucher_kind == "receipt":
        return say(N_("Voucher %(number)s")) % {"number": line.voucher_ref}
    if line.voucher_kind == "pay-out":
        number, _, ended = line.voucher_ref.partition(":")
        return say(ENDED.get(ended, N_("Pay-out %(number)s"))) % {"number": number}
    if line.voucher_kind == "commission note":
        return say(N_("Commission note %(number)s")) % {"number": line.voucher_ref}
    if line.voucher_kind in NAMED:
        return say(NAMED[line.voucher_kind])
    return ""


def held_for(reason: str) -> str:
    """Why money is held, in the words of whoever reads it."""
    return say(HOLDS.get(reason, N_("held by the office")))


def called(wallet: Named) -> str:
    """A wallet's name: its owner's own one, or that of its kind in the language of whoever reads it."""
    return wallet.name or kind_called(wallet.kind)


def kind_called(kind: str) -> str:
    """The name of a kind of wallet; all are read once a request."""
    if "wallet_kinds" not in g:
        g.wallet_kinds = kind_names()
    names = g.wallet_kinds.get(kind, {})
    return names.get(reader().language) or names.get("en") or (say(N_("Main wallet")) if kind == MAIN else kind)
