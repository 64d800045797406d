"""Two people import the same file at the same moment: it is imported once, and both are told so."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.kernel.database import one
from vps.kernel.numbers import partner_number
from vps.orders.actions.take_over import take_over_partners, take_over_products
from vps.orders.actions.take_over_orders import take_over_orders

NUMBER = partner_number(20_001)
FILES = {
    "product": (take_over_products, "code,name,price,currency,points,tax_rate\nSOAP,Seife,4.90,EUR,4,19\nOIL,Öl,19.50,EUR,15,7.7\n"),
    "person": (take_over_partners, f"number,name,sponsor\n,Nina,{NUMBER}\n{NUMBER},Emma,\n"),
    "orders": (
        take_over_orders,
        "reference,partner,customer,date,product,quantity,paid_at\nA,{anna},Maria,2026-05-01,TEA,1,2026-05-01\nB,{anna},Maria,2026-05-01,TEA,1,\n",
    ),
}


@pytest.mark.parametrize("table", FILES)
def test_a_file_that_two_import_at_once_is_imported_once(cast, table):
    take_over, text = FILES[table]
    content = text.replace("{anna}", cast.anna.number).encode()
    (before,) = one(f"SELECT count(*) FROM {table}")

    answers = at_once(3, lambda _: take_over(content, at=NOON))

    assert sorted(outcome.new for outcome in answers) == [0, 0, 2], answers
    assert one(f"SELECT count(*) FROM {table}")[0] == before + 2
    assert take_over(content, at=NOON).unchanged == 2
