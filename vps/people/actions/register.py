"""Making partners, staff and customers. Names are checked, folded for search, and cannot be taken for somebody else's."""

from dataclasses import dataclass
from datetime import datetime

from vps.company.actions import must_be_language, must_be_zone
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, is_postgres, locked, one, rows, run
from vps.kernel.numbers import is_partner_number, partner_number
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_email, clean_name, clean_phone, clean_text, identity, skeleton, words
from vps.ledger.actions import must_not_be_booked, record
from vps.people.actions.notices import note, tell
from vps.people.actions.rights import grant, must_not_be_the_last, one_at_a_time
from vps.people.models import Customer, Person

FIRST_NUMBER = 10_000
"""Partner numbers count from here on: all of one length, so that a number in a bank's purpose text is never a part of another."""


class NameTaken(Refused):
    says = N_("This name for signing in is taken, or looks like one that is. Please choose another.")
    field = "username"


class NumberTaken(Refused):
    """Facts: number."""

    says = N_("There is a partner with the number %(number)s already.")
    field = "number"


class NotANumber(Refused):
    """Facts: number."""

    says = N_("%(number)s is not a partner number: its check digits do not fit.")
    field = "number"


class NoSuchPartner(Refused):
    """Facts: number."""

    says = N_("There is no partner with the number %(number)s.")


class NoSuchSponsor(Refused):
    """Facts: number."""

    says = N_("There is no partner with the number %(number)s who could be the sponsor.")
    field = "sponsor"


@dataclass(frozen=True)
class Details:
    """What is known about a person, as typed; the actions clean it."""

    name: str
    language: str
    zone: str
    email: str = ""
    phone: str = ""
    bank_name: str = ""
    username: str = ""
    sponsor: str = ""
    number: str = ""
    key: str = ""


@action
def register_partner(details: Details, *, actor: Actor, at: datetime) -> Person:
    """Make a partner with a number of his own; without a name for signing in he signs in with the number.

    The form's key makes a resend find the partner that the first one made.
    """
    made = Person.get_or_none(Person.key == details.key) if details.key else None
    if made:
        return made
    number = _number(details.number)
    sponsor = _sponsor(details.sponsor)
    return _register(details, username=details.username or number, number=number, sponsor=sponsor, actor=actor, at=at)


@action
def register_staff(details: Details, rights: set[str], *, actor: Actor, at: datetime) -> Person:
    """Make a member of staff with rights."""
    person = _register(details, username=details.username, number=None, sponsor=None, actor=actor, at=at)
    grant(person, rights, actor=actor, at=at)
    return person


@action
def change_person(person: Person, details: Details, *, actor: Actor, at: datetime) -> None:
    """Change what is known about a person; number and name for signing in stay."""
    values = _cleaned(details)
    before = {key: getattr(person, key) for key in values}
    run(CHANGE, *values.values(), person.id)
    _write_words("person", person.id, f"{values['name']} {person.username}")
    changed = [key for key in values if before[key] != values[key]]
    for key in changed:
        record(actor, "person changed", f"person:{person.id}", at=at, before=f"{key}: {before[key]}", after=f"{key}: {values[key]}")
    if changed and actor.person is not None:  # what a file brought is not mailed to thousands
        # An address that was his until now hears of it too: who takes an account over changes that first.
        for address in dict.fromkeys((before["email"], values["email"])):
            tell(person.id, "person changed", actor=actor, at=at, address=address)


class NotYourself(Refused):
    says = N_("You cannot close your own account; ask a colleague.")
    status = 409


@action
def close_person(person: Person, *, actor: Actor, at: datetime) -> None:
    """Nobody signs in as this person any more, and the sessions end at once. His bookings stay. Doing it twice changes nothing.

    Raises NotYourself, LastManager; BeingBooked of a partner while commissions are booked, one of which may be his.
    """
    if actor.person == person.id:
        raise NotYourself
    if person.number:
        must_not_be_booked()
    one_at_a_time()
    must_not_be_the_last(person)
    if one("UPDATE person SET closed_at = ? WHERE id = ? AND closed_at IS NULL RETURNING id", micros(at), person.id):
        run("UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL", micros(at), person.id)
        note(actor, "person closed", person.id, at=at)


@action
def choose_language(person: int, language: str) -> None:
    """A person's own choice of language; it decides before cookie and browser."""
    must_be_language(language)
    run("UPDATE person SET language = ? WHERE id = ?", language, person)


@action
def add_customer(
    partner: Person, *, name: str, language: str, at: datetime, email: str = "", phone: str = "", address: tuple[str, ...] = ("",) * 4
) -> Customer:
    """A partner's customer; the same name, e-mail and phone again is the same customer."""
    called, mail, line = clean_name(name), clean_email(email) if email.strip() else "", clean_phone(phone) if phone.strip() else ""
    same = (Customer.partner == partner, Customer.name == called, Customer.email == mail, Customer.phone == line)
    one(locked("SELECT id FROM person WHERE id = ?"), partner.id)  # presses at once go one after another
    known = Customer.get_or_none(*same)
    if known:
        return known
    must_be_language(language)
    street, postcode, city, country = (clean_text(part, most=80) for part in address)
    customer = Customer.create(
        partner=partner,
        name=called,
        email=mail,
        phone=line,
        language=language,
        street=street,
        postcode=postcode,
        city=city,
        country=country,
        made_at=at,
    )
    _write_words("customer", customer.id, called)
    return customer


def _register(details: Details, *, username: str, number: str | None, sponsor: int | None, actor: Actor, at: datetime) -> Person:
    typed = clean_name(username)
    named, looks = identity(typed), skeleton(typed)
    # A name that is written like a partner number would one day be somebody's.
    if (named != number and is_partner_number(named)) or one("SELECT 1 FROM person WHERE username = ? OR skeleton = ?", named, looks):
        raise NameTaken
    values = _cleaned(details)
    person = Person.create(username=named, skeleton=looks, number=number, key=details.key or None, sponsor=sponsor, joined_at=at, **values)
    _write_words("person", person.id, f"{values['name']} {named}")
    note(actor, "person made", person.id, at=at, after=f"{number or named} {values['name']}")
    return person


def _cleaned(details: Details) -> dict[str, str]:
    must_be_language(details.language)
    must_be_zone(details.zone)
    name = clean_name(details.name)
    return {
        "name": name,
        "bank_name": clean_name(details.bank_name) if details.bank_name.strip() else name,
        "language": details.language,
        "zone": details.zone,
        "email": clean_email(details.email).lower() if details.email.strip() else "",
        "phone": clean_phone(details.phone) if details.phone.strip() else "",
    }


def _number(wanted: str) -> str:
    if not wanted:
        if is_postgres():
            run("SELECT pg_advisory_xact_lock(10001)")  # the next number is given to one at a time
        (last,) = one("SELECT max(CAST(substr(number, 1, length(number) - 2) AS bigint)) FROM person WHERE number IS NOT NULL")
        return partner_number(max(int(last or 0), FIRST_NUMBER) + 1)
    if not is_partner_number(wanted):
        raise NotANumber(number=wanted[:20])
    if Person.by_number(wanted):
        raise NumberTaken(number=wanted)
    return wanted


def _sponsor(number: str) -> int | None:
    if not number:
        return None
    found = Person.by_number(number)
    if found is None:
        raise NoSuchSponsor(number=number[:20])
    return int(found.id)


def _write_words(kind: str, owner: int, name: str) -> None:
    new = set(words(name))
    old = {bytes(word).decode() for (word,) in rows("SELECT word FROM word WHERE kind = ? AND owner = ?", kind, owner)}
    for word in old - new:
        run("DELETE FROM word WHERE kind = ? AND owner = ? AND word = ?", kind, owner, word.encode())
    for word in sorted(new - old):
        run("INSERT INTO word (word, kind, owner) VALUES (?, ?, ?)", word.encode(), kind, owner)


CHANGE = "UPDATE person SET name = ?, bank_name = ?, language = ?, zone = ?, email = ?, phone = ? WHERE id = ?"
