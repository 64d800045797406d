"""What the office says of a line about orders: found by number, paid with one press, and what of it cannot be taken back."""

from datetime import timedelta

import pytest

from tests.bank.test_claiming import unclear
from tests.bank.test_import import file, line, take
from tests.bank.test_taking_back import end, proven
from tests.cast import NOON, app_of, eur, red_order
from vps.bank.actions import StaysBooked, clarify, ending_of, sought
from vps.bank.models import claims_of, open_line
from vps.kernel.authorisation import Actor
from vps.kernel.numbers import topup_reference
from vps.orders.models import Colour, Order

LATER = NOON + timedelta(days=30)


@pytest.fixture
def desk(cast):
    cast.desk, cast.totp, cast.order = Actor(cast.dragan.id, "192.0.2.9"), app_of(cast.dragan), red_order(cast)
    take(file(line("60.00", text="Danke")))
    return cast


def colour(desk, at=NOON) -> Colour:
    return Order.get_by_id(desk.order.id).colour(at)


def test_an_order_is_found_by_its_number_and_paid_with_a_part(desk):
    (found,) = sought(open_line(1), f" {desk.order.number} ")
    assert (found.target, found.amount) == (desk.order.id, eur(49_90)) and sought(open_line(1), "999999") == []

    clarify(1, "order", desk.order.id, None, asked=desk.order.number, actor=desk.desk, at=NOON)

    assert (colour(desk), unclear()) == (Colour.YELLOW, 10_10) and proven()
    assert claims_of(1)[0].label == desk.order.number
    assert "paid" in sought(open_line(1), desk.order.number)[0].says


def test_a_statement_is_taken_back_while_its_orders_are_yellow_only(desk):
    clarify(1, "order", desk.order.id, None, asked=desk.order.number, actor=desk.desk, at=NOON)
    (stuck,) = ending_of(1, at=LATER).stuck
    assert stuck.facts == {"number": desk.order.number}
    with pytest.raises(StaysBooked):
        end(desk, at=LATER)
    assert colour(desk, LATER) is Colour.GREEN

    end(desk)

    assert colour(desk) is Colour.RED and proven()


def test_what_the_bank_itself_took_back_keeps_both_statements(desk):
    take(file(line("8.00", ref=topup_reference(desk.anna.number), end="E-1"), number="2"))
    back = "<Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>"
    take(
        file(
            line("8.00", side="DBIT", end="E-1", inner=back).replace("<RmtInf>", "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf><RmtInf>"),
            number="3",
        )
    )
    assert [claim.kind for claim in claims_of(3)] == ["recall"] and proven()

    assert ["%(n)s" in each.says for each in ending_of(2, at=NOON).stuck] == [True]
    assert len(ending_of(3, at=NOON).stuck) == 1
