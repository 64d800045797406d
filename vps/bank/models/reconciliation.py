"""Whether the books of the bank are what the bank says, to the cent, and if not, why not: reasons that make up the difference exactly.

A statement counts on the day it closes, however late it came in; what was booked by hand on the day of its receipt. So a day that is
over stays comparable, and one day's page asks for balances, statements and receipts, never for all lines.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from vps.bank.models.chain import Chain, Stated, laid_out
from vps.kernel.database import reading, rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.ledger.models import balance, balances

BESIDE = ("clarify", "transit", "debts", "withheld")
RECEIPT = N_("Receipt %(number)s of %(day)s was booked by hand; no statement shows it yet.")
BEFORE = N_("Line %(n)s of statement %(number)s counts as booked before, but nothing in force was booked here before.")
GAP = N_(
    "Statement %(before)s of %(from)s and statement %(after)s of %(to)s do not join: something between them is missing or stands in both."
)
TWICE = N_("Line %(n)s of statement %(number)s stands in another statement, too.")
TAKEN = N_("Statement %(number)s of %(day)s was taken back and has not come again.")
UNPROVEN = N_("Statement %(number)s of %(day)s names no closing balance, so its lines cannot be proven.")
OPENING = N_("The statements begin with %(opening)s on %(day)s, but the books stood at %(booked)s by then.")
UNEXPLAINED = N_("Unexplained. Find it with: vps audit")


class Reason(NamedTuple):
    """A part of a difference: how far the books are ahead of the bank because of it. `known`: somebody can see from it what to do."""

    amount: Money
    says: str
    facts: dict[str, Any]
    known: bool = True


class Reconciled(NamedTuple):
    """One account at the end of a day. Without a statement that names a closing balance there is nothing to compare with."""

    number: str
    name: str
    books: Money
    statement: Money | None
    closing_number: str
    closing_day: date | None
    reasons: list[Reason]

    @property
    def difference(self) -> Money | None:
        """How far the books are ahead of the bank."""
        return self.books - self.statement if self.statement is not None else None

    @property
    def closes(self) -> bool:
        """To zero, with nothing unexplained behind it."""
        return self.statement == self.books and all(reason.known for reason in self.reasons)


class Beside(NamedTuple):
    """What stands between bank and wallets now, in one currency."""

    clarify: Money
    unclear: Money
    lines: int
    transit: Money
    debts: Money
    withheld: Money
    """Tax that was withheld from commissions and is not yet paid to the tax office."""


class Reconciliation(NamedTuple):
    """All accounts of the company at the end of a day, and what stands beside them now."""

    day: date
    accounts: list[Reconciled]
    beside: list[Beside]

    @property
    def closes(self) -> bool:
        """Whether every account that has a statement agrees to the cent, and what is to be clarified is what the lines say."""
        compared = all(account.closes for account in self.accounts if account.statement is not None)
        return compared and all(each.clarify == each.unclear for each in self.beside)


class Moved(NamedTuple):
    """What was booked by hand and not taken back, less what a line was told to be it: until the day, and after it."""

    upto: int
    later: int
    since: date
    receipt: str | None
    line: tuple[str, int]
    twice: bool
    """Whether the line was told to be a line of another statement."""


class _Facts(NamedTuple):
    """What is known of one account."""

    balance: int
    statements: list[Stated]
    moved: list[Moved]
    opened: list[tuple[date, int]]
    taken: list[tuple[str, date]]


def reconcile(day: date) -> Reconciliation:
    """Bank and books at the end of `day`."""
    with reading():
        ours = rows(ACCOUNTS)
        currencies = sorted({currency for _, _, currency, *_ in ours})
        if not ours:
            return Reconciliation(day, [], [])
        codes = [f"{kind}:{currency}" for currency in currencies for kind in BESIDE]
        beside = dict(rows(SHOWN_BESIDE.format(", ".join("?" * len(codes))), *codes))
        stand = balances([*(ledger for _, _, _, ledger, *_ in ours), *beside.values()])
        facts = _facts(ours, day, stand)
        unclear = {currency: (lines, int(minor)) for currency, lines, minor in rows(UNCLEAR)}
    # An account that was closed is shown as long as the books have something on it.
    shown = [each for each in ours if each[-1] is None or stand[each[3]]]
    accounts = [_reconciled(number, name, currency, facts[key], day) for key, number, currency, _, name, _ in shown]
    return Reconciliation(day, accounts, [_beside(currency, beside, stand, unclear) for currency in currencies])


def stood(account: int, ledger: int, before: date) -> int:
    """What the books said an account held before a day, of which no statement is booked yet; in minor units."""
    later = sum(moved.later for moved in _moved(before - timedelta(days=1))[account])
    return -balance(ledger) - later


def _beside(currency: str, ids: dict[str, int], stand: dict[int, int], unclear: dict[str, tuple[int, int]]) -> Beside:
    clarify, transit, debts, withheld = (Money(stand[ids[f"{kind}:{currency}"]], currency) for kind in BESIDE)
    lines, minor = unclear.get(currency, (0, 0))
    return Beside(clarify, Money(minor, currency), lines, transit, -debts, withheld)


def _facts(ours: list[Any], day: date, stand: dict[int, int]) -> dict[int, _Facts]:
    statements, moved, opened, taken = _statements(day), _moved(day), defaultdict(list), defaultdict(list)
    for key, when, minor in rows(OPENED):
        opened[key].append((date.fromisoformat(when), minor))
    for number, currency, name, when in rows(TAKEN_BACK):
        taken[number, currency].append((name, date.fromisoformat(when)))
    return {
        key: _Facts(-stand[ledger], statements[number, currency], moved[key], opened[key], taken[number, currency])
        for key, number, currency, ledger, *_ in ours
    }


def _statements(day: date) -> dict[tuple[str, str], list[Stated]]:
    found: dict[tuple[str, str], list[Stated]] = defaultdict(list)
    for number, currency, key, name, opening, closing, when, first in rows(STATEMENTS):
        net = closing - opening if None not in (opening, closing) else 0
        begun = date.fromisoformat(first) if first else None
        found[number, currency].append(Stated(key, name or str(key), date.fromisoformat(when), opening, closing, begun, net))
    # Only what no balances prove is added up line by line, and only where something is to be compared with it.
    wanted = [
        each.id
        for parts in found.values()
        for each in parts
        if None in (each.opening, each.closing) and (each.day > day or any(other.closing is not None for other in parts))
    ]
    if wanted:
        nets = {key: int(net) for key, net in rows(LINES_OF.format(", ".join("?" * len(wanted))), *wanted)}
        for account, parts in found.items():
            found[account] = [each._replace(net=nets.get(each.id, each.net)) for each in parts]
    return found


def _moved(day: date) -> dict[int, list[Moved]]:
    found: dict[int, list[Moved]] = defaultdict(list)
    for account, upto, later, since, receipt, number, n, motive in rows(MOVED, *[day.isoformat()] * 4):
        found[account].append(Moved(int(upto), int(later), date.fromisoformat(since), receipt, (number or "", n or 0), motive == "receipt"))
    return found


def _reconciled(number: str, name: str, currency: str, facts: _Facts, day: date) -> Reconciled:
    later = [each.net for each in facts.statements if each.day > day]
    later += [each.later for each in facts.moved]
    later += [minor for when, minor in facts.opened if when > day]
    books = Money(facts.balance - sum(later), currency)
    chain = laid_out(each for each in facts.statements if each.day <= day)
    closing = chain.closing
    if closing is None or closing.closing is None:
        return Reconciled(number, name, books, None, "", None, [])
    reasons = _reasons(chain, facts, currency, day)
    stated = Money(closing.closing, currency)
    rest = books - stated - sum((reason.amount for reason in reasons), Money.zero(currency))
    if rest.minor:
        reasons.append(Reason(rest, UNEXPLAINED, {}, known=False))
    return Reconciled(number, name, books, stated, closing.number, closing.day, reasons)


def _reasons(chain: Chain, facts: _Facts, currency: str, day: date) -> list[Reason]:
    assert chain.begin is not None and chain.begin_day is not None
    begun, begin = chain.begin_day, chain.begin
    # What was booked by hand before the first statement is a part of what that begins with.
    booked = sum(minor for when, minor in facts.opened if when <= day) + sum(each.upto for each in facts.moved if each.since < begun)
    said = {"opening": Money(begin, currency), "booked": Money(booked, currency), "day": begun}
    found = [(booked - begin, OPENING, said)]
    found += [(gap.ahead, *_gap(gap.before, gap.after, facts.taken)) for gap in chain.gaps]
    found += [(each.net, UNPROVEN, {"number": each.number, "day": each.day}) for each in chain.unproven]
    found += [(each.upto, *_by_hand(each)) for each in facts.moved if each.since >= begun]
    return [Reason(Money(minor, currency), says, more) for minor, says, more in found if minor]


def _gap(before: Stated, after: Stated, taken: list[tuple[str, date]]) -> tuple[str, dict[str, Any]]:
    for name, when in taken:
        if before.day <= when <= after.day:
            return TAKEN, {"number": name, "day": when}
    return GAP, {"before": before.number, "from": before.day, "after": after.number, "to": after.day}


def _by_hand(moved: Moved) -> tuple[str, dict[str, Any]]:
    if moved.receipt is not None:
        return RECEIPT, {"number": moved.receipt, "day": moved.since}
    return TWICE if moved.twice else BEFORE, {"number": moved.line[0], "n": moved.line[1]}


ACCOUNTS = "SELECT id, number, currency, account_id, name, closed_at FROM bank_account ORDER BY id"
SHOWN_BESIDE = "SELECT code, id FROM account WHERE code IN ({})"
UNCLEAR = (
    "SELECT l.currency, count(*), CAST(sum(l.unclear) AS bigint) FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id"
    " WHERE l.unclear <> 0 AND s.taken_back_at IS NULL GROUP BY l.currency"
)
CLOSES = "coalesce(s.closing_day, (SELECT max(m.booked_on) FROM bank_line m WHERE m.statement_id = s.id), s.opening_day, '1970-01-01')"
STATEMENTS = (
    f"SELECT s.account, s.currency, s.id, s.number, s.opening, s.closing, {CLOSES}, s.opening_day FROM bank_statement s"
    " WHERE s.taken_back_at IS NULL"
)
TAKEN_BACK = (
    f"SELECT s.account, s.currency, s.number, {CLOSES} FROM bank_statement s WHERE s.taken_back_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM bank_statement n WHERE n.identity = s.identity AND n.taken_back_at IS NULL) ORDER BY s.id DESC"
)
LINES_OF = "SELECT statement_id, CAST(sum(amount) AS bigint) FROM bank_line WHERE statement_id IN ({}) GROUP BY statement_id"
SIGNED = "CASE WHEN b.debit_id = a.account_id THEN b.amount ELSE -b.amount END"
OPENED = (
    f"SELECT a.id, v.day, {SIGNED} FROM voucher v JOIN booking b ON b.key = 'bank:' || replace(v.ref, '#', ':opening:')"
    " JOIN bank_account a ON a.account_id IN (b.debit_id, b.credit_id) LEFT JOIN booking m ON m.reverses = b.id"
    " WHERE v.kind = 'bank opening' AND m.id IS NULL"
)
# One row for each booking by hand that is in force, with what lines were told to be it; none where the two make zero by that day.
MOVED = (
    "SELECT account, CAST(sum(CASE WHEN day <= ? THEN minor ELSE 0 END) AS bigint) AS upto,"
    " CAST(sum(CASE WHEN day > ? THEN minor ELSE 0 END) AS bigint) AS later, min(day), max(receipt), max(number), max(n), max(motive) FROM ("
    f"SELECT a.id AS account, b.id AS booking, v.day AS day, {SIGNED} AS minor, v.ref AS receipt, NULL AS number, NULL AS n, NULL AS motive"
    " FROM voucher v JOIN booking b ON b.key = 'receipt:' || v.ref JOIN bank_account a ON a.account_id IN (b.debit_id, b.credit_id)"
    " LEFT JOIN booking m ON m.reverses = b.id WHERE v.kind = 'receipt' AND m.id IS NULL"
    f" UNION ALL SELECT a.id, c.target, {CLOSES}, {SIGNED}, NULL, s.number, l.n, t.motive FROM line_claim c JOIN booking t ON t.id = c.target JOIN booking b ON b.id = c.booking"
    " JOIN bank_account a ON a.account_id IN (b.debit_id, b.credit_id) JOIN bank_line l ON l.id = c.line_id"
    " JOIN bank_statement s ON s.id = l.statement_id WHERE c.kind = 'booked' AND c.undone_at IS NULL"
    ") AS moved GROUP BY account, booking HAVING sum(CASE WHEN day <= ? THEN minor ELSE 0 END) <> 0"
    " OR sum(CASE WHEN day > ? THEN minor ELSE 0 END) <> 0 ORDER BY 4, 5"
)
