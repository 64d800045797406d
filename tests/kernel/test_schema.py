"""The migrations make exactly the schema that the rows describe, and nobody changes it unseen."""

import importlib
import pkgutil

import vps
from vps.kernel import schema
from vps.kernel.database import configure, connect, database, is_postgres, lite, one, rows, run
from vps.kernel.rows import Row
from vps.kernel.rows import schema as described


def all_rows():
    """Every row of every capability, so that none is described without being migrated."""
    for found in pkgutil.walk_packages(vps.__path__, "vps."):
        if ".models" in found.name:
            importlib.import_module(found.name)
    return [kind for kind in Row._kinds if kind.__module__.startswith("vps.")]


def made_by(statements):
    """The objects that statements make in an empty database of the engine in use."""
    if is_postgres():
        with database.atomic() as transaction:
            run("CREATE SCHEMA described")
            run("SET LOCAL search_path TO described")
            for statement in statements:
                database.execute_sql(statement)
            found = schema._objects()
            transaction.rollback()
    else:
        memory = lite(":memory:")
        for statement in statements:
            memory.execute_sql(statement)
        found = schema._lite_objects(memory)
        memory.close()
    return {name: sql.replace('"', "") for name, sql in found}


def test_a_migrated_schema_is_the_one_that_the_rows_describe(engine):
    kinds = all_rows()

    migrated = {name: sql.replace('"', "") for name, sql in schema._objects()}

    assert migrated == made_by(described())
    assert len(kinds) > 20
    assert sum(name.startswith("trigger") for name in migrated) > 20


def test_every_table_of_the_ledger_is_strict_on_sqlite(sqlite):
    loose = [name for name, strict in rows("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name <> 'sqlite_schema'")
             if not strict]  # fmt: skip

    assert loose == ["schema_migration"]


def test_migrating_twice_does_nothing(engine):
    before = sorted(schema._objects())

    assert schema.migrate() == []

    assert sorted(schema._objects()) == before
    assert schema.pending() == []


def test_an_empty_database_lacks_every_step_until_it_is_migrated(sqlite, tmp_path):
    configure(f"sqlite:///{tmp_path}/new.db")
    connect()

    steps = schema.pending()
    assert steps[0] == "0001_the_house"
    assert schema.migrate() == steps
    assert schema.pending() == []


def test_a_fresh_installation_differs_in_nothing(engine):
    assert schema.differences() == []


SQLITE = {
    "DROP TRIGGER booking_no_delete": "trigger booking_no_delete",
    "DROP INDEX booking_reverses": "index booking_reverses",
    "CREATE TABLE extra (n INTEGER)": "table extra",
    "ALTER TABLE voucher ADD COLUMN extra TEXT": "table voucher",
    "CREATE TRIGGER quiet BEFORE INSERT ON booking BEGIN SELECT RAISE(IGNORE); END": "trigger quiet",
}
POSTGRES = {
    "DROP TRIGGER booking_no_delete ON booking": "trigger booking.booking_no_delete",
    "ALTER TABLE booking DISABLE TRIGGER booking_no_update": "trigger booking.booking_no_update",
    "CREATE OR REPLACE FUNCTION vps_immutable() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'": "function vps_immutable",
    "CREATE RULE quiet AS ON INSERT TO booking DO INSTEAD NOTHING": "rule booking.quiet",
    "DROP INDEX booking_reverses": "index booking_reverses",
    "ALTER TABLE account DROP CONSTRAINT account_check1": "constraint account.account_check1",
    "ALTER TABLE voucher ADD COLUMN extra text": "column voucher.extra",
    "ALTER TABLE voucher ALTER COLUMN text SET DEFAULT 'x'": "column voucher.text",
}


def test_whatever_was_changed_is_named(engine, subtests):
    for change, name in (POSTGRES if is_postgres() else SQLITE).items():
        with subtests.test(name):
            with database.atomic() as transaction:
                run(change)
                found = schema.differences()
                transaction.rollback()
            assert found == [name]
    assert schema.differences() == []


def test_looking_for_differences_leaves_nothing_behind(engine):
    before = sorted(schema._objects())

    schema.differences()

    assert sorted(schema._objects()) == before
    assert one("SELECT count(*) FROM account")[0] == 0
