"""Invitations: a one-time link to set a password, for who joins and for who cannot sign in. It never touches a TAN way."""

import secrets
from datetime import datetime, timedelta
from unicodedata import normalize

from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, rows, run
from vps.kernel.hashing import slow_hash
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import identity
from vps.people.actions.notices import note
from vps.people.actions.passwords import is_password, set_password
from vps.people.actions.sign_in import network, token_hash
from vps.people.actions.throttle import ACCOUNT, NETWORK, RESET, TooManyTries, count_failure, forget_failures, must_not_wait
from vps.people.models import Invitation, Person
from vps.post.actions import post

LIFE = timedelta(hours=72)
SHORTEST, LONGEST = 12, 128
MAILBOX = 5
"""How many people who share an e-mail address get a link at once."""


class LinkOver(Refused):
    says = N_("This link was used already or is older than 72 hours. The office can send you a new one.")
    status = 410


class TooShort(Refused):
    """Facts: least."""

    says = N_("Please choose a longer password. Fewest characters: %(least)s.")
    field = "password"


class PasswordTooLong(Refused):
    """Facts: most."""

    says = N_("Please choose a shorter password. Most characters: %(most)s.")
    field = "password"


class TooEasy(Refused):
    says = N_("This password is too easy to guess. Several words that do not belong together make a good one.")
    field = "password"


class NotTheSame(Refused):
    says = N_("The two passwords are not the same.")
    field = "again"


@action
def invite(person: Person, *, purpose: str, actor: Actor, at: datetime) -> str:
    """A new link's token; links made before it for the same person end. Only the hash of it is kept."""
    token = secrets.token_urlsafe(16)
    one(locked("SELECT id FROM person WHERE id = ?"), person.id)
    # A link somebody asked for himself must not end the one the office wrote.
    own = "" if actor.person is not None else " AND made_by IS NULL"
    run(f"UPDATE invitation SET used_at = ? WHERE person_id = ? AND used_at IS NULL{own}", micros(at), person.id)  # noqa: S608 - a constant
    Invitation.create(person=person, purpose=purpose, token=token_hash(token), made_at=at, made_by=actor.person, expires_at=at + LIFE)
    note(actor, "invited", person.id, at=at, after=purpose)
    return token


@action
def invite_by_mail(person: Person, *, purpose: str, actor: Actor, at: datetime) -> str:
    """Invite, and post the link to the person's e-mail address if there is one."""
    token = invite(person, purpose=purpose, actor=actor, at=at)
    if person.email:
        facts = {"name": person.name, "token": token, "purpose": purpose, "username": person.number or person.username}
        post("invitation", key=f"invitation:{token_hash(token).hex()}", address=person.email, language=person.language, facts=facts, at=at)
    return token


def cannot_sign_in(username: str, *, address: str, at: datetime) -> None:
    """Send a link to whoever has this name and an e-mail address; says nothing about whether there is one. Raises TooManyTries.

    A family that shares a mailbox gets a link for each of them; each link's message says whose it is.
    """
    typed = identity(username)[:320]
    asked = [(RESET, token_hash(typed).hex()), (NETWORK, f"reset {network(address)}")]
    must_not_wait(asked, at)
    count_failure(asked, at)
    for (person,) in rows(REACHABLE, typed, typed, typed, MAILBOX) if "\0" not in typed else ():
        if not _closed(person, at):
            invite_by_mail(Person.get_by_id(person), purpose="password", actor=Actor(HOUSE.person, address), at=at)


def _closed(person: int, at: datetime) -> bool:
    # However a person is named, there are no more links than the rule allows; who asks is told nothing.
    asked = [(RESET, f"person:{person}")]
    try:
        must_not_wait(asked, at)
    except TooManyTries:
        return True
    count_failure(asked, at)
    return False


def invited(token: str, *, at: datetime) -> Invitation:
    """The open invitation of a link, with its person. Raises LinkOver."""
    found = Invitation.select(Invitation, Person).join(Person).where(Invitation.token == token_hash(token)).first()
    if found is None or found.used_at is not None or found.expires_at <= at or found.person.closed_at is not None:
        raise LinkOver
    return found  # type: ignore[no-any-return]


def accept(token: str, *, password: str, again: str, actor: Actor, at: datetime) -> Person:
    """Set the password that a link allows to set, once. Every session of the person ends."""
    invitation = invited(token, at=at)
    hashed = slow_hash(good_password(password, again, about=invitation.person))
    return _accept(invitation, hashed, actor=actor, at=at)


def change_password(person: Person, *, current: str, password: str, again: str, session: int, actor: Actor, at: datetime) -> None:
    """Set another password by showing the one in force; every session but this one ends. Raises WrongPassword, TooManyTries.

    Source: SECURITY, a change of a way is authorised by the way in force.
    """
    asked = [(ACCOUNT, f"person:{person.id}")]
    must_not_wait(asked, at)
    if not is_password(person, current, actor=actor, at=at):
        count_failure(asked, at)
        raise WrongPassword
    must_not_wait(asked, at)
    forget_failures(asked)
    hashed = slow_hash(good_password(password, again, about=person))
    set_password(person, hashed, actor=actor, at=at, keep=session)


class WrongPassword(Refused):
    says = N_("This is not your present password.")
    field = "current"


def good_password(password: str, again: str, *, about: Person) -> str:
    """The password in one spelling (NFKC), or a refusal: long enough, not guessable, typed twice alike. No other rules."""
    chosen = normalize("NFKC", password)
    if len(chosen) < SHORTEST:
        raise TooShort(least=SHORTEST)
    if len(chosen) > LONGEST:
        raise PasswordTooLong(most=LONGEST)
    if chosen != normalize("NFKC", again):
        raise NotTheSame
    from zxcvbn import zxcvbn  # 20 MB that only this moment needs

    # zxcvbn reads no more than 72 characters, and asks to be told which words anybody would try for this person here.
    own = [about.name, *about.name.split(), about.username, about.email, about.number or "", company().name, *company().name.split()]
    if zxcvbn(chosen[:72], user_inputs=own)["score"] < 3:
        raise TooEasy
    return chosen


@action
def _accept(invitation: Invitation, hashed: str, *, actor: Actor, at: datetime) -> Person:
    if not one("UPDATE invitation SET used_at = ? WHERE id = ? AND used_at IS NULL RETURNING id", micros(at), invitation.id):
        raise LinkOver
    person: Person = invitation.person
    set_password(person, hashed, actor=Actor(person.id, actor.address), at=at)
    return person


REACHABLE = (
    "SELECT id FROM person WHERE (username = ? OR number = ? OR email = ?) AND closed_at IS NULL AND email <> '' ORDER BY id LIMIT ?"
)
