"""Who could look after the staff before there was a right for it can do so afterwards, and the trail says since when."""

import pytest

from vps.kernel import schema
from vps.kernel.database import configure, connect, database, is_postgres, one, rows, run

NAME = "0008_who_manages"
PERSON = (
    "INSERT INTO person (id, username, skeleton, name, bank_name, language, zone, email, phone, joined_at)"
    " VALUES (?, ?, ?, 'N', 'N', 'de', 'UTC', '', '', 1)"
)
RIGHT = "INSERT INTO person_right (person_id, granted, granted_at, withdrawn_at) VALUES (?, ?, 1, ?)"


@pytest.fixture
def before(engine, tmp_path):
    """A database as it was before this step, with four members of staff."""
    if is_postgres():
        run("CREATE SCHEMA earlier")
        run("SET search_path TO earlier")
    else:
        configure(f"sqlite:///{tmp_path}/earlier.db")
        connect()
    for step in sorted({path.name.partition(".")[0] for path in schema.MIGRATIONS.glob("0*.sqlite.sql")}):
        if step < NAME:
            for statement in schema.script(step):
                database.execute_sql(statement)
    for key in range(1, 5):
        run(PERSON, key, f"p{key}", f"p{key}")
    for given in ((1, "read", None), (1, "book", None), (2, "read", None), (3, "book", None), (4, "book", 2)):
        run(RIGHT, *given)


def test_who_booked_manages_now(before):
    with database.atomic():
        for statement in schema.script(NAME):
            database.execute_sql(statement)

    assert rows("SELECT person_id, granted_by FROM person_right WHERE granted = 'manage' ORDER BY person_id") == [(1, None), (3, None)]
    assert one("SELECT count(*) FROM person_right") == (7,)
    assert one("SELECT min(granted_at) FROM person_right WHERE granted = 'manage'")[0] > 1_700_000_000_000_000
    assert rows("SELECT subject, before, after FROM event WHERE verb = 'rights changed' ORDER BY id") == [
        ("person:1", "book, read", "book, manage, read"),
        ("person:3", "book", "book, manage"),
    ]
    assert one("SELECT count(*) FROM person WHERE notify_from IS NOT NULL") == (0,), "nobody gets mails he did not ask for"
