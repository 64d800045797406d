"""Names that lie about what they are, and names that are code: SECURITY, bad inputs 19 to 25 and 33."""

from html import escape, unescape

import pytest

from tests.cast import CODES, NOON, PASSWORD, red_order, sheet_of
from tests.web.client import Browser, asked_index
from tests.web.refusing import nothing_written, reading, refused
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.kernel.hashing import slow_hash
from vps.kernel.settings import Settings
from vps.kernel.text import HiddenCharacters, LineBreaks, MixedAlphabets, PiledMarks, TooLong, WrongEmail, WrongPhone
from vps.orders.models import Order
from vps.people.actions import set_password
from vps.people.actions.register import NameTaken
from vps.people.models import Person

LANGUAGES = ("en", "de", "sr", "ru")
PARTNER = {"key": "0123456789ab", "name": "Ana Horvat", "language": "hr", "zone": "Europe/Zagreb"}
HIDDEN = ("admin\u202e", "adm\u200bin", "ad\x07min", "\ue000admin", "admin\u0378", "\u2066admin")
CODE = ("<script>alert(1)</script>", '"><img onerror=alert(1)>', "{{7*7}}", "</title><b>x", "</script><svg onload=alert(1)>")

PARTNERS = [
    *(("20", "name", name, HiddenCharacters) for name in HIDDEN),
    *(("20", "username", name, HiddenCharacters) for name in HIDDEN),
    ("20", "bank_name", HIDDEN[0], HiddenCharacters),
    ("19", "username", "p\u0430ypal", MixedAlphabets),
    ("19", "name", "p\u0430ypal", MixedAlphabets),
    ("19", "username", "аnna", MixedAlphabets),
    ("21", "username", "ＡＮＮＡ", NameTaken),
    ("25", "name", "🙂" * 81, TooLong),
    ("25", "name", "a" + "\u0301" * 300, PiledMarks),
    ("25", "name", "\u0301Ana", PiledMarks),
    ("33", "name", "Ana\r\nBcc: x@example.com", LineBreaks),
    ("33", "username", "ana\nBcc: x", LineBreaks),
    ("33", "email", "ana@example.com\r\nBcc: x@example.com", WrongEmail),
    ("33", "email", "Ana <ana@example.com>", WrongEmail),
    ("33", "email", "ana@еxample.com", WrongEmail),
    ("33", "phone", "+49 151 1234567\r\nBcc: x", WrongPhone),
]


@pytest.mark.parametrize(("item", "name", "typed", "refusal"), PARTNERS)
def test_a_partner_with_such_a_name_is_not_made(house, item, name, typed, refusal):
    for language in LANGUAGES:
        dragan = reading(house.dragan, language)
        with nothing_written():
            answer = dragan.post("/office/partners/new", {**PARTNER, name: typed})
        refused(answer, refusal.says, language)


@pytest.mark.parametrize(("item", "name", "typed", "refusal"), [row for row in PARTNERS if row[1] in ("name", "email", "phone")])
def test_an_order_for_such_a_customer_is_not_entered(house, item, name, typed, refusal):
    for language in LANGUAGES:
        anna = reading(house.anna, language)
        goods = {"key": "0123456789ab", "name": "Maria Huber", "language": "de", f"q-{house.tea.id}": "1"}
        with nothing_written():
            answer = anna.post("/orders/new", {**goods, name: typed})
        refused(answer, refusal.says, language)


@pytest.mark.parametrize(
    ("typed", "status"), [("8" * 8_000, 422), ("a" + "\u0301" * 8_000, 422), ("🙂" * 10_000, 422), ("🙂" * 100_000, 413)]
)
def test_a_book_is_no_name(house, typed, status):
    with nothing_written():
        answer = Browser(house.dragan).post("/office/partners/new", {**PARTNER, "name": typed})
    assert answer.status_code == status


def test_an_order_that_is_refused_leaves_no_customer_behind(house):
    with nothing_written():
        answer = Browser(house.anna).post("/orders/new", {"key": "0123456789ab", "name": "Maria Huber", "language": "de"})
    refused(answer, "Choose at least one product.", "de")


def test_a_cyrillic_name_is_welcome_until_it_looks_like_one_there_is(house):
    dragan = Browser(house.dragan)
    assert dragan.post("/office/partners/new", {**PARTNER, "username": "paxo", "email": "a@example.com"}).status_code == 303
    assert dragan.post("/office/partners/new", {**PARTNER, "username": "ана", "key": "cyrillic-name"}).status_code == 303

    with nothing_written():
        answer = dragan.post("/office/partners/new", {**PARTNER, "username": "рахо", "key": "looks-the-same"})

    refused(answer, NameTaken.says, "sr")


@pytest.mark.parametrize(
    ("made", "typed"), [("Ａｎａ", "ana"), ("ﬁrma", "FIRMA"), ("Zoe\u0308", "Zoë"), ("Zoë", "ZOE\u0308"), ("Ана", "АНА")]
)
def test_each_spelling_of_a_name_signs_in(house, made, typed):
    assert Browser(house.dragan).post("/office/partners/new", {**PARTNER, "username": made}).status_code == 303
    person = Person.select().order_by(Person.id.desc()).first()
    set_password(person, slow_hash(PASSWORD), actor=HOUSE, at=NOON)

    for spelling in (made, typed):
        assert Browser().post("/sign-in", {"username": spelling, "password": PASSWORD}).headers["Location"] == "/"


@pytest.mark.parametrize("name", CODE)
def test_code_for_a_name_is_shown_and_never_run(house, name):
    dragan, anna = Browser(house.dragan), Browser(house.anna)
    way = dragan.post("/office/partners/new", {**PARTNER, "name": name, "email": "ana@example.com"}).headers["Location"]
    goods = {"key": "0123456789ab", "name": name, "language": "de", "street": name, "email": "c@example.com", f"q-{house.tea.id}": "1"}
    order = anna.post("/orders/new", goods).headers["Location"]
    sheet_of(house.anna, clock())
    number = order.rpartition("/")[2]
    assert anna.pay(number, CODES[asked_index(anna.get(f"{order}/payment")) - 1]).status_code == 303
    key = Person.select().order_by(Person.id.desc()).first().id

    pages = [dragan.get(way), dragan.get("/office/partners"), dragan.get(f"/office{order}"), dragan.get(f"{way}/details")]
    pages += [dragan.get("/office/orders?colour=green"), dragan.get(f"{way}/wallet"), dragan.post(f"/office/people/{key}/invitation")]
    pages += [anna.get(order), anna.get("/orders?colour=green"), anna.get(f"{order}/receipt"), anna.get("/orders/new"), anna.get("/wallet")]
    pages += [anna.get("/orders?q=" + name), dragan.get("/office/partners?q=" + name)]
    for answer in pages:
        assert answer.status_code == 200
        assert name not in answer.text or name == "{{7*7}}", "as it was typed it would run"
        assert name in unescape(answer.text) or answer.request.path == "/wallet"


@pytest.mark.parametrize("name", CODE)
def test_mail_says_the_name_as_it_is_and_has_no_other_header(house, name):
    sheet_of(house.anna, clock())
    order, anna = red_order(house, customer=name), Browser(house.anna)
    anna.pay(order.number, CODES[asked_index(anna.get(f"/orders/{order.number}/payment")) - 1])
    facts = {"order": Order.numbered(order.number).id}

    message = render(Settings.from_environment(), "receipt", key="receipt:1", address="c@example.com", language="ru", facts=facts)

    assert name in message.get_content().replace("\r\n", "\n")
    assert message.get_content_type() == "text/plain" and message["To"] == "c@example.com" and message["Bcc"] is None


@pytest.mark.parametrize("name", CODE)
def test_a_chart_holds_no_text_of_anybody(house, name):
    red_order(house, customer=name)
    anna = reading(house.anna, "sr")
    digest = anna.get("/wallet").text.partition("/charts/")[2].partition(".svg")[0]

    svg = anna.get(f"/charts/{digest}.svg").text

    assert name not in svg and escape(name) not in svg and "xlink:href" not in svg and "<script" not in svg and "onload" not in svg


def test_a_number_or_an_address_is_cut_from_the_short_name(house):
    for name in ("TAN 483920 Anna", "Anna https://evil.example"):
        run("UPDATE person SET name = ? WHERE id = ?", name, house.dragan.id)
        header = Browser(house.dragan).get("/office/partners").text.partition("</header>")[0]
        assert "483920" not in header and "evil" not in header
        assert "Anna" in header or "TAN A." in header


def test_a_name_of_signs_only_leaves_the_page_whole(house):
    dragan = Browser(house.dragan)
    answer = dragan.post("/office/partners/new", {**PARTNER, "name": "🙂 👩‍👩‍👧".replace("\u200d", "")})
    assert answer.status_code == 303
    assert "🙂" in dragan.get(answer.headers["Location"]).text
    assert one("SELECT name FROM person ORDER BY id DESC LIMIT 1")[0].startswith("🙂")
    assert one("SELECT count(*) FROM person WHERE number IS NOT NULL")[0] == 3
