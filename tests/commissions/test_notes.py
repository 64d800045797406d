"""Commission notes: numbers without a gap, issued once, never changed; and what was taken back is corrected to the cent."""

import json
from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from tests.commissions.network import AFTER, green_order, partner_under
from tests.commissions.notes import SMALL, VAT, booked_for, note_of, noted, taxed
from vps.commissions.actions import draft_green
from vps.commissions.actions.note_facts import NoHome
from vps.commissions.actions.notes import (
    JOB,
    NotBooked,
    correct_chunk,
    issue_chunk,
    issue_corrections,
    issue_notes,
    job_key,
    queue_notes,
    taken_back,
)
from vps.commissions.actions.taxes import set_tax_rule, set_tax_terms
from vps.commissions.models import Note
from vps.commissions.models.notes import audit_notes, count_of_run
from vps.commissions.taxes import GROSS, NET
from vps.jobs.worker import DONE_BY
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, action, is_postgres, rows, run
from vps.kernel.jobs import standing_of, take_job


def do_jobs(at):
    """What the worker does with jobs of notes, at a moment."""
    while job := take_job((JOB,), at=at):
        DONE_BY[job.kind](job, at=at)


def numbers():
    return [number for (number,) in rows("SELECT number FROM commission_note ORDER BY id")]


def test_every_partner_of_a_booked_run_gets_one_note_with_the_next_number(cast):
    key = noted(cast)

    assert numbers() == ["PG-2026-000001", "PG-2026-000002"]
    assert (note_of(cast.anna).total, note_of(cast.boris).total) == (19_96 + 9_98, 19_96)
    assert issue_notes(key, at=AFTER) == 0 and len(numbers()) == 2, "issuing again issues nothing"
    assert count_of_run(key) == (2, 0) and list(audit_notes()) == []


def test_booking_a_run_has_its_notes_issued_by_the_worker_once(cast):
    key = booked_for(cast)
    assert standing_of(job_key(key)).done is False

    do_jobs(AFTER)
    do_jobs(AFTER)

    assert standing_of(job_key(key))[1:] == (True, None)
    assert len(numbers()) == 2


def test_the_lines_of_a_note_are_the_runs_summed_by_rule_and_level(cast):
    noted(cast)

    kept = note_of(cast.anna).printed
    assert kept["lines"] == [["levels", 1, 200_000, 1, 99_80, "amount", 19_96], ["levels", 2, 100_000, 1, 99_80, "amount", 9_98]]
    assert (kept["shares"], kept["net"], kept["way"]) == ([["main", 29_94]], 29_94, "none")


def test_who_charges_vat_has_it_in_his_gross_commission_and_a_small_business_has_none(cast):
    taxed(cast.anna, VAT)
    taxed(cast.boris, SMALL)

    noted(cast)

    anna, boris = note_of(cast.anna), note_of(cast.boris)
    assert (anna.credited, anna.tax, anna.total, anna.printed["net"]) == (29_94, 4_78, 29_94, 25_16)
    assert (boris.tax, boris.printed["way"]) == (0, "small")


def test_vat_on_top_of_net_commission_is_credited_with_its_note_and_goes_back_with_it(cast):
    taxed(cast.boris, VAT)
    key = booked_for(cast, mode=NET)
    assert balance(cast.boris) == eur(19_96)

    issue_notes(key, at=AFTER)
    issue_notes(key, at=AFTER)

    assert (note_of(cast.boris).total, balance(cast.boris)) == (23_75, eur(23_75))
    taken_back(key, cast.boris.id, eur(19_96), key="refund 1", at=AFTER)
    issue_corrections(at=AFTER)
    assert (note_of(cast.boris, correction=True).tax, balance(cast.boris)) == (3_79, eur(19_96)), (
        "the commission itself is taken by whoever refunds"
    )


def test_any_parts_that_are_taken_back_are_together_the_note(cast):
    taxed(cast.anna, VAT)
    key = noted(cast)
    first = note_of(cast.anna)
    for n, minor in enumerate((1, 3_33, 7, 26_53)):
        taken_back(key, cast.anna.id, eur(minor), key=f"refund {n}", at=AFTER)
        taken_back(key, cast.anna.id, eur(minor), key=f"refund {n}", at=AFTER)
        assert issue_corrections(at=AFTER) == 1

    parts = list(Note.select().where(Note.corrects == first.id))
    assert [part.total for part in parts] == [1, 3_33, 7, 26_53]
    assert (sum(part.tax for part in parts), sum(part.total for part in parts)) == (first.tax, first.total)
    assert parts[0].printed["corrects"] == [first.number, first.issued_on.isoformat()]
    assert issue_corrections(at=AFTER) == 0 and list(audit_notes()) == []


def test_no_more_is_taken_back_than_was_credited(house):
    key = noted(house)
    taken_back(key, house.boris.id, eur(19_95), key="refund 1", at=AFTER)
    for minor in (2, 0):
        with pytest.raises(AssertionError):
            taken_back(key, house.boris.id, eur(minor), key="refund 2", at=AFTER)


def test_what_is_taken_back_before_the_note_is_issued_waits_for_it(cast):
    key = booked_for(cast)
    taken_back(key, cast.boris.id, eur(5_00), key="refund", at=AFTER)
    assert correct_chunk(at=AFTER) == 0

    do_jobs(AFTER)

    assert (note_of(cast.boris).total, note_of(cast.boris, correction=True).total) == (19_96, 5_00)


def test_a_transaction_that_fails_loses_no_number(cast):
    key = booked_for(cast)

    @action
    def failing():
        issue_chunk(key, 0, at=AFTER)
        run("INSERT INTO commission_note (run_id) VALUES (?)", key)

    with pytest.raises(IntegrityError):
        failing()
    assert numbers() == []

    issue_notes(key, at=AFTER)

    assert numbers() == ["PG-2026-000001", "PG-2026-000002"] and list(audit_notes()) == []


def test_who_was_interrupted_goes_on_with_the_next_partner_and_the_next_number(cast):
    for n in range(5):
        green_order(cast, partner_under(cast.anna, f"Partner {n}"))
    key = booked_for(cast)

    last, made = issue_chunk(key, 0, at=AFTER, most=3)
    assert (made, count_of_run(key)) == (3, (3, 4))
    issue_notes(key, at=AFTER)

    assert numbers() == [f"PG-2026-{n:06}" for n in range(1, 8)]
    assert last == Note.get(Note.n == 3).payee_id


def test_three_who_issue_at_once_issue_every_note_once_without_a_gap(cast):
    for n in range(8):
        green_order(cast, partner_under(cast.anna, f"Partner {n}"))
    key = booked_for(cast)

    def issue(_):
        after = 0
        while step := issue_chunk(key, after, at=AFTER, most=2):
            after = step[0]
        return "done"

    assert at_once(3, issue) == ["done"] * 3
    assert sorted(numbers()) == [f"PG-2026-{n:06}" for n in range(1, 11)] and list(audit_notes()) == []


def test_numbers_begin_anew_with_the_companys_year(cast):
    booked_for(cast)
    late = AFTER.replace(month=12, day=31, hour=23, minute=30)  # in Berlin it is the next year already

    do_jobs(late)

    assert numbers() == ["PG-2027-000001", "PG-2027-000002"]


def test_a_note_never_changes_whatever_happens_to_its_names_and_rates(cast):
    taxed(cast.anna, VAT)
    noted(cast)
    before = note_of(cast.anna).facts

    run("UPDATE person SET name = 'Anna Neu', language = 'hr' WHERE id = ?", cast.anna.id)
    taxed(cast.anna, SMALL)
    set_tax_rule("DE", "vat", "vat", "", 1600, NOON.date(), actor=HOUSE, at=NOON)

    assert note_of(cast.anna).facts == before and "Anna Bauer" in before
    with pytest.raises(IntegrityError):
        run("UPDATE commission_note SET total = total + 1")
    with pytest.raises(IntegrityError):
        run("DELETE FROM commission_note")


def test_the_audit_names_a_gap_a_foreign_sum_and_an_altered_note(cast):
    key = noted(cast)
    drop = " ON commission_note" if is_postgres() else ""
    run(f"DROP TRIGGER commission_note_no_update{drop}")
    run("UPDATE commission_note SET facts = '{}' WHERE n = 1")
    run("UPDATE commission_note_counter SET last = 3")
    run("UPDATE commission_share SET amount = amount + 1 WHERE run_id = ? AND payee = ?", key, cast.boris.id)

    said = [problem.says % problem.facts for problem in audit_notes()]

    assert said == [
        "Commission notes PG-2026: there are 2, and the last number is 3.",
        "Commission note PG-2026-000002 does not say what its run credited.",
        "Commission note PG-2026-000001 was altered after it was issued.",
    ]


def test_no_note_is_issued_while_nobody_has_said_where_the_company_is_taxed(cast):
    key = booked_for(cast)
    run("INSERT INTO setting (key, value, since) VALUES ('country', '', 1)")

    do_jobs(AFTER)
    assert standing_of(job_key(key)).error == (NoHome.says, {}) and numbers() == []

    with pytest.raises(NoHome):
        queue_notes(key, actor=Actor(cast.dragan.id), at=AFTER)
    set_tax_terms("DE", GROSS, actor=HOUSE, at=AFTER)  # whereupon what was refused is tried again
    do_jobs(AFTER)
    assert len(numbers()) == 2


def test_the_office_can_have_corrections_issued_after_the_job_was_done(cast):
    key = booked_for(cast)
    do_jobs(AFTER)
    taken_back(key, cast.boris.id, eur(1_00), key="refund", at=AFTER)

    queue_notes(key, actor=Actor(cast.dragan.id), at=AFTER)
    do_jobs(AFTER)

    assert note_of(cast.boris, correction=True).total == 1_00


def test_a_run_that_is_not_booked_has_no_notes(house):
    booked_for(house)
    green_order(house, house.anna)
    draft = draft_green(actor=HOUSE, at=AFTER + timedelta(days=1))
    for act in (lambda: queue_notes(draft, actor=HOUSE, at=AFTER), lambda: issue_notes(draft, at=AFTER)):
        with pytest.raises(NotBooked):
            act()


def test_the_facts_are_canonical_text(house):
    noted(house)
    for note in Note.select():
        assert json.dumps(json.loads(note.facts), ensure_ascii=False, sort_keys=True) == note.facts
