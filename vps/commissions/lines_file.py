"""Every line of a run as a CSV file that is written while it is read: the same in every language, for machines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from vps.commissions.models import Plan, Run
from vps.commissions.plans.plan import Bonus
from vps.kernel.csvout import written_lines
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_number

COLUMNS = (
    *("run", "plan_version", "booked_at", "partner", "name", "order", "line", "bonus", "kind", "level", "via"),
    *("base", "unit", "percent", "amount", "currency", "wallet"),
)
AT_ONCE = 2_000
"""Lines of one look: nothing is locked while the file goes out, and no more than this is kept in memory."""


def as_file(run: Run) -> Iterator[bytes]:
    """The file, piece by piece. A run without a plan has no lines: its file says what each partner got."""
    return written_lines(COLUMNS, _of_lines(run) if run.plan_id else _of_shares(run))


def _of_lines(run: Run) -> Iterator[Sequence[str]]:
    plan = Plan.get_by_id(run.plan_id)
    bonuses, before = plan.rules.bonuses, (0, 0, -1)
    begin = (str(run.id), str(plan.version), _booked(run))
    while found := rows(LINES, run.id, *before, AT_ONCE):
        for _, order, n, place, level, base, rate, amount, partner, name, via in found:
            bonus = bonuses[place]
            yield [
                *(*begin, partner or "", name, order_number(order), str(n)),
                *(bonus.name, bonus.kind, str(level), via or "", *based(bonus, base), percent(rate)),
                *(Money(amount, bonus.currency).plain, bonus.currency, bonus.wallet),
            ]
        before = found[-1][:3]


def _of_shares(run: Run) -> Iterator[Sequence[str]]:
    before: tuple[object, ...] = (0, "", "")
    while found := rows(SHARES, run.id, *before, AT_ONCE):
        for _, kind, currency, amount, partner, name in found:
            yield [str(run.id), "", _booked(run), partner or "", name, *[""] * 9, Money(amount, currency).plain, currency, kind]
        before = found[-1][:3]


def based(bonus: Bonus, base: int) -> tuple[str, str]:
    """What a line is reckoned from, and in which unit."""
    return (Money(base, bonus.currency).plain, bonus.currency) if bonus.of == "amount" else (str(base), "points")


def percent(millionths: int) -> str:
    """A rate in percent; empty for a fixed amount."""
    return f"{(Decimal(millionths) / 10_000).normalize():f}" if millionths else ""


def _booked(run: Run) -> str:
    return run.booked_at.isoformat(timespec="seconds") if run.booked_at else ""


LINES = (
    "SELECT l.payee, l.order_id, l.n, l.bonus, l.level, l.base, l.rate, l.amount, p.number, p.name, v.number FROM commission_line l"
    " JOIN person p ON p.id = l.payee LEFT JOIN person v ON v.id = l.via"
    " WHERE l.run_id = ? AND (l.payee, l.order_id, l.n) > (?, ?, ?) ORDER BY l.payee, l.order_id, l.n LIMIT ?"
)
SHARES = (
    "SELECT s.payee, s.kind, s.currency, s.amount, p.number, p.name FROM commission_share s JOIN person p ON p.id = s.payee"
    " WHERE s.run_id = ? AND s.held = '' AND (s.payee, s.kind, s.currency) > (?, ?, ?) ORDER BY s.payee, s.kind, s.currency LIMIT ?"
)
