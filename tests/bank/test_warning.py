"""What a preview warns of: gaps in balances, days without a statement, old ones, lines that came before, and what nobody can prove."""

import pytest

from tests.bank.camt_files import balance, document, statement
from tests.bank.test_import import OURS, take
from tests.bank.test_import import line as any_line
from tests.bank.test_uploads import desk as desk
from tests.bank.test_uploads import press, upload
from tests.cast import eur
from tests.web.client import plain
from tests.web.refusing import reading
from vps.bank.models import upload_of


def line(amount: str, day: str, **more: str) -> str:
    return any_line(amount, inner=f"<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>", **more)


def day(number: int, on: str, opening: str | None, amount: str, closing: str | None, **more: str) -> str:
    """A statement with one line."""
    begins = balance("OPBD", opening, day=on) if opening else ""
    ends = balance("CLBD", closing, day=on) if closing else ""
    return statement(begins, line(amount, on, **more), ends, account=OURS).replace("<Id>1</Id>", f"<Id>{number}</Id>", 1)


def warned(desk, *statements: str):
    content = document(*statements).encode()
    return [each.warned for each in upload_of(upload(desk, content)).statements]


@pytest.fixture
def booked(desk):
    """Friday, the 6th of November, ended with 105.00."""
    take(document(day(1, "2026-11-06", "100", "5", "105")).encode())
    return desk


def test_the_first_statement_and_one_that_closes_warn_of_nothing(booked):
    assert warned(booked, day(2, "2026-11-10", "105", "1", "106")) == [[]], "a bank sends none for a day without a movement"
    assert warned(booked, day(2, "2026-11-09", "105", "1", "106"), day(3, "2026-11-10", "106", "1", "107")) == [[], []]
    assert warned(booked, day(3, "2026-11-10", "106", "1", "107"), day(2, "2026-11-09", "105", "1", "106")) == [[], []]
    assert warned(booked, day(2, "2026-11-06", "105", "1", "106")) == [[]], "the rest of the same day"


def test_a_gap_is_named_with_both_amounts_and_the_days_between(booked):
    gap, days = warned(booked, day(2, "2026-11-11", "110", "1", "111"))[0]

    assert gap[0] == "gap" and (gap[1]["opening"], gap[1]["closing"], gap[1]["day"].isoformat()) == (eur(110_00), eur(105_00), "2026-11-06")
    assert days[0] == "days" and [each.isoformat() for each in days[1]["days"]] == ["2026-11-09", "2026-11-10"], "no weekend"
    assert warned(booked, day(2, "2026-11-09", "110", "1", "111"))[0] == [gap], "no banking day lies between"
    more = warned(booked, day(2, "2027-01-04", "110", "1", "111"))[0][1][1]
    assert (len(more["days"]), more["more"]) == (5, 33), "38 of them: neither Christmas nor New Year's Day are banking days"


def test_what_is_older_or_proves_nothing_is_said(booked):
    (older,) = warned(booked, day(2, "2026-11-05", "99", "1", "100"))[0]
    assert older[0] == "older" and older[1]["day"].isoformat() == "2026-11-06"

    unproven, days = warned(booked, day(2, "2026-11-10", None, "1", None))[0]
    assert (unproven, days[0]) == (("unproven", {}), "days")


def test_lines_that_came_before_are_counted_and_change_what_is_authorised(desk):
    content = document(day(1, "2026-11-06", "100", "5", "105", text="x")).encode()
    key = upload(desk, content)
    before = upload_of(key).digest
    take(document(day(9, "2026-11-06", "100", "5", "105", text="x")).encode())

    (again,) = warned(desk, day(1, "2026-11-06", "100", "5", "105", text="x"))

    assert again == [("known", {"n": 1})]
    assert upload_of(upload(desk, content)).digest != before
    assert press(desk, upload(desk, content)).lines == 1


def test_the_preview_says_it_in_the_readers_language(booked):
    key = upload(booked, document(day(2, "2026-11-30", "110", "1", "111"), day(3, "2026-12-01", None, "2", None)).encode())

    for language, says in (("en", "ended with €105.00"), ("de", "endete aber mit 105,00 €"), ("sr", "завршио је са 105,00")):
        page = plain(reading(booked.clara, language).get(f"/office/bank/uploads/{key}/booking").text)
        assert says in page and page.count('<p class="warn">') == 3, language
