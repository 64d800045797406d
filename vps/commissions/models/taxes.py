"""What a partner says about his taxes, and the company's rules about taxes: both are only ever added to, the newest counts."""

from datetime import date
from typing import NamedTuple

from peewee import BigIntegerField, Check, IntegerField, TextField

from vps.kernel.database import one, rows
from vps.kernel.rows import Day, Instant, Row, columns, key_to, made_of
from vps.people.models import Person

NONE, SMALL, VAT = KINDS = ("none", "small", "vat")
"""No business, a small business that charges no VAT, one that does."""
WITHHOLDING = "withholding"
RULES = (VAT, WITHHOLDING)
_KINDS = ", ".join(repr(kind) for kind in KINDS)


class TaxProfile(Row):
    """A partner's own tax details from a moment on, as his commission notes carry them."""

    person = key_to(Person)
    person_id: int
    country = TextField(constraints=[Check("length(country) = 2")])
    kind = TextField(constraints=[Check(f"kind IN ({_KINDS})")])
    number = TextField()
    """The tax number of his country: Steuernummer, OIB, PIB, INN. May be empty."""
    vat_id = TextField()
    address = TextField()
    """As it is to stand on the note, in up to four lines."""
    set_at = Instant()
    set_by = BigIntegerField(null=True)
    reason = TextField(default="")

    class Meta:
        table_name = "tax_profile"
        immutable = True
        constraints = (Check(f"kind <> '{VAT}' OR number <> '' OR vat_id <> ''"),)


TaxProfile.add_index(TaxProfile.person, TaxProfile.id, name="tax_profile_person")


class TaxRule(Row):
    """A rate from a day on, in basis points: of the VAT of a country, or of the tax that is withheld from partners of a kind there."""

    country = TextField(constraints=[Check("length(country) = 2")])
    what = TextField(constraints=[Check(f"what IN ({', '.join(repr(what) for what in RULES)})")])
    kind = TextField(constraints=[Check(f"kind IN ({_KINDS})")])
    name = TextField()
    """As it is called there; the note says it in these words."""
    rate = IntegerField(constraints=[Check("rate BETWEEN 0 AND 10000")])
    since = Day(constraints=[Check("length(since) = 10")])
    set_at = Instant()
    set_by = BigIntegerField(null=True)

    class Meta:
        table_name = "tax_rule"
        immutable = True
        constraints = (Check(f"(what = '{VAT}') = (kind = '{VAT}') OR what = '{WITHHOLDING}'"),)


class Rule(NamedTuple):
    """A rate as it counts on some day, in basis points."""

    country: str
    what: str
    kind: str
    name: str
    rate: int
    since: date


def profile_of(person: int) -> TaxProfile | None:
    """The tax details in force."""
    row = one(f"{OF_PERSON} WHERE t.person_id = ? ORDER BY t.id DESC LIMIT 1", person)
    return made_of(TaxProfile, row) if row else None


def profiles_of(people: list[int]) -> dict[int, TaxProfile]:
    """The same for many, in one look."""
    marks = ", ".join("?" * len(people))
    newest = f"SELECT max(id) FROM tax_profile WHERE person_id IN ({marks}) GROUP BY person_id"
    found = [made_of(TaxProfile, row) for row in (rows(f"{OF_PERSON} WHERE t.id IN ({newest})", *people) if people else ())]
    return {each.person_id: each for each in found}


def history_of(person: int, most: int = 20) -> list[TaxProfile]:
    """All that was ever said, the newest first."""
    return [made_of(TaxProfile, row) for row in rows(f"{OF_PERSON} WHERE t.person_id = ? ORDER BY t.id DESC LIMIT ?", person, most)]


def rules_on(day: date) -> list[Rule]:
    """Every rule that counts on a day: of a country, what and kind the newest that has begun."""
    return sorted({rule[:3]: rule for rule in _until(day)}.values())


def all_rules() -> list[Rule]:
    """Every rule that was ever set, by country, the newest first."""
    found = _until(date.max)
    found.reverse()
    return sorted(found, key=lambda rule: rule[:3])


def _until(day: date) -> list[Rule]:
    found = rows(RULES_BY, day.isoformat())
    return [Rule(country, what, kind, name, rate, date.fromisoformat(since)) for country, what, kind, name, rate, since in found]


OF_PERSON = f"SELECT {columns(TaxProfile, 't')} FROM tax_profile t"
# In this order the last of a country, what and kind is the one that counts.
RULES_BY = "SELECT country, what, kind, name, rate, since FROM tax_rule WHERE since <= ? ORDER BY since, id"
