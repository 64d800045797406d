"""The wallet page of who has several, and what he does with them: opens, names and closes one, and chooses how the total is shown."""

import re

import pytest

from tests.cast import NOON, eur
from tests.orders.test_parts import bonus, dinars
from tests.web.client import Browser
from tests.web.refusing import refused
from tests.web.test_every_page import READERS, reading, whole
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows
from vps.kernel.refusals import NotFound
from vps.ledger.actions import hold
from vps.ledger.actions.booking import NoSuchCurrency
from vps.people.actions import HAPPENED
from vps.wallets.actions import MainStays, StillHeldInIt, StillInIt, choose_total, open_own_wallet, rename_wallet
from vps.wallets.models import purse


@pytest.fixture
def anna(house):
    change_settings({"currencies": "RSD JPY"}, actor=HOUSE, at=NOON)
    return Browser(house.anna)


def plain(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", answer.text).replace("\xa0", " "))


def test_one_wallet_looks_as_it_always_did(house):
    page = Browser(house.anna).get("/wallet").text

    assert "/wallet/wallets/" not in page and "/wallet/new" not in page and "/wallet/total" not in page


def test_several_wallets_stand_below_their_total_which_is_an_estimate(house, anna):
    dinars(house, 11_725_00)

    page = plain(anna.get("/wallet"))

    assert "Zusammen, etwa 350,00 €" in page and "zu heutigen Kursen" in page
    assert "250,00 €" in page and "11.725,00 RSD" in page
    assert anna.post("/wallet/total", {"currency": "RSD"}).status_code == 303
    assert "41.037,50 RSD" in plain(anna.get("/wallet"))
    anna.post("/wallet/total", {"currency": "JPY"})
    assert "Ohne EUR, RSD" in plain(anna.get("/wallet"))
    assert anna.post("/wallet/total", {"currency": "USD"}).status_code == 422


def test_wallets_of_one_currency_are_added_exactly(house, anna):
    bonus(house, 20_00)

    page = plain(anna.get("/wallet"))

    assert "Zusammen 270,00 €" in page and "Bonus" in page


def test_what_is_held_says_why_and_until_when(house, anna):
    wallet = purse(house.anna.id, "EUR")
    hold(wallet.account, eur(30_00), reason="excess", key="a", at=NOON)
    hold(wallet.account, eur(20_00), reason="cheque", key="b", at=NOON, until=NOON.replace(year=2027))

    assert f"/wallet/wallets/{wallet.wallet}" in anna.get("/wallet").text
    page = plain(anna.get(f"/wallet/wallets/{wallet.wallet}"))

    assert re.search(r"30,00 € : über dem, was Ihre Vertrauensstufe", page)
    assert re.search(r"20,00 € : ein Scheck, den die Bank noch zurücknehmen kann · bis 20\.\S* ?\S*2027", page), page


def test_a_wallet_is_opened_named_and_closed_when_it_is_empty(house, anna):
    assert anna.post("/wallet/new", {"currency": "JPY"}).status_code == 303
    key = purse(house.anna.id, "JPY").wallet

    assert anna.post(f"/wallet/wallets/{key}", {"name": "  Reise  "}).status_code == 303
    assert "Reise" in anna.get("/wallet").text
    assert anna.post(f"/wallet/wallets/{key}/end").status_code == 303

    assert purse(house.anna.id, "JPY") is None
    verbs = [verb for (verb,) in rows("SELECT verb FROM event WHERE verb LIKE '%wallet%' ORDER BY id")]
    assert verbs == ["own wallet opened", "wallet renamed", "own wallet closed"] and set(verbs) <= set(HAPPENED)
    assert anna.post("/wallet/new", {"currency": "JPY"}).status_code == 303, "it can be opened anew"
    assert anna.post("/wallet/new", {"currency": "JPY"}).status_code == 422, "one is enough"
    assert "Reise" not in anna.get("/wallet").text


def test_a_wallet_with_something_in_it_stays_open(house, anna):
    main, other = purse(house.anna.id, "EUR").wallet, dinars(house, 5_00)

    refused(anna.post(f"/wallet/wallets/{main}/end"), MainStays.says, "de", status=409)
    refused(anna.post(f"/wallet/wallets/{other}/end"), StillInIt.says, "de", status=409)
    hold(purse(house.anna.id, "RSD").account, purse(house.anna.id, "RSD").booked, reason="cheque", key="h", at=NOON)
    refused(anna.post(f"/wallet/wallets/{other}/end"), StillHeldInIt.says, "de", status=409)
    assert one("SELECT count(*) FROM wallet WHERE closed_at IS NOT NULL")[0] == 0


def test_a_currency_the_company_does_not_keep_is_refused_below_the_page_too(house, anna):
    for act in (open_own_wallet, lambda person, currency, **_: choose_total(person, currency)):
        with pytest.raises(NoSuchCurrency):
            act(house.anna.id, "USD", actor=HOUSE, at=NOON)
    with pytest.raises(NotFound):
        rename_wallet(house.anna.id, purse(house.boris.id, "EUR").wallet, "x", actor=HOUSE, at=NOON)


def test_a_name_with_hidden_signs_is_refused_and_nothing_is_lost(house, anna):
    key = purse(house.anna.id, "EUR").wallet

    answer = anna.post(f"/wallet/wallets/{key}", {"name": "Urlaub\u202e"})

    assert answer.status_code == 422 and "Urlaub" in answer.text
    assert purse(house.anna.id, "EUR").name == ""


def test_another_partners_wallets_are_not_there(house, anna):
    boris = Browser(house.boris)
    key = purse(house.anna.id, "EUR").wallet

    for path in (f"/wallet/wallets/{key}", "/wallet/wallets/999"):
        assert boris.get(path).status_code == 404
    assert boris.post(f"/wallet/wallets/{key}", {"name": "x"}).status_code == boris.post(f"/wallet/wallets/{key}/end").status_code == 404


@pytest.mark.parametrize("language", READERS)
def test_the_pages_of_several_wallets_are_whole_in_every_language(house, anna, language):
    other = dinars(house, 100_00)
    hold(purse(house.anna.id, "RSD").account, purse(house.anna.id, "RSD").booked, reason="excess", key="h", at=NOON)
    browser = reading(house.anna, language)

    for path in (
        "/wallet",
        f"/wallet/wallets/{other}",
        "/wallet/new",
        "/wallet/total",
        "/wallet/statement",
        f"/wallet/statement?wallet={other}",
    ):
        whole(browser.get(path), language, path)
    whole(browser.post(f"/wallet/wallets/{other}/end"), language, "end")
