"""What a partner chose about how his wallets are shown."""

from peewee import Check, TextField

from vps.kernel.database import one
from vps.kernel.rows import Row, key_to
from vps.people.models import Person


class WalletSetting(Row):
    """In which currency a partner sees what all his wallets have together."""

    person = key_to(Person, unique=True)
    total_currency = TextField(constraints=[Check("length(total_currency) = 3")])

    class Meta:
        table_name = "wallet_setting"
        immutable = ("id", "person_id")


def total_currency_of(person: int) -> str | None:
    """What he chose, or None."""
    row = one("SELECT total_currency FROM wallet_setting WHERE person_id = ?", person)
    return row[0] if row else None
