"""A partner is told by mail of bookings on his wallet from an amount on that he chooses. Source: SECURITY, notices of what moved."""

from datetime import datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.money import Money
from vps.ledger.actions import Booked
from vps.people.actions import freeze_link, note
from vps.post.actions import post


@action
def tell_from(person: int, amount: Money | None, *, actor: Actor, at: datetime) -> None:
    """From now on tell this partner of bookings of this amount or more; None: of none."""
    assert amount is None or (amount.is_positive and amount.currency == company().currency)
    (before,) = one(locked("SELECT notify_from FROM person WHERE id = ?"), person)
    after = amount.minor if amount else None
    if before != after:
        run("UPDATE person SET notify_from = ? WHERE id = ?", after, person)
        was = str(Money(before, company().currency)) if before else ""
        note(actor, "notices changed", person, at=at, before=was, after=str(amount or ""))


def tell_of(
    person: int, booked: Booked, amount: Money, *, motive: str, incoming: bool, threshold: int | None, at: datetime, back: bool = False
) -> None:
    """Post the mail about a booking if its owner wants one; inside the booking's transaction, and once for each booking."""
    if threshold is None or amount.minor < threshold or booked.again or amount.currency != company().currency:
        return
    name, email, language, zone = one("SELECT name, email, language, zone FROM person WHERE id = ?", person)
    if email:
        after = booked.credit_after if incoming else booked.debit_after
        facts = {"name": name, "motive": motive, "back": back, "minor": amount.minor if incoming else -amount.minor, "after": after,
                 "currency": amount.currency, "at": micros(at), "zone": zone, "booking": booked.id, "link": freeze_link(person)}  # fmt: skip
        post("booking", key=f"booking:{booked.id}:{person}", address=email, language=language, facts=facts, at=at)


def tell_taken(person: int, booked: Booked, amount: Money, *, motive: str, at: datetime, back: bool = False) -> None:
    """The mail about money that left a wallet without its owner; `back`: a credit that was taken back."""
    (threshold,) = one("SELECT notify_from FROM person WHERE id = ?", person)
    tell_of(person, booked, amount, motive=motive, incoming=False, threshold=threshold, at=at, back=back)


def tell_given_back(person: int, booked: Booked, amount: Money, *, motive: str, at: datetime) -> None:
    """The mail about money that was taken and came back."""
    (threshold,) = one("SELECT notify_from FROM person WHERE id = ?", person)
    tell_of(person, booked, amount, motive=motive, incoming=True, threshold=threshold, at=at, back=True)
