"""The server decides what is asked, and asks the same until it is answered: nobody can shop for a TAN he happens to know."""

import pytest

from tests.cast import CODES, NOON, app_of, eur, red_order, sheet_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, run
from vps.orders.actions import pay_now
from vps.security.actions import NoWay, ask, confirm, snapshot
from vps.security.actions.refusals import WayBlocked
from vps.security.models import Ask


def dialog(person, order):
    return snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON), at=NOON)


def block(person, way: str) -> None:
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks, blocked_at) VALUES (?, ?, 5, 5, 1, 1)", person.id, way)


def test_who_has_enrolled_nothing_is_told_what_to_do(cast):
    with pytest.raises(NoWay):
        ask(cast.anna.id, at=NOON)


def test_the_lowest_unused_tan_is_asked_until_it_is_used(cast):
    sheet = sheet_of(cast.anna)
    used = {n for n in range(1, 21) if one("SELECT used_at FROM tan WHERE n = ?", n)[0]}
    lowest = min(set(range(1, 21)) - used)

    asked = [ask(cast.anna.id, at=NOON) for _ in range(5)]
    for _ in range(2):
        order = red_order(cast)
        assert dialog(cast.anna, order).n == lowest

    assert set(asked) == {Ask("sheet", sheet.id, lowest, sheet.serial, 18)}
    shown = dialog(cast.anna, order)
    pay_now(order.id, authorisation=confirm(shown, code=CODES[lowest - 1], actor=Actor(cast.anna.id), at=NOON), at=NOON)
    assert ask(cast.anna.id, at=NOON) == Ask("sheet", sheet.id, min(set(range(1, 21)) - used - {lowest}), sheet.serial, 17)


def test_a_wrong_answer_or_a_new_dialog_does_not_bring_another_tan(cast):
    sheet_of(cast.anna)
    first = dialog(cast.anna, red_order(cast))
    for _ in range(2):
        with pytest.raises(Exception, match="not right"):
            confirm(first, code="999999", actor=Actor(cast.anna.id), at=NOON)

    assert dialog(cast.anna, red_order(cast)).n == first.n


def test_a_burned_tan_is_not_asked_again(cast):
    sheet_of(cast.anna)
    first = ask(cast.anna.id, at=NOON)

    run("UPDATE tan SET burned_at = 1 WHERE n = ?", first.n)

    assert ask(cast.anna.id, at=NOON).n > first.n
    assert ask(cast.anna.id, at=NOON).left == first.left - 1


def test_who_has_both_is_asked_for_what_he_prefers_and_for_the_sheet_by_default(cast):
    app_of(cast.anna)
    sheet_of(cast.anna)

    assert ask(cast.anna.id, at=NOON, prefer="app") == Ask("app")
    assert ask(cast.anna.id, at=NOON, prefer="sheet").way == ask(cast.anna.id, at=NOON).way == "sheet"
    assert ask(cast.anna.id, at=NOON, prefer="none") == ask(cast.anna.id, at=NOON), "a way that does not exist is not a weaker one"


def test_a_blocked_way_is_not_asked_even_where_it_is_preferred(cast):
    app_of(cast.anna)
    sheet_of(cast.anna)
    block(cast.anna, "app")

    assert ask(cast.anna.id, at=NOON, prefer="app").way == "sheet"

    block(cast.anna, "sheet")
    with pytest.raises(WayBlocked):
        ask(cast.anna.id, at=NOON)


def test_a_used_up_sheet_gives_way_to_the_app_and_else_to_a_word(cast):
    sheet_of(cast.anna)
    run("UPDATE tan SET burned_at = 1 WHERE used_at IS NULL")
    with pytest.raises(NoWay):
        ask(cast.anna.id, at=NOON)

    app_of(cast.anna)

    assert ask(cast.anna.id, at=NOON) == Ask("app")
    block(cast.anna, "app")
    with pytest.raises(NoWay):
        ask(cast.anna.id, at=NOON)


def test_every_dialog_has_a_number_of_its_own_and_seals_what_it_shows(house):
    app_of(house.anna)
    first, second = (
        snapshot("order payment", "1001", amount=eur(1), payee="x", ask=ask(house.anna.id, at=NOON), at=NOON) for _ in range(2)
    )

    assert first.nonce != second.nonce
    assert len({shown.digest for shown in (first, second, first._replace(payee="y"), first._replace(amount=eur(2)))}) == 4
    assert first._replace(way="sheet").digest == first.digest
