"""Bank statements of every format on the command line, and what the columns of a CSV mean."""

import json

import pytest
from click.testing import CliRunner

from tests.bank.camt_files import DATA
from vps.cli import main


def typed(*words):
    answer = CliRunner().invoke(main, ["bank", *map(str, words)])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


@pytest.mark.parametrize(
    ("name", "lines"), [("plain-02.xml", [2]), ("two-pages.sta", [2, 2]), ("windows.1c.txt", [2]), ("balances-de.csv", [3])]
)
def test_every_format_is_printed_as_json_and_for_people(name, lines):
    printed = typed("parse", DATA / name, "--json")

    assert [len(one["entries"]) for one in json.loads(printed.output)["statements"]] == lines
    assert all(one["balanced"] for one in json.loads(printed.output)["statements"])
    assert len(typed("parse", DATA / name).output.splitlines()) >= sum(lines) + len(lines)


def test_a_guess_is_printed_to_be_corrected_and_read_by(tmp_path):
    path = DATA / "balances-de.csv"
    said = json.loads(typed("columns", path).output)
    corrected = tmp_path / "columns.json"
    corrected.write_text(json.dumps({**said, "account": "DE02120300000000202051", "currency": "CHF"}), encoding="utf-8-sig")
    read = json.loads(typed("parse", path, "--columns", corrected, "--json").output)["statements"][0]

    assert (read["account"], read["currency"]) == ("DE02120300000000202051", "CHF")
    corrected.write_bytes(b"\xff{")
    for words in (("parse", path, "--columns", corrected), ("columns", DATA / "two-pages.sta")):
        refused = typed(*words)
        assert (refused.exit_code, len(refused.output.strip().splitlines())) == (2, 1)
