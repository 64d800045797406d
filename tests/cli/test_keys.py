"""Changing the key that encrypts, while the house runs: nothing is lost, whenever it is broken off, and nobody is shut out."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.cast import CODES, app_of
from vps.cli import main
from vps.cli.keys import StillNeeded
from vps.company.actions import remember_keys
from vps.company.models import company
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.keys import Keys, keys, read_keys, write_keys
from vps.kernel.vault import Census, census
from vps.ledger.actions import seal
from vps.security.actions import begin_app, check_sign_in_code, make_sheet, printout
from vps.security.models import TanSheet


@pytest.fixture
def kept(vps, house):
    """A house with an app and a sheet that waits."""
    read_keys(vps.folder / "keys.json")
    remember_keys(at=clock())
    vps.app = app_of(house.dragan)
    vps.sheet = make_sheet(house.anna.id, CODES, actor=HOUSE, at=clock()).id
    return vps


def fernet(vps) -> list[str]:
    return json.loads((vps.folder / "keys.json").read_text())["fernet"]


def opens(vps, house) -> bool:
    now = clock()
    run("UPDATE app SET last_step = 0")
    check_sign_in_code(house.dragan.id, vps.app.at(now), at=now)  # raises, if it does not open
    return printout(TanSheet.get_by_id(vps.sheet)).codes == CODES


def test_a_change_of_keys_from_the_new_one_to_dropping_the_old_one(kept, house):
    (old,) = fernet(kept)

    first = kept("keys", "rotate")
    assert first.exit_code == 0, first.output
    new, *rest = fernet(kept)
    assert rest == [old] != [new]
    assert "2 secrets were encrypted anew." in first.output and f"its check is now {keys().check}." in first.output
    assert census() == Census(0, 0)
    assert opens(kept, house)

    last = kept("keys", "rotate", "--finish")
    assert last.exit_code == 0, last.output
    assert fernet(kept) == [new]
    assert f"its check is now {keys().check}." in last.output
    assert opens(kept, house)
    assert old not in "".join(path.read_text() for path in kept.folder.glob("*keys*")), "the old key lies nowhere any more"


def test_nothing_is_dropped_that_is_still_needed(kept, house):
    kept("keys", "rotate")
    both = fernet(kept)
    older = Keys(keys().pepper, (both[1],), keys().seal, keys().web)
    run("UPDATE app SET secret = ?", older.encrypt(kept.app.secret.encode(), owner=f"app:{house.dragan.id}"))

    refused = kept("keys", "rotate", "--finish")

    assert (refused.exit_code, refused.stderr.strip()) == (2, StillNeeded.says % {"n": 1})
    assert fernet(kept) == both
    assert "1 secret was encrypted anew." in kept("keys", "rotate").output
    assert kept("keys", "rotate", "--finish").exit_code == 0
    assert opens(kept, house)


def test_without_an_older_key_there_is_nothing_to_finish(kept):
    before = fernet(kept)

    answer = kept("keys", "rotate", "--finish")

    assert (answer.exit_code, answer.output.strip()) == (0, "There is no older key to drop.")
    assert fernet(kept) == before


def test_broken_off_in_the_middle_everything_opens_and_it_goes_on_with_the_same_key(kept, house):
    run("CREATE TRIGGER stop BEFORE UPDATE OF secret ON app BEGIN SELECT RAISE(ABORT, 'power cut'); END")
    stopped = CliRunner().invoke(main, ["keys", "rotate"]).exception
    assert isinstance(stopped, IntegrityError) and "power cut" in str(stopped)
    run("DROP TRIGGER stop")
    both = fernet(kept)
    assert (len(both), census()) == (2, Census(older=1, lost=0))
    assert opens(kept, house)

    assert "1 secret was encrypted anew." in kept("keys", "rotate").output

    assert fernet(kept) == both
    assert census() == Census(0, 0)


def test_a_key_file_of_others_is_neither_changed_nor_taken_for_ours(kept):
    path = kept.folder / "keys.json"
    path.unlink()
    write_keys(path, Keys.fresh())
    before, settings = path.read_bytes(), rows("SELECT key, value FROM setting")

    for words in (("rotate",), ("rotate", "--finish")):
        assert kept("keys", *words).exit_code == 2

    assert path.read_bytes() == before
    assert rows("SELECT key, value FROM setting") == settings


def test_a_key_file_that_cannot_be_written_is_a_sentence_and_changes_nothing(kept, house, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    before = fernet(kept)
    monkeypatch.setattr("vps.kernel.keys.os.chown", refuse)

    answer = kept("keys", "rotate")

    assert (answer.exit_code, "cannot be written: Operation not permitted" in answer.stderr) == (2, True)
    assert fernet(kept) == before
    assert opens(kept, house)


def test_both_changes_are_in_the_trail_without_a_key(kept):
    checks = [keys().check]
    for words in (("rotate",), ("rotate", "--finish")):
        kept("keys", *words)
        checks.append(keys().check)

    told = rows("SELECT before, after FROM event WHERE subject = 'setting:keys' ORDER BY id")
    assert told == [(f"check {checks[0]}", f"check {checks[1]}"), (f"check {checks[1]}", f"check {checks[2]}")]


def test_who_serves_meanwhile_needs_no_restart(kept, house, tmp_path):
    """The command is a process of its own here; this one stands for the pages and the worker, which read the file long ago."""
    environment = {**os.environ, "VPS_DATA_DIR": str(tmp_path), "VPS_DATABASE_URL": "", "VPS_KEY_FILE": "", "VPS_LANG": "en"}

    def type_in(*words: str) -> None:
        program = [sys.executable, "-c", "from vps.cli import main; main()", "keys", *words]
        done = subprocess.run(program, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    before = keys()
    type_in("rotate")
    assert keys() is before
    assert opens(kept, house), "what is encrypted with the new key opens"

    secret = begin_app(house.boris.id, at=clock())
    assert census() == Census(0, 0), "and what is made from now on uses it"
    type_in("rotate", "--finish")
    assert opens(kept, house)
    assert begin_app(house.boris.id, at=clock()) == secret
    assert keys().fernet == (fernet(kept)[0],)


def test_an_audit_and_a_restored_backup_are_proven_after_a_change(kept, house, tmp_path):
    backups, before = tmp_path / "backups", (tmp_path / "keys.json").read_bytes()
    assert kept("backup", backups).exit_code == 0
    (old_backup,) = backups.glob("*.db")
    kept("keys", "rotate")
    seal(at=clock(), zone=company().zone)
    both = (tmp_path / "keys.json").read_bytes()
    later = tmp_path / "later"
    assert kept("backup", later).exit_code == 0
    (new_backup,) = later.glob("*.db")
    kept("keys", "rotate", "--finish")
    newest = (tmp_path / "keys.json").read_bytes()
    assert "Everything is proven." in kept("audit").output

    def restored(backup, print_of_keys: bytes, name: str):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "keys.json").write_bytes(print_of_keys)
        return kept("restore", backup, "--into", folder)

    assert restored(new_backup, newest, "a").exit_code == 0
    assert restored(old_backup, both, "b").exit_code == 0, "the print that holds both keys opens what was before"
    assert restored(old_backup, before, "c").exit_code == 0
    for backup, print_of_keys, name in ((old_backup, newest, "d"), (new_backup, before, "e")):
        answer = restored(backup, print_of_keys, name)
        assert answer.exit_code == 1
        assert [line[:4] for line in answer.output.splitlines() if line.startswith("A")] == ["A15:"] * 2, answer.output


def test_passwords_of_an_older_backup_are_bound_when_it_is_restored(kept, house, tmp_path):
    run("UPDATE person SET password_mac = NULL")
    assert kept("backup", tmp_path / "backups").exit_code == 0
    (copy,) = (tmp_path / "backups").glob("*.db")

    answer = kept("restore", copy, "--into", tmp_path / "new", "--keys", tmp_path / "keys.json")

    assert answer.exit_code == 0, answer.output
    assert one("SELECT count(*) FROM person WHERE password IS NOT NULL AND password_mac IS NULL")[0] == 0


def test_the_doctor_says_what_of_a_change_is_missing(kept, house):
    def of_secrets() -> list[str]:
        return [line for line in kept("doctor").output.splitlines() if "ecret" in line or "older key" in line]

    assert of_secrets() == ["✓ Every secret is encrypted with the newest key."]
    kept("keys", "rotate")
    assert of_secrets() == [
        "✗ Nothing needs the older key any more. Is the new key file printed and put away? Type: vps keys rotate --finish"
    ]
    older = Keys(keys().pepper, keys().fernet[1:], keys().seal, keys().web)
    run("UPDATE app SET secret = ?", older.encrypt(kept.app.secret.encode(), owner=f"app:{house.dragan.id}"))
    assert of_secrets() == ["✗ Secrets that need an older key: 1. Type: vps keys rotate"]
    run("UPDATE app SET secret = ?", b"no token")
    kept("keys", "rotate", "--finish")
    assert of_secrets() == ["✗ Secrets that the key file does not open: 1. Whose they are is told by: vps audit"]
