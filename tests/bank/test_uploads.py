"""A file that the office uploads is previewed, and one code books exactly what the preview said, once."""

import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest

from tests.at_once import at_once
from tests.bank.camt_files import balance
from tests.bank.test_import import file, line, nothing_came_in, take
from tests.cast import NOON, app_of, eur
from tests.cast import balance as wallet
from tests.forger import lie, unguard
from vps.bank.actions import NotOurAccount, book_upload, forget_uploads, upload_file
from vps.bank.actions.accounts import close_bank_account, open_bank_account
from vps.bank.models import Previewed, imported, upload_of
from vps.bank.models.audit import audit
from vps.cli.books import problems_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, run
from vps.kernel.money import Money
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import NotFound
from vps.people.actions import close_person
from vps.security.actions import BatchChanged, UsedCode, WrongCode

STEP = timedelta(seconds=30)


@pytest.fixture
def desk(cast):
    """Dragan at his desk, with an app, and a file: two credits that find Anna, one that finds nobody, and a fee."""
    cast.totp, cast.desk = app_of(cast.dragan), Actor(cast.dragan.id, "192.0.2.9")
    ref = topup_reference(cast.anna.number)
    cast.mine = (line("100.00", ref=ref), line("20.00", ref=ref))
    cast.content = file(balance("OPBD", "10"), *cast.mine, line("7.00", text="Danke"), line("2.00", side="DBIT"), balance("CLBD", "135"))
    return cast


def upload(desk, content: bytes | None = None, name: str = "day.xml") -> int:
    key = upload_file(content or desk.content, name, actor=desk.desk, at=NOON).key
    assert key is not None
    return key


def press(desk, key: int, *, at=NOON, shown: str | None = None, code: str | None = None):
    return book_upload(key, shown=shown or upload_of(key).digest, code=code or desk.totp.at(at), actor=desk.desk, at=at)


def test_an_upload_books_nothing_and_says_what_it_would_book(desk):
    found = upload_of(upload(desk))

    assert nothing_came_in() and wallet(desk.anna) == eur(250_00)
    assert (found.name, found.outcome, found.sums, found.authorised_at) == ("day.xml", [1, 4, 2, 0], [("top-up", eur(120_00))], None)
    day = date(2026, 11, 19)
    assert found.statements == [Previewed("1", "DE89370400440532013000", day, day, eur(10_00), eur(135_00), 4, [])]
    assert one("SELECT count, amount, currency, made_by FROM batch") == (4, 120_00, "EUR", desk.dragan.id)


def test_one_code_books_what_was_shown_and_the_file_is_kept_once(desk):
    key = upload(desk)

    assert press(desk, key) == (1, 4, 2, 0)

    assert wallet(desk.anna) == eur(370_00)
    assert [(row.lines, row.matched, row.name) for row in imported()] == [(4, 2, "day.xml")]
    assert one("SELECT content FROM statement_upload") == (None,)
    assert bytes(one("SELECT content FROM bank_file")[0]) == desk.content
    assert one("SELECT imported_by FROM bank_file")[0] == desk.dragan.id
    assert list(audit()) == []


def test_it_books_what_importing_the_file_would_have_booked(desk):
    press(desk, upload(desk))
    uploaded = imported()[0]

    take(file(*desk.mine, line("7.00", text="Danke"), line("2.00", side="DBIT"), number="2"))

    assert (uploaded.lines, uploaded.matched) == (4, 2)
    assert imported()[0].matched == 0, "the same lines in another statement are for a person to look at"


def test_pressed_twice_it_is_booked_once_and_both_are_told_the_same(desk):
    key = upload(desk)
    shown = upload_of(key).digest

    assert press(desk, key) == press(desk, key) == press(desk, key, at=NOON + STEP, shown=shown) == (1, 4, 2, 0)

    assert wallet(desk.anna) == eur(370_00)


def test_pressed_in_eight_windows_at_once_it_is_booked_once(desk):
    key = upload(desk)

    answers = at_once(8, lambda _: press(desk, key))

    assert answers == [(1, 4, 2, 0)] * 8
    assert wallet(desk.anna) == eur(370_00)
    assert one("SELECT count(*) FROM event WHERE verb = 'batch authorised'")[0] == 1


def test_a_wrong_code_and_a_used_one_book_nothing(desk):
    first, second = upload(desk), upload(desk, file(balance("OPBD", "135"), line("9.00"), balance("CLBD", "144"), number="2"))
    with pytest.raises(WrongCode):
        press(desk, first, code="000000")
    assert nothing_came_in()
    press(desk, first)

    with pytest.raises(UsedCode):
        press(desk, second)

    assert len(imported()) == 1
    assert press(desk, second, at=NOON + STEP).lines == 1


def test_a_line_that_came_meanwhile_changes_the_preview_and_nothing_is_booked(desk):
    key = upload(desk)
    before = upload_of(key)
    take(file(desk.mine[0], number="2"))

    with pytest.raises(BatchChanged):
        press(desk, key)

    assert (wallet(desk.anna), len(imported())) == (eur(350_00), 1)
    after = upload_of(key)
    assert (after.outcome, after.sums) == ([1, 4, 1, 0], [("top-up", eur(20_00))])
    with pytest.raises(BatchChanged):
        press(desk, key, shown=before.digest)
    assert press(desk, key) == (1, 4, 1, 0), "the code was not used up by what was refused"
    assert wallet(desk.anna) == eur(370_00)
    assert list(audit()) == []


def test_a_partner_who_left_meanwhile_changes_the_preview(desk):
    key = upload(desk)
    close_person(desk.anna, actor=HOUSE, at=NOON)

    with pytest.raises(BatchChanged):
        press(desk, key)

    assert upload_of(key).sums == []


def test_another_partner_with_the_same_sum_is_another_preview(desk):
    keys = [upload(desk, file(line("5.00", ref=topup_reference(person.number)))) for person in (desk.anna, desk.boris)]

    first, second = map(upload_of, keys)

    assert (first.outcome, first.sums) == (second.outcome, second.sums)
    assert first.digest != second.digest


def test_what_another_file_brought_meanwhile_is_not_booked_again(desk):
    key = upload(desk)
    take(desk.content)

    assert press(desk, key) == (0, 0, 0, 1)

    assert (wallet(desk.anna), upload_of(key)) == (eur(370_00), None)
    assert one("SELECT last_step FROM app")[0] == 0, "nothing was authorised"
    with pytest.raises(NotFound):
        press(desk, key, shown="x")


def test_a_file_refused_by_now_is_refused_when_it_is_booked(desk):
    key = upload(desk)
    close_bank_account(one("SELECT id FROM bank_account")[0], actor=HOUSE, at=NOON)

    with pytest.raises(NotOurAccount):
        press(desk, key)

    assert nothing_came_in()


def test_a_file_that_was_booked_is_not_kept_a_second_time(desk):
    take(desk.content)

    assert upload_file(desk.content, "again.xml", actor=desk.desk, at=NOON) == (None, 1)

    assert one("SELECT count(*) FROM statement_upload")[0] == one("SELECT count(*) FROM batch")[0] == 0


def test_the_same_file_sent_twice_waits_once(desk):
    assert upload(desk) == upload(desk)
    assert one("SELECT count(*) FROM statement_upload")[0] == 1


def test_a_statement_that_is_known_is_said_in_the_preview(desk):
    first, second = file(line("1.00")), file(line("2.00"), number="2")
    take(first)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", first)
        archive.writestr("b.xml", second)

    key = upload(desk, packed.getvalue(), "both.zip")

    assert upload_of(key).outcome == [1, 1, 0, 1]
    assert press(desk, key) == (1, 1, 0, 1)


def test_a_part_of_the_day_and_the_whole_day_in_one_archive_credit_each_line_once(desk):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", file(desk.mine[0]))
        archive.writestr("b.xml", file(*desk.mine, number="2"))

    key = upload(desk, packed.getvalue(), "day.zip")

    assert upload_of(key).outcome == [2, 3, 2, 0]
    press(desk, key)
    assert wallet(desk.anna) == eur(370_00)


def test_each_currency_has_its_own_sum(desk):
    open_bank_account("DE89370400440532013000", "JPY", actor=HOUSE, at=NOON)
    content = file(line("500", ref=topup_reference(desk.anna.number), currency="JPY"))

    key = upload(desk, content)

    assert upload_of(key).sums == [("top-up", Money(500, "JPY"))]
    assert one("SELECT amount, currency FROM batch") == (0, "EUR")
    assert press(desk, key).matched == 1


def test_an_empty_statement_has_no_days_but_can_be_booked(desk):
    key = upload(desk, file(balance("CLBD", "5")))

    (only,) = upload_of(key).statements
    assert (only.first, only.last, only.opening, only.lines) == (date(2026, 11, 20), date(2026, 11, 20), None, 0)
    assert press(desk, key) == (1, 0, 0, 0)


def test_an_upload_that_nobody_booked_is_forgotten_after_a_week(desk):
    waits, booked = upload(desk), upload(desk, file(line("3.00"), number="2"))
    press(desk, booked)

    forget_uploads(at=NOON + timedelta(days=7))
    assert upload_of(waits)
    forget_uploads(at=NOON + timedelta(days=7, seconds=1))

    assert upload_of(waits) is None and upload_of(booked)
    assert one("SELECT count(*) FROM batch")[0] == 2, "that it was shown stays written down"


LIES = {
    "UPDATE batch SET amount = 1": "Batch 1 was authorised, but what it showed was changed: its digest does not match.",
    "UPDATE batch SET subject = 'x'": "Batch 1 was authorised, but what it showed was changed: its digest does not match.",
    "UPDATE statement_upload SET shown = replace(shown, '12000', '13000')": (
        "Batch 1 was authorised, but what it showed was changed: its digest does not match."
    ),
    "UPDATE bank_file SET name = name, content = digest": "Batch 1 was authorised for a file that is not kept as it was.",
    "DELETE FROM bank_file": "Batch 1 was authorised for a file that is not kept as it was.",
}


def test_every_lie_about_an_authorised_batch_is_named(desk):
    press(desk, upload(desk))
    upload(desk, file(line("3.00"), number="2"), "waits.xml")
    unguard()

    assert {edit: lie(audit, edit + (" WHERE id = 1" if "batch" in edit or "upload" in edit else "")) for edit in LIES} == {
        edit: [says] for edit, says in LIES.items()
    }


def test_the_audit_of_the_house_names_it_as_check_a9(desk):
    press(desk, upload(desk))
    unguard()
    run("UPDATE statement_upload SET shown = replace(shown, '12000', '13000')")

    assert [problem.facts for problem in problems_of() if problem.check == "A9"] == [{"id": 1}]


def test_what_was_never_authorised_is_nothing_to_prove(desk):
    upload(desk)
    unguard()

    assert lie(audit, "UPDATE batch SET amount = 1") == []
