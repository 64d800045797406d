"""A partner asks another one for a payment, or shows a code: as both of them see it, until it is paid, denied, withdrawn or over."""

from datetime import timedelta
from html import unescape
from json import loads

import pytest

from tests.cast import CODES, balance, eur, sheet_of
from tests.wallets.requests import known
from tests.web.client import Browser, asked_index, field, forms, plain
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_every_page import whole
from vps.jobs.rendering import render
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock
from vps.kernel.database import rows, run
from vps.kernel.refusals import NotFound
from vps.kernel.settings import Settings
from vps.security.actions.refusals import WrongTan
from vps.security.forms import NotShown
from vps.wallets.actions import NoRecipient, NoWallet, RequestOver, ToYourself, ask_for, open_wallet
from vps.wallets.models import code_of, request_code

KEY = "0123456789ab"


@pytest.fixture
def two(house):
    """Anna, who has a sheet and knows Boris; and Boris."""
    sheet_of(house.anna, clock())
    known(house)
    return Browser(house.anna), Browser(house.boris)


def asked(house, *, of=None, key=KEY, at=None):
    return ask_for(house.boris.id, of.id if of else None, eur(20_00), "два чая", key=key, actor=Actor(house.boris.id), at=at or clock())


def dialog(browser, path):
    page = browser.post(path)
    assert page.status_code == 200, page.text
    return page, {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]}


def test_asked_found_told_and_paid(house, two):
    anna, boris = two
    found = boris.post("/wallet/send?ask=1", {"recipient": "anna@example.com"})
    assert found.headers["Location"] == f"/wallet/requests/new?to={code_of(house.anna.number)}"
    form = boris.get(found.headers["Location"])
    assert f"Anna B., {house.anna.number}" in form.text

    data = {"amount": "20", "message": "два чая", "key": field(form, "key")}
    made = [boris.post(found.headers["Location"], data).headers["Location"] for _ in range(2)]

    assert made == ["/wallet/requests/1"] * 2
    assert "Борис В., " in anna.get("/wallet").text and 'href="/wallet/requests/1"' in anna.get("/wallet").text
    page = anna.get("/wallet/requests/1")
    assert "20,00" in plain(page.text) and "два чая" in page.text
    preview, data = dialog(anna, "/wallet/requests/1/payment")
    assert f"Борис В., {house.boris.number}" in preview.text
    again = anna.post("/wallet/requests/1/confirmation", {**data, "tan": "999999"})
    refused(again, WrongTan.says, "de")
    assert field(again, "shown") == data["shown"]

    answer = anna.post("/wallet/requests/1/confirmation", data)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/wallet/transfers/2")
    assert anna.post("/wallet/requests/1/confirmation", data).headers["Location"] == "/wallet/transfers/2"
    assert balance(house.boris) == eur(20_01)
    for browser in two:
        assert 'href="/wallet/transfers/2"' in browser.get("/wallet/requests/1").text
        assert "/payment" not in browser.get("/wallet/requests/1").text and "/wallet/requests/1" not in browser.get("/wallet").text
    refused(anna.post("/wallet/requests/1/denial"), RequestOver.says, "de", status=409)
    refused(anna.post("/wallet/requests/1/payment"), RequestOver.says, "de", status=409)


def test_whoever_has_the_code_pays_once_and_nobody_sees_it_without(house, two):
    anna, boris = two
    assert boris.post("/wallet/requests/new", {"amount": "20", "message": "", "key": KEY}).status_code == 303
    code = request_code(1)
    assert code in boris.get("/wallet/requests/1").text and "<svg" in boris.get("/wallet/requests/1").text
    for path in ("/wallet/requests/1", f"/wallet/requests/1?code={request_code(2)}", "/wallet/requests/2"):
        refused(anna.get(path), NotFound.says, "de", status=404)
    assert anna.post("/wallet/requests/1/payment").status_code == anna.post("/wallet/requests/1/denial").status_code == 404

    typed = anna.post("/wallet/send", {"recipient": code.lower()})
    assert typed.headers["Location"] == f"/wallet/requests/1?code={code}"
    ((path, _),) = [each for each in forms(anna.get(typed.headers["Location"])) if "payment" in each[0]]
    page, data = dialog(anna, unescape(path))
    ((pay, _),) = [each for each in forms(page) if "confirmation" in each[0] and "way" not in each[0]]

    assert anna.post(unescape(pay), data).headers["Location"] == "/wallet/transfers/2"
    assert anna.get("/wallet/requests/1").status_code == 404, "the code still shows it, the number alone does not"
    assert balance(house.boris) == eur(20_01)


@pytest.mark.parametrize(("side", "path"), [(0, "denial"), (1, "end")])
def test_one_tap_ends_it_for_both(house, two, side, path):
    key = asked(house, of=house.anna)
    with nothing_written():
        assert two[1 - side].post(f"/wallet/requests/{key}/{path}").status_code == 404

    for _ in range(2):
        assert two[side].post(f"/wallet/requests/{key}/{path}").status_code == 303

    for browser in two:
        shown = browser.get(f"/wallet/requests/{key}").text
        assert f"/{path}" not in shown and "/payment" not in shown
    assert f'href="/wallet/requests/{key}"' not in two[0].get("/wallet").text


def test_what_cannot_be_asked_or_paid_is_said(house, two):
    anna, boris = two
    to = f"/wallet/requests/new?to={code_of(house.boris.number)}"
    with nothing_written():
        refused(boris.get(to), ToYourself.says, "ru")
        refused(boris.post(to, {"amount": "1", "key": KEY}), ToYourself.says, "ru")
        refused(boris.get("/wallet/requests/new?to=x"), NoRecipient.says, "ru")
        refused(
            boris.post("/wallet/requests/new", {"amount": "1.5", "key": KEY}),
            "This amount cannot be read. Please write it like this: %(example)s",
            "ru",
        )
    key, other = asked(house, of=house.anna), asked(house, of=house.anna, key="another key")
    _, data = dialog(anna, f"/wallet/requests/{key}/payment")
    refused(anna.post(f"/wallet/requests/{other}/confirmation", {**data, "tan": "999999"}), NotShown.says, "de", status=409)
    open_wallet(house.boris.id, "RSD", at=clock())
    several = boris.get("/wallet/requests/new").text
    assert 'name="currency"' in several and several.index('value="EUR"') < several.index('value="RSD"'), "the company's own first"
    assert 'name="currency"' not in anna.get("/wallet/requests/new").text
    run("UPDATE wallet SET closed_at = 1 WHERE person_id = ?", house.anna.id)
    page = anna.get(f"/wallet/requests/{key}")
    assert says(page, NoWallet.says, "de") and "/payment" not in page.text
    assert anna.post(f"/wallet/requests/{key}/payment").status_code == 422


@pytest.mark.parametrize("language", READERS)
def test_every_state_is_a_whole_page_for_both(house, two, language, tmp_path):
    long_ago = clock() - timedelta(days=30)
    keys = [asked(house, of=house.anna), asked(house, key="code for all"), asked(house, of=house.anna, key="long ago", at=long_ago)]
    two[0].post(f"/wallet/requests/{asked(house, of=house.anna, key='denied one')}/denial")
    for person in (house.anna, house.boris):
        browser = reading(person, language)
        for path in (
            "/wallet",
            "/wallet/requests",
            "/wallet/requests/new",
            "/wallet/send?ask=1",
            *(f"/wallet/requests/{key}" for key in keys),
        ):
            answer = browser.get(path)
            if answer.status_code == 200:
                whole(answer, language, path)
            else:
                assert (answer.status_code, person.id, path) == (404, house.anna.id, f"/wallet/requests/{keys[1]}")
    (key, address, facts), *_ = rows("SELECT key, address, facts FROM outbox WHERE kind = 'request'")
    mail = render(Settings(tmp_path, "", tmp_path), "request", key=key, address=address, language=language, facts=loads(facts))
    text = mail.get_content()
    assert "два чая" in text and "/wallet/requests/1" in text and "Борис В." in str(mail["Subject"]) and "%(" not in text
