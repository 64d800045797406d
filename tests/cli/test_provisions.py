"""Manual provisions from the command line: handed in, never booked."""

import json

from tests.cast import balance, eur
from vps.commissions.models import Run
from vps.kernel.database import one


def lines(house, *, amount="49.90"):
    return f"number,amount,currency,text\n{house.anna.number},{amount},EUR,Fair\n{house.boris.number},0.10,EUR,Fair\n"


def test_a_dry_run_says_what_it_comes_to_and_keeps_nothing(vps, house):
    file = vps.file(lines(house))

    said = json.loads(vps("commissions", "provisions", file, "--dry-run", "--json").stdout)

    assert said == {"id": None, "lines": 2, "partners": 2, "sums": {"EUR": "50.00"}, "needs_second": False, "dry_run": True}
    assert "This was a dry run" in vps("commissions", "provisions", file, "--dry-run").output
    assert one("SELECT count(*) FROM commission_run")[0] == 0


def test_it_waits_for_people_and_is_taken_once(vps, house):
    file = vps.file(lines(house), "november.csv")

    first, again = (vps("commissions", "provisions", file) for _ in range(2))

    assert first.output.splitlines()[:3] == ["Lines read: 2", "Partners: 2", "Sum of the file in EUR: €50.00"]
    assert (again.exit_code, again.stderr.splitlines()) == (
        2,
        ["Just these provisions were handed in before, as no. 1. Nothing was kept twice."],
    )
    this = Run.get()
    assert (this.state, this.drafted_by, this.known, balance(house.boris)) == ("calculated", None, {"name": "november.csv"}, eur(0))


def test_mistakes_are_told_one_by_one(vps, house):
    result = vps("commissions", "provisions", vps.file(lines(house, amount="0")))

    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "Line 2, column amount",
        "The file has mistakes. Nothing was imported.",
    ]
