"""The office's pages about wallets: what is typed is previewed by the code that books it, what is large is approved by a colleague."""

import pytest

from tests.cast import CODES, NOON, app_of, balance, eur, give, sheet_of
from tests.wallets.sending import ask_from, send, something_about_wallets, staff, take_back, wallet
from tests.web.client import Browser, asked_index, field, forms, plain
from tests.web.refusing import nothing_written, reading, refused
from vps.company.actions import change_settings
from vps.kernel.amounts import TooManyDecimals, WrongAmount
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.ledger.actions import NotEnoughCredit
from vps.wallets.actions import (
    Changed,
    FeeEatsIt,
    MainStays,
    MoreThanLeft,
    NoSuchWallet,
    StillInIt,
    TakesAnother,
    WalletClosed,
    WouldBeDebt,
    agree_plan,
    open_wallet,
)
from vps.wallets.desk_forms import PercentTooFine
from vps.wallets.forms import CouldMean
from vps.wallets.models import OfficeTransfer, TransferRule, WalletKind, purse

KIND = {"code": "bonus", "name_en": "Bonus", "name_sr": "Награде", "pays": "y", "receives": "y", "floor": "5", "position": "2"}
RULE = {"kind": "main", "whose": "partner", "currency": "EUR", "least": "1", "most": "1.000,50", "multiple": "0,50", "fee": "0,25", "percent": "1,5", "on_top": "y", "sure": "y"}  # fmt: skip


@pytest.fixture
def office(house):
    for person in (house.dragan, house.elena):
        app_of(person, clock())
    house.way = f"/office/partners/{house.anna.number}"
    return house


def form_of(house, **more):
    return {"key": "0123456789ab", "debit": "wallet", "debit_number": house.anna.number, "debit_kind": "main", "currency": "EUR", "amount": "40",
            "credit": "wallet", "credit_number": house.boris.number, "credit_kind": "main", "into": "", "reason": "Messe <b>", **more}  # fmt: skip


def previewed(browser, house, **more):
    """The preview, and what its form would send."""
    shown = browser.post("/office/transfers/new", form_of(house, **more))
    return shown, next(sent for action, sent in forms(shown) if action == "/office/transfers/new")


def test_a_kind_is_made_changed_and_ended(office):
    elena = reading(office.elena, "de")
    with nothing_written():
        refused(elena.post("/office/wallet-kinds/new", KIND | {"floor": "5.00"}), WrongAmount.says, "de")
    assert elena.post("/office/wallet-kinds/new", KIND).status_code == 303
    kind = WalletKind.get(code="bonus")
    assert (kind.pays, kind.sends, kind.floor, kind.position) == (True, False, -5_00, 2)
    page = elena.get("/office/wallet-kinds/bonus")
    assert field(page, "floor") == "5,00" and "Bonus" in reading(office.elena, "hr").get("/office/wallet-kinds").text
    assert "Nagrade" in reading(office.elena, "sr_Latn").get("/office/wallet-kinds").text
    assert elena.post("/office/wallet-kinds/bonus", KIND | {"floor": "0", "sends": "y"}).status_code == 303
    assert elena.post("/office/wallet-kinds/bonus", {"position": "x"}).status_code == 422
    assert elena.post("/office/wallet-kinds/bonus/end").status_code == 303
    assert "bonus" not in field_values(elena.get(f"{office.way}/wallets"))
    refused(reading(office.elena, "de").post("/office/wallet-kinds/main/end"), MainStays.says, "de", status=409)


def field_values(page):
    import re

    return re.findall(r'<option[^>]*value="([^"]*)"', page.text)


def test_a_rule_is_typed_strictly_and_stands_in_the_history(office):
    elena = reading(office.elena, "de")
    for wrong, refusal in (({"fee": "0.25"}, WrongAmount), ({"least": "0,001"}, TooManyDecimals), ({"percent": "1,555"}, PercentTooFine),
                           ({"percent": "99"}, FeeEatsIt), ({"most": "1.234", "sure": ""}, CouldMean)):  # fmt: skip
        with nothing_written():
            refused(elena.post("/office/transfer-rules", RULE | wrong), refusal.says, "de")
    with nothing_written():
        assert elena.post("/office/transfer-rules", RULE | {"percent": "1e2"}).status_code == 422
        assert elena.post("/office/transfer-rules", RULE | {"currency": "XXX"}).status_code == 422

    assert elena.post("/office/transfer-rules", RULE).status_code == 303
    elena.post("/office/transfer-rules", RULE | {"least": "", "most": "", "multiple": "", "fee": "0", "percent": "0,0", "on_top": ""})

    first, second = TransferRule.select().order_by(TransferRule.id)
    assert (first.least, first.most, first.multiple, first.fee, first.fee_bp, first.on_top) == (1_00, 1_000_50, 50, 25, 150, True)
    assert (second.least, second.most, second.multiple, second.fee, second.fee_bp, second.on_top) == (1, None, 1, 0, 0, False)
    page = plain(Browser(office.clara).get("/office/transfer-rules").text)
    assert "1.5 %" in page and page.count("in force") == 1


def test_a_small_transfer_is_previewed_and_booked_once(office):
    dragan = reading(office.dragan, "en")
    shown, sent = previewed(dragan, office)
    assert shown.status_code == 200 and "€40.00" in shown.text and "Messe &lt;b&gt;" in shown.text and "€210.00" in shown.text
    assert balance(office.boris) == eur(0)

    answers = [dragan.post("/office/transfers/new", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303] and balance(office.boris) == eur(40_00)
    assert "Messe &lt;b&gt;" in dragan.get(answers[0].headers["Location"]).text
    line = one("SELECT booking FROM transfer")[0]
    assert "/office/transfers/1" in dragan.get(f"{office.way}/wallet/bookings/{line}").text


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [({"amount": "40.5"}, WrongAmount), ({"amount": "300"}, NotEnoughCredit), ({"credit_number": "99999"}, NoSuchWallet), ({"credit_number": ""}, NoSuchWallet),
     ({"debit_kind": "main", "amount": "1.234"}, CouldMean)],
)  # fmt: skip
def test_what_stands_in_the_way_is_said_before_anything_is_asked_for(office, wrong, refusal):
    with nothing_written():
        answer = reading(office.dragan, "de").post("/office/transfers/new", form_of(office, **wrong))
    refused(answer, refusal.says, "de")
    assert field(answer, "reason") == "Messe &lt;b&gt;", "nothing typed is lost"


def test_a_step_that_is_skipped_or_changed_on_the_way_moves_nothing(office):
    dragan = reading(office.dragan, "en")
    with nothing_written():
        refused(dragan.post("/office/transfers/new", form_of(office, confirmed="1")), Changed.says, "en", status=409)
        _, sent = previewed(dragan, office)
        refused(dragan.post("/office/transfers/new", sent | {"amount": "41"}), Changed.says, "en", status=409)
        assert dragan.post("/office/transfers/asked/1/approval").status_code == 404


def test_a_large_one_is_approved_by_a_colleague_and_not_by_who_asked(office):
    give(office.anna, 2_000_00)
    dragan, elena = reading(office.dragan, "en"), reading(office.elena, "en")
    _, sent = previewed(dragan, office, amount="1000")
    path = dragan.post("/office/transfers/new", sent).headers["Location"]
    assert balance(office.boris) == eur(0) and path in elena.get("/office/transfers").text
    assert "Approve it" not in dragan.get(path).text
    with nothing_written():
        refused(dragan.post(f"{path}/approval", {"expected": "1000.00 EUR"}), TakesAnother.says, "en", status=403)

    assert elena.post(f"{path}/approval", {"expected": field(elena.get(path), "expected")}).status_code == 303

    assert balance(office.boris) == eur(1_000_00)
    assert "Елена" in dragan.get(path).text and "Dragan" in dragan.get(path).text


def test_it_is_refused_with_a_reason_or_withdrawn(office):
    asked = ask_from(office.dragan, office.anna)
    elena, path = Browser(office.elena), f"/office/transfers/asked/{asked}"
    with nothing_written():
        assert elena.post(f"{path}/end", {"reason": ""}).status_code == 422
    assert elena.post(f"{path}/end", {"reason": "kein Vertrag"}).status_code == 303
    assert "kein Vertrag" in Browser(office.dragan).get(path).text
    with nothing_written():
        assert Browser(office.dragan).post(f"{path}/end").status_code == 409
    assert OfficeTransfer.get_by_id(asked).refused_by == office.elena.id


def test_what_stands_in_the_way_of_a_waiting_one_is_said_to_the_colleague(office):
    asked = ask_from(office.dragan, office.anna)
    send(office, 2_000_00)
    page = reading(office.elena, "en").get(f"/office/transfers/asked/{asked}")
    assert "is missing. Nothing was booked" in plain(page.text) and "Approve it" not in page.text


def test_a_reversal_says_what_is_gone_and_takes_a_tick(office):
    made = send(office, 40_00)
    send(office, 30_00, key="gone", sender=office.boris, recipient=office.anna)
    dragan, path = reading(office.dragan, "en"), f"/office/transfers/{made.id}"
    page = plain(dragan.get(path).text)
    assert "€30.00 of it is gone" in page and 'name="as_debt"' in page
    sent = {"key": "0123456789ab", "reason": "wrong partner"}
    with nothing_written():
        refused(dragan.post(f"{path}/reversal", sent), WouldBeDebt.says, "en")
    assert dragan.post(f"{path}/reversal", sent | {"as_debt": "y"}).status_code == 303

    assert balance(office.boris) == eur(-30_00)
    assert "was reversed" in dragan.get(path).text
    owes = plain(reading(office.boris, "en").get("/wallet/debt").text)
    assert "€30.00 is missing in this wallet" in owes
    with nothing_written():
        assert dragan.post(f"{path}/reversal", sent | {"key": "another key"}).status_code == 409
    back = one("SELECT max(id) FROM booking")[0]
    assert path in dragan.get(f"{office.way}/wallet/bookings/{back}").text


def test_a_large_reversal_waits_and_its_page_says_what_would_be_missing(office):
    give(office.anna, 2_000_00)
    made = send(office, 1_000_00)
    send(office, 1, key="gone", sender=office.boris, recipient=office.anna)
    asked = take_back(office, made, as_debt=True)
    elena, path = reading(office.elena, "en"), f"/office/transfers/asked/{asked}"
    assert "€0.01 of it is gone" in plain(elena.get(path).text)
    assert elena.post(f"{path}/approval").status_code == 303
    assert balance(office.boris) == eur(-1)


def test_a_wallet_is_opened_frozen_let_go_and_closed(office):
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    dragan = reading(office.dragan, "en")
    assert dragan.post(f"{office.way}/wallets", {"kind": "main", "currency": "RSD"}).status_code == 303
    assert dragan.post(f"{office.way}/wallets", {"kind": "main", "currency": "RSD"}).status_code == 409
    assert dragan.post(f"{office.way}/wallets", {"kind": "main", "currency": "XXX"}).status_code == 422
    path = f"{office.way}/wallets/{wallet(office.anna, 'RSD')}"
    assert dragan.post(f"{path}/freeze", {"reason": "Court <1>"}).status_code == 303
    assert "Court &lt;1&gt;" in dragan.get(path).text and "Frozen since" in dragan.get(f"{office.way}/wallets").text
    assert "Court" not in Browser(office.anna).get("/me/history").text, "why is the office's own"
    assert dragan.post(f"{path}/freeze/end").status_code == 303
    main = f"{office.way}/wallets/{wallet(office.anna)}"
    refused(dragan.post(f"{main}/end"), MainStays.says, "en", status=409)
    assert dragan.post(f"{path}/end").status_code == 303
    assert "closed on" in dragan.get(path).text


def test_another_partners_wallet_is_not_there_under_this_number(office):
    foreign = f"{office.way}/wallets/{wallet(office.boris)}"
    dragan = Browser(office.dragan)
    for path in ("", "/plan"):
        assert dragan.get(f"{foreign}{path}").status_code == 404
    with nothing_written():
        for path in ("/freeze", "/freeze/end", "/end", "/plan", "/plan/end"):
            assert dragan.post(f"{foreign}{path}", {"reason": "x", "amount": "1", "day": "1"}).status_code == 404
    assert dragan.get(f"{office.way}/wallet?wallet={wallet(office.boris)}").status_code == 404


def test_a_booking_by_hand_goes_to_the_wallet_that_was_chosen(office):
    something_about_wallets(office)
    bonus = wallet(office.anna, kind="bonus")
    dragan = reading(office.dragan, "en")
    slip = {"key": "0123456789ab", "amount": "7", "number": "B 9", "day": "2026-11-20", "payer": "Anna", "reason": "Cash", "confirmed": "1"}
    before = balance(office.anna)

    answer = dragan.post(f"{office.way}/wallet/top-up?wallet={bonus}", slip)
    assert answer.headers["Location"] == f"{office.way}/wallet?wallet={bonus}"
    dragan.post(f"{office.way}/wallet/pay-out?wallet={bonus}", slip | {"number": "B 10", "amount": "2"})

    assert (balance(office.anna), purse(office.anna.id, "EUR", "bonus").available) == (before, eur(5_00))
    assert (
        "B 9" in dragan.get(f"{office.way}/wallet?wallet={bonus}").text
        and "B 9" not in dragan.get(f"{office.way}/wallet?wallet={wallet(office.anna)}").text
    )
    refused(dragan.post(f"{office.way}/wallets/{bonus}/end"), StillInIt.says, "en", status=409)


def test_nothing_is_booked_by_hand_on_a_closed_wallet(office):
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    open_wallet(office.anna.id, "RSD", at=NOON)
    dinars, dragan = wallet(office.anna, "RSD"), reading(office.dragan, "en")
    dragan.post(f"{office.way}/wallets/{dinars}/end")
    slip = {"key": "0123456789ab", "amount": "7", "number": "B 9", "day": "2026-11-20", "payer": "Anna", "reason": "Cash", "confirmed": "1"}
    refused(dragan.post(f"{office.way}/wallet/top-up?wallet={dinars}", slip), WalletClosed.says, "en", status=409)


def owing(office):
    """Boris owes 30.00."""
    made = send(office, 40_00)
    send(office, 30_00, key="gone", sender=office.boris, recipient=office.anna)
    take_back(office, made, as_debt=True)


def test_a_plan_is_agreed_seen_by_the_partner_and_written_off(office):
    owing(office)
    dragan, path = reading(office.dragan, "en"), f"/office/partners/{office.boris.number}/wallets/{wallet(office.boris)}/plan"
    for wrong in ({"amount": "30.01"}, {"day": "32"}, {"amount": "x"}):
        with nothing_written():
            assert dragan.post(path, {"amount": "10", "day": "31", "text": "by phone"} | wrong).status_code == 422
    assert dragan.post(path, {"amount": "10", "day": "31", "text": "by phone"}).status_code == 303

    boris = reading(office.boris, "en")
    seen = plain(boris.get("/wallet/debt").text)
    assert "by phone" in seen and "€30.00" in seen and "€10.00" in seen and "Next instalment" in seen
    assert "/wallet/debt" in boris.get("/wallet").text and "/office" not in seen
    with nothing_written():
        assert dragan.post(f"{path}/end", {"reason": ""}).status_code == 422
    assert dragan.post(f"{path}/end", {"reason": "died"}).status_code == 303
    assert "Written off on" in boris.get("/wallet/debt").text
    with nothing_written():
        assert dragan.post(f"{path}/end", {"reason": "died"}).status_code == 409


def test_the_partner_repays_more_with_a_code(office):
    owing(office)
    plan = agree_plan(office.boris.id, wallet(office.boris), eur(10_00), 31, authorisation=staff(office.dragan), at=NOON)
    give(office.boris, 50_00)
    sheet_of(office.boris, clock())
    boris = reading(office.boris, "en")
    with nothing_written():
        refused(boris.post(f"/wallet/debt/{plan}", {"amount": "30.01"}), MoreThanLeft.says, "en")
        assert Browser(office.anna).post(f"/wallet/debt/{plan}", {"amount": "1"}).status_code == 404
    dialog = boris.post(f"/wallet/debt/{plan}", {"amount": "12.50"})
    sent = {"shown": field(dialog, "shown"), "tan": CODES[asked_index(dialog) - 1]}

    assert [boris.post("/wallet/debt/confirmation", sent).status_code for _ in range(2)] == [303, 303]

    assert balance(office.boris) == eur(37_50)
    seen = plain(boris.get("/wallet/debt").text)
    assert "€17.50" in seen and "€12.50" in seen
    assert boris.post("/wallet/debt/confirmation", {"shown": "x", "tan": "1"}).status_code == 409
