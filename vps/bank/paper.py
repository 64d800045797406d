"""The reconciliation of a day to take along: as a table for a spreadsheet, and as facts for the typesetter; in the reader's language."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from vps.bank.models.reconciliation import Beside, Reconciled, Reconciliation
from vps.hypermedia.languages import Words
from vps.kernel.csvout import write_table
from vps.kernel.money import Money
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_

TITLE = N_("Reconciliation of %(day)s")
AGREES, DIFFERS = N_("Bank and books agree to the cent."), N_("Bank and books do not agree.")
NOTHING = N_("No statement with a closing balance has come yet, so there is nothing to compare with.")
STATEMENT = N_("Bank statement %(number)s of %(day)s")
BOOKS, DIFFERENCE = N_("Books at the end of the day"), N_("Difference")
BECAUSE = N_("What the difference is made of")
BESIDE = N_("Beside the bank, now: %(currency)s")
CLARIFY, UNCLEAR = N_("To be clarified, by the books"), N_("To be clarified, by the lines (%(n)s)")
TRANSIT, DEBTS, WITHHELD = N_("Pay-outs under way"), N_("Debts"), N_("Withheld tax, not yet paid")
COLUMNS = ("account", "currency", "day", "item", "text", "amount")


def verdict(account: Reconciled) -> str:
    """The sentence about an account."""
    if account.statement is None:
        return NOTHING
    return AGREES if account.closes else DIFFERS


def as_csv(found: Reconciliation, words: Words) -> bytes:
    """One line for each figure. The columns' names and items are for machines, so they are the same in every language."""
    return write_table(COLUMNS, [line for account in found.accounts for line in _account_lines(account, found, words)]
                       + [line for each in found.beside for line in _beside_lines(each, words)])  # fmt: skip


def as_facts(found: Reconciliation, words: Words, *, company: str, now: datetime, zone: str) -> dict[str, Any]:
    """What the typesetter needs."""
    return {
        "title": words.tell(TITLE, {"day": found.day}),
        "company": company,
        "lang": words.language[:2],
        "verdict": words.say(AGREES if found.closes else DIFFERS),
        "because": words.say(BECAUSE),
        "made": words.say(N_("As of %(at)s"), at=words.moment(now, zone)),
        "head": [words.say(N_("Account")), words.say(N_("Amount"))],
        "accounts": [_account_facts(account, words) for account in found.accounts],
        "beside": [
            {
                "title": words.say(BESIDE, currency=each.clarify.currency),
                "rows": [[text, words.signed(amount)] for _, text, amount in _figures(each, words)],
            }
            for each in found.beside
        ],
    }


def _account_lines(account: Reconciled, found: Reconciliation, words: Words) -> Iterator[list[str]]:
    def line(item: str, text: str, amount: Money) -> list[str]:
        return [account.number, amount.currency, found.day.isoformat(), item, text, amount.plain]

    if account.statement is not None:
        yield line("statement", words.tell(STATEMENT, {"number": account.closing_number, "day": account.closing_day}), account.statement)
    yield line("books", words.say(BOOKS), account.books)
    if account.difference is None:
        return
    yield line("difference", words.say(verdict(account)), account.difference)
    for reason in account.reasons:
        yield line("reason" if reason.known else "unexplained", words.tell(reason.says, reason.facts), reason.amount)


def _beside_lines(each: Beside, words: Words) -> Iterator[list[str]]:
    for item, text, amount in _figures(each, words):
        yield ["", amount.currency, "", item, text, amount.plain]


def _figures(each: Beside, words: Words) -> list[tuple[str, str, Money]]:
    return [
        ("clarify", words.say(CLARIFY), each.clarify),
        ("unclear", words.tell(UNCLEAR, {"n": each.lines}), each.unclear),
        ("transit", words.say(TRANSIT), each.transit),
        ("debts", words.say(DEBTS), each.debts),
        ("withheld", words.say(WITHHELD), each.withheld),
    ]


def _account_facts(account: Reconciled, words: Words) -> dict[str, Any]:
    rows = [[words.say(BOOKS), words.money(account.books)]]
    if account.statement is not None and account.difference is not None:
        stated = words.tell(STATEMENT, {"number": account.closing_number, "day": account.closing_day})
        rows = [[stated, words.money(account.statement)], *rows, [words.say(DIFFERENCE), words.signed(account.difference)]]
    return {
        "title": " · ".join(filter(None, (spaced(account.number), account.name))),
        "rows": rows,
        "verdict": words.say(verdict(account)),
        "reasons": [[words.tell(reason.says, reason.facts), words.signed(reason.amount)] for reason in account.reasons],
    }
