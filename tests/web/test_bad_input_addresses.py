"""Requests that lie about where they come from, to whom they go, or who sent them: SECURITY, bad inputs 44 and 45."""

import pytest

from tests.cast import PASSWORD, app_of, red_order
from tests.web.client import Browser, app
from tests.web.refusing import counts, nothing_written, reading, refused
from vps.hypermedia.proxy import Proxies
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one, rows
from vps.kernel.settings import Settings
from vps.people.actions import add_network, close_person

LANGUAGES = ("en", "de", "sr", "ru")
FIFTY = ", ".join(["1.2.3.4"] * 50)
LIES = ("127.0.0.1", "::ffff:10.0.0.1", "10.0.0.1", FIFTY, "fe80::1%eth0", "", "x" * 2_000, "unknown", "127.0.0.1:80", "0.0.0.0, 127.0.0.1")


@pytest.fixture
def behind(monkeypatch):
    """Put proxies before the app."""

    def proxies(hops=1, peers=Settings.proxy_peers):
        monkeypatch.setattr(app(), "wsgi_app", Proxies(app().wsgi_app.app, hops=hops, peers=peers))

    return proxies


def sign_in(username="anna", *, peer="127.0.0.1", said=None, **headers):
    given = headers | ({} if said is None else {"X-Forwarded-For": said})
    return Browser().post("/sign-in", {"username": username, "password": PASSWORD}, headers=given, environ_overrides={"REMOTE_ADDR": peer})


def seen():
    """The address that the newest session was opened from."""
    return one("SELECT address FROM session ORDER BY id DESC LIMIT 1")[0]


def test_what_a_stranger_says_about_his_address_is_not_believed(house):
    add_network(house.dragan.id, "127.0.0.1", actor=HOUSE, at=clock())
    add_network(house.dragan.id, "10.0.0.1", actor=HOUSE, at=clock())
    for said in LIES:
        before = counts()
        answer = sign_in(said=said, **{"X-Forwarded-Host": "evil", "Forwarded": "for=9.9.9.9"})
        assert (answer.status_code, answer.headers["Location"], seen()) == (303, "/", "")
        assert {**counts(), "outbox": 0} == {**before, "outbox": 0}, "but that Anna is told of a browser she has not used before"
        assert sign_in("dragan", said=said).status_code == 403, "an address that is not known passes no rule"


@pytest.mark.parametrize("peer", ["192.0.2.99", "2001:db8::99"])
def test_who_is_not_the_proxy_is_where_he_is(house, behind, peer):
    behind(hops=1)
    for said in LIES:
        answer = sign_in(peer=peer, said=said, **{"X-Forwarded-Host": "evil", "X-Forwarded-Proto": "https"})
        assert (answer.status_code, answer.headers["Location"], seen()) == (303, "/", peer)


@pytest.mark.parametrize(
    ("said", "address"),
    [("198.51.100.7", "198.51.100.7"), ("::ffff:10.0.0.1", "10.0.0.1"), ("2001:DB8::7", "2001:db8::7"), *((lie, "") for lie in LIES[3:])],
)
def test_behind_a_proxy_its_word_counts_when_it_is_one_address(house, behind, said, address):
    behind(hops=1)
    assert (sign_in(said=said).status_code, seen()) == (303, address)


def test_a_proxy_that_only_passes_a_list_on_lets_nobody_choose_his_address(house, behind):
    behind(hops=1)
    add_network(house.dragan.id, "10.0.0.1", actor=HOUSE, at=clock())
    assert sign_in("dragan", said="10.0.0.1, 203.0.113.5").status_code == 403
    assert sign_in("dragan").status_code == 403, "nor does a proxy that says nothing"
    assert sign_in("dragan", said="10.0.0.1").status_code == 303


def test_scheme_and_host_come_from_the_proxy_alone(house, behind):
    behind(hops=1)
    for peer, status in (("127.0.0.1", 400), ("192.0.2.99", 303)):
        answer = Browser().get(
            "/", headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "evil"}, environ_overrides={"REMOTE_ADDR": peer}
        )
        assert answer.status_code == {400: 400, 303: 302}[status] and "evil" not in answer.text


def test_failures_from_nowhere_are_counted_as_one_network(house):
    for said in LIES:
        Browser().post("/sign-in", {"username": "nobody", "password": "x"}, headers={"X-Forwarded-For": said})
    ((subject, failures),) = rows("SELECT subject, failures FROM throttle WHERE scope = 'network'")
    assert (subject, failures > 1) == ("unknown", True)


@pytest.mark.parametrize("headers", [[("Host", "evil.example")], [("Host", "localhost"), ("Host", "evil.example")], [("Host", "")], [("Host", "localhost@evil")],
                                     [("Host", "evil.localhost")], [("Host", "[::1%25eth0]")], [("Host", "localhost\t.evil")]])  # fmt: skip
def test_a_host_that_is_not_ours_gets_one_sentence(house, headers):
    for language in LANGUAGES:
        anna = reading(house.anna, language)
        answer = anna.get("/wallet", headers=headers)
        assert answer.status_code == 400
        assert "evil" not in answer.text and "250" not in answer.text
        assert anna.client.post("/sign-in", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "asked",
    ["http://evil.example/wallet", "https://evil.example/wallet", "HTTP://evil/wallet", "http:///wallet", "evil.example:443", "http:"],
)
def test_an_absolute_address_of_another_host_is_refused(house, asked):
    answer = Browser(house.anna).get("/wallet", environ_overrides={"RAW_URI": asked})
    assert answer.status_code == 400 and "evil" not in answer.text and "250" not in answer.text


@pytest.mark.parametrize("asked", ["http://localhost/wallet", "HTTP://LOCALHOST/wallet", "/wallet?next=http://evil.example", "*"])
def test_an_absolute_address_of_ours_is_as_good_as_a_path(house, asked):
    assert Browser(house.anna).get("/wallet", environ_overrides={"RAW_URI": asked}).status_code == 200


def test_the_address_that_is_seen_is_told_to_the_doctor_only(house):
    from vps.hypermedia.proxy import proof

    assert Browser().get(f"/seen/{proof()}").text == "127.0.0.1\n"
    assert Browser().get(f"/seen/{proof()}", headers={"X-Forwarded-For": "9.9.9.9"}).text == "\n"
    for word in ("x", f"{proof()}x", "127.0.0.1"):
        assert Browser().get(f"/seen/{word}").status_code == 404


@pytest.mark.filterwarnings("ignore:The .* cookie is too large")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cookie_that_is_none_of_ours_is_nobody(house, language):
    good = Browser(house.anna).token
    signed_out = Browser(house.anna)
    signed_out.post("/sign-out")
    tampered = (good[:-1] + ("A" if good[-1] != "A" else "B"), good.swapcase(), good[1:], good + "x", f" {good} x", "a." + good)
    for value in (signed_out.token, *tampered, "x" * 10_240, "a." + "x" * 10_240, "a.", "a.e30.x", "'--", "%00", "☃"):
        browser = Browser(language=language)
        browser.client.set_cookie("vps", value, max_size=0)
        with nothing_written():
            refused(browser.get("/wallet"), "Please sign in to go on.", language, status=401)
            browser.client.set_cookie("vps", value, max_size=0)
            assert browser.client.post("/orders/new", data={"name": "x"}).status_code == 401


@pytest.mark.filterwarnings("ignore:The .* cookie is too large")
@pytest.mark.parametrize("device", ["x", "x" * 10_240, "'--", "☃", ""])
def test_a_browsers_cookie_that_is_none_of_ours_makes_it_an_unknown_one(house, device):
    browser = Browser()
    browser.client.set_cookie("vpsdev", device, max_size=0)
    assert browser.post("/sign-in", {"username": "anna", "password": PASSWORD}).status_code == 303
    assert browser.client.get_cookie("vpsdev").value != device


def test_after_signing_out_the_old_token_and_the_old_cookie_do_nothing(house):
    order, anna = red_order(house), Browser(house.anna)
    token = anna.csrf()
    anna.post("/sign-out")
    with nothing_written():
        for again in (False, True):
            if again:
                anna.client.set_cookie("vps", anna.token)
            assert anna.client.post(f"/orders/{order.number}/end", data={"csrf_token": token}).status_code == 401
            assert anna.client.post("/sign-in", data={"csrf_token": token, "username": "anna", "password": "x"}).status_code == 403


def test_whoever_is_closed_is_out_at_once(house):
    order, anna, half, clara = red_order(house), Browser(house.anna), Browser(house.dragan, confirmed=False), Browser(house.clara)
    code = app_of(house.dragan, clock()).at(clock())
    for browser, path in ((anna, "/wallet"), (half, "/sign-in/code"), (clara, "/office/orders")):
        assert browser.get(path).status_code == 200
    for person in (house.anna, house.dragan, house.clara):
        close_person(person, actor=HOUSE, at=clock())

    with nothing_written():
        assert anna.get("/wallet").status_code == 401
        assert anna.post("/orders/new", {}).status_code == anna.post(f"/orders/{order.number}/end").status_code == 401
        assert clara.get("/office/orders").status_code == 401
        assert half.post("/sign-in/code", {"code": code}).status_code in (401, 403)
        assert sign_in("anna").status_code == 422
