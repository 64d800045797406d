"""A refund that somebody wants: a partner for his customer, which the office decides; or a colleague, where it takes a second one."""

from datetime import datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import Again, action, locked, one, run
from vps.kernel.numbers import order_number
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.orders.actions.refunding import Wanted, cleaned, must_be_possible, plan_refund
from vps.orders.actions.refunds import refund_order
from vps.orders.actions.telling import DECLINED, tell_partner
from vps.orders.models.refunds import RefundWish, goods_of, written_goods
from vps.wallets.actions import Decided, NoReason, must_be_nobody_of, must_be_second


class AskedAlready(Refused):
    """Facts: number."""

    says = N_("A refund of order %(number)s is asked for already. It waits for the office.")
    status = 409


class Asked(NamedTuple):
    """What became of it: a refund, or a wish that waits for a second colleague."""

    refund: int | None
    wish: int | None


@action
def wish_refund(key: str, order: int, wanted: Wanted, *, partner: int, actor: Actor, at: datetime) -> int:
    """A partner asks for a refund of his own order and says why; answers the wish's id, and the same key finds the first one's.

    Raises NotFound, AskedAlready, NoReason, and what `must_be_possible` raises.
    """
    known = one("SELECT id FROM refund_wish WHERE key = ?", key)
    if known:
        return int(known[0])
    if must_be_possible(order, wanted).partner != partner:
        raise NotFound
    wish = _write(key, order, cleaned(wanted)._replace(way="", holder="", account="", bic=""), actor, at)
    record(actor, "refund wanted", f"order:{order_number(order)}", at=at, after=f"{wanted.amount} {wanted.reason}")
    return wish


@action
def ask_refund(key: str, order: int, wanted: Wanted, *, authorisation: ByStaff, at: datetime) -> Asked:
    """Refund an order, or ask a colleague to where the amount takes two. The same key again finds what the first made.

    Raises AskedAlready, and what `refund_order` raises.
    """
    known = one("SELECT id, refund_id FROM refund_wish WHERE key = ?", key)
    if known:
        return Asked(known[1], known[0])
    if one("SELECT 1 FROM order_refund WHERE key = ?", key) or not plan_refund(order, wanted, actor=authorisation.actor, at=at).second:
        return Asked(refund_order(key, order, wanted, authorisation=authorisation, at=at), None)
    wish = _write(key, order, cleaned(wanted), authorisation.actor, at)
    record(authorisation.actor, "refund asked", f"order:{order_number(order)}", at=at, after=f"{wanted.amount} {wanted.reason}")
    return Asked(None, wish)


@action
def approve_refund(wish: int, *, authorisation: ByStaff, at: datetime) -> int:
    """Book what a colleague asked for, and answer the refund's id. Raises NotFound, Decided, TakesAnother, and what stands in its way now."""
    row, actor = _waiting(wish), authorisation.actor
    if not row.by_office:
        raise NotFound
    must_be_second(actor, row.asked_by)
    refund = refund_order(f"wish:{wish}", row.order_id, wanted_by(row), authorisation=authorisation, at=at)
    run(DECIDE, micros(at), actor.person, "", refund, wish)
    record(actor, "refund approved", f"order:{order_number(row.order_id)}", at=at, after=str(row.money))
    return refund


@action
def refuse_refund(wish: int, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Say no, and why; the partner who asked is told. A colleague may withdraw what he asked for himself without a word.

    Raises NotFound, Decided, NoReason, NotYourOwn.
    """
    row, why = _waiting(wish), clean_text(reason, most=200)
    own = actor.person == row.asked_by and row.by_office
    if not why and not own:
        raise NoReason
    must_be_nobody_of(actor, one("SELECT partner_id FROM orders WHERE id = ?", row.order_id)[0])
    run(DECIDE, micros(at), actor.person, why, None, wish)
    record(actor, "refund withdrawn" if own else "refund refused", f"order:{order_number(row.order_id)}", at=at, after=why)
    if not row.by_office:
        tell_partner(row.order_id, DECLINED, row.money, at=at, reason=why)


def wanted_by(row: RefundWish) -> Wanted:
    """What was asked for."""
    return Wanted(row.money, row.reason, row.way, goods_of(row.goods), row.holder, row.account, row.bic)


def _waiting(wish: int) -> RefundWish:
    if not one(locked("SELECT id FROM refund_wish WHERE id = ?"), wish):
        raise NotFound
    row: RefundWish = RefundWish.get_by_id(wish)
    if row.decided_at is not None:
        raise Decided
    return row


def _write(key: str, order: int, wanted: Wanted, actor: Actor, at: datetime) -> int:
    facts = order, wanted.way, wanted.amount.minor, wanted.amount.currency, written_goods(wanted.goods), wanted.reason
    made = one(WISH, key, *facts, wanted.holder, wanted.account, wanted.bic, actor.person, micros(at))
    if made:
        return int(made[0])
    if one("SELECT 1 FROM refund_wish WHERE key = ?", key):
        raise Again
    raise AskedAlready(number=order_number(order))


WISH = (
    "INSERT INTO refund_wish (key, order_id, way, amount, currency, goods, reason, holder, account, bic, asked_by, asked_at, refused_why)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT DO NOTHING RETURNING id"
)
DECIDE = "UPDATE refund_wish SET decided_at = ?, decided_by = ?, refused_why = ?, refund_id = ? WHERE id = ?"
