"""M8 and M12: several partners with one address of mail, phone or browser, and partners close to somebody of the staff."""

from datetime import datetime

from vps.people.actions.tree import today
from vps.people.alike import alike
from vps.trust.actions.flags import raise_flag
from vps.wallets.watching.seen import Moved


def watch_sharing(movement: Moved) -> None:
    """Look at who moves money here, when it leaves."""
    watch_person(movement.person, at=movement.at, booking=movement.booking_id)


def watch_person(person: int, *, at: datetime, booking: int | None = None) -> None:
    """Whom this person shares something with; each pair is noticed once, for whoever of the two moves."""
    for shared in alike(person, today(at)):
        facts = {"what": shared.what, "people": [shared.other]}
        raise_flag(person, "M12" if shared.staff else "M8", f"{shared.what}:{shared.other}", facts, at=at, booking=booking)
