"""What happens to a wallet: opened, topped up, paid from, paid out by hand, set right; and a question about a line."""

from datetime import date, datetime
from typing import NamedTuple

from vps.company.models import company
from vps.kernel.authorisation import Actor, Authorisation, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import Booked, NotEnoughCredit, book, company_account, open_account, record, reverse, voucher
from vps.people.actions import Details, register_partner
from vps.people.models import Person
from vps.post.actions import post
from vps.wallets.models import Wallet, purse

HAND = "receipt"
"""The kind of voucher of a booking by hand."""


class NoWallet(Refused):
    """Facts: currency."""

    says = N_("There is no wallet in %(currency)s.")


class ReceiptBooked(Refused):
    """Facts: number."""

    says = N_("Receipt %(number)s has been booked already. Nothing is booked twice.")
    field = "number"
    status = 409


class WouldBeDebt(Refused):
    """Facts: missing."""

    says = N_("%(missing)s of it has been spent. Tick this to reverse it all the same.")
    field = "as_debt"


class VoucherUsed(Refused):
    """Facts: number."""

    says = N_("Receipt %(number)s has been booked before, with other details. Nothing was booked.")
    field = "number"


class NotByHand(Refused):
    says = N_("Only top-ups and payments out that the office booked can be reversed here.")


class NothingWritten(Refused):
    says = N_("Nothing was written here. Please fill this in.")


class NoReceipt(NothingWritten):
    """Said at the receipt's number."""

    field = "number"


class NoReason(NothingWritten):
    """Said at the reason."""

    field = "reason"


class NoText(NothingWritten):
    """Said at the question or answer."""

    field = "text"


class Slip(NamedTuple):
    """The document behind a booking by hand: its number, day, who paid or was paid, and why."""

    number: str
    day: date
    payer: str
    reason: str

    @property
    def text(self) -> str:
        return " · ".join(filter(None, (self.payer, self.reason)))

    def cleaned(self) -> "Slip":
        """As it is kept. Raises NoReceipt, and what cleaning raises."""
        number = clean_text(self.number, most=40)
        if not number:
            raise NoReceipt
        return Slip(number, self.day, clean_text(self.payer, most=80), clean_text(self.reason, most=200))


@action
def join_partner(details: Details, *, currency: str, actor: Actor, at: datetime) -> Person:
    """Make a partner, with an empty wallet in the company's currency."""
    person = register_partner(details, actor=actor, at=at)
    open_wallet(person.id, currency, at=at)
    return person


@action
def open_wallet(person: int, currency: str, *, at: datetime) -> int:
    """The account of this person's wallet in a currency, opened now if it is new."""
    found = purse(person, currency)
    if found:
        return found[0]
    account = open_account(code=f"wallet:{person}:{currency}", kind="wallet", currency=currency, floor=0, at=at)
    run(OPEN, person, account, currency, micros(at))
    return account


@action
def spend(person: int, amount: Money, *, voucher: int, key: str, at: datetime, authorisation: Authorisation) -> Booked:
    """Pay the company from a wallet. Raises NotEnoughCredit."""
    return book(
        key=key,
        voucher=voucher,
        motive="purchase",
        debit=account_of(person, amount.currency),
        credit=company_account("purchases", amount.currency),
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=day_in(at, company().zone),
    )


@action
def credit(
    person: int,
    amount: Money,
    *,
    source: str,
    motive: str,
    voucher: int,
    key: str,
    at: datetime,
    authorisation: Authorisation,
    day: date,
) -> Booked:
    """Credit a wallet from one of the company's accounts (bank, opening …)."""
    return book(
        key=key,
        voucher=voucher,
        motive=motive,
        debit=company_account(source, amount.currency),
        credit=open_wallet(person, amount.currency, at=at),
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=day,
    )


def must_be_possible(wallet: Wallet, amount: Money, slip: Slip, *, out: bool) -> None:
    """Raise ReceiptBooked or NotEnoughCredit before anybody is promised a booking.

    Sent again after it was confirmed, a slip is the same booking, and is not asked this.
    """
    known = one(PAPER, HAND, slip.cleaned().number)
    if known and known[0] is not None:
        raise ReceiptBooked(number=slip.number)
    free = wallet.account.available
    if out and free < amount:
        raise NotEnoughCredit(available=free, missing=amount - free)


@action
def top_up(person: int, amount: Money, slip: Slip, *, authorisation: ByStaff, at: datetime) -> Booked:
    """Book money that came in, by hand, with its receipt. The same receipt booked again changes nothing.

    Source: seed VPS, "entitled to book incoming or outgoing payments". Raises NoReceipt, VoucherUsed.
    """
    slip = slip.cleaned()
    paper = _paper(person, amount, slip, "top-up", authorisation)
    booked = credit(
        person,
        amount,
        source="bank",
        motive="top-up",
        voucher=paper,
        key=f"{HAND}:{slip.number}",
        at=at,
        authorisation=authorisation,
        day=slip.day,
    )
    _note(person, "top-up booked", amount, slip, booked, authorisation, at)
    return booked


@action
def pay_out(person: int, amount: Money, slip: Slip, *, authorisation: ByStaff, at: datetime) -> Booked:
    """Book money that went out to the partner, by hand, with its receipt. Raises NoReceipt, VoucherUsed, NotEnoughCredit."""
    slip = slip.cleaned()
    booked = book(
        key=f"{HAND}:{slip.number}",
        voucher=_paper(person, amount, slip, "pay-out", authorisation),
        motive="pay-out",
        debit=account_of(person, amount.currency),
        credit=company_account("bank", amount.currency),
        amount=amount,
        at=at,
        actor=authorisation.actor,
        value_date=slip.day,
    )
    _note(person, "pay-out booked", amount, slip, booked, authorisation, at)
    return booked


@action
def reverse_by_hand(person: int, booking: int, *, reason: str, authorisation: ByStaff, at: datetime, as_debt: bool = False) -> Booked:
    """Take a booking by hand back, whole and once. `as_debt`: even if the wallet then lacks money, which everybody will see.

    Raises NoReason, NotByHand, AlreadyReversed, WouldBeDebt.
    """
    why = clean_text(reason, most=200)
    if not why:
        raise NoReason
    row = one(BY_HAND, booking, HAND, person)
    if row is None:
        raise NotByHand
    paper = voucher("reversal", str(booking), day=day_in(at, company().zone), text=why, by=authorisation.actor.person)
    try:
        done = reverse(booking, key=f"reversal:{booking}", voucher=paper, at=at, actor=authorisation.actor, as_debt=as_debt)
    except NotEnoughCredit as short:
        raise WouldBeDebt(missing=short.facts["missing"]) from short
    if not done.again:
        record(authorisation.actor, "booking reversed", f"person:{person}", at=at, before=row[0], after=why)
    return done


@action
def ask_office(person: int, booking: int, text: str, *, at: datetime) -> int:
    """Send a question about a line of one's own to the office; the same question twice is one. Raises NotFound, NoText."""
    words = _words(text, most=1000)
    if not one(ON_STATEMENT, booking, person):
        raise NotFound
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # presses at once go one after another
    found = one("SELECT id FROM question WHERE person_id = ? AND booking = ? AND text = ?", person, booking, words)
    return int(found[0]) if found else insert(ASK, person, booking, words, micros(at))


@action
def answer_question(question: int, text: str, *, authorisation: ByStaff, at: datetime) -> None:
    """The office answers, once, and mails it to who asked. Raises NotFound, NoText."""
    words = _words(text, most=2000)
    if not (asked := one(ANSWER, words, micros(at), authorisation.actor.person, question)):
        raise NotFound
    name, email, language = one("SELECT name, email, language FROM person WHERE id = ?", asked[0])
    if email:
        facts = {"name": name, "booking": asked[1], "question": asked[2], "answer": words}
        post("answer", key=f"answer:{question}", address=email, language=language, facts=facts, at=at)


def account_of(person: int, currency: str) -> int:
    """The ledger account of a person's wallet. Raises NoWallet."""
    found = purse(person, currency)
    if found is None:
        raise NoWallet(currency=currency)
    return found[0]


def _paper(person: int, amount: Money, slip: Slip, motive: str, authorisation: ByStaff) -> int:
    known = one(PAPER, HAND, slip.number)
    if known and known[0] is not None:
        same = known[:3] == (amount.minor, amount.currency, motive) and known[5:] == (slip.day.isoformat(), slip.text)
        wallet = purse(person, amount.currency)
        if not same or wallet is None or wallet[0] not in known[3:5]:
            raise VoucherUsed(number=slip.number)
    return voucher(HAND, slip.number, day=slip.day, text=slip.text, by=authorisation.actor.person)


def _words(text: str, *, most: int) -> str:
    words = clean_text(text, most=most, lines=True)
    if not words:
        raise NoText
    return words


def _note(person: int, verb: str, amount: Money, slip: Slip, booked: Booked, authorisation: ByStaff, at: datetime) -> None:
    if not booked.again:
        record(authorisation.actor, verb, f"person:{person}", at=at, after=f"{amount} {HAND} {slip.number}")


OPEN = "INSERT INTO wallet (person_id, account_id, currency, opened_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
BY_HAND = (
    "SELECT b.key FROM booking b JOIN voucher v ON v.id = b.voucher_id JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id)"
    " WHERE b.id = ? AND v.kind = ? AND w.person_id = ?"
)
PAPER = (
    "SELECT b.amount, b.currency, b.motive, b.debit_id, b.credit_id, v.day, v.text FROM voucher v"
    " LEFT JOIN booking b ON b.key = v.kind || ':' || v.ref WHERE v.kind = ? AND v.ref = ?"
)
ON_STATEMENT = "SELECT 1 FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id) WHERE b.id = ? AND w.person_id = ?"
ASK = "INSERT INTO question (person_id, booking, text, asked_at) VALUES (?, ?, ?, ?)"
ANSWER = "UPDATE question SET answer = ?, answered_at = ?, answered_by = ? WHERE id = ? AND answered_at IS NULL RETURNING person_id, booking, text"
