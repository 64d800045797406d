"""A partner's pay-outs from the first account to the money back, as he sees them: every press, every refusal at its field."""

import re

import pytest

from tests.bank.payouts import IBAN, YESTERDAY, ask_for, books, by_phone, usable
from tests.cast import CODES, NOON, app_of, balance, eur, sheet_of
from tests.web.client import Browser, asked_index, field, forms, plain
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_every_page import whole
from vps.bank.accounts import WrongCheckDigits
from vps.bank.actions import AccountListed, NotAPayDay, TooLateToWithdraw, TooLittle
from vps.bank.actions.payouts import AccountGone
from vps.bank.models import Payout, payees_of, standing_order
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, rows, run
from vps.ledger.actions import NotEnoughCredit
from vps.security.actions import freeze
from vps.security.actions.refusals import Frozen, NoWayForThis, WrongTan
from vps.security.actions.sending import sms_code
from vps.security.forms import NotShown, unsigned


@pytest.fixture
def anna(house):
    """Anna's browser; she has a sheet and codes by SMS, and one account that can be used."""
    sheet_of(house.anna, clock())
    by_phone(house.anna)
    browser = Browser(house.anna)
    browser.payee, browser.person = usable(house, house.anna), house.anna
    return browser


def dialog(browser, path="/wallet/pay-out", **typed):
    """What the next page asks, and the answer by TAN."""
    page = browser.post(path, typed or {"amount": "100", "payee": str(browser.payee)})
    assert page.status_code == 200, page.text
    return page, {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1] if "data-index" in page.text else ""}


def by_sms(browser, path, data):
    """Have the code sent, and answer with it."""
    sent = browser.post(path, {**data, "send": "1"})
    assert 'name="sms"' in sent.text
    return browser.post(path, {"shown": field(sent, "shown"), "sms": sms_code(unsigned(data["shown"], browser.session))})


def test_from_the_wallet_to_the_bank_and_back(anna):
    change_settings({"payout_fee": 1_50}, actor=HOUSE, at=NOON)
    page, data = dialog(anna)
    assert "DE89 3704 0044 0532 0130 00" in page.text and "101,50" in plain(page.text), "with its fee"

    answer = anna.post("/wallet/pay-out/confirmation", data)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/wallet/pay-outs/1")
    again = anna.post("/wallet/pay-out/confirmation", data)
    assert (again.status_code, again.headers["Location"], books("transit")) == (303, "/wallet/pay-outs/1", 100_00)
    assert "100,00" in plain(anna.get("/wallet/pay-outs/1").text) and "DE …3000" in anna.get("/wallet/pay-outs").text
    line = one("SELECT id FROM booking WHERE key = 'payout:1:request'")[0]
    assert 'href="/wallet/pay-outs/1"' in anna.get(f"/wallet/statement/{line}").text

    assert anna.post("/wallet/pay-outs/1/end").status_code == 303
    assert balance(anna.person) == eur(250_00)
    assert "/end" not in anna.get("/wallet/pay-outs/1").text, "there is nothing left to withdraw"


def test_what_cannot_be_paid_out_is_said_before_a_code_is_asked(anna):
    for typed, refusal in (({"amount": "250,01"}, NotEnoughCredit), ({"amount": "0,99"}, TooLittle)):
        with nothing_written():
            refused(anna.post("/wallet/pay-out", {"payee": str(anna.payee), **typed}), refusal.says, "de")
    for payee in ("77", "x", ""):
        assert anna.post("/wallet/pay-out", {"amount": "100", "payee": payee}).status_code == 422
    freeze(anna.person.id, actor=HOUSE, at=clock())
    assert says(anna.post("/wallet/pay-out", {"amount": "100", "payee": str(anna.payee)}), Frozen.says, "de")


def test_a_wrong_code_keeps_the_dialog_and_another_way_asks_another_question(anna):
    app_of(anna.person, clock())
    _, data = dialog(anna)
    with_wrong = anna.post("/wallet/pay-out/confirmation", {**data, "tan": "999999"})
    refused(with_wrong, WrongTan.says, "de")
    assert field(with_wrong, "shown") == data["shown"]

    page = anna.post("/wallet/pay-out/confirmation?way=app", {"shown": data["shown"]})
    assert page.status_code == 200 and 'data-index="app"' in page.text and "DE89 3704 0044 0532 0130 00" in page.text
    assert "/wallet/pay-out/confirmation?way=sheet" in [address for address, _ in forms(page)]
    assert one("SELECT count(*) FROM payout")[0] == 0


def test_a_dialog_of_something_else_or_of_an_account_that_is_gone_takes_nothing(anna):
    _, data = dialog(anna)
    for path in ("/me/accounts/confirmation", "/wallet/pay-outs/rule/confirmation"):
        refused(anna.post(path, data), NotShown.says, "de", status=409)
    run("UPDATE payee_account SET ended_at = 1")
    refused(anna.post("/wallet/pay-out/confirmation", data), AccountGone.says, "de", status=409)
    assert balance(anna.person) == eur(250_00)


def test_an_account_is_added_by_a_code_that_says_its_number(anna):
    page, data = dialog(anna, "/me/accounts", account="AT61 1904 3002 3457 3201", holder="Anna Bauer")
    assert "AT61 1904 3002 3457 3201" in page.text and payees_of(anna.person.id)[1:] == []

    answer = by_sms(anna, "/me/accounts/confirmation", data)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/accounts#account-2")
    shown = anna.get("/me/accounts").text
    assert "AT61 1904 3002 3457 3201" in shown and "AT61 1904 3002 3457 3201" in anna.get("/wallet/pay-out").text, "it is listed, resting"
    assert anna.post("/wallet/pay-out", {"amount": "1", "payee": "2"}).status_code == 422, "and not to be chosen"
    for _ in range(2):
        assert anna.post("/me/accounts/2/end").status_code == 303
    assert [payee.id for payee in payees_of(anna.person.id)] == [1]


def test_what_is_wrong_with_an_account_stands_at_its_field(anna):
    for number, refusal, status in (("DE89370400440532013001", WrongCheckDigits, 422), (IBAN, AccountListed, 409)):
        answer = anna.post("/me/accounts", {"account": number, "holder": "Anna"})
        refused(answer, refusal.says, "de", status=status)
        assert re.search(r'id="account-wrong"', answer.text) and f'value="{number}"' in answer.text
    assert anna.post("/me/accounts", {"account": IBAN[:-1] + "0", "holder": ""}).status_code == 422


def test_a_banks_code_is_asked_only_where_an_account_needs_one(anna):
    change_settings({"payout_countries": "AT DE"}, actor=HOUSE, at=clock())
    assert 'name="bic"' not in anna.get("/me/accounts").text
    change_settings({"payout_countries": "CH DE"}, actor=HOUSE, at=clock())
    assert 'name="bic"' in anna.get("/me/accounts").text


def test_who_has_only_a_sheet_is_sent_to_what_he_needs(house):
    sheet_of(house.boris, clock())
    page = Browser(house.boris).post("/me/accounts", {"account": IBAN, "holder": "Boris"})
    assert page.status_code == 200 and says(page, NoWayForThis.says, "ru") and 'href="/me/security"' in page.text


def test_a_standing_order_is_set_shown_and_ended(anna):
    page, data = dialog(anna, "/wallet/pay-outs/rule", amount="200", payee=str(anna.payee), weekday="5")
    assert "Freitag" in page.text

    assert by_sms(anna, "/wallet/pay-outs/rule/confirmation", data).status_code == 303

    assert standing_order(anna.person.id, "EUR").above == eur(200_00)
    assert "Freitag" in anna.get("/wallet/pay-outs").text
    assert anna.post("/wallet/pay-outs/rule/end").status_code == 303
    assert standing_order(anna.person.id, "EUR") is None


def test_only_the_companys_pay_days_can_be_chosen(anna):
    run("UPDATE bank_account SET pay_days = '25'")
    assert anna.post("/wallet/pay-outs/rule", {"amount": "", "payee": str(anna.payee), "weekday": "3"}).status_code == 422
    run("INSERT INTO bank_account SELECT 2, 'X', currency, (SELECT id FROM account WHERE code = 'fees:EUR'), '', '', '', '', '1c', 0, 840, '3', 1, '', 1, NULL FROM bank_account WHERE id = 1")  # fmt: skip
    refused(anna.post("/wallet/pay-outs/rule", {"amount": "", "payee": str(anna.payee), "weekday": "3"}), NotAPayDay.says, "de")
    assert anna.post("/wallet/pay-outs/rule", {"amount": "0", "payee": "77", "weekday": "5"}).status_code == 422


@pytest.mark.parametrize("language", READERS)
def test_every_dialog_and_every_state_is_a_whole_page(house, language):
    sheet_of(house.anna, clock())
    by_phone(house.anna)
    payee = usable(house, house.anna)
    change_settings({"payout_fee": 1_50}, actor=HOUSE, at=NOON)
    browser = reading(house.anna, language)
    for path, typed in (("/wallet/pay-out", {"amount": "10", "payee": str(payee)}), ("/wallet/pay-outs/rule", {"amount": "", "payee": str(payee), "weekday": "5"}),
                        ("/me/accounts", {"account": "AT611904300234573201", "holder": "Anna"})):  # fmt: skip
        whole(browser.post(path, typed), language, path)
    made = ask_for(house.anna, payee, 10_00, at=clock())
    for facts in ("held_at = 1, held_reason = 'Call us'", "approved_at = 2, held_at = NULL, held_reason = ''", "executed_at = 3",
                  "returned_at = 4, return_reason = 'AC04', ended_booking = booking"):  # fmt: skip
        run(f"UPDATE payout SET {facts} WHERE id = ?", made.id)
        for path in ("/wallet/pay-outs", f"/wallet/pay-outs/{made.id}"):
            whole(browser.get(path), language, path)
    assert not Payout.get_by_id(made.id).may_be_withdrawn
    refused(browser.post(f"/wallet/pay-outs/{made.id}/end"), TooLateToWithdraw.says, language, status=409)


def test_the_office_adds_an_account_for_a_partner_and_sees_who_else_gave_it(house):
    usable(house, house.boris)
    elena = Browser(house.elena)
    path = f"/office/partners/{house.anna.number}/accounts"

    assert elena.post(path, {"account": IBAN, "holder": "Anna Bauer"}).status_code == 303

    page = elena.get(path)
    assert house.boris.number in page.text and clock() > YESTERDAY
    refused(elena.post(path, {"account": "DE1", "holder": ""}), "Please fill this in.", "ru")
    assert house.boris.number not in Browser(house.anna).get("/me/accounts").text
    key = payees_of(house.anna.id)[0].id
    assert elena.post(f"{path}/{key}/end").status_code == 303 and payees_of(house.anna.id) == []
    assert rows("SELECT actor FROM event WHERE verb = 'account added' ORDER BY id DESC LIMIT 1") == [(house.elena.id,)]
