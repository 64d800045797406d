"""Paying in by a transfer: the partner's own slip, and the customer's for one order."""

import re
from html import unescape

import pytest

from tests.bank.scanner import scanned
from tests.cast import NOON, red_order, sheet_of
from tests.web.client import PIECE, Browser
from tests.web.refusing import READERS, reading, refused
from vps.bank.accounts import WrongRussianBank, WrongRussianKey
from vps.bank.actions import change_bank_account, close_bank_account, open_bank_account
from vps.bank.models import bank_accounts
from vps.bank.paying_in import NowhereToPay, Payer, slip_into, why_no_code
from vps.company.actions import change_settings
from vps.hypermedia.catalogs import catalog
from vps.kernel.amounts import WrongAmount
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import run
from vps.kernel.money import Money
from vps.kernel.numbers import croatian_reference, order_reference, spaced, topup_reference
from vps.orders.actions import AlreadyPaid, cancel_order

OURS = {"actor": HOUSE, "at": NOON}
ZAGREB = "HR1210010051863000160"


@pytest.fixture
def desk(house):
    """A company in Munich with a second account in Zagreb."""
    change_settings({"legal_name": "Alpenkraut & Söhne GmbH", "address": "Lindenstraße 14\n80331 München"}, **OURS)
    change_bank_account(1, name="Isarbank", bic="COBADEFFXXX", **OURS)
    house.zagreb = open_bank_account(ZAGREB, "EUR", name="Druga", **OURS)
    return house


def lines(answer):
    """The lines of the slip on a page, by their words."""
    return dict(re.findall("<dt>([^<]*)</dt><dd>([^<]*)</dd>", unescape(answer.text).partition("facts copy")[2].replace("\xa0", " ")))


def code(answer):
    """What the picture on a page holds, line by line."""
    return scanned(re.search('role="img"[^>]*>(<svg .*?</svg>)', answer.text)[1])[1].decode().split("\n")


def test_the_partner_sees_and_scans_his_own_reference_and_the_registered_name(desk):
    answer = Browser(desk.anna).get("/wallet/top-up")
    reference = topup_reference(desk.anna.number)

    assert lines(answer) == {
        "Empfänger": "Alpenkraut & Söhne GmbH",
        "IBAN": "DE89 3704 0044 0532 0130 00",
        "BIC": "COBADEFFXXX",
        "Verwendungszweck": spaced(reference),
    }
    assert code(answer)[5:] == ["Alpenkraut & Söhne GmbH", "DE89370400440532013000", "", "", reference]
    assert "vergleichen den Namen des Empfängers" in answer.text


def test_an_amount_goes_into_the_code_as_it_is_written_in_his_language(desk):
    answer = Browser(desk.anna).get("/wallet/top-up?amount=1.234,50")

    assert lines(answer)["Betrag"] == "1.234,50 €"
    assert code(answer)[7] == "EUR1234.50"


@pytest.mark.parametrize("path", ["/wallet/top-up", "/wallet/top-up/slip"])
def test_an_amount_that_could_be_another_is_asked_for_once_more(desk, path):
    anna = Browser(desk.anna)
    answer = anna.get(f"{path}?amount=1.234")
    assert "Betrag" not in lines(answer) and code(answer)[7] == ""

    assert lines(anna.get(f"{path}?amount=1.234&sure=y"))["Betrag"] == "1.234,00 €"
    assert 'name="sure"' in anna.get("/wallet/top-up?amount=1.234").text


def test_an_amount_that_cannot_be_read_is_said_at_its_field_and_kept(desk):
    answer = Browser(desk.anna).get("/wallet/top-up?amount=12,3,4")

    refused(answer, WrongAmount.says, "de")
    assert 'value="12,3,4"' in answer.text
    assert "Betrag" not in lines(answer)


def test_he_chooses_among_the_companys_accounts_and_a_croatian_slip_needs_an_amount(desk):
    anna, reference = Browser(desk.anna), croatian_reference(topup_reference(desk.anna.number))
    assert f'<a href="/wallet/top-up?account={desk.zagreb}">Druga</a></nav>' in anna.get("/wallet/top-up").text
    without = anna.get(f"/wallet/top-up?account={desk.zagreb}")

    assert (lines(without)["Modell"], lines(without)["Referenznummer"]) == (reference[:4], reference[4:])
    assert "<svg" not in without.text.partition("<h1")[2] and "braucht einen Betrag" in without.text
    assert code(anna.get(f"/wallet/top-up?account={desk.zagreb}&amount=20"))[2:] == [
        *["000000000002000", "Anna Bauer", "", "", "Alpenkraut & Söhne GmbH", "Lindenstraße 14", "80331 München"],
        *[ZAGREB, reference[:4], reference[4:], "OTHR", "Uplata"],
    ]


def test_only_open_accounts_for_his_money_that_are_meant_for_partners_are_offered(desk):
    anna = Browser(desk.anna)
    open_bank_account("265000000000123488", "RSD", **OURS)
    change_bank_account(desk.zagreb, shown=False, **OURS)
    assert '<nav class="links"' not in anna.get("/wallet/top-up").text
    assert lines(anna.get(f"/wallet/top-up?account={desk.zagreb}"))["IBAN"].startswith("DE89")

    close_bank_account(1, **OURS)
    for path in ("/wallet/top-up", "/wallet/top-up/slip", f"/orders/{red_order(desk).number}/slip"):
        refused(anna.get(path), NowhereToPay.says, "de", status=409)


def test_an_account_set_up_wrongly_still_says_where_to_pay(desk):
    run("UPDATE bank_account SET bic = 'X' WHERE id = 1")
    answer = Browser(desk.anna).get("/wallet/top-up")

    assert lines(answer)["Konto des Empfängers"] == "DE89 3704 0044 0532 0130 00"
    assert lines(answer)["Verwendungszweck"] == spaced(topup_reference(desk.anna.number))
    assert "<svg" not in answer.text.partition("<h1")[2]


def test_who_sets_an_account_up_is_told_what_its_slips_miss(desk):
    """A Russian account without its bank, one of another bank; none where all is well or no code is known."""
    for number, currency, bic in (
        ("40702810138250123017", "RUB", ""),
        ("40702810138250123018", "RUB", "044525225"),
        ("RS35260005601001611379", "USD", ""),
    ):
        open_bank_account(number, currency, bic=bic, **OURS)

    assert [type(why_no_code(each)) for each in bank_accounts()] == [type(None)] * 2 + [
        WrongRussianBank,
        WrongRussianKey,
        type(None),
    ]


def test_a_currency_without_a_form_of_its_own_is_paid_by_the_plain_lines(desk):
    open_bank_account("DE89370400440532013000", "USD", **OURS)
    shown = slip_into(
        bank_accounts()[-1], topup_reference(desk.anna.number), "Top-up", language="en", payer=Payer(), amount=Money(5_00, "USD")
    )

    assert (shown.code, shown.missing) == (None, None)
    assert shown.lines == (
        ("Payee", "Alpenkraut & Söhne GmbH"),
        ("Payee's account", "DE89 3704 0044 0532 0130 00"),
        ("Amount", Money(5_00, "USD")),
        ("Reference", spaced(topup_reference(desk.anna.number))),
    )


def test_a_customer_pays_his_order_himself_with_a_slip_in_his_own_language(desk):
    order = red_order(desk)
    run("UPDATE customer SET language = 'hr' WHERE id = ?", order.customer_id)
    run("UPDATE orders SET street = 'Ilica 1', postcode = '10000', city = 'Zagreb' WHERE id = ?", order.id)
    answer = Browser(desk.anna).get(f"/orders/{order.number}/slip?account={desk.zagreb}")
    reference = croatian_reference(order_reference(order.number))

    assert '<div class="stack" lang="hr">' in answer.text and '<html lang="de">' in answer.text
    assert (lines(answer)["Model"], lines(answer)["Poziv na broj"], lines(answer)["Iznos"]) == (reference[:4], reference[4:], "49,90 €")
    assert code(answer)[2:6] == ["000000000004990", "Maria Huber", "Ilica 1", "10000 Zagreb"]
    assert code(answer)[10:] == [reference[:4], reference[4:], "OTHR", f"Narudžba {order.number}"]


def test_a_slip_is_for_an_order_that_waits_for_its_money(desk):
    paid, ended = red_order(desk), red_order(desk)
    run("UPDATE orders SET paid_at = made_at, final_at = made_at WHERE id = ?", paid.id)
    cancel_order(ended.id, partner=desk.anna.id, **OURS)
    anna = Browser(desk.anna)

    refused(anna.get(f"/orders/{paid.number}/slip"), AlreadyPaid.says, "de", status=409)
    assert anna.get(f"/orders/{ended.number}/slip").status_code == 409
    assert "/slip" not in anna.get(f"/orders/{paid.number}").text


def test_when_the_wallet_is_too_small_the_sale_is_not_lost(desk):
    for person in (desk.anna, desk.boris):
        sheet_of(person, clock())
    order, boris = red_order(desk, desk.boris), Browser(desk.boris)

    for answer in (boris.get(f"/orders/{order.number}/payment"), boris.get(f"/orders/{order.number}/payment", headers=PIECE)):
        assert f'href="/orders/{order.number}/slip"' in answer.text and 'href="/wallet/top-up"' in answer.text
    assert f'href="/orders/{order.number}/slip"' in boris.get(f"/orders/{order.number}").text
    enough = red_order(desk)
    assert "/slip" not in Browser(desk.anna).get(f"/orders/{enough.number}/payment").text


@pytest.mark.parametrize("language", READERS)
def test_a_slip_speaks_its_readers_language(desk, language):
    say = catalog(language).gettext
    answer = reading(desk.anna, language).get("/wallet/top-up/slip?amount=5")

    assert list(lines(answer)) == [say("Payee"), "IBAN", say("BIC"), say("Amount"), say("Reference")]
    assert say("Scan this code with the app of your bank, or copy the lines.") in unescape(answer.text)
