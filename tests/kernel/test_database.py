"""One database under everything: what it promises, and how several share it."""

import sqlite3
import threading

import pytest

from tests.kernel.steps import in_a_thread, lose_connection, write, written
from vps.kernel import engines, locks
from vps.kernel.database import (
    OperationalError,
    action,
    changed_within_action,
    configure,
    connect,
    database,
    is_postgres,
    locked,
    one,
    reading,
    rows,
    run,
    within_action,
)

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0, "busy_timeout": 0}


@pytest.fixture
def as_it_opens(sqlite):
    """The database as the program opens it: that of the tests was told to wait for no disk."""
    place = database.database
    database.close()
    configure(f"sqlite:///{place}")
    connect()


def test_a_payment_that_was_acknowledged_survives_a_power_cut(as_it_opens):
    assert {name: one(f"PRAGMA {name}")[0] for name in PRAGMAS} == PRAGMAS
    assert one("PRAGMA synchronous")[0] == 2, "FULL: NORMAL loses acknowledged payments"


def test_every_connection_of_every_thread_has_the_same_promises(as_it_opens):
    assert in_a_thread(lambda: {name: one(f"PRAGMA {name}")[0] for name in PRAGMAS}) == PRAGMAS
    database.close()
    connect()
    assert {name: one(f"PRAGMA {name}")[0] for name in PRAGMAS} == PRAGMAS


def test_on_postgresql_a_commit_is_acknowledged_when_it_is_on_disk(postgres):
    assert one("SHOW synchronous_commit")[0] == "on"
    with database.atomic():
        assert one("SHOW transaction_isolation")[0] == "read committed"


def test_a_sqlite_address_is_a_file_whatever_its_name(sqlite, tmp_path):
    configure(f"sqlite:///{tmp_path}/with%20space%23.db")

    connect()
    run("CREATE TABLE t (n INTEGER)")

    assert (tmp_path / "with space#.db").exists()
    assert not is_postgres()


def test_a_postgresql_address_gives_host_port_name_password_and_options(sqlite):
    configure("postgresql://otto:p%40ss%2Fword@db.example:5433/books?sslmode=require&options=-c%20x%3D1&empty")

    assert is_postgres()
    assert database.database == "books"
    given = {name: database.connect_params[name] for name in ("host", "port", "user", "password", "sslmode", "options")}
    assert given == {"host": "db.example", "port": 5433, "user": "otto", "password": "p@ss/word", "sslmode": "require", "options": "-c x=1"}
    assert "empty" not in database.connect_params


def test_a_connection_is_kept_until_it_is_broken(engine):
    connect()
    first = database.connection()
    connect()
    assert database.connection() is first


def test_a_broken_connection_is_replaced(postgres):
    lose_connection()
    with pytest.raises(OperationalError):
        run("SELECT 1")

    connect()

    assert one("SELECT 1") == (1,)


def test_a_statement_is_written_once_for_both_engines(engine):
    assert one("SELECT CAST(? AS text) || ' is 100 %' WHERE 1 = ?", "this", 1) == ("this is 100 %",)
    assert one("SELECT 1 WHERE 1 = ?", 2) is None
    assert rows("SELECT 1 UNION ALL SELECT ?", 2) == [(1,), (2,)]
    assert one("SELECT CAST(? AS text) || ' is 100 %' WHERE 1 = ?", "that", 1) == ("that is 100 %",), "from the memo too"


def test_only_postgresql_needs_a_row_lock(engine):
    assert locked("SELECT 1") == ("SELECT 1 FOR UPDATE" if engine == "postgres" else "SELECT 1")


def test_reading_takes_no_lock_and_sees_one_moment(engine):
    write("before")
    with reading():
        assert written() == ["before"]
        in_a_thread(lambda: write("meanwhile"))
        assert written() == ["before"]
    assert written() == ["before", "meanwhile"]


def test_a_writer_on_sqlite_waits_for_the_one_before_it(sqlite, monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(locks.time, "sleep", lambda _: asked.set())
    other = threading.Thread(target=lambda: in_a_thread(lambda: write("second")))
    with database.atomic():
        other.start()
        assert asked.wait(10), "the second writer asks while the first one writes"
        write("first")
    other.join()

    assert written() == ["first", "second"]


def test_a_writer_on_sqlite_gives_up_when_its_patience_is_over(sqlite, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.02)
    with database.atomic(), pytest.raises(OperationalError, match="locked"):
        in_a_thread(lambda: write("never"))

    assert written() == []


@pytest.fixture
def locked_out(sqlite, tmp_path, monkeypatch):
    """Somebody opens or closes the file, which locks everybody out until they have asked for the third time."""
    write("x")
    database.close()
    other = sqlite3.connect(tmp_path / "vps.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    asked = []
    monkeypatch.setattr(locks.time, "sleep", lambda _: asked.append(1) or (other.close() if len(asked) == 3 else None))
    return asked


def test_opening_a_file_that_somebody_else_opens_or_closes_waits(locked_out):
    connect()

    assert len(locked_out) == 3
    assert written() == ["x"]


def test_a_read_outside_a_transaction_waits_too(locked_out, tmp_path):
    connection = engines.Lite(str(tmp_path / "vps.db"), timeout=0)  # without pragmas, opening reads nothing
    connection.connect()
    assert locked_out == []

    assert connection.execute_sql("SELECT ref FROM voucher").fetchall() == [("x",)]

    connection.close()
    assert len(locked_out) == 3


def test_a_read_that_fails_for_another_reason_fails_at_once(sqlite):
    with pytest.raises(OperationalError, match="no such table"):
        run("SELECT * FROM nowhere")


def test_a_lock_inside_a_transaction_is_not_waited_for(sqlite, monkeypatch):
    """Whoever waits there holds what the other one waits for."""

    class LockedOut:
        asked = 0

        def execute(self, *_):
            LockedOut.asked += 1
            raise sqlite3.OperationalError("database is locked")

    with database.atomic():
        monkeypatch.setattr(database.obj._state, "conn", LockedOut())
        with pytest.raises(OperationalError):
            run("SELECT 1")
        monkeypatch.undo()
    assert LockedOut.asked == 1


def test_a_connection_that_the_server_closed_is_opened_anew_before_it_is_used(postgres):
    write("x")
    lose_connection()

    connect()

    assert written() == ["x"]


def test_what_an_action_has_read_is_read_once_and_again_when_it_has_changed_it(engine):
    asked = []

    @within_action
    def counted():
        asked.append(1)
        return len(asked)

    @action
    def thrice():
        return [counted(), counted(), changed_within_action(), counted()]

    assert thrice() == [1, 1, None, 2]
    assert [counted(), counted()] == [3, 4], "outside of actions others may have changed it"
    changed_within_action()
    assert thrice() == [5, 5, None, 6]
