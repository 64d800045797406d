"""Booking: the only code that moves money. Constant SQL, because this is what every payment waits for."""

from datetime import date, datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import Again, Statements, action, database, on_configure, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions.holds import release_expired
from vps.ledger.actions.usage import count_movement
from vps.ledger.models.rows import COMPANY_KINDS, MOST
from vps.ledger.models.seals import digest


class NotEnoughCredit(Refused):
    """The floor, less what is reserved, would be crossed. Facts: available, missing (both Money)."""

    says = N_("There is not enough credit: %(available)s is available, %(missing)s is missing. Nothing was booked.")


class Unlike(Refused):
    """A key that was booked before came back with another amount or other accounts."""

    says = N_("This was booked before with other details. Nothing was booked.")
    status = 409


class AlreadyReversed(Refused):
    says = N_("This booking has already been reversed.")
    status = 409


class Booked(NamedTuple):
    """What `book` answers: the booking's id, the balances after it (None for company accounts), and whether it was there before."""

    id: int
    debit_after: int | None
    credit_after: int | None
    again: bool


class Known(NamedTuple):
    """What never changes about an account, remembered per process."""

    currency: str
    keeps_balance: bool


class _Accounts(dict[int, Known]):
    """Each account by its id, read once; KeyError for an account that does not exist."""

    def __missing__(self, account: int) -> Known:
        row = one("SELECT currency, floor FROM account WHERE id = ?", account)
        if row is None:
            raise KeyError(account)
        found = self[account] = Known(row[0], row[1] is not None)
        return found


known = _Accounts()
_company: dict[tuple[str, str], int] = {}
on_configure(known.clear)
on_configure(_company.clear)


@action
def open_account(*, code: str, kind: str, currency: str, at: datetime, floor: int | None = None) -> int:
    """The id of the account with this code, opened now if it is new. A floor in minor units makes it keep a running balance."""
    found = one("SELECT id FROM account WHERE code = ?", code)
    if not found:
        found = one(
            "INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) VALUES (?, ?, ?, ?, 0, 0, 0, ?)"
            " ON CONFLICT (code) DO NOTHING RETURNING id",
            *(code, kind, currency, floor, micros(at)),
        )
    if not found:
        raise Again
    return int(found[0])


def company_account(kind: str, currency: str) -> int:
    """The id of one of the company's own accounts (bank, purchases, clarify, opening …) in a currency. `set_up` opened it."""
    assert kind in COMPANY_KINDS
    account = _company.get((kind, currency))
    if account is None:
        found = one("SELECT id FROM account WHERE code = ?", f"{kind}:{currency}")
        if not found:
            raise NoSuchCurrency(currency=currency)
        account = _company[kind, currency] = int(found[0])
    return account


class NoSuchCurrency(Refused):
    says = N_("The company keeps no books in %(currency)s.")


@action
def set_up(*, currency: str, at: datetime) -> None:
    """Open the company's accounts in a currency. Doing it twice changes nothing."""
    for kind in COMPANY_KINDS:
        open_account(code=f"{kind}:{currency}", kind=kind, currency=currency, at=at)


@action
def voucher(kind: str, ref: str, *, day: date, text: str = "", by: int | None = None) -> int:
    """The id of the document `kind` `ref`, written down now if it is new."""
    made = one(
        'INSERT INTO voucher (kind, ref, day, text, "by") VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, ref) DO NOTHING RETURNING id',
        *(kind, ref, day.isoformat(), text, by),
    )
    found = made or one("SELECT id FROM voucher WHERE kind = ? AND ref = ?", kind, ref)
    if not found:
        raise Again
    return int(found[0])


@action
def book(
    *,
    key: str,
    voucher: int,
    motive: str,
    debit: int,
    credit: int,
    amount: Money,
    at: datetime,
    actor: Actor,
    value_date: date | None = None,
    reverses: int | None = None,
    as_debt: bool = False,
) -> Booked:
    """Move `amount` from debit to credit, once per `key`, or refuse and move nothing.

    `as_debt` lets the debit fall below its floor; the shortfall is written down as the account's debt. Without a `value_date` it is the
    day of the voucher: the moment tells no day, for the books know no zone.
    Source: DESIGN, the ledger. Raises NotEnoughCredit, Unlike.
    """
    assert 0 < amount.minor <= MOST and "\n" not in key
    payer, payee = known[debit], known[credit]
    assert payer.currency == payee.currency == amount.currency

    engine = database.obj
    run = engine.statements()
    try:
        # Accounts are locked in the order of their ids, so that two movements between the same two never wait for each other in a ring.
        if payer.keeps_balance and debit < credit:
            _take(run, debit, amount, key, as_debt, at)
        if payee.keeps_balance:
            _give(run, credit, amount, key)
        if payer.keeps_balance and debit > credit:
            _take(run, debit, amount, key, as_debt, at)
        if not payer.keeps_balance and not payee.keeps_balance and run(BOOKED, (key,)).fetchone():
            raise _BookedBefore
    except _BookedBefore:
        return _find(key, debit, credit, amount)
    when, valued = micros(at), value_date.isoformat() if value_date else one("SELECT day FROM voucher WHERE id = ?", voucher)[0]
    debit_after = credit_after = None
    # A reversal takes the movement off the running sum it was added to, so its two sides change places there.
    back = reverses is not None
    if payer.keeps_balance:
        debit_after = count_movement(run, debit, f"{'in' if back else 'out'}:{motive}", amount, when, back)
    if payee.keeps_balance:
        credit_after = count_movement(run, credit, f"{'out' if back else 'in'}:{motive}", amount, when, back)
    facts = (
        key,
        voucher,
        motive,
        debit,
        credit,
        amount.minor,
        amount.currency,
        when,
        valued,
        actor.person,
        debit_after,
        credit_after,
        reverses,
    )
    return Booked(engine.insert(INSERT, (*facts, digest(*facts))), debit_after, credit_after, False)


@action
def reverse(booking: int, *, key: str, voucher: int, at: datetime, actor: Actor, as_debt: bool = False) -> Booked:
    """Mirror a whole booking, once. With `as_debt` a wallet that already spent the money falls below its floor, visibly.

    Source: DESIGN, "a mistake gets a reversing booking". Raises AlreadyReversed, NotEnoughCredit.
    """
    motive, debit, credit, minor, currency, mirrors = one(WHOLE, booking)
    assert mirrors is None, "a reversal is set right by a new booking, not by another reversal"
    earlier = one("SELECT key FROM booking WHERE reverses = ?", booking)
    if earlier and earlier[0] != key:
        raise AlreadyReversed
    return book(
        key=key,
        voucher=voucher,
        motive=motive,
        debit=credit,
        credit=debit,
        amount=Money(minor, currency),
        at=at,
        actor=actor,
        reverses=booking,
        as_debt=as_debt,
    )


WHOLE = "SELECT motive, debit_id, credit_id, amount, currency, reverses FROM booking WHERE id = ?"
INSERT = (
    "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor,"
    " debit_after, credit_after, reverses, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class _BookedBefore(Exception):  # noqa: N818 - not an error: the answer is there already
    """Nothing was moved, because the key has been booked."""


def _find(key: str, debit: int, credit: int, amount: Money) -> Booked:
    row = one("SELECT id, debit_after, credit_after, debit_id, credit_id, amount, currency FROM booking WHERE key = ?", key)
    if row[3:] != (debit, credit, amount.minor, amount.currency):
        raise Unlike
    return Booked(row[0], row[1], row[2], True)


def _take(run: Statements, account: int, amount: Money, key: str, as_debt: bool, at: datetime) -> None:
    minor = amount.minor
    taken = run(TAKE_AS_DEBT, (minor, minor, minor, account, key)) if as_debt else run(TAKE, (minor, account, minor, key))
    if not taken.rowcount:
        if run(BOOKED, (key,)).fetchone():
            raise _BookedBefore
        if not release_expired(account, micros(at)) or not run(TAKE, (minor, account, minor, key)).rowcount:
            raise _no_credit(account, amount)


def _no_credit(account: int, amount: Money) -> Again | NotEnoughCredit:
    balance, reserved, floor = one("SELECT balance, reserved, floor FROM account WHERE id = ?", account)
    free = balance - reserved - floor
    if free >= amount.minor:
        return Again()  # somebody's credit came in between the two statements
    return NotEnoughCredit(available=Money(max(0, free), amount.currency), missing=Money(amount.minor - free, amount.currency))


def _give(run: Statements, account: int, amount: Money, key: str) -> None:
    minor = amount.minor
    if not run(GIVE, (minor, minor, minor, minor, account, key)).rowcount:
        raise _BookedBefore


BOOKED = "SELECT 1 FROM booking WHERE key = ?"
# The floor and the key are tested inside the UPDATE: two payments at once cannot both pass the one, and what is sent again moves
# nothing.
NEW = f"AND NOT EXISTS ({BOOKED})"
TAKE = f"UPDATE account SET balance = balance - ? WHERE id = ? AND balance - reserved - ? >= floor {NEW}"
TAKE_AS_DEBT = (
    "UPDATE account SET balance = balance - ?,"
    " debt = CASE WHEN floor - (balance - ? - reserved) > debt THEN floor - (balance - ? - reserved) ELSE debt END"
    f" WHERE id = ? {NEW}"
)
GIVE = (
    "UPDATE account SET balance = balance + ?,"
    " debt = CASE WHEN floor - (balance + ? - reserved) <= 0 THEN 0"
    " WHEN floor - (balance + ? - reserved) < debt THEN floor - (balance + ? - reserved) ELSE debt END"
    f" WHERE id = ? {NEW}"
)
