"""People: one table; partner and staff are roles of it. And the partners' customers."""

import hmac
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Self

from peewee import SQL, BigIntegerField, BlobField, Check, CompositeKey, IntegerField, TextField

from vps.company.models import LANGUAGES, keys_fit
from vps.kernel.database import one, rows
from vps.kernel.keys import keys
from vps.kernel.numbers import is_partner_number
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.kernel.rows import Instant, Row, columns, key_to, made_of
from vps.kernel.text import short_name

RIGHTS = ("read", "book", "manage")
"""To see, to move money, to look after the staff and read the trail. None implies another; `read` opens the office at all."""


class Person(Row):
    """A partner (has a number), a member of staff (has rights), or both."""

    username = TextField(unique=True)
    skeleton = TextField(unique=True)
    """The username with look-alike letters folded, so that nobody can pass for somebody else."""
    number = TextField(unique=True, null=True)
    key = TextField(unique=True, null=True)
    """The key of the form that made this person: sent twice, it makes one."""
    name = TextField()
    bank_name = TextField(default="")
    sponsor = key_to("self", null=True)
    """Who brought him; whose line he stands in on a day says `tree.sponsor_of`."""
    language = TextField(constraints=[Check(f"language IN ({', '.join(repr(word) for word in LANGUAGES)})")])
    zone = TextField()
    email = TextField(default="")
    phone = TextField(default="")
    password = TextField(null=True)
    password_set_at = Instant(null=True)
    joined_at = Instant()
    closed_at = Instant(null=True)
    password_mac = BlobField(null=True)
    """Made with the pepper from this row's id and password: a hash that came into the row by another way than ours does not count."""
    notify_from = BigIntegerField(null=True, constraints=[Check("notify_from > 0")])
    """Bookings on his wallet of at least so many minor units of the company's currency are told by mail; None: none are."""

    class Meta:
        immutable = ("id", "sponsor_id")
        constraints = (Check("sponsor_id < id"),)  # somebody who is here already, so there is no circle

    @property
    def is_partner(self) -> bool:
        return self.number is not None

    @property
    def short_name(self) -> str:
        """'Anna B.': enough for the table and the header."""
        return short_name(self.name)

    def rights(self) -> frozenset[str]:
        """What this person may do in the office now."""
        return frozenset(
            right for (right,) in rows("SELECT granted FROM person_right WHERE person_id = ? AND withdrawn_at IS NULL", self.id)
        )

    @property
    def password_fits(self) -> bool:
        """Whether the password was set here and for this person; so does none at all."""
        return fits(self.id, self.password, self.password_mac)

    @classmethod
    def with_id(cls, key: int) -> "Person | None":
        """The person with this id, by constant SQL: every page begins with it."""
        row = one(WITH_ID, key)
        return made_of(Person, row) if row else None

    @classmethod
    def by_number(cls, number: str) -> Self | None:
        found: Self | None = cls.get_or_none(cls.number == number) if is_partner_number(number) else None
        return found


Person.add_index(Person.email, name="person_email")
Person.add_index(Person.sponsor, Person.id, where=SQL("sponsor_id IS NOT NULL"), name="person_sponsor")
Person.add_index(Person.phone, where=SQL("phone <> ''"), name="person_phone")


class PersonRight(Row):
    """A right of a member of staff, from when to when, and who gave it."""

    person = key_to(Person)
    granted = TextField(constraints=[Check(f"granted IN ({', '.join(repr(word) for word in RIGHTS)})")])
    granted_at = Instant()
    granted_by = BigIntegerField(null=True)
    withdrawn_at = Instant(null=True)

    class Meta:
        table_name = "person_right"
        immutable = ("id", "person_id", "granted", "granted_at", "granted_by")


PersonRight.add_index(PersonRight.person, PersonRight.granted, unique=True, where=SQL("withdrawn_at IS NULL"), name="person_right_in_force")


class Customer(Row):
    """Somebody a partner sells to."""

    partner = key_to(Person)
    partner_id: int
    name = TextField()
    email = TextField(default="")
    phone = TextField(default="")
    language = TextField()
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    country = TextField(default="")
    made_at = Instant()

    @classmethod
    def of(cls, partner: Person, key: int | str) -> Self | None:
        """This partner's customer, or None: another partner's is not there for him."""
        typed = re.fullmatch("[0-9]{1,18}", str(key))
        found: Self | None = cls.get_or_none((cls.partner == partner) & (cls.id == int(typed[0]))) if typed else None
        return found


Customer.add_index(Customer.partner, Customer.name, name="customer_partner")


class Invitation(Row):
    """A one-time link to set a password: to join, or because somebody cannot sign in. Only its hash is kept."""

    person = key_to(Person)
    purpose = TextField(constraints=[Check("purpose IN ('join', 'password')")])
    token = BlobField(unique=True)
    made_at = Instant()
    made_by = BigIntegerField(null=True)
    expires_at = Instant()
    used_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "purpose", "token", "made_at", "made_by")


Invitation.add_index(Invitation.person, where=SQL("used_at IS NULL"), name="invitation_open")


YOUNG = timedelta(hours=24)
"""How long a browser is new."""
FAMILIES = {"Firefox": "Firefox", "Edg": "Edge", "OPR": "Opera", "Chrome": "Chrome", "Safari": "Safari"}
"""Browser families as they name themselves and as people call them; the first match counts."""


def called(family: str) -> str:
    """A browser as people call it: its family's own name, or whatever name somebody gave it."""
    return FAMILIES.get(family, family)


class Browser(Row):
    """A browser somebody signs in with, known by a cookie that changes at every sign-in. Only hashes of it are kept."""

    person = key_to(Person)
    token = BlobField(unique=True)
    first_at = Instant()
    previous = BlobField(null=True)
    """The cookie before this one: it still counts until the new one is known to have arrived."""
    spent = BlobField(null=True)
    """The cookie that was replaced last. Whoever shows it has a copy."""
    name = TextField(default="")
    family = TextField(default="")
    """Of `FAMILIES`, or empty: none of them, or not seen since families are kept."""
    seen_at = Instant()
    """When it was last used to sign in."""
    ended_at = Instant(null=True)
    accepted_at = Instant(null=True)
    """When the office said that it is his, so that he need not wait until it is no longer new."""
    also = BigIntegerField(null=True)
    """Who else was known by the cookie that came with its first sign-in: two people use one browser. For who manages alone."""


Browser.add_index(Browser.person, name="browser_person")
Browser.add_index(Browser.also, where=SQL("also IS NOT NULL"), name="browser_also")


class Session(Row):
    """A signed-in browser. Signing out ends the row, so a copied cookie is worth nothing afterwards."""

    person = key_to(Person)
    token = BlobField(unique=True)
    csrf = TextField()
    started_at = Instant()
    seen_at = Instant()
    confirmed_at = Instant(null=True)
    """When the second factor was given; at once for who needs none."""
    ended_at = Instant(null=True)
    address = TextField()
    browser = TextField()
    known = key_to(Browser, null=True, column_name="browser_id")
    """The browser it was opened with; none in sessions older than that column."""
    device = BlobField(null=True)
    """The browser's new cookie that went out with this session, until the session's first request shows that it arrived."""
    stepped_at = Instant(null=True)
    """When this session last showed a code of the app; using it does not renew that."""


Session.add_index(Session.person, where=SQL("ended_at IS NULL"), name="session_open")
Session.add_index(Session.known, name="session_known")


class Network(Row):
    """Internet addresses from which a person may act, until it ends. Who has none in force may act from anywhere."""

    person = key_to(Person)
    cidr = TextField()
    made_at = Instant()
    made_by = BigIntegerField(null=True)
    ended_at = Instant(null=True)

    class Meta:
        immutable = ("id", "person_id", "cidr", "made_at", "made_by")


Network.add_index(Network.person, Network.cidr, unique=True, where=SQL("ended_at IS NULL"), name="network_in_force")


class Throttle(Row):
    """Failures counted in the database: shared by all workers, not forgotten by a restart."""

    id = None
    scope = TextField()
    subject = TextField()
    failures = IntegerField()
    since = Instant()
    blocked_until = Instant(null=True)
    doublings = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("scope", "subject")


def password_mac(person: int, hashed: str) -> bytes:
    """What is kept beside a password's hash, so that it is worth something in this person's row only."""
    return keys().keyed("password", str(person), hashed)


def fits(person: int, hashed: str | None, mac: bytes | None) -> bool:
    """Whether a row's password and what binds it belong together."""
    if hashed is None or mac is None:
        return hashed is None and mac is None
    return hmac.compare_digest(bytes(mac), password_mac(person, hashed))


def audit() -> Iterator[Problem]:
    """Whether every password is its owner's (check A15); with other keys nobody could tell. Facts: person."""
    for key, named, hashed, mac in rows(PASSWORDS) if keys_fit() else ():
        if not fits(key, hashed, mac):
            yield Problem("A15", NOT_SET_HERE, {"person": named})


NOT_SET_HERE = N_("The password of %(person)s is not one that was set for this account, so nobody can sign in with it.")
PASSWORDS = "SELECT id, coalesce(number, username), password, password_mac FROM person ORDER BY id"
WITH_ID = f"SELECT {columns(Person, 'p')} FROM person p WHERE p.id = ?"
