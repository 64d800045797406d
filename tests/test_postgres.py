"""Each test finds its PostgreSQL database as if it were new, though the one before used it too."""

from contextlib import closing

import psycopg
import pytest

from tests.cast import give
from vps.kernel.database import configure, connect, database, one, run
from vps.people.models import Person

pytestmark = pytest.mark.postgres
EVERYTHING = (
    "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM event), (SELECT sum(amount) FROM booking), (SELECT max(id) FROM voucher)"
)


@pytest.fixture
def use(postgres_server):
    """Do something in a database with the cast in it that was used before; answers its name."""

    def used(deed) -> str:
        lent = postgres_server.lend("cast")
        configure(postgres_server.url(lent.name))
        connect()
        deed()
        database.close()
        postgres_server.take_back("cast", lent)
        return lent.name

    return used


def test_what_was_written_is_put_back(use):
    found = []

    def write() -> None:
        found.append(one(EVERYTHING))
        give(Person.get(Person.username == "anna"), 5_00)
        assert one(EVERYTHING) != found[-1]

    names = {use(write) for _ in range(3)}

    assert len(names) < 3, "it is not a new one each time"
    assert found[0] == found[1] == found[2], "numbers are given out again, too"


@pytest.mark.parametrize(
    "deed", ["ALTER TABLE person DISABLE TRIGGER ALL", "CREATE TABLE more (id integer)", "DROP INDEX booking_debit", "ANALYZE person"]
)
def test_what_was_altered_is_thrown_away(use, deed):
    altered = use(lambda: run(deed))
    assert use(lambda: None) != altered


def test_nobody_gets_a_database_that_somebody_still_writes(use, postgres_server):
    name = use(lambda: None)
    with closing(psycopg.connect(postgres_server.url(name))) as somebody:
        somebody.execute("UPDATE person SET email = email")
        assert use(lambda: None) != name
