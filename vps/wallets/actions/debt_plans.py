"""A debt handled kindly: the office agrees a plan, the wallet works again at once, and the debt is repaid month by month.

Source: the issue, "debt handled kindly … the office may agree a plan".
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account, voucher
from vps.people.actions import note
from vps.security.actions import ByTan
from vps.security.models import is_frozen
from vps.wallets.actions.by_hand import NoReason
from vps.wallets.actions.four_eyes import must_be_nobody_of
from vps.wallets.actions.paying import WalletFrozen
from vps.wallets.actions.planning import wallet_among
from vps.wallets.models import DebtPlan, locked_purses

KIND = "debt plan"
"""The kind of intent and of voucher."""
AT_ONCE = 500
"""Instalments that one look takes; the next look takes the rest."""


class NoDebt(Refused):
    says = N_("Nothing is missing in this wallet.")
    status = 409


class PlanRuns(Refused):
    says = N_("There is a plan for this wallet already. It ends first.")
    status = 409


class InstalmentTooLarge(Refused):
    """Facts: debt (Money)."""

    says = N_("The debt is %(debt)s. An instalment is not larger than that.")
    field = "amount"


class NotADay(Refused):
    says = N_("Please choose a day of the month, 1 to 31.")
    field = "day"


class PlanOver(Refused):
    says = N_("This plan has ended. Nothing was taken.")
    status = 409


class MoreThanLeft(Refused):
    """Facts: left (Money)."""

    says = N_("Only %(left)s is left to be repaid.")
    field = "amount"


@action
def agree_plan(person: int, wallet: int, instalment: Money, day: int, *, text: str = "", authorisation: ByStaff, at: datetime) -> int:
    """Take what is missing out of the wallet, which stands at its floor again, and have it repaid on one day of each month.

    On the 31st is the last day of the month. Raises NotFound, NotYourOwn, NoDebt, PlanRuns, InstalmentTooLarge, NotADay.
    """
    actor = authorisation.actor
    must_be_nobody_of(actor, person)
    if not 1 <= day <= 31:
        raise NotADay
    found = wallet_among(locked_purses(person), wallet)
    if not found.shortfall.is_positive:
        raise NoDebt
    if one("SELECT 1 FROM debt_plan WHERE account_id = ? AND ended_at IS NULL", found.account):
        raise PlanRuns
    if instalment > found.shortfall:
        raise InstalmentTooLarge(debt=found.shortfall)
    today, count = day_in(at, company().zone), one("SELECT count(*) FROM debt_plan WHERE account_id = ?", found.account)[0]
    ref = f"{found.account}:{count + 1}"
    paper = voucher(KIND, ref, day=today, text=clean_text(text, most=200), by=actor.person)
    debts = company_account("debts", found.currency)
    facts: dict[str, Any] = {"amount": found.shortfall, "at": at, "actor": actor, "value_date": today}
    out = book(key=f"plan:{ref}", voucher=paper, motive="debt", debit=debts, credit=found.account, **facts)
    terms = found.shortfall.minor, found.currency, instalment.minor, day, clean_text(text, most=200), micros(at), actor.person
    made = insert(AGREE, person, found.account, *terms, out.id, next_due(day, today).isoformat())
    note(actor, "debt plan agreed", person, at=at, after=str(found.shortfall))
    return made


@action
def pay_debt(*, authorisation: ByTan, at: datetime) -> int:
    """Pay of one's own plan what was confirmed, and answer the payment's id; a resend finds the first.

    Raises NotFound, PlanOver, MoreThanLeft, WalletFrozen, NotEnoughCredit, CodeRefused.
    """
    shown, person = authorisation.snapshot, authorisation.actor.person
    assert shown.kind == KIND and shown.amount is not None and person is not None
    key = f"code:{shown.nonce}"
    done = one("SELECT id FROM debt_payment WHERE key = ?", key)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    plan, left = _locked(int(shown.subject))
    if plan.person_id != person:
        raise NotFound
    if shown.amount > left:
        raise MoreThanLeft(left=left)
    mine = next((each for each in locked_purses(person) if each.account == plan.account_id), None)
    if mine is None or mine.frozen:
        raise WalletFrozen
    made = _take(plan, key, shown.amount, left, None, authorisation.actor, at)
    note(authorisation.actor, "debt repaid", person, at=at, after=str(shown.amount))
    return made


def take_instalments(*, at: datetime) -> int:
    """Take every instalment that is due, each once; what a wallet has not is skipped with a notice. Answers how many were looked at."""
    due = rows(DUE, day_in(at, company().zone).isoformat(), AT_ONCE)
    for (plan,) in due:
        take_instalment(plan, at=at)
    return len(due)


@action
def take_instalment(plan: int, *, at: datetime) -> Money | None:
    """The instalment that is due of one plan: never more than is left, or is there. None: nothing is due any more."""
    today = day_in(at, company().zone)
    if not one(locked("SELECT id FROM debt_plan WHERE id = ? AND ended_at IS NULL AND next_due <= ?"), plan, today.isoformat()):
        return None
    row, left = _locked(plan)
    mine = next((each for each in locked_purses(row.person_id) if each.account == row.account_id), None)
    none = Money.zero(row.currency)
    able = mine is not None and not mine.frozen and not is_frozen(row.person_id)
    amount = max(none, min(Money(row.instalment, row.currency), left, mine.available)) if mine and able else none
    due = row.next_due
    assert isinstance(due, date)
    _take(row, f"plan:{plan}:{due.isoformat()}", amount, left, due, HOUSE, at)
    run("UPDATE debt_plan SET next_due = ? WHERE id = ?", next_due(row.day, due).isoformat(), plan)
    if amount.is_positive:
        note(HOUSE, "instalment taken", row.person_id, at=at, after=str(amount))
    else:
        note(HOUSE, "instalment skipped", row.person_id, at=at, after=str(min(Money(row.instalment, row.currency), left)))
    return amount


@action
def write_off_plan(person: int, plan: int, *, reason: str, authorisation: ByStaff, at: datetime) -> Booked:
    """Nobody will repay what is left of it: it lessens what was sold. Raises NotFound, NotYourOwn, NoReason, PlanOver."""
    why, actor = clean_text(reason, most=200), authorisation.actor
    must_be_nobody_of(actor, person)
    if not why:
        raise NoReason
    row, left = _locked(plan)
    if row.person_id != person:
        raise NotFound
    paper = voucher(KIND, f"{plan}:write-off", day=day_in(at, company().zone), text=why, by=actor.person)
    debit, credit = (company_account(kind, row.currency) for kind in ("purchases", "debts"))
    booked = book(
        key=f"plan:{plan}:write-off", voucher=paper, motive="write-off", debit=debit, credit=credit, amount=left, at=at, actor=actor
    )
    run(WRITE_OFF, micros(at), actor.person, booked.id, why, plan)
    note(actor, "debt plan written off", person, at=at, before=str(left), after=why)
    return booked


def next_due(day: int, after: date) -> date:
    """The first such day of a month after a day; the 31st is the last day of every month."""
    this = _in_month(after, day)
    return this if this > after else _in_month(after.replace(day=1) + timedelta(days=31), day)


def _in_month(month: date, day: int) -> date:
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _locked(plan: int) -> tuple[DebtPlan, Money]:
    """An open plan that nobody else can change until this ends, and what is left of it. Raises NotFound, PlanOver."""
    if not one(locked("SELECT id FROM debt_plan WHERE id = ?"), plan):
        raise NotFound
    row: DebtPlan = DebtPlan.get_by_id(plan)
    if row.ended_at is not None:
        raise PlanOver
    paid = int(one(PAID, plan)[0])
    return row, Money(row.amount - paid, row.currency)


def _take(plan: DebtPlan, key: str, amount: Money, left: Money, due: date | None, actor: Actor, at: datetime) -> int:
    booked = None
    if amount.is_positive:
        day = day_in(at, company().zone)
        paper = voucher(KIND, f"{plan.id}:{key}", day=day, text=plan.text, by=actor.person)
        debts = company_account("debts", amount.currency)
        try:
            booked = book(
                key=f"debt {key}",
                voucher=paper,
                motive="debt",
                debit=plan.account_id,
                credit=debts,
                amount=amount,
                at=at,
                actor=actor,
                value_date=day,
            )
        except NotEnoughCredit as short:
            short.field = "amount"  # type: ignore[misc]
            raise
    made = insert(PAY, plan.id, key, due.isoformat() if due else None, amount.minor, booked.id if booked else None, micros(at))
    if amount == left:
        run("UPDATE debt_plan SET ended_at = ?, ended_by = ? WHERE id = ?", micros(at), actor.person, plan.id)
    return made


AGREE = (
    'INSERT INTO debt_plan (person_id, account_id, amount, currency, instalment, day, text, agreed_at, "by", booking, next_due, written_why)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
PAY = "INSERT INTO debt_payment (plan_id, key, due, amount, booking, at) VALUES (?, ?, ?, ?, ?, ?)"
PAID = "SELECT coalesce(CAST(sum(amount) AS bigint), 0) FROM debt_payment WHERE plan_id = ?"
DUE = "SELECT id FROM debt_plan WHERE ended_at IS NULL AND next_due <= ? ORDER BY id LIMIT ?"
WRITE_OFF = "UPDATE debt_plan SET ended_at = ?, ended_by = ?, written_off = ?, written_why = ? WHERE id = ?"
