"""Whoever edits the books by hand, past every trigger, is found, and the row is named."""

import pytest

from tests.cast import NOON
from tests.ledger.books import ZONE, Books
from tests.ledger.forger import FACTS, edits, forged, named, problems
from vps.kernel.database import connect, database, is_postgres, one, run
from vps.ledger.actions import set_up
from vps.ledger.models import Booking, audit
from vps.ledger.models.seals import digest


def test_books_that_nobody_touched_have_no_problem(history, monkeypatch):
    monkeypatch.setattr(audit, "FETCH", 2)

    assert problems() == []
    assert audit.counts() == (8, 13)


def test_empty_books_have_no_problem(engine):
    assert problems() == []


@pytest.mark.parametrize("row", ["the first booking", "a sealed transfer", "an unsealed reversal"])
def test_every_edited_column_of_a_booking_is_found(unguarded, subtests, row):
    booking = one({"the first booking": "SELECT min(id) FROM booking", "an unsealed reversal": "SELECT max(id) FROM booking"}.get(
        row, "SELECT id FROM booking WHERE motive = 'transfer' AND reverses IS NULL"))[0]  # fmt: skip
    for column, value in edits(Booking, f"id = {booking}", but=("id",)):
        with subtests.test(column):
            found = problems(f"UPDATE booking SET {column} = ? WHERE id = ?", value, booking)
            assert "Booking %(id)s was changed: its digest does not match." in {
                problem.says for problem in found if problem.facts == {"id": booking}
            }


def test_every_fact_of_a_booking_that_is_taken_away_is_found(unguarded, subtests):
    booking = one("SELECT max(id) FROM booking")[0]
    for column in ("debit_after", "credit_after", "reverses"):
        with subtests.test(column):
            found = problems(f"UPDATE booking SET {column} = NULL WHERE id = ?", booking)
            assert {"id": booking} in [problem.facts for problem in found]


def test_a_booking_under_another_number_breaks_its_seal(unguarded):
    booking, upto = one("SELECT min(id), (SELECT min(upto) FROM seal WHERE chain = 'booking') FROM booking")

    assert ("A8", {"id": upto}) in named(problems("UPDATE booking SET id = -1 WHERE id = ?", booking))


def test_a_forger_who_mends_the_digest_breaks_the_seal_and_the_balances(unguarded):
    booking, *facts = one(f"SELECT id, {FACTS} FROM booking WHERE motive = 'transfer' AND reverses IS NULL")
    facts[5] = 1
    found = problems("UPDATE booking SET amount = 1, digest = ? WHERE id = ?", digest(*facts), booking)

    assert {check for check, _ in named(found)} >= {"A5", "A6", "A8", "A11"}
    assert ("A5", {"id": booking}) in named(found)


def test_a_wrong_balance_after_a_booking_is_found_even_under_a_good_digest(unguarded, subtests):
    booking, *facts = one(f"SELECT id, {FACTS} FROM booking ORDER BY id DESC")
    for place, column in ((10, "debit_after"), (11, "credit_after")):
        with subtests.test(column):
            wrong = [*facts[:place], facts[place] + 1, *facts[place + 1 :]]
            found = problems(f"UPDATE booking SET {column} = {column} + 1, digest = ? WHERE id = ?", digest(*wrong), booking)
            assert [(problem.says, problem.facts) for problem in found] == [
                ("Booking %(id)s carries a wrong balance after it.", {"id": booking})
            ]


def test_a_booking_that_was_taken_out_is_found(unguarded, subtests):
    upto = one("SELECT max(upto) FROM seal WHERE chain = 'booking'")[0]
    with subtests.test("sealed"):
        assert ("A8", {"id": upto}) in named(problems("DELETE FROM booking WHERE id = ?", upto))
    with subtests.test("not sealed yet"):
        assert ("A5", {"id": unguarded.anna}) in named(problems("DELETE FROM booking WHERE id > ?", upto))


def test_a_booking_that_took_a_wallet_below_its_floor_is_found(unguarded):
    found = problems(*forged(unguarded, debit_id=unguarded.boris, amount=77, debit_after=-77))

    assert ("A7", "Booking %(id)s took its wallet below the floor.") in {(problem.check, problem.says) for problem in found}
    assert ("A5", {"id": unguarded.boris}) in named(found)


def test_a_booking_in_another_currency_than_its_accounts_is_found(unguarded):
    set_up(currency="USD", at=NOON)
    dollars = one("SELECT id FROM account WHERE code = 'fees:USD'")[0]

    for facts in ({"credit_id": dollars}, {"debit_id": dollars}, {"currency": "USD"}, {"credit_id": 999}):
        found = problems(*forged(unguarded, **{"debit_id": unguarded.bank, **facts}))
        assert "Booking %(id)s is in another currency than its accounts." in {problem.says for problem in found}


def test_a_reversal_that_mirrors_nothing_is_found(unguarded, subtests):
    paid = one("SELECT min(id) FROM booking WHERE motive = 'purchase'")[0]
    mirror = {"debit_id": unguarded.purchases, "credit_id": unguarded.anna, "amount": 1, "motive": "purchase", "reverses": paid}
    for wrong in (
        {"debit_id": unguarded.bank},
        {"credit_id": unguarded.boris},
        {"amount": 2},
        {"motive": "fee"},
        {"currency": "USD"},
        {"reverses": 999},
    ):
        with subtests.test(next(iter(wrong))):
            assert "A11" in {check for check, _ in named(problems(*forged(unguarded, **{**mirror, **wrong})))}
    with subtests.test("a true mirror"):
        assert "A11" not in {check for check, _ in named(problems(*forged(unguarded, **mirror)))}


def test_an_edited_account_is_found(unguarded, subtests):
    for change in ("balance = balance + 1", "balance = balance - 1", "reserved = reserved + 1", "reserved = 0", "debt = 1"):
        with subtests.test(change):
            assert {"id": unguarded.anna} in [
                problem.facts for problem in problems(f"UPDATE account SET {change} WHERE id = ?", unguarded.anna)
            ]
    for change in ("currency = 'USD'", "floor = 4000"):
        with subtests.test(change):
            assert problems(f"UPDATE account SET {change} WHERE id = ?", unguarded.anna)


def test_an_edited_hold_is_found(unguarded, subtests):
    for change in ("amount = amount - 1", "released_at = 1", f"account_id = {unguarded.boris}"):
        with subtests.test(change):
            assert ("A5", {"id": unguarded.anna}) in named(problems(f"UPDATE hold SET {change}"))


def test_an_edited_running_sum_is_found(unguarded, subtests):
    newest = f"account_id = {unguarded.anna} AND kind = 'out:purchase' AND seq = 4"
    for change in ("cum_minor = cum_minor - 1", "cum_count = 1", "seq = 5", "kind = 'out:x'", f"account_id = {unguarded.boris}"):
        with subtests.test(change):
            assert ("A13", {"id": unguarded.anna, "kind": "out:purchase"}) in named(problems(f"UPDATE usage SET {change} WHERE {newest}"))
    with subtests.test("gone"):
        assert named(problems(f"DELETE FROM usage WHERE {newest}")) == [("A13", {"id": unguarded.anna, "kind": "out:purchase"})]


def test_a_missing_trigger_is_named(history):
    run("DROP TRIGGER booking_no_delete" + (" ON booking" if is_postgres() else ""))

    (found,) = problems()

    assert (found.check, found.facts["what"]) == (
        "A2",
        "trigger booking.booking_no_delete" if is_postgres() else "trigger booking_no_delete",
    )


@pytest.mark.parametrize("what", ["booking", "booking_key"])
def test_a_damaged_file_is_found_and_nothing_else_in_it_is_believed(sqlite, tmp_path, what):
    Books()
    page, size = one("SELECT rootpage FROM sqlite_master WHERE name = ?", what)[0], one("PRAGMA page_size")[0]
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with (tmp_path / "vps.db").open("r+b") as file:
        file.seek((page - 1) * size if what == "booking" else page * size - 20)
        file.write(b"\xff" * 20)
    connect()

    assert {problem.check for problem in audit.audit(ZONE)} == {"A1"}
