"""Backups while the house runs, and the way back: read back, proven, never over anything, never with the keys."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cast import give, red_order
from tests.cli.typed import Vps
from vps.company.models import company
from vps.kernel.clock import clock
from vps.kernel.database import database, one
from vps.kernel.keys import Keys, keys, write_keys
from vps.ledger.actions import seal


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def made(vps, house, backups) -> Path:
    """The backup of a house with a sealed booking and an order."""
    red_order(house)
    seal(at=clock(), zone=company().zone)
    assert vps("backup", backups).exit_code == 0
    (copy,) = backups.glob("*.db")
    return copy


def into(folder: Path) -> Path:
    folder.mkdir()
    write_keys(folder / "keys.json", keys())
    return folder


def test_a_backup_is_whole_and_says_what_is_in_it(made):
    manifest = json.loads(Path(f"{made}.json").read_text())

    assert made.name[:4] == "vps-"
    assert manifest["file"] == made.name
    assert manifest["bookings"] == one("SELECT count(*) FROM booking")[0] == 1
    assert manifest["events"] == one("SELECT count(*) FROM event")[0]
    (digest,) = one("SELECT digest FROM seal WHERE chain = 'booking'")
    assert manifest["seals"]["booking"] == {"upto": 1, "digest": bytes(digest).hex()}
    checksum = sha256(made.read_bytes()).hexdigest()
    assert manifest["sha256"] == checksum
    assert Path(f"{made}.sha256").read_text() == f"{checksum}  {made.name}\n"
    assert sqlite3.connect(made).execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_a_backup_is_its_owners_alone_and_the_newest_of_its_files(made, backups):
    files = list(backups.iterdir())

    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert max(files, key=lambda file: file.stat().st_mtime_ns) == made, "ls -t in docs/run.md names the backup itself"


def test_the_keys_are_not_in_a_backup(made, tmp_path):
    content = b"".join(file.read_bytes() for file in made.parent.iterdir())
    text = json.loads((tmp_path / "keys.json").read_text())

    for secret in (keys().pepper, keys().seal, *(value.encode() for value in (text["pepper"], text["seal"], text["web"], *text["fernet"]))):
        assert secret not in content


def test_a_backup_is_made_while_others_book(vps, house, backups, sqlite):
    path, stop = str(database.database), threading.Event()

    def book() -> None:
        other = sqlite3.connect(path, timeout=10)
        while not stop.is_set():
            with other:
                other.execute("INSERT INTO event (subject, verb, before, after, address, at) VALUES ('x', 'x', '', '', '', 0)")
        other.close()

    writer = threading.Thread(target=book)
    writer.start()
    try:
        result = vps("backup", backups)
    finally:
        stop.set()
        writer.join()

    assert result.exit_code == 0, result.output
    (copy,) = backups.glob("*.db")
    events = sqlite3.connect(copy).execute("SELECT count(*) FROM event").fetchone()[0]
    assert json.loads(Path(f"{copy}.json").read_text())["events"] == events <= one("SELECT count(*) FROM event")[0]


def test_a_backup_that_cannot_be_written_leaves_nothing(vps, house, tmp_path):
    (tmp_path / "file").write_text("")

    result = vps("backup", tmp_path / "file")

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_a_damaged_house_is_not_backed_up(vps, backups, monkeypatch):
    monkeypatch.setattr(
        "vps.cli.keeping.contents", lambda _: (_ for _ in ()).throw(sqlite3.DatabaseError("database disk image is malformed"))
    )

    result = vps("backup", backups)

    assert (result.exit_code, list(backups.iterdir())) == (2, [])
    assert "database disk image is malformed" in result.stderr


def test_a_second_backup_in_the_same_second_overwrites_nothing(vps, made, monkeypatch):
    at = clock()
    monkeypatch.setattr("vps.cli.keeping.clock", lambda: at)
    vps("backup", made.parent)
    before = {file: file.read_bytes() for file in made.parent.iterdir()}

    assert vps("backup", made.parent).exit_code == 2
    assert {file: file.read_bytes() for file in made.parent.iterdir()} == before


def test_with_postgresql_its_own_way_is_named(postgres, postgres_server, tmp_path, monkeypatch):
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VPS_DATABASE_URL", postgres_server.url(database.database))

    result = Vps(tmp_path)("backup", tmp_path / "backups")

    assert result.exit_code == 2
    assert "pg_dump --format=custom" in result.stderr


def test_a_restored_house_proves_its_books(vps, house, made, tmp_path):
    give(house.anna, 1)
    folder = into(tmp_path / "new")

    result = vps("restore", made, "--into", folder)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [f"The books are in {folder / 'vps.db'}", "Bookings: 1, accounts: 13.", "Everything is proven."]
    assert stat.S_IMODE((folder / "vps.db").stat().st_mode) == 0o600
    assert (one("SELECT count(*) FROM booking")[0], one("SELECT count(*) FROM orders")[0]) == (1, 1)


def test_the_files_beside_a_backup_lead_to_it(vps, made, tmp_path):
    assert vps("restore", f"{made}.sha256", "--into", into(tmp_path / "new")).exit_code == 0
    assert vps("restore", f"{made}.json", "--into", into(tmp_path / "newer")).exit_code == 0


def test_the_keys_can_be_given_from_elsewhere(vps, made, tmp_path):
    result = vps("restore", made, "--into", tmp_path / "new", "--keys", tmp_path / "keys.json")

    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "keys.json").read_bytes() == (tmp_path / "keys.json").read_bytes()
    assert stat.S_IMODE((tmp_path / "new" / "keys.json").stat().st_mode) == 0o600


def test_without_keys_nothing_is_restored(vps, made, tmp_path):
    result = vps("restore", made, "--into", tmp_path / "new")

    assert result.exit_code == 2
    assert "key file" in result.stderr
    assert not (tmp_path / "new" / "vps.db").exists()


def test_a_key_file_that_is_there_is_not_replaced(vps, made, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    write_keys(folder / "keys.json", Keys.fresh())

    result = vps("restore", made, "--into", folder, "--keys", tmp_path / "keys.json")

    assert (result.exit_code, "another key file" in result.stderr) == (2, True)
    assert not (folder / "vps.db").exists()


def test_books_that_are_there_are_never_overwritten(vps, made, tmp_path):
    before = (tmp_path / "vps.db").read_bytes()

    result = vps("restore", made, "--into", tmp_path)

    assert (result.exit_code, "is there already" in result.stderr) == (2, True)
    assert (tmp_path / "vps.db").read_bytes() == before


def test_the_audit_of_a_restored_house_tells_what_it_finds(vps, made, tmp_path):
    opened = sqlite3.connect(made)
    opened.execute("DROP TRIGGER booking_no_update")
    opened.execute("UPDATE booking SET amount = amount + 1")
    opened.commit()
    opened.close()
    Path(f"{made}.sha256").unlink()

    result = vps("restore", made, "--into", into(tmp_path / "new"))

    assert result.exit_code == 1
    assert "A5: Booking 1 was changed: its digest does not match." in result.output
    assert "No checksum lies beside this backup" in result.stderr


def test_a_house_with_other_keys_does_not_prove_its_seals(vps, made, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    write_keys(folder / "keys.json", Keys.fresh())

    result = vps("restore", made, "--into", folder)

    assert result.exit_code == 1
    assert "A8: The signature of the seal up to booking 1 is not valid." in result.output


def _flipped(content: bytes) -> bytes:
    return content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]


@pytest.mark.parametrize(
    ("change", "keep_checksum", "says"),
    [
        (_flipped, True, "its checksum differs"),
        (lambda content: content[:8192], True, "its checksum differs"),
        (lambda content: content[:8192], False, "is damaged"),
        (lambda content: content[:100] + b"\xff" * 4000 + content[4100:], False, "is "),
        (lambda _: b"PGDMP something", False, "is not a backup"),
        (lambda _: b"", False, "is not a backup"),
        (None, False, "cannot be read"),
    ],
)
def test_what_is_not_the_backup_it_was_is_refused(vps, made, tmp_path, change, keep_checksum, says):
    changed = change(made.read_bytes()) if change else None
    made.unlink()
    if changed is not None:
        made.write_bytes(changed)
    if not keep_checksum:
        Path(f"{made}.sha256").unlink()

    result = vps("restore", made, "--into", into(tmp_path / "new"))

    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["keys.json"]


def test_another_sqlite_file_is_not_a_backup(vps, tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as opened:
        opened.execute("CREATE TABLE note (text)")

    result = vps("restore", other, "--into", into(tmp_path / "new"))

    assert (result.exit_code, "is not a backup" in result.stderr) == (2, True)


def test_the_drill_as_people_type_it(made, tmp_path):
    """A program of its own, with the shell's answer: docs/run.md rests on these exit codes."""
    environment = {**os.environ, "VPS_DATA_DIR": str(tmp_path), "VPS_DATABASE_URL": "", "VPS_LANG": "en"}

    def type_in(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from vps.cli import main; main()", *map(str, words)], env=environment, capture_output=True, text=True
        )

    folder = into(tmp_path / "drill")
    drill = type_in("restore", made, "--into", folder)
    again = type_in("restore", made, "--into", folder)

    assert (drill.returncode, drill.stdout.splitlines()[-1:], drill.stderr) == (0, ["Everything is proven."], "")
    assert (again.returncode, again.stdout, len(again.stderr.splitlines())) == (2, "", 1)
