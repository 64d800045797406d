"""Lists of internet addresses as people meet them: begun by the owner, kept by the office, felt when paying and signing in."""

import re

import pytest

from tests.cast import CODES, NOON, PASSWORD, balance, eur, red_order, sheet_of
from tests.web.client import PIECE, Browser, asked_index, field
from tests.web.refusing import nothing_written, reading, refused, says
from vps.company.models import LANGUAGES
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import one, rows
from vps.people.actions import AddressNotAllowed, SignInNotAllowed, add_network, invite, networks_of
from vps.people.actions.networks import AlreadyListed, NotANetwork, OnlyTheOffice, SignInNotSeen, TooWide, WouldShutOut, WouldShutOutUnseen
from vps.people.actions.notices import note

HOME, ELSEWHERE = "198.51.100.7", "203.0.113.5"
CLAIM = {"X-Forwarded-For": HOME}
"""A claim where no proxy was named: the address is unknown."""


def at(address):
    """A request that comes from this address."""
    return {"environ_overrides": {"REMOTE_ADDR": address}}


def allow(person, cidr=HOME):
    add_network(person.id, cidr, actor=HOUSE, at=NOON)


def listed(person):
    return [each.cidr for each in networks_of(person.id)]


def forms_of(page):
    return re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*networks[^"]*)"', page.text)


@pytest.mark.parametrize("who", ["anna", "clara"])
def test_one_begins_ones_own_list_with_the_present_address(house, who):
    browser = Browser(getattr(house, who))
    page = browser.get("/me/networks", **at(HOME))
    assert field(page, "cidr") == HOME and forms_of(page) == ["/me/networks"]

    assert browser.post("/me/networks", {"cidr": HOME}, **at(HOME)).headers["Location"] == "/me/networks"

    page = browser.get("/me/networks", **at(HOME))
    assert f"{HOME}/32" in page.text and forms_of(page) == []
    assert listed(getattr(house, who)) == [f"{HOME}/32"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_a_network_is_said_at_its_field(house, language):
    anna = reading(house.anna, language)
    with nothing_written():
        for typed, refusal in (("home", NotANetwork), ("0.0.0.0/0", TooWide)):
            page = anna.post("/me/networks", {"cidr": typed}, **at(HOME))
            refused(page, refusal.says, language)
            assert field(page, "cidr") == typed
        refused(anna.post("/me/networks", {"cidr": HOME}, **at(ELSEWHERE)), WouldShutOut.says, language)
        refused(anna.post("/me/networks", {"cidr": HOME}, headers=CLAIM), WouldShutOutUnseen.says, language)
    assert anna.post("/me/networks", {"cidr": HOME, "outside": "y"}, **at(ELSEWHERE)).status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_to_loosen_his_list_the_owner_calls_the_office(house, language):
    anna = reading(house.anna, language)
    allow(house.anna)
    (entry,) = networks_of(house.anna.id)
    with nothing_written():
        refused(anna.post("/me/networks", {"cidr": "10.0.0.1"}), OnlyTheOffice.says, language, status=403)
        refused(anna.post(f"/me/networks/{entry.id}/end"), OnlyTheOffice.says, language, status=403)
        refused(anna.post("/me/networks", {"cidr": HOME}), AlreadyListed.says, language, status=409)
    assert listed(house.anna) == [f"{HOME}/32"]


def test_the_office_keeps_a_partners_list(house):
    dragan, path = Browser(house.dragan), f"/office/partners/{house.anna.number}/networks"
    assert path in dragan.get(f"/office/partners/{house.anna.number}").text

    for cidr in ("198.51.100.0/24", "2001:db8:7::1"):
        assert dragan.post(path, {"cidr": cidr}).headers["Location"] == path
    page = dragan.get(path)
    assert "2001:db8:7::/64" in page.text and 'name="outside"' not in page.text
    refused(dragan.post(path, {"cidr": "x"}), NotANetwork.says, "sr")
    assert dragan.post(forms_of(page)[0]).headers["Location"] == path

    assert listed(house.anna) == ["2001:db8:7::/64"]
    history = dragan.get(f"/office/partners/{house.anna.number}/history").text
    assert history.count("198.51.100.0/24") == 2, "added, and no longer allowed"


def test_the_office_keeps_a_colleagues_list_but_nobody_his_own(house):
    elena = Browser(house.elena)
    path, own = f"/office/people/{house.clara.id}/networks", f"/office/people/{house.elena.id}/networks"
    assert path in elena.get("/office/staff").text

    assert elena.post(path, {"cidr": "127.0.0.0/8"}).headers["Location"] == path
    assert elena.post(own, {"cidr": "127.0.0.0/8"}).headers["Location"] == own
    with nothing_written():
        refused(elena.post(own, {"cidr": "10.0.0.1"}), OnlyTheOffice.says, "ru", status=403)
        assert forms_of(elena.get(own)) == []
        assert elena.post(f"{own}/{networks_of(house.elena.id)[0].id}/end").status_code == 403
    assert elena.post(forms_of(elena.get(path))[0]).headers["Location"] == path
    assert (listed(house.clara), listed(house.elena)) == ([], ["127.0.0.0/8"])


def test_an_address_that_cannot_be_seen_is_said_on_both_sides(house):
    allow(house.anna)
    path = f"/office/partners/{house.anna.number}/networks"
    dragan, anna = reading(house.dragan, "en"), reading(house.anna, "en")
    assert "vps doctor" in dragan.get(path, headers=CLAIM).text and "vps doctor" not in dragan.get(path).text
    page = anna.get("/me/networks", headers=CLAIM)
    assert says(page, "Your internet address cannot be seen. With a list you would be refused everywhere; please tell the office.", "en")


def test_whose_address_changes_all_the_time_is_warned(house):
    anna = reading(house.anna, "en")
    warning = "Changes of your internet address in the last 30 days: %(n)s. A list is meant for a connection whose address stays the same; with yours you would soon be shut out."
    for address in (HOME, ELSEWHERE, HOME):
        note(Actor(house.anna.id, address), "signed in", house.anna.id, at=clock())
    assert says(anna.get("/me/networks"), warning, "en"), "and then the present session"
    assert not says(reading(house.boris, "en").get("/me/networks"), warning, "en")


def pay(browser, order, address, *, piece=False):
    page = browser.get(f"/orders/{order.number}/payment", **at(HOME))
    typed = {"shown": field(page, "shown"), "tan": CODES[asked_index(page) - 1]}
    return browser.post(f"/orders/{order.number}/payment", typed, piece=piece, **at(address))


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_elsewhere_the_dialog_says_so_before_a_tan_is_typed(house, language):
    sheet_of(house.anna)
    allow(house.anna)
    order, anna = red_order(house), reading(house.anna, language)

    page = anna.get(f"/orders/{order.number}/payment", **at(ELSEWHERE))

    assert says(page, AddressNotAllowed.says, language) and ELSEWHERE in page.text and 'name="tan"' not in page.text
    assert 'name="tan"' in anna.get(f"/orders/{order.number}/payment", **at(HOME)).text


@pytest.mark.parametrize("piece", [False, True], ids=["page", "piece"])
def test_from_elsewhere_nothing_is_paid_and_nothing_counted(cast, piece):
    sheet_of(cast.anna)
    allow(cast.anna)
    order, anna = red_order(cast), reading(cast.anna, "en")

    with nothing_written():
        answer = pay(anna, order, ELSEWHERE, piece=piece)

    assert answer.status_code == 403 and ELSEWHERE in answer.text and 'name="tan"' not in answer.text
    assert balance(cast.anna) == eur(250_00)
    assert pay(anna, order, HOME).status_code == 303
    assert balance(cast.anna) == eur(200_10)


def test_a_partner_signs_in_and_looks_from_everywhere(house):
    allow(house.anna)
    browser = Browser()
    assert browser.post("/sign-in", {"username": "anna", "password": PASSWORD}, **at(ELSEWHERE)).status_code == 303
    for path in ("/wallet", "/me/networks", "/me/history"):
        assert browser.get(path, **at(ELSEWHERE)).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_sign_in_from_their_list_only(house, language):
    allow(house.dragan)
    typed = {"username": "dragan", "password": PASSWORD}

    with nothing_written():
        answer = Browser(language=language).post("/sign-in", typed, **at(ELSEWHERE))
        refused(answer, SignInNotAllowed.says, language, status=403)
        assert ELSEWHERE in answer.text
        unseen = Browser(language=language).post("/sign-in", typed, headers=CLAIM)
        refused(unseen, SignInNotSeen.says, language, status=403)
        wrong = Browser(language=language).post("/sign-in", typed | {"password": "wrong"}, **at(ELSEWHERE))
        assert wrong.status_code == 422 and ELSEWHERE not in wrong.text, "who does not know the password learns of no list"

    assert one("SELECT count(*) FROM session")[0] == 0
    assert Browser().post("/sign-in", typed, **at(HOME)).status_code == 303
    told = rows("SELECT address FROM event WHERE verb = 'sign-in refused: address' ORDER BY id")
    assert told == [(ELSEWHERE,), ("",)]


def test_a_link_for_a_password_is_not_used_up_where_its_owner_may_not_sign_in(house):
    allow(house.dragan)
    link, new = f"/welcome/{invite(house.dragan, purpose='password', actor=HOUSE, at=clock())}", "seven purple otters sing"

    refused(Browser(language="en").post(link, {"password": new, "again": new}, **at(ELSEWHERE)), SignInNotAllowed.says, "en", status=403)

    assert Browser().post(link, {"password": new, "again": new}, **at(HOME)).status_code == 303


@pytest.mark.parametrize("confirmed", [True, False], ids=["whole", "half"])
def test_a_session_of_staff_ends_where_it_is_carried_off_to(house, confirmed):
    allow(house.dragan)
    dragan = Browser(house.dragan, confirmed=confirmed)
    assert dragan.get("/office/partners/new", **at(HOME)).status_code == (200 if confirmed else 303)

    for method in (dragan.get, dragan.client.post):
        answer = method("/office/partners/new", **at(ELSEWHERE))
        assert answer.status_code == 401 and 'name="password"' in answer.text
    assert dragan.get("/office/orders", **at(HOME)).status_code == 401, "it does not come back"
    dragan.client.set_cookie("vps", dragan.token)
    assert dragan.get("/office/orders", **at(HOME)).status_code == 401
    assert one("SELECT count(*) FROM event WHERE verb = 'session ended: address'")[0] == 1


def test_what_staff_typed_is_kept_when_their_address_changes(house):
    allow(house.dragan)
    typed = {"name": "Petra Novak", "language": "hr", "zone": "Europe/Zagreb", "key": "k" * 12}
    answer = Browser(house.dragan).post("/office/partners/new", typed, headers=PIECE, **at(ELSEWHERE))
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "body") and 'value="Petra Novak"' in answer.text


def test_a_list_that_is_made_while_somebody_is_signed_in_counts_at_once(house):
    dragan, anna = Browser(house.dragan), Browser(house.anna)
    assert dragan.get("/office/orders", **at(ELSEWHERE)).status_code == 200
    allow(house.dragan)
    allow(house.anna)
    assert dragan.get("/office/orders", **at(ELSEWHERE)).status_code == 401
    assert anna.get("/wallet", **at(ELSEWHERE)).status_code == 200, "a partner's session stays"


def test_what_one_reads_of_it_in_ones_history(house):
    allow(house.anna)
    note(Actor(house.anna.id, ELSEWHERE), "sign-in refused: address", house.anna.id, at=NOON)
    page = reading(house.anna, "en").get("/me/history").text
    assert f"{HOME}/32" in page and ELSEWHERE in page and "Internet address allowed" in page
