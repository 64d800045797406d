"""Books know their keys again, whichever key encrypts at the moment; and take no others for theirs."""

from dataclasses import replace

import pytest

from tests.cast import NOON
from vps.company.actions import keys_changed, remember, remember_keys, remembered
from vps.company.models import OtherKeys, audit, keys_fit
from vps.kernel.database import rows, run
from vps.kernel.keys import Keys, keys, use_keys

KEPT = "SELECT value FROM setting WHERE key = 'keys' ORDER BY id"


def newest_only() -> None:
    """The key changes, and the older one is dropped."""
    use_keys(replace(keys(), fernet=Keys.fresh().fernet))


def begun_before() -> None:
    """Books that know their keys by the oldest Fernet key, too."""
    run("INSERT INTO setting (key, value, since) VALUES ('keys', ?, 1)", keys().first_fingerprint)


def test_books_know_their_keys_after_the_key_that_encrypts_was_changed(engine):
    remember_keys(at=NOON)
    newest_only()

    assert keys_fit()
    remember_keys(at=NOON)
    assert len(rows(KEPT)) == 1


def test_older_books_learn_to_know_their_keys_before_one_is_dropped(engine):
    begun_before()
    assert keys_fit()

    remember_keys(at=NOON)
    newest_only()

    assert keys_fit()
    assert len(rows(KEPT)) == 2


def test_other_keys_fit_neither_and_are_not_written_down(engine):
    remember_keys(at=NOON)
    present = keys()
    for other in (Keys.fresh(), replace(present, pepper=b"x" * 32), replace(present, seal=Keys.fresh().seal)):
        use_keys(other)
        assert not keys_fit()
        assert [problem.check for problem in audit()] == ["A8"]
        with pytest.raises(OtherKeys):
            remember_keys(at=NOON)
    assert rows(KEPT) == [(present.fingerprint,)]


def test_older_books_do_not_take_other_keys_for_theirs(engine):
    begun_before()
    use_keys(Keys.fresh())

    with pytest.raises(OtherKeys):
        remember_keys(at=NOON)
    assert len(rows(KEPT)) == 1


def test_keys_that_somebody_writes_into_the_books_afterwards_do_not_fit(engine):
    begun_before()
    remember_keys(at=NOON)
    ours, other = keys(), Keys.fresh()
    for fingerprint in (other.fingerprint, other.first_fingerprint):
        run("INSERT INTO setting (key, value, since) VALUES ('keys', ?, 2)", fingerprint)

    assert keys_fit()
    use_keys(other)
    assert not keys_fit()
    use_keys(ours)
    assert keys_fit()


def test_a_change_of_keys_is_in_the_trail_by_the_letters_of_the_check(engine):
    before = keys().check
    newest_only()

    keys_changed(before=before, at=NOON)

    assert rows("SELECT verb, before, after FROM event WHERE subject = 'setting:keys'") == [
        ("setting changed", f"check {before}", f"check {keys().check}")
    ]


def test_what_the_house_did_once_is_remembered(engine):
    assert not remembered("spring cleaning")

    remember("spring cleaning", "done", at=NOON)

    assert remembered("spring cleaning")
