"""What a line turned out to be is booked, and taken back: from what is to be clarified to where it belongs, part by part."""

from datetime import date, datetime
from typing import NamedTuple

from vps.bank.actions.matching import KINDS, Seen, Taking, Undoing
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import AlreadyReversed, Booked, company_account, record, voucher


class NotUnclear(Refused):
    """Facts: amount, unclear (both Money)."""

    says = N_("Only %(unclear)s of this line is still to be clarified. Nothing was booked.")
    field = "amount"
    status = 409


class Claimed(NamedTuple):
    """A claim that was booked now."""

    id: int
    booked: Booked


@action
def claim(line: int, kind: str, target: int, amount: Money, *, comment: str = "", actor: Actor, at: datetime) -> Claimed:
    """Say what an open line, or the part `amount` of it (signed as the line), is, and book it there.

    Raises NotFound, NotUnclear, and what the kind's own booking refuses.
    """
    statement, n, unclear, paper, seen = _open_line(line)
    if amount.currency != seen.amount.currency or not _is_part(amount.minor, unclear):
        raise NotUnclear(amount=amount, unclear=Money(abs(unclear), seen.amount.currency))
    place = 1 + int(one("SELECT count(*) FROM line_claim WHERE line_id = ?", line)[0])
    done = book_claim(line, statement, n, place, paper, seen, kind, target, amount, comment=comment, actor=actor, at=at)
    run(CLEAR, amount.minor, line)
    record(actor, "line clarified", f"bank line:{line}", at=at, before=str(amount), after=f"{kind} {target} {comment}".strip())
    return done


@action
def book_claim(
    line: int,
    statement: int,
    n: int,
    place: int,
    paper: int,
    seen: Seen,
    kind: str,
    target: int,
    amount: Money,
    *,
    comment: str = "",
    actor: Actor,
    at: datetime,
) -> Claimed:
    """Book the claim at this place of the line `n` of a statement; whoever calls keeps `unclear`, in the same transaction."""
    key = f"bank:{statement}:{n}:{place}"
    clarify = company_account("clarify", amount.currency)
    booked = KINDS[kind].take(Taking(line, seen, target, amount, key, paper, clarify, actor, at, comment))
    made = insert(CLAIM, line, place, kind, target, amount.minor, booked.id, micros(at), actor.person, comment)
    return Claimed(made, booked)


@action
def undo_claim(claim: int, *, reason: str, as_debt: bool = False, actor: Actor, at: datetime) -> Booked | None:
    """Take a claim back: a mirror of its booking, and the line is to be clarified again. None when it was taken back before.

    Raises NotFound, AlreadyReversed when the bank itself took it back, NotEnoughCredit unless `as_debt`, and what the kind refuses.
    """
    row = one(locked(LIVE), claim)
    if row is None:
        raise NotFound
    line, kind, target, minor, currency, booking, undone = row
    if undone is not None:
        return None
    if one(RECALLED, claim):
        raise AlreadyReversed
    paper = voucher("bank correction", str(claim), day=day_in(at, company().zone), text=reason, by=actor.person)
    undoing = Undoing(claim, line, target, Money(minor, currency), booking, f"bank:undo:{claim}", paper, reason, as_debt, actor, at)
    mirror = KINDS[kind].undo(undoing)
    run(UNDONE, micros(at), actor.person, mirror.id, claim)
    run(UNCLEAR, minor, line)
    record(actor, "line clarified", f"bank line:{line}", at=at, before=f"{kind} {target}", after=reason)
    return mirror


def _open_line(line: int) -> tuple[int, int, int, int, Seen]:
    # (statement, n, unclear minor units, voucher of its booking, what is seen)
    row = one(locked(LINE), line)
    if row is None:
        raise NotFound
    statement, n, unclear, paper, account, booked_on, valued, minor, currency, party, party_account, text, refs, reason, code, back = row
    references = tuple(refs.split("\n")) if refs else ()
    days = date.fromisoformat(booked_on), date.fromisoformat(valued)
    seen = Seen(account, *days, Money(minor, currency), party, party_account, text, references, reason, code, bool(back), line)
    return statement, n, unclear, paper, seen


def _is_part(minor: int, unclear: int) -> bool:
    return minor != 0 and (minor > 0) == (unclear > 0) and abs(minor) <= abs(unclear)


LINE = (
    "SELECT l.statement_id, l.n, l.unclear, b.voucher_id, s.account, l.booked_on, l.value_date, l.amount, l.currency, l.party,"
    " l.party_account, l.text, l.refs, l.reason, l.code, l.reversal FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
    " JOIN booking b ON b.id = l.booking WHERE l.id = ? AND s.taken_back_at IS NULL"
)
CLAIM = "INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, made_by, comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
CLEAR = "UPDATE bank_line SET unclear = unclear - ? WHERE id = ?"
UNCLEAR = "UPDATE bank_line SET unclear = unclear + ? WHERE id = ?"
LIVE = (
    "SELECT c.line_id, c.kind, c.target, c.amount, l.currency, c.booking, c.undone_at FROM line_claim c"
    " JOIN bank_line l ON l.id = c.line_id WHERE c.id = ?"
)
RECALLED = "SELECT 1 FROM line_claim WHERE kind = 'recall' AND target = ? AND undone_at IS NULL"
UNDONE = "UPDATE line_claim SET undone_at = ?, undone_by = ?, mirror = ? WHERE id = ?"
