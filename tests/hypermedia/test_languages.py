"""Who reads, and how sentences reach him, also by the ways that pages rarely take."""

from datetime import date

import flask_babel
import pytest
from flask import url_for

from tests.web.client import Browser, app
from vps.hypermedia.forms import Form
from vps.hypermedia.languages import forget_reader, read_by, reader, say, sentence
from vps.kernel.refusals import NotFound, Phrase, Refused


@pytest.fixture
def page(house):
    with app().test_request_context("/", method="POST"):
        yield
    forget_reader()


def test_flask_babel_speaks_from_the_same_catalogs(page):
    read_by("de", "Europe/Berlin")
    assert flask_babel.gettext("Sign in") == "Anmelden"
    one, many = "Only %(n)s TAN is left. Ask the office for a new sheet.", "Only %(n)s TANs are left. Ask the office for a new sheet."
    assert "3" in flask_babel.ngettext(one, many, 3) and flask_babel.ngettext(one, many, 3) != many % {"n": 3}
    assert reader() == ("de", "Europe/Berlin")


def test_a_word_of_ours_is_said_in_the_readers_language_and_what_was_typed_is_not(page):
    class Both(Refused):
        says = "%(ours)s, %(typed)s"

    read_by("de", "Europe/Berlin")
    assert sentence(Both(ours=Phrase("Another browser"), typed="Another browser")) == "Anderer Browser, Another browser"


def test_after_a_request_nobody_reads(page):
    read_by("ru", "Europe/Moscow")
    forget_reader()
    assert reader().language == "en"


def test_what_is_not_there_is_no_fault_of_the_form(page):
    form = Form(meta={"csrf": False})

    def nothing():
        raise NotFound

    with pytest.raises(NotFound):
        form.attempt(nothing)


def test_an_address_with_its_host_is_built_anew(page):
    made = app().jinja_env.globals["url_for"]
    assert made("people.sign_in", _external=True) == url_for("people.sign_in", _external=True)
    assert made("people.sign_in") == made("people.sign_in") == "/sign-in"


def test_a_browser_without_brotli_gets_the_file_as_it_is(house):
    nobody = Browser()
    path = nobody.get("/sign-in").text.split('rel="stylesheet" href="')[1].split('"')[0]
    plain, small = nobody.get(path, headers={"Accept-Encoding": "gzip"}), nobody.get(path, headers={"Accept-Encoding": "br"})

    assert "Content-Encoding" not in plain.headers and small.headers["Content-Encoding"] == "br"
    assert len(plain.data) > len(small.data)
    assert nobody.get("/static/3c08b50b/nothing.css").status_code == 404


def test_a_picture_is_not_packed_again(house):
    nobody = Browser()
    path = nobody.get("/sign-in").text.split('rel="icon" href="')[1].split('"')[0]
    assert nobody.get(path).content_type.startswith("image/")


def test_a_sentence_that_ends_in_a_day_ends_in_one_dot(page):
    for language in ("hr", "sr", "ru"):
        read_by(language, "Europe/Belgrade")
        since = say("Since %(day)s.", day=date(2026, 11, 22))
        assert since.endswith(("2026.", "г.")) and not since.endswith(".."), since
    assert say("%(text)s", text="ask in 2026...") == "ask in 2026...", "what somebody typed stays"
