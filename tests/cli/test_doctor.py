"""Every check of the doctor, well and ill: one line each, exit 1 with the problem named."""

import os
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest

from tests.cast import NOON, give
from tests.cli.typed import Vps
from vps.company.models import company
from vps.kernel.clock import micros
from vps.kernel.database import database, run
from vps.ledger.actions import seal
from vps.post.actions import post

NOW = NOON + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("vps.cli.doctor.clock", lambda: NOW)


@pytest.fixture
def sealed(vps, house):
    """A house whose worker has just sealed, on a machine that is set up as docs/run.md says."""
    seal(at=NOW, zone=company().zone)
    return vps


@pytest.fixture
def public(sealed, monkeypatch, tmp_path):
    """A house that people reach, with last night's backup; `public.answer` is what its pages answer."""
    monkeypatch.setenv("VPS_PUBLIC_URL", "https://wallet.alpenkraut.example")
    monkeypatch.setenv("VPS_PROXY_HOPS", "1")
    monkeypatch.setenv("VPS_MAIL_URL", "smtp://user:geheim@mail.alpenkraut.example:587")
    sealed.answer = lambda url: BytesIO(b"ok")
    sealed.asked = []
    monkeypatch.setattr("vps.cli.doctor.urlopen", lambda url, timeout: sealed.asked.append(url) or sealed.answer(url))
    opener = SimpleNamespace(open=lambda request, timeout: BytesIO(b"198.51.100.7\n"))
    monkeypatch.setattr("vps.cli.chain.build_opener", lambda *_: opener)
    monkeypatch.setattr("vps.cli.chain.socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("198.51.100.7", 0))])
    mark(tmp_path, hours=3)
    return sealed


def mark(folder, *, hours: int) -> None:
    (folder / "last-backup").touch()
    os.utime(folder / "last-backup", ((NOW - timedelta(hours=hours)).timestamp(),) * 2)


def problems(vps: Vps) -> list[str]:
    result = vps("doctor")
    ill = [line.removeprefix("✗ ") for line in result.output.splitlines() if line.startswith("✗")]
    assert result.exit_code == bool(ill), result.output
    assert result.output.splitlines()[-1] == f"Problems: {len(ill)}"
    return ill


def test_a_house_in_order(public):
    result = public("doctor")

    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 19
    assert "whatever they claim; this machine's is 198.51.100.7." in result.output
    assert public.asked == ["https://wallet.alpenkraut.example/healthz"]
    assert all(line.startswith("✓") for line in result.output.splitlines()[:-1])
    assert "geheim" not in result.output


def test_a_key_file_that_others_can_read(sealed, tmp_path):
    (tmp_path / "keys.json").chmod(0o640)

    assert problems(sealed) == [f"Others than its owner may read the key file. Type: chmod 600 {tmp_path / 'keys.json'}"]


def test_pages_that_do_not_answer(public):
    def refuse(url):
        raise OSError("certificate has expired")

    public.answer = refuse

    (problem,) = problems(public)
    assert "do not answer at https://wallet.alpenkraut.example (certificate has expired)" in problem


def test_backups_that_were_never_made_or_stopped(public, tmp_path):
    mark(tmp_path, hours=27)
    (problem,) = problems(public)
    assert "The last backup is of 2026-11-" in problem

    (tmp_path / "last-backup").unlink()
    (problem,) = problems(public)
    assert "No backup was ever made" in problem

    assert public("backup", tmp_path / "backups").exit_code == 0
    assert (tmp_path / "last-backup").exists()


def test_what_was_left_as_in_the_example(sealed, monkeypatch):
    monkeypatch.setenv("VPS_PUBLIC_URL", "https://wallet.example.com")
    monkeypatch.setenv("VPS_PROXY_HOPS", "1")
    monkeypatch.setenv("VPS_MAIL_URL", "smtp://user:password@mail.example.com:587")

    assert problems(sealed) == [
        "VPS_PUBLIC_URL is still the example of docs/run.md: wallet.example.com",
        "VPS_MAIL_URL is still the example of docs/run.md: mail.example.com",
    ]


def test_books_that_cannot_be_written(sealed, monkeypatch):
    monkeypatch.setattr("vps.kernel.database.os.access", lambda *_: False)

    (problem,) = problems(sealed)
    assert "cannot be written" in problem


def test_a_key_file_of_another_user(sealed, monkeypatch, tmp_path):
    monkeypatch.setattr("vps.cli.doctor.os.geteuid", lambda: 4711)

    (problem,) = problems(sealed)
    assert problem == f"The key file belongs to another user. Type: chown --reference={tmp_path} {tmp_path / 'keys.json'}"


def test_a_key_file_that_is_not_there_is_named_once(sealed, tmp_path):
    (tmp_path / "keys.json").unlink()

    (problem,) = problems(sealed)
    assert "key file" in problem


def test_no_house_yet(vps, tmp_path, monkeypatch):
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path / "nowhere"))

    assert ["cannot be read" in line or "no books" in line or "does not exist" in line for line in problems(vps)] == [True] * 3


def test_a_database_that_does_not_answer(vps, monkeypatch):
    monkeypatch.setenv("VPS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    (problem,) = problems(vps)
    assert problem.startswith("The database does not answer: ")


def test_a_migration_that_is_missing(sealed, monkeypatch):
    monkeypatch.setattr("vps.cli.doctor.pending", lambda: ["0002_more"])

    assert problems(sealed) == ["The migration 0002_more is missing. Type: vps init"]


def test_a_schema_that_was_changed_by_hand(sealed):
    run("DROP TRIGGER booking_no_delete")

    (problem,) = problems(sealed)
    assert problem == "The schema differs from the release: trigger booking_no_delete."


def test_an_engine_that_could_lose_payments(sealed, monkeypatch):
    real = database.obj.execute_sql
    monkeypatch.setattr("vps.cli.doctor.one", lambda sql, *values: ("1",) if sql == "PRAGMA synchronous" else real(sql, values).fetchone())

    assert problems(sealed) == ["The database setting synchronous is 1, so a power cut could lose payments."]


def test_a_clock_that_was_set_back(sealed, house, monkeypatch):
    monkeypatch.setattr("vps.cli.doctor.clock", lambda: NOON - timedelta(days=1))

    assert any(line.startswith("The newest booking is of 20") for line in problems(sealed))


def test_books_that_nobody_seals(vps, house):
    run(
        "INSERT INTO event (subject, verb, before, after, address, at) VALUES ('x', 'x', '', '', '', ?)",
        micros(NOW - timedelta(minutes=16)),
    )

    (problem,) = problems(vps)
    assert "Is the worker running? Seal now with: vps seal" in problem


def test_messages_that_wait(sealed):
    post("invitation", key="a", address="a@example.com", language="en", facts={}, at=NOW - timedelta(minutes=16))
    post("invitation", key="b", address="b@example.com", language="en", facts={}, at=NOW)
    run("UPDATE outbox SET tries = 2, error = 'relay denied' WHERE key = 'b'")

    waiting, failing = problems(sealed)
    assert waiting.startswith("Messages that nobody tried to send: 1, the oldest of ")
    assert failing == "Messages that could not be sent: 1. The last error: relay denied"


def test_a_disk_that_is_nearly_full(sealed, monkeypatch):
    monkeypatch.setattr("vps.cli.doctor.low_disk", lambda _: True)

    (problem,) = problems(sealed)
    assert "less room than 500 MiB or 5 percent" in problem


@pytest.mark.parametrize(
    ("url", "hops", "says"),
    [
        ("", "1", "VPS_PUBLIC_URL is not"),
        ("", "one", "VPS_PROXY_HOPS is not a whole number: one"),
        ("wallet.example.com", "1", "must be like https://wallet.example.com"),
        ("https://wallet.example.com/vps", "1", "must be like https://wallet.example.com"),
        ("https://[wallet", "1", "must be like https://wallet.example.com"),
        ("ftp://wallet.example.com", "1", "must be like https://wallet.example.com"),
        ("http://wallet.alpenkraut.example", "1", "does not begin with https"),
        ("https://wallet.alpenkraut.example", "0", "VPS_PROXY_HOPS is 0"),
    ],
)
def test_an_address_that_does_not_fit(sealed, monkeypatch, url, hops, says):
    monkeypatch.setenv("VPS_PUBLIC_URL", url)
    monkeypatch.setenv("VPS_PROXY_HOPS", hops)

    (problem,) = problems(sealed)
    assert says in problem


def test_this_machine_only_is_fine_without_tls(sealed, monkeypatch):
    monkeypatch.setenv("VPS_PUBLIC_URL", "http://127.0.0.1:8000")

    assert problems(sealed) == []


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://user:geheim@mail.example.com:99999", "smtp://u:geheim@h:0"]
)
def test_a_mail_address_that_cannot_be_is_named_without_its_password(sealed, monkeypatch, url):
    monkeypatch.setenv("VPS_MAIL_URL", url)

    assert problems(sealed) == ["VPS_MAIL_URL must be like smtp://user:password@mail.example.com:587"]


def test_postgresql_is_asked_for_its_own_settings(postgres, postgres_server, tmp_path, monkeypatch):
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VPS_DATABASE_URL", postgres_server.url(database.database))
    vps = Vps(tmp_path)

    result = vps("doctor")

    assert "power cut" in result.output or "before it is confirmed" in result.output
    assert "The schema differs" not in result.output


def test_a_newest_seal_is_told(sealed, house):
    give(house.anna, 1)
    seal(at=NOW, zone=company().zone)

    assert "✓ The newest seal is of " in sealed("doctor").output


@pytest.mark.parametrize(("days", "behind"), [(6, []), (7, ["The last bank statement of account DE89 3704 0044 0532 0130 00 is of 2026-11-13. Fetch those that are missing: docs/bank.md"])])  # fmt: skip
def test_a_bank_that_sends_no_statements_any_more_is_named(sealed, house, days, behind):
    run("INSERT INTO bank_file (id, digest, name, content, imported_at) VALUES (1, ?, '', ?, 1)", b"x" * 32, b"")
    columns = "(file_id, identity, account, number, currency, adds_up, closing_day)"
    insert = f"INSERT INTO bank_statement {columns} VALUES (1, ?, 'DE89370400440532013000', ?, 'EUR', 'yes', ?)"
    for day in ("2026-11-01", "2026-11-16" if days == 6 else "2026-11-13"):
        run(insert, day, day, day)

    assert problems(sealed) == behind
