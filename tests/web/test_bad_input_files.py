"""Files that are not bank statements, or more than that: SECURITY, bad inputs 29, 30 and 32, and a small ZIP that is gigabytes."""

import io
import zipfile
import zlib

import pyotp
import pytest

from tests.bank.camt_files import balance, document, entry, statement
from tests.cast import app_of
from tests.web.client import Browser, field
from tests.web.refusing import counts, nothing_written, reading, refused
from vps.app import WORDS
from vps.bank.actions import DoesNotAddUp, NoSuchCurrency, NotOurAccount
from vps.bank.archive import BrokenArchive, EmptyFile, HasDoctype, NothingInside, NotXml, TooLarge, TooManyElements, UnpacksTooLarge
from vps.bank.forms import NO_FILE
from vps.bank.statement import MixedCurrencies, NegativeAmount, NoStatement, UnknownFormat, WrongMessage
from vps.kernel.clock import clock
from vps.kernel.database import database, one, run
from vps.kernel.keys import keys
from vps.people.models import Person
from vps.security.models import App

WAY = "/office/bank/statements"
LANGUAGES = ("en", "de", "sr")
OURS = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
BOOKED = "<Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>R-1</AcctSvcrRef>"
DOCTYPE = '<!DOCTYPE Document [<!ENTITY x "a">]>'
XXE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE l [<!ENTITY a '" + "ha" * 99 + "'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 9)) + "]>"


def good(*lines: str, closing: str = "15") -> str:
    return document(statement(balance("OPBD", "10"), *(lines or (entry(inner=BOOKED),)), balance("CLBD", closing), account=OURS))


def packed(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return out.getvalue()


def gigabytes() -> bytes:
    """Two gigabytes of spaces in one XML file, in a ZIP of two megabytes, put together without ever holding them."""
    squeeze, piece = zlib.compressobj(9, zlib.DEFLATED, -15), b" " * 2**20
    body = b"".join([squeeze.compress(piece) for _ in range(4)]) + squeeze.flush(zlib.Z_FULL_FLUSH)
    name, size = b"bomb.xml", 2**31 - 1
    again = body * 512
    head = b"\x14\0\0\0\x08\0\0\0\0\0" + (0).to_bytes(4, "little") + len(again).to_bytes(4, "little") + size.to_bytes(4, "little")
    head += len(name).to_bytes(2, "little") + b"\0\0"
    local = b"PK\x03\x04" + head + name + again
    central = b"PK\x01\x02\x14\0" + head + b"\0" * 10 + (0).to_bytes(4, "little") + name
    ends = b"PK\x05\x06\0\0\0\0\x01\0\x01\0" + len(central).to_bytes(4, "little") + len(local).to_bytes(4, "little") + b"\0\0"
    return local + central + ends


FILES = {
    "29 doctype": (lambda: (DOCTYPE + good()).encode(), HasDoctype),
    "29 external entity": (lambda: (XXE + good().replace("<Id>1</Id>", "<Id>&x;</Id>")).encode(), HasDoctype),
    "29 billion laughs": (lambda: (LAUGHS + good().replace("<Id>1</Id>", "<Id>&a8;</Id>")).encode(), HasDoctype),
    "29 doctype in UTF-16": (lambda: (DOCTYPE + good()).encode("utf-16"), HasDoctype),
    "29 an entity nobody declared": (lambda: good().replace("<Id>1</Id>", "<Id>&x;</Id>").encode(), NotXml),
    "30 more elements than memory": (lambda: b"<a>" + b"<a/>" * 1_600_000 + b"</a>", TooManyElements),
    "30 eleven megabytes": (lambda: b" " * (11 * 2**20), TooLarge),
    "30 deep nesting": (lambda: good(entry(inner="<a>" * 100_000)).encode(), NotXml),
    "30 another namespace": (lambda: good().replace("urn:iso:std:iso:20022:tech:xsd:camt", "https://evil.example/").encode(), WrongMessage),
    "30 another message": (lambda: document(statement(), message="pain.001.001.03", element="CstmrCdtTrfInitn").encode(), WrongMessage),
    "30 no statement": (lambda: document().encode(), NoStatement),
    "30 mixed currencies": (lambda: good(entry(inner=BOOKED), entry(inner=BOOKED, currency="USD")).encode(), MixedCurrencies),
    "30 sum and closing differ": (lambda: good(closing="16").encode(), DoesNotAddUp),
    "30 flipped to a debit": (lambda: good(entry(side="DBIT", inner=BOOKED)).encode(), DoesNotAddUp),
    "30 negative credit": (lambda: good(entry("-5", inner=BOOKED)).encode(), NegativeAmount),
    "30 another account": (lambda: good().replace("DE89370400440532013000", "HR1723600001101234565").encode(), NotOurAccount),
    "30 no such currency": (lambda: good().replace('Ccy="EUR"', 'Ccy="QQQ"').encode(), NoSuchCurrency),
    "32 a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, UnknownFormat),
    "32 a page": (lambda: b"<!doctype html><p>", NotXml),
    "32 nothing": (lambda: b"", EmptyFile),
    "32 a broken ZIP": (lambda: packed(("a.xml", good().encode()))[:-30], BrokenArchive),
    "32 a ZIP of pictures": (lambda: packed(("../../x.pdf", b"%PDF")), NothingInside),
    "32 out of the folder": (lambda: packed(("../../../tmp/x.xml", b"x")), UnknownFormat),
    "gigabytes": (gigabytes, UnpacksTooLarge),
    "gigabytes of spaces": (lambda: packed(("a.xml", b" " * 70 * 2**20)), UnpacksTooLarge),
}


def send(browser: Browser, body: bytes, name: str = "statement.xml"):
    return browser.post(WAY, {"file": (io.BytesIO(body), name)})


def book(browser: Browser, uploaded):
    """Book an upload as its preview shows it, with a code of Dragan's app that was not used yet."""
    place = uploaded.headers["Location"]
    return browser.post(place, {"shown": field(browser.get(place), "shown"), "code": fresh_code()})


def fresh_code(name: str = "dragan") -> str:
    """A code of a colleague's app, enrolled now if he has none; a code used before counts anew, as if half a minute had passed."""
    person = Person.get(Person.username == name)
    app = App.of(person.id)
    run("UPDATE app SET last_step = 0 WHERE person_id = ?", person.id)
    totp = pyotp.TOTP(keys().decrypt(app.secret, owner=f"app:{person.id}").decode()) if app else app_of(person, clock())
    return totp.at(clock())


@pytest.mark.parametrize("item", FILES)
def test_such_a_file_is_refused_whole(house, item):
    made, refusal = FILES[item]
    body = made()
    for language in LANGUAGES:
        dragan = reading(house.dragan, language)
        with nothing_written():
            answer = send(dragan, body)
        refused(answer, refusal.says, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_any_upload_is_not_even_read(house, language):
    dragan = reading(house.dragan, language)
    with nothing_written():
        refused(send(dragan, b" " * (13 * 2**20)), WORDS[413], language, status=413)
        refused(dragan.post(WAY, {}), NO_FILE, language)
        refused(dragan.post(WAY, {"file": "no file but text"}), NO_FILE, language)


def test_who_may_not_book_sends_no_large_file(house):
    with nothing_written():
        assert send(Browser(house.anna), b" " * 2**20).status_code == 404
        assert send(Browser(), b" " * 2**20).status_code == 413
        assert send(Browser(house.clara), b" " * 2**20).status_code == 403


@pytest.mark.parametrize(
    "name", ["../../../../tmp/evil.xml", "x.xml\x00.png", "a" * 5_000 + ".xml", "\u202elmx.exe", "<script>x</script>.xml", "CON"]
)
def test_a_file_may_be_called_anything_and_lands_in_no_folder(house, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    present = sorted(tmp_path.rglob("*"))

    answer = send(Browser(house.dragan), good().encode(), name)

    assert answer.status_code in (303, 422)
    assert sorted(tmp_path.rglob("*")) == present
    page = Browser(house.dragan).get(WAY)
    assert page.status_code == 200 and "<script>x" not in page.text and "\u202e" not in page.text


def test_the_same_file_again_and_the_same_statement_in_another_file_are_booked_once(cast):
    dragan = Browser(cast.dragan)
    assert book(dragan, send(dragan, good().encode())).headers["Location"] == f"{WAY}?done=1.1.0.0"
    before = counts()
    assert before["bank_line"] == 1

    again = send(dragan, good().encode(), "other.xml")
    zipped = send(dragan, packed(("one.xml", good().encode()), ("two.xml", good().encode())), "both.zip")

    assert (again.headers["Location"], zipped.headers["Location"]) == (f"{WAY}?done=0.0.0.1", f"{WAY}?done=0.0.0.2")
    assert counts() == before
    assert one("SELECT count(*) FROM booking WHERE motive = 'receipt'")[0] == 1


def test_one_bad_statement_refuses_the_whole_archive(cast):
    body = packed(("good.xml", good().encode()), ("bad.xml", good(closing="16").encode()))
    with nothing_written():
        answer = send(reading(cast.dragan, "sr"), body)
    refused(answer, DoesNotAddUp.says, "sr")
    assert not database.in_transaction()
