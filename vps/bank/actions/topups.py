"""Money with a partner's reference goes to his wallet."""

from collections.abc import Sequence

from vps.bank.actions.matching import Found, Kind, Seen, Taking, Undoing, among, join
from vps.kernel.authorisation import ByBankLine
from vps.kernel.numbers import find_references
from vps.kernel.refusals import N_
from vps.ledger.actions import Booked, reverse
from vps.wallets.actions import credit

NAME = "top-up"
REFERENCE = N_("The reference of partner %(number)s stands in it.")
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


def take(taking: Taking) -> Booked:
    """Credit the wallet."""
    return credit(
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


def undo(undoing: Undoing) -> Booked:
    """Take it from the wallet again. Raises NotEnoughCredit unless `as_debt`."""
    return reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor, as_debt=undoing.as_debt)


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


join(Kind(NAME, find, take, undo))

PARTNERS = "SELECT number, id, closed_at FROM person WHERE number IN ({})"
