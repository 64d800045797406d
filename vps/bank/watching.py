"""What is noticed at the bank: an account that several partners give as theirs (M8, M12), and a payer who is not the partner (M10).

Source: SECURITY, AML flags. Only who manages in the office sees it.
"""

from datetime import datetime

from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.text import words
from vps.trust.actions.flags import raise_flag


def watch_account(person: int, number: str, *, at: datetime) -> None:
    """M8, and M12 where one of the two is of the staff: somebody else gave this bank account as his own."""
    for other, staff in rows(OTHERS, person, number, person, MOST):
        facts = {"what": "account", "people": [other], "ending": number[-4:]}
        raise_flag(person, "M12" if staff else "M8", f"account:{number}:{other}", facts, at=at)


def watch_payer(person: int, payer: str, amount: Money, *, booking: int, line: int, at: datetime) -> None:
    """M10: a top-up whose payer has another name than the partner, or than his name at the bank."""
    if not is_of(payer, *one("SELECT name, bank_name FROM person WHERE id = ?", person)):
        raise_flag(person, "M10", str(booking), {"payer": payer, "amount": amount, "line": line}, at=at, booking=booking)


def is_of(payer: str, *names: str) -> bool:
    """Whether what a bank wrote as the payer can be one of these names, in any order, alphabet and spelling.

    One may say more than the other (a title, a second owner, a maiden name), but two words must be the same where both have as many. A
    payer of whom the bank says nothing can be anybody.
    """
    paying = set(words(payer))
    return not paying or any(_same(paying, set(words(name))) for name in names)


def _same(one_name: set[str], other: set[str]) -> bool:
    fewer = min(len(one_name), len(other))
    return fewer > 0 and (one_name <= other or other <= one_name) and (fewer > 1 or len(one_name | other) == 1)


MOST = 10
"""Others who give the same account that are looked at."""
RIGHTS = "EXISTS (SELECT 1 FROM person_right r WHERE r.person_id = {} AND r.withdrawn_at IS NULL)"
OTHERS = (
    f"SELECT k.person_id, {RIGHTS.format('k.person_id')} OR {RIGHTS.format('?')} FROM payee_account k"  # noqa: S608 - constants
    " WHERE k.number = ? AND k.person_id <> ? AND k.ended_at IS NULL ORDER BY k.person_id LIMIT ?"
)
