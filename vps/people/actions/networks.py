"""Lists of internet addresses: from where staff sign in, and from where a partner's payments are accepted.

Source: seed VPS, "a check can be made if the used IP Address is allowed. For all users of a direct and constant link to the
internet this is a good method preventing transactions from foreign computers." Who has no list may act from everywhere; an
address that is unknown is on no list. A partner always signs in, so that he can see what is wrong.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from typing import NamedTuple

from vps.kernel.addresses import holds, plain_address, read_network
from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import history
from vps.people.actions.notices import note
from vps.people.models import Person

MOST = 20
"""Networks in force for one person."""
WIDEST = {4: 8, 6: 32}
"""The shortest prefix that is taken: a wider network would be no rule any more."""
ALONE = {4: 32, 6: 64}
"""What one address stands for: with IPv6 a household has a whole /64 and changes in it all day."""
RESTLESS = timedelta(days=30)


class AddressNotAllowed(Refused):
    """Facts: address."""

    says = N_(
        "Payments from this internet address are not allowed: %(address)s. The office can add it to your list, or you pay from where you usually do."
    )
    status = 403


class AddressNotSeen(AddressNotAllowed):
    says = N_("Your internet address cannot be seen, and payments are allowed from those of your list only. Please tell the office.")


class SignInNotAllowed(Refused):
    """Facts: address."""

    says = N_(
        "Signing in from this internet address is not allowed: %(address)s. A colleague in the office must add it to your list first."
    )
    status = 403


class SignInNotSeen(SignInNotAllowed):
    says = N_(
        "Your internet address cannot be seen, and you may sign in from those of your list only. Please tell a colleague in the office."
    )


class NotANetwork(Refused):
    says = N_("This is neither an internet address nor a network. Please write it like this: 198.51.100.7 or 198.51.100.0/24")
    field = "cidr"


class TooWide(Refused):
    """Facts: widest."""

    says = N_("This network is too wide to keep anybody out. The widest is %(widest)s.")
    field = "cidr"


class AlreadyListed(Refused):
    says = N_("This is in the list already.")
    field = "cidr"
    status = 409


class ListFull(Refused):
    """Facts: most."""

    says = N_("The list is full. Most entries: %(most)s.")
    field = "cidr"


class OnlyTheOffice(Refused):
    says = N_("Only the office can add further addresses to your list or remove one. Please call it.")
    status = 403


class WouldShutOut(Refused):
    """Facts: address."""

    says = N_("Your present internet address would not be allowed any more: %(address)s. Tick the box if you mean that.")
    field = "outside"


class WouldShutOutUnseen(WouldShutOut):
    says = N_("Your present internet address cannot be seen, so it would not be allowed. Tick the box if you mean that.")


class Allowed(NamedTuple):
    """An entry in force. `own`: its owner made it himself."""

    id: int
    cidr: str
    made_at: datetime
    own: bool


def networks_of(person: int) -> list[Allowed]:
    """The person's list, the oldest entry first."""
    return [Allowed(key, cidr, instant(made), by == person) for key, cidr, made, by in rows(IN_FORCE, person)]


def allows(person: int, address: str) -> bool:
    """Whether this person may act from this address: he has no list, or it is on it. An unknown address is on none."""
    listed = rows("SELECT cidr FROM network WHERE person_id = ? AND ended_at IS NULL", person)
    plain = plain_address(address)
    return not listed or any(holds(cidr, plain) for (cidr,) in listed)


def must_be_allowed(person: int, address: str) -> None:
    """Raise AddressNotAllowed unless payments of this person are accepted from this address."""
    if not allows(person, address):
        raise AddressNotAllowed(address=address) if plain_address(address) else AddressNotSeen


def must_be_let_in(person: Person, *, address: str, at: datetime) -> None:
    """Raise SignInNotAllowed for staff at an address that is not on their list; the trail says who was turned away."""
    if person.rights() and not allows(person.id, address):
        _turn_away(person.id, actor=Actor(person.id, address), at=at)
        raise SignInNotAllowed(address=address) if plain_address(address) else SignInNotSeen


@action
def end_elsewhere(session: int, *, actor: Actor, at: datetime) -> None:
    """End the session of somebody who may not act from where he is now."""
    ended = one("UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING person_id", micros(at), session)
    if ended:
        note(actor, "session ended: address", ended[0], at=at)


@action
def add_network(person: int, text: str, *, outside: bool = False, actor: Actor, at: datetime) -> str:
    """Add an address or network to a person's list, and answer how it stands there.

    `outside`: the owner knows that the list will not hold his present address. Raises NotANetwork, TooWide, AlreadyListed,
    ListFull, OnlyTheOffice, WouldShutOut.
    """
    cidr = clean_network(text)
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # presses at once go one after another
    listed = [each.cidr for each in networks_of(person)]
    if cidr in listed:
        raise AlreadyListed
    if actor.person == person and not owner_may(person, "add"):
        raise OnlyTheOffice
    if len(listed) >= MOST:
        raise ListFull(most=MOST)
    present = plain_address(actor.address)
    if actor.person == person and not outside and not holds(cidr, present):
        raise WouldShutOut(address=present) if present else WouldShutOutUnseen
    run("INSERT INTO network (person_id, cidr, made_at, made_by) VALUES (?, ?, ?, ?)", person, cidr, micros(at), actor.person)
    note(actor, "network added", person, at=at, after=cidr)
    return cidr


@action
def end_network(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """Take an entry off a person's list. Doing it twice changes nothing. Raises OnlyTheOffice."""
    if actor.person == person and not owner_may(person, "end"):
        raise OnlyTheOffice
    ended = one(END, micros(at), person, key)
    if ended:
        note(actor, "network ended", person, at=at, before=ended[0])


@action
def end_networks(person: int, *, actor: Actor, at: datetime) -> int:
    """End a person's whole list, whoever made it, and answer how many entries it had: for who shut himself out."""
    ended = rows("UPDATE network SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL RETURNING cidr", micros(at), person)
    if ended:
        note(actor, "network ended", person, at=at, before=", ".join(sorted(cidr for (cidr,) in ended)))
    return len(ended)


def owner_may(person: int, change: str) -> bool:
    """Whether the owner of a list may make this change ("add", "end") himself: only what tightens, which is to begin one.

    Whoever has got into an account must not let himself in from elsewhere too.
    """
    return change == "add" and not networks_of(person)


def address_changes(person: int, at: datetime) -> int:
    """How often the person's own address was another than the time before, within the last thirty days; of the newest lines of his trail."""
    lines = history(f"person:{person}", most=100)
    seen = [_alone(line.address) for line in lines if line.actor == person and line.at > at - RESTLESS and plain_address(line.address)]
    return sum(newer != older for newer, older in pairwise(seen))


def clean_network(text: str) -> str:
    """An address or network in its one spelling, with its prefix. Raises NotANetwork, TooWide."""
    typed = text.strip()
    try:
        found = read_network(typed if "/" in typed else _alone(typed))
    except ValueError as wrong:
        raise NotANetwork from wrong
    if found.prefixlen < WIDEST[found.version]:
        raise TooWide(widest=f"/{WIDEST[found.version]}")
    return str(found)


def _alone(address: str) -> str:
    # What counts as one address.
    plain = plain_address(address)
    return str(read_network(f"{plain}/{ALONE[ip_address(plain).version]}")) if plain else ""


@action
def _turn_away(person: int, *, actor: Actor, at: datetime) -> None:
    note(actor, "sign-in refused: address", person, at=at)


IN_FORCE = "SELECT id, cidr, made_at, made_by FROM network WHERE person_id = ? AND ended_at IS NULL ORDER BY id"
END = "UPDATE network SET ended_at = ? WHERE person_id = ? AND id = ? AND ended_at IS NULL RETURNING cidr"
