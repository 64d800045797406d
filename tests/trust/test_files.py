"""Where pictures lie: encrypted, each with a key of its own, readable by their owner alone, and worth nothing without their row."""

import stat
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from tests.trust.photos import photo
from vps.kernel.clock import clock
from vps.kernel.keys import Keys, NotOurs, keys, use_keys
from vps.trust import files


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.use_folder(tmp_path)


def test_a_file_is_its_owners_alone_and_nothing_of_it_can_be_read():
    kept = files.keep(photo())
    path = files.folder() / kept.name

    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(files.folder().stat().st_mode) == 0o700
    assert path.read_bytes()[:3] != b"\xff\xd8\xff" and path.stat().st_size == kept.size
    assert files.content_of(kept.name, kept.secret) == photo()


def test_a_key_opens_no_other_file():
    first, second = files.keep(b"first"), files.keep(b"second")

    with pytest.raises(NotOurs):
        files.content_of(first.name, second.secret)
    assert files.opens(first.name, first.secret) and not files.opens(first.name, second.secret)


def test_a_file_put_in_anothers_place_is_not_opened():
    first, second = files.keep(b"first"), files.keep(b"second")
    (files.folder() / first.name).write_bytes((files.folder() / second.name).read_bytes())

    with pytest.raises(NotOurs):
        files.content_of(first.name, first.secret)
    assert not files.is_whole(first.name, first.size, first.sha256)


def test_a_change_of_keys_needs_no_file():
    kept, before = files.keep(b"x"), keys()
    use_keys(Keys(before.pepper, (Fernet.generate_key().decode(), *before.fernet), before.seal, before.web))

    assert files.content_of(kept.name, keys().renewed(kept.secret)) == b"x"


def test_only_what_nobody_knows_and_is_not_young_is_a_stray():
    known, other = files.keep(b"known"), files.keep(b"other")

    assert files.strays({known.name}, clock()) == [], "its row may be written just now"
    later = clock() + timedelta(days=1, minutes=1)
    assert files.strays({known.name}, later) == [other.name]
    files.remove([other.name, other.name])
    assert files.strays({known.name}, later) == []


def test_where_nothing_was_ever_kept_there_is_no_stray(tmp_path):
    files.use_folder(tmp_path / "new")
    assert files.strays(set(), clock()) == []
