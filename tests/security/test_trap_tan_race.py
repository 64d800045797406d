"""Trap: "read unused, verify, set used" executed one TAN eight times from eight parallel requests. Fifty here, on both engines."""

from tests.at_once import at_once
from tests.cast import CODES, NOON, app_of, balance, eur, give, red_order, sheet_of
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.orders.actions import pay_now
from vps.orders.models.audit import audit as audit_orders
from vps.security.actions import ask, confirm, snapshot
from vps.security.models.audit import audit as audit_codes

MANY = 50


def dialogs(cast, count: int, *, way: str):
    orders = [red_order(cast) for _ in range(count)]
    asked = ask(cast.anna.id, at=NOON, prefer=way)
    return [
        (order, snapshot("order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=asked, at=NOON))
        for order in orders
    ]


def submit(cast, order, shown, code: str) -> int:
    return pay_now(order.id, authorisation=confirm(shown, code=code, actor=Actor(cast.anna.id), at=NOON), at=NOON)


def accepted(answers) -> list[int]:
    return [answer for answer in answers if isinstance(answer, int)]


def booked() -> int:
    return int(one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0])


def nothing_is_wrong() -> bool:
    return [*audit_codes(), *audit_orders()] == []


def test_one_dialog_submitted_fifty_times_at_once_pays_once_and_every_answer_is_that_payment(cast):
    sheet_of(cast.anna)
    [(order, shown)] = dialogs(cast, 1, way="sheet")

    answers = at_once(MANY, lambda _: submit(cast, order, shown, CODES[shown.n - 1]))

    assert len(accepted(answers)) == MANY, {repr(answer) for answer in answers if not isinstance(answer, int)}
    assert len(set(answers)) == 1
    assert booked() == 1
    assert balance(cast.anna) == eur(200_10)
    assert nothing_is_wrong()


def test_one_tan_in_fifty_payments_at_once_pays_one(cast):
    give(cast.anna, 10_000_00)
    sheet_of(cast.anna)
    opened = dialogs(cast, MANY, way="sheet")

    answers = at_once(MANY, lambda n: submit(cast, *opened[n], CODES[opened[n][1].n - 1]))

    assert len(accepted(answers)) == 1
    assert sorted({type(answer).__name__ for answer in answers}) == ["TanSpent", "int"]
    assert booked() == one("SELECT count(*) FROM tan WHERE intent_id IS NOT NULL")[0] == one("SELECT count(*) FROM intent")[0] == 1
    assert one("SELECT count(*) FROM way")[0] == 0, "forty-nine were too late, none was wrong"
    assert nothing_is_wrong()


def test_one_code_of_an_app_in_fifty_payments_at_once_pays_one(cast):
    give(cast.anna, 10_000_00)
    code = app_of(cast.anna).at(NOON)
    opened = dialogs(cast, MANY, way="app")

    answers = at_once(MANY, lambda n: submit(cast, *opened[n], code))

    assert len(accepted(answers)) == 1
    assert sorted({type(answer).__name__ for answer in answers}) == ["TooSoon", "int"]
    assert booked() == one("SELECT count(*) FROM intent")[0] == 1
    assert nothing_is_wrong()


def test_fifty_wrong_codes_at_once_are_three_tries(cast):
    sheet_of(cast.anna)
    [(order, shown)] = dialogs(cast, 1, way="sheet")

    answers = at_once(MANY, lambda _: submit(cast, order, shown, "999999"))

    assert {type(answer).__name__ for answer in answers} <= {"WrongTan", "IntentCancelled", "TanSpent"}
    assert sorted(answer.facts["left"] for answer in answers if type(answer).__name__ == "WrongTan") == [1, 2]
    assert one("SELECT tries FROM challenge")[0] == one("SELECT wrong_in_row FROM way")[0] == 3
    assert one("SELECT count(*) FROM tan WHERE burned_at IS NOT NULL")[0] == 1
    assert booked() == 0
    assert nothing_is_wrong()
