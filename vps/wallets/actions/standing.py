"""Standing transfers: confirmed once by a code, made on their days by themselves, ended by a press.

Source: the issue on wallets, "scheduled and standing transfers, skipped with a notice when refused".
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.kernel.amounts import MOST as LARGEST
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import NotEnoughCredit
from vps.people.actions import note
from vps.people.models import Person
from vps.security.actions import ByTan
from vps.security.models import VIEW, least
from vps.trust.actions.limits import LimitReached
from vps.wallets.actions.confirmed import needed_for
from vps.wallets.actions.finding import with_id
from vps.wallets.actions.paying import WalletFrozen
from vps.wallets.actions.planning import plan_among, receiving, wallet_among
from vps.wallets.actions.transfer_refusals import NoRecipient, Owing, TooMuchForThem
from vps.wallets.actions.transfers import KIND as TRANSFER
from vps.wallets.models import Purse, purses
from vps.wallets.models.standing import standing_transfer
from vps.wallets.rhythm import Rhythm

KIND = "standing transfer"
"""The kind of intent that sets one."""
MOST = 50
"""Standing transfers that one partner can have at a time."""
PASSING = (NotEnoughCredit, LimitReached, Owing, NoRate, WalletFrozen, TooMuchForThem)
"""What stands in the way today, and may not on the day itself."""


class DayGone(Refused):
    says = N_("The first day must be today or later.")
    field = "first_on"


class NeverDue(Refused):
    says = N_("Until that day it would never be made. Please choose a later last day, or none.")
    field = "last_on"


class TooManyStanding(Refused):
    """Facts: most."""

    says = N_("There can be %(most)s standing transfers at a time. Please end one first.")
    status = 409


class PlannedStanding(NamedTuple):
    """What a standing transfer would be; `today` is what would stand in its way if it were made now."""

    sender: Purse
    receiver: Purse
    recipient: Person
    amount: Money
    rhythm: Rhythm
    message: str
    today: Refused | None = None

    @property
    def own(self) -> bool:
        """Whether it goes to another wallet of the same person."""
        return self.sender.person == self.receiver.person

    @property
    def subject(self) -> str:
        """What is confirmed beside amount and payee; its first word is the number that a text message names."""
        every, first, last, of_month = self.rhythm
        days = f"{every} {of_month or '-'} {first} {last or '-'}"
        return f"{self.recipient.number} {self.sender.wallet} {self.receiver.wallet} {days} {self.message}"


def plan_standing(
    person: int, from_wallet: int, recipient: int, to_wallet: int | None, amount: Money, rhythm: Rhythm, message: str, *, at: datetime
) -> PlannedStanding:
    """What a standing transfer would be, or what will always stand in its way: asked by the preview and where it is set.

    Raises DayGone, NeverDue, TooManyStanding, NoRecipient, NotFound, and what `plan_transfer` raises but for what may pass until its day.
    """
    if rhythm.first_on < day_in(at, company().zone):
        raise DayGone
    if rhythm.since(rhythm.first_on) is None:
        raise NeverDue
    if one(COUNT, person)[0] >= MOST:
        raise TooManyStanding(most=MOST)
    both = purses(*{person, recipient})
    origin = wallet_among([each for each in both if each.person == person], from_wallet)
    theirs = [each for each in both if each.person == recipient]
    to = _meant(theirs, to_wallet, origin.currency)
    today: Refused | None = None
    try:
        plan_among(both, person, from_wallet, recipient, to.wallet, amount, at)
    except PASSING as refusal:
        today = refusal
    return PlannedStanding(origin, to, with_id(recipient), amount, rhythm, message, today)


def agreed_standing(subject: str, amount: Money, person: int, *, at: datetime) -> PlannedStanding:
    """The standing transfer that was confirmed, planned once more. Raises what `plan_standing` raises."""
    _, origin, to, every, of_month, first, last, message = subject.split(" ", 7)
    (recipient,) = one("SELECT person_id FROM wallet WHERE id = ?", int(to))
    ends, day = None if last == "-" else date.fromisoformat(last), None if of_month == "-" else int(of_month)
    rhythm = Rhythm(every, date.fromisoformat(first), ends, day)
    return plan_standing(person, int(origin), recipient, int(to), amount, rhythm, message, at=at)


def needed_for_standing(subject: str, person: int) -> int:
    """The least security level: what goes out again and again needs what the largest transfer needs, and somebody new a bound way."""
    _, _, to, every, _ = subject.split(" ", 4)
    (recipient,) = one("SELECT person_id FROM wallet WHERE id = ?", int(to))
    return max(needed_for(person, recipient), VIEW if every == "once" else least(TRANSFER, LARGEST))


@action
def set_standing(*, authorisation: ByTan, at: datetime) -> int:
    """Set the standing transfer that was confirmed by a code, and answer its id; a resend finds it. Raises what `plan_standing` raises."""
    person, shown = authorisation.changing(KIND), authorisation.snapshot
    assert shown.amount is not None
    done = one(DONE, shown.nonce, person)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    planned = agreed_standing(shown.subject, shown.amount, person, at=at)
    rhythm, receiver = planned.rhythm, planned.receiver
    first, last = rhythm.first_on.isoformat(), rhythm.last_on and rhythm.last_on.isoformat()
    following = rhythm.since(rhythm.first_on)
    assert following, "it was planned with a day"
    made = insert(
        MAKE,
        *(person, planned.sender.wallet, receiver.person, receiver.wallet if planned.own else None),
        *(shown.amount.minor, shown.amount.currency, planned.message, rhythm.every, rhythm.day_of_month, rhythm.weekday),
        *(first, last, following.isoformat(), one("SELECT id FROM intent WHERE nonce = ?", shown.nonce)[0], micros(at)),
    )
    note(authorisation.actor, "standing transfer set", person, at=at, after=f"{shown.amount} {shown.subject.partition(' ')[0]}")
    return made


@action
def end_standing(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """End one's own standing transfer; twice is once. Raises NotFound."""
    found = standing_transfer(key, person)
    if found is None:
        raise NotFound
    if run(END, micros(at), actor.person, key).rowcount:
        note(actor, "standing transfer ended", person, at=at, before=f"{found.amount} {found.number}")


def _meant(theirs: Sequence[Purse], to_wallet: int | None, currency: str) -> Purse:
    if to_wallet is None:
        return receiving(theirs, currency)
    found = next((each for each in theirs if each.wallet == to_wallet), None)
    if found is None:
        raise NoRecipient
    return found


COUNT = "SELECT count(*) FROM standing_transfer WHERE person_id = ? AND ended_at IS NULL AND next_on IS NOT NULL"
DONE = "SELECT s.id FROM standing_transfer s JOIN intent i ON i.id = s.intent_id WHERE i.nonce = ? AND s.person_id = ?"
MAKE = (
    "INSERT INTO standing_transfer (person_id, from_wallet_id, recipient_id, to_wallet_id, amount, currency, message, every, day_of_month,"
    " weekday, first_on, last_on, next_on, intent_id, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
END = "UPDATE standing_transfer SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL"
