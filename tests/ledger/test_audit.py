"""Whoever edits the books by hand, past every trigger, is found, and the row is named."""

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import DAY, ZONE, Books
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import connect, database, is_postgres, one, rows, run
from vps.kernel.keys import Keys, keys, use_keys
from vps.ledger.actions import hold, record, seal, set_up
from vps.ledger.models import Booking, Event, Seal, Total, audit
from vps.ledger.models.seals import digest, seal_text

FACTS = "key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor, debit_after, credit_after, reverses"


@pytest.fixture
def history(books):
    """Sealed bookings in two seals and over a new year, an unsealed tail with a reversal, an open hold and a sealed trail."""
    record(HOUSE, "set up", "books", at=NOON)
    for n in range(4):
        books.pay(n + 1, at=NOON + 12 * n * DAY)
    seal(at=NOON, zone=ZONE)
    record(Actor(7, "192.0.2.1"), "moved", "wallet:1", before="a", after="b", at=NOON)
    moved = books.move(books.anna, books.boris, 1_000)
    books.pay(5, motive="fee", at=NOON + 40 * DAY)
    seal(at=NOON, zone=ZONE)
    books.undo(moved.id)
    hold(books.anna, eur(300), reason="order:1", key="h", at=NOON)
    return books


@pytest.fixture
def unguarded(history, monkeypatch):
    """The same books in the hands of somebody with the database's password: no trigger and no foreign key stops him."""
    monkeypatch.setattr(audit, "differences", lambda: [])
    if is_postgres():
        run("SET session_replication_role = replica")
    else:
        for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            run(f"DROP TRIGGER {name}")
        run("PRAGMA foreign_keys = 0")
    return history


def problems(sql="", *values):
    """What the audit says after an edit, which is then taken back."""
    with database.atomic() as transaction:
        if sql:
            assert run(sql, *values).rowcount == 1
        found = list(audit.audit(ZONE))
        transaction.rollback()
    return found


def edits(table, where, *, but=()):
    """(column, another value that the database would take) for every column of one row."""
    columns = [field.column_name for field in table._meta.sorted_fields if field.column_name not in but]
    values = one(f"SELECT {', '.join(columns)} FROM {table._meta.table_name} WHERE {where}")
    for column, value in zip(columns, values, strict=True):
        yield column, OTHER.get(column, another)(value)


def another(value):
    if isinstance(value, int | None):
        return (value or 0) + 40
    return value + "x" if isinstance(value, str) else bytes([value[0] ^ 1]) + bytes(value[1:])


OTHER = {
    "motive": lambda _: "exchange",
    "currency": lambda _: "USD",
    "value_date": lambda _: "2026-11-21",
    "month": lambda _: "2026-10",
    "side": lambda value: "credit" if value == "debit" else "debit",
    "chain": lambda value: "event" if value == "booking" else "booking",
    "previous": lambda value: value - 40,
}


def test_books_that_nobody_touched_have_no_problem(history, monkeypatch):
    monkeypatch.setattr(audit, "FETCH", 2)

    assert problems() == []
    assert audit.counts() == (8, 10)


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


def forged(books, **facts):
    """A booking put in by hand, with a good digest."""
    row = {"key": "forged", "voucher_id": books.paper, "motive": "purchase", "debit_id": books.anna, "credit_id": books.purchases, "amount": 1,
           "currency": "EUR", "booked_at": micros(NOON), "value_date": "2026-11-20", "actor": None, "debit_after": None, "credit_after": None,
           "reverses": None, **facts}  # fmt: skip
    return f"INSERT INTO booking ({FACTS}, digest) VALUES ({', '.join('?' * 14)})", *row.values(), digest(*row.values())


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


def test_every_edited_column_of_a_seal_is_found(unguarded, subtests):
    for chain, upto in rows("SELECT chain, max(upto) FROM seal GROUP BY chain"):
        for column, value in edits(Seal, f"chain = '{chain}' AND upto = {upto}"):
            with subtests.test(f"{chain} {column}"):
                found = problems(f"UPDATE seal SET {column} = ? WHERE chain = ? AND upto = ?", value, chain, upto)
                assert found
                assert {"id": value if column == "upto" else upto} in [problem.facts for problem in found if problem.check == "A8"]


def test_a_seal_that_was_taken_out_is_found(unguarded):
    found = problems("DELETE FROM seal WHERE chain = 'booking' AND previous = 0")

    assert ("A8", {"id": one("SELECT max(upto) FROM seal WHERE chain = 'booking'")[0]}) in named(found)


def test_a_seal_of_somebody_else_is_found(history):
    use_keys(Keys.fresh())

    found = problems()

    assert named(found) == [("A8", {"id": upto}) for (upto,) in rows("SELECT upto FROM seal ORDER BY chain, upto")]
    assert all("signature" in problem.says for problem in found)


def test_a_seal_that_does_not_join_the_one_before_or_counts_wrong_is_found_even_when_it_is_signed(unguarded, subtests):
    for chain, place, step in (("booking", 2, -40), ("booking", 4, 1), ("event", 2, -40), ("event", 4, 1)):
        facts = list(one("SELECT id, chain, previous, upto, count, digest, sealed_at FROM seal WHERE chain = ? AND previous = 0", chain))
        facts[place] += step
        column, signature = {2: "previous", 4: "count"}[place], keys().sign(seal_text(*facts))
        with subtests.test(f"{chain} {column}"):
            found = problems(f"UPDATE seal SET {column} = {column} + {step}, signature = ? WHERE id = ?", signature, facts[0])
            assert named(found) == [("A8", {"id": facts[3]})]


def test_every_edited_column_of_a_total_is_found(unguarded, subtests):
    where = f"account_id = {unguarded.anna} AND month = '2026-12' AND side = 'debit' AND motive = 'fee'"
    for column, value in edits(Total, where):
        with subtests.test(column):
            assert ("A6", {"account": unguarded.anna, "month": "2026-12"}) in named(
                problems(f"UPDATE total SET {column} = ? WHERE {where}", value)
            )


def test_a_total_that_was_put_in_or_taken_out_is_found(unguarded):
    added = problems(
        "INSERT INTO total (account_id, month, motive, side, count, minor) VALUES (?, '2026-01', 'fee', 'debit', 1, 1)", unguarded.bank
    )
    gone = problems("DELETE FROM total WHERE account_id = ? AND motive = 'fee'", unguarded.anna)

    assert named(added) == [("A6", {"account": unguarded.bank, "month": "2026-01"})]
    assert named(gone) == [("A6", {"account": unguarded.anna, "month": "2026-12"})]


def test_totals_summed_by_the_months_of_another_zone_are_found(books):
    books.pay(1, at=NOON.replace(month=12, day=31, hour=23, minute=30))
    seal(at=NOON, zone="UTC")

    assert {check for check, _ in named(problems())} == {"A6"}


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


def test_every_edited_column_of_a_sealed_line_of_the_trail_is_found(unguarded, subtests):
    line = one("SELECT max(id) FROM event")[0]
    for column, value in edits(Event, f"id = {line}"):
        with subtests.test(column):
            assert named(problems(f"UPDATE event SET {column} = ? WHERE id = ?", value, line)) == [("A8", {"id": line})]
    with subtests.test("gone"):
        assert named(problems("DELETE FROM event WHERE id = ?", line)) == [("A8", {"id": line})]


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


def named(found):
    return [(problem.check, problem.facts) for problem in found]
