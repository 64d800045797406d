"""Sending and delivering: dated facts beside the colour, each once; only what is paid leaves the house."""

from datetime import timedelta

import pytest

from tests.cast import NOON, red_order
from tests.orders.colours import Stage, painted
from vps.kernel.authorisation import Actor
from vps.kernel.database import rows
from vps.orders.actions import NotPaidYet, NotSentYet, deliver, ship
from vps.orders.models import Colour, Order, to_send

HOUR = timedelta(hours=1)


def times(order) -> tuple:
    found = Order.get_by_id(order.id)
    return found.shipped_at, found.delivered_at


def test_a_paid_order_is_sent_and_then_delivered(cast):
    order = painted(cast, Stage.GREEN)

    ship(order.id, actor=Actor(cast.dragan.id), at=NOON)
    deliver(order.id, actor=Actor(cast.dragan.id), at=NOON + HOUR)

    assert times(order) == (NOON, NOON + HOUR)
    assert Order.get_by_id(order.id).colour(NOON) is Colour.GREEN
    trail = rows("SELECT verb, actor FROM event WHERE subject = ? AND verb <> 'order entered' ORDER BY id", f"order:{order.number}")
    assert trail == [("order sent", cast.dragan.id), ("order delivered", cast.dragan.id)]


def test_a_second_time_changes_nothing(cast):
    order = painted(cast, Stage.BLUE)
    for step in (ship, deliver):
        step(order.id, actor=Actor(), at=NOON)
        step(order.id, actor=Actor(), at=NOON + HOUR)

    assert times(order) == (NOON, NOON)
    assert len(rows("SELECT 1 FROM event WHERE verb IN ('order sent', 'order delivered')")) == 2


def test_what_is_not_paid_does_not_leave_the_house(cast):
    for order in (red_order(cast), painted(cast, Stage.CANCELLED), Order(id=999)):
        with pytest.raises(NotPaidYet) as refused:
            ship(order.id, actor=Actor(), at=NOON)
        assert refused.value.facts == {"number": order.number}


def test_what_was_not_sent_does_not_arrive(cast):
    order = painted(cast, Stage.GREEN)

    with pytest.raises(NotSentYet):
        deliver(order.id, actor=Actor(), at=NOON)

    assert times(order) == (None, None)


def test_the_list_to_send_holds_what_is_final_and_still_here(cast):
    waiting = [painted(cast, Stage.GREEN, minutes=n) for n in range(3)]
    painted(cast, Stage.YELLOW)
    painted(cast, Stage.CANCELLED)
    red_order(cast)
    sent = painted(cast, Stage.GREEN)
    ship(sent.id, actor=Actor(), at=NOON)

    assert [listed.id for listed in to_send(now=NOON)] == [order.id for order in waiting]


def test_the_list_to_send_is_paged_without_overlap_or_gap(cast):
    orders = [painted(cast, Stage.GREEN, minutes=n // 3) for n in range(10)]
    seen, before = [], None
    while page := to_send(now=NOON, before=before, limit=4):
        seen += [listed.id for listed in page]
        before = (page[-1].sort, page[-1].id)

    assert sorted(seen) == sorted(order.id for order in orders)
    assert len(seen) == 10
