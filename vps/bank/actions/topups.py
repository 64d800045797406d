"""Money with a partner's reference goes to his wallet."""

from collections.abc import Sequence
from typing import Any

from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, among, join
from vps.bank.actions.windows import CHEQUE, means_of, recallable_until
from vps.bank.watching import watch_payer
from vps.kernel.authorisation import ByBankLine
from vps.kernel.database import one, rows
from vps.kernel.numbers import find_references
from vps.kernel.refusals import N_
from vps.ledger.actions import Booked, book, company_account, hold, release, reverse
from vps.people.models.search import find as find_people
from vps.wallets.actions import account_of, credit, excess_freed, tell_taken
from vps.wallets.models import purse

NAME = "top-up"
REFERENCE = N_("The reference of partner %(number)s stands in it.")
MEANT = N_("%(number)s is %(name)s.")
MEANT_CLOSED = N_("%(number)s is %(name)s, whose account is closed.")
CLOSED = N_("The reference of partner %(number)s stands in it, but his account is closed.")
SEVERAL = N_("The references of several partners stand in it, one of them of %(number)s.")


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Sure: money came, with the reference of exactly one partner, whose account is open."""
    numbers = [{number for text in (*line.references, line.text) for number in find_references(text)} for line in lines]
    partners = {number: (key, closed is None) for number, key, closed in among(PARTNERS, (each for found in numbers for each in found))}
    return [
        _found(line, [(number, *partners[number]) for number in sorted(named) if number in partners])
        for line, named in zip(lines, numbers, strict=True)
    ]


def seek(text: str, line: Seen) -> list[Found]:
    """The partner of this number, or those of this name, if money came."""
    if not line.amount.is_positive:
        return []
    people = rows(NUMBERED, text.strip()) or among(NAMED, find_people("person", text, limit=MEANT_AT_MOST))
    return [
        Found(NAME, key, line.amount, number, False, MEANT if closed is None else MEANT_CLOSED, {"number": number, "name": name})
        for key, number, name, closed in people
    ]


def take(taking: Taking) -> Booked:
    """Credit the wallet. What came by cheque is reserved until it cannot crash any more, so that nobody has to pay it back."""
    booked = credit(
        taking.target,
        taking.amount,
        source="clarify",
        motive=NAME,
        voucher=taking.voucher,
        key=taking.key,
        at=taking.at,
        authorisation=ByBankLine(taking.actor),
        day=taking.seen.valued,
    )
    if means_of(taking.seen, taking.comment) == CHEQUE:
        _reserve(taking, booked)
    if not booked.again:
        watch_payer(taking.target, taking.seen.party, taking.amount, booking=booked.id, line=taking.line, at=taking.at)
    return booked


def undo(undoing: Undoing) -> Booked:
    """Take it from the wallet again. Raises NotEnoughCredit unless `as_debt`."""
    held = one(HELD, f"cheque:{undoing.booking}")
    if held:
        release(held[0], at=undoing.at)
    facts: dict[str, Any] = {"key": undoing.key, "voucher": undoing.voucher, "at": undoing.at, "actor": undoing.actor}
    if one(DIRECT, undoing.booking, undoing.line):
        return _through_clarify(undoing, facts)
    with excess_freed(undoing.target, undoing.at):
        booked = reverse(undoing.booking, as_debt=undoing.as_debt, **facts)
    tell_taken(undoing.target, booked, undoing.amount, motive=NAME, at=undoing.at, back=True)
    return booked


def _through_clarify(undoing: Undoing, facts: dict[str, Any]) -> Booked:
    # A line from before receipts to be clarified took every line: the bank booked it straight to the wallet, and that stays.
    amount, currency = undoing.amount, undoing.amount.currency
    debit, credit = account_of(undoing.target, currency), company_account("clarify", currency)
    with excess_freed(undoing.target, undoing.at):
        booked = book(motive="recall", debit=debit, credit=credit, amount=amount, as_debt=undoing.as_debt, **facts)
    tell_taken(undoing.target, booked, amount, motive="recall", at=undoing.at)
    return booked


def _reserve(taking: Taking, booked: Booked) -> None:
    # A wallet that owes has less to reserve than came; a cheque whose time has passed needs nothing.
    until, found = recallable_until(taking.seen, CHEQUE), purse(taking.target, taking.amount.currency)
    assert found is not None, "it was credited just now"
    amount, account = min(taking.amount, found.available), found.account
    if amount.is_positive and until > taking.at:
        hold(account, amount, reason=CHEQUE, key=f"cheque:{booked.id}", at=taking.at, until=until)


def _found(line: Seen, partners: list[tuple[str, int, bool]]) -> list[Found]:
    if not line.amount.is_positive:
        return []
    alone = len(partners) == 1
    return [
        Found(NAME, key, line.amount, number, alone and open_, _why(alone, open_), {"number": number}) for number, key, open_ in partners
    ]


def _why(alone: bool, open_: bool) -> str:
    if not open_:
        return CLOSED
    return REFERENCE if alone else SEVERAL


join(Kind(NAME, find, take, undo, seek=seek))
MEANT_AT_MOST = 10

PARTNERS = "SELECT number, id, closed_at FROM person WHERE number IN ({})"
HELD = "SELECT id FROM hold WHERE key = ?"
DIRECT = "SELECT 1 FROM bank_line WHERE booking = ? AND id = ?"
NUMBERED = "SELECT id, number, name, closed_at FROM person WHERE number = ?"
NAMED = "SELECT id, number, name, closed_at FROM person WHERE number IS NOT NULL AND id IN ({}) ORDER BY number"
