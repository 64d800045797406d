"""The outbox: a message exists exactly if what it tells about was committed."""

from datetime import datetime, timedelta

from peewee import SQL, BigIntegerField, Check, IntegerField, TextField

from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.kernel.rows import Instant, Row

BREAKS_AT = 20
"""Failures in a row after which the SMS gateway counts as down."""
DOWN_FOR = timedelta(minutes=5)
"""How long nobody is offered an SMS after the latest of them."""


class Message(Row):
    """One mail or SMS to be sent: its kind (a template), its recipient and facts. Rendered in the recipient's language when it is sent."""

    key = TextField(unique=True)
    kind = TextField()
    address = TextField()
    """A mail address, or the keyed digest of a phone number, by which its day's messages are counted."""
    language = TextField()
    facts = TextField()
    made_at = Instant()
    due_at = Instant()
    sent_at = Instant(null=True)
    tries = IntegerField(default=0)
    error = TextField(default="")
    channel = TextField(constraints=[Check("channel IN ('mail', 'sms')")])
    person = BigIntegerField(null=True)
    """Whom an SMS is for, where that is known: his day's number of them is counted."""
    expires_at = Instant(null=True)
    """From then on it is not sent any more: it would tell a code that is no longer good."""
    given_up_at = Instant(null=True)
    lease_until = Instant(null=True)
    """Until then one worker has it in hand and no other touches it. A worker that was killed never says more."""
    failed_at = Instant(null=True)
    """The latest failure, and the how manieth of its channel in a row it was."""
    in_row = IntegerField(default=0)

    class Meta:
        table_name = "outbox"
        immutable = ("id", "key", "kind", "address", "language", "made_at", "channel", "person", "expires_at")
        constraints = (Check("sent_at IS NULL OR given_up_at IS NULL"),)


_WAITS = SQL("sent_at IS NULL AND given_up_at IS NULL")
_SMS = SQL("channel = 'sms'")
Message.add_index(Message.channel, Message.due_at, Message.id, where=_WAITS, name="outbox_due")
Message.add_index(
    Message.expires_at, where=SQL("sent_at IS NULL AND given_up_at IS NULL AND expires_at IS NOT NULL"), name="outbox_expires"
)
Message.add_index(Message.made_at, where=_SMS, name="outbox_sms_made")
Message.add_index(Message.address, Message.made_at, where=_SMS, name="outbox_sms_address")
Message.add_index(Message.person, Message.made_at, where=_SMS, name="outbox_sms_person")
Message.add_index(Message.failed_at, Message.in_row, where=SQL("channel = 'sms' AND failed_at IS NOT NULL"), name="outbox_sms_failed")
Message.add_index(Message.sent_at, where=SQL("channel = 'sms' AND sent_at IS NOT NULL"), name="outbox_sms_sent")

_offered = [False]


def offer_sms(offered: bool) -> None:
    """Say whether this installation has an SMS gateway. Whoever opens a house does: the rules below know no environment."""
    _offered[0] = offered


def sms_offered() -> bool:
    """Whether an SMS can be sent from here at all."""
    return _offered[0]


def sms_is_down(at: datetime) -> bool:
    """Whether the gateway has failed so often in a row, and so lately, that another way should be offered."""
    newest = one(NEWEST_FAILURE)
    if newest is None or newest[1] < BREAKS_AT or newest[0] <= micros(at - DOWN_FOR):
        return False
    return one(SENT_SINCE, newest[0]) is None


def sms_failures_in_row() -> int:
    """How often the gateway has failed since it last took a message."""
    newest = one(NEWEST_FAILURE)
    return 0 if newest is None or one(SENT_SINCE, newest[0]) else int(newest[1])


NEWEST_FAILURE = (
    "SELECT failed_at, in_row FROM outbox WHERE channel = 'sms' AND failed_at IS NOT NULL ORDER BY failed_at DESC, in_row DESC LIMIT 1"
)
SENT_SINCE = "SELECT 1 FROM outbox WHERE channel = 'sms' AND sent_at IS NOT NULL AND sent_at >= ? LIMIT 1"
