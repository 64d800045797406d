"""Nobody is left out: axe finds nothing, nothing is cut off on a small phone or at 200 %, in both modes and every language."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PARTNER = [
    "/wallet",
    "/orders?colour=red",
    "/orders/new",
    "/orders/{order}",
    "/orders/{order}/payment",
    "/wallet/top-up",
    "/orders/{order}/slip",
    "/more",
    "/me/security",
    "/me/level",
    "/me/phone",
    "/me/recovery",
    "/me/changes/practice",
    "/me/changes/recovery",
    "/me/passkeys",
    "/me/sessions",
    "/me/browsers",
    "/me/browsers/{browser}/name",
    "/me/password",
    "/me/history",
    "/me/networks",
    "/me/notices",
]
OFFICE = [
    "/office/orders?colour=red",
    "/office/partners",
    "/office/partners/{partner}",
    "/office/partners/{partner}/history",
    "/office/partners/{partner}/networks",
    "/office/partners/{partner}/recovery",
    "/office/security",
    "/office/partners/{partner}/wallet",
    "/office/bank/statements",
    "/office/bank/uploads/{upload}/booking",
    "/office/sending",
    "/office/partners/{partner}/wallet/top-up",
]
MANAGED = ["/office/staff", "/office/people/{clerk}/rights", "/office/trail"]
PAID = ["/orders/{paid}", "/orders/{paid}/receipt"]
NOBODY = ["/sign-in", "/sign-in/help", "/freeze", "/nowhere"]
PAGES = [
    *((None, path) for path in NOBODY),
    *(("anna", path) for path in PARTNER),
    *(("boris", path) for path in PAID),
    *(("dragan", path) for path in OFFICE),
    ("rested", "/office/partners/{partner}/sheet"),  # which asks for another code
    *(("elena", path) for path in MANAGED),
]
# What reaches past the window, or past a box that scrolls without being a table that has to.
CUT_OFF = """() => [...document.querySelectorAll('main *')].filter(each =>
  !each.closest('.scroll') && !each.closest('.only-heard') && each.getClientRects().length
  && (each.getBoundingClientRect().right > innerWidth + 1 || (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible'))
).map(each => each.outerHTML.slice(0, 120))"""


def address(path: str, stage) -> str:
    facts = {"order": stage.orders[0].number, "paid": stage.paid.number, "partner": stage.anna.number, "upload": stage.upload}
    return path.format(**facts, browser=stage.browser, clerk=stage.clara.id)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing(stage, visit, who, path, dark):
    page = visit(who, width=1200 if who in ("dragan", "elena") else 360, dark=dark).new_page()
    page.goto(address(path, stage))

    found = Axe().run(page).response["violations"]

    assert not found, [(problem["id"], [node["target"] for node in problem["nodes"]]) for problem in found]


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_nothing_is_cut_off_on_a_phone(stage, visit, who, path, width):
    # 640 px at 200 % are 320 px to the page.
    page = visit(who, width=width).new_page()
    page.goto(address(path, stage))

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("lang", ["de", "ru", "hr", "sr", "sr_Latn"])
def test_long_words_fit_too(stage, visit, lang):
    page = visit(lang=lang).new_page()
    for path in NOBODY:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.get_attribute("html", "lang") == lang.replace("_", "-")


def test_no_console_error_and_no_refused_resource(stage, visit):
    page = visit("anna").new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PARTNER:
        page.goto(address(path, stage), wait_until="networkidle")

    assert not said
