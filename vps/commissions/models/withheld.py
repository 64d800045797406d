"""Tax that was withheld from commissions: what is not yet paid to the tax office, and the proof that notes and bookings say the same."""

from collections.abc import Iterator

from vps.commissions.models.audit import KEY
from vps.company.models import company
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.ledger.models import balances

ACCOUNT, MOTIVE, PAPER = "withheld", "tax withheld", "commission note"
"""The company's account, why money moves there, and the kind of voucher."""


def withheld_now() -> list[Money]:
    """What is withheld and not yet paid, in each currency where it is not nothing; less than nothing where too much was paid."""
    codes = [f"{ACCOUNT}:{currency}" for currency in company().kept_in]
    accounts = dict(rows(ACCOUNTS.format(", ".join("?" * len(codes))), *codes))
    stand = balances(list(accounts.values()))
    return [Money(stand[accounts[code]], code[-3:]) for code in codes if code in accounts and stand[accounts[code]]]


def audit_withheld() -> Iterator[Problem]:
    """Every note withholds, or gives back, what was booked with it, and nothing else stands on these accounts (A21)."""
    for (number,) in rows(NOT_BOOKED, PAPER, MOTIVE):
        yield Problem("A21", N_("Commission note %(number)s says another tax was withheld than was booked with it."), {"number": number})
    for (booking,) in rows(ALONE, PAPER, MOTIVE, MOTIVE):
        yield Problem(
            "A21", N_("Booking %(id)s is withheld tax that no commission note and no line of a statement knows."), {"id": booking}
        )


ACCOUNTS = "SELECT code, id FROM account WHERE code IN ({})"
NOT_BOOKED = (
    "SELECT n.number FROM commission_note n LEFT JOIN (SELECT v.ref, sum(CASE c.kind WHEN 'withheld' THEN b.amount ELSE -b.amount END) AS minor"
    " FROM booking b JOIN voucher v ON v.id = b.voucher_id AND v.kind = ? JOIN account c ON c.id = b.credit_id WHERE b.motive = ? GROUP BY v.ref) w"
    " ON w.ref = n.number WHERE coalesce(w.minor, 0) <> CASE WHEN n.corrects_id IS NULL THEN n.withheld ELSE -n.withheld END ORDER BY n.id"
)
# From the wallet of the note's partner and back there; what was paid to the tax office is a claim of a line, and perhaps its mirror.
ALONE = (
    "SELECT b.id FROM (SELECT b.id FROM account a JOIN booking b ON b.debit_id = a.id WHERE a.kind = 'withheld'"
    " UNION SELECT b.id FROM account a JOIN booking b ON b.credit_id = a.id WHERE a.kind = 'withheld'"
    " UNION SELECT id FROM booking WHERE motive = 'tax withheld') o JOIN booking b ON b.id = o.id"
    " JOIN account d ON d.id = b.debit_id JOIN account c ON c.id = b.credit_id"
    " LEFT JOIN voucher v ON v.id = b.voucher_id AND v.kind = ? LEFT JOIN commission_note n ON n.number = v.ref AND n.currency = b.currency"
    " LEFT JOIN wallet w ON w.account_id = CASE WHEN n.corrects_id IS NULL THEN b.debit_id ELSE b.credit_id END AND w.person_id = n.payee_id"
    " LEFT JOIN (SELECT booking AS id FROM line_claim WHERE kind = 'tax' UNION SELECT mirror FROM line_claim WHERE kind = 'tax') k ON k.id = b.id"
    " WHERE NOT ((b.motive = ? AND b.reverses IS NULL AND w.id IS NOT NULL"
    " AND CASE WHEN n.corrects_id IS NULL THEN c.kind ELSE d.kind END = 'withheld') OR (b.motive <> ? AND k.id IS NOT NULL)) ORDER BY b.id"
)
__all__ = ["ACCOUNT", "KEY", "MOTIVE", "PAPER", "audit_withheld", "withheld_now"]
