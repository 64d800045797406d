"""A large file is booked by the worker: the code is used up at the press, the page says how far it is, and all of it is booked or nothing."""

from datetime import timedelta

import pytest

from tests.bank.camt_files import balance
from tests.bank.test_import import file, line, nothing_came_in, take
from tests.bank.test_uploads import desk as desk
from tests.bank.test_uploads import press, upload
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from tests.forger import lie, unguard
from tests.web.client import Browser, plain
from tests.web.refusing import reading
from vps.bank.actions import QUEUED, book_queued, upload_file, uploads
from vps.bank.actions.accounts import close_bank_account
from vps.bank.models import upload_of
from vps.bank.models.audit import audit
from vps.jobs.worker import do_jobs
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, run
from vps.kernel.jobs import LEASE, enqueue, job_done, standing_of, take_job
from vps.people.actions import close_person


@pytest.fixture
def large(desk, monkeypatch):
    """As if two lines were many."""
    monkeypatch.setattr(uploads, "LARGE", 2)
    desk.key = upload(desk)
    desk.page = f"/office/bank/uploads/{desk.key}/booking"
    return desk


def test_the_press_authorises_and_the_worker_books(large):
    assert press(large, large.key) is None and press(large, large.key) is None
    assert nothing_came_in() and list(audit()) == [], "what waits is the file that was authorised"
    dragan = reading(large.dragan, "en")
    waiting = dragan.get(large.page)
    assert waiting.headers["Refresh"] == "2" and "It waits for its turn." in waiting.text

    assert (do_jobs(), do_jobs()) == (1, 0)

    assert wallet(large.anna) == eur(370_00) and list(audit()) == []
    assert dragan.get(large.page).headers["Location"] == "/office/bank/statements?done=1.4.2.0"
    assert one("SELECT imported_by FROM bank_file")[0] == large.dragan.id
    assert one("SELECT content FROM statement_upload")[0] is None


def test_what_changed_meanwhile_is_shown_anew_and_needs_another_code(large):
    press(large, large.key)
    close_person(large.anna, actor=HOUSE, at=NOON)

    do_jobs()

    assert nothing_came_in()
    page = reading(large.dragan, "de").get(large.page)
    assert "Inzwischen hat sich etwas geändert" in page.text and 'name="code"' in page.text
    later = NOON + timedelta(seconds=30)
    press(large, large.key, at=later)
    do_jobs()
    assert one("SELECT count(*) FROM bank_line")[0] == 4 and wallet(large.anna) == eur(250_00) and list(audit()) == []


def test_a_file_that_is_refused_by_now_says_why(large):
    press(large, large.key)
    close_bank_account(1, actor=HOUSE, at=NOON)

    do_jobs()

    page = reading(large.dragan, "en").get(large.page)
    assert "is for the account DE89 3704 0044 0532 0130 00, which is not one of the company" in plain(page.text)
    assert nothing_came_in()


def test_what_another_file_brought_meanwhile_is_not_booked_again(large):
    press(large, large.key)
    take(large.content)
    do_jobs()
    assert wallet(large.anna) == eur(370_00)
    assert upload_of(large.key) is None and list(audit()) == []
    assert reading(large.dragan, "en").get(large.page).headers["Location"] == "/office/bank/statements?done=0.0.0.1"


def test_a_job_of_an_upload_that_is_gone_or_booked_is_simply_over(large):
    press(large, large.key)
    job = take_job((QUEUED,), at=NOON)
    assert job is not None
    book_queued(job, at=NOON)
    book_queued(job, at=NOON)
    assert wallet(large.anna) == eur(370_00)
    run("UPDATE job SET done_at = NULL")
    book_queued(job._replace(args={**job.args, "upload": 99}), at=NOON)
    assert standing_of("upload:1").done


def test_the_page_says_how_far_it_is(large):
    press(large, large.key)
    dragan = reading(large.dragan, "en")
    for bar, (progress, says) in enumerate((("reading", "It is being read."), ("booking", "Its lines are being booked: 4.")), 1):
        run("UPDATE job SET progress = ?", progress)
        assert f'<progress max="3" value="{bar}"' in dragan.get(large.page).text
        assert says in dragan.get(large.page).text
    assert Browser(large.clara).get(large.page).status_code == 200


def test_a_job_is_one_workers_until_its_lease_is_over(engine):
    enqueue("a", "a:1", {"x": 1}, at=NOON)
    enqueue("a", "a:1", {"x": 2}, at=NOON)
    enqueue("b", "b:1", {}, at=NOON)

    taken = take_job(("a",), at=NOON)
    assert taken is not None and (taken.key, taken.args) == ("a:1", {"x": 1})
    assert take_job(("a",), at=NOON) is None and take_job(("a",), at=NOON - timedelta(days=1)) is None
    again = take_job(("a", "c"), at=NOON + LEASE)
    assert again is not None and again.id == taken.id and one("SELECT tries FROM job WHERE id = ?", again.id)[0] == 2
    job_done(again.id, at=NOON)
    assert take_job(("a",), at=NOON + LEASE * 3) is None and standing_of("a:2") is None
    enqueue("a", "a:1", {"x": 3}, at=NOON)
    assert standing_of("a:1").done, "what is done is not done again"


def test_a_lie_about_a_file_that_waits_for_the_worker_is_named(large):
    press(large, large.key)
    unguard()
    assert lie(audit, "UPDATE statement_upload SET content = (SELECT digest FROM batch WHERE id = 1)") == [
        "Batch 1 was authorised for a file that is not kept as it was."
    ]


def test_small_files_are_booked_at_once(desk):
    content = file(balance("OPBD", "1"), line("1.00"), balance("CLBD", "2"), number="9")
    assert press(desk, upload_file(content, "x.xml", actor=desk.desk, at=NOON).key) == (1, 1, 0, 0)
    assert one("SELECT count(*) FROM job")[0] == 0
