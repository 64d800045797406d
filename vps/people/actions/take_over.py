"""Partners from a file: the whole tree at once, with the numbers and sponsors they had before.

Thousands of people are compared with what is here in a few queries, so this does not go through `register_partner`, but
keeps to the same rules.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.company.actions import must_be_language, must_be_zone
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.cells import maybe, needed
from vps.kernel.clock import day_in, instant, micros
from vps.kernel.csvfile import Cleaner, Line, Table, Twice
from vps.kernel.database import action, insert, is_postgres, rows, run
from vps.kernel.numbers import is_partner_number, partner_number
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_email, clean_name, clean_phone, identity, skeleton, words
from vps.ledger.actions import record
from vps.people.actions.register import FIRST_NUMBER, Details, NameTaken, NoSuchSponsor, NotANumber, change_person
from vps.people.models import Person
from vps.people.models.tree import given_until

KEPT = ("name", "bank_name", "language", "zone", "email", "phone")
"""What a later file may change; number, sponsor and the name for signing in stay."""


class SponsorStays(Refused):
    """Facts: since, sponsor."""

    says = N_(
        "This partner is here already, since %(since)s with another sponsor: %(sponsor)s. An import of partners does not change sponsors."
    )


class NameStays(Refused):
    """Facts: name."""

    says = N_("This partner is here already and signs in as %(name)s. An import does not change that.")


class SponsorsInACircle(Refused):
    says = N_("Going up from here, from sponsor to sponsor, leads in a circle.")


class NobodyInParticular(Refused):
    """Facts: line."""

    says = N_("Line %(line)s has the same name, e-mail and phone. Give both their numbers, or names for signing in.")


class Here(NamedTuple):
    """A person as the database has him; `sponsor` is the number of whoever is it today, since the day on which he was given to him."""

    id: int
    number: str | None
    username: str
    skeleton: str
    sponsor: str
    name: str
    bank_name: str
    language: str
    zone: str
    email: str
    phone: str
    joined_at: int
    given_on: date | None = None


class Taken(NamedTuple):
    """Ids of the partners of the file: made, changed, and those that were the same already; and of which line each is."""

    new: list[int]
    changed: list[int]
    unchanged: list[int]
    of_line: dict[int, int]


class Newcomer(NamedTuple):
    """A line that makes a partner, checked."""

    line: Line
    number: str
    username: str
    sponsor: str
    values: dict[str, Any]


@action
def take_over_people(table: Table, *, actor: Actor, at: datetime) -> Taken:
    """Make the partners of a table, change those whose line says something else than is known, leave the rest alone.

    Raises WrongLines.
    """
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10001)")  # numbers are given to one at a time, as in `register_partner`
    everybody = _Everybody(_here(day_in(at, company().zone)))
    read = [(line, line.read(CELLS)) for line in table.lines]
    newcomers, changes, unchanged = everybody.sort(read)
    _must_have_sponsors(newcomers, everybody, {line["number"] for line in table.lines})
    table.must_be_right()
    new = _make(newcomers, everybody, actor=actor, at=at)
    for here, values in changes:
        details = Details(**{key: values[key] or getattr(here, key) for key in KEPT})
        change_person(Person.get_by_id(here.id), details, actor=actor, at=at)
    return Taken(new, [here.id for here, _ in changes], unchanged, everybody.of_line)


@action
def take_over_customer(partner: int, known: tuple[str, str, str], *, language: str, address: tuple[str, ...], at: datetime) -> int:
    """Make a customer of whom (name, e-mail, phone) and the address are cleaned, and who is not here yet; answers the id."""
    made = insert(CUSTOMER, partner, *known, language, *address, micros(at))
    _write_words("customer", made, known[0])
    return made


def _here(today: date) -> list[Here]:
    given = given_until(today)
    everybody = (Here(*row) for row in rows(EVERYBODY))
    return [here._replace(sponsor=given[here.id][0], given_on=given[here.id][1]) if here.id in given else here for here in everybody]


class _Everybody:
    """Everybody who is here, to be found by number, by name for signing in, and by what is known about him."""

    def __init__(self, people: list[Here]) -> None:
        self.by_number = {here.number: here for here in people if here.number}
        self.by_username = {here.username: here for here in people}
        self.by_facts = {(here.name, here.email, here.phone): here for here in people if here.number}
        self.names = {name for here in people for name in (("is", here.username), ("looks like", here.skeleton))}
        self.of_line: dict[int, int] = {}
        self.last = max([FIRST_NUMBER, *(int(number[:-2]) for number in self.by_number)])

    def sort(self, read: list[tuple[Line, dict[str, Any] | None]]) -> tuple[list[Newcomer], list[tuple[Here, dict[str, Any]]], list[int]]:
        """Who is new, who is to be changed, and who stays as he is. Notes mistakes."""
        newcomers: list[Newcomer] = []
        changes: list[tuple[Here, dict[str, Any]]] = []
        unchanged: list[int] = []
        seen: dict[object, int] = {}
        self.last = max([self.last, *(int(line["number"][:-2]) for line, values in read if values and values["number"])])
        for line, values in read:
            if values is None or _again(line, values, seen):
                continue
            here = self._find(values)
            if here is None:
                newcomers += self._newcomer(line, values)
            elif _may_stay(line, values, here):
                self.of_line[line.number] = here.id
                if any(values[key] and values[key] != getattr(here, key) for key in KEPT):
                    changes.append((here, values))
                else:
                    unchanged.append(here.id)
        return newcomers, changes, unchanged

    def _find(self, values: dict[str, Any]) -> Here | None:
        if values["number"]:
            return self.by_number.get(values["number"])
        if values["username"]:
            here = self.by_username.get(identity(values["username"]))
            return here if here and here.number else None
        return self.by_facts.get(_facts(values))

    def _newcomer(self, line: Line, values: dict[str, Any]) -> Iterator[Newcomer]:
        number = values["number"] or self._next()
        typed = values["username"] or number
        names = {("is", identity(typed)), ("looks like", skeleton(typed))}
        if (identity(typed) != number and is_partner_number(identity(typed))) or names & self.names:
            line.wrong("username", NameTaken())
            return
        self.names |= names
        yield Newcomer(line, number, typed, line["sponsor"], values)

    def _next(self) -> str:
        self.last += 1
        return partner_number(self.last)


def _again(line: Line, values: dict[str, Any], seen: dict[object, int]) -> bool:
    """Whether an earlier line speaks of the same partner."""
    key = values["number"] or (values["username"] and identity(values["username"])) or _facts(values)
    before = seen.setdefault(key, line.number)
    if before == line.number:
        return False
    named = "number" if values["number"] else "username" if values["username"] else ""
    line.wrong(named or "name", Twice(line=before) if named else NobodyInParticular(line=before))
    return True


def _facts(values: dict[str, Any]) -> tuple[str, str, str]:
    return values["name"], values["email"] or "", values["phone"] or ""


def _may_stay(line: Line, values: dict[str, Any], here: Here) -> bool:
    if values["sponsor"] and values["sponsor"] != here.sponsor:
        since = here.given_on or day_in(instant(here.joined_at), company().zone)
        line.wrong("sponsor", SponsorStays(since=since, sponsor=here.sponsor or "–"))
        return False
    if values["username"] and identity(values["username"]) != here.username:
        line.wrong("username", NameStays(name=here.username))
        return False
    return True


def _must_have_sponsors(newcomers: list[Newcomer], everybody: _Everybody, in_file: set[str]) -> None:
    """Every sponsor is here or comes with the file, and nobody stands above himself."""
    sponsors = {newcomer.number: newcomer.sponsor for newcomer in newcomers}
    above: set[str] = set()
    for newcomer in newcomers:
        if newcomer.sponsor and newcomer.sponsor not in everybody.by_number and newcomer.sponsor not in in_file:
            newcomer.line.wrong("sponsor", NoSuchSponsor(number=newcomer.sponsor))
        path: dict[str, None] = {}
        number = newcomer.number
        while number in sponsors and number not in above and number not in path:
            path[number] = None
            number = sponsors[number]
        if number in path:
            newcomer.line.wrong("sponsor", SponsorsInACircle())
        above.update(path)


def _make(newcomers: list[Newcomer], everybody: _Everybody, *, actor: Actor, at: datetime) -> list[int]:
    """Write the newcomers down, sponsors before those they sponsor."""
    ids = {number: here.id for number, here in everybody.by_number.items()}
    below: dict[str, list[Newcomer]] = defaultdict(list)
    ready: deque[Newcomer] = deque()
    for newcomer in newcomers:
        if newcomer.sponsor and newcomer.sponsor not in ids:
            below[newcomer.sponsor].append(newcomer)
        else:
            ready.append(newcomer)
    made: list[int] = []
    while ready:
        newcomer = ready.popleft()
        ids[newcomer.number] = _insert(newcomer, ids.get(newcomer.sponsor), actor=actor, at=at)
        made.append(ids[newcomer.number])
        everybody.of_line[newcomer.line.number] = ids[newcomer.number]
        ready.extend(below.pop(newcomer.number, ()))
    assert not below, "a sponsor was not made"
    return made


def _insert(newcomer: Newcomer, sponsor: int | None, *, actor: Actor, at: datetime) -> int:
    known, named = newcomer.values, identity(newcomer.username)
    person = (
        *(named, skeleton(newcomer.username), newcomer.number, known["name"], known["bank_name"] or known["name"], sponsor),
        *(known["language"] or company().language, known["zone"] or company().zone, known["email"] or "", known["phone"] or "", micros(at)),
    )
    made = insert(PERSON, *person)
    _write_words("person", made, f"{known['name']} {named}")
    record(actor, "person made", f"person:{made}", at=at, after=f"{newcomer.number} {known['name']}")
    return made


def _write_words(kind: str, owner: int, name: str) -> None:
    for word in sorted(set(words(name))):
        run("INSERT INTO word (word, kind, owner) VALUES (?, ?, ?)", word.encode(), kind, owner)


def _number(text: str) -> str:
    if not is_partner_number(text):
        raise NotANumber(number=text[:20])
    return text


def _language(text: str) -> str:
    must_be_language(text)
    return text


def _zone(text: str) -> str:
    must_be_zone(text)
    return text


CELLS: dict[str, Cleaner] = {
    "name": needed(clean_name),
    "number": maybe(_number),
    "bank_name": maybe(clean_name),
    "sponsor": maybe(_number),
    "language": maybe(_language),
    "zone": maybe(_zone),
    "email": maybe(lambda text: clean_email(text).lower()),
    "phone": maybe(clean_phone),
    "username": maybe(clean_name),
}
EVERYBODY = (
    "SELECT p.id, p.number, p.username, p.skeleton, coalesce(s.number, ''), p.name, p.bank_name, p.language, p.zone, p.email, p.phone,"
    " p.joined_at FROM person p LEFT JOIN person s ON s.id = p.sponsor_id"
)
PERSON = (
    "INSERT INTO person (username, skeleton, number, name, bank_name, sponsor_id, language, zone, email, phone, joined_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
CUSTOMER = (
    "INSERT INTO customer (partner_id, name, email, phone, language, street, postcode, city, country, made_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
