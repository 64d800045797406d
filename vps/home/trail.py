"""The audit trail in words: what happened, about whom or what, and what it was before. Here, because it speaks of every capability."""

from typing import Any, NamedTuple

from flask import url_for

from vps.home.discovery.finding import KINDS
from vps.home.discovery.sections import PARTS
from vps.hypermedia.languages import say, spoken
from vps.kernel.database import rows
from vps.kernel.refusals import N_
from vps.ledger.actions import Happened
from vps.orders.models import Colour
from vps.people.actions import HAPPENED
from vps.people.words import amounts, changed
from vps.trust.words import OUTCOMES

ELSEWHERE = {
    "order entered": N_("Order entered"),
    "order changed": N_("Order changed"),
    "order cancelled": N_("Order cancelled"),
    "order imported": N_("Order imported"),
    "order paid": N_("Order paid"),
    "payment recalled": N_("Payment recalled"),
    "debt opened": N_("Debt: the bank took a final payment back"),
    "debt settled": N_("Debt settled"),
    "debt written off": N_("Debt written off"),
    "transferred": N_("Transfer made"),
    "asked back": N_("Transfer asked back"),
    "given back": N_("Transfer given back"),
    "giving back declined": N_("Transfer asked back, recipient keeps it"),
    "asking back closed": N_("Case of a transfer asked back closed"),
    "order sent": N_("Goods sent"),
    "order delivered": N_("Goods arrived"),
    "receipt posted": N_("Receipt mailed"),
    "order refunded": N_("Order refunded"),
    "refund paid again": N_("Refund paid to another account"),
    "refund wanted": N_("Refund wanted by the partner"),
    "refund asked": N_("Refund asked for"),
    "refund approved": N_("Refund approved"),
    "refund refused": N_("Refund refused"),
    "refund withdrawn": N_("Refund withdrawn"),
    "cash returned": N_("Cash returned to the customer"),
    "return of cash closed": N_("Return of cash closed without a receipt"),
    "product made": N_("Product added"),
    "product changed": N_("Product changed"),
    "statement imported": N_("Bank statement imported"),
    "statement taken back": N_("Bank statement taken back"),
    "file set aside": N_("Bank file of the folder set aside"),
    "bank account opened": N_("Bank account set up"),
    "bank account changed": N_("Bank account changed"),
    "bank account closed": N_("Bank account closed"),
    "account shared": N_("Bank account given by several partners"),
    "payout file made": N_("File of pay-outs made"),
    "payout file read": N_("File of pay-outs downloaded"),
    "payout file voided": N_("File of pay-outs voided"),
    "payout taken out": N_("Pay-out not taken by the bank"),
    "payout made by hand": N_("Pay-out made by hand at the bank"),
    "payout not made by hand": N_("Pay-out not made by hand after all"),
    "line clarified": N_("Line of a statement clarified"),
    "batch authorised": N_("Preview booked by one code"),
    "setting changed": N_("Setting changed"),
    "payment requested": N_("Payment requested"),
    "request paid": N_("Payment request paid"),
    "request denied": N_("Payment request denied"),
    "request withdrawn": N_("Payment request withdrawn"),
    "trust levels changed": N_("Trust levels changed"),
    "trust levels changed alone": N_("Trust levels changed by one person alone"),
    "trust introduced": N_("Trust levels introduced"),
    "rate set": N_("Exchange rate set"),
    "rates imported": N_("Exchange rates read from a file"),
    "office transfer asked": N_("Transfer by the office asked for"),
    "office transfer approved": N_("Transfer by the office approved"),
    "office transfer refused": N_("Transfer by the office refused"),
    "office transfer withdrawn": N_("Transfer by the office withdrawn"),
    "reversal asked": N_("Reversal of a transfer asked for"),
    "wallet kind made": N_("Kind of wallet added"),
    "wallet kind changed": N_("Kind of wallet changed"),
    "wallet kind ended": N_("Kind of wallet ended"),
    "transfer rule set": N_("Rule for transfers set"),
    "three wrong codes": N_("Payment cancelled after three wrong codes"),
    "tax rule set": N_("Rate of a tax set"),
    "commission notes asked for": N_("Commission notes asked for"),
    "commission taken back": N_("Commission taken back with a refund"),
    "run begun": N_("Commission run begun"),
    "run calculated": N_("Commission run calculated"),
    "run calculated again": N_("Commission run calculated again"),
    "run approved": N_("Commission run approved"),
    "run stopped": N_("Commission run stopped"),
    "run continued": N_("Commission run continued"),
    "run discarded": N_("Commission run discarded"),
    "run booked": N_("Commission run booked"),
    "plan written": N_("Version of the commission plan written"),
    "plan proposed": N_("Commission plan proposed"),
    "plan in force": N_("Commission plan put into force"),
    "plan in force alone": N_("Commission plan put into force by one person alone"),
    "plan withdrawn": N_("Proposed commission plan withdrawn"),
    "plan tried": N_("Commission plan tried on orders"),
    "point value set": N_("Worth of a point set"),
    "provisions read": N_("Manual provisions handed in"),
    "provisions confirmed": N_("Manual provisions confirmed by a code"),
    "provisions approved": N_("Manual provisions approved by a second person"),
    "provisions refused": N_("Manual provisions refused"),
    "provisions withdrawn": N_("Manual provisions given up"),
    "provision asked back": N_("Taking back a manual provision asked for"),
    "asking back refused": N_("Taking back a manual provision refused"),
    "asking back withdrawn": N_("Taking back a manual provision given up"),
    "flag raised": N_("Something was noticed"),
    "case opened": N_("Case opened"),
    "case noted": N_("Note added to a case"),
    "closing proposed": N_("Closing of a case proposed"),
    "closing sent back": N_("Closing of a case sent back"),
    "case closed": N_("Case closed"),
    "case exported": N_("Case exported"),
    "discovery": N_("Searched for a person"),
    "dossier made": N_("Dossier made"),
    "dossier read": N_("Dossier read"),
    "legal hold begun": N_("Legal hold begun"),
    "legal hold ended": N_("Legal hold ended"),
}
"""What the trail says of everything but people."""
VERBS = HAPPENED | ELSEWHERE
THINGS = {
    "order": N_("Order %(number)s"),
    "product": N_("Product %(name)s"),
    "setting": N_("Setting %(name)s"),
    "bank file": N_("Bank file %(name)s"),
    "payout": N_("Pay-out %(number)s"),
    "payout file": N_("File of pay-outs no. %(number)s"),
    "payee account": N_("Bank account no. %(number)s of a partner"),
    "waiting file": N_("File %(name)s of the folder"),
    "bank account": N_("Bank account %(name)s"),
    "bank line": N_("Line %(name)s of a bank statement"),
    "statement": N_("Bank statement %(name)s"),
    "batch": N_("Preview %(name)s"),
    "run": N_("Commission run %(name)s"),
    "plan": N_("Commission plan, version %(number)s"),
    "points": N_("Points (%(name)s)"),
    "provisions": N_("Manual provisions no. %(number)s"),
    "trust": N_("Trust levels"),
    "tax": N_("Tax %(name)s"),
    "rate": N_("Exchange rate %(name)s"),
    "rates": N_("Exchange rates (%(name)s)"),
    "transfer": N_("Transfer no. %(number)s"),
    "office transfer": N_("Transfer by the office no. %(number)s"),
    "wallet kind": N_("Kind of wallet %(name)s"),
    "transfer rule": N_("Rule for transfers %(name)s"),
    "intent": N_("A payment"),
    "case": N_("Case %(number)s"),
    "discovery": N_("Discovery"),
    "dossier": N_("Dossier no. %(number)s"),
    "legal hold": N_("Legal hold no. %(number)s"),
    "request": N_("Payment request %(number)s"),
}
"""What a line can be about, if it is not a person."""
LINKS = {
    "order": ("orders_office.show", "number"),
    "transfer": ("office_transfers.show_transfer", "key"),
    "office transfer": ("office_transfers.show", "key"),
    "case": ("watch_office.show", "key"),
    "wallet kind": ("wallet_kinds.show", "code"),
    "plan": ("plans_office.show", "version"),
    "provisions": ("provisions_office.show", "key"),
}
"""Where a thing has a page: its address, and the name of its key there."""
STATES = (
    {colour.css: colour.value for colour in Colour} | {"transfer": N_("Bank transfer"), "cheque": N_("Cheque")} | OUTCOMES | KINDS | PARTS
)
"""What an order was before or is after, how a case ends, how somebody was looked for and what of a dossier was read, in words."""
Person = tuple[str | None, str, str]
"""Partner number, name for signing in, name."""


class Told(NamedTuple):
    """A line as it stands on the page; `link` leads to what it is about."""

    what: str
    about: str
    link: str
    details: str
    small: str


def kinds() -> list[tuple[str, str]]:
    """Everything that can happen, in the order of its words."""
    return sorted(((verb, say(words)) for verb, words in VERBS.items()), key=lambda kind: kind[1].casefold())


def told(lines: list[Happened]) -> list[Told]:
    """Lines of the trail as the reader sees them."""
    people = _people(lines)
    return [_told(line, people) for line in lines]


def _told(line: Happened, people: dict[int, Person]) -> Told:
    kind, _, name = line.subject.partition(":")
    if kind == "person" and int(name) in people:
        person = people[int(name)]
        about, link = _called(person), url_for("home_office.partner", number=person[0]) if person[0] else ""
    else:
        about = say(THINGS[kind], name=name, number=name) if kind in THINGS else line.subject
        link = _page_of(kind, name)
    who = _called(people[line.actor]) if line.actor in people else say(N_("the system"))
    what = say(VERBS[line.verb]) if line.verb in VERBS else line.verb  # an older release may have had other words
    return Told(what, about, link, _details(line), " · ".join(filter(None, (spoken(line.at), who, line.address))))


def _page_of(kind: str, name: str) -> str:
    endpoint, key = LINKS.get(kind, ("", ""))
    values: dict[str, Any] = {key: name}
    return url_for(endpoint, **values) if endpoint else ""


def _details(line: Happened) -> str:
    if line.verb in HAPPENED:
        was, now = changed(line)
    else:
        was, now = (say(STATES[text]) if text in STATES else amounts(text) for text in (line.before, line.after))
    return f"{was} → {now or '–'}" if was else now


def _called(person: Person) -> str:
    number, username, name = person
    return f"{number or username} {name}"


def _people(lines: list[Happened]) -> dict[int, Person]:
    """Who did it and whom it is about, in one question."""
    ids = {line.actor for line in lines if line.actor} | {int(line.subject[7:]) for line in lines if line.subject.startswith("person:")}
    marks = ", ".join("?" * len(ids))
    found = rows(f"SELECT id, number, username, name FROM person WHERE id IN ({marks})", *ids) if ids else []  # noqa: S608 - marks only
    return {key: (number, username, name) for key, number, username, name in found}
