"""A partner asks for his money: out of the wallet at once, on its way until the bank has paid it or it comes back.

Source: seed VPS, pay-outs; DESIGN, "payout:77:request".
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.bank.accounts import PayeeAccount
from vps.bank.actions.payout_notes import tell_payout
from vps.bank.models import Ours, Payee, Payout, bank_accounts, payee_numbered
from vps.bank.paydays import next_pay_day
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account, reverse, voucher
from vps.security.actions import ByTan
from vps.trust.actions.limits import must_be_within
from vps.wallets.actions import NotThisKind, Owing, WalletFrozen, account_of, main_of, must_have_room, settle_excess
from vps.wallets.models import Purse, accounts_of, locked_purses, purses
from vps.wallets.watching import watch_outflow

KIND = "pay-out"
"""The kind of intent and of voucher, and the motive."""
REACHED = {"rs": ("rs",), "1c": ("ru",)}
"""Kinds of accounts that a bank takes payments to, by the format of its files; any other format reaches every IBAN."""


class NoBankForIt(Refused):
    """Facts: currency."""

    says = N_("The company has no bank account from which it could pay %(currency)s to this account.")
    field = "payee"


class TooLittle(Refused):
    """Facts: least (Money)."""

    says = N_("The smallest pay-out is %(least)s.")
    field = "amount"


class AccountGone(Refused):
    says = N_("This bank account does not stand in your list any more. Nothing was taken.")
    field = "payee"
    status = 409


class AccountRests(Refused):
    """Facts: until."""

    says = N_("This bank account is new and can be used from %(until)s on. Nothing was taken.")
    field = "payee"


class FeeChanged(Refused):
    """Facts: fee (Money)."""

    says = N_("Meanwhile a pay-out costs %(fee)s. Nothing was taken; please look at it again.")
    status = 409


class TooLateToWithdraw(Refused):
    says = N_("This pay-out is with the bank already, or has ended. It cannot be withdrawn any more.")
    status = 409


class Planned(NamedTuple):
    """What a pay-out would be: to whom, how much, what it costs besides, and the day it goes out."""

    payee: Payee
    amount: Money
    fee: Money
    day: date

    @property
    def subject(self) -> str:
        """What is confirmed beside amount and holder."""
        return f"{self.payee.number} {self.fee.minor}"


def fee_in(currency: str) -> Money:
    """What a pay-out in this currency costs."""
    return Money(company().payout_fee if currency == company().currency else 0, currency)


def least_in(currency: str) -> Money:
    """The smallest pay-out in this currency."""
    return Money(company().payout_least if currency == company().currency else 1, currency)


def paying_account(currency: str, kind: str) -> Ours | None:
    """The company's account that pays to accounts of this kind."""
    return next((ours for ours in bank_accounts() if ours.currency == currency and kind in reached(ours.pay_format)), None)


def reached(pay_format: str) -> tuple[str, ...]:
    """The kinds of accounts to which files of this format can pay."""
    return REACHED.get(pay_format, ("iban", "rs"))


def plan(person: int, payee: Payee, amount: Money, *, at: datetime) -> Planned:
    """What a pay-out would be, or what stands in its way, before anybody is asked for a code.

    Raises AccountRests, NoBankForIt, TooLittle, WalletFrozen, NotThisKind, Owing, LimitReached, NotEnoughCredit.
    """
    if payee.rests(at):
        raise AccountRests(until=payee.usable_from)
    day, fee = goes_out(payee, amount.currency, at=at), fee_in(amount.currency)
    if amount < least_in(amount.currency):
        raise TooLittle(least=least_in(amount.currency))
    mine, none = purses(person), Money.zero(amount.currency)
    found = main_of(mine, amount.currency)
    must_be_able(found, mine)
    must_have_room(person, KIND, amount, at=at)
    has = found.available
    if has < amount + fee:
        raise NotEnoughCredit(available=max(has, none), missing=amount + fee - has)
    return Planned(payee, amount, fee, day)


def must_be_able(wallet: Purse, mine: Sequence[Purse]) -> None:
    """Raise WalletFrozen, NotThisKind, or Owing while something is missing in any of a partner's wallets."""
    if wallet.frozen:
        raise WalletFrozen
    if not wallet.paid_out:
        raise NotThisKind
    short = next((each.shortfall for each in mine if each.shortfall.is_positive), None)
    if short:
        raise Owing(shortfall=short)


def goes_out(payee: Payee | PayeeAccount, currency: str, *, at: datetime) -> date:
    """The day on which a pay-out that is asked for now goes to the bank. Raises NoBankForIt."""
    ours = paying_account(currency, payee.kind)
    if ours is None:
        raise NoBankForIt(currency=currency)
    return next_pay_day(ours.pay_days, ours.cutoff, at=at, zone=company().zone)


@action
def ask_payout(*, authorisation: ByTan, at: datetime) -> int:
    """Take what was confirmed out of the wallet, and answer the pay-out's id; a resend finds the one that the first made.

    Raises AccountGone, FeeChanged, NotEnoughCredit, CodeRefused, and what `plan` raises.
    """
    shown, person = authorisation.snapshot, authorisation.actor.person
    assert shown.kind == KIND and shown.amount is not None and person is not None
    done = one(DONE, shown.nonce)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    payee = payee_numbered(person, shown.subject.partition(" ")[0])
    if payee is None or payee.holder != shown.payee:
        raise AccountGone
    planned = plan(person, payee, shown.amount, at=at)
    if planned.subject != shown.subject:
        raise FeeChanged(fee=planned.fee)
    intent = int(one("SELECT id FROM intent WHERE nonce = ?", shown.nonce)[0])
    return make_payout(person, planned, intent=intent, actor=authorisation.actor, at=at)


@action
def make_payout(person: int, planned: Planned, *, intent: int | None = None, rule: int | None = None, actor: Actor, at: datetime) -> int:
    """Write down and book a pay-out that was confirmed, or follows from a rule; inside the caller's transaction.

    Limits are about the amount without its fee. Raises NoWallet, WalletFrozen, NotThisKind, Owing, LimitReached, NotEnoughCredit.
    """
    mine = locked_purses(person)
    wallet = main_of(mine, planned.amount.currency)
    must_be_able(wallet, mine)  # once more: it may have been frozen since it was planned
    must_be_within(person, accounts_of(mine), KIND, planned.amount, at=at)
    payee, amount, fee = planned.payee, planned.amount, planned.fee
    facts = person, payee.id, payee.holder, payee.kind, payee.number, payee.bic, amount.minor, fee.minor, amount.currency
    key = insert(MAKE, *facts, micros(at), planned.day.isoformat(), intent, rule)
    paper = voucher(KIND, str(key), day=day_in(at, company().zone), text=payee.masked, by=actor.person)
    request, charged = _book(wallet.account, key, paper, amount, fee, actor=actor, at=at)
    run(BOOKED, f"{company().name} {key}", request.id, charged.id if charged else None, key)
    watch_outflow(person, wallet.account, request, amount, motive=KIND, at=at)
    if any(each.reserved for each in mine):
        settle_excess(mine, at=at)
    tell_payout(Payout.get_by_id(key), "pay-out asked", actor=actor, at=at)
    return key


def _book(wallet: int, key: int, paper: int, amount: Money, fee: Money, *, actor: Actor, at: datetime) -> tuple[Booked, Booked | None]:
    charged = None
    try:
        request = _move(f"payout:{key}:request", paper, KIND, wallet, "transit", amount, actor=actor, at=at)
    except NotEnoughCredit as short:
        raise _short(short, missing=fee) from short
    if fee.is_positive:
        try:
            charged = _move(f"payout:{key}:fee", paper, "fee", wallet, "fees", fee, actor=actor, at=at)
        except NotEnoughCredit as short:
            raise _short(short, available=amount) from short
    return request, charged


def _short(of_one: NotEnoughCredit, *, available: Money | None = None, missing: Money | None = None) -> NotEnoughCredit:
    """What is short of amount and fee together, from what one of the two bookings said."""
    facts: Any = of_one.facts
    none = Money.zero(facts["missing"].currency)
    return NotEnoughCredit(available=facts["available"] + (available or none), missing=facts["missing"] + (missing or none))


def _move(key: str, paper: int, motive: str, wallet: int, kind: str, amount: Money, *, actor: Actor, at: datetime) -> Booked:
    to = company_account(kind, amount.currency)
    day = day_in(at, company().zone)
    return book(key=key, voucher=paper, motive=motive, debit=wallet, credit=to, amount=amount, at=at, actor=actor, value_date=day)


@action
def withdraw_payout(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """Give a partner back what he asked for, fee and all, while it is not with the bank. Raises NotFound, TooLateToWithdraw."""
    payout = locked_payout(key)
    if payout is None or payout.person_id != person:
        raise NotFound
    if payout.withdrawn_at is not None:
        return
    if not payout.may_be_withdrawn:
        raise TooLateToWithdraw
    run(WITHDRAWN, micros(at), give_back(payout, "withdrawn", actor=actor, at=at), key)
    tell_payout(payout, "pay-out withdrawn", actor=actor, at=at)


def locked_payout(key: int) -> Payout | None:
    """A pay-out that nobody else can change until this transaction ends."""
    found: Payout | None = Payout.get_or_none(Payout.id == key) if one(locked("SELECT id FROM payout WHERE id = ?"), key) else None
    return found


def with_its_file(key: int) -> Payout | None:
    """The same with the file it is in, which is locked first: of two debits of one file the second one finds what the first one did."""
    one(locked("SELECT id FROM payout_file WHERE id = (SELECT p.file_id FROM payout p WHERE p.id = ?)"), key)
    return locked_payout(key)


def give_back(payout: Payout, what: str, *, with_fee: bool = True, actor: Actor, at: datetime) -> int:
    """Mirror what a pay-out took, and answer the booking; the caller writes down why, in the same transaction.

    `what` is withdrawn, refused or returned; a returned one keeps its fee, for the transfer was made.
    """
    assert payout.booking_id is not None
    paper = voucher(KIND, f"{payout.id}:{what}", day=day_in(at, company().zone), text=payout.masked, by=actor.person)
    facts: dict[str, Any] = {"voucher": paper, "at": at, "actor": actor}
    first = one("SELECT id FROM booking WHERE reverses = ?", payout.booking_id)
    if first is None:
        back = reverse(payout.booking_id, key=f"payout:{payout.id}:back", **facts).id
    else:
        # It came back once before, and by mistake: what took it out again is mirrored.
        back, last = int(first[0]), one(AGAIN, origin_of(payout), f"payout:{payout.id}:again:%")
        reverse(last[0], key=f"payout:{payout.id}:back:{last[0]}", **facts)
    if with_fee and payout.fee_booking_id is not None:
        reverse(payout.fee_booking_id, key=f"payout:{payout.id}:fee back", **facts)
    return back


def origin_of(payout: Payout) -> int:
    """The account that a pay-out's money came from: its partner's wallet, or the sales, for a customer."""
    assert payout.person_id or payout.cause
    return account_of(payout.person_id, payout.currency) if payout.person_id else company_account("purchases", payout.currency)


DONE = "SELECT p.id FROM payout p JOIN intent i ON i.id = p.intent_id WHERE i.nonce = ?"
MAKE = (
    "INSERT INTO payout (person_id, payee_id, holder, kind, number, bic, amount, fee, currency, asked_at, day, intent_id, rule_id,"
    " text, held_reason, return_reason, refuse_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '')"
)
BOOKED = "UPDATE payout SET text = ?, booking = ?, fee_booking = ? WHERE id = ?"
WITHDRAWN = "UPDATE payout SET withdrawn_at = ?, ended_booking = ? WHERE id = ?"
AGAIN = (
    "SELECT b.id FROM booking b WHERE b.debit_id = ? AND b.motive = 'recall' AND b.key LIKE ? AND b.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM booking r WHERE r.reverses = b.id) ORDER BY b.id DESC LIMIT 1"
)
