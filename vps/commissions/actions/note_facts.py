"""What is to be printed on the notes of a run: gathered for many partners at once, so that the cost of a note does not grow with the run."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from vps.commissions.models import Plan, Run, TaxProfile
from vps.commissions.models.taxes import NONE, VAT, WITHHOLDING, Rule, profiles_of, rules_on
from vps.commissions.plans.plan import Plan as Rules
from vps.commissions.taxes import GROSS, NET, Taxed, Terms, share_of, taken_apart, terms, vat_rate, withholding
from vps.company.models import Company, company
from vps.kernel.clock import day_in
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.trust.models.identity import LASTS


class NoHome(Refused):
    says = N_("Commission notes need the country in which the company is taxed, and its rate of VAT. Please set them first.")
    status = 409


@dataclass
class Payee:
    """A partner as his notes name him."""

    name: str
    number: str
    language: str
    address: str = ""
    profile: TaxProfile | None = None


@dataclass
class Sources:
    """What a chunk of notes is made of: the payees, and in each one's currencies what they were credited and for which lines."""

    run: Run
    ours: Company
    mode: str
    rate: int
    rules: list[Rule]
    plan: Rules | None
    version: int | None
    at: datetime
    payees: dict[int, Payee] = field(default_factory=dict)
    shares: dict[tuple[int, str], list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[tuple[int, str], list[list[Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def day(self) -> date:
        """The day in the company's zone on which the notes are issued."""
        return day_in(self.at, self.ours.zone)


def sources(run: Run, *, at: datetime) -> Sources:
    """What all notes of a run have in common. Raises NoHome."""
    ours = company()
    day = day_in(at, ours.zone)
    rules = rules_on(day)
    rate = vat_rate(ours.country, day, rules) if ours.country else None
    if rate is None:
        raise NoHome
    plan: Plan | None = Plan.get_or_none(Plan.id == run.plan_id) if run.plan_id else None
    mode = NET if ours.commission_vat == NET else GROSS
    return Sources(run, ours, mode, rate, rules, plan.rules if plan else None, plan.version if plan else None, at)


def gather(found: Sources, people: list[int]) -> None:
    """Read everything about these partners of the run: they are all of its payees from the first to the last of them."""
    marks, span = ", ".join("?" * len(people)), (found.run.id, people[0], people[-1])
    for key, name, number, language in rows(PEOPLE.format(marks), *people):
        found.payees[key] = Payee(name, number or "", language)
    for key, profile in profiles_of(people).items():
        found.payees[key].profile, found.payees[key].address = profile, profile.address
    for key, value in rows(ADDRESSES.format(marks), *people):
        found.payees[key].address = found.payees[key].address or value
    for payee, currency, kind, amount in rows(SHARES, *span):
        found.shares[payee, currency].append((kind, amount))
    bonuses = found.plan.bonuses if found.plan else ()
    for payee, place, level, rate, count, base, amount in rows(LINES, *span) if bonuses else ():
        bonus = bonuses[place]
        found.lines[payee, bonus.currency].append([bonus.name, level, rate, count, base, bonus.of, amount])


def how_taxed(found: Sources, payee: int) -> Terms:
    """How this partner's commission is taxed."""
    profile = found.payees[payee].profile
    return terms(profile.kind, profile.country, found.ours.country, found.rate) if profile else Terms(NONE, 0)


def withholds(day: date) -> bool:
    """Whether anything is withheld from anybody on a day."""
    return any(rule.what == WITHHOLDING and rule.rate for rule in rules_on(day))


def facts_of(found: Sources, payee: int, taxed: Taxed, way: Terms) -> dict[str, Any]:
    """Everything that is printed on the note about what a partner was credited in one currency."""
    currency, run = taxed.total.currency, found.run
    return {
        **_parties(found, payee),
        "run": {"id": run.id, "kind": run.kind, "since": run.since and run.since.isoformat(),
                "until": run.last_day and run.last_day.isoformat(), "booked": day_in(run.booked_at, found.ours.zone).isoformat(), "plan": found.plan.name if found.plan else "", "version": found.version},
        "lines": found.lines.get((payee, currency), []),
        "shares": found.shares[payee, currency],
        "way": way.way,
        "rate": way.rate,
        "mode": found.mode,
        "net": taxed.net.minor,
        "withheld": _withheld(found, payee, taxed.net),
    }  # fmt: skip


def correction_of(first: dict[str, Any], number: str, issued_on: str, taxed: Taxed, back: Money) -> dict[str, Any]:
    """What is printed on the note that takes back a part of another one: names and taxes as they stood on that one.

    `back` is what goes back of the tax that it withheld.
    """
    kept = {name: first[name] for name in ("company", "partner", "run", "way", "rate", "mode")}
    withheld = [*first["withheld"][:2], back.minor] if back.minor else None
    return {**kept, "lines": [], "shares": [], "net": taxed.net.minor, "withheld": withheld, "corrects": [number, issued_on]}


def taxed_back(first: dict[str, Any], before: Money, now: Money) -> Taxed:
    """The part of a note's tax that goes back with what is taken back now, after `before` went: all parts together are the whole."""
    whole, gone = _apart(first, before + now), _apart(first, before)
    return Taxed(whole.net - gone.net, whole.tax - gone.tax, whole.total - gone.total)


def withheld_back(first: dict[str, Any], before: Money, now: Money) -> Money:
    """The same of the tax that a note withheld: what was withheld of what was left before, less what would be of what is left now."""
    if not first.get("withheld"):
        return Money.zero(now.currency)
    net, rate = Money(first["net"], now.currency), first["withheld"][1]
    return share_of(net - _apart(first, before).net, rate) - share_of(net - _apart(first, before + now).net, rate)


def _apart(first: dict[str, Any], credited: Money) -> Taxed:
    return taken_apart(credited, first["rate"] if first["way"] == VAT else 0, first["mode"])


def _parties(found: Sources, payee: int) -> dict[str, Any]:
    ours, partner = found.ours, found.payees[payee]
    profile = partner.profile
    return {
        "company": {"name": ours.legal_name or ours.name, "address": ours.address, "tax_number": ours.tax_number, "country": ours.country},
        "partner": {
            "name": partner.name,
            "number": partner.number,
            "address": partner.address,
            "country": profile.country if profile else "",
            "tax_number": profile.number if profile else "",
            "vat_id": profile.vat_id if profile else "",
        },
    }


def _withheld(found: Sources, payee: int, net: Money) -> list[Any] | None:
    profile = found.payees[payee].profile
    rule = withholding(profile.country, profile.kind, found.rules) if profile else None
    minor = share_of(net, rule.rate).minor if rule else 0
    return [rule.name, rule.rate, minor] if rule and minor else None


PEOPLE = "SELECT id, name, number, language FROM person WHERE id IN ({})"
ADDRESSES = f"SELECT person_id, value FROM identity_step WHERE step = 'address' AND {LASTS} AND person_id IN ({{}})"  # noqa: S608 - constants
SHARES = "SELECT payee, currency, kind, amount FROM commission_share WHERE run_id = ? AND payee BETWEEN ? AND ? AND held = '' ORDER BY payee, kind"
LINES = (
    "SELECT payee, bonus, level, rate, count(DISTINCT order_id), CAST(sum(base) AS bigint), CAST(sum(amount) AS bigint) FROM commission_line"
    " WHERE run_id = ? AND payee BETWEEN ? AND ? GROUP BY payee, bonus, level, rate ORDER BY payee, bonus, level, rate"
)
