"""Photos of documents on the command line: proved, counted, in every backup once, and back again."""

import shutil
import stat

import pytest

from tests.cast import NOON
from tests.trust.photos import passport_of
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.kernel.database import run
from vps.kernel.keys import keys, write_keys
from vps.trust import files
from vps.trust.actions import forget_document, see_picture


@pytest.fixture
def shown(vps, house, tmp_path):
    """The file of a passport that Anna showed."""
    passport_of(house.anna, NOON)
    (path,) = (tmp_path / "documents").iterdir()
    return path


def backup(vps, tmp_path):
    result = vps("backup", tmp_path / "backups")
    assert result.exit_code == 0
    return max((tmp_path / "backups").glob("*.db")), result


def restored(vps, copy, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    write_keys(folder / "keys.json", keys())
    return folder, vps("restore", copy, "--into", folder)


def test_a_backup_holds_each_photo_once_and_gives_it_back(vps, house, shown, tmp_path, monkeypatch):
    copy, _ = backup(vps, tmp_path)
    beside = tmp_path / "backups" / "documents" / shown.name
    assert beside.read_bytes() == shown.read_bytes() and stat.S_IMODE(beside.stat().st_mode) == 0o600
    written = beside.stat().st_mtime_ns
    monkeypatch.setattr("vps.cli.keeping.clock", lambda: NOON)
    backup(vps, tmp_path)
    assert beside.stat().st_mtime_ns == written

    folder, result = restored(vps, copy, tmp_path)

    assert result.exit_code == 0, result.output
    assert files.folder() == folder / "documents" and see_picture(1, 1, actor=Actor(house.dragan.id), at=NOON)[:3] == b"\xff\xd8\xff"
    assert stat.S_IMODE((folder / "documents").stat().st_mode) == 0o700


def test_a_backup_without_its_photos_names_them(vps, shown, tmp_path):
    copy, _ = backup(vps, tmp_path)
    shutil.rmtree(tmp_path / "backups" / "documents")

    _, result = restored(vps, copy, tmp_path)

    assert result.exit_code == 1 and "A18: Photo 1 of document 1 of " in result.output


def test_a_photo_that_is_gone_is_told_by_backup_doctor_and_audit(vps, shown, tmp_path):
    shown.unlink()

    assert "Photos of documents that are gone and could not be copied: 1." in backup(vps, tmp_path)[1].stderr
    assert "✗ Photos of documents that are gone: 1." in vps("doctor").output
    audit = vps("audit")
    assert audit.exit_code == 1 and "is gone or was changed" in audit.output


def test_a_photo_that_was_changed_or_whose_key_is_anothers_is_named(vps, house, shown):
    passport_of(house.boris, clock())
    assert vps("audit").exit_code == 0
    run("UPDATE identity_picture SET secret = (SELECT secret FROM identity_picture WHERE id = 1)")
    assert vps("audit").output.count("does not open: its key was not made for it") == 1

    shown.write_bytes(b"x" + shown.read_bytes()[1:])
    assert "A18: Photo 1 of document 1 of " in vps("audit").output


def test_what_was_deleted_is_missed_by_nobody(vps, house, shown, tmp_path):
    forget_document(1, "No longer needed", actor=Actor(house.elena.id), at=NOON)

    assert not shown.exists() and vps("audit").exit_code == 0
    assert "✗ Photos" not in vps("doctor").output
    backup(vps, tmp_path)
    assert not (tmp_path / "backups" / "documents").exists()


def test_the_doctor_counts_photos_and_sees_who_may_look_at_them(vps, shown):
    assert "✓ Photos of documents: 1, all of them are there." in vps("doctor").output
    shown.parent.chmod(0o755)
    assert "chmod 700" in vps("doctor").output


def test_a_change_of_keys_reaches_the_photos(vps, house, shown):
    before = shown.read_bytes()
    assert vps("keys", "rotate").exit_code == 0 and vps("keys", "rotate", "--finish").exit_code == 0

    assert see_picture(1, 1, actor=Actor(house.dragan.id), at=NOON) and shown.read_bytes() == before
    assert vps("audit").exit_code == 0


def test_names_that_lead_elsewhere_are_not_followed(vps, shown, tmp_path):
    run("DROP TRIGGER identity_picture_no_update")
    run("UPDATE identity_picture SET name = '../keys.json'")
    backup(vps, tmp_path)
    assert not (tmp_path / "backups" / "keys.json").exists() and not (tmp_path / "backups" / "documents").exists()
