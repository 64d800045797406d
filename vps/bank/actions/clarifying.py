"""The office says what an open line is: what is offered for it, one press that books it, and one that takes it back."""

from collections.abc import Sequence
from datetime import datetime

from vps.bank.actions.claiming import Claimed, claim, undo_claim
from vps.bank.actions.matching import KINDS, Found, Seen, verdicts
from vps.bank.actions.own_business import NAME as OWN
from vps.bank.models import Open, open_line
from vps.kernel.authorisation import Actor
from vps.kernel.database import action, locked, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import NotEnoughCredit
from vps.wallets.actions import NoReason, WouldBeDebt


class NotOffered(Refused):
    says = N_("Meanwhile something has changed: this line cannot become that any more. Nothing was booked.")
    status = 409


def suggestions(lines: Sequence[Open]) -> list[list[Found]]:
    """What each of these open lines might be, worked out now: what looks certain first, what anything could be last."""
    return [
        sorted((*verdict.claims, *verdict.guesses), key=lambda found: found.kind == OWN)
        for verdict in verdicts([_seen(line) for line in lines])
    ]


def sought(line: Open, asked: str) -> list[Found]:
    """What somebody may mean who typed this about a line: a partner's number or name, whatever each kind of claim knows."""
    seen = _seen(line)
    return [found for kind in KINDS.values() if kind.seek for found in kind.seek(asked, seen)] if asked.strip() else []


@action
def clarify(
    key: int,
    kind: str,
    target: int,
    amount: Money | None,
    *,
    asked: str = "",
    comment: str = "",
    shown: int | None = None,
    actor: Actor,
    at: datetime,
) -> Claimed:
    """Book the part `amount` of a line (positive; None: what is offered) as what was offered for it, or for what was typed.

    `shown` is how much the page said is unclear, in minor units: a part that is sent twice is booked once.

    Raises NotFound, NotOffered, NotUnclear, and what the kind's own booking refuses.
    """
    must_be_as_shown(key, shown)
    line = open_line(key)
    if line is None:
        raise NotFound
    offers = [*suggestions([line])[0], *sought(line, asked)] if line.unclear.minor else []
    offer = next((found for found in offers if (found.kind, found.target) == (kind, target)), None)
    if offer is None:
        raise NotOffered
    part = offer.amount if amount is None else amount if line.unclear.is_positive else -amount
    return claim(key, kind, target, part, comment=clean_text(comment, most=200), actor=actor, at=at)


def must_be_as_shown(key: int, shown: int | None) -> None:
    """Raise NotOffered when meanwhile another part of the line is unclear than the page showed."""
    row = one(locked("SELECT unclear FROM bank_line WHERE id = ?"), key)
    if row and shown is not None and row[0] != shown:
        raise NotOffered


@action
def take_claim_back(key: int, *, reason: str, as_debt: bool, actor: Actor, at: datetime) -> None:
    """Let a line be unclear again, for a reason. Raises NotFound, NoReason, WouldBeDebt, and what the kind refuses."""
    why = clean_text(reason, most=200)
    if not why:
        raise NoReason
    try:
        undo_claim(key, reason=why, as_debt=as_debt, actor=actor, at=at)
    except NotEnoughCredit as short:
        raise WouldBeDebt(missing=short.facts["missing"]) from short


def _seen(line: Open) -> Seen:
    days, texts = (line.day, line.valued), (line.party, line.party_account, line.text)
    return Seen(line.account, *days, line.unclear, *texts, line.references, line.reason, line.code, line.reversal, line.id)
