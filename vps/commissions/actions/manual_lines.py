"""Manual provisions as they are typed or stand in a CSV file: each line checked, all of them or none."""

from collections import Counter
from collections.abc import Iterable
from functools import cache, partial
from hashlib import sha256
from typing import NamedTuple

from vps.commissions.models.audit_manual import BEGIN, LINE
from vps.commissions.models.manual_lists import receiving
from vps.company.models import company
from vps.kernel.amounts import TooMuch
from vps.kernel.authorisation import Actor
from vps.kernel.cells import Empty, currency, maybe, needed, price
from vps.kernel.csvfile import Cleaner, Line, Twice, read_table
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.numbers import is_partner_number
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.models.rows import MOST
from vps.orders.actions.take_over import BATCH
from vps.people.actions.register import NoSuchPartner, NotANumber
from vps.wallets.actions import NotYourOwn
from vps.wallets.models import MAIN

MOST_LINES = 100_000
LONGEST = 140
"""Characters of a text: it stands in a line of a statement."""
REQUIRED, OPTIONAL = ("number", "amount", "currency", "text"), ("kind",)


class NoLines(Refused):
    says = N_("The file names its columns, but has no lines.")


class TooManyLines(Refused):
    """Facts: most."""

    says = N_("The file has too many lines. Most lines: %(most)s. Divide it into several.")


class HasLeft(Refused):
    """Facts: number."""

    says = N_("The account of partner %(number)s is closed: nothing is credited to it any more.")
    field = "number"


class NotKept(Refused):
    """Facts: currency."""

    says = N_("The company keeps no wallets in %(currency)s.")
    field = "currency"


class TakesNoCommission(Refused):
    """Facts: kind."""

    says = N_("There is no kind of wallet “%(kind)s” that receives commissions.")
    field = "kind"


class LikeFormula(Refused):
    says = N_("A text cannot begin with = + - or @: a spreadsheet would run it.")
    field = "text"


class Given(NamedTuple):
    """One line, checked: to whom, into which kind of wallet, how much, and for what."""

    person: int
    kind: str
    currency: str
    minor: int
    text: str


class Who(NamedTuple):
    """A partner as far as it matters here."""

    id: int
    closed: bool


def read_provisions(content: bytes, *, actor: Actor) -> list[Given]:
    """The lines of a file. Raises NoLines, TooManyLines, what `read_table` raises about the whole file, and WrongLines."""
    table = read_table(content, required=REQUIRED, optional=OPTIONAL)
    if len(table.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    if not table.lines and not table.mistakes:
        raise NoLines
    desk = _Desk({line["number"] for line in table.lines}, actor)
    found = [given for line in table.lines if (given := desk.read(line))]
    table.must_be_right()
    return found


def one_provision(number: str, amount: Money, *, kind: str, text: str, actor: Actor) -> Given:
    """What was typed for one partner. Raises what is wrong with it, said at its field."""
    desk = _Desk({number}, actor)
    person = desk.person(number)
    return Given(person, desk.kind(kind), desk.kept(amount.currency), amount.minor, desk.text(text))


def digest_of(lines: Iterable[Given]) -> str:
    """By which the same provisions are known again, however their file was written."""
    found = sha256(BEGIN)
    for line in lines:
        found.update(LINE.format(*line).encode())
    return found.hexdigest()


def sums_of_lines(lines: Iterable[Given]) -> tuple[Money, ...]:
    """What they come to, in each currency."""
    sums = Counter[str]()
    for given in lines:
        sums[given.currency] += given.minor
    return tuple(Money(sums[code], code) for code in sorted(sums))


class _Desk:
    """What lines are checked against: the partners with these numbers, the kinds that receive commissions, the company's currencies."""

    def __init__(self, numbers: set[str], actor: Actor) -> None:
        self.people, self.actor = _people(numbers), actor
        self.kinds = set(receiving())
        self.currencies = set(company().kept_in)
        self.text = cache(_text)  # many lines share one
        self.seen: dict[Given, int] = {}
        self.sums: Counter[tuple[int, str, str]] = Counter()

    def read(self, line: Line) -> Given | None:
        """A line of a file, or None with its mistakes noted."""
        values = line.read(self.cells(line["currency"]))
        if values is None:
            return None
        given = Given(values["number"], values["kind"] or MAIN, values["currency"], values["amount"].minor, values["text"])
        first = self.seen.setdefault(given, line.number)
        if first != line.number:
            line.wrong("", Twice(line=first))
        wallet = given[:3]
        self.sums[wallet] += given.minor
        if self.sums[wallet] > MOST:  # all of a partner's lines are one booking
            line.wrong("amount", TooMuch(most=Money(MOST, given.currency)))
        return given

    def cells(self, code: str) -> dict[str, Cleaner]:
        return {
            "number": needed(self.person),
            "amount": needed(partial(price, code=code)),
            "currency": needed(self.kept),
            "kind": maybe(self.kind),
            "text": needed(self.text),
        }

    def person(self, number: str) -> int:
        if not is_partner_number(number):
            raise _at(NotANumber(number=number[:20]), "number")
        who = self.people.get(number)
        if who is None:
            raise _at(NoSuchPartner(number=number), "number")
        if who.closed:
            raise HasLeft(number=number)
        if who.id == self.actor.person:
            raise _at(NotYourOwn(), "number")
        return who.id

    def kept(self, code: str) -> str:
        if currency(code) not in self.currencies:
            raise NotKept(currency=code)
        return code

    def kind(self, code: str) -> str:
        if code not in self.kinds:
            raise TakesNoCommission(kind=code[:40])
        return code


def _text(typed: str) -> str:
    if typed.lstrip().startswith(("=", "+", "-", "@")):
        raise LikeFormula
    text = clean_text(typed, most=LONGEST)
    if not text:
        raise _at(Empty(), "text")
    return text


def _at(refusal: Refused, field: str) -> Refused:
    refusal.field = field  # type: ignore[misc]
    return refusal


def _people(numbers: set[str]) -> dict[str, Who]:
    wanted = [number for number in sorted(numbers) if is_partner_number(number)]
    found: dict[str, Who] = {}
    for begin in range(0, len(wanted), BATCH):
        part = wanted[begin : begin + BATCH]
        asked = rows(PEOPLE.format(", ".join("?" * len(part))), *part)
        found |= {number: Who(key, closed is not None) for number, key, closed in asked}
    return found


PEOPLE = "SELECT number, id, closed_at FROM person WHERE number IN ({})"
