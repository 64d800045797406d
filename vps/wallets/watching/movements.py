"""The one entry, and the rules about a single wallet: just below a limit, unusual, passed through, long asleep, without purchases, refunded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median_low

from vps.company.models import company
from vps.company.models.rates import estimate
from vps.kernel.clock import day_in, instant
from vps.kernel.database import one, rows
from vps.kernel.money import Money, digits
from vps.ledger.actions import Booked
from vps.trust.actions.flags import raise_flag
from vps.trust.models import rules_of, trusted
from vps.wallets.watching.circles import watch_circle, watch_receivers, watch_senders
from vps.wallets.watching.seen import (
    DAY,
    HOUR,
    WATCH,
    Limits,
    Line,
    Moved,
    Step,
    last_movement,
    lines_out,
    received,
    sent,
    top_ups,
    turnover,
)
from vps.wallets.watching.sharing import watch_sharing

LEAVES = ("transfer", "pay-out")
"""Motives with which money leaves for somebody's own use; what is bought here stays in the trade."""


def watch_movement(movement: Moved, limits: Limits | None = None) -> None:
    """Look at what was just booked, at the end of its transaction, once for each partner whose wallet it moved.

    Runs only the rules that can apply to this motive and direction; refuses nothing and tells nobody but the office. `limits` None:
    those of his trust level.
    """
    if movement.incoming:
        _came(movement, limits)
    else:
        _went(movement, limits)


def watch_outflow(person: int, account: int, booked: Booked, amount: Money, *, motive: str, at: datetime) -> None:
    """The same for what just left a wallet, from the booking's own answer; what was booked before is not looked at again."""
    if not booked.again:
        assert booked.debit_after is not None, "a wallet keeps a balance"
        watch_movement(Moved(person, account, booked.id, motive, False, amount, at, booked.debit_after + amount.minor))


def watch_inflow(person: int, account: int, booked: Booked, amount: Money, *, motive: str, at: datetime) -> None:
    """The same for what just came into a wallet."""
    if not booked.again:
        assert booked.credit_after is not None, "a wallet keeps a balance"
        watch_movement(Moved(person, account, booked.id, motive, True, amount, at, booked.credit_after - amount.minor))


def _came(movement: Moved, limits: Limits | None) -> None:
    if movement.motive == "transfer":
        steps = received(movement.account, movement.booking_id, WATCH.fan_looks)
        _near_a_limit(movement, "received", (Line(each.id, "transfer", each.minor, each.at) for each in steps), limits)
        watch_senders(movement, steps)
        watch_circle(movement, steps)
    elif movement.motive == "top-up":
        _near_a_limit(movement, "top-up", top_ups(movement.account, movement.booking_id, WATCH.fan_looks), limits)
    elif movement.motive in ("refund", "purchase"):
        _refunded(movement)


def _went(movement: Moved, limits: Limits | None) -> None:
    _awake(movement)
    if movement.motive not in LEAVES:
        return
    lines = lines_out(movement.account, movement.booking_id, WATCH.median_of + 1)
    _near_a_limit(movement, movement.motive, lines, limits)
    _larger_than_usual(movement, lines)
    _passed_through(movement, lines)
    watch_sharing(movement)
    if movement.motive == "transfer":
        steps = sent(movement.account, movement.booking_id, WATCH.fan_looks)
        _faster_than_usual(movement, steps)
        watch_receivers(movement, steps)
        _without_purchases(movement)


def _near_a_limit(movement: Moved, kind: str, seen: Iterable[Line], limits: Limits | None) -> None:
    """M1: several movements just below the same limit within a day."""
    since = movement.since(DAY)
    lines = [line for line in seen if line.motive == movement.motive and line.at > since]
    if len(lines) < WATCH.near_count:
        return  # limits are read only where there could be something
    for most in {most for name, most in (_limits(movement, kind) if limits is None else limits) if name == kind}:
        near = [line for line in lines if WATCH.near_percent * most <= 100 * line.minor <= 100 * most]
        if len(near) >= WATCH.near_count:
            facts = {"limit": Money(most, movement.amount.currency), "count": len(near), "bookings": [line.id for line in near]}
            _flag(movement, "M1", f"{kind}:{most}:{movement.at.date()}", facts)


def _limits(movement: Moved, kind: str) -> Limits:
    # Limits are written in the company's currency; movements in another one are not told by them.
    who = trusted(movement.person, movement.at)
    if not who.in_force or movement.amount.currency != company().currency:
        return ()
    return tuple((kind, rule.most) for rule in rules_of(movement.person, who, kind, movement.at) if rule.most)


def _faster_than_usual(movement: Moved, steps: list[Step]) -> None:
    """M2: many transfers within an hour."""
    since = movement.since(HOUR)
    count = sum(step.at > since for step in steps)
    if count > WATCH.fast_count:
        _flag(movement, "M2", f"pace:{movement.at:%Y-%m-%d %H}", {"what": "pace", "count": count})


def _larger_than_usual(movement: Moved, lines: list[Line]) -> None:
    """M2: much more at once than what usually leaves this wallet."""
    since = movement.since(WATCH.median_since)
    usual = [line.minor for line in lines if line.id != movement.booking_id and line.at > since]
    if len(usual) < WATCH.median_least:
        return
    median = median_low(usual)
    if movement.amount.minor >= WATCH.large_times * median:
        facts = {"what": "size", "amount": movement.amount, "median": Money(median, movement.amount.currency)}
        _flag(movement, "M2", f"size:{movement.booking_id}", facts)


def _passed_through(movement: Moved, lines: list[Line]) -> None:
    """M3: most of what was paid in leaves again within a day. Several top-ups count together, from the newest back."""
    paid_in, since = 0, movement.since(DAY)
    for top_up in top_ups(movement.account, movement.booking_id, WATCH.circle_looks):
        if top_up.at <= since:
            return
        paid_in += top_up.minor
        left = [line for line in lines if line.id > top_up.id and line.motive in LEAVES]
        gone = sum(line.minor for line in left)
        if 100 * gone >= WATCH.through_percent * paid_in:
            currency = movement.amount.currency
            facts = {
                "paid_in": Money(paid_in, currency),
                "gone": Money(gone, currency),
                "bookings": [top_up.id, *(line.id for line in left)],
            }
            _flag(movement, "M3", str(top_up.id), facts)


def _awake(movement: Moved) -> None:
    """M7: nothing moved for half a year, and then most of the balance leaves at once."""
    if 100 * movement.amount.minor <= WATCH.emptied_percent * movement.balance_before:
        return
    last = last_movement(movement.account, movement.at, movement.booking_id)
    if last is not None and movement.at - last > WATCH.asleep:
        balance = Money(movement.balance_before, movement.amount.currency)
        _flag(movement, "M7", str(movement.booking_id), {"days": (movement.at - last).days, "amount": movement.amount, "balance": balance})


def _without_purchases(movement: Moved) -> None:
    """M9: somebody sends money who never bought anything from a wallet. New partners may, up to an amount."""
    joined, bought = one(BOUGHT, movement.person)
    days = (movement.at - instant(joined)) // timedelta(days=1)
    if not bought and (days > WATCH.member_days or _large(movement)):
        _flag(movement, "M9", f"{movement.at:%Y-%m}", {"amount": movement.amount, "days": days})


def _large(movement: Moved) -> bool:
    ours = company()
    worth = estimate(movement.amount, ours.currency, day_in(movement.at, ours.zone))
    return worth is not None and worth.minor > WATCH.stranger_units * 10 ** digits(ours.currency)


def _refunded(movement: Moved) -> None:
    """M11: a large part of what was bought was given back."""
    since, currency = movement.since(WATCH.refunds_within), movement.amount.currency
    sums = rows(PURCHASES, movement.account, WATCH.refunds_looks + 1)  # running sums, the newest first
    steps = [(at, minor - before) for (at, minor), (_, before) in zip(sums, [*sums[1:], (0, 0)], strict=False)]
    undone = -sum(minor for at, minor in steps[: WATCH.refunds_looks] if minor < 0 and at > since)
    bought = turnover(movement.account, "out:purchase", since) + undone
    back = turnover(movement.account, "in:refund", since) + undone
    if 100 * back > WATCH.refunds_percent * bought:
        _flag(movement, "M11", f"{movement.at:%Y-%m}", {"refunds": Money(back, currency), "purchases": Money(bought, currency)})


def _flag(movement: Moved, rule: str, key: str, facts: dict[str, object]) -> None:
    raise_flag(movement.person, rule, key, facts, at=movement.at, booking=movement.booking_id)


BOUGHT = (
    "SELECT p.joined_at, EXISTS (SELECT 1 FROM wallet w JOIN usage u ON u.account_id = w.account_id AND u.kind = 'out:purchase'"
    " WHERE w.person_id = p.id) FROM person p WHERE p.id = ?"
)
PURCHASES = "SELECT at, cum_minor FROM usage WHERE account_id = ? AND kind = 'out:purchase' ORDER BY seq DESC LIMIT ?"
