"""Passkeys in a real browser, with an authenticator of its own: made on the page, listed, and right for what the server asks."""

import itertools
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import PASSWORD, balance, eur, give, recovery_of, red_order
from tests.seen.conftest import Bytes, token
from tests.seen.test_bytes import LATER_PAGE
from tests.seen.test_everybody_can_use_it import CUT_OFF
from tests.web.client import app
from vps.hypermedia.assets import asset
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import action, one
from vps.kernel.hashing import slow_hash
from vps.people.actions import Details, register_partner, set_password
from vps.security.actions import Site, assertion, permit, request_options, use_passkey
from vps.security.models import passkeys_of
from vps.wallets.actions import open_wallet

pytestmark = pytest.mark.browser

CHALLENGE = bytes(range(32))
NAME = "input[name=name]"
ADD = "form[data-passkey] button"
FAILED = "[data-passkey-failed]"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ASK = """async (given) => {
  const made = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(given)) });
  return JSON.stringify(made.toJSON());
}"""
FORM = """{% import "security/_passkey.html" as key with context %}
<form id="ask" method="post" action="/paid" {{ more|safe }} {{ key.passkey_form_attrs(options) }}>{{ key.passkey_fields() }}<button>Pay</button></form>"""
_count = itertools.count(1)


@pytest.fixture
def site(stage):
    """The server under a name: an address of numbers can have no passkeys."""
    return Site.at(stage.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def eva(stage):
    """A partner without a way to confirm yet."""
    name = f"eva{next(_count)}"
    person = register_partner(Details("Eva Neu", "en", "Europe/Berlin", username=name), actor=HOUSE, at=clock())
    set_password(person, slow_hash(PASSWORD), actor=HOUSE, at=clock())
    return person


@pytest.fixture
def window(visit, site, eva):
    """A page of Eva's, in a browser with a device that knows her, or does not."""

    def opened(path="/me/passkeys", *, scripts=True, dark=False, before="", **device):
        context = visit(scripts=scripts, dark=dark)
        context.add_cookies([{"name": "vps", "value": token(eva), "url": site.origin}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **device}})
        if before:
            page.add_init_script(before)
        page.goto(site.origin + path, wait_until="networkidle")
        return page

    return opened


def add(page, name="My phone"):
    page.fill(NAME, name)
    page.click(ADD)
    page.wait_for_selector(f"li.entry >> text={name}")


def right(eva, site, answer):
    return assertion(eva.id, answer, challenge=CHALLENGE, site=site, at=clock())


@pytest.mark.parametrize("from_list", [True, False], ids=["from the list", "from the order"])
def test_an_order_is_paid_by_a_passkey(stage, window, site, eva, from_list):
    open_wallet(eva.id, "EUR", at=clock())
    give(eva, 100_00)
    order = red_order(stage, eva)
    page = window()
    add(page)
    recovery_of(eva, clock())

    if from_list:
        page.goto(f"{site.origin}/orders?colour=red", wait_until="networkidle")
        page.click(f"#order-{order.number} .button--main")
        page.click("dialog[open] a.button--main")
    else:
        page.goto(f"{site.origin}/orders/{order.number}/payment", wait_until="networkidle")
    page.wait_for_load_state("networkidle")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"**/orders/{order.number}")

    assert one("SELECT paid_at IS NOT NULL FROM orders WHERE id = ?", order.id)[0]
    assert one("SELECT way FROM challenge c JOIN intent i ON i.id = c.intent_id WHERE i.subject = ?", order.number)[0] == "passkey"
    assert balance(eva) == eur(100_00 - order.total)


def test_from_signing_in_to_a_passkey_that_confirms(visit, site, eva):
    page = visit().new_page()
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{site.origin}/sign-in", wait_until="networkidle")
    page.fill("input[name=username]", eva.username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/wallet")
    page.goto(f"{site.origin}/me/security", wait_until="networkidle")
    page.click("a[href='/me/passkeys']")  # boosted: the script comes with the body
    page.wait_for_selector(NAME)
    page.wait_for_load_state("networkidle")

    add(page)

    assert [each.name for each in passkeys_of(eva.id)] == ["My phone"]
    assert page.url == f"{site.origin}/me/passkeys" and not page.locator(NAME).count()
    found = right(eva, site, page.evaluate(ASK, request_options(eva.id, site, CHALLENGE, at=clock())))
    assert found and found[0] == passkeys_of(eva.id)[0].id
    assert action(use_passkey)(*found, clock())
    assert not action(use_passkey)(*found, clock()), "the same signature again"
    again = right(eva, site, page.evaluate(ASK, request_options(eva.id, site, CHALLENGE, at=clock())))
    assert again and again[1] > found[1]


@pytest.mark.parametrize("more", ["", 'data-hx-post="/paid" data-hx-swap="outerHTML" data-hx-sync="this:drop"'], ids=["whole page", "htmx"])
def test_a_form_that_asks_for_a_passkey_is_sent_with_its_answer(window, site, eva, more):
    page, sent = window(), []
    add(page)
    options = request_options(eva.id, site, CHALLENGE, at=clock())
    form = app().jinja_env.from_string(FORM).render(options=options, more=more, _=str)
    page.evaluate("(form) => document.getElementById('main').insertAdjacentHTML('afterbegin', form)", form)
    page.add_script_tag(url=f"/static/{asset('passkey.js').digest}/passkey.js", type="module")
    page.wait_for_load_state("networkidle")
    page.evaluate("htmx.process(document.getElementById('ask'))")
    page.route("**/paid", lambda route: (sent.append(route.request.post_data), route.fulfill(body="<b>Paid</b>", content_type="text/html")))

    page.click("#ask button")
    page.wait_for_selector("b >> text=Paid")

    assert page.url.endswith("/me/passkeys" if more else "/paid")

    assert len(sent) == 1
    assert right(eva, site, parse_qs(sent[0])["passkey"][0])


def test_a_passkey_is_removed_and_another_one_made(window, eva):
    page = window()
    add(page, "First")
    page.click("text=Remove")
    page.wait_for_selector("li.entry", state="detached")
    assert not page.locator(NAME).count(), "the password alone replaces no way by another"
    permit(eva.id, "office", actor=HOUSE, at=clock())
    page.reload(wait_until="networkidle")

    add(page, "Second")

    assert [each.name for each in passkeys_of(eva.id)] == ["Second"]


@pytest.mark.parametrize(
    ("device", "before"),
    [
        ({"isUserVerified": False}, ""),
        ({}, "delete Navigator.prototype.credentials"),
        ({"hasUserVerification": False, "isUserVerified": False}, ""),
    ],
    ids=["another finger", "no passkeys here", "a device that verifies nobody"],
)
def test_without_an_answer_nothing_is_sent_and_it_is_said(window, eva, device, before):
    page = window(before=before, **device)
    assert not page.is_visible(FAILED)
    page.fill(NAME, "My phone")
    page.click(ADD)
    page.wait_for_selector(FAILED)

    assert page.input_value(NAME) == "My phone" and page.is_enabled(ADD)
    assert passkeys_of(eva.id) == []


def test_a_second_try_after_the_first_failed_adds_it(window, eva):
    first = "const real = CredentialsContainer.prototype.create; let n = 0;"
    fails = (
        "CredentialsContainer.prototype.create = function (...all) { return n++ ? real.apply(this, all) : Promise.reject(new Error()); }"
    )
    page = window(before=first + fails)
    page.fill(NAME, "My phone")
    page.click(ADD)
    page.wait_for_selector(FAILED)

    page.click(ADD)
    page.wait_for_selector("li.entry >> text=My phone")

    assert len(passkeys_of(eva.id)) == 1


def test_without_javascript_it_is_said_that_it_cannot_be_done(window, eva):
    page = window(scripts=False)
    assert '<noscript><p class="warn">This browser cannot use passkeys.</p></noscript>' in page.content()
    page.fill(NAME, "My phone")
    page.click(ADD)
    page.wait_for_selector("#refusal .wrong")

    assert page.input_value(NAME) == "My phone" and passkeys_of(eva.id) == []


def test_the_page_that_asks_costs_no_more_than_another(window, site):
    page = window("/me/security")
    wire = Bytes(page)
    page.goto(f"{site.origin}/me/passkeys", wait_until="networkidle")

    assert 300 < wire.of("/passkey.js") < wire.of() <= LATER_PAGE, wire.seen


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_that_asks_is_for_everybody(window, dark):
    page, said = window(dark=dark), []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)

    for _ in range(2):
        found = Axe().run(page).response["violations"]
        assert not found, [(problem["id"], [node["target"] for node in problem["nodes"]]) for problem in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate(CUT_OFF) == []
        if page.locator(NAME).count():
            add(page, "Magdalenas Donaudampfschifffahrtstelefon")
    assert not said
