"""A partner asks the office about a line of his own statement; the office answers once."""

import pytest

from tests.cast import NOON, give
from vps.jobs.rendering import render
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one, rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.settings import Settings
from vps.kernel.text import HiddenCharacters, TooLong
from vps.post.actions import due
from vps.wallets.actions import NoText, answer_question, ask_office
from vps.wallets.models import Question, open_questions, questions_about


def line_of(person) -> int:
    return int(one("SELECT b.id FROM booking b JOIN wallet w ON w.account_id = b.credit_id WHERE w.person_id = ?", person.id)[0])


def staff(cast) -> ByStaff:
    return ByStaff(Actor(cast.dragan.id))


def test_a_question_about_a_line_waits_for_the_office(cast):
    ask_office(cast.anna.id, line_of(cast.anna), " What is this?\r\nI do not know it. ", at=NOON)

    [question] = open_questions()
    assert (question.person, question.booking, question.text) == (cast.anna, line_of(cast.anna), "What is this?\nI do not know it.")
    assert questions_about(cast.anna.id, line_of(cast.anna)) == [question]


def test_the_same_question_twice_is_one(cast):
    first = ask_office(cast.anna.id, line_of(cast.anna), "What is this?", at=NOON)

    assert ask_office(cast.anna.id, line_of(cast.anna), "What is  this?", at=NOON) == first
    assert ask_office(cast.anna.id, line_of(cast.anna), "And why twice?", at=NOON) != first
    assert Question.select().count() == 2


def test_nobody_asks_about_anothers_line(cast):
    give(cast.boris, 10_00)

    for booking in (line_of(cast.boris), 999_999):
        with pytest.raises(NotFound):
            ask_office(cast.anna.id, booking, "What is this?", at=NOON)

    assert rows("SELECT * FROM question") == []


def test_a_question_that_says_nothing_or_too_much_is_refused(cast):
    for text, refusal in (("", NoText), (" \n ", NoText), ("a\x00b", HiddenCharacters), ("x" * 1001, TooLong)):
        with pytest.raises(refusal):
            ask_office(cast.anna.id, line_of(cast.anna), text, at=NOON)


def test_an_answer_ends_the_waiting(cast):
    question = ask_office(cast.anna.id, line_of(cast.anna), "What is this?", at=NOON)

    answer_question(question, "The opening balance.", authorisation=staff(cast), at=NOON)

    assert open_questions() == []
    [answered] = questions_about(cast.anna.id, line_of(cast.anna))
    assert (answered.answer, answered.answered_by, answered.answered_at) == ("The opening balance.", cast.dragan.id, NOON)


def test_the_answer_is_mailed_to_who_asked_in_his_language(cast, tmp_path):
    question = ask_office(cast.anna.id, line_of(cast.anna), "What is <this>?", at=NOON)
    answer_question(question, "The opening\nbalance.", authorisation=staff(cast), at=NOON)
    give(cast.boris, 1_00)
    run("UPDATE person SET email = '' WHERE id = ?", cast.boris.id)
    unheard = ask_office(cast.boris.id, line_of(cast.boris), "And this?", at=NOON)
    answer_question(unheard, "The same.", authorisation=staff(cast), at=NOON)

    ((_, key, kind, address, language, facts),) = due(NOON)
    mail = render(
        Settings(tmp_path, "", tmp_path, public_url="https://w.example"), kind, key=key, address=address, language=language, facts=facts
    )

    assert (mail["To"], mail["Subject"]) == ("anna@example.com", "Alpenkraut: Antwort auf Ihre Frage")
    assert "What is <this>?" in mail.get_content() and "The opening\nbalance." in mail.get_content()
    assert f"https://w.example/wallet/statement/{line_of(cast.anna)}" in mail.get_content()


def test_an_answer_is_given_once(cast):
    question = ask_office(cast.anna.id, line_of(cast.anna), "What is this?", at=NOON)
    answer_question(question, "The opening balance.", authorisation=staff(cast), at=NOON)

    with pytest.raises(NotFound):
        answer_question(question, "Something else.", authorisation=staff(cast), at=NOON)
    with pytest.raises(NotFound):
        answer_question(999, "To nobody.", authorisation=staff(cast), at=NOON)

    assert one("SELECT answer FROM question")[0] == "The opening balance."


def test_an_empty_answer_is_none(cast):
    question = ask_office(cast.anna.id, line_of(cast.anna), "What is this?", at=NOON)

    with pytest.raises(NoText):
        answer_question(question, " ", authorisation=staff(cast), at=NOON)

    assert len(open_questions()) == 1
