"""The outbox: a message exists exactly if what it tells about was committed."""

from peewee import SQL, IntegerField, TextField

from vps.kernel.rows import Instant, Row


class Message(Row):
    """One mail to be sent: its kind (a template), its recipient and facts. Rendered in the recipient's language when it is sent."""

    key = TextField(unique=True)
    kind = TextField()
    address = TextField()
    language = TextField()
    facts = TextField()
    made_at = Instant()
    due_at = Instant()
    sent_at = Instant(null=True)
    tries = IntegerField(default=0)
    error = TextField(default="")

    class Meta:
        table_name = "outbox"
        immutable = ("id", "key", "kind", "address", "language", "made_at")


Message.add_index(Message.due_at, where=SQL("sent_at IS NULL"), name="outbox_due")
