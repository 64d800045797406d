"""A partner looks after his own wallets: he opens another, names one, closes one that is empty, and chooses how their total is shown.

Source: ISSUE, "Opening, renaming, freezing, closing at zero".
"""

from datetime import datetime

from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import NotFound
from vps.kernel.text import clean_text
from vps.ledger.actions.booking import NoSuchCurrency
from vps.people.actions import note
from vps.wallets.actions.paying import open_wallet
from vps.wallets.models import MAIN

LONGEST_NAME = 40


@action
def open_own_wallet(person: int, currency: str, *, actor: Actor, at: datetime) -> int:
    """The account of the main wallet in another of the company's currencies, opened now if it is new. Raises NoSuchCurrency."""
    if currency not in company().kept_in:
        raise NoSuchCurrency(currency=currency[:3])
    is_new = not one(OPEN, person, MAIN, currency)
    account = open_wallet(person, currency, at=at)
    if is_new:
        note(actor, "own wallet opened", person, at=at, after=currency)
    return account


@action
def rename_wallet(person: int, wallet: int, name: str, *, actor: Actor, at: datetime) -> None:
    """Call one's wallet something else; nothing: by its kind again. Raises NotFound, and what cleaning a text raises."""
    words = clean_text(name, most=LONGEST_NAME).strip()
    before = one(locked("SELECT name FROM wallet WHERE id = ? AND person_id = ? AND closed_at IS NULL"), wallet, person)
    if before is None:
        raise NotFound
    if before[0] != words:
        run("UPDATE wallet SET name = ? WHERE id = ?", words, wallet)
        note(actor, "wallet renamed", person, at=at, before=before[0], after=words)


@action
def choose_total(person: int, currency: str) -> None:
    """Show what all wallets have together in this currency from now on. Raises NoSuchCurrency."""
    if currency not in company().kept_in:
        raise NoSuchCurrency(currency=currency[:3])
    run(CHOOSE, person, currency)


@action
def statement_exported(person: int, count: int, *, actor: Actor, at: datetime) -> None:
    """Write down that somebody of the office took so many lines of a partner's statement with him."""
    note(actor, "statement exported", person, at=at, after=str(count))


OPEN = "SELECT 1 FROM wallet WHERE person_id = ? AND kind = ? AND currency = ? AND closed_at IS NULL"
CHOOSE = (
    "INSERT INTO wallet_setting (person_id, total_currency) VALUES (?, ?)"
    " ON CONFLICT (person_id) DO UPDATE SET total_currency = excluded.total_currency"
)
