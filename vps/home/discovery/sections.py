"""The parts of a dossier, one table each. Whoever keeps something about people adds a part to `SECTIONS`, and files to `FILES`.

A part is a statement whose first column is the row's key, by which it is paged and streamed; `asked` is what it is asked about.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from vps.home.discovery import commissions
from vps.home.discovery import statements as sql
from vps.home.discovery.asked import Asked, streamed
from vps.home.discovery.bookings import Names, entries
from vps.kernel.database import rows
from vps.kernel.refusals import N_
from vps.trust.files import content_of

Column = tuple[str, str, str]
"""Its name for machines, its name for people, and what stands in it: text, at (an instant), day, money (minor units; the next column
says of which currency), number, verb (of the trail), motive, rule and outcome (of cases), order (its id)."""
Rows = Callable[[Asked, int, int], Iterator[list[Any]]]
"""The rows after a key, so many at the most, in batches; the key comes first in each and is not shown."""


class Section(NamedTuple):
    """One part: its name in files and addresses, its heading, its columns and its rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows


Files = Callable[[Asked], Iterator[tuple[str, bytes]]]


def documents(asked: Asked) -> Iterator[tuple[str, bytes]]:
    """The pictures of his documents, as he sent them."""
    for document, n, name, secret in rows(sql.DOCUMENTS, asked.person, asked.until):
        yield f"{document}-{n}.jpg", content_of(name, bytes(secret))


FILES: list[Files] = [documents, commissions.notes]
"""What goes into the archive besides tables: each answers names under `documents/` and contents, one after the other."""


def of_statement(statement: str) -> Rows:
    """The rows of a statement that speaks of `asked`: person, subject, email, since, until, after."""

    def found(asked: Asked, after: int, limit: int) -> Iterator[list[Any]]:
        values = asked.person, f"person:{asked.person}", asked.email, asked.since, asked.until, after, limit
        yield from streamed(f"{sql.ASKED} {statement} LIMIT ?", *values)

    return found


def section_named(name: str) -> Section | None:
    """The part with this name."""
    return next((section for section in SECTIONS if section.name == name), None)


def _bookings(asked: Asked, after: int, limit: int) -> Iterator[list[Any]]:
    names, own = Names(), asked.accounts
    for batch in entries(asked, tuple(own), after=after, limit=limit) if own else ():
        names.learn(batch)
        called = {key: place.called for key, place in names.places.items()}
        yield [
            (
                each.id, each.id, each.booked_at, each.value_date, each.motive, called[each.debit], called[each.credit],
                each.amount, each.currency, each.debit_after if each.debit in own else each.credit_after, each.currency,
                each.party, each.party_account, each.refs, each.paper, each.ref, each.text, each.reverses, names.person(each.actor),
            )
            for each in batch
        ]  # fmt: skip


_AT: Column = ("at", N_("When"), "at")
_WHAT: Column = ("what", N_("What happened"), "verb")
_BY: Column = ("by", N_("By whom"), "text")
_CHANGED: tuple[Column, ...] = (("before", N_("Before"), "text"), ("after", N_("After"), "text"))
_ADDRESS: Column = ("address", N_("Internet address"), "text")
_PLACE: tuple[Column, ...] = (
    ("street", N_("Street"), "text"), ("postcode", N_("Postcode"), "text"), ("city", N_("City"), "text"), ("country", N_("Country"), "text"),
)  # fmt: skip
_SINCE: Column = ("since", N_("Since"), "at")
_ENDED: Column = ("ended_at", N_("Ended"), "at")
_NAME: Column = ("name", N_("Name"), "text")
_NUMBER: Column = ("number", N_("No."), "number")
_BOOKING: Column = ("booking", N_("Booking"), "number")
_REASON: Column = ("reason", N_("Reason"), "text")
_TEXT: Column = ("text", N_("Text"), "text")
_BIC: Column = ("bic", "BIC", "text")
_CURRENCY: Column = ("currency", N_("Currency"), "currency")
_RUN: Column = ("run", N_("Run"), "number")
_BOOKED: Column = ("booked_at", N_("Booked on"), "at")
_WALLET: Column = ("wallet", N_("Wallet"), "text")
_HELD: Column = ("held", N_("Not booked"), "text")
_PARTY: tuple[Column, ...] = (("party", N_("Other side at the bank"), "text"), ("party_account", N_("Its account"), "text"))


def _money(name: str, words: str, currency: str = "currency") -> tuple[Column, Column]:
    return (name, words, "money"), (currency, "", "currency")


SECTIONS: list[Section] = [
    Section("identity", N_("Identity"), (
        ("number", N_("Partner number"), "text"), _NAME, ("bank_name", N_("Name, as at the bank"), "text"), ("username", N_("Signs in as"), "text"),
        ("email", N_("E-mail"), "text"), ("phone", N_("Phone"), "text"), ("language", N_("Language"), "text"), ("zone", N_("Time zone"), "text"),
        ("sponsor", N_("Sponsor"), "text"), ("sponsor_name", N_("Name of the sponsor"), "text"), ("joined_at", N_("Joined"), "at"),
        ("closed_at", N_("Closed"), "at"),
    ), of_statement(sql.IDENTITY)),
    Section("identification", N_("Identification"), (
        _AT, ("step", N_("Step"), "text"), ("value", N_("Claimed"), "text"), ("document", N_("Document"), "number"),
        ("accepted_at", N_("Accepted"), "at"), ("rejected_at", N_("Not accepted"), "at"), _REASON, ("expires_on", N_("Expires"), "day"),
        ("withdrawn_at", N_("Withdrawn"), "at"), ("replaced_at", N_("Replaced"), "at"),
    ), of_statement(sql.STEPS)),
    Section("levels", N_("Trust levels"), (_SINCE, ("level", N_("Level"), "number"), ("source", N_("Source"), "text"), _REASON), of_statement(sql.LEVELS)),
    Section("history", N_("History of the account"), (_AT, _WHAT, *_CHANGED, _BY, _ADDRESS), of_statement(sql.HISTORY)),
    Section("acts", N_("What this partner did"), (_AT, _WHAT, ("about", N_("About"), "text"), *_CHANGED, _ADDRESS), of_statement(sql.ACTS)),
    Section("sign-ins", N_("Sign-ins"), (_AT, _WHAT, ("browser", N_("Browser"), "text"), _ADDRESS), of_statement(sql.SIGN_INS)),
    Section("sessions", N_("Sessions that are still kept"), (
        _SINCE, ("seen_at", N_("Last seen"), "at"), _ENDED, _ADDRESS, ("browser", N_("Browser"), "text"),
    ), of_statement(sql.SESSIONS)),
    Section("browsers", N_("Browsers"), (
        ("family", N_("Browser"), "text"), _NAME, _SINCE, ("seen_at", N_("Last seen"), "at"), _ENDED,
    ), of_statement(sql.BROWSERS)),
    Section("ways", N_("Ways of confirming"), (
        ("kind", N_("Kind"), "text"), _NAME, ("made_at", N_("Made"), "at"), _SINCE, _ENDED,
    ), of_statement(sql.WAYS)),
    Section("customers", N_("Customers"), (
        _NAME, ("email", N_("E-mail"), "text"), ("phone", N_("Phone"), "text"), *_PLACE, _SINCE,
    ), of_statement(sql.CUSTOMERS)),
    Section("orders", N_("Orders"), (
        ("number", N_("No."), "order"), ("customer", N_("Customer"), "text"), *_money("total", N_("Total")), ("made_at", N_("Entered"), "at"),
        ("paid_at", N_("Paid"), "at"), ("final_at", N_("Final since"), "at"), ("provisioned_at", N_("Credited"), "at"),
        ("cancelled_at", N_("Cancelled"), "at"), *_money("refunded", N_("Refunded"), "refunded_currency"), *_PLACE,
    ), of_statement(sql.ORDERS)),
    Section("refunds", N_("Refunds"), (
        ("order", N_("Order"), "order"), _NUMBER, ("customer", N_("Customer"), "text"), *_money("amount", N_("Amount")), ("way", N_("Kind"), "text"), _REASON,
        _AT, _BY, ("payout", N_("Pay-out"), "number"), ("done_at", N_("Cash returned"), "at"), ("signed", N_("Signed by"), "text"),
        ("receipt", N_("Receipt"), "text"), ("closed_why", N_("Closed by the office"), "text"),
    ), of_statement(sql.REFUNDS)),
    Section("refund-wishes", N_("Refunds asked for"), (
        ("order", N_("Order"), "order"), *_money("amount", N_("Amount")), ("way", N_("Kind"), "text"), _REASON, _AT, _BY,
        ("decided_at", N_("Decided on"), "at"), ("decided_by", N_("Decided by"), "text"), ("refused_why", N_("Refused"), "text"),
    ), of_statement(sql.WISHES)),
    Section("wallets", N_("Wallets"), (
        ("account", N_("Account"), "text"), ("kind", N_("Kind"), "text"), _NAME, *_money("balance", N_("Balance now")),
        *_money("reserved", N_("Reserved"), "reserved_currency"), _SINCE, ("frozen_at", N_("Frozen"), "at"), _REASON, ("closed_at", N_("Closed"), "at"),
    ), of_statement(sql.WALLETS)),
    Section("bookings", N_("Bookings"), (
        _NUMBER, _AT, ("value_date", N_("Value date"), "day"), ("motive", N_("Motive"), "motive"), ("debit", N_("Came from"), "text"),
        ("credit", N_("Went to"), "text"), *_money("amount", N_("Amount")), *_money("after", N_("Balance after"), "after_currency"), *_PARTY,
        ("references", N_("References"), "text"), ("voucher", N_("Voucher"), "text"), ("voucher_number", N_("Number of the voucher"), "text"), _TEXT,
        ("reverses", N_("Reverses"), "number"), _BY,
    ), _bookings),
    Section("commissions", N_("Commissions"), (
        _RUN, ("kind", N_("Kind"), "text"), ("first_day", N_("First day"), "day"), ("last_day", N_("Last day"), "day"), _BOOKED, _WALLET,
        *_money("amount", N_("Amount")), ("lines", N_("Lines"), "number"), _HELD,
    ), commissions.shares),
    Section("commission-lines", N_("Commission lines"), (
        _RUN, ("plan_version", N_("Version of the plan"), "number"), _BOOKED, ("order", N_("Order"), "order"), ("line", N_("Line"), "number"),
        ("bonus", N_("Bonus"), "text"), ("kind", N_("Kind"), "text"), ("level", N_("Plan level"), "number"), ("via", N_("Through"), "text"),
        ("base", N_("Base"), "text"), ("unit", N_("Unit"), "text"), ("percent", N_("Percent"), "text"), *_money("amount", N_("Amount")), _WALLET,
    ), commissions.lines),
    Section("provisions", N_("Manual provisions"), (
        _RUN, ("line", N_("Line"), "number"), ("handed_in_at", N_("Handed in"), "at"), _BY, _WALLET, *_money("amount", N_("Amount")),
        ("text", N_("What it is for"), "text"), _BOOKED, _HELD, ("refused_at", N_("Refused"), "at"), ("refused_why", N_("Reason"), "text"),
        ("taken_back_at", N_("Taken back"), "at"), ("taken_back_why", N_("Reason"), "text"),
    ), commissions.provisions),
    Section("commission-notes", N_("Commission notes"), (
        _NUMBER, _RUN, ("issued_at", N_("Issued"), "at"), ("corrects", N_("Corrects"), "text"), *_money("credited", N_("Credited")),
        *_money("tax", N_("VAT"), "tax_currency"), *_money("total", N_("Total"), "total_currency"), *_money("withheld", N_("Tax withheld"), "withheld_currency"),
    ), of_statement(commissions.NOTES)),
    Section("transfers", N_("Transfers"), (
        _NUMBER, _AT, ("kind", N_("Kind"), "text"), ("sender", N_("Sender"), "text"), ("recipient", N_("Recipient"), "text"), *_money("amount", N_("Amount")),
        *_money("fee", N_("Fee"), "fee_currency"), *_money("got", N_("Arrived"), "got_currency"), ("rate", N_("Rate"), "text"),
        ("message", N_("Message"), "text"), _REASON, _BOOKING, ("reversed_at", N_("Reversed"), "at"),
    ), of_statement(sql.TRANSFERS)),
    Section("bank-lines", N_("Lines of bank statements"), (
        ("account", N_("Our account"), "text"), ("statement", N_("Statement"), "text"), ("line", N_("Line"), "number"), ("day", N_("Day"), "day"),
        *_money("amount", N_("Amount")), ("became", N_("What it became"), "text"), *_money("part", N_("Of it this partner’s"), "part_currency"), *_PARTY, _TEXT,
        ("references", N_("References"), "text"),
    ), of_statement(sql.LINES)),
    Section("accounts", N_("Bank accounts for pay-outs"), (
        ("holder", N_("Holder"), "text"), ("number", N_("Account"), "text"), _BIC, ("country", N_("Country"), "text"), _SINCE,
        ("usable_from", N_("Usable from"), "at"), _ENDED,
    ), of_statement(sql.ACCOUNTS)),
    Section("pay-outs", N_("Pay-outs"), (
        _NUMBER, _AT, *_money("amount", N_("Amount")), *_money("fee", N_("Fee"), "fee_currency"), ("holder", N_("Holder"), "text"),
        ("account", N_("Account"), "text"), _BIC, _TEXT, ("held_at", N_("Held"), "at"), ("held_reason", N_("Reason"), "text"),
        ("approved_at", N_("Approved"), "at"), ("executed_at", N_("Executed"), "at"), ("returned_at", N_("Returned"), "at"),
        ("return_reason", N_("Reason"), "text"), ("refused_at", N_("Refused"), "at"), ("refuse_reason", N_("Reason"), "text"),
        ("withdrawn_at", N_("Withdrawn"), "at"), _BOOKING,
    ), of_statement(sql.PAYOUTS)),
    Section("messages", N_("Messages sent"), (
        _AT, ("channel", N_("Channel"), "text"), ("kind", N_("Kind"), "text"), ("address", N_("Recipient"), "text"), ("sent_at", N_("Sent"), "at"),
    ), of_statement(sql.MESSAGES)),
    Section("questions", N_("Questions to the office"), (
        _AT, _BOOKING, ("question", N_("Question"), "text"), ("answered_at", N_("Answered"), "at"), ("answer", N_("Answer"), "text"),
    ), of_statement(sql.QUESTIONS)),
    Section("looks", N_("Who in the office looked"), (_AT, _BY, ("page", N_("Page"), "text"), _ADDRESS), of_statement(sql.LOOKS)),
    Section("flags", N_("What was noticed"), (
        _AT, ("rule", N_("Rule"), "rule"), _BOOKING, ("facts", N_("Facts"), "text"), ("case", N_("Case"), "number"),
    ), of_statement(sql.FLAGS)),
    Section("cases", N_("Cases"), (
        _NUMBER, ("opened_at", N_("Opened"), "at"), ("opened_by", N_("Opened by"), "text"), _REASON, ("outcome", N_("Outcome"), "outcome"), ("closed_at", N_("Closed"), "at"),
        ("closed_by", N_("Closed by"), "text"),
    ), of_statement(sql.CASES)),
    Section("case-notes", N_("Notes on cases"), (("case", N_("Case"), "number"), _AT, _BY, _TEXT), of_statement(sql.CASE_NOTES)),
    Section("holds", N_("Legal holds"), (
        _SINCE, ("file_number", N_("File number"), "text"), _REASON, _ENDED, ("ended_why", N_("Reason for the end"), "text"),
    ), of_statement(sql.HOLDS)),
]  # fmt: skip
"""In the order in which they are shown."""
PARTS = {section.name: section.title for section in SECTIONS} | {
    "dossier": N_("Overview"),
    "archive": N_("Archive (ZIP)"),
    "paper": N_("Document (PDF)"),
    "picture": N_("Picture"),
    "story": N_("One booking’s story"),
}
"""What of a dossier somebody can read, as the trail says it."""
