"""The rules about several wallets: money that comes back to where it started, many senders, many receivers."""

from typing import Any

from vps.kernel.money import Money
from vps.trust.actions.flags import raise_flag
from vps.wallets.watching.seen import WATCH, Moved, Step, received, sent


def watch_senders(movement: Moved, steps: list[Step]) -> None:
    """M5: many different partners sent to this one within a week."""
    _fan(movement, "M5", steps)


def watch_receivers(movement: Moved, steps: list[Step]) -> None:
    """M6: this partner sent to many different ones within a week."""
    _fan(movement, "M6", steps)


def watch_circle(movement: Moved, steps: list[Step]) -> None:
    """M4: what this partner sent came back to him just now, by one other partner or by two.

    Met in the middle: what he sent lately, and what the last sender received lately. Nine tenths of it must have come all the way. What
    went out must be half of what came back at least, or every debt that is paid after a small favour would be a circle.
    """
    if not steps or steps[0].id != movement.booking_id:
        return  # it did not come from a wallet
    last, before = steps[0], movement.booking_id - 1
    since, looks = movement.since(WATCH.circle_within), WATCH.circle_looks
    firsts = [step for step in sent(movement.account, before, looks) if step.at > since]
    if not firsts:
        return
    middles = [step for step in received(last.account, before, looks) if step.person != movement.person]
    for first in firsts:
        if first.person == last.person:
            _circle(movement, [first, last])
        else:
            for middle in middles:
                if middle.person == first.person and middle.id > first.id:
                    _circle(movement, [first, middle, last])


def _circle(movement: Moved, steps: list[Step]) -> None:
    # What was exchanged on its way is compared by what left and what came back.
    out, kept = steps[0].minor, min(step.minor for step in steps if step.currency == movement.amount.currency)
    if 100 * kept < WATCH.kept_percent * out or 2 * out < steps[-1].minor:
        return
    facts: dict[str, Any] = {"sent": Money(out, movement.amount.currency), "back": movement.amount, "steps": len(steps)}
    facts |= {"bookings": [step.id for step in steps], "people": [step.person for step in steps[1:]]}
    raise_flag(movement.person, "M4", str(movement.booking_id), facts, at=movement.at, booking=movement.booking_id)


def _fan(movement: Moved, rule: str, steps: list[Step]) -> None:
    since = movement.since(WATCH.fan_within)
    newest = {step.person: step.id for step in reversed(steps) if step.at > since and step.person != movement.person}
    if len(newest) >= WATCH.fan_count:
        facts = {"count": len(newest), "people": sorted(newest), "bookings": sorted(newest.values())}
        # Within one week it is one fact, however many more join it.
        raise_flag(movement.person, rule, f"{movement.at:%G-W%V}", facts, at=movement.at, booking=movement.booking_id)
