"""Every rule of the ledger said a second time, by the database itself: whoever comes past our code is refused too."""

import pytest
from peewee import DataError

from tests.cast import NOON, eur
from tests.ledger.books import Books
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import IntegrityError, OperationalError, is_postgres, one, rows, run
from vps.ledger.actions import hold, record, seal
from vps.ledger.models.rows import MOST

REFUSALS = (IntegrityError, OperationalError)
FACTS = {"id": None, "voucher_id": 1, "key": "raw", "motive": "purchase", "debit_id": "anna", "credit_id": "purchases", "amount": 100,
         "currency": "EUR", "booked_at": micros(NOON), "value_date": "2026-11-20", "actor": None, "debit_after": None, "credit_after": None,
         "reverses": None, "digest": b"0" * 32}  # fmt: skip


def insert(books, verb="INSERT INTO", end="", **facts):
    """A booking written with bare SQL, all columns well unless other facts are given."""
    values = {**FACTS, "voucher_id": books.paper, **facts}
    values = {name: getattr(books, value) if value in ("anna", "boris", "purchases") else value for name, value in values.items()}
    names = [name for name in values if name != "id" or values["id"] is not None]
    run(f"{verb} booking ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) {end}", *(values[name] for name in names))


def test_a_row_that_keeps_every_rule_is_taken(books):
    insert(books)

    assert books.count == 2


def test_the_database_refuses_a_booking_of(books, subtests):
    for what, wrong in WRONG.items():
        with subtests.test(what), pytest.raises(REFUSALS):
            insert(books, **wrong)

    assert books.count == 1


WRONG = {
    "nothing": {"amount": 0},
    "a negative amount": {"amount": -1},
    "more than a billion": {"amount": MOST + 1},
    "the same account on both sides": {"credit_id": "anna"},
    "a key that was booked before": {"key": "start"},
    "an unknown account to take from": {"debit_id": 999},
    "an unknown account to give to": {"credit_id": 999},
    "no document": {"voucher_id": 999},
    "a motive that we do not know": {"motive": "gift"},
    "no currency": {"currency": "EURO"},
    "no day": {"value_date": "20.11.2026x"},
    "a reversal of nothing": {"reverses": 999},
    "no digest": {"digest": b"short"},
    **{f"no {name} at all": {name: None} for name in FACTS if name not in ("id", "actor", "debit_after", "credit_after", "reverses")},
}


def test_the_database_refuses_an_amount_that_is_no_whole_number(books, subtests):
    # In the statement's own text: a driver might turn a value into something better.
    for amount in ("'0.5'", "'ten'", *(() if is_postgres() else ("0.5", "1e-3"))):
        with subtests.test(amount), pytest.raises((*REFUSALS, DataError)):
            run("INSERT INTO booking (voucher_id, key, motive, debit_id, credit_id, amount, currency, booked_at, value_date, digest)"
                f" VALUES (?, 'raw', 'purchase', ?, ?, {amount}, 'EUR', 1, '2026-11-20', ?)", books.paper, books.anna, books.purchases, b"0" * 32)  # fmt: skip

    assert books.count == 1


def test_the_database_lets_no_wallet_fall_below_its_floor(books):
    with pytest.raises(REFUSALS):
        run("UPDATE account SET balance = balance - 5001 WHERE id = ?", books.anna)

    assert books.account() == (5_000, 0, 0)


def test_the_database_lets_nobody_reserve_more_than_there_is(books):
    with pytest.raises(REFUSALS):
        run("UPDATE account SET reserved = 5001 WHERE id = ?", books.anna)


def test_the_database_lets_a_balance_fall_as_far_as_the_debt_and_no_further(books):
    run("UPDATE account SET balance = -300, debt = 300 WHERE id = ?", books.anna)

    with pytest.raises(REFUSALS):
        run("UPDATE account SET balance = -301 WHERE id = ?", books.anna)


def test_the_database_refuses_a_wallet_with(books, subtests):
    for change in ("reserved = -1", "debt = -1", "floor = NULL", "balance = NULL"):
        with subtests.test(change), pytest.raises(REFUSALS):
            run(f"UPDATE account SET {change} WHERE id = ?", books.anna)


def test_the_database_keeps_no_balance_for_the_companys_own_accounts(books, subtests):
    for change in ("balance = 1", "reserved = 1", "floor = 0"):
        with subtests.test(change), pytest.raises(REFUSALS):
            run(f"UPDATE account SET {change} WHERE id = ?", books.bank)


def test_what_an_account_is_never_changes(books, subtests):
    for change in ("id = 99", "code = 'x'", "kind = 'bank'", "currency = 'USD'", "opened_at = 1"):
        with subtests.test(change), pytest.raises(REFUSALS, match="account is immutable"):
            run(f"UPDATE account SET {change} WHERE id = ?", books.anna)


def test_no_column_of_a_booking_can_be_changed(books, subtests):
    for column in FACTS:
        with subtests.test(column), pytest.raises(REFUSALS, match="booking is immutable"):
            run(f"UPDATE booking SET {column} = {column}")


@pytest.fixture
def written(books):
    """Books with a row in every table of the ledger."""
    hold(books.anna, eur(10), reason="order:1", key="h", at=NOON)
    record(HOUSE, "tested", "thing:1", at=NOON)
    seal(at=NOON, zone="Europe/Berlin")
    return books


IMMUTABLE = ("voucher", "booking", "usage", "event", "seal")


def test_a_row_of_the_record_is_never_changed(written, subtests):
    for table in IMMUTABLE:
        column = {"voucher": "text", "usage": "cum_minor", "event": "verb"}.get(table, "digest")
        with subtests.test(table), pytest.raises(REFUSALS, match=f"{table} is immutable"):
            run(f"UPDATE {table} SET {column} = {column}")


def test_a_row_of_the_record_is_never_deleted(written, subtests):
    for table in (*IMMUTABLE, "account", "hold"):
        with subtests.test(table), pytest.raises(REFUSALS, match=f"{table} is immutable"):
            run(f"DELETE FROM {table}")


def test_a_table_of_the_record_is_never_emptied_by_truncate(postgres, subtests):
    for table in (*IMMUTABLE, "account", "hold"):
        with subtests.test(table), pytest.raises(REFUSALS, match="is immutable"):
            run(f"TRUNCATE {table} CASCADE")


def test_what_a_hold_says_never_changes_but_that_it_was_released(written):
    for column in ("id", "account_id", "amount", "reason", "key", "held_at", '"until"'):
        with pytest.raises(REFUSALS, match="hold is immutable"):
            run(f"UPDATE hold SET {column} = {column}")
    run("UPDATE hold SET released_at = 1")


def test_replacing_a_booking_past_the_triggers_is_refused_on_sqlite(sqlite, subtests):
    books = Books()
    first = rows("SELECT * FROM booking")

    for facts in ({"id": first[0][0]}, {"key": "start"}):
        with subtests.test(next(iter(facts))), pytest.raises(REFUSALS, match="booking is immutable"):
            insert(books, "INSERT OR REPLACE INTO", **facts)

    assert rows("SELECT * FROM booking") == first


def test_an_upsert_onto_a_booking_is_refused(books):
    with pytest.raises(REFUSALS, match="immutable"):
        insert(books, key="start", end="ON CONFLICT (key) DO UPDATE SET amount = 99")


def test_one_booking_is_reversed_once(books):
    start = one("SELECT id FROM booking")[0]
    insert(books, key="back", reverses=start)

    with pytest.raises(REFUSALS):
        insert(books, key="back again", reverses=start)


def test_an_account_with_bookings_cannot_go(books):
    run("DROP TRIGGER account_no_delete" + (" ON account" if is_postgres() else ""))

    with pytest.raises(REFUSALS):
        run("DELETE FROM account WHERE id = ?", books.anna)


def test_seals_form_one_chain_and_cannot_fork(written):
    with pytest.raises(REFUSALS):
        run(
            "INSERT INTO seal (id, chain, previous, upto, count, digest, signature, sealed_at) SELECT 9, chain, previous, upto + 1, 1, digest, signature, 1 FROM seal"
        )
    with pytest.raises(REFUSALS):
        run(
            "INSERT INTO seal (id, chain, previous, upto, count, digest, signature, sealed_at) SELECT 9, chain, upto, upto, 1, digest, signature, 1 FROM seal"
        )
