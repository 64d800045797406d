"""A commission note as it is read: the kept facts in the words of the note's own language, for the page and for the typesetter alike."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from vps.commissions.models import Note
from vps.commissions.models.taxes import NONE, SMALL, VAT
from vps.commissions.taxes import REVERSE
from vps.hypermedia.formats import percent_of_million, territory
from vps.hypermedia.languages import Words
from vps.kernel.money import Money
from vps.kernel.refusals import N_

TITLE = N_("Commission note %(number)s")
CORRECTION = N_("Correction %(number)s of commission note %(first)s")
SELF_BILLED = N_("Credit note made out by the company for its partner (self-billing).")
TAKEN_BACK = N_("Commission that was credited by note %(first)s of %(day)s and taken back.")
SMALL_BUSINESS = {
    "DE": N_("Small business under § 19 of the German VAT Act: no VAT is charged."),
    "AT": N_("Small business under § 6 (1) 27 of the Austrian VAT Act: no VAT is charged."),
    "HR": N_("Small business under article 90 of the Croatian VAT Act: no VAT is charged."),
    "RS": N_("Small business under article 33 of the Serbian VAT Act: no VAT is charged."),
    "RU": N_("Special tax regime or exemption under the Russian Tax Code: no VAT is charged."),
}
NO_VAT = {
    NONE: N_("No VAT is shown: the partner has not told the company that he charges it."),
    SMALL: N_("Small business: no VAT is charged."),
    REVERSE: N_("Reverse charge: the VAT is owed by the recipient of the service, %(company)s."),
}
WITHHELD, CREDITED = N_("Withheld: %(name)s %(rate)s"), N_("Credited after it")
GIVEN_BACK, TAKEN_AFTER = N_("Withheld tax given back: %(name)s %(rate)s"), N_("Taken back after it")
PAID_ON = N_("%(company)s withheld this tax from the commission, and owes it to the tax office.")
# Of notes from before anything was withheld: they say for ever what they said.
OWN_TAX = N_("%(name)s, %(rate)s of %(net)s, is %(amount)s. Nothing of it was deducted: the partner pays this tax himself.")
OBJECT = N_("Whoever disagrees with this note tells the company; it then loses its effect as a credit note.")


def as_facts(note: Note, corrections: list[str], company: str) -> dict[str, Any]:
    """Everything on the note, written out."""
    words, kept, currency = Words(note.language), note.printed, note.currency
    first = kept.get("corrects")
    sign = -1 if first else 1

    def written(minor: int) -> str:
        return words.signed(Money(sign * minor, currency)) if sign < 0 or minor < 0 else words.money(Money(minor, currency))

    number = {"number": note.number}
    return {
        "title": words.say(CORRECTION, **number, first=first[0]) if first else words.say(TITLE, **number),
        "lang": words.language[:2],
        "footer": company,
        "about": words.tell(TAKEN_BACK, {"first": first[0], "day": date.fromisoformat(first[1])}) if first else words.say(SELF_BILLED),
        "company": [kept["company"]["name"], *_lines(kept["company"]["address"]), *_numbers(kept["company"], words)],
        "partner": [kept["partner"]["name"], *_lines(kept["partner"]["address"]), *_numbers(kept["partner"], words)],
        "parties": [words.say(N_("Made out by")), words.say(N_("Partner"))],
        "facts": [list(each) for each in _facts(note, kept, words)],
        "head": [words.say(N_("What for")), words.say(N_("Amount"))],
        "rows": [[text, written(minor)] for text, minor in _rows(kept, words, currency)],
        "sums": [[label, written(minor)] for label, minor in _sums(note, kept, words)],
        "sentences": list(_sentences(note, kept, words)),
        "corrected": [words.say(N_("Corrected by %(number)s"), number=each) for each in corrections],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _numbers(party: dict[str, str], words: Words) -> Iterator[str]:
    country = territory(party["country"], words.language) if party.get("country") else ""
    if country and country.casefold() not in map(str.casefold, _lines(party["address"])):
        yield country
    if party.get("number"):
        yield words.say(N_("Partner number %(number)s"), number=party["number"])
    if party.get("tax_number"):
        yield words.say(N_("Tax number: %(number)s"), number=party["tax_number"])
    if party.get("vat_id"):
        yield words.say(N_("VAT identification number: %(number)s"), number=party["vat_id"])


def _facts(note: Note, kept: dict[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    run = kept["run"]
    yield words.say(N_("Note number")), note.number
    yield words.say(N_("Date")), words.day(note.issued_on)
    if run["since"]:
        since, until = (words.day(date.fromisoformat(day)) for day in (run["since"], run["until"]))
        yield words.say(N_("Period")), f"{since} – {until}"
    yield words.say(N_("Booked on")), words.day(date.fromisoformat(run["booked"]))
    yield words.say(N_("Commission run")), str(run["id"])
    if run["plan"]:
        yield words.say(N_("Plan")), words.say(N_("%(name)s, version %(version)s"), name=run["plan"], version=run["version"])


def _rows(kept: dict[str, Any], words: Words, currency: str) -> Iterator[tuple[str, int]]:
    for line in kept["lines"]:
        yield " · ".join(filter(None, _row(line, words, currency))), line[-1]
    if kept["run"]["kind"] == "manual":
        for _, minor in kept["shares"]:
            yield words.say(N_("Manual provision")), minor


def _row(line: list[Any], words: Words, currency: str) -> Iterator[str]:
    name, level, rate, count, base, of, _ = line
    yield name
    if level:
        yield words.say(N_("Level %(n)s"), n=level)
    if rate:
        yield percent_of_million(rate, words.language)
    yield (
        words.say(N_("on %(base)s"), base=words.money(Money(base, currency))) if of == "amount" else words.say(N_("Points: %(n)s"), n=base)
    )
    yield words.say(N_("Orders: %(n)s"), n=count)


def _sums(note: Note, kept: dict[str, Any], words: Words) -> Iterator[tuple[str, int]]:
    if kept["way"] == VAT:
        yield words.say(N_("Net")), kept["net"]
        yield words.say(N_("VAT %(rate)s"), rate=words.percent(kept["rate"])), note.tax
    yield words.say(N_("Total")), note.total
    if note.withheld:
        back, (name, rate, _) = kept.get("corrects"), kept["withheld"]
        yield words.say(GIVEN_BACK if back else WITHHELD, name=name, rate=words.percent(rate)), -note.withheld
        yield words.say(TAKEN_AFTER if back else CREDITED), note.total - note.withheld


def _sentences(note: Note, kept: dict[str, Any], words: Words) -> Iterator[str]:
    way, country = kept["way"], kept["partner"]["country"]
    if way == SMALL and country in SMALL_BUSINESS:
        yield words.say(SMALL_BUSINESS[country])
    elif way != VAT:
        yield words.say(NO_VAT[way], company=kept["company"]["name"])
    if kept.get("withheld") and not kept.get("corrects"):
        yield words.say(PAID_ON, company=kept["company"]["name"])
    if kept.get("withholding"):
        name, rate, minor = kept["withholding"]
        net, amount = (words.money(Money(each, note.currency)) for each in (kept["net"], minor))
        yield words.say(OWN_TAX, name=name, rate=words.percent(rate), net=net, amount=amount)
    if not kept.get("corrects"):
        yield words.say(OBJECT)
