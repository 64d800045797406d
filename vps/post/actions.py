"""Posting: the action that changes something writes the message into the same transaction; the worker sends it later."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from vps.company.models import company
from vps.kernel.clock import micros
from vps.kernel.database import action, database, is_postgres, one, rows, run
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.post.models import sms_failures_in_row, sms_is_down, sms_offered

HOURS, MINUTES, SECONDS = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
RETRY = (1 * MINUTES, 5 * MINUTES, 30 * MINUTES, 2 * HOURS, 6 * HOURS)
"""How long a mail waits after each failure; after the last one every try waits as long as that."""
RETRY_SMS = (15 * SECONDS, 30 * SECONDS, 1 * MINUTES, 2 * MINUTES, 5 * MINUTES)
"""The same for an SMS: the code in it is good for minutes."""
LEASE = 5 * MINUTES
"""Longer than the slowest server and the slowest gateway may take, with all that they may say slowly."""
LEASE_SMS = 1 * MINUTES
DAY = 24 * HOURS
SMS_A_DAY = 10
"""Text messages for one number, and for one person, within 24 hours."""


class NoSms(Refused):
    """Base of every reason why no text message can be sent now: whoever catches it offers another way."""

    says = N_("Text messages are not set up here. Please choose another way.")


class TooManySms(NoSms):
    """Facts: most."""

    says = N_("%(most)s text messages within a day are the most. Please choose another way, or try again tomorrow.")
    status = 429


class SmsBudgetSpent(NoSms):
    says = N_("No more text messages can be sent today. Please choose another way, or call the office.")
    status = 429


class SmsDown(NoSms):
    says = N_("Text messages do not get through right now. Please choose another way, or try again in some minutes.")
    status = 503


class Claimed(NamedTuple):
    """A message that one worker has in hand."""

    id: int
    key: str
    kind: str
    address: str
    language: str
    facts: dict[str, Any]


def post(
    kind: str,
    *,
    key: str,
    address: str,
    language: str,
    facts: dict[str, Any],
    at: datetime,
    channel: str = "mail",
    expires_at: datetime | None = None,
    person: int | None = None,
) -> None:
    """Write a message into the outbox, once per key. Facts are JSON: text, whole numbers, lists of them."""
    when, ends = micros(at), None if expires_at is None else micros(expires_at)
    run(INSERT, key, kind, address, language, json.dumps(facts, ensure_ascii=False), when, when, channel, person, ends)


@action
def post_sms(
    kind: str,
    *,
    key: str,
    number: str,
    language: str,
    facts: dict[str, Any],
    person: int | None,
    at: datetime,
    expires_at: datetime | None,
) -> None:
    """Write a text message into the outbox, once per key, unless it cannot or must not be sent.

    Two at the very same moment may pass the last of the ten together; that costs a message, and no lock. `number` is as
    `vps.post.sms.number` answers it. Raises NoSms, TooManySms, SmsBudgetSpent, SmsDown.
    """
    if one("SELECT 1 FROM outbox WHERE key = ?", key):
        return
    if not sms_offered():
        raise NoSms
    if sms_is_down(at):
        raise SmsDown
    since, most, known_as = micros(at - DAY), company().sms_per_day, keys().keyed("sms number", number).hex()
    if one(MADE_FOR_NUMBER, known_as, since, SMS_A_DAY)[0] >= SMS_A_DAY or one(MADE_FOR_PERSON, person, since, SMS_A_DAY)[0] >= SMS_A_DAY:
        raise TooManySms(most=SMS_A_DAY)
    if one(MADE, since, most)[0] >= most:
        raise SmsBudgetSpent
    sealed = facts | {"number": keys().encrypt(number.encode(), owner=f"sms:{key}").decode()}
    post(kind, key=key, address=known_as, language=language, facts=sealed, at=at, channel="sms", expires_at=expires_at, person=person)


def number_of(message: Claimed) -> str:
    """The number a text message goes to. It is forgotten with the facts, and readable to nobody who has only the database."""
    return keys().decrypt(message.facts["number"].encode(), owner=f"sms:{message.key}").decode()


def due(at: datetime, *, channel: str = "mail", limit: int = 20) -> list[tuple[int, str, str, str, str, dict[str, Any]]]:
    """The oldest messages of a channel that could be sent now: (id, key, kind, address, language, facts)."""
    now = micros(at)
    return [(*row[:5], json.loads(row[5])) for row in rows(DUE, channel, now, now, now, limit)]


def claim(channel: str, *, at: datetime) -> Claimed | None:
    """Take the oldest message that is due into this worker's hands, or None.

    The lease is committed before anything is sent, and no lock is held while a server or a gateway takes its time. A worker
    that is killed in between may have sent the message: it is sent again when the lease is over, with the same id. It is
    never lost.
    """
    # A look without a lock first: nearly always there is nothing to do.
    return _lease(channel, at=at) if due(at, channel=channel, limit=1) else None


@action
def _lease(channel: str, *, at: datetime) -> Claimed | None:
    now = micros(at)
    # What another worker takes at this very moment is not waited for.
    row = one(DUE + (" FOR UPDATE SKIP LOCKED" if is_postgres() else ""), channel, now, now, now, 1)
    if row is None:
        return None
    number, key, kind, address, language, facts = row
    run("UPDATE outbox SET lease_until = ? WHERE id = ?", micros(at + (LEASE_SMS if channel == "sms" else LEASE)), number)
    return Claimed(number, key, kind, address, language, json.loads(facts))


def give_up_expired(*, at: datetime) -> None:
    """Forget what has expired before it could be sent: its code is good for nothing any more."""
    # A look without a lock first, here too.
    expired = [message for (message,) in rows(EXPIRED, micros(at), micros(at))]
    if expired:
        _give_up(expired, at=at)


@action
def _give_up(messages: list[int], *, at: datetime) -> None:
    for message in messages:
        run(GIVE_UP, micros(at), message, micros(at))


@action
def sent(message: int, *, at: datetime) -> None:
    """Note that a message went out, and forget its facts: a link or a code in it is nobody's business any more."""
    run("UPDATE outbox SET sent_at = ?, given_up_at = NULL, lease_until = NULL, error = '', facts = '{}' WHERE id = ?", micros(at), message)


@action
def failed(message: int, *, error: str, at: datetime, pause: timedelta | None = None) -> None:
    """Note a failure and when to try again: no sooner than after `pause`, where the other side asked for one."""
    assert database.in_transaction()
    tries, channel = one("SELECT tries, channel FROM outbox WHERE id = ?", message)
    waits = RETRY_SMS if channel == "sms" else RETRY
    again = micros(at + max(waits[min(tries, len(waits) - 1)], pause or timedelta()))
    in_row = sms_failures_in_row() + 1 if channel == "sms" else 0
    run(FAILED, error[:500], again, micros(at), in_row, message)


@action
def way_shut(message: int, *, error: str, at: datetime) -> None:
    """Note that the mail server could not be reached at all: every message keeps its place in the queue, and all say why they wait."""
    run("UPDATE outbox SET tries = tries + 1, error = ?, lease_until = NULL WHERE id = ? AND sent_at IS NULL", error[:500], message)
    run(WAITING, error[:500], micros(at))


INSERT = (
    "INSERT INTO outbox (key, kind, address, language, facts, made_at, due_at, tries, error, channel, person, expires_at, in_row)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, 0) ON CONFLICT (key) DO NOTHING"
)
DUE = (
    "SELECT id, key, kind, address, language, facts FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND channel = ?"
    " AND due_at <= ? AND (lease_until IS NULL OR lease_until <= ?) AND (expires_at IS NULL OR expires_at > ?) ORDER BY due_at, id LIMIT ?"
)
EXPIRED = (
    "SELECT id FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND expires_at IS NOT NULL AND expires_at <= ?"
    " AND (lease_until IS NULL OR lease_until <= ?)"
)
GIVE_UP = "UPDATE outbox SET given_up_at = ?, facts = '{}' WHERE id = ? AND sent_at IS NULL AND (lease_until IS NULL OR lease_until <= ?)"
FAILED = "UPDATE outbox SET tries = tries + 1, error = ?, due_at = ?, failed_at = ?, in_row = ?, lease_until = NULL WHERE id = ? AND sent_at IS NULL"
WAITING = "UPDATE outbox SET tries = 1, error = ? WHERE sent_at IS NULL AND given_up_at IS NULL AND channel = 'mail' AND tries = 0 AND due_at <= ?"
MADE_FOR_NUMBER = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE channel = 'sms' AND address = ? AND made_at > ? LIMIT ?) AS made"
MADE_FOR_PERSON = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE channel = 'sms' AND person = ? AND made_at > ? LIMIT ?) AS made"
MADE = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE channel = 'sms' AND made_at > ? LIMIT ?) AS made"
