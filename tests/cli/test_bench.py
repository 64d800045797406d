"""The benches run at tiny sizes and answer what they promise. How fast anything is, they tell people; no test judges it."""

import json

import pytest
from click.testing import CliRunner

from vps.cli import main
from vps.kernel.database import database
from vps.kernel.keys import keys, use_keys


@pytest.fixture
def bench(tmp_path, sqlite):
    """Run a bench in a folder of its own, and give the test its database and keys back."""
    present, secret, folder = database.obj, keys(), tmp_path / "bench"
    folder.mkdir()

    def run(*words):
        answer = CliRunner().invoke(main, ["bench", *words, "--json", "--folder", str(folder)], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)

    yield run
    database.initialize(present)
    use_keys(secret)


def test_pay(bench, tmp_path):
    found = bench("pay", "--seconds", "0.3", "--rounds", "1", "--processes", "2")

    assert found["synchronous"] == [2, 2], "both sides are durable, or the ratio says nothing"
    assert found["problems"] == 0 and found["payments"] > 0
    for name in ("pay_now_per_second", "booking_per_second", "bare_commit_per_second", "ratio", "booking_ratio"):
        assert found[name] > 0, name
    assert found["parallel"]["ours"]["errors"] == 0
    assert not list((tmp_path / "bench").iterdir()), "nothing is left behind"


def test_transfer(bench):
    found = bench("transfer", "--seconds", "0.2", "--rounds", "1")

    assert found["synchronous"] == [2, 2], "both sides are durable, or the ratio says nothing"
    assert found["problems"] == 0 and found["transfers"] > 0 and found["ratio"] > 0


def test_pages(bench):
    found = bench("pages", "--rounds", "1", "--payments", "4")

    assert found["equal_to_constants"] and found["equal_to_naive"], "the same page, or the ratio says nothing"
    assert found["ratio"] > 0 and found["times_naive"] > 0
    assert found["post"]["errors"] == 0


def test_commissions(bench):
    found = bench("commissions", "--partners", "300", "--orders", "300", "--plans", "unilevel", "--sizes", "100,200", "--alone", "0.2")

    [run] = found["plans"].values()
    assert run["lines"] > run["credits"] > 0
    assert set(run["bare"]) == {"read", "orders", "lines", "shares", "credits", "turned"}
    assert run["ratio"] > 0 and run["payer"]["payments"]["p50_ms"] > run["payer"]["for_the_run"]["p50_ms"] > 0
    assert set(found["growth"]) == {"100", "200"}


def test_growth(bench):
    found = bench("growth", "--rounds", "1", "--sizes", "6000,7000", "--audit-all")

    assert set(found["sizes"]) == {"6000", "7000"}
    for size in found["sizes"].values():
        assert size["audit"]["problems"] == 0
        assert size["us"]["pay_now"] > 0
    assert found["growth"]["6000-7000"]["reads"] > 0 and found["growth"]["6000-7000"]["checks"] > 0


def test_memory(bench):
    found = bench("memory", "--rounds", "1", "--seconds", "0.5")

    assert found["bench"] == "memory"
    assert any("pss" in name for name in found)


def test_dossier(bench):
    found = bench("dossier", "--rounds", "1", "--bookings", "300")

    assert found["bookings"] > 280
    for name in ("seconds", "ratio", "archive_mb", "peak_mb"):
        assert found[name] > 0, name


def test_bank(bench):
    found = bench("bank", "--rounds", "2", "--entries", "50")

    assert (found["entries"], found["matched"]) == (50, 45)
    for name in ("preview_seconds", "book_seconds", "ratio", "peak_mb"):
        assert found[name] > 0, name
