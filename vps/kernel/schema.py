"""The schema and its migrations: numbered files written by hand, forward only, each in a transaction."""

import re
from pathlib import Path
from typing import Any

from playhouse.migrations import Runner

from vps.kernel.database import connect, database, is_postgres, lite, rows

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate() -> list[str]:
    """Bring the database to this release; answers the names of the steps taken. Doing it twice does nothing."""
    connect()
    return list(Runner(database.obj, str(MIGRATIONS)).up())


def pending() -> list[str]:
    """The steps this database still lacks."""
    return [step.name for step in Runner(database.obj, str(MIGRATIONS)).status() if not step.applied]


def differences() -> list[str]:
    """What is missing from, added to or changed in the live schema against what the migrations make: triggers too."""
    live, fresh = dict(_objects()), dict(_fresh())
    return sorted(name for name in live.keys() | fresh.keys() if live.get(name) != fresh.get(name))


def script(name: str) -> list[str]:
    """The statements of a migration's SQL file for the engine in use (`<name>.sqlite.sql` or `<name>.postgres.sql`)."""
    engine = "postgres" if is_postgres() else "sqlite"
    return [part.strip() for part in (MIGRATIONS / f"{name}.{engine}.sql").read_text().split("\n;\n") if part.strip()]


def _objects() -> list[tuple[str, str]]:
    return rows(POSTGRES_OBJECTS) if is_postgres() else _lite_objects(database)


def _lite_objects(source: Any) -> list[tuple[str, str]]:
    return [(name, _plain(sql)) for name, sql in source.execute_sql(SQLITE_OBJECTS)]


def _fresh() -> list[tuple[str, str]]:
    # A second database, empty but for what the migrations make: in memory on SQLite, a schema that is rolled back on PostgreSQL.
    if not is_postgres():
        memory = lite(":memory:")
        list(Runner(memory, str(MIGRATIONS)).up())
        objects = _lite_objects(memory)
        memory.close()
        return objects
    with database.atomic() as transaction:
        database.execute_sql("CREATE SCHEMA vps_fresh")
        database.execute_sql("SET LOCAL search_path TO vps_fresh")
        for path in sorted(MIGRATIONS.glob("[0-9]*.postgres.sql")):
            for statement in script(path.name.removesuffix(".postgres.sql")):
                database.execute_sql(statement)
        objects = _objects()
        transaction.rollback()
    return objects


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


SQLITE_OBJECTS = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'schema_migration'"
POSTGRES_OBJECTS = """
SELECT 'column ' || c.table_name || '.' || c.column_name, c.data_type || ' ' || c.is_nullable || ' ' || coalesce(c.column_default, '')
  FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name <> 'schema_migration'
UNION ALL SELECT 'constraint ' || r.relname || '.' || k.conname, replace(pg_get_constraintdef(k.oid), current_schema() || '.', '')
  FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid WHERE k.connamespace = current_schema()::regnamespace AND r.relname <> 'schema_migration'
UNION ALL SELECT 'index ' || i.indexname, replace(i.indexdef, current_schema() || '.', '') FROM pg_indexes i
  WHERE i.schemaname = current_schema() AND i.tablename <> 'schema_migration'
UNION ALL SELECT 'trigger ' || r.relname || '.' || t.tgname, replace(pg_get_triggerdef(t.oid), current_schema() || '.', '') || t.tgenabled::text
  FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal AND r.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'function ' || p.proname, p.prosrc FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
UNION ALL SELECT 'rule ' || u.tablename || '.' || u.rulename, u.definition FROM pg_rules u WHERE u.schemaname = current_schema()
"""
