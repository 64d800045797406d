"""Standing transfers and transfers asked back, as people see them: every press, every refusal at its field, nothing of anybody else."""

import json
from datetime import timedelta

import pytest

from tests.bank.payouts import by_phone
from tests.cast import CODES, NOON, balance, eur, sheet_of
from tests.wallets.standing import send, wallet
from tests.web.client import Browser, asked_index, field, plain
from tests.web.refusing import nothing_written, refused, says
from vps.company.models import company
from vps.hypermedia.forms import MESSAGES
from vps.jobs.rendering import render
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one, rows, run
from vps.kernel.settings import Settings
from vps.ledger.actions import NotEnoughCredit
from vps.security.actions.refusals import NoWayForThis, WrongTan
from vps.security.actions.sending import sms_code
from vps.security.forms import NotShown, unsigned
from vps.wallets.actions import AnsweredAlready, DayGone, NeverDue, NoRecipient, NotReversedYet, TooLateToAsk, make_standing, open_wallet
from vps.wallets.models import StandingTransfer, Transfer, WalletKind, case_of, code_of

DAY = timedelta(days=1)


@pytest.fixture
def anna(house):
    """Anna's browser: she has a sheet, and has sent Boris something before."""
    sheet_of(house.anna, clock())
    by_phone(house.anna)
    send(house.anna, house.boris, 1, key="known")
    browser = Browser(house.anna)
    browser.to, browser.today = f"?to={code_of(house.boris.number)}", day_in(clock(), company().zone)
    return browser


@pytest.fixture
def boris(house):
    sheet_of(house.boris, clock())
    house.boris.transfer = send(house.anna, house.boris, 40_00, at=clock())
    browser = Browser(house.boris)
    browser.path = f"/wallet/transfers/{house.boris.transfer}"
    return browser


def dialog(browser, **typed):
    """The page that asks for a code, and the answer: by SMS, for what goes out again and again needs what the largest transfer needs."""
    facts = {"amount": "20", "every": "month", "first_on": str(browser.today), "message": "Miete", **typed}
    page = browser.post(f"/wallet/standing/preview{browser.to}", facts)
    assert page.status_code == 200, page.text
    data = {"shown": field(page, "shown")}
    if facts["every"] == "once":
        return page, {**data, "tan": CODES[asked_index(page) - 1]}
    sent = browser.post("/wallet/standing/confirmation", {**data, "send": "1"})
    return page, {"shown": field(sent, "shown"), "sms": sms_code(unsigned(data["shown"], browser.session))}


def test_from_a_number_to_the_first_day_and_its_end(house, anna):
    found = anna.post("/wallet/standing/new", {"recipient": house.boris.number})
    assert (found.status_code, found.headers["Location"]) == (303, f"/wallet/standing/new{anna.to}")
    step = anna.get(found.headers["Location"])
    assert f"Борис В., {house.boris.number}" in step.text and "Волков" not in step.text

    page, data = dialog(anna, month_end="y")
    assert "20,00" in plain(page.text) and "letzter Tag" in page.text and "Miete" in page.text
    answer = anna.post("/wallet/standing/confirmation", data)
    again = anna.post("/wallet/standing/confirmation", data)

    assert (
        answer.status_code == again.status_code == 303 and answer.headers["Location"] == again.headers["Location"] == "/wallet/standing/1"
    )
    assert "letzter Tag" in anna.get("/wallet/standing").text and "/wallet/standing" in anna.get("/wallet/transfers").text
    assert make_standing(at=clock() + 31 * DAY) == 1 and balance(house.boris) == eur(20_01)
    made = Transfer.select().order_by(Transfer.id.desc()).first()
    assert f'href="/wallet/transfers/{made.id}"' in anna.get("/wallet/standing/1").text

    for _ in range(2):
        assert anna.post("/wallet/standing/1/end").status_code == 303
    assert "/end" not in anna.get("/wallet/standing/1").text and make_standing(at=clock() + 62 * DAY) == 0


def test_days_that_never_come_are_said_at_their_field(anna):
    typed = {"amount": "20", "every": "day"}
    for first in ("2026-02-30", "10000-01-01", "morgen"):
        with nothing_written():
            refused(
                anna.post(f"/wallet/standing/preview{anna.to}", {**typed, "first_on": first}), MESSAGES["Not a valid date value."], "de"
            )
    yesterday = str(anna.today - DAY)
    refused(anna.post(f"/wallet/standing/preview{anna.to}", {**typed, "first_on": yesterday}), DayGone.says, "de")
    refused(
        anna.post(f"/wallet/standing/preview{anna.to}", {**typed, "first_on": str(anna.today), "last_on": yesterday}), NeverDue.says, "de"
    )
    assert (
        anna.post(f"/wallet/standing/preview{anna.to}", {"amount": "20", "every": "hour", "first_on": str(anna.today)}).status_code == 422
    )


def test_who_cannot_be_found_or_is_not_in_a_code_stands_at_the_field(anna):
    refused(anna.post("/wallet/standing/new", {"recipient": "99999999"}), NoRecipient.says, "de")
    refused(anna.get("/wallet/standing/new?to=nobody"), NoRecipient.says, "de")
    assert anna.get("/wallet/standing/new?own=99").status_code == 404


def test_what_would_stand_in_the_way_today_is_said_and_hinders_nothing(anna, tmp_path):
    page, data = dialog(anna, amount="300")
    assert says(page, NotEnoughCredit.says, "de")

    assert anna.post("/wallet/standing/confirmation", data).status_code == 303
    assert make_standing(at=clock()) == 0
    for path in ("/wallet/standing", "/wallet/standing/1"):
        assert says(anna.get(path), NotEnoughCredit.says, "de")
    mail = mail_of("standing", tmp_path)
    assert "300,00" in plain(mail) and "50,01" in plain(mail) and "/wallet/standing/1" in mail


def test_somebody_new_is_confirmed_by_a_bound_way(house, boris):
    page = boris.post(
        f"/wallet/standing/preview?to={code_of(house.anna.number)}",
        {"amount": "1", "every": "once", "first_on": str(day_in(clock(), company().zone))},
    )
    assert says(page, NoWayForThis.says, "ru")


def test_between_own_wallets(house, anna):
    WalletKind.create(
        code="save", names='{"de": "Sparen"}', pays=False, paid_out=False, sends=True, receives=True, commission=True, floor=0, position=1
    )
    open_wallet(house.anna.id, "EUR", at=NOON, kind="save")
    saved = wallet(house.anna, kind="save")
    assert "Sparen" in anna.get("/wallet/standing/new").text
    anna.to = f"?own={saved}"

    page, data = dialog(anna, every="week", last_on=str(anna.today + 20 * DAY))
    assert "Sparen" in page.text and ", bis " in page.text and anna.post("/wallet/standing/confirmation", data).status_code == 303

    assert StandingTransfer.get_by_id(1).to_wallet_id == saved and "Sparen" in anna.get("/wallet/standing/1").text


def test_a_wrong_code_and_a_dialog_of_something_else_set_nothing(anna):
    _, data = dialog(anna, every="once")
    refused(anna.post("/wallet/standing/confirmation", {**data, "tan": "999999"}), WrongTan.says, "de")
    refused(anna.post("/wallet/send/confirmation", data), NotShown.says, "de", status=409)
    assert one("SELECT count(*) FROM standing_transfer")[0] == 0


def test_nobody_sees_or_ends_another_partner_s(house, anna):
    _, data = dialog(anna)
    anna.post("/wallet/standing/confirmation", data)
    stranger = Browser(house.boris)
    assert stranger.get("/wallet/standing/1").status_code == 404 and stranger.post("/wallet/standing/1/end").status_code == 404
    assert "20," not in plain(stranger.get("/wallet/standing").text)


def mail_of(kind, tmp_path):
    """The one mail of a kind as it goes out."""
    (row,) = rows("SELECT key, address, language, facts FROM outbox WHERE kind = ?", kind)
    settings = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com")
    return render(settings, kind, key=row[0], address=row[1], language=row[2], facts=json.loads(row[3])).get_content()


def test_from_the_wrong_partner_and_back_with_a_code(house, boris, tmp_path):
    run("UPDATE person SET email = 'boris@example.com' WHERE id = ?", house.boris.id)
    anna = Browser(house.anna)
    assert "/asked-back" in anna.get(boris.path).text and "/asked-back" not in boris.get(boris.path).text

    with nothing_written():
        refused(
            anna.post(f"{boris.path}/asked-back", {"text": "x" * 301}), MESSAGES["Field cannot be longer than %(max)d character."], "de"
        )
    for _ in range(2):
        assert anna.post(f"{boris.path}/asked-back", {"text": "für Boris K."}).status_code == 303

    mail = mail_of("asked_back", tmp_path)
    assert "für Boris K." in mail and f"{boris.path}/asked-back" in mail
    for page in (boris.get(boris.path), boris.get(f"{boris.path}/asked-back")):
        assert f'action="{boris.path}/asked-back/return"' in page.text and "für Boris K." in page.text
    assert "/return" not in anna.get(boris.path).text

    page = boris.post(f"{boris.path}/asked-back/return")
    data = {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]}
    assert f"Anna B., {house.anna.number}" in page.text and "40,00" in plain(page.text)
    refused(boris.post(f"{boris.path}/asked-back/confirmation", {**data, "tan": "999999"}), WrongTan.says, "ru")
    answers = [boris.post(f"{boris.path}/asked-back/confirmation", data) for _ in range(2)]

    back, again = case_of(house.boris.transfer).back, send(house.anna, house.boris, 1, key="again", at=clock())
    anna.post(f"/wallet/transfers/{again}/asked-back")
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, f"/wallet/transfers/{back}")] * 2
    assert (balance(house.anna), balance(house.boris)) == (eur(249_99), eur(1))
    for browser in (anna, boris):
        assert f'href="/wallet/transfers/{back}"' in browser.get(boris.path).text
    refused(boris.post(f"/wallet/transfers/{again}/asked-back/confirmation?way=sheet", data), NotShown.says, "ru", status=409)
    refused(boris.post(f"{boris.path}/asked-back/return"), AnsweredAlready.says, "ru", status=409)
    assert anna.post(f"/wallet/transfers/{back}/asked-back").status_code == 404
    refused(boris.post(f"/wallet/transfers/{back}/asked-back"), TooLateToAsk.says, "ru", status=409)


def test_what_is_kept_comes_to_the_office_which_closes_it(house, boris):
    anna, dragan, clara = Browser(house.anna), Browser(house.dragan), Browser(house.clara)
    case = f"/office/asked-back/{house.boris.transfer}"
    assert dragan.get(case).status_code == 404
    anna.post(f"{boris.path}/asked-back")
    assert case not in dragan.get("/office/asked-back").text

    for _ in range(2):
        assert boris.post(f"{boris.path}/asked-back/refusal").status_code == 303

    assert case in dragan.get("/office/asked-back").text
    shown = dragan.get(case).text
    assert (
        "Anna Bauer" in shown and "Борис Волков" in shown and f'action="{case}"' in shown and f'action="{case}"' not in clara.get(case).text
    )
    assert {subject for (subject,) in rows("SELECT subject FROM event WHERE verb = 'looked at'")} == {
        f"person:{house.anna.id}",
        f"person:{house.boris.id}",
    }
    refused(dragan.post(case, {"outcome": "reversed", "note": ""}), NotReversedYet.says, "sr")
    assert dragan.post(case, {"outcome": "x"}).status_code == dragan.post(case, {}).status_code == 422
    assert dragan.post(case, {"outcome": "settled", "note": "Both called."}).status_code == 303
    refused(dragan.post(case, {"outcome": "settled", "note": ""}), AnsweredAlready.says, "sr", status=409)
    assert case not in dragan.get("/office/asked-back").text and "Both called." in dragan.get(case).text
    for browser in (anna, boris):
        page = browser.get(f"{boris.path}/asked-back").text
        assert "Both called." not in page and "/return" not in page


def test_nobody_else_asks_answers_or_looks_and_nobody_late(house, boris):
    for path in ("", "/refusal", "/return", "/confirmation"):
        assert boris.post(f"/wallet/transfers/99/asked-back{path}").status_code == 404
    assert boris.get("/wallet/transfers/99/asked-back").status_code == 404
    anna = Browser(house.anna)
    for path in ("/refusal", "/return", "/confirmation"):
        assert anna.post(f"{boris.path}/asked-back{path}").status_code == 404
        assert boris.post(f"{boris.path}/asked-back{path}").status_code == 404, "nobody asked"
    assert boris.post(f"{boris.path}/asked-back").status_code == 404
    send(house.anna, house.boris, 1, key="old", at=clock() - 15 * DAY)
    old = one("SELECT id FROM transfer WHERE key = 'old'")[0]
    refused(anna.post(f"/wallet/transfers/{old}/asked-back"), TooLateToAsk.says, "de", status=409)
