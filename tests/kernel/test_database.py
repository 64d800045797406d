"""One database under everything: what it promises, and what an action does when it stands in the way."""

import sqlite3
import threading
from datetime import date

import peewee
import psycopg
import pytest

from vps.kernel import database as kernel
from vps.kernel.database import (
    Again,
    IntegrityError,
    OperationalError,
    action,
    configure,
    connect,
    database,
    is_postgres,
    locked,
    one,
    passes,
    reading,
    rows,
    run,
)
from vps.kernel.refusals import Refused
from vps.ledger.actions import voucher

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0, "busy_timeout": 0}


def write(ref):
    voucher("test", ref, day=date(2026, 11, 20))


def written():
    return [ref for (ref,) in rows("SELECT ref FROM voucher ORDER BY id")]


def in_a_thread(step):
    """Run a step on a connection of its own and answer what it answered, or raise what it raised."""
    outcome = []

    def whole():
        try:
            connect()
            outcome.append((step(), None))
        except BaseException as trouble:
            outcome.append((None, trouble))
        finally:
            database.close()

    thread = threading.Thread(target=whole)
    thread.start()
    thread.join()
    answer, trouble = outcome[0]
    if trouble:
        raise trouble
    return answer


# ---------------------------------------------------------------- connections


def test_a_payment_that_was_acknowledged_survives_a_power_cut(sqlite):
    assert {name: one(f"PRAGMA {name}")[0] for name in PRAGMAS} == PRAGMAS
    assert one("PRAGMA synchronous")[0] == 2, "FULL: NORMAL loses acknowledged payments"


def test_every_connection_of_every_thread_has_the_same_promises(sqlite):
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


def lose_connection():
    """The server ends this thread's connection, as it does when it is restarted."""
    pid = one("SELECT pg_backend_pid()")[0]
    name = database.database
    with psycopg.connect(
        dbname=name, **{key: database.connect_params[key] for key in ("host", "port", "user", "password") if key in database.connect_params}
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


# ---------------------------------------------------------------- statements


def test_a_statement_is_written_once_for_both_engines(engine):
    assert one("SELECT CAST(? AS text) || ' is 100 %' WHERE 1 = ?", "this", 1) == ("this is 100 %",)
    assert one("SELECT 1 WHERE 1 = ?", 2) is None
    assert rows("SELECT 1 UNION ALL SELECT ?", 2) == [(1,), (2,)]
    assert one("SELECT CAST(? AS text) || ' is 100 %' WHERE 1 = ?", "that", 1) == ("that is 100 %",), "from the memo too"


def test_only_postgresql_needs_a_row_lock(engine):
    assert locked("SELECT 1") == ("SELECT 1 FOR UPDATE" if engine == "postgres" else "SELECT 1")


# ---------------------------------------------------------------- actions


def test_an_action_happens_whole_or_not_at_all(engine):
    @action
    def two(trouble):
        write("a")
        if trouble:
            raise trouble
        write("b")
        return "done"

    with pytest.raises(Refused):
        two(Refused())
    assert written() == []

    assert two(None) == "done"
    assert written() == ["a", "b"]


def test_an_action_within_another_is_a_part_of_it(engine):
    @action
    def outer():
        write("inner")
        assert database.transaction_depth() == 1
        raise Refused

    with pytest.raises(Refused):
        outer()

    assert written() == []


def failure(sqlstate):
    """What peewee makes of the server's complaint, CockroachDB's included."""
    complaint = type("Complaint", (psycopg.OperationalError,), {"sqlstate": sqlstate})
    try:
        with peewee.__exception_wrapper__:
            raise complaint("restart transaction")
    except OperationalError as wrapped:
        return wrapped


@pytest.mark.parametrize(
    "trouble", [failure("40001"), failure("40P01"), failure("57P01"), failure("08006"), peewee.InterfaceError("closed"), Again()], ids=repr
)
def test_an_action_that_the_database_stopped_is_tried_again_from_the_start(sqlite, trouble):
    tries = []

    @action
    def deed():
        tries.append(len(tries))
        write(f"try {len(tries)}")
        if len(tries) < 3:
            raise trouble
        return len(tries)

    assert deed() == 3
    assert written() == ["try 3"]


def test_after_three_tries_the_trouble_is_handed_on(engine):
    tries = []

    @action
    def deed():
        tries.append(1)
        write("x")
        raise failure("40001")

    with pytest.raises(OperationalError):
        deed()

    assert len(tries) == 3
    assert written() == []


@pytest.mark.parametrize(
    "trouble", [failure("42P01"), OperationalError("no such table: x"), IntegrityError("UNIQUE"), Refused(), ZeroDivisionError()], ids=repr
)
def test_what_trying_again_cannot_help_is_tried_once(sqlite, trouble):
    tries = []

    @action
    def deed():
        tries.append(1)
        raise trouble

    with pytest.raises(type(trouble)):
        deed()

    assert len(tries) == 1


def test_the_whole_outer_action_is_tried_again(engine):
    tries = []

    @action
    def inner():
        write("inner")
        if len(tries) < 2:
            raise Again

    @action
    def outer():
        tries.append(1)
        write(f"outer {len(tries)}")
        inner()

    outer()

    assert written() == ["outer 2", "inner"]


def test_the_servers_own_serialization_failure_is_tried_again(postgres):
    tries = []

    @action
    def deed():
        tries.append(1)
        write("x")
        if len(tries) < 2:
            run("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")

    deed()

    assert (len(tries), written()) == (2, ["x"])


@pytest.mark.parametrize("moment", ["before it begins", "in the middle", "before the commit"])
def test_an_action_survives_a_lost_connection(postgres, moment):
    tries = []

    @action
    def deed():
        tries.append(1)
        if moment == "in the middle" and len(tries) == 1:
            lose_connection()
        write("x")
        if moment == "before the commit" and len(tries) == 1:
            lose_connection()

    if moment == "before it begins":
        lose_connection()
    deed()

    assert written() == ["x"]
    assert len(tries) == (1 if moment == "before it begins" else 2)


def test_a_commit_whose_answer_was_lost_counts_as_success(postgres, monkeypatch):
    commit, lost = database.obj.commit, []

    def commit_and_lose():
        commit()
        if not lost:
            lost.append(1)
            lose_connection()
            run("SELECT 1")

    monkeypatch.setattr(database.obj, "commit", commit_and_lose)
    write("x")

    assert written() == ["x"]
    assert lost


@pytest.mark.parametrize(("trouble", "helps"), [
    (Again(), True),
    (peewee.InterfaceError("any"), True),
    (failure("40001"), True),
    (failure("55P03"), False),
    (failure(None), False),
    (OperationalError("server closed the connection unexpectedly"), True),
    (OperationalError("the connection is lost"), True),
    (OperationalError("the connection is closed"), True),
    (OperationalError("database is locked"), False),
], ids=lambda value: str(value) or None)  # fmt: skip
def test_trying_again_helps_against(trouble, helps):
    assert passes(trouble) is helps


def test_a_rollback_forgets_what_was_remembered_of_rows(engine, monkeypatch):
    forgotten = []
    monkeypatch.setattr(kernel, "_on_configure", [lambda: forgotten.append(1)])

    @action
    def deed(trouble):
        if trouble:
            raise trouble

    deed(None)
    assert forgotten == []
    with pytest.raises(Refused):
        deed(Refused())
    assert forgotten


# ---------------------------------------------------------------- several at once


def test_reading_takes_no_lock_and_sees_one_moment(engine):
    write("before")
    with reading():
        assert written() == ["before"]
        in_a_thread(lambda: write("meanwhile"))
        assert written() == ["before"]
    assert written() == ["before", "meanwhile"]


def test_a_writer_on_sqlite_waits_for_the_one_before_it(sqlite, monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(kernel.time, "sleep", lambda _: asked.set())
    other = threading.Thread(target=lambda: in_a_thread(lambda: write("second")))
    with database.atomic():
        other.start()
        assert asked.wait(10), "the second writer asks while the first one writes"
        write("first")
    other.join()

    assert written() == ["first", "second"]


def test_a_writer_on_sqlite_gives_up_when_its_patience_is_over(sqlite, monkeypatch):
    monkeypatch.setattr(kernel, "PATIENCE", 0.02)
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
    monkeypatch.setattr(kernel.time, "sleep", lambda _: asked.append(1) or (other.close() if len(asked) == 3 else None))
    return asked


def test_opening_a_file_that_somebody_else_opens_or_closes_waits(locked_out):
    connect()

    assert len(locked_out) == 3
    assert written() == ["x"]


def test_a_read_outside_a_transaction_waits_too(locked_out, tmp_path):
    connection = kernel.Lite(str(tmp_path / "vps.db"), timeout=0)  # without pragmas, opening reads nothing
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

    def locked_out(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(peewee.SqliteDatabase, "execute_sql", locked_out)
    with pytest.raises(OperationalError), database.atomic():
        run("SELECT 1")
