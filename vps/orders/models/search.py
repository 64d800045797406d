"""Finding orders by number, customer or partner, in any script and spelling; every sign is taken literally."""

from datetime import datetime

from vps.kernel.database import rows
from vps.kernel.numbers import order_id
from vps.orders.models.lists import Listed, found_list
from vps.people.models import find


def search_orders(query: str, *, now: datetime, partner: int | None = None, limit: int = 50) -> list[Listed]:
    """The newest orders that match, of one partner or of all. Looks only through indexes: names by the beginnings of their words."""
    number = order_id(query)
    people = [] if partner is not None else [row[0] for row in rows("SELECT id FROM person WHERE number = ?", query)] + find("person", query, limit=20)
    return found_list([number] if number else [], find("customer", query), people, now=now, partner=partner, limit=limit)
