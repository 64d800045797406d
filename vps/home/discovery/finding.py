"""Somebody is found by anything that leads to him: number, name, mail address, phone, account, order, booking or bank line.

Also by what has ended: an account he took away, a line that was taken back. Every sign is taken literally.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from vps.bank.accounts import is_serbian, serbian_iban
from vps.kernel.database import rows
from vps.kernel.numbers import is_iban, order_id
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_phone, identity
from vps.people.models.search import find

MOST = 50
"""Partners that are shown."""
LEAST = 3
"""Characters of a reference of a bank line: looking for fewer finds everything."""
KINDS = {
    "account": N_("by a bank account"),
    "mail": N_("by a mail address"),
    "phone": N_("by a phone number"),
    "number": N_("by a number"),
    "text": N_("by a name or a reference"),
}
"""By what kind of thing somebody can be looked for, as the trail says it."""
WHY = {
    "partner": N_("Partner number"),
    "username": N_("Name for signing in"),
    "name": N_("Name"),
    "mail": N_("E-mail"),
    "phone": N_("Phone"),
    "customer": N_("Mail address or phone of a customer"),
    "payee": N_("Bank account for pay-outs"),
    "paid to": N_("Account of a pay-out"),
    "line account": N_("Account of the other side of a bank line"),
    "order": N_("Order"),
    "booking": N_("Booking"),
    "receipt": N_("Receipt"),
    "pay-out": N_("Pay-out"),
    "transfer": N_("Transfer"),
    "line": N_("Line of a bank statement"),
    "reference": N_("Reference of a bank line"),
}


class Found(NamedTuple):
    """A partner, and the ways in which he was found: which kind of thing, and what it says."""

    number: str
    name: str
    why: list[tuple[str, str]]


def kind_of(typed: str) -> str:
    """What kind of thing was typed."""
    bare = _bare(typed)
    if "@" in typed:
        return "mail"
    if is_iban(bare) or re.fullmatch("[0-9]{18}|[0-9]{20}", bare):
        return "account"
    if re.fullmatch(r"\+[0-9 ()/.-]+", typed.strip()):
        return "phone"
    return "number" if bare.isdigit() else "text"


def search(typed: str) -> list[Found]:
    """Every partner that it leads to, by number, at most `MOST`."""
    asked, kind = typed.strip(), kind_of(typed)
    reasons: dict[int, list[tuple[str, str]]] = {}
    for why, person, what in BY[kind](asked):
        said = reasons.setdefault(person, [])
        if (why, what) not in said:
            said.append((why, what))
    people = list(reasons)[:MOST]
    found = rows(PARTNERS.format(_marks(people)), *people) if people else []
    return [Found(number, name, reasons[person]) for person, number, name in found]


Hits = list[tuple[str, int, str]]
"""Why, whose, and what stands there."""


def _by_mail(asked: str) -> Hits:
    return rows(BY_MAIL, asked.lower(), asked.lower(), MOST)


def _by_phone(asked: str) -> Hits:
    try:
        number = clean_phone(asked)
    except Refused:
        number = asked
    return rows(BY_PHONE, number, number, MOST)


def _by_account(asked: str) -> Hits:
    bare = _bare(asked)
    others = serbian_iban(bare) if is_serbian(bare) else bare[4:] if bare.startswith("RS") else bare
    both = (bare, others)
    return rows(BY_PAYEE, *both, MOST) + rows(BY_PAID, *both, MOST) + _of_lines(rows(BY_LINE_ACCOUNT, *both, MOST), "line account")


def _by_number(asked: str) -> Hits:
    bare = _bare(asked)
    found: Hits = rows(BY_NUMBER, bare) + _by_text(bare)
    order = order_id(bare)
    if order is not None:
        found += rows(BY_ORDER, bare, order)
    if len(bare) < 19:
        key = int(bare)
        found += [hit for sql in (BY_BOOKING, BY_PAYOUT, BY_TRANSFER) for hit in rows(sql, bare, key)]
        found += _of_lines([(key, bare)], "line")
    return found


def _by_text(asked: str) -> Hits:
    named: Hits = [("name", person, asked) for person in find("person", asked, limit=MOST)]
    named += rows(BY_USERNAME, identity(asked))
    if len(asked) < LEAST:
        return named
    literal = re.sub(r"([\\%_])", r"\\\1", asked)
    return named + rows(BY_RECEIPT, asked, f"receipt:{asked}") + _of_lines(rows(BY_REFERENCE, f"%{literal.upper()}%", MOST), "reference")


def _of_lines(lines: list[tuple[int, str]], why: str) -> Hits:
    # Whose a line is, its bookings on wallets say, and the orders it paid.
    if not lines:
        return []
    said, keys = dict(lines), [key for key, _ in lines]
    marks = _marks(keys)
    return [(why, person, " ".join(said[key].split())) for key, person in rows(WHOSE.format(marks), *keys, *keys)]


BY: dict[str, Callable[[str], Hits]] = {
    "mail": _by_mail,
    "account": _by_account,
    "phone": _by_phone,
    "number": _by_number,
    "text": _by_text,
}


def _bare(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper()


def _marks(values: list[int]) -> str:
    return ", ".join("?" * len(values))


PARTNERS = "SELECT id, number, name FROM person WHERE number IS NOT NULL AND id IN ({}) ORDER BY number"
BY_MAIL = (
    "SELECT * FROM (SELECT 'mail', id, email FROM person WHERE email = ? UNION ALL"
    " SELECT 'customer', partner_id, email FROM customer WHERE email = ?) AS found LIMIT ?"
)
BY_PHONE = (
    "SELECT * FROM (SELECT 'phone', id, phone FROM person WHERE phone = ? UNION ALL"
    " SELECT 'customer', partner_id, phone FROM customer WHERE phone = ?) AS found LIMIT ?"
)
BY_PAYEE = "SELECT 'payee', person_id, number FROM payee_account WHERE number IN (?, ?) ORDER BY id LIMIT ?"
BY_PAID = "SELECT DISTINCT 'paid to', person_id, number FROM payout WHERE number IN (?, ?) AND person_id IS NOT NULL LIMIT ?"
BY_LINE_ACCOUNT = "SELECT id, party_account FROM bank_line WHERE party_account IN (?, ?) AND party_account <> '' ORDER BY id DESC LIMIT ?"
BY_NUMBER = "SELECT 'partner', id, number FROM person WHERE number = ?"
BY_USERNAME = "SELECT 'username', id, username FROM person WHERE username = ?"
BY_ORDER = "SELECT 'order', partner_id, CAST(? AS text) FROM orders WHERE id = ?"
BY_BOOKING = "SELECT 'booking', w.person_id, CAST(? AS text) FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) WHERE b.id = ?"
BY_RECEIPT = "SELECT 'receipt', w.person_id, CAST(? AS text) FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) WHERE b.key = ?"
BY_PAYOUT = "SELECT 'pay-out', person_id, CAST(? AS text) FROM payout WHERE id = ? AND person_id IS NOT NULL"
BY_TRANSFER = "SELECT 'transfer', w.person_id, CAST(? AS text) FROM transfer t JOIN wallet w ON w.account_id IN (t.debit_id, t.credit_id) WHERE t.id = ?"
BY_REFERENCE = "SELECT id, refs FROM bank_line WHERE upper(refs) LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?"
WHOSE = (
    "SELECT c.line_id, w.person_id FROM line_claim c JOIN booking b ON b.id = c.booking JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id)"
    " WHERE c.line_id IN ({0}) UNION SELECT c.line_id, o.partner_id FROM line_claim c JOIN orders o ON o.id = c.target"
    " WHERE c.kind = 'order' AND c.line_id IN ({0}) ORDER BY 1, 2"
)
