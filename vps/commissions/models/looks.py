"""How far something that looks at what happened has come."""

from peewee import BigIntegerField, TextField

from vps.kernel.rows import Instant, Row


class Look(Row):
    """Everything up to this moment, and of that moment up to this id, was looked at."""

    name = TextField(unique=True)
    at = Instant()
    upto = BigIntegerField()

    class Meta:
        table_name = "commission_look"
        immutable = ("id", "name")
