"""bin/banktest: what it would notice, and a few seconds of it on both engines."""

import json
from types import SimpleNamespace

import pytest

from tests.storm.__main__ import main
from tests.storm.attempts import Answer, Attempt, Made, differences
from tests.storm.reader import look
from vps.kernel.database import database, run
from vps.kernel.keys import keys, use_keys
from vps.ledger.models import Account


def attempt(*answers: Answer, unanswered: int = 0, may_be: bool = True) -> Attempt:
    return Attempt("storm 0 1", 1, 2, 500, "EUR", may_be, unanswered, list(answers))


MADE, REFUSED = Answer(303, 7), Answer(422, None, "no")
ROW = Made(7, "storm 0 1", 1, 2, 500, 5, "EUR")


@pytest.mark.parametrize(
    ("tried", "in_the_books", "noticed"),
    [
        (attempt(MADE, MADE), [ROW], []),
        (attempt(REFUSED), [], []),
        (attempt(REFUSED, MADE), [ROW], []),
        (attempt(unanswered=1), [ROW], []),
        (attempt(REFUSED, unanswered=1), [], []),
        (attempt(MADE), [ROW._replace(amount=495)], []),
        (attempt(MADE), [], ["acknowledged, and not in the books"]),
        (attempt(MADE), [ROW, ROW._replace(id=8)], ["made 2 times", "acknowledged, and not in the books"]),
        (attempt(unanswered=2), [ROW, ROW._replace(id=8)], ["made 2 times"]),
        (attempt(MADE, Answer(303, 8)), [ROW], ["told of 2 transfers", "acknowledged, and not in the books"]),
        (attempt(REFUSED), [ROW], ["refused, and in the books"]),
        (attempt(MADE, may_be=False), [ROW], ["made in spite of a wrong proof"]),
        (attempt(MADE), [ROW._replace(recipient=3)], ["not what was confirmed"]),
        (attempt(MADE), [ROW._replace(amount=501)], ["not what was confirmed"]),
    ],
)
def test_books_that_do_not_say_what_clients_were_told_are_noticed(tried, in_the_books, noticed):
    assert differences([tried], in_the_books) == [f"storm 0 1: {problem}" for problem in noticed]


def test_a_transfer_that_nobody_asked_for_is_noticed():
    assert differences([], [ROW]) == ["storm 0 1: nobody asked for it"]


def test_a_read_notices_money_that_appears_and_wallets_below_their_floor(house):
    assert look({"EUR": 250_00}) == []
    assert look({"EUR": 250_01}) == ["EUR: the sum is 25000"]

    wallet = Account.get(Account.kind == "wallet", Account.balance > 0).id
    run("UPDATE account SET balance = balance + 1 WHERE id = ?", wallet)
    assert look({"EUR": 250_00}) == ["EUR: 1 balances are not what was booked", "EUR: the sum is 25001"]
    run("UPDATE account SET balance = -1, debt = 1 WHERE id = ?", wallet)
    assert look({"EUR": 250_00})[0] == "EUR: 1 below the floor"


@pytest.fixture
def apart():
    """The storm points this process at books and keys of its own; the next test gets the usual ones back."""
    present = SimpleNamespace(database=database.obj, keys=keys())
    yield
    database.initialize(present.database)
    use_keys(present.keys)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_small_storm_leaves_every_cent_where_it_was_told_to_be(apart, engine, capsys):
    small = ["--minutes", "0.03", "--workers", "2", "--clients", "4", "--partners", "6", "--json"]

    assert main([*small, *(["--postgres"] if engine == "postgresql" else [])]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["engine"] == engine and found["says"] == [] and found["audit"] == "clean"
    assert found["acknowledged"] > 0 and found["reads"] > 0 and found["errors_5xx"] == 0
