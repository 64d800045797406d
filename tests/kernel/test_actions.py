"""An action: whole or not at all, and tried again when the database, not a rule, stood in its way."""

import peewee
import psycopg
import pytest

from tests.kernel.steps import lose_connection, write, written
from vps.kernel import engines
from vps.kernel.database import Again, IntegrityError, OperationalError, action, database, passes, run
from vps.kernel.refusals import Refused


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
    def inner():
        write("inner")

    @action
    def outer():
        inner()
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


def test_what_somebody_else_wrote_since_we_looked_is_found_by_looking_again(engine):
    """Only a key that is taken is worth another look: any other rule would stop it again."""
    run("CREATE TABLE taken (name TEXT PRIMARY KEY, other TEXT UNIQUE, more INTEGER CHECK (more > 0))")
    run("INSERT INTO taken VALUES ('a', 'b', 1)")
    tries = []

    @action
    def deed(*row):
        tries.append(row)
        if len(tries) < 3:
            run("INSERT INTO taken VALUES (?, ?, ?)", *row)

    deed("a", "c", 1)
    assert len(tries) == 3
    tries.clear()
    deed("c", "b", 1)
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(IntegrityError):
        deed("c", "c", 0)
    assert len(tries) == 1


def test_the_whole_outer_action_is_tried_again_and_never_a_part_of_it(engine):
    tries = []

    @action
    def inner():
        tries.append("inner")
        write("inner")
        if len(tries) < 4:
            raise Again

    @action
    def outer():
        tries.append("outer")
        write(f"outer {len(tries)}")
        inner()

    outer()

    assert tries == ["outer", "inner"] * 2
    assert written() == ["outer 3", "inner"]


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
    monkeypatch.setattr(engines, "memos", [lambda: forgotten.append(1)])

    @action
    def deed(trouble):
        if trouble:
            raise trouble

    deed(None)
    assert forgotten == []
    with pytest.raises(Refused):
        deed(Refused())
    assert forgotten


def test_a_commit_that_fails_leaves_nothing_and_the_next_action_goes_on(sqlite):
    @action
    def deed():
        run("PRAGMA defer_foreign_keys = 1")  # what nobody has is noticed by the commit only
        write("half")
        run("INSERT INTO customer (partner_id, name, email, phone, language, street, postcode, city, country, made_at)"
            " VALUES (4711, 'x', '', '', 'en', '', '', '', '', 1)")  # fmt: skip

    with pytest.raises(IntegrityError):
        deed()

    assert written() == []
    write("whole")
    assert written() == ["whole"]


def test_an_action_opens_the_connection_that_it_needs(sqlite):
    database.close()

    write("x")

    assert written() == ["x"]
