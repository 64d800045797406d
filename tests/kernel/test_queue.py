"""Who writes much lets others go before, and does not wait for the disk before somebody is told."""

import fcntl
import os
import threading
import time
from contextlib import contextmanager

import pytest

from tests.kernel.steps import in_a_thread, write, written
from vps.kernel import locks
from vps.kernel.database import OperationalError, action, database, let_pass, one, unsynced, until_waited


@contextmanager
def in_the_queue(place, lock):
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, lock)
        yield
    finally:
        os.close(handle)


@pytest.fixture
def naps(monkeypatch):
    """Whoever waits for the lock sleeps until the one who writes much has looked whether somebody waits."""
    asked, looked, nap = threading.Event(), threading.Event(), time.sleep

    def sleep(seconds):
        if threading.current_thread() is threading.main_thread():
            looked.set()
            nap(seconds)
        else:
            asked.set()
            assert looked.wait(10)

    monkeypatch.setattr(locks.time, "sleep", sleep)
    monkeypatch.setattr(locks, "PASSING", 10)
    return asked, looked


def test_who_waits_goes_before_the_next_of_many(sqlite, naps):
    asked, looked = naps
    other = threading.Thread(target=lambda: in_a_thread(lambda: write("who waits")))
    with database.atomic():
        other.start()
        assert asked.wait(10)
        write("the first of many")
    let_pass()
    write("the second of many")
    looked.set()
    other.join()

    assert written() == ["the first of many", "who waits", "the second of many"]


def test_where_nobody_waits_nobody_is_waited_for(engine, monkeypatch):
    monkeypatch.setattr(locks.time, "sleep", lambda _: pytest.fail("it slept"))

    let_pass()


def test_many_pieces_are_one_transaction_until_somebody_waits(sqlite, tmp_path):
    @action
    def some(pieces):
        return until_waited(write, pieces)

    assert some([]) == 0
    assert some(["first", "second"]) == 2
    with in_the_queue(tmp_path, fcntl.LOCK_SH):
        assert some(["third", "fourth"]) == 1
    assert written() == ["first", "second", "third"]


def test_postgresql_does_not_say_who_waits_so_each_piece_is_a_transaction(postgres):
    with database.atomic():
        assert until_waited(write, ["first", "second"]) == 1
    let_pass()

    assert written() == ["first"]


def test_those_who_wait_are_not_waited_for_without_end(sqlite, tmp_path, monkeypatch):
    naps = []
    monkeypatch.setattr(locks.time, "sleep", lambda _: naps.append(1))
    with in_the_queue(tmp_path, fcntl.LOCK_SH):
        let_pass()

    assert naps


def test_who_cannot_be_seen_waiting_gets_the_lock_all_the_same(sqlite, tmp_path, naps):
    asked, looked = naps
    looked.set()
    other = threading.Thread(target=lambda: in_a_thread(lambda: write("second")))
    with in_the_queue(tmp_path, fcntl.LOCK_EX):
        with database.atomic():
            other.start()
            assert asked.wait(10)
            write("first")
        other.join()

    assert written() == ["first", "second"]


def test_where_the_folder_cannot_be_locked_one_waits_all_the_same_and_is_not_waited_for(tmp_path):
    asked = []
    with locks.queue_of(tmp_path / "not there" / "vps.db") as nothing:
        locks.ask_in(nothing, lambda: asked.append("no folder"))
        locks.let_pass(nothing)
    handle = os.open(tmp_path, os.O_PATH)  # takes no locks
    locks.ask_in(handle, lambda: asked.append("no locks"))
    locks.let_pass(handle)
    os.close(handle)

    assert nothing is None and asked == ["no folder", "no locks"]


def test_a_transaction_that_cannot_begin_says_so_at_once(sqlite):
    with pytest.raises(OperationalError, match="syntax"):
        database.begin("SOMEHOW")


def test_a_commit_waits_for_the_disk_again_after_those_that_do_not(sqlite):
    database.execute_sql("PRAGMA synchronous = full")
    with pytest.raises(ZeroDivisionError), unsynced():
        assert one("PRAGMA synchronous")[0] == 1
        raise ZeroDivisionError

    assert one("PRAGMA synchronous")[0] == 2


def test_a_database_that_waits_for_no_disk_still_does_not(sqlite):
    database.execute_sql("PRAGMA synchronous = off")
    with unsynced():
        assert one("PRAGMA synchronous")[0] == 0

    assert one("PRAGMA synchronous")[0] == 0


def test_on_postgresql_it_is_the_same(postgres):
    with unsynced():
        assert one("SHOW synchronous_commit")[0] == "off"

    assert one("SHOW synchronous_commit")[0] == "on"
