"""Tax details of partners and the company's rules about taxes: written down anew, never changed."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from vps.commissions.actions.notes import JOB
from vps.commissions.models.taxes import KINDS, RULES, SMALL, VAT, WITHHOLDING, TaxProfile, profile_of, rules_on
from vps.commissions.taxes import MODES, own_number, vat_number, vat_rate
from vps.company.actions import change_settings
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.people.actions import note
from vps.security.actions import ByTan

KIND = "tax"
"""The kind of intent that changes one's own tax details."""


class NotATaxNumber(Refused):
    says = N_("This cannot be a tax number of that country. Please check every figure.")
    field = "number"


class NotASteuernummer(NotATaxNumber):
    says = N_("This cannot be a German Steuernummer: it has 10 to 13 figures. Please check every figure.")


class NotAnOib(NotATaxNumber):
    says = N_("This cannot be an OIB: it has 11 figures, and the last one proves the others. Please check every figure.")


class NotAPib(NotATaxNumber):
    says = N_("This cannot be a PIB: it has 9 figures, and the last one proves the others. Please check every figure.")


class NotAnInn(NotATaxNumber):
    says = N_("This cannot be an INN: it has 10 or 12 figures, and the last ones prove the others. Please check every figure.")


class NotAVatNumber(Refused):
    says = N_("This cannot be a VAT identification number of that country. Please check every sign.")
    field = "vat_id"


class NumberNeeded(Refused):
    says = N_("Who charges VAT has a tax number or a VAT identification number. Please enter one of them.")
    field = "number"


class NotACountry(Refused):
    says = N_("Please write the country in two capital letters, for example DE.")
    field = "country"


class AddressNeeded(Refused):
    says = N_("Please enter the address as it is to stand on your commission notes, in up to four lines.")
    field = "address"


class ReasonNeeded(Refused):
    says = N_("Please write down why the office changes this.")
    field = "reason"


class NotYourOwnTaxes(Refused):
    says = N_("Nobody changes his own tax details in the office.")
    status = 403


class NoVatRate(Refused):
    """Facts: country."""

    says = N_("Nobody has said what the general rate of VAT in %(country)s is. Please set that rule first.")
    field = "country"


class NotARate(Refused):
    says = N_("Please enter a rate from 0 to 100 percent.")
    field = "percent"


class WithholdsAll(NotARate):
    says = N_("What is withheld is less than 100 percent. A rate of 0 ends it.")


class NameNeeded(Refused):
    says = N_("Please say what the tax is called there: the notes name it.")
    field = "name"


NOT_A_NUMBER = {"DE": NotASteuernummer, "HR": NotAnOib, "RS": NotAPib, "RU": NotAnInn}


class TaxDetails(NamedTuple):
    """What a partner says; `subject` is how a dialog carries it."""

    country: str
    kind: str
    number: str
    vat_id: str
    address: str

    @property
    def subject(self) -> str:
        return json.dumps(self, ensure_ascii=False)

    @classmethod
    def carried(cls, subject: str) -> "TaxDetails":
        return cls(*json.loads(subject))


def read_details(country: str, kind: str, number: str, vat_id: str, address: str) -> TaxDetails:
    """The details as they are kept. Raises a NotATaxNumber, NotAVatNumber, NumberNeeded, NotACountry, AddressNeeded."""
    assert kind in KINDS
    _must_be_country(country)
    own = _checked(number, lambda typed: own_number(country, typed), NOT_A_NUMBER.get(country, NotATaxNumber))
    vat = _checked(vat_id, lambda typed: vat_number(country, typed), NotAVatNumber)
    if kind == VAT and not (own or vat):
        raise NumberNeeded
    lines = [clean_text(line, most=80) for line in address.splitlines()]
    lines = [line for line in lines if line]
    if not 1 <= len(lines) <= 4:
        raise AddressNeeded
    return TaxDetails(country, kind, own, vat, "\n".join(lines))


@action
def set_own_taxes(authorisation: ByTan, *, at: datetime) -> int:
    """Write down the details that a partner confirmed by a code. A resend finds them."""
    person, shown = authorisation.changing(KIND), authorisation.snapshot
    details = TaxDetails.carried(shown.subject)
    known = profile_of(person)
    if known and _of(known) == details:
        return int(known.id)
    authorisation.use_up(subject=shown.subject, amount=None, at=at)
    return _set(person, details, "", actor=authorisation.actor, at=at)


@action
def set_taxes_of(person: int, details: TaxDetails, reason: str, *, actor: Actor, at: datetime) -> int:
    """The office writes down what a partner proved to it, with the reason. Raises ReasonNeeded, NotYourOwnTaxes."""
    if actor.person == person:
        raise NotYourOwnTaxes
    why = clean_text(reason, most=200)
    if not why:
        raise ReasonNeeded
    return _set(person, details, why, actor=actor, at=at)


@action
def set_tax_rule(country: str, what: str, kind: str, name: str, rate: int, since: date, *, actor: Actor, at: datetime) -> None:
    """From that day on this rate counts; a tax that is withheld is taken out of what notes issued from then on credit.

    Raises NotACountry, NotARate, WithholdsAll, NameNeeded.
    """
    assert what in RULES and kind in KINDS
    _must_be_country(country)
    if not 0 <= rate <= 10_000:
        raise NotARate
    called = clean_text(name, most=60)
    if what == WITHHOLDING and rate == 10_000:
        raise WithholdsAll
    if what == WITHHOLDING and not called:
        raise NameNeeded
    insert(RULE, country, what, VAT if what == VAT else kind, called, rate, since.isoformat(), micros(at), actor.person)
    after = f"{called} {rate / 100:g} %, {since.isoformat()}".strip()
    record(actor, "tax rule set", f"tax:{country} {what if what == VAT else kind}", at=at, after=after)


@action
def set_tax_terms(country: str, mode: str, *, actor: Actor, at: datetime) -> None:
    """Say where the company is taxed, and whether commissions are agreed net or gross; notes that waited for it are issued.

    Raises NotACountry, NoVatRate.
    """
    assert mode in MODES
    _must_be_country(country)
    today = day_in(at, company().zone)
    if vat_rate(country, today, rules_on(today)) is None:
        raise NoVatRate(country=country)
    change_settings({"country": country, "commission_vat": mode}, actor=actor, at=at)
    run(TRY_AGAIN, JOB)


def _must_be_country(country: str) -> None:
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise NotACountry


def _checked(typed: str, check: Callable[[str], str | None], wrong: type[Refused]) -> str:
    if not typed.strip():
        return ""
    found = check(typed.strip())
    if not found:
        raise wrong
    return found


def _of(profile: TaxProfile) -> TaxDetails:
    return TaxDetails(*(str(getattr(profile, name)) for name in TaxDetails._fields))


def _set(person: int, details: TaxDetails, reason: str, *, actor: Actor, at: datetime) -> int:
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    before = profile_of(person)
    made = insert(SET, person, *details, micros(at), actor.person, reason)
    note(actor, "tax details changed", person, at=at, before=_short(before) if before else "", after=_short(details))
    return made


def _short(details: TaxDetails | TaxProfile) -> str:
    return " ".join(filter(None, (details.country, details.kind, details.number, details.vat_id)))


SET = (
    "INSERT INTO tax_profile (person_id, country, kind, number, vat_id, address, set_at, set_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
TRY_AGAIN = "UPDATE job SET done_at = NULL, error = NULL, lease_until = NULL WHERE kind = ? AND error IS NOT NULL"
RULE = "INSERT INTO tax_rule (country, what, kind, name, rate, since, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
__all__ = ["KIND", "SMALL", "TaxDetails", "read_details", "set_own_taxes", "set_tax_rule", "set_tax_terms", "set_taxes_of"]
