"""The office sees what a bank's file would become before one code of the app books just that."""

import pytest

from tests.bank.camt_files import balance as ends
from tests.bank.camt_files import document, statement
from tests.bank.test_import import line
from tests.cast import balance, eur
from tests.web.client import Browser, field, plain
from tests.web.refusing import nothing_written, reading, refused, says
from tests.web.test_bad_input_files import OURS, WAY, book, fresh_code, good, send
from vps.bank.actions import import_file
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.kernel.numbers import topup_reference
from vps.security.actions import BatchChanged, UsedCode, WrongCode

LANGUAGES = ("en", "de", "sr")


def day(cast, *lines: str, closing: str, number: str = "1") -> bytes:
    """A statement of the company's account with a credit of 100.00 for Anna, and these lines."""
    mine = line("100.00", ref=topup_reference(cast.anna.number))
    parts = (ends("OPBD", "10"), mine, *lines, ends("CLBD", closing))
    return document(statement(*parts, account=OURS).replace("<Id>1</Id>", f"<Id>{number}</Id>", 1)).encode()


def test_a_file_is_shown_before_it_is_booked(cast):
    dragan = reading(cast.dragan, "en")
    sent = send(dragan, day(cast, line("7.00"), line("2.00", side="DBIT"), closing="115"), "november.xml")

    page = dragan.get(sent.headers["Location"])

    assert sent.status_code == 303 and page.status_code == 200
    text = plain(page.text)
    for said in ("november.xml", "<dt>Lines</dt><dd>3</dd>", "<dt>Find their place</dt><dd>1</dd>", "<b>+€100.00</b> (100.00 EUR)",
                 "<dt>Go to be clarified</dt><dd>2</dd>", "DE89 3704 0044 0532 0130 00", "€10.00", "€115.00", "Nov 19, 2026"):  # fmt: skip
        assert said in text, said
    assert "before" not in text
    assert balance(cast.anna) == eur(250_00) and one("SELECT count(*) FROM bank_file")[0] == 0


def test_one_code_books_it_and_reloading_or_pressing_again_changes_nothing(cast):
    dragan = Browser(cast.dragan)
    sent = send(dragan, day(cast, closing="110"))
    place = sent.headers["Location"]
    press = {"shown": field(dragan.get(place), "shown"), "code": fresh_code()}

    answers = [dragan.post(place, press) for _ in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {f"{WAY}?done=1.1.1.0"}
    assert dragan.get(place).headers["Location"] == f"{WAY}?done=1.1.1.0", "the page of a booked file leads to what was booked"
    assert balance(cast.anna) == eur(350_00)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_right_and_fresh_code_nothing_is_booked(house, language):
    dragan = reading(house.dragan, language)
    place = send(dragan, good().encode()).headers["Location"]
    shown, used = field(dragan.get(place), "shown"), fresh_code()
    with nothing_written():
        for typed in ("000000", "", "12345", "ABCDEF"):
            answer = dragan.post(place, {"shown": shown, "code": typed})
            assert answer.status_code == 422 and field(answer, "shown") == shown, typed
            assert not typed or f'value="{typed}"' not in answer.text
        refused(dragan.post(place, {"shown": shown, "code": "000000"}), WrongCode.says, language)
        run("UPDATE app SET last_step = 2000000000")
        refused(dragan.post(place, {"shown": shown, "code": used}), UsedCode.says, language)
        refused(dragan.post(place, {"shown": "0" * 64, "code": fresh_code()}), BatchChanged.says, language, status=409)
    assert one("SELECT count(*) FROM throttle WHERE scope = 'code' AND failures = 2")[0] == 1, "only wrong codes are counted"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_meanwhile_is_shown_anew_instead_of_booked(house, language):
    dragan = reading(house.dragan, language)
    place = send(dragan, day(house, line("7.00"), closing="117")).headers["Location"]
    before = field(dragan.get(place), "shown")
    import_file(day(house, closing="110", number="2"), "other.xml", actor=HOUSE, at=clock())

    answer = dragan.post(place, {"shown": before, "code": fresh_code()})

    refused(answer, BatchChanged.says, language, status=409)
    assert balance(house.anna) == eur(350_00), "by the other file alone"
    after = field(answer, "shown")
    assert after != before and "<dd>0</dd>" in answer.text
    done = dragan.post(place, {"shown": after, "code": fresh_code()})
    assert done.headers["Location"] == f"{WAY}?done=1.2.0.0" and balance(house.anna) == eur(350_00)


def test_a_file_that_was_booked_before_says_so(house):
    dragan = reading(house.dragan, "en")
    book(dragan, send(dragan, good().encode()))

    again = send(dragan, good().encode(), "copy.xml")

    assert says(dragan.get(again.headers["Location"]), "This statement had been booked before. Nothing was booked again.", "en")


def test_a_file_with_something_known_in_it_says_how_much(house):
    dragan = reading(house.dragan, "en")
    first = statement(line("1.00"), account=OURS)
    import_file(document(first).encode(), "first.xml", actor=HOUSE, at=clock())
    second = statement(line("2.00"), account=OURS).replace("<Id>1</Id>", "<Id>2</Id>", 1)

    page = dragan.get(send(dragan, document(first, second).encode()).headers["Location"])

    assert "1 statement in this file had been booked before and is not booked again." in page.text


def test_who_may_only_read_sees_the_preview_and_cannot_book_it(house):
    dragan, clara = Browser(house.dragan), Browser(house.clara)
    place = send(dragan, good().encode()).headers["Location"]

    page = clara.get(place)

    assert page.status_code == 200 and 'name="code"' not in page.text
    with nothing_written():
        assert clara.post(place, {"shown": field(page, "shown"), "code": "123456"}).status_code == 403


def test_a_colleague_books_what_another_one_uploaded(house):
    place = send(Browser(house.dragan), good().encode()).headers["Location"]
    run("INSERT INTO person_right (person_id, granted, granted_at) VALUES (?, 'book', 0)", house.clara.id)
    clara = Browser(house.clara)

    done = clara.post(place, {"shown": field(clara.get(place), "shown"), "code": fresh_code("clara")})

    assert done.headers["Location"] == f"{WAY}?done=1.1.0.0"
    assert one("SELECT made_by, authorised_by, address FROM batch") == (house.dragan.id, house.clara.id, "127.0.0.1")


def test_whose_session_ended_meanwhile_comes_back_to_the_preview(house):
    dragan = Browser(house.dragan)
    place = send(dragan, good().encode()).headers["Location"]
    run("UPDATE session SET seen_at = 0")

    answer = dragan.post(place, {"shown": "x", "code": "483920"})

    assert answer.status_code == 401 and field(answer, "next") == place and "483920" not in answer.text


def test_the_largest_file_is_shown_and_booked(cast):
    dragan, content = Browser(cast.dragan), good().encode()
    answer = send(dragan, content + b" " * (10 * 2**20 - len(content)))

    assert book(dragan, answer).headers["Location"] == f"{WAY}?done=1.1.0.0"
    assert one("SELECT length(content) FROM bank_file")[0] == 10 * 2**20


def test_many_statements_are_shown_in_short(house):
    dragan = reading(house.dragan, "en")
    parts = [statement(line(f"{n}.00"), account=OURS).replace("<Id>1</Id>", f"<Id>{n}</Id>", 1) for n in range(1, 31)]

    page = dragan.get(send(dragan, document(*parts).encode()).headers["Location"])

    assert page.text.count("<tr>") == 1 + 25 and "Further statements: 5" in page.text


def test_what_was_never_uploaded_is_not_there(house):
    dragan = Browser(house.dragan)
    assert dragan.get("/office/bank/uploads/7/booking").status_code == 404
    assert dragan.post("/office/bank/uploads/7/booking", {"shown": "x", "code": "123456"}).status_code == 404
