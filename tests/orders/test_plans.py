"""The lists go through the index of their colour, also in a database about which nobody gathered statistics."""

import pytest

from vps.kernel.database import rows
from vps.orders.models import Colour
from vps.orders.models.lists import COUNT, COUNT_OF_PARTNER

INDEX = {Colour.RED: "orders_red", Colour.YELLOW: "orders_paid", Colour.GREEN: "orders_paid", Colour.BLUE: "orders_blue"}


def plan(sql, *values):
    return " | ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *values))


@pytest.mark.parametrize("colour", Colour)
def test_counts_read_the_index_of_their_colour(house, colour):
    clock = (1,) if colour in (Colour.YELLOW, Colour.GREEN) else ()

    assert f"USING INDEX {INDEX[colour]}_of_partner" in plan(COUNT_OF_PARTNER[colour], house.anna.id, *clock)
    assert f"USING INDEX {INDEX[colour]}" in plan(COUNT[colour], *clock)
