"""The seed's main job, executable: wallet money turns a red order green at once, and only once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.cast import CODES, NOON, app_of, balance, eur, give, red_order, sheet_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.ledger.actions import NotEnoughCredit
from vps.orders.actions import AlreadyPaid, Cancelled, Item, PriceChanged, cancel_order, change_order, pay_now
from vps.orders.actions.enter import Address
from vps.orders.models import Colour, Order
from vps.security.actions import ByTan, Snapshot, ask, confirm, snapshot
from vps.security.actions.refusals import IntentCancelled, IntentExpired, TanSpent, TooSoon, WayBlocked, WrongTan


def shown(order: Order, person: SimpleNamespace, *, at=NOON, way=None) -> Snapshot:
    return snapshot(
        "order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON, prefer=way), at=at
    )


def signed(order: Order, person: SimpleNamespace, *, at=NOON, code=None) -> ByTan:
    dialog = shown(order, person, at=at)
    return confirm(dialog, code=code or CODES[dialog.n - 1], actor=Actor(person.id, "192.0.2.1"), at=at)


def lowest_unused_index() -> int:
    return int(one("SELECT min(n) FROM tan WHERE used_at IS NULL AND burned_at IS NULL")[0])


def bookings() -> int:
    return int(one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0])


def test_wallet_money_turns_the_order_green_at_once(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    assert order.colour(NOON) is Colour.RED

    pay_now(order.id, authorisation=signed(order, cast.anna), at=NOON)

    assert Order.get_by_id(order.id).colour(NOON) is Colour.GREEN
    assert balance(cast.anna) == eur(200_10)
    assert one("SELECT key FROM booking WHERE motive = 'purchase'")[0] == f"order:{order.number}:payment:1"


def test_an_app_pays_too_and_its_code_pays_once(cast):
    app = app_of(cast.anna)
    first, second = red_order(cast), red_order(cast)
    pay_now(first.id, authorisation=signed(first, cast.anna, code=app.at(NOON)), at=NOON)

    with pytest.raises(TooSoon) as refused:
        signed(second, cast.anna, code=app.at(NOON))

    assert refused.value.facts["seconds"] == 30
    assert bookings() == 1
    assert one("SELECT count(*) FROM way")[0] == 0, "a code used twice is no wrong try"


def test_a_resend_finds_what_the_first_one_made(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    dialog = shown(order, cast.anna)
    code = CODES[dialog.n - 1]
    made = pay_now(order.id, authorisation=confirm(dialog, code=code, actor=Actor(cast.anna.id), at=NOON), at=NOON)

    again = pay_now(order.id, authorisation=confirm(dialog, code=code, actor=Actor(cast.anna.id), at=NOON), at=NOON)

    assert again == made
    assert bookings() == 1


def test_two_windows_that_were_both_confirmed_pay_once(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    first, second = signed(order, cast.anna), signed(order, cast.anna)
    pay_now(order.id, authorisation=first, at=NOON)

    with pytest.raises((AlreadyPaid, TanSpent)):
        pay_now(order.id, authorisation=second, at=NOON)

    assert bookings() == 1


def test_a_second_window_is_asked_for_the_next_tan_and_no_try_is_counted(cast):
    sheet_of(cast.anna)
    first, second = red_order(cast), red_order(cast)
    early = shown(second, cast.anna)
    pay_now(first.id, authorisation=signed(first, cast.anna), at=NOON)

    with pytest.raises(TanSpent):
        confirm(early, code=CODES[early.n - 1], actor=Actor(cast.anna.id), at=NOON)

    assert ask(cast.anna.id, at=NOON).n == lowest_unused_index() > early.n
    assert one("SELECT count(*) FROM challenge WHERE tries > 0")[0] == 0


def test_a_wrong_tan_takes_nothing_but_is_counted(cast):
    sheet_of(cast.anna)
    order = red_order(cast)

    with pytest.raises(WrongTan) as refused:
        signed(order, cast.anna, code="999999")

    assert refused.value.facts["left"] == 2
    assert Order.get_by_id(order.id).colour(NOON) is Colour.RED
    assert balance(cast.anna) == eur(250_00)
    assert one("SELECT tries FROM challenge")[0] == 1


def test_three_wrong_tans_cancel_the_payment_and_burn_the_tan(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    dialog = shown(order, cast.anna)
    for expected in (WrongTan, WrongTan, IntentCancelled):
        with pytest.raises(expected):
            confirm(dialog, code="999999", actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(IntentCancelled):
        confirm(dialog, code=CODES[dialog.n - 1], actor=Actor(cast.anna.id), at=NOON)

    assert ask(cast.anna.id, at=NOON).n == lowest_unused_index() > dialog.n
    assert one("SELECT burned_at FROM tan WHERE n = ?", dialog.n)[0] is not None
    assert bookings() == 0


def test_five_wrong_codes_in_a_row_block_the_way_and_the_fourth_says_so(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    says = []
    for _ in range(5):
        with pytest.raises((WrongTan, IntentCancelled, WayBlocked, Exception)) as refused:
            signed(order, cast.anna, code="999999")
        says.append(type(refused.value).__name__)

    assert says == ["WrongTan", "WrongTan", "WrongTan", "LastBeforeBlock", "WayResting"]
    with pytest.raises(WayBlocked):
        shown(order, cast.anna)


def test_a_right_code_ends_the_row_of_wrong_ones(cast):
    sheet_of(cast.anna)
    first = red_order(cast)
    with pytest.raises(WrongTan):
        signed(first, cast.anna, code="999999")
    pay_now(first.id, authorisation=signed(first, cast.anna), at=NOON)

    assert one("SELECT wrong_in_row, wrong_ever FROM way")[:] == (0, 1)


def test_too_little_credit_leaves_it_red_and_says_what_is_missing(cast):
    sheet_of(cast.boris)
    give(cast.boris, 20_00)
    order = red_order(cast, cast.boris)

    with pytest.raises(NotEnoughCredit) as refused:
        pay_now(order.id, authorisation=signed(order, cast.boris), at=NOON)

    assert refused.value.facts == {"available": eur(20_00), "missing": eur(29_90)}
    assert Order.get_by_id(order.id).colour(NOON) is Colour.RED
    assert one("SELECT count(*) FROM tan WHERE used_at IS NOT NULL AND intent_id IS NOT NULL")[0] == 0, "the TAN was not used up"


def test_a_price_that_changed_meanwhile_is_not_paid(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    authorisation = signed(order, cast.anna)
    change_order(order.id, [Item(cast.tea.id, 2)], address=Address(), partner=cast.anna.id, actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(PriceChanged):
        pay_now(order.id, authorisation=authorisation, at=NOON)

    assert bookings() == 0


def test_a_cancelled_order_cannot_be_paid(cast):
    sheet_of(cast.anna)
    order = red_order(cast)
    authorisation = signed(order, cast.anna)
    cancel_order(order.id, partner=cast.anna.id, actor=Actor(cast.anna.id), at=NOON)

    with pytest.raises(Cancelled):
        pay_now(order.id, authorisation=authorisation, at=NOON)


def test_what_took_longer_than_ten_minutes_is_shown_again(cast):
    sheet_of(cast.anna)
    order = red_order(cast)

    with pytest.raises(IntentExpired):
        confirm(shown(order, cast.anna), code=CODES[0], actor=Actor(cast.anna.id), at=NOON + timedelta(minutes=10))


def test_nobody_pays_with_another_partners_tan(cast):
    sheet_of(cast.anna)
    order = red_order(cast, cast.boris)
    dialog = snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(cast.anna.id, at=NOON), at=NOON)

    with pytest.raises(TanSpent):
        confirm(dialog, code=CODES[dialog.n - 1], actor=Actor(cast.boris.id), at=NOON)
