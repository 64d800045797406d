"""Exchange rates from the command line: read twice they change nothing, and a dry run writes nothing."""

import json

import pytest

from tests.company.rate_files import CSV, DAILY
from vps.kernel.database import one


def test_the_banks_file_is_imported_once(vps):
    file = vps.file(DAILY, "eurofxref-daily.xml")

    first, again = vps("rates", "import", file), vps("rates", "import", file)

    assert first.output.splitlines() == ["New: 2", "Unchanged: 0", "Passed over, because the currency is unknown here: 1"]
    assert again.output.splitlines()[:2] == ["New: 0", "Unchanged: 2"]
    assert one("SELECT count(*), count(DISTINCT quote) FROM rate") == (2, 2)


def test_a_dry_run_says_the_same_as_json_and_writes_nothing(vps):
    result = vps("rates", "import", vps.file(CSV), "--dry-run", "--json")

    assert json.loads(result.stdout) == {"source": "csv", "new": 2, "known": 0, "skipped": 0, "dry_run": True}
    assert "This was a dry run" in vps("rates", "import", vps.file(CSV), "--dry-run").output
    assert one("SELECT count(*) FROM rate")[0] == 0


def test_a_file_with_mistakes_is_refused_with_each_of_them(vps):
    result = vps("rates", "import", vps.file(f"{CSV}EUR,RSD,0,2026-02-31,\n"))

    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "Line 4, column rate",
        "Line 4, column valid_from",
        "The file has mistakes. Nothing was imported.",
    ]
    assert one("SELECT count(*) FROM rate")[0] == 0


@pytest.mark.parametrize("content", [b"<x/>", b"\xff", b""])
def test_a_file_of_something_else_is_one_sentence(vps, content):
    result = vps("rates", "import", vps.file(content, "x.xml"))

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_the_rates_of_today_are_listed(vps):
    vps("rates", "import", vps.file("base,quote,rate,valid_from,valid_to\nEUR,RSD,117.25,2020-01-01,\nEUR,USD,1.1,2020-01-01,2020-01-31\n"))
    vps("rates", "import", vps.file("base,quote,rate,valid_from,valid_to\nCHF,EUR,1.05,2020-01-01,2099-12-31\n"))

    assert vps("rates", "list").output.splitlines() == ["CHF/EUR 1.05 2020-01-01 – 2099-12-31 csv", "EUR/RSD 117.25 2020-01-01 – … csv"]
    assert json.loads(vps("rates", "list", "--json").stdout)[1] == {
        "base": "EUR",
        "quote": "RSD",
        "rate": "117.25",
        "valid_from": "2020-01-01",
        "valid_to": None,
        "source": "csv",
    }
