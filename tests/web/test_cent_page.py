"""A partner confirms his account by a coded cent, press by press, in his language; the office sees the cent on its Friday."""

import pytest

from tests.bank.desk_of_payouts import OURS, made, open_desk
from tests.bank.payouts import YESTERDAY, me
from tests.bank.test_cents import in_file, wrong
from tests.web.client import plain
from tests.web.refusing import READERS, nothing_written, reading, refused
from tests.web.test_every_page import whole
from vps.bank.actions import CentGivenUp, NotInOwnName, WrongCentCode, add_payee_for, ask_cent, read_account
from vps.bank.models import Cent
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.trust.models import accepted_steps


@pytest.fixture
def desk(house):
    return open_desk(house)


def test_he_has_a_cent_sent_and_types_what_his_statement_shows(desk):
    anna = reading(desk.anna, "en")
    page = f"/me/accounts/{desk.to}/cent"
    assert page in anna.get("/me/accounts").text and "/me/accounts" in anna.get("/me/identity/iban").text

    assert anna.post(page).headers["Location"] == page
    cent = Cent.get()
    assert "Enter the code of the cent" in anna.get("/me/accounts").text and 'name="code"' in anna.get(page).text
    clerk = reading(desk.dragan, "en")
    for path in ("/office/payouts", f"/office/payouts/{cent.payout_id}", f"/office/payouts/files/new/{OURS}"):
        assert "Confirmation cent" in clerk.get(path).text, path
    assert "/hand" not in clerk.get(f"/office/payouts/{cent.payout_id}").text, "who pays by hand does not know the code"
    file = made(desk, at=clock())
    assert "Confirmation cent" in clerk.get(f"/office/payouts/files/{file}").text
    (code,) = in_file(file)
    assert code not in clerk.get(f"/office/payouts/files/{file}").text

    answer = anna.post(f"{page}/code", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/me/accounts#account-{desk.to}")
    assert "Confirmed as yours" in plain(anna.get("/me/accounts").text) and "Confirmed as yours" in anna.get(page).text
    assert accepted_steps(desk.anna.id, clock().date()) == {"iban"}


@pytest.mark.parametrize("language", READERS)
def test_what_stands_in_the_way_is_said_at_its_place_in_his_language(house, language):
    open_desk(house)
    anna, page = reading(house.anna, language), f"/me/accounts/{house.to}/cent"
    mule = add_payee_for(house.anna.id, read_account("SI56192001234567892"), "Mule", actor=me(house.elena), at=YESTERDAY)
    with nothing_written():
        refused(anna.post(f"/me/accounts/{mule}/cent"), NotInOwnName.says, language, status=409)
        assert anna.get("/me/accounts/77/cent").status_code == 404
        assert reading(house.boris, language).get(page).status_code == 404
    rests = add_payee_for(house.anna.id, read_account("NL91ABNA0417164300"), "Anna Bauer", actor=me(house.elena), at=clock())
    whole(anna.get(f"/me/accounts/{rests}/cent"), language, "rests")
    ask_cent(house.anna.id, house.to, actor=me(house.anna), at=clock())
    (code,) = in_file(made(house, at=clock()))
    for _ in range(2):
        refused(anna.post(f"{page}/code", {"code": wrong(code)}), WrongCentCode.says, language)
    whole(anna.get(page), language, page)
    refused(anna.post(f"{page}/code", {"code": wrong(code)}), CentGivenUp.says, language, status=409)
    assert one("SELECT count(*) FROM identity_step")[0] == 0
    for path in ("/me/accounts", page, "/me/history"):
        whole(anna.get(path), language, path)
