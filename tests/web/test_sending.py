"""A partner sends something to another one or between his own wallets, from the first word he types to both statements."""

import re
from html import unescape

import pytest

from tests.bank.payouts import by_phone
from tests.cast import CODES, NOON, balance, eur, sheet_of
from tests.wallets.requests import known, wallet
from tests.web.client import Browser, asked_index, field, plain
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_every_page import whole
from vps.company.actions import set_rate
from vps.company.models.rates import NoRate
from vps.kernel.amounts import TooManyDecimals, WrongAmount
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import one, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.kernel.text import HiddenCharacters
from vps.ledger.actions import NotEnoughCredit, set_up
from vps.people.actions import TooManyTries
from vps.security.actions import freeze
from vps.security.actions.refusals import NoWayForThis, WeakerWay, WrongTan
from vps.security.actions.sending import sms_code, told_by_sms
from vps.security.forms import NotShown, signed, unsigned
from vps.wallets.actions import Changed, FeeTooHigh, NoRecipient, ToYourself, make_transfer, open_wallet
from vps.wallets.forms import CouldMean
from vps.wallets.models import Asked, Transfer, TransferRule, code_of, purse, signature


@pytest.fixture
def anna(house):
    """Anna's browser: she has a sheet, and has sent Boris something before."""
    sheet_of(house.anna, clock())
    known(house)
    browser = Browser(house.anna)
    browser.to = f"?to={code_of(house.boris.number)}"
    return browser


def dialog(browser, amount="20", message="", **more):
    page = browser.post(f"/wallet/send/preview{browser.to}", {"amount": amount, "message": message, **more})
    assert page.status_code == 200, page.text
    return page, {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]}


def test_from_a_number_to_both_statements(house, anna):
    found = anna.post("/wallet/send", {"recipient": f" {house.boris.number[:2]} {house.boris.number[2:]}"})
    assert (found.status_code, found.headers["Location"]) == (303, f"/wallet/send{anna.to}")
    step = anna.get(found.headers["Location"])
    assert f"Борис В., {house.boris.number}" in step.text and "249,99" in plain(step.text) and "Волков" not in step.text

    page, data = dialog(anna, "20,5", "zwei Tees")
    assert f"Борис В., {house.boris.number}" in page.text and "20,50" in plain(page.text) and "zwei Tees" in page.text

    answer = anna.post("/wallet/send/confirmation", data)
    again = anna.post("/wallet/send/confirmation", data)

    assert (
        answer.status_code == again.status_code == 303 and answer.headers["Location"] == again.headers["Location"] == "/wallet/transfers/2"
    )
    assert (balance(house.anna), balance(house.boris)) == (eur(229_49), eur(20_51))
    boris = Browser(house.boris)
    for browser, words in ((anna, f"an Борис В., {house.boris.number}"), (boris, f"от кого: Anna B., {house.anna.number}")):
        for path in ("/wallet", "/wallet/transfers", "/wallet/transfers/2"):
            shown = unescape(browser.get(path).text)
            assert words in shown and "zwei Tees" in shown, (path, words)
    line = one("SELECT booking FROM transfer WHERE id = 2")[0]
    for browser in (anna, boris):
        assert 'href="/wallet/transfers/2"' in browser.get(f"/wallet/statement/{line}").text
    assert f"an Борис В., {house.boris.number}" not in boris.get("/wallet").text
    assert "Борис В." in Browser(house.clara).get(f"/office/partners/{house.anna.number}/wallet").text
    assert "Anna B." in Browser(house.clara).get(f"/office/partners/{house.boris.number}/wallet/bookings/{line}").text


def test_sent_and_received_are_listed_apart_a_page_at_a_time(house, anna):
    for n in range(26):
        facts = {"sender": house.boris.id, "from_wallet": wallet(house.boris), "recipient": house.anna.id, "to_wallet": None}
        run("UPDATE account SET floor = -10000 WHERE id = (SELECT account_id FROM wallet WHERE id = ?)", wallet(house.boris))
        make_transfer(f"back {n}", amount=eur(1), actor=Actor(house.boris.id), at=NOON, **facts)

    assert anna.get("/wallet/transfers?side=sent").text.count('class="entry"') == 1
    received = anna.get("/wallet/transfers?side=received")
    assert received.text.count('class="entry"') == 25
    older = unescape(re.search(r'href="([^"]*before[^"]*)"', received.text)[1])
    assert anna.get(older).text.count('class="entry"') == 1
    assert anna.get("/wallet/transfers?side=nonsense&before=x").text.count('class="entry"') == 25


@pytest.mark.parametrize("language", READERS)
def test_who_is_not_found_is_said_at_the_field_alike_whoever_it_is(house, language):
    run("UPDATE person SET closed_at = 1 WHERE id = ?", house.boris.id)
    anna = reading(house.anna, language)
    for typed in (house.boris.number, "clara", "99999", "boris@example.com"):
        with nothing_written():
            answer = anna.post("/wallet/send", {"recipient": typed})
        refused(answer, NoRecipient.says, language)
        assert 'id="recipient-wrong"' in answer.text and f'value="{typed}"' in answer.text
    with nothing_written():
        refused(anna.post("/wallet/send", {"recipient": house.anna.number}), ToYourself.says, language)
        refused(anna.post("/wallet/send", {"recipient": ""}), "Please fill this in.", language)
        refused(anna.get(f"/wallet/send?to={code_of(house.boris.number)}"), NoRecipient.says, language)
        refused(anna.post(f"/wallet/send/preview?to={code_of('20565')}", {"amount": "1"}), NoRecipient.says, language)
    run("UPDATE throttle SET blocked_until = ?", 2**62)
    refused(anna.post("/wallet/send", {"recipient": house.boris.number}), TooManyTries.says, language, status=429)


@pytest.mark.parametrize(
    ("language", "typed", "refusal"),
    [("de", "10.50", WrongAmount), ("en", "10,50", WrongAmount), ("ru", "1.000,50", WrongAmount), ("hr", "1.234", CouldMean), ("sr", "1e3", WrongAmount),
     ("sr_Latn", "0,001", TooManyDecimals), ("de", "250", NotEnoughCredit)],
)  # fmt: skip
def test_an_amount_is_refused_at_its_field_and_nothing_typed_is_lost(house, anna, language, typed, refusal):
    browser = reading(house.anna, language)
    with nothing_written():
        answer = browser.post(f"/wallet/send/preview{anna.to}", {"amount": typed, "message": "два чая"})
    refused(answer, refusal.says, language)
    assert f'value="{typed}"' in answer.text and 'value="два чая"' in answer.text
    assert ('name="sure"' in answer.text) == (refusal is CouldMean)


def test_what_stands_in_the_way_is_said_before_a_code_is_asked(house, anna):
    send = f"/wallet/send/preview{anna.to}"
    with nothing_written():
        answer = anna.post(send, {"amount": "1", "message": "a\u202eb"})
        refused(answer, HiddenCharacters.says, "de")
        assert 'id="message-wrong"' in answer.text
        assert anna.post(send, {"amount": "1", "message": "x" * 141}).status_code == 422
        assert anna.post(send, {"amount": ["1", "2"]}).status_code == 400
    TransferRule.create(
        kind="main", whose="partner", currency="EUR", least=5_00, most=100_00, multiple=50, fee=10_00, fee_bp=150, on_top=False, since=NOON
    )
    step = plain(anna.get(f"/wallet/send{anna.to}").text)
    assert "5,00 €" in step and "100,00 €" in step and "0,50 €" in step and "10,00 € + 1,5 %" in step
    refused(anna.post(send, {"amount": "10"}), FeeTooHigh.says, "de")
    run("UPDATE wallet SET frozen_at = 1 WHERE id = ?", wallet(house.anna))
    assert anna.post(send, {"amount": "50"}).status_code == 422
    run("UPDATE wallet SET frozen_at = NULL")
    freeze(house.boris.id, actor=HOUSE, at=clock())
    refused(anna.post(send, {"amount": "50"}), NoRecipient.says, "de")


def test_a_stranger_is_sent_something_only_by_a_way_that_is_bound_to_him(house):
    sheet_of(house.anna, clock())
    browser, to = Browser(house.anna), f"?to={code_of(house.boris.number)}"
    page = browser.post(f"/wallet/send/preview{to}", {"amount": "20"})
    assert says(page, NoWayForThis.says, "de") and 'name="shown"' not in page.text

    by_phone(house.anna)
    page = browser.post(f"/wallet/send/preview{to}", {"amount": "20"})
    shown = field(page, "shown")
    by_sheet = unsigned(shown, browser.session)._replace(way="sheet", sheet=1, n=5)
    answer = browser.post("/wallet/send/confirmation", {"shown": signed(by_sheet, browser.session), "tan": CODES[4]})
    assert says(answer, WeakerWay.says, "de"), "the server asks again, whatever the dialog had asked"
    assert Transfer.select().count() == 0

    sent = browser.post("/wallet/send/confirmation", {"shown": shown, "send": "1"})
    snapshot = unsigned(field(sent, "shown"), browser.session)
    said = told_by_sms(snapshot.nonce)
    assert (said["payee"], said["subject"], said["amount"]) == ("Борис В.", house.boris.number, eur(20_00)), "the SMS says who gets it"
    code = sms_code(snapshot)
    assert browser.post("/wallet/send/confirmation", {"shown": field(sent, "shown"), "sms": code}).status_code == 303
    assert balance(house.boris) == eur(20_00)
    assert 'data-index="' in browser.post(f"/wallet/send/preview{to}", {"amount": "20"}).text, (
        "now they know each other, and the sheet will do"
    )


def test_a_wrong_code_or_added_fields_change_nothing_of_what_is_confirmed(house, anna):
    _, data = dialog(anna)
    wrong = anna.post("/wallet/send/confirmation", {**data, "tan": "999999"})
    refused(wrong, WrongTan.says, "de")
    assert "Борис В." in wrong.text and field(wrong, "shown") == data["shown"]

    added = {"amount": "1", "payee": "me", "to": code_of(house.anna.number), "level": "0", "message": "x"}
    assert anna.post("/wallet/send/confirmation", {**data, **added}).status_code == 303

    made = Transfer.select().order_by(Transfer.id.desc()).first()
    assert (made.amount, made.recipient_id, made.message) == (20_00, house.boris.id, "")
    assert one("SELECT count(*) FROM event WHERE verb = 'fields added'")[0] == 1


def test_steps_that_are_skipped_or_belong_to_somebody_else_do_nothing(house, anna):
    _, data = dialog(anna)
    boris = Browser(house.boris)
    with nothing_written():
        refused(boris.post("/wallet/send/confirmation", data), NotShown.says, "ru", status=409)
        refused(anna.post("/wallet/send/confirmation", {"tan": data["tan"]}), NotShown.says, "de", status=409)
        refused(anna.post("/wallet/pay-out/confirmation", data), NotShown.says, "de", status=409)
        refused(Browser(house.clara).get("/wallet/transfers/1"), NotFound.says, "en", status=404)
        assert anna.get("/wallet/send?own=999").status_code == anna.get("/wallet/send?own=x").status_code == 404
        assert anna.get(f"/wallet/send?own={wallet(house.boris)}").status_code == 404
    TransferRule.create(kind="main", whose="partner", currency="EUR", least=1, fee=1, since=NOON)
    refused(anna.post("/wallet/send/confirmation", data), Changed.says, "de", status=409)


def test_between_own_wallets_in_two_currencies(house, anna):
    set_up(currency="RSD", at=NOON)
    open_wallet(house.anna.id, "RSD", at=NOON)
    dinars = purse(house.anna.id, "RSD").wallet
    assert says(anna.post(f"/wallet/send/preview?own={dinars}", {"amount": "10"}), NoRate.says, "de")
    set_rate("EUR", "RSD", "117.5", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    assert f'href="/wallet/send?own={dinars}"' in anna.get("/wallet/send").text
    anna.to = f"?own={dinars}"
    assert "RSD" in anna.get(f"/wallet/send{anna.to}").text

    page, data = dialog(anna, "10")
    assert "1 EUR = 117,5 RSD" in page.text and "1.175,00" in plain(page.text)

    assert anna.post("/wallet/send/confirmation", data).status_code == 303
    assert purse(house.anna.id, "RSD").available == Money(1_175_00, "RSD")
    assert "1 EUR = 117,5 RSD" in anna.get("/wallet/transfers/2").text and "RSD" in anna.get("/wallet").text
    several = anna.get(f"/wallet/send?to={code_of(house.boris.number)}")
    assert 'name="wallet"' in several.text, "now he chooses which wallet pays"
    foreign = {"amount": "1", "wallet": str(wallet(house.boris))}
    assert anna.post(f"/wallet/send/preview?to={code_of(house.boris.number)}", foreign).status_code == 422


def test_a_scanned_code_brings_amount_and_message_as_they_were_shown(house, anna):
    boris = Browser(house.boris)
    code = code_of(house.boris.number)
    shown = boris.get("/wallet/receive?amount=20,5&message=" + "два чая".replace(" ", "+"))
    assert code in shown.text and "<svg" in shown.text and "20,50" in plain(shown.text)
    asked = Asked(eur(20_50), "два чая")
    address = f"{anna.to}&amount=20.50&currency=EUR&message=два+чая&sign={signature(house.boris.number, asked)}"

    step = anna.get(f"/wallet/send{address}")
    changed = anna.get(f"/wallet/send{address.replace('20.50', '2050')}")

    assert 'value="20,50"' in step.text and 'value="два чая"' in step.text
    assert changed.status_code == 200 and 'value="2050' not in changed.text and "два чая" not in changed.text
    assert anna.get(f"/wallet/send{anna.to}&amount=x&currency=EUR&sign=y").status_code == 200
    dinars = signature(house.boris.number, Asked(Money(2000_00, "RSD"), ""))
    assert "2000" not in anna.get(f"/wallet/send{anna.to}&amount=2000.00&currency=RSD&sign={dinars}").text, (
        "two thousand euros were never asked for"
    )
    refused(boris.get("/wallet/receive?amount=x"), WrongAmount.says, "ru")


@pytest.mark.parametrize("language", READERS)
def test_every_step_is_a_whole_page(house, anna, language):
    browser = reading(house.anna, language)
    for path in ("/wallet/send", f"/wallet/send{anna.to}", "/wallet/receive", "/wallet/transfers", "/wallet/transfers/1", "/wallet"):
        answer = browser.get(path)
        whole(answer, language, path)
        assert answer.status_code == 200
    preview = browser.post(f"/wallet/send/preview{anna.to}", {"amount": "10", "message": "<b>TAN 000000</b>"})
    whole(preview, language, "preview")
    assert "<b>TAN" not in preview.text and "&lt;b&gt;TAN" in preview.text
