"""The bank's debit says that pay-outs went out: as one sum for a file, or one by one.

Sure is a file that the bank names, with its sum to the cent, or the one open file of that sum within ten days; and a pay-out that
the bank names, or the only one of that amount to that account. All else is for a person to look at.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.bank.accounts import serbian_iban
from vps.bank.actions.matching import Found, Kind, Seen, Stuck, Taking, Undoing, among, join
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.actions.payout_voiding import bring_back
from vps.bank.actions.payouts import with_its_file
from vps.bank.models import Payout
from vps.bank.models.paydesk import files_named, payouts_named
from vps.kernel.clock import micros
from vps.kernel.database import locked, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.rows import columns, made_of
from vps.ledger.actions import Booked, book, company_account, reverse

FILE, PAYOUT = "file", "pay-out"
DAYS = 10
"""Between a file and the debit of its sum, when the bank does not name the file."""
NAMED = N_("It names the file %(label)s, and the sum fits.")
ALONE = N_("Its amount is the sum of the file %(label)s, the only open one of that sum.")
SEVERAL = N_("Its amount is the sum of the file %(label)s, but something else could be meant.")
DIFFERS = N_("It names the file %(label)s, but the pay-outs in that file make %(due)s.")
VOIDED = N_("It fits the file %(label)s, which was voided. Did the bank pay it all the same?")
PAID = N_("It names pay-out %(label)s, and amount and account fit.")
FITS = N_("Amount and account are those of pay-out %(label)s, and of no other.")
ONE_OF = N_("Amount and account are those of pay-out %(label)s, but of others too.")
PARTLY = N_("It names pay-out %(label)s, but amount or account differ.")
WHOLE = N_("Pay-out %(label)s fits, but another line is the debit of the whole file it is in.")
SOUGHT = N_("Pay-out %(label)s is with the bank.")
RETURNED = N_("Pay-out %(label)s came back. First take back what says so.")
WITH_REST = N_("The rest of the file of pay-out %(label)s was debited as one sum. First take that back.")


class NotTheSum(Refused):
    """Facts: due (Money)."""

    says = N_("The pay-outs that are still open there make %(due)s. Another amount cannot be booked for them.")
    field = "amount"
    status = 409


class NotOpen(Refused):
    says = N_("This was executed already, or never went to the bank. Nothing was booked.")
    status = 409


class CameBack(Refused):
    says = N_("This pay-out came back. First take back what says so.")
    status = 409


class RestBooked(Refused):
    says = N_("The rest of its file was debited as one sum. First take that back.")
    status = 409


class _File(NamedTuple):
    id: int
    message: str
    day: date
    currency: str
    account: str
    voided: bool
    due: int

    def is_near(self, line: Seen) -> bool:
        return -1 <= (line.day - self.day).days <= DAYS


class _Out(NamedTuple):
    id: int
    amount: int
    currency: str
    number: str
    account: str | None
    """Ours, from which it is paid, once it is in a file."""
    file: int | None

    def fits(self, line: Seen) -> bool:
        return -self.amount == line.amount.minor and self.currency == line.amount.currency and self.account in (None, line.account)

    def goes_to(self, line: Seen) -> bool:
        there = plain(line.party_account)
        return bool(there) and there in (self.number, serbian_iban(self.number) if self.number.isdigit() and len(self.number) == 18 else "")


def plain(account: str) -> str:
    """An account's number without what people and banks put between its figures."""
    return re.sub("[^0-9A-Z]", "", account.upper())


def find_files(lines: Sequence[Seen]) -> list[list[Found]]:
    """Which lines are the debit of a whole file."""
    debits = [line for line in lines if line.amount.minor < 0]
    if not debits:
        return [[] for _ in lines]
    names = {name for line in debits for name in files_named((*line.references, line.text))}
    files = {row[0]: _file(row) for row in (*rows(OPEN), *among(BY_NAME, names), *rows(VOIDED_LATELY))}
    said = [_of_line(line, list(files.values())) for line in lines]
    # Two debits of one sum, and one file without its name: which of them it is, somebody has to say.
    often = Counter(found.target for answer in said for found in answer if found.says == ALONE)
    return [[_unsure(found) if found.says == ALONE and often[found.target] > 1 else found for found in answer] for answer in said]


def _of_line(line: Seen, files: list[_File]) -> list[Found]:
    if line.amount.minor >= 0:
        return []
    here = [file for file in files if (file.account, file.currency) == (line.account, line.amount.currency) and file.due]
    names = files_named((*line.references, line.text))
    named = [file for file in here if file.message in names]
    fitting = named or [file for file in here if file.due == -line.amount.minor and file.is_near(line)]
    alone = not named and not line.party_account and len([file for file in fitting if not file.voided]) == 1
    return [_found_file(line, file, bool(named), alone) for file in fitting]


def _found_file(line: Seen, file: _File, named: bool, alone: bool) -> Found:
    fits = file.due == -line.amount.minor
    if file.voided:
        says = VOIDED
    elif named:
        says = NAMED if fits else DIFFERS
    else:
        says = ALONE if alone else SEVERAL
    amount = max(line.amount.minor, -file.due)
    facts: dict[str, Any] = {"label": file.message, "due": Money(file.due, file.currency)}
    sure = says in (NAMED, ALONE) and not line.reversal and not line.reason
    return Found(FILE, file.id, Money(amount, file.currency), file.message, sure, says, facts)


def _unsure(found: Found) -> Found:
    return found._replace(sure=False, says=SEVERAL)


def find_payouts(lines: Sequence[Seen]) -> list[list[Found]]:
    """Which lines are the debit of a single pay-out; a line that surely is a file's is none."""
    debits = [line for line in lines if line.amount.minor < 0]
    if not debits:
        return [[] for _ in lines]
    files = find_files(lines)
    keys = {key for line in debits for key in payouts_named((*line.references, line.text))}
    found = [*among(BY_ID, keys)]
    for currency in {line.amount.currency for line in debits}:
        found += among(
            BY_AMOUNT, [-line.amount.minor for line in debits if line.amount.currency == currency and line.party_account], currency
        )
    outs = {row[0]: _Out(*row) for row in found}
    whole = {one.target for file in files for one in file if one.sure}
    said = [
        [] if any(one.sure for one in file) else _payouts_of(line, list(outs.values())) for line, file in zip(lines, files, strict=True)
    ]
    # What leaves with its whole file leaves once: a line that names it besides has to be looked at.
    return [[one._replace(sure=False, says=WHOLE) if one.sure and outs[one.target].file in whole else one for one in each] for each in said]


def seek_payout(text: str, line: Seen) -> list[Found]:
    """The pay-out of this number, if money went: whatever the bank made of its name and amount."""
    number = text.strip()
    found = rows(BY_ID.format("?"), int(number)) if line.amount.minor < 0 and re.fullmatch("[0-9]{1,15}", number) else []
    return [_found_payout(line, out, SOUGHT) for row in found if (out := _Out(*row)).currency == line.amount.currency]


def _payouts_of(line: Seen, outs: list[_Out]) -> list[Found]:
    if line.amount.minor >= 0:
        return []
    keys = payouts_named((*line.references, line.text))
    named = [out for out in outs if out.id in keys and out.currency == line.amount.currency]
    if named:
        right = [out.fits(line) and (not line.party_account or out.goes_to(line)) for out in named]
        return [_found_payout(line, out, PAID if fits else PARTLY) for out, fits in zip(named, right, strict=True)]
    fitting = [out for out in outs if out.fits(line) and out.goes_to(line)]
    return [_found_payout(line, out, FITS if len(fitting) == 1 else ONE_OF) for out in fitting]


def _found_payout(line: Seen, out: _Out, says: str) -> Found:
    amount = Money(max(line.amount.minor, -out.amount), out.currency)
    sure = says in (PAID, FITS) and not line.reversal and not line.reason
    return Found(PAYOUT, out.id, amount, str(out.id), sure, says, {"label": str(out.id)})


def take_file(taking: Taking) -> Booked:
    """All that is open in the file went out. Raises NotTheSum, NotOpen, VoidedAndGone."""
    voided = one(locked("SELECT voided_at FROM payout_file WHERE id = ?"), taking.target)
    if voided and voided[0] is not None:
        bring_back(taking.target)
    gone = [made_of(Payout, row) for row in rows(locked(IN_FILE), taking.target)]
    if not gone:
        raise NotOpen
    _must_be(sum(payout.amount for payout in gone), taking)
    run("UPDATE payout SET executed_at = ? WHERE file_id = ? AND executed_at IS NULL", micros(taking.at), taking.target)
    run("UPDATE payout_file SET executed_at = ? WHERE id = ?", micros(taking.at), taking.target)
    for payout in gone:
        tell_payout(payout, "pay-out executed", actor=taking.actor, at=taking.at)
    return _booked(taking)


def undo_file(undoing: Undoing) -> Booked:
    """They are with the bank again; those that were debited one by one stay executed."""
    one(locked("SELECT id FROM payout_file WHERE id = ?"), undoing.target)
    run(NOT_EXECUTED, undoing.target)
    run("UPDATE payout_file SET executed_at = NULL WHERE id = ?", undoing.target)
    return mirrored(undoing)


def take_payout(taking: Taking) -> Booked:
    """One pay-out went out; with the last one of a file the file is executed. Raises NotTheSum, NotOpen."""
    payout = with_its_file(taking.target)
    if payout is None or payout.executed_at is not None or not one(BY_ID.format("?"), taking.target):
        raise NotOpen
    _must_be(payout.amount, taking)
    run("UPDATE payout SET executed_at = ? WHERE id = ?", micros(taking.at), payout.id)
    if payout.file_id and not rows(IN_FILE, payout.file_id):
        run("UPDATE payout_file SET executed_at = ? WHERE id = ?", micros(taking.at), payout.file_id)
    tell_payout(payout, "pay-out executed", actor=taking.actor, at=taking.at)
    return _booked(taking)


def undo_payout(undoing: Undoing) -> Booked:
    """It is with the bank again. Raises CameBack, RestBooked."""
    payout = with_its_file(undoing.target)
    assert payout is not None
    if payout.returned_at is not None:
        raise CameBack
    if one(REST, payout.file_id):
        raise RestBooked
    run("UPDATE payout SET executed_at = NULL WHERE id = ?", payout.id)
    run("UPDATE payout_file SET executed_at = NULL WHERE id = ?", payout.file_id)
    return mirrored(undoing)


def stuck(claims: Sequence[int], at: datetime) -> list[Stuck]:
    """Those of pay-outs that came back, or whose file was debited for the rest, by what another statement says."""
    return [
        Stuck(claim, str(payout), RETURNED if kind == "returned" else WITH_REST, {"label": str(payout)})
        for claim, payout, kind in among(STUCK, claims)
    ]


def mirrored(undoing: Undoing) -> Booked:
    """The mirror of a claim's booking."""
    return reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)


def _must_be(due: int, taking: Taking) -> None:
    if -taking.amount.minor != due:
        raise NotTheSum(due=Money(due, taking.amount.currency))


def _booked(taking: Taking) -> Booked:
    transit = company_account("transit", taking.amount.currency)
    facts: dict[str, Any] = {"voucher": taking.voucher, "at": taking.at, "actor": taking.actor, "value_date": taking.seen.valued}
    return book(key=taking.key, motive="pay-out", debit=transit, credit=taking.clarify, amount=abs(taking.amount), **facts)


def _file(row: tuple[int, str, str, str, str, int | None, int, int]) -> _File:
    key, message, day, currency, account, voided, amount, inside = row
    return _File(
        key, message, date.fromisoformat(day), currency, account, voided is not None, amount if voided is not None else int(inside)
    )


FILES = (
    "SELECT f.id, f.message_id, f.day, f.currency, a.number, f.voided_at, f.amount,"
    " (SELECT coalesce(sum(p.amount), 0) FROM payout p WHERE p.file_id = f.id AND p.executed_at IS NULL) FROM payout_file f"
    " JOIN bank_account a ON a.id = f.bank_account_id"
)
OPEN = f"{FILES} WHERE f.voided_at IS NULL AND f.executed_at IS NULL ORDER BY f.id"
BY_NAME = f"{FILES} WHERE f.message_id IN ({{}})"
VOIDED_LATELY = f"{FILES} WHERE f.id > (SELECT coalesce(max(id), 0) - 30 FROM payout_file) AND f.voided_at IS NOT NULL ORDER BY f.id"  # noqa: S608 - constants only
WITH_BANK = (
    "SELECT p.id, p.amount, p.currency, p.number, a.number, p.file_id FROM payout p LEFT JOIN payout_file f ON f.id = p.file_id"
    " LEFT JOIN bank_account a ON a.id = f.bank_account_id WHERE p.executed_at IS NULL AND (p.file_id IS NOT NULL OR EXISTS"
    " (SELECT 1 FROM payout_by_hand h WHERE h.payout_id = p.id AND h.ended_at IS NULL))"
)
BY_ID = f"{WITH_BANK} AND p.id IN ({{}})"
BY_AMOUNT = f"{WITH_BANK} AND p.refused_at IS NULL AND p.withdrawn_at IS NULL AND p.amount IN ({{}}) AND p.currency = ?"
IN_FILE = f"SELECT {columns(Payout, 'p')} FROM payout p WHERE p.file_id = ? AND p.executed_at IS NULL ORDER BY p.id"  # noqa: S608 - constants only
NOT_EXECUTED = (
    "UPDATE payout SET executed_at = NULL WHERE file_id = ? AND NOT EXISTS"
    " (SELECT 1 FROM line_claim c WHERE c.kind = 'pay-out' AND c.target = payout.id AND c.undone_at IS NULL)"
)
join(Kind(FILE, find_files, take_file, undo_file, once=True))
REST = "SELECT 1 FROM line_claim WHERE kind = 'file' AND target = ? AND undone_at IS NULL"
# A statement's claims are taken back from the last to the first: what came later in the same statement is gone by then.
STUCK = (
    "SELECT c.id, p.id, r.kind FROM line_claim c JOIN bank_line l ON l.id = c.line_id JOIN payout p ON p.id = c.target"
    " JOIN line_claim r ON r.undone_at IS NULL AND (r.kind, r.target) IN (('returned', p.id), ('file', p.file_id))"
    " JOIN bank_line o ON o.id = r.line_id WHERE c.id IN ({}) AND (o.statement_id <> l.statement_id OR r.id < c.id) ORDER BY c.id, r.id"
)
join(Kind(PAYOUT, find_payouts, take_payout, undo_payout, once=True, seek=seek_payout, stuck=stuck))
