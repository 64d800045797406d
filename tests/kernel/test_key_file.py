"""The key file is exchanged whole, and whoever has read it long ago sees the new one before the next secret."""

import json
import os
import stat
from dataclasses import replace

import pytest

from tests.at_once import at_once
from vps.kernel.keys import Keys, NotOurs, changing_keys, keys, read_keys, replace_keys, write_keys


@pytest.fixture
def path(tmp_path):
    """A key file that is in use."""
    write_keys(tmp_path / "keys.json", Keys.fresh())
    read_keys(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def newer(present: Keys) -> Keys:
    return replace(present, fernet=(*Keys.fresh().fernet, *present.fernet))


def changed_elsewhere(path) -> Keys:
    """What the file holds after another process changed it; this one has not looked yet."""
    present, given = keys(), newer(keys())
    os.rename(path, path.with_suffix(".before"))
    write_keys(path, given)
    assert keys() is present
    return given


def test_other_keys_are_put_into_the_file_whole_and_used(path):
    given = newer(keys())

    replace_keys(path, given)

    assert (read_keys(path), keys()) == (given, given)
    assert json.loads(path.read_text())["check"] == given.check
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"], "nothing of the old one is left"


def test_a_change_that_was_broken_off_is_in_nobodys_way(path):
    (path.parent / ".keys.json.new").write_text("{")

    replace_keys(path, newer(keys()))

    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_a_file_that_cannot_be_exchanged_stays_as_it_was(path, monkeypatch):
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vps.kernel.keys.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_keys(path, newer(keys()))

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_a_key_file_that_lies_elsewhere_is_exchanged_there(path, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(path)
    given = newer(keys())

    replace_keys(link, given)

    assert link.is_symlink()
    assert read_keys(path) == given


def test_changes_at_once_go_one_after_the_other(sqlite, path):
    def add(_: int) -> None:
        with changing_keys(path) as present:
            replace_keys(path, newer(present))

    at_once(4, add)

    assert len(read_keys(path).fernet) == 5, "no key that another one has begun to use is lost"


def test_what_was_encrypted_with_a_key_that_came_later_opens_without_a_restart(path):
    given = changed_elsewhere(path)

    assert keys().decrypt(given._box.encrypt(b"app:1\nsecret"), owner="app:1") == b"secret"
    assert keys() == given


def test_what_is_encrypted_after_a_change_uses_the_new_key_without_a_restart(path):
    given = changed_elsewhere(path)

    assert given.age(keys().encrypt(b"secret", owner="app:1")) == 0


def test_keys_that_were_asked_for_a_moment_ago_are_the_new_ones_too(path):
    held, given = keys(), changed_elsewhere(path)
    keys().encrypt(b"somebody else was first", owner="app:2")

    assert held.decrypt(given._box.encrypt(b"app:1\nsecret"), owner="app:1") == b"secret"


@pytest.mark.parametrize("now", [None, "{", "others"])
def test_a_key_file_that_is_gone_damaged_or_anothers_does_not_stop_who_has_read_it(path, now):
    token = keys().encrypt(b"secret", owner="app:1")
    present = keys()
    path.unlink()
    if now == "others":
        write_keys(path, Keys.fresh())
    elif now:
        path.write_text(now)

    assert keys().decrypt(token, owner="app:1") == b"secret"
    assert keys() is present


def test_other_keys_than_those_in_use_are_left_alone(path):
    other = Keys.fresh()
    token = other.encrypt(b"secret", owner="app:1")

    assert other.decrypt(token, owner="app:1") == b"secret"
    with pytest.raises(NotOurs):
        keys().decrypt(token, owner="app:1")
