"""Codes by SMS: six digits that belong to exactly what is confirmed, sent after amount and payee.

A code is derived from the pepper and everything that was shown, so it is stored nowhere, the same when it is sent again, and another
one for any change. Source: SECURITY, SMS-TAN.
"""

from datetime import datetime, timedelta
from typing import Any

from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.codes import six_digits
from vps.kernel.database import action, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.post.actions import post_sms
from vps.security.actions.intents import Snapshot, intent_row, must_be_open
from vps.security.actions.refusals import NoPhone, SentJustNow, SentTooOften
from vps.security.models import SMS, Phone

GOOD_FOR = timedelta(minutes=5)
"""How long a code by SMS is good, from when it was last sent."""
AGAIN = timedelta(seconds=60)
"""How long to wait before it is sent again."""
SENDS = 3
LONGEST_PAYEE = 20
"""Signs of a payee's name in an SMS: one part must hold it all."""
SAID = {
    "level": N_("lower security level"),
    "way": N_("add a way of confirming"),
    "unfreeze": N_("lift the freeze"),
    "recovery": N_("new recovery codes"),
    "practice": N_("practice, nothing is paid"),
    "account": N_("new bank account %(subject)s"),
    "tax": N_("tax details"),
    "pay-out rule": N_("standing order to bank account %(subject)s"),
}
"""What is confirmed where no amount is named, in few words."""
LISTED = ("pay-out", "pay-out rule")
"""Kinds whose subject is a bank account that was confirmed before."""


def sms_code(shown: Snapshot) -> str:
    """The six digits for what was shown, and for nothing else."""
    return six_digits("sms", shown.digest.hex())


@action
def send_code(shown: Snapshot, *, actor: Actor, at: datetime) -> None:
    """Have the code for this sent to the person's phone; after a minute again, three times at most.

    Raises NoPhone, SentJustNow, SentTooOften, and what `post_sms` raises when no SMS can go out.
    """
    person = actor.person
    assert person is not None
    must_be_open(shown, person, actor.address, at)
    phone = Phone.in_force(person, at)
    if phone is None or SMS not in shown.ways:
        raise NoPhone
    intent = intent_row(shown, person)
    row = one(locked("SELECT sends, sent_at FROM challenge WHERE intent_id = ? AND way = ?"), intent, SMS)
    sends = must_be_sendable(row, at)
    if row:
        run(SEND_AGAIN, sends, micros(at), intent, SMS)
    else:
        run(SEND, intent, SMS, sends, micros(at))
    language = one("SELECT language FROM person WHERE id = ?", person)[0]
    facts = {"intent": shown.nonce}
    post_sms(
        "code",
        key=f"code:{shown.nonce}:{sends}",
        number=phone.plain,
        language=language,
        facts=facts,
        person=person,
        at=at,
        expires_at=at + GOOD_FOR,
    )


def must_be_sendable(row: Any, at: datetime) -> int:
    """How often it will have been sent with this time, from (sends, sent_at) or None. Raises SentJustNow, SentTooOften."""
    if not row or not row[0]:
        return 1
    wait = instant(row[1]) + AGAIN - at
    if wait > timedelta(0):
        raise SentJustNow(seconds=int(wait.total_seconds()) + 1)
    if row[0] >= SENDS:
        raise SentTooOften
    return int(row[0]) + 1


def was_sent(nonce: str) -> bool:
    """Whether the code for what has this number is on its way, so that the dialog asks for it."""
    return one(WAS_SENT, nonce) is not None


def told_by_sms(nonce: str) -> dict[str, Any]:
    """What an SMS says of an intent: subject, amount and payee, or in few words what changes; and the code."""
    kind, subject, minor, currency, payee, digest = one(TOLD, nonce)
    # The first word of a subject names it, what follows only binds it; an account that is in the list already is known by its ending.
    named = subject.partition(" ")[0]
    named = f"…{named[-4:]}" if kind in LISTED else named
    facts = {"subject": named, "payee": payee.strip()[:LONGEST_PAYEE].strip(), "code": six_digits("sms", bytes(digest).hex())}
    return facts | ({"amount": None, "what": SAID[kind]} if minor is None else {"amount": Money(minor, currency)})


SEND = "INSERT INTO challenge (intent_id, way, tries, sends, sent_at) VALUES (?, ?, 0, ?, ?)"
SEND_AGAIN = "UPDATE challenge SET sends = ?, sent_at = ? WHERE intent_id = ? AND way = ?"
WAS_SENT = "SELECT 1 FROM challenge c JOIN intent i ON i.id = c.intent_id WHERE i.nonce = ? AND c.way = 'sms' AND c.sent_at IS NOT NULL"
TOLD = "SELECT kind, subject, amount, currency, payee, digest FROM intent WHERE nonce = ?"
