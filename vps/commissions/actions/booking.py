"""An approved run is booked: in chunks, between which others pay, and seen by everybody at the same moment.

What a worker was killed in goes on where it was: the place up to which it is booked is written with the bookings themselves.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from vps.commissions.actions.claiming import Lost, touch
from vps.commissions.actions.notes import queue_for
from vps.commissions.actions.runs import MANUAL
from vps.commissions.models import Run
from vps.commissions.models.inputs import changed_orders
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import day_in, micros, midnight
from vps.kernel.database import action, let_pass, locked, many, one, rows, run, unsynced, until_waited
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import Credit, Held, OpenBulk, close_bulk, credit_bulk, open_bulk, record, voucher
from vps.wallets.actions import accounts_for
from vps.wallets.models import MAIN

PAPER = "commission run"
"""The kind of voucher."""
AT_ONCE = 300
"""Shares of one transaction, where nobody waits."""
PIECE = 25
"""Shares that are written together: a few milliseconds for whoever pays meanwhile, on a slow machine, too."""
TURNED_AT_ONCE = 500
"""Orders of one transaction."""
AT_A_TIME = 200
"""Up to so many partners and orders a run is booked in one transaction."""
PAYEE = attrgetter("payee")


class OrdersChanged(Refused):
    """Facts: numbers."""

    says = N_("Orders have changed since this run was calculated: %(numbers)s. Nothing was booked; calculate it again.")
    status = 409


class NotProven(Refused):
    """Facts: id."""

    says = N_("The bookings of run %(id)s do not come to its lines. Nobody sees them; please call for help.")
    status = 500


class Part(NamedTuple):
    """One share that is to be booked."""

    payee: int
    kind: str
    currency: str
    amount: int
    free: str
    account: int | None
    """None: he has no such wallet yet."""
    left: bool
    """He has left."""
    held: bool
    """A commission hold keeps it back."""


class Piece(NamedTuple):
    """Shares that are written together: of the partners behind `after` up to `upto`. Those who have left get nothing."""

    after: int
    upto: int
    shares: int
    credits: list[Credit]
    left: set[int]


def book_run(key: int, mine: str, *, now: Callable[[], datetime]) -> None:
    """Book an approved run that this worker has claimed. Raises Lost, OrdersChanged, BeingBooked."""
    this: Run = Run.get_by_id(key)
    if this.partners <= AT_A_TIME and this.orders <= AT_A_TIME and this.booking_at is None and one(COUNT, key)[0] < AT_ONCE:
        _book_whole(this, mine, now())
        return
    bulk = _begin(key, mine, at=now())
    if one("SELECT 1 FROM commission_run WHERE id = ? AND upto = 0 AND turned = 0", key):
        # Asked outside of any transaction, after the bulk was opened: from then on no order can change.
        _must_be_as_calculated(key, mine, bulk, at=now())
    with unsynced():  # until the bulk is closed, nobody has seen any of it
        for _ in _transactions(this, mine, bulk, now, piece=PIECE):
            let_pass()
    _must_be_proven(key)
    _end(key, mine, bulk, at=now())


def booking_key(this: Run, payee: int, kind: str, currency: str) -> str:
    """The booking's key of one share: natural, so that nobody is credited twice."""
    more = f":{kind}" if (kind, currency) != (MAIN, this.currency) else ""
    return f"run:{this.id}:partner:{payee}{more}" + (f":{currency}" if currency != this.currency else "")


@action
def _book_whole(this: Run, mine: str, at: datetime) -> None:
    bulk = _begin(this.id, mine, at=at)
    changed = changed_orders(this.id)
    if changed:
        raise OrdersChanged(numbers=", ".join(map(order_number, changed)))
    # As one piece: its accounts are locked in the order in which every payment locks them, too.
    for _ in _transactions(this, mine, bulk, lambda: at, piece=AT_ONCE):
        pass
    _must_be_proven(this.id)
    _end(this.id, mine, bulk, at=at)


@action
def _begin(key: int, mine: str, *, at: datetime) -> OpenBulk:
    touch(key, mine, at=at, done=0)
    this: Run = Run.get_by_id(key)
    day = this.last_day or day_in(at, company().zone)
    paper = voucher(PAPER, _ref(this), day=day, text=_said(this), by=this.approved_by)
    bulk = open_bulk(paper, at=at)
    run("UPDATE commission_run SET booking_at = ? WHERE id = ? AND booking_at IS NULL", micros(at), key)
    return bulk


def _ref(this: Run) -> str:
    # An attempt that was set back has closed its bulk, and a bulk has one voucher: the next attempt gets another.
    return str(this.id) if this.attempt == 1 else f"{this.id}.{this.attempt}"


def _said(this: Run) -> str:
    return f"{this.since} – {this.last_day}" if this.since and this.last_day else this.reason


def _must_be_as_calculated(key: int, mine: str, bulk: OpenBulk, *, at: datetime) -> None:
    changed = changed_orders(key)
    if changed:
        _take_back(key, mine, bulk, at=at)
        raise OrdersChanged(numbers=", ".join(map(order_number, changed)))


@action
def _take_back(key: int, mine: str, bulk: OpenBulk, *, at: datetime) -> None:
    # Nothing was booked yet, unless another one went on with it meanwhile. The next attempt gets a bulk of its own: this one is closed.
    touch(key, mine, at=at, done=0)
    run(SET_BACK, key)
    close_bulk(bulk, at=at)


def _transactions(this: Run, mine: str, bulk: OpenBulk, now: Callable[[], datetime], *, piece: int) -> Iterator[None]:
    """Everything that is written, one transaction after another, in pieces of so many shares."""
    while pieces := _next_pieces(this, bulk, now(), piece):
        while pieces:
            pieces = pieces[_write(this, mine, bulk, pieces, now()) :]
            yield
    while _turn_chunk(this, mine, bulk, now()):
        yield


def _next_pieces(this: Run, bulk: OpenBulk, at: datetime, piece: int) -> list[Piece]:
    # Everything that can be is made ready before the transaction: whoever pays waits for the writing alone. While the bulk is open
    # nobody closes an account or a wallet, and nobody is stopped or held back.
    after = one("SELECT upto FROM commission_run WHERE id = ?", this.id)[0]
    found, some = [], list[Part]()
    for payee, parts in groupby(_next(this, after, AT_ONCE), PAYEE):
        some += parts
        if len(some) >= piece:
            found.append(_ready(this, some, bulk, after, at))
            after, some = payee, []
    return [*found, _ready(this, some, bulk, after, at)] if some else found


def _next(this: Run, after: int, most: int) -> list[Part]:
    """The next shares, of every partner all of them."""
    parts = [Part(*row) for row in rows(PARTS, this.id, after, most)]
    if len(parts) < most:
        return parts
    # The last one's other shares may stand behind: he waits for the next chunk, and alone he gets a larger one.
    whole = [part for part in parts if part.payee != parts[-1].payee]
    return whole or _next(this, after, 2 * most)


def _ready(this: Run, parts: list[Part], bulk: OpenBulk, after: int, at: datetime) -> Piece:
    zone, opened_at = company().zone, micros(bulk.opened_at)
    without = [part[:3] for part in parts if part.account is None and not part.left]
    new = accounts_for(without, at=at) if without else {}
    booked = [part for part in parts if not part.left]
    credits = [_credit(this, part, part.account or new[part[:3]], zone, opened_at) for part in booked]
    return Piece(after, parts[-1].payee, len(parts), credits, {part.payee for part in parts if part.left})


@action
def _write(this: Run, mine: str, bulk: OpenBulk, pieces: list[Piece], at: datetime) -> int:
    """Write the first ones, until somebody waits; answers how many."""
    upto, done = one(locked("SELECT upto, done FROM commission_run WHERE id = ?"), this.id)
    if upto != pieces[0].after:
        raise Lost
    source = {"source": "commission", "motive": "commission", "at": at, "actor": Actor(this.approved_by)}
    source["day"] = day_in(at, company().zone)
    written = until_waited(partial(_write_piece, this.id, bulk, source), pieces)
    touch(this.id, mine, at=at, done=done + sum(piece.shares for piece in pieces[:written]))
    run("UPDATE commission_run SET upto = ? WHERE id = ?", pieces[written - 1].upto, this.id)
    return written


def _write_piece(key: int, bulk: OpenBulk, source: dict[str, Any], piece: Piece) -> None:
    first = {credit.account: credit for credit in reversed(piece.credits)}
    credit_bulk(bulk, list(first.values()), **source)
    # Where a kind of wallet has ended meanwhile, the main one gets both.
    for more in (credit for credit in piece.credits if first[credit.account] is not credit):
        credit_bulk(bulk, [more], **source)
    many("UPDATE commission_share SET held = 'closed' WHERE run_id = ? AND payee = ?", [(key, payee) for payee in sorted(piece.left)])


def _credit(this: Run, part: Part, account: int, zone: str, opened_at: int) -> Credit:
    key = booking_key(this, part.payee, part.kind, part.currency)
    if part.held:
        return Credit(account, part.amount, part.currency, key, (Held(part.amount, None, "commission hold", f"{key}:hold"),))
    parts = []
    for each in part.free.split():
        day, minor = each.split(":")
        until = _ends(day, zone)
        if until > opened_at:
            parts.append(Held(int(minor), until, "withdrawal", f"{key}:{day}"))
    return Credit(account, part.amount, part.currency, key, tuple(parts))


@cache
def _ends(day: str, zone: str) -> int:
    return micros(midnight(date.fromisoformat(day), zone))


@action
def _turn_chunk(this: Run, mine: str, bulk: OpenBulk, at: datetime) -> bool:
    if this.kind == MANUAL:
        return False
    turned, done = one(locked("SELECT turned, done FROM commission_run WHERE id = ?"), this.id)
    last, count = one(NEXT, this.id, turned, TURNED_AT_ONCE)
    if not count:
        return False
    touch(this.id, mine, at=at, done=done + count)
    run(TURN, micros(bulk.opened_at), this.id, turned, last)
    run("UPDATE commission_run SET turned = ? WHERE id = ?", last, this.id)
    return True


def _must_be_proven(key: int) -> None:
    """Lines, shares and bookings come to the same, and every order was turned, before anybody sees it."""
    this = Run.get_by_id(key)
    shares, lines, held = one(SHARES, key)
    booked = one(BOOKED, PAPER, _ref(this))
    summed = one(LINES, key) if this.kind != MANUAL else (lines, shares)
    green = one(STILL_GREEN, key)[0]
    if (summed[0], summed[1]) != (lines, shares) or booked[0] != shares - held or green:
        raise NotProven(id=key)


@action
def _end(key: int, mine: str, bulk: OpenBulk, *, at: datetime) -> None:
    done = one("SELECT done FROM commission_run WHERE id = ?", key)[0]
    touch(key, mine, at=at, done=done)
    close_bulk(bulk, at=at)
    this = Run.get_by_id(key)
    run("UPDATE commission_run SET booked_at = ?, claim = '', touched_at = NULL WHERE id = ?", micros(at), key)
    record(HOUSE, "run booked", f"run:{key}", at=at, after=str(Money(this.total, this.currency)))
    queue_for(key, at=at)


COUNT = "SELECT count(*) FROM commission_share WHERE run_id = ?"
SET_BACK = "UPDATE commission_run SET booking_at = NULL, approved_at = NULL, approved_by = NULL, attempt = attempt + 1 WHERE id = ?"
PARTS = (
    "SELECT s.payee, s.kind, s.currency, s.amount, s.free, w.account_id, p.closed_at IS NOT NULL,"
    " EXISTS (SELECT 1 FROM commission_mark m WHERE m.person_id = s.payee AND m.kind = 'hold' AND m.ended_at IS NULL)"
    " FROM commission_share s JOIN person p ON p.id = s.payee LEFT JOIN wallet w ON w.person_id = s.payee AND w.kind = s.kind"
    " AND w.currency = s.currency AND w.closed_at IS NULL WHERE s.run_id = ? AND s.payee > ? ORDER BY s.payee, s.kind, s.currency LIMIT ?"
)
NEXT = (
    "SELECT max(order_id), count(*) FROM (SELECT order_id FROM commission_run_order WHERE run_id = ? AND order_id > ?"
    " ORDER BY order_id LIMIT ?) AS next"
)
TURN = (
    "UPDATE orders SET provisioned_at = ? WHERE provisioned_at IS NULL AND id IN"
    " (SELECT order_id FROM commission_run_order WHERE run_id = ? AND order_id > ? AND order_id <= ?)"
)
SHARES = (
    "SELECT CAST(coalesce(sum(amount), 0) AS bigint), CAST(coalesce(sum(lines), 0) AS bigint),"
    " CAST(coalesce(sum(CASE WHEN held = '' THEN 0 ELSE amount END), 0) AS bigint) FROM commission_share WHERE run_id = ?"
)
BOOKED = (
    "SELECT CAST(coalesce(sum(b.amount), 0) AS bigint) FROM bulk u JOIN voucher v ON v.id = u.voucher_id"
    " JOIN booking b ON b.id > u.after AND b.voucher_id = v.id WHERE v.kind = ? AND v.ref = ?"
)
LINES = "SELECT count(*), CAST(coalesce(sum(amount), 0) AS bigint) FROM commission_line WHERE run_id = ?"
STILL_GREEN = (
    "SELECT count(*) FROM commission_run_order t JOIN orders o ON o.id = t.order_id WHERE t.run_id = ? AND o.provisioned_at IS NULL"
)
