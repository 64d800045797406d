"""Finding orders by number, customer or partner, in any script and spelling; every sign is taken literally."""

from datetime import datetime

from vps.kernel.numbers import order_id
from vps.orders.models.lists import Listed, found_list, newest_of
from vps.people.models import Person
from vps.people.models.search import find


def search_orders(query: str, *, now: datetime, partner: int | None = None, limit: int = 50) -> list[Listed]:
    """The newest orders that match, of one partner or of all. Looks only through indexes: names by the beginnings of their words."""
    number = order_id(query)
    ids = [number] if number else []
    ids += newest_of("customer_id", find("customer", query, partner=partner), limit=limit)
    if partner is None:
        named = Person.by_number(query)
        partners = [int(named.id)] if named else find("person", query, limit=20)
        ids += newest_of("partner_id", partners, limit=limit)
    return found_list(ids, now=now, partner=partner, limit=limit)
