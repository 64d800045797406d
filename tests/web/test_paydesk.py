"""The office's Friday: what waits, what is held and why, the file by one code, the download, and what each press says."""

import re

import pytest

from tests.bank.desk_of_payouts import OURS, again, debit, message, open_desk, statement
from tests.bank.desk_of_payouts import asked as ask
from tests.bank.payouts import usable
from tests.cast import NOON, balance, eur
from tests.web.client import Browser, field, plain
from tests.web.refusing import READERS, nothing_written, reading, refused, says
from tests.web.test_bad_input_files import fresh_code
from tests.web.test_every_page import asked, whole
from vps.bank.actions import NotByHand, NotWaiting, SettingMissing, StillHeld
from vps.bank.actions.by_hand import NoNumber
from vps.bank.actions.paydesk import NoReason
from vps.bank.models import PayoutFile
from vps.bank.models.paydesk import sent_files
from vps.bank.payfiles.files import check
from vps.bank.words import HELD
from vps.cli.books import problems_of
from vps.kernel.database import one, run
from vps.security.actions import BatchChanged, WrongCode
from vps.wallets.forms import NotThatDay

__all__ = ["asked"]

FRIDAY, NEW = "/office/payouts", f"/office/payouts/files/new/{OURS}"


@pytest.fixture
def desk(house):
    """A pay-out of Anna's that goes out, and Dragan."""
    open_desk(house)
    house.payout = ask(house)
    house.browser = reading(house.dragan, "en")
    return house


def make(desk) -> str:
    """The file that the page shows, made; its address."""
    page = desk.browser.get(NEW)
    answer = desk.browser.post(NEW, {"shown": field(page, "shown"), "code": fresh_code()})
    assert answer.status_code == 303, plain(answer.text)
    return str(answer.headers["Location"])


def test_the_page_shows_who_is_paid_and_sums_that_are_just_that(desk):
    ask(desk, 10_00)
    page = plain(desk.browser.get(FRIDAY).text)

    assert "€50.00" in page and page.count("AT61 1904 3002 3457 3201") == 2 and "Anna Bauer" in page
    assert one("SELECT count(*) FROM event WHERE verb = 'pay-out approved'")[0] == 0
    found = plain(desk.browser.get(f"{FRIDAY}?q={desk.payout.id}").text)
    assert found.count("AT61 1904") == 1
    assert "Nothing was found for: nix" in desk.browser.get(f"{FRIDAY}?q=nix").text


COPY = (
    "INSERT INTO payout (holder, kind, number, bic, amount, fee, currency, text, asked_at, day, held_reason, return_reason, refuse_reason)"
    " SELECT holder, kind, number, bic, amount, 0, currency, text, asked_at, day, '', '', '' FROM payout WHERE id = 1"
)


def test_the_page_is_paged_and_asks_no_more_the_more_there_is(desk, asked):
    counted = []
    for _ in range(2):
        desk.browser.get(FRIDAY)
        asked.clear()
        page = desk.browser.get(FRIDAY)
        counted.append(len(asked))
        for _ in range(59):
            run(COPY)
    page = plain(desk.browser.get(FRIDAY).text)
    assert counted[0] == counted[1] <= 20
    assert "€4,760.00" in page and page.count("AT61 1904") == 50
    more = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert plain(desk.browser.get(more).text).count("AT61 1904") == 50
    assert len(desk.browser.get(NEW).data) < 20_000


def test_one_code_makes_the_file_and_the_download_is_what_is_kept(desk):
    place = make(desk)

    shown = desk.browser.get(place)
    file = PayoutFile.get()
    assert file.digest.hex() == re.sub(r"\s|<[^>]*>", "", plain(shown.text).partition("SHA-256")[2])[:64]
    answers = [desk.browser.get(f"{place}/content") for _ in range(2)]
    assert answers[0].data == answers[1].data == bytes(file.content) and len(check(answers[0].data)) == 1
    assert answers[0].headers["Content-Disposition"] == f'attachment; filename="{file.message_id}.xml"'
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert file.message_id in desk.browser.get("/office/payouts/files").text


@pytest.mark.parametrize("language", ["de", "sr"])
def test_without_the_right_code_and_page_nothing_is_made(desk, language):
    dragan = reading(desk.dragan, language)
    shown = field(dragan.get(NEW), "shown")
    with nothing_written():
        refused(dragan.post(NEW, {"shown": "0" * 64, "code": "123456"}), BatchChanged.says, language, status=409)
        refused(dragan.post(NEW, {"shown": shown, "code": ""}), "Please fill this in.", language)
    refused(dragan.post(NEW, {"shown": shown, "code": "000000"}), WrongCode.says, language)
    refused(dragan.post(NEW, {"shown": shown, "code": "000000", "instant": "y"}), BatchChanged.says, language, status=409)
    assert sent_files() == []


def test_what_stands_in_the_way_of_a_file_is_said_without_asking_for_a_code(desk):
    run("UPDATE bank_account SET pay_format = 'rs'")
    page = desk.browser.get(NEW)
    assert "Nothing waits" in plain(desk.browser.get(FRIDAY).text), "an IBAN is not paid in dinars' files"
    assert says(page, "There is nothing to pay out.", "en") and 'name="code"' not in page.text
    run("UPDATE bank_account SET pay_format = 'pain.001.001.09', instant = ?", True)
    assert "instant" in desk.browser.get(NEW).text and 'name="instant"' not in desk.browser.get(f"{NEW}?instant=n").text
    assert SettingMissing.says


def test_each_press_does_what_it_says(desk):
    way = f"{FRIDAY}/{desk.payout.id}"
    refused(desk.browser.post(f"{way}/hold", {"reason": " "}), NoReason.says, "en")
    assert desk.browser.post(f"{way}/hold", {"reason": "Is it you?"}).status_code == 303
    assert "Is it you?" in desk.browser.get(way).text and HELD["held"] in desk.browser.get(FRIDAY).text
    refused(desk.browser.post(f"{way}/approval"), StillHeld.says, "en", status=409)
    assert desk.browser.post(f"{way}/hold/end").status_code == 303
    assert desk.browser.post(f"{way}/approval").status_code == 303
    assert desk.browser.post(f"{FRIDAY}/accounts/{OURS}/approval").status_code == 303
    assert again(desk.payout).state == "approved"
    assert desk.browser.post(f"{way}/refusal", {"reason": "Not today"}).status_code == 303
    assert balance(desk.anna) == eur(250_00)
    refused(desk.browser.post(f"{way}/hold", {"reason": "x"}), NotWaiting.says, "en", status=409)
    assert desk.browser.get(f"{FRIDAY}/77").status_code == desk.browser.post(f"{FRIDAY}/77/approval").status_code == 404


def test_a_file_is_voided_and_a_payment_taken_out_on_their_pages(desk):
    other = ask(desk, 6_00)
    place = make(desk)
    assert desk.browser.post(f"{FRIDAY}/{other.id}/file/end", {"reason": "Bank said no"}).status_code == 303
    refused(desk.browser.post(f"{place}/end", {"reason": ""}), "Please fill this in.", "en")
    assert desk.browser.post(f"{place}/end", {"reason": "Never uploaded", "refuse": "y"}).status_code == 303

    page = plain(desk.browser.get(place).text)
    assert "Never uploaded" in page and "Void the file" not in page
    assert (again(desk.payout).state, again(other).state) == ("refused", "held")


def test_what_was_paid_by_hand_leaves_the_list_and_its_debit_finds_it(desk):
    way = f"{FRIDAY}/{desk.payout.id}"
    refused(desk.browser.post(f"{way}/hand", {"number": "B 7", "day": "2099-01-01"}), NotThatDay.says, "en")
    refused(desk.browser.post(f"{way}/hand", {"number": " ", "day": "2026-11-20"}), NoNumber.says, "en")
    assert desk.browser.post(f"{way}/hand", {"number": "B 7", "day": "2026-11-20"}).status_code == 303
    assert "B 7" in desk.browser.get(way).text and "Nothing waits to be paid out." in desk.browser.get(FRIDAY).text
    assert not again(desk.payout).may_be_withdrawn
    assert desk.browser.post(f"{way}/hand/end").status_code == 303
    refused(desk.browser.post(f"{way}/hand/end"), NotByHand.says, "en", status=409)
    assert desk.browser.post(f"{FRIDAY}/77/hand/end").status_code == 404
    assert desk.browser.post(f"{way}/hand", {"number": "B 8", "day": "2026-11-20"}).status_code == 303

    statement(debit("40.00", account=desk.payout.number))

    assert again(desk.payout).state == "executed" and problems_of() == []
    refused(desk.browser.post(f"{way}/hand/end"), NotByHand.says, "en", status=409)


@pytest.mark.parametrize("language", READERS)
def test_the_pages_are_whole_in_every_language(desk, language):
    usable(desk, desk.boris, "AT611904300234573201")
    held = ask(desk, 7_00)
    run("UPDATE bank_account SET pay_format = 'pain.001.001.03'")
    run("UPDATE payout SET approved_at = asked_at WHERE id = ?", desk.payout.id)
    make(desk)
    statement(debit("40.00", message(1)))
    for person in (desk.clara, desk.dragan):
        browser = reading(person, language)
        for path in ("", f"/{desk.payout.id}", f"/{held.id}", "/files", "/files/1", f"/files/new/{OURS}"):
            answer = browser.get(FRIDAY + path)
            assert answer.status_code == 200, path
            whole(answer, language, path)
            assert path or HELD["shared"] in answer.text or language != "en"
    assert Browser(desk.clara).get("/office/payouts/files/1/content").status_code == 403
    assert NOON
