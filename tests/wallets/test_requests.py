"""A partner asks for a payment: it is paid once by who was asked, or by one who has its code; denied, withdrawn, or over in two weeks."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur, give, sheet_of
from tests.wallets.requests import confirmed
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.wallets.actions import (
    NoWallet,
    RequestOver,
    TooManyRequests,
    ToYourself,
    ask_for,
    deny_request,
    pay_request,
    payable,
    withdraw_request,
)
from vps.wallets.actions.requests import KIND, LIFE, MOST_OPEN
from vps.wallets.models import State, Transfer, asked_of, asking, askings

DAY = timedelta(days=1)


def asks(cast, *, by=None, of=None, amount=None, key="key", at=NOON, message="two teas"):
    by = by or cast.boris
    return ask_for(by.id, of.id if of else None, amount or eur(20_00), message, key=key, actor=Actor(by.id), at=at)


def paying(cast, key, person=None):
    return confirmed(person or cast.anna, cast.boris, eur(20_00), str(key), kind=KIND)


def states(key):
    return [asking(key).state(at).name for at in (NOON, NOON + LIFE)]


def test_who_is_asked_is_told_and_pays_it_once(cast):
    sheet_of(cast.anna)
    key = asks(cast, of=cast.anna)
    assert asks(cast, of=cast.anna) == key, "the same form again"
    ((address, facts),) = rows("SELECT address, facts FROM outbox WHERE kind = 'request'")
    assert address == "anna@example.com" and '"minor": 2000' in facts and "two teas" in facts
    assert [each.id for each in asked_of(cast.anna.id, NOON)] == [key] and asked_of(cast.boris.id, NOON) == []
    assert states(key) == ["OPEN", "EXPIRED"]

    by = paying(cast, key)
    made = pay_request(authorisation=by, at=NOON)

    assert pay_request(authorisation=by, at=NOON) == made
    assert pay_request(authorisation=paying(cast, key), at=NOON) == made, "another window finds it paid, and keeps its code"
    assert (balance(cast.anna), balance(cast.boris)) == (eur(230_00), eur(20_00))
    row = Transfer.get_by_id(made)
    assert (row.key, row.message, asking(key).transfer) == (f"request:{key}", "two teas", made)
    assert states(key) == ["PAID", "PAID"] and asked_of(cast.anna.id, NOON) == []


def test_it_is_paid_once_also_by_many_at_once(cast):
    give(cast.clara, 100_00)
    run("UPDATE person SET number = '20565' WHERE id = ?", cast.clara.id)
    for person in (cast.anna, cast.clara):
        sheet_of(person)
    key = asks(cast)
    ways = [paying(cast, key, person) for person in (cast.anna, cast.clara)]

    answers = at_once(2, lambda n: pay_request(authorisation=ways[n], at=NOON))

    assert sorted(type(answer).__name__ for answer in answers) == ["RequestOver", "int"], answers
    assert balance(cast.boris) == eur(20_00)
    assert one("SELECT count(*) FROM tan WHERE used_at IS NOT NULL AND intent_id IS NOT NULL")[0] == 1, "the other one kept his code"


@pytest.mark.parametrize("how", ["denied", "withdrawn", "expired"])
def test_what_is_over_is_not_paid_and_ends_once(cast, how):
    sheet_of(cast.anna)
    key = asks(cast, of=cast.anna, at=NOON - (LIFE - DAY if how == "expired" else timedelta()))
    by, later = paying(cast, key), NOON
    for _ in range(2):
        if how == "denied":
            deny_request(cast.anna.id, key, actor=Actor(cast.anna.id), at=NOON)
        elif how == "withdrawn":
            withdraw_request(cast.boris.id, key, actor=Actor(cast.boris.id), at=NOON)
        else:
            later = NOON + DAY

    with pytest.raises(RequestOver):
        pay_request(authorisation=by, at=later)
    for other, end, person in (("denied", deny_request, cast.anna), ("withdrawn", withdraw_request, cast.boris)):
        if other != how:
            with pytest.raises(RequestOver):
                end(person.id, key, actor=Actor(person.id), at=later)
    assert asking(key).state(later) is State[how.upper()]
    assert balance(cast.anna) == eur(250_00) and one("SELECT count(*) FROM event WHERE verb LIKE 'request %'")[0] == (how != "expired")


def test_only_its_two_sides_end_it_and_only_who_is_asked_pays_it(house):
    key = asks(house, of=house.anna)
    for person in (house.boris, house.clara):
        with pytest.raises(NotFound):
            payable(key, person.id, NOON)
        with pytest.raises(NotFound):
            deny_request(person.id, key, actor=Actor(person.id), at=NOON)
    with pytest.raises(NotFound):
        withdraw_request(house.anna.id, key, actor=Actor(house.anna.id), at=NOON)
    with pytest.raises(NotFound):
        payable(key + 1, house.anna.id, NOON)
    assert payable(key, house.anna.id, NOON).id == key


def test_nobody_floods_others_with_requests(house):
    keys = [asks(house, of=house.anna, key=f"key {n}") for n in range(MOST_OPEN)]
    with pytest.raises(TooManyRequests):
        asks(house, of=house.anna, key="one more")
    deny_request(house.anna.id, keys[0], actor=Actor(house.anna.id), at=NOON)
    with pytest.raises(TooManyRequests):
        asks(house, of=house.anna, key="one more", at=NOON + DAY / 2)
    asks(house, of=house.anna, key="one more", at=NOON + DAY * 2)


def test_what_cannot_be_asked(house):
    with pytest.raises(ToYourself):
        asks(house, of=house.boris)
    with pytest.raises(NoWallet):
        asks(house, of=house.anna, amount=Money(100, "RSD"))
    key = asks(house, of=house.anna)
    with pytest.raises(NotFound):
        asks(house, by=house.anna, key="key")
    assert [each.id for each in askings(house.anna.id)] == [each.id for each in askings(house.boris.id)] == [key]
    assert askings(house.anna.id, before=key) == []
    before = one("SELECT count(*) FROM outbox")[0]
    asks(house, by=house.anna, of=house.boris, key="who has no mailbox")
    assert one("SELECT count(*) FROM outbox")[0] == before
