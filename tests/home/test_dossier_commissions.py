"""What a dossier says of commissions: of each run his shares, his lines as the run's own file has them, his notes, and what was given by hand."""

import csv
import json

import pytest

from tests.cast import NOON
from tests.commissions.network import AFTER
from tests.commissions.notes import SMALL, note_of, noted, taxed
from tests.commissions.provisions import by_hand, given_by_hand
from tests.home.test_dossier import archive, make, table
from vps.commissions.actions.manual import refuse
from vps.commissions.actions.manual_back import approve_back
from vps.commissions.actions.taxes import set_tax_rule
from vps.commissions.lines_file import as_file
from vps.commissions.models import Run
from vps.commissions.models.manual_lists import taken_back
from vps.home.discovery import building
from vps.home.discovery.asked import asked_by
from vps.home.discovery.sections import section_named
from vps.home.discovery.speaking import some_rows
from vps.hypermedia.languages import Words
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import reading, run


@pytest.fixture
def paid(cast):
    """Anna was paid for two orders by a run that has its notes, and once by hand, which was taken back; a second time was refused."""
    cast.run = noted(cast)
    cast.manual = given_by_hand(cast, cast.anna)
    approve_back(taken_back()[0].id, authorisation=ByStaff(Actor(cast.elena.id)), at=NOON)
    refuse(by_hand(cast, cast.anna), reason="not agreed", actor=Actor(cast.elena.id), at=NOON)
    return cast


def test_his_lines_stand_there_as_the_runs_own_file_has_them(paid):
    of_run = list(csv.DictReader(b"".join(as_file(Run.get_by_id(paid.run))).decode("utf-8-sig").splitlines()))
    his = [
        {key: cell for key, cell in line.items() if key not in ("partner", "name")}
        for line in of_run
        if line["partner"] == paid.anna.number
    ]

    lines = table(make(paid), "commission-lines")

    assert len(lines) == len(his) == 2
    assert lines == his
    assert table(make(paid, paid.boris), "commission-lines") == [
        {key: cell for key, cell in line.items() if key not in ("partner", "name")}
        for line in of_run
        if line["partner"] == paid.boris.number
    ]


def test_his_shares_of_each_run_his_notes_and_what_was_given_by_hand_stand_there(paid):
    made = make(paid)

    by_run, manual = table(made, "commissions")
    assert (by_run["run"], by_run["kind"], by_run["first_day"], by_run["last_day"]) == (str(paid.run), "period", "2026-11-01", "2026-11-30")
    assert (by_run["wallet"], by_run["amount"], by_run["lines"], by_run["held"]) == ("main", "29.94", "2", "")
    assert (manual["run"], manual["kind"], manual["amount"], manual["first_day"]) == (str(paid.manual), "manual", "2000.00", "")

    note = note_of(paid.anna)
    (listed,) = table(made, "commission-notes")
    assert (listed["number"], listed["run"], listed["credited"], listed["corrects"]) == (note.number, str(paid.run), "29.94", "")
    assert json.loads(archive(made).read(f"documents/{note.number}.json")) == note.printed

    back, refused = table(made, "provisions")
    assert (back["text"], back["amount"], back["taken_back_why"], back["booked_at"] != "") == ("Prize", "2000.00", "paid twice", True)
    assert (refused["text"], refused["refused_why"], refused["booked_at"], refused["taken_back_at"]) == (
        "Fair in Graz",
        "not agreed",
        "",
        "",
    )


def test_what_was_withheld_stands_with_its_note(cast):
    taxed(cast.anna, SMALL)
    set_tax_rule("DE", "withholding", "small", "Einkommensteuer", 1000, NOON.date(), actor=HOUSE, at=NOON)
    noted(cast)

    (listed,) = table(make(cast), "commission-notes")

    assert (listed["total"], listed["withheld"], listed["withheld_currency"]) == ("29.94", "2.99", "EUR")


def test_what_was_not_booked_in_the_period_or_was_held_is_told_apart(paid):
    run("UPDATE commission_share SET held = 'closed' WHERE run_id = ?", paid.run)
    assert [line["held"] for line in table(make(paid), "commissions")] == ["closed", ""]
    before = make(paid, to_day=NOON.date())
    assert [line["run"] for line in table(before, "commissions")] == [str(paid.manual)] and table(before, "commission-lines") == []
    after = make(paid, from_day=AFTER.date())
    assert table(after, "provisions") == [] and len(table(after, "commission-lines")) == 2


def test_lines_are_paged_by_their_place(paid):
    asked, section = asked_by(make(paid)), section_named("commission-lines")
    with reading():
        first = some_rows(section, asked, Words("en"), "UTC", most=1)
        second = some_rows(section, asked, Words("en"), "UTC", after=first.after, most=1)
    assert (first.after, second.after) == (1, None)
    assert [dict(row.cells)["Line"] for each in (first, second) for row in each.rows] == ["0", "0"]
    assert dict(first.rows[0].cells)["Order"] < dict(second.rows[0].cells)["Order"]


def test_one_with_very_many_lines_is_left_to_the_worker(paid, monkeypatch):
    assert make(paid).done_at is not None
    monkeypatch.setattr(building, "LINES_AT_ONCE", 1)
    assert make(paid).done_at is None
