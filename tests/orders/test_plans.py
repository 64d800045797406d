"""The lists go through the index of their colour, also in a database about which nobody gathered statistics."""

import pytest

from vps.kernel.database import rows
from vps.orders.models import Colour
from vps.orders.models.lists import COUNT, COUNTS_OF_PARTNER, OLDEST_GREEN, SORT, SORT_OF_PARTNER, WHERE, WHERE_OF_PARTNER, page_sql

INDEX = {Colour.RED: "orders_red", Colour.YELLOW: "orders_paid", Colour.GREEN: "orders_paid", Colour.BLUE: "orders_blue"}
OF_PARTNER = dict.fromkeys(Colour, "orders_paid_of_partner") | {Colour.RED: "orders_red_of_partner"}


def plan(sql):
    return " | ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *[1] * sql.count("?")))


@pytest.mark.parametrize("colour", Colour)
def test_lists_and_counts_read_the_index_of_their_colour(house, colour):
    of_company = plan(page_sql(WHERE[colour], SORT[colour]))
    of_partner = plan(page_sql(f"o.partner_id = ? AND {WHERE_OF_PARTNER[colour]}", SORT_OF_PARTNER[colour]))

    assert f"USING INDEX {INDEX[colour]} (" in of_company
    assert f"USING INDEX {OF_PARTNER[colour]} (" in of_partner
    assert "TEMP B-TREE" not in of_company + of_partner
    assert f"INDEX {INDEX[colour]}" in plan(COUNT[colour])


def test_a_partners_counts_read_his_own_orders_and_no_others(house):
    found = plan(COUNTS_OF_PARTNER)

    assert "INDEX orders_red_of_partner (partner_id=?" in found
    assert "INDEX orders_paid_of_partner (partner_id=?" in found
    assert "SCAN" not in found.replace("SCAN CONSTANT ROW", "")


def test_the_oldest_green_order_is_the_first_of_an_index(house):
    assert "INDEX orders_paid" in plan(OLDEST_GREEN)
