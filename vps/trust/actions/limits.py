"""Limits are kept to inside the transaction that books: the caller has locked the person's wallets, so no two movements pass one limit.

Source: seed VPS, "restrictions render the VPS uninteresting for abusing it"; SECURITY, windows are checked inside the posting transaction.
"""

from datetime import datetime, timedelta

from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.trust.models import Accounts, Room, Trusted, balance_of, freeing, in_ours, last_moved, rooms, rules_of, trusted


class LimitReached(Refused):
    """Facts: limit, left (Money), frees (an instant). The page about one's level tells what is left, and how to rise."""

    field = "amount"
    leads = "trust.show"


class NotAtThisLevel(LimitReached):
    says = N_("Your trust level does not allow this yet. Nothing was booked; “My trust level” shows the next step.")


class TooMuchAtOnce(LimitReached):
    """Facts: limit."""

    says = N_("Your trust level allows %(limit)s at once. Nothing was booked.")


class DayReached(LimitReached):
    says = N_(
        "Your trust level allows %(limit)s within 24 hours; %(left)s is left, and more becomes free on %(frees)s. Nothing was booked."
    )


class MonthReached(LimitReached):
    says = N_("Your trust level allows %(limit)s within 30 days; %(left)s is left, and more becomes free on %(frees)s. Nothing was booked.")


class YearReached(LimitReached):
    says = N_(
        "Your trust level allows %(limit)s in a calendar year; %(left)s is left, and the next year begins on %(frees)s. Nothing was booked."
    )


class OftenEnough(LimitReached):
    """Facts: times, frees."""

    says = N_(
        "Your trust level limits how many of these there can be in this time: %(times)s. The next one is possible from %(frees)s on. Nothing was booked."
    )


class TooSoonAfter(LimitReached):
    """Facts: frees."""

    says = N_("Your trust level asks for a pause between two of these; the next one is possible from %(frees)s on. Nothing was booked.")


class FirstPayee(LimitReached):
    """Facts: limit, left."""

    says = N_("In the first 24 hours %(limit)s can go to somebody new; %(left)s of it is left. Nothing was booked.")


REACHED: dict[str, type[LimitReached]] = {"day": DayReached, "month": MonthReached, "year": YearReached}


def must_be_within(person: int, accounts: Accounts, kind: str, amount: Money, *, at: datetime) -> Trusted:
    """Raise LimitReached unless a person of this level may move this much now; answers how far he is trusted.

    Runs in the transaction that books, after the person's wallets were locked.
    """
    who = trusted(person, at)
    if not who.in_force:
        return who
    wanted = in_ours(amount, at)
    for room in rooms(accounts, rules_of(person, who, kind, at), at):
        if _passed(room, wanted):  # when more becomes free is looked up for who is refused: every booking else would pay for it
            raise _reached(*freeing(accounts, [room], at), at=at)
    gap = who.level.gap(kind)
    last = last_moved(accounts, kind) if gap else None
    if last and at < last + timedelta(minutes=gap):
        raise TooSoonAfter(frees=last + timedelta(minutes=gap))
    return who


def takes_in(person: int, accounts: Accounts, kind: str, amount: Money, *, at: datetime) -> bool:
    """Whether this much more may come to a person from a partner: his windows and his highest balance. Money from the company always may."""
    who = trusted(person, at)
    if not who.in_force:
        return True
    coming = in_ours(amount, at)
    most = who.level.most_balance
    if most is not None and balance_of(accounts, at) + coming > Money(most, coming.currency):
        return False
    wanted = tuple(rule for each in (kind, "income") for rule in rules_of(person, who, each, at))
    return not any(_passed(room, coming) for room in rooms(accounts, wanted, at))


def excess(person: int, accounts: Accounts, *, at: datetime) -> Money:
    """How much of what a person has lies over what his level lets come in: over the highest balance, or over a window of money in."""
    who, balance = trusted(person, at), balance_of(accounts, at)
    none = Money.zero(balance.currency)
    if not who.in_force:
        return none
    over = [none, balance - Money(who.level.most_balance, balance.currency)] if who.level.most_balance is not None else [none]
    wanted = tuple(rule for each in ("top-up", "income") for rule in rules_of(person, who, each, at) if rule.window != "each")
    over += [room.used - room.limit for room in rooms(accounts, wanted, at) if room.limit is not None]
    return min(max(over), max(balance, none))


def _passed(room: Room, wanted: Money) -> bool:
    return room.times_left == 0 or (room.left is not None and wanted > room.left)


def _reached(room: Room, *, at: datetime) -> LimitReached:
    rule, frees = room.rule, room.frees or at
    if rule.most == 0 or rule.times == 0:
        return NotAtThisLevel()
    if rule.window == "each":
        return TooMuchAtOnce(limit=room.limit)
    if room.times_left == 0:
        return OftenEnough(times=rule.times, frees=frees)
    return REACHED[rule.window](limit=room.limit, left=room.left, frees=frees)
