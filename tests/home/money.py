"""A year of Anna's money in a few bookings: by the bank, spent, sent to Boris, who has a part of it paid out, and taken back."""

from datetime import date, timedelta

from tests.bank.payouts import by_rule, usable
from tests.bank.test_import import file, line, take
from tests.cast import NOON, eur
from vps.home.actions import open_dossier
from vps.home.discovery.asked import asked_by
from vps.home.models import Dossier
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import voucher
from vps.wallets.actions import Slip, make_transfer, reverse_by_hand, spend, top_up
from vps.wallets.models import Wallet

THEIRS = "HR1210010051863000160"
"""From which Anna's money came."""
LATER = NOON + timedelta(days=30)


def wallet(person):
    """His main wallet."""
    return Wallet.of(person.id, "EUR")


def pay(person, minor, n, *, at=NOON):
    """An order of this person, paid."""
    paper = voucher("order payment", f"{n}:1", day=at.date())
    return spend(person.id, eur(minor), voucher=paper, key=f"order:{n}", at=at, authorisation=ByStaff(Actor(person.id))).id


def send(giver, taker, minor, key, *, at=NOON):
    """From one's wallet to the other's."""
    facts = {"from_wallet": wallet(giver).id, "to_wallet": wallet(taker).id, "amount": eur(minor), "actor": Actor(giver.id), "at": at}
    return one("SELECT booking FROM transfer WHERE id = ?", make_transfer(key, sender=giver.id, recipient=taker.id, **facts))[0]


def by_hand(cast, minor, number, *, at=NOON):
    """Booked by the office."""
    slip = Slip(number, date(2026, 11, 20), "=Anna", "<b>Cash</b>")
    return top_up(cast.anna.id, eur(minor), slip, authorisation=ByStaff(Actor(cast.dragan.id)), at=at).id


def moved(cast):
    """Anna has 250 from the opening; then 40 by the bank, 270 spent, 15 to Boris, of which he has 10 paid out; 7 by hand, and back."""
    came = line("40.00", ref=topup_reference(cast.anna.number), end="E2E-4711")
    take(file(came.replace("</Dbtr>", f"</Dbtr><DbtrAcct><Id><IBAN>{THEIRS}</IBAN></Id></DbtrAcct>")))
    spent = pay(cast.anna, 270_00, 1001)
    sent = send(cast.anna, cast.boris, 15_00, "t1")
    usable(cast, cast.boris)
    payout = by_rule(cast.boris)
    booked = by_hand(cast, 7_00, "B-7")
    reverse_by_hand(cast.anna.id, booked, reason="wrong", authorisation=ByStaff(Actor(cast.dragan.id)), at=NOON)
    return {"spent": spent, "sent": sent, "payout": payout, "by_hand": booked}


def dossier_of(cast, person, *, from_day=None, to_day=None, at=LATER):
    """A dossier that is not put together, and what it is asked about."""
    facts = {"from_day": from_day, "to_day": to_day, "reason": "File 7", "queue": False, "actor": Actor(cast.elena.id), "at": at}
    key = open_dossier(person.id, **facts)
    return asked_by(Dossier.get_by_id(key))
