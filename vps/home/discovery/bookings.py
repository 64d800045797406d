"""Bookings of some accounts with who stands on the other side: names, vouchers, and the bank's line. Read in batches, never row by row."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from vps.commissions.models.manual_lists import PAPER, texts_of
from vps.home.discovery.asked import Asked, streamed
from vps.kernel.database import rows
from vps.wallets.models import UNSEEN


class Entry(NamedTuple):
    """A booking, and what its voucher leads to: `party`, `party_account` and `refs` as the bank or the pay-out names them."""

    id: int
    booked_at: int
    value_date: str
    motive: str
    debit: int
    credit: int
    amount: int
    currency: str
    debit_after: int | None
    credit_after: int | None
    reverses: int | None
    actor: int | None
    paper: str
    ref: str
    text: str
    party: str
    party_account: str
    refs: str


class Place(NamedTuple):
    """An account of the ledger: its kind, code and currency, and for a wallet whose it is."""

    kind: str
    code: str
    currency: str
    number: str
    name: str

    @property
    def called(self) -> str:
        return f"{self.number} {self.name}" if self.number else self.code


class Names:
    """Accounts and people by their ids; who is not known yet is asked for together with others."""

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}
        self.people: dict[int, str] = {}

    def learn(self, batch: Sequence[Entry]) -> None:
        """Whatever a batch speaks about."""
        self.learn_accounts({each.debit for each in batch} | {each.credit for each in batch})
        new = {each.actor for each in batch if each.actor is not None} - self.people.keys()
        if new:
            self.people.update(rows(f"{PEOPLE} WHERE id IN ({_marks(new)})", *new))

    def learn_accounts(self, accounts: Iterable[int]) -> None:
        """These accounts."""
        new = set(accounts) - self.places.keys()
        if new:
            self.places.update((key, Place(*facts)) for key, *facts in rows(f"{PLACES} WHERE a.id IN ({_marks(new)})", *new))

    def person(self, key: int | None) -> str:
        """Number and name, or nothing for the house itself."""
        return self.people[key] if key is not None else ""


def entries(asked: Asked, accounts: Collection[int], *, after: int = 0, limit: int = 2**62) -> Iterator[list[Entry]]:
    """Everything booked on these accounts in the period, in the order of booking; between two of them once."""
    marks, period = _marks(accounts), (asked.upto, asked.since, asked.until)
    values = (*accounts, after, *period, *accounts, *accounts, after, *period, limit)
    for batch in streamed(BOOKINGS.format(marks), *values):
        yield list(_told(batch))


def _told(batch: list[Any]) -> Iterator[Entry]:
    lines, payouts, given = _lines(batch), _payouts(batch), _given(batch)
    made = Entry._make
    for row in batch:
        if row[12] == "bank line":
            yield made((*row[:15], *lines.get(_line_of(row[13]), NOBODY)))
        elif row[12] == "pay-out":
            yield made((*row[:15], *payouts.get(_payout_of(row[13]), NOBODY)))
        elif row[12] == PAPER:
            yield made((*row[:14], given.get((row[13], row[5]), row[14]), *row[15:]))
        else:
            yield made(row)


NOBODY = ("", "", "")


def _lines(batch: list[Any]) -> dict[tuple[int, int], tuple[str, str, str]]:
    wanted = sorted({_line_of(row[13]) for row in batch if row[12] == "bank line"})
    if not wanted:
        return {}
    marks = ", ".join(["(?, ?)"] * len(wanted))
    found = rows(LINES.format(marks), *(part for line in wanted for part in line))
    return {(statement, n): (party, account, " ".join(refs.split())) for statement, n, party, account, refs in found}


def _payouts(batch: list[Any]) -> dict[int, tuple[str, str, str]]:
    wanted = sorted({_payout_of(row[13]) for row in batch if row[12] == "pay-out"})
    found = rows(PAYOUTS.format(_marks(wanted)), *wanted) if wanted else []
    return {key: (holder, number, text) for key, holder, number, text in found}


def _given(batch: list[Any]) -> dict[tuple[str, int], str]:
    credited = [row for row in batch if row[12] == PAPER]
    return texts_of({row[13] for row in credited}, {row[5] for row in credited})


def _line_of(ref: str) -> tuple[int, int]:
    # "7/3#12": the third line of the bank's statement 7, which is our row 12.
    line, _, statement = ref.rpartition("#")
    n = line.rpartition("/")[2]
    return (int(statement), int(n)) if statement.isdecimal() and n.isdecimal() else (0, 0)


def _payout_of(ref: str) -> int:
    number = ref.partition(":")[0]
    return int(number) if number.isdecimal() else 0


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


_COLUMNS = "b.id, b.booked_at, b.value_date, b.motive, b.debit_id, b.credit_id, b.amount, b.currency, b.debit_after, b.credit_after, b.reverses, b.actor"
_PERIOD = "id > ? AND id <= ? AND booked_at >= ? AND booked_at < ?"
BOOKINGS = (
    f"SELECT {_COLUMNS}, v.kind, v.ref, v.text, '', '', '' FROM (SELECT * FROM booking WHERE debit_id IN ({{0}}) AND {_PERIOD} AND {UNSEEN}"  # noqa: S608
    f" UNION ALL SELECT * FROM booking WHERE credit_id IN ({{0}}) AND debit_id NOT IN ({{0}}) AND {_PERIOD} AND {UNSEEN}) AS b"
    " JOIN voucher v ON v.id = b.voucher_id ORDER BY b.id LIMIT ?"
)
PLACES = (
    "SELECT a.id, a.kind, a.code, a.currency, coalesce(p.number, p.username, ''), coalesce(p.name, '') FROM account a"
    " LEFT JOIN wallet w ON w.account_id = a.id LEFT JOIN person p ON p.id = w.person_id"
)
PEOPLE = "SELECT id, coalesce(number, username) || ' ' || name FROM person"
LINES = "SELECT statement_id, n, party, party_account, refs FROM bank_line WHERE (statement_id, n) IN (VALUES {})"
PAYOUTS = "SELECT id, holder, number, text FROM payout WHERE id IN ({})"
