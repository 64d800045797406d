"""Small steps with which the kernel's tests write, look, and get into trouble."""

import threading
from datetime import date

import psycopg

from vps.kernel.database import connect, database, one, rows
from vps.ledger.actions import voucher


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


def lose_connection():
    """The server ends this thread's connection, as it does when it is restarted."""
    pid = one("SELECT pg_backend_pid()")[0]
    name = database.database
    with psycopg.connect(
        dbname=name, **{key: database.connect_params[key] for key in ("host", "port", "user", "password") if key in database.connect_params}
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
