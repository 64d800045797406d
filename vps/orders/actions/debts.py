"""Debts: money that the bank took back after it had counted. They are paid by the partner's wallet or a later transfer, or written off."""

from collections.abc import Sequence
from datetime import datetime

from vps.bank.actions import Found, Kind, Seen, Taking, Undoing, among, join
from vps.company.models import company
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.numbers import find_domestic, find_order_references, order_id, order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import Booked, book, company_account, record, reverse, voucher
from vps.wallets.actions import NoReason, account_of, tell_taken

NAME = "debt"
PAPER = "order debt"
"""The kind of voucher."""
REFERENCE = N_("The reference of order %(number)s stands in it, and the order's debt is of this amount.")
OTHER_AMOUNT = N_("The reference of order %(number)s stands in it; the order's debt is %(owed)s.")


class NotOwed(Refused):
    """Facts: number."""

    says = N_("The debt of order %(number)s was settled or written off already.")
    status = 409


class OtherDebt(Refused):
    """Facts: number, owed (Money)."""

    says = N_("The debt of order %(number)s is %(owed)s. Only exactly that can be booked for it.")
    field = "amount"


@action
def open_debt(undoing: Undoing) -> Booked:
    """What the bank took back of a final payment is owed from now on; the order keeps its colour."""
    order, currency = undoing.target, undoing.amount.currency
    booked = book(
        key=undoing.key,
        voucher=undoing.voucher,
        motive="recall",
        debit=company_account("debts", currency),
        credit=company_account("clarify", currency),
        amount=undoing.amount,
        at=undoing.at,
        actor=undoing.actor,
    )
    payment = one("SELECT id FROM order_payment WHERE booking = ? AND recalled_at IS NULL", undoing.booking)[0]
    insert(OWE, order, payment, undoing.claim, undoing.amount.minor, currency, micros(undoing.at), undoing.reason, booked.id)
    said = f"{undoing.amount} {undoing.reason}".strip()
    record(undoing.actor, "debt opened", f"order:{order_number(order)}", at=undoing.at, after=said)
    return booked


@action
def settle_from_wallet(debt: int, *, authorisation: ByStaff, at: datetime) -> Booked:
    """The partner's wallet pays it. Raises NotFound, NotOwed, NoWallet, NotEnoughCredit."""
    order, person, amount = _owed(debt)
    facts = {"motive": "recall", "debit": account_of(person, amount.currency), "credit": company_account("debts", amount.currency)}
    booked = _end(debt, order, amount, facts, authorisation, at)
    run("UPDATE order_debt SET settled_at = ?, ended = ? WHERE id = ?", micros(at), booked.id, debt)
    record(authorisation.actor, "debt settled", f"order:{order_number(order)}", at=at, after=str(amount))
    tell_taken(person, booked, amount, motive="recall", at=at)
    return booked


@action
def write_off(debt: int, *, note: str, authorisation: ByStaff, at: datetime) -> Booked:
    """Nobody will pay it: it lessens what was sold. Raises NotFound, NotOwed, NoReason."""
    why = clean_text(note, most=200)
    if not why:
        raise NoReason
    order, _, amount = _owed(debt)
    debit, credit = (company_account(kind, amount.currency) for kind in ("purchases", "debts"))
    booked = _end(debt, order, amount, {"motive": "write-off", "debit": debit, "credit": credit}, authorisation, at)
    run(WRITE_OFF, micros(at), authorisation.actor.person, why, booked.id, debt)
    record(authorisation.actor, "debt written off", f"order:{order_number(order)}", at=at, before=str(amount), after=why)
    return booked


def find(lines: Sequence[Seen]) -> list[list[Found]]:
    """Sure: the reference of an order with an open debt, and exactly its amount."""
    if not one(ANY_OPEN):  # nearly always; then no text need be read
        return [[] for _ in lines]
    named = [_numbers(line) if line.amount.is_positive else [] for line in lines]
    owed = {row[0]: row[1:] for row in among(OPEN_OF, {order_id(number) for numbers in named for number in numbers})}
    return [
        [_found(line, number, *owed[key]) for number in numbers if (key := order_id(number)) in owed]
        for line, numbers in zip(lines, named, strict=True)
    ]


def take(taking: Taking) -> Booked:
    """It pays the debt. Raises NotFound, NotOwed, OtherDebt."""
    order, _, amount = _owed(taking.target)
    if amount != taking.amount:
        raise OtherDebt(number=order_number(order), owed=amount)
    booked = book(
        key=taking.key,
        voucher=taking.voucher,
        motive="recall",
        debit=taking.clarify,
        credit=company_account("debts", amount.currency),
        amount=amount,
        at=taking.at,
        actor=taking.actor,
        value_date=taking.seen.valued,
    )
    run("UPDATE order_debt SET settled_at = ?, ended = ? WHERE id = ?", micros(taking.at), booked.id, taking.target)
    record(taking.actor, "debt settled", f"order:{order_number(order)}", at=taking.at, after=str(amount))
    return booked


def undo(undoing: Undoing) -> Booked:
    """It is owed again."""
    booked = reverse(undoing.booking, key=undoing.key, voucher=undoing.voucher, at=undoing.at, actor=undoing.actor)
    order = one("UPDATE order_debt SET settled_at = NULL, ended = NULL WHERE id = ? RETURNING order_id", undoing.target)[0]
    said = f"{undoing.amount} {undoing.reason}".strip()
    record(undoing.actor, "debt opened", f"order:{order_number(order)}", at=undoing.at, after=said)
    return booked


def _owed(debt: int) -> tuple[int, int, Money]:
    """(order, its partner, amount) of an open debt; of two who end it at once the second one waits here, and is told."""
    row = one(locked("SELECT order_id, amount, currency, ended FROM order_debt WHERE id = ?"), debt)
    if row is None:
        raise NotFound
    order, minor, currency, ended = row
    if ended is not None:
        raise NotOwed(number=order_number(order))
    return order, one("SELECT partner_id FROM orders WHERE id = ?", order)[0], Money(minor, currency)


def _end(debt: int, order: int, amount: Money, facts: dict[str, object], authorisation: ByStaff, at: datetime) -> Booked:
    today = day_in(at, company().zone)
    paper = voucher(PAPER, f"{order_number(order)}:{debt}", day=today, by=authorisation.actor.person)
    key = f"debt:{debt}:{facts['motive']}"
    return book(key=key, voucher=paper, amount=amount, at=at, actor=authorisation.actor, value_date=today, **facts)  # type: ignore[arg-type]


def _numbers(line: Seen) -> list[str]:
    found = [number for text in (*line.references, line.text) for number in find_order_references(text)]
    return list(dict.fromkeys([*find_domestic("\n".join(line.references))[1], *found]))


def _found(line: Seen, number: str, debt: int, minor: int, currency: str) -> Found:
    owed = Money(minor, currency)
    sure = owed == line.amount
    return Found(NAME, debt, line.amount, number, sure, REFERENCE if sure else OTHER_AMOUNT, {"number": number, "owed": owed})


OWE = (
    "INSERT INTO order_debt (order_id, payment_id, claim_id, amount, currency, opened_at, reason, booking, note)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')"
)
WRITE_OFF = "UPDATE order_debt SET written_off_at = ?, written_off_by = ?, note = ?, ended = ? WHERE id = ?"
ANY_OPEN = "SELECT 1 FROM order_debt WHERE settled_at IS NULL AND written_off_at IS NULL LIMIT 1"
OPEN_OF = "SELECT order_id, id, amount, currency FROM order_debt WHERE settled_at IS NULL AND written_off_at IS NULL AND order_id IN ({})"

join(Kind(NAME, find, take, undo, once=True))
