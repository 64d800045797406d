"""Slow hashes: argon2id, the same effort whether the name is known or not, and nobody waits for one."""

import importlib.util
import threading

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from vps.kernel import hashing
from vps.kernel.database import database
from vps.kernel.hashing import matches, slow_hash


@pytest.fixture(autouse=True)
def a_database(sqlite):
    """Hashing asks whether a transaction is open."""


def test_a_secret_matches_its_hash_and_no_other_secret_does():
    hashed = slow_hash("four words that rhyme")

    assert hashed.startswith("$argon2id$")
    assert matches(hashed, "four words that rhyme")
    assert not matches(hashed, "four words that rhyme ")
    assert not matches(hashed, "")


def test_the_same_secret_never_has_the_same_hash():
    assert slow_hash("secret") != slow_hash("secret")


def test_no_hash_matches_nothing():
    assert not matches(None, "")
    assert not matches("", "secret")


@pytest.mark.parametrize("damaged", ["secret", "$argon2id$v=19$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_hash_of_ours_matches_nothing(damaged):
    assert not matches(damaged, "secret")


def test_an_unknown_name_costs_the_same_check_as_a_known_one():
    """It is compared with a hash that is whole and of today's cost; a broken one would be refused at once."""
    real = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

    with pytest.raises(VerifyMismatchError):
        real.verify(hashing._NOBODY, "secret")
    assert not real.check_needs_rehash(hashing._NOBODY)


def test_the_parameters_are_those_that_owasp_asks_for():
    untouched = importlib.util.module_from_spec(importlib.util.spec_from_file_location("untouched", hashing.__file__))
    untouched.__spec__.loader.exec_module(untouched)  # ours was made cheaper for the tests

    real = untouched._hasher
    assert (real.time_cost, real.memory_cost, real.parallelism, real.type.name) == (2, 19_456, 1, "ID")


@pytest.mark.parametrize("hashes", [lambda: slow_hash("x"), lambda: matches(None, "x")])
def test_nobody_hashes_while_a_transaction_is_open(hashes):
    with database.atomic(), pytest.raises(AssertionError):
        hashes()


def test_one_process_hashes_one_secret_at_a_time(monkeypatch):
    inside, most = [], []

    class Watched:
        def hash(self, secret):
            inside.append(secret)
            most.append(len(inside))
            threading.Event().wait(0.01)
            inside.remove(secret)
            return secret

    monkeypatch.setattr(hashing, "_hasher", Watched())
    threads = [threading.Thread(target=slow_hash, args=(f"{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1, 1, 1, 1]
