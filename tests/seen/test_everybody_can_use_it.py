"""Nobody is left out: axe finds nothing, nothing is cut off on a small phone or at 200 %, in both modes and every language.

Each page is opened once, and all is asked of it then.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from vps.wallets.models import code_of

pytestmark = pytest.mark.browser

PARTNER = [
    "/wallet",
    "/wallet/statement?q=x",
    "/wallet/wallets/{main}",
    "/wallet/new",
    "/wallet/total",
    "/orders?colour=red",
    "/orders/new",
    "/orders/{order}",
    "/orders/{order}/payment",
    "/wallet/top-up",
    "/orders/{order}/slip",
    "/wallet/pay-outs",
    "/wallet/send",
    "/wallet/send?to={code}",
    "/wallet/receive?amount=20&message=Lavendel",
    "/wallet/transfers",
    "/wallet/transfers/1",
    "/wallet/standing",
    "/wallet/standing/{standing}",
    "/wallet/standing/new?to={code}",
    "/wallet/transfers/{case}/asked-back",
    "/wallet/requests",
    "/wallet/requests/new",
    "/wallet/requests/1",
    "/wallet/requests/2",
    "/me/accounts",
    "/me/accounts/{payee}/cent",
    "/me/identity",
    "/me/identity/email",
    "/me/identity/mobile",
    "/me/identity/address",
    "/me/identity/document",
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
    "/me/trust",
    "/me/team",
    "/me/tax",
]
OFFICE = [
    "/office/commissions/marks",
    "/office/partners/{owing}/wallets",
    "/office/partners/{owing}/wallets/{wallet}",
    "/office/partners/{owing}/wallets/{wallet}/plan",
    "/office/transfers",
    "/office/transfers/new",
    "/office/transfers/asked/{asked}",
    "/office/transfers/{transfer}",
    "/office/commissions/manual",
    "/office/commissions/manual/{by_hand}",
    "/office/commissions/manual/{given}/partners/{owing}",
    "/office/orders?colour=red",
    "/office/partners",
    "/office/partners/{partner}",
    "/office/partners/{partner}/history",
    "/office/partners/{partner}/networks",
    "/office/partners/{partner}/recovery",
    "/office/security",
    "/office/identity",
    "/office/identity/{step}",
    "/office/partners/{partner}/identity",
    "/office/partners/{partner}/wallet",
    "/office/bank/statements",
    "/office/bank/reconciliation",
    "/office/payouts",
    "/office/payouts/1",
    "/office/payouts/files/new/1",
    "/office/bank/uploads/{upload}/booking",
    "/office/bank/unclear",
    "/office/bank/statements/1/end",
    "/office/bank/lines/1?q=anna",
    "/office/sending",
    "/office/debts",
    "/office/refunds",
    "/office/refunds/{refund}",
    "/office/refunds/wishes/{wish}",
    "/office/orders/{refunded}/refund",
    "/office/debts/{debt}",
    "/office/asked-back/{case}",
    "/office/rates",
    "/office/rates/EUR/RSD",
    "/office/partners/{partner}/wallet/top-up",
    "/office/commissions",
    "/office/tree/{partner}",
    "/office/partners/{partner}/tax",
    "/office/commissions/runs/1/notes",
]
MANAGED = [
    "/office/commissions/plans",
    "/office/commissions/plans/new",
    "/office/commissions/plans/new?view=document",
    "/office/commissions/plans/2",
    "/office/commissions/trials/1",
    "/office/commissions/points",
    "/office/commissions/settings",
    "/office/partners/{partner}/commissions",
    "/office/commissions/runs/1/partners/{owing}/lines/{earned}/1",
    "/office/trust",
    "/office/trust/levels/1",
    "/office/trust/removal",
    "/office/trust/introduction",
    "/office/partners/{partner}/trust",
    "/office/discovery?q=anna",
    "/office/discovery/partners/{partner}",
    "/office/discovery/dossiers/{dossier}",
    "/office/discovery/dossiers/{dossier}/parts/bookings",
    "/office/wallet-kinds",
    "/office/wallet-kinds/new",
    "/office/transfer-rules",
    "/office/staff",
    "/office/bank/accounts/1",
    "/office/people/{clerk}/rights",
    "/office/trail",
    "/office/cases",
    "/office/cases/1",
    "/office/tree",
    "/office/tree/{partner}/move",
    "/office/commissions/taxes",
]
PAID = [
    "/commissions",
    "/commissions/runs/1",
    "/commissions/runs/1/lines/{earned}/2",
    "/wallet/debt",
    "/commissions/provisions",
    "/commissions/notes",
    "/commissions/notes/{note}",
    "/orders/{paid}",
    "/orders/{paid}/receipt",
    "/orders/{refunded}",
    "/orders/{refunded}/refund",
    "/orders/refunds",
    "/orders/refunds/{refund}",
    "/orders/refunds/{refund}/receipt",
    "/wallet",
    "/wallet/wallets/{other}",
    "/wallet/statement",
    "/orders/{chosen}/payment",
]
NOBODY = ["/sign-in", "/sign-in/help", "/freeze", "/nowhere"]
PAGES = [
    *((None, path) for path in NOBODY),
    *(("anna", path) for path in PARTNER),
    *(("boris", path) for path in PAID),
    *(("dragan", path) for path in OFFICE),
    ("rested", "/office/partners/{partner}/sheet"),  # which asks for another code
    *(("elena", path) for path in MANAGED),
]
PHONE = {"width": 360, "height": 640}
# What reaches past the window, or past a box that scrolls without being a table that has to: those that are stacked do not.
CUT_OFF = """() => [...document.querySelectorAll('main *')].filter(each =>
  !each.closest('.scroll:not(.stacked)') && !each.closest('.only-heard') && each.getClientRects().length
  && (each.getBoundingClientRect().right > innerWidth + 1 || (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible'))
).map(each => each.outerHTML.slice(0, 120))"""


def address(path: str, stage) -> str:
    facts = {
        "order": stage.orders[0].number,
        "paid": stage.paid.number,
        "partner": stage.anna.number,
        "upload": stage.upload,
        "debt": stage.debt,
        "refunded": stage.refunded,
        "refund": stage.refund,
        "wish": stage.wish,
        "dossier": stage.dossier,
        "step": stage.step,
        "owing": stage.boris.number,
        "wallet": stage.wallet,
        "transfer": stage.transfer,
        "asked": stage.asked,
        "by_hand": stage.by_hand,
        "given": stage.given,
        "standing": stage.standing,
        "payee": stage.payee,
        "case": stage.case,
        "note": stage.note,
        "earned": stage.earned,
        "code": code_of(stage.boris.number),
    }
    return path.format(**facts, browser=stage.browser, clerk=stage.clara.id, main=stage.main, other=stage.other, chosen=stage.chosen)


@pytest.fixture(scope="module")
def look(stage, chromium):
    """Open an address as nobody or as one of the cast, in a window that stays open: a new one takes longer than the page.

    Answers the page, what its console says, and what it has to say.
    """
    windows: dict[str | None, tuple[Page, list[str]]] = {}

    def opened(who: str | None, path: str) -> tuple[Page, list[str], list[str]]:
        if who not in windows:
            context, said = chromium.new_context(base_url=stage.url, color_scheme="light", viewport=PHONE), []
            if who:
                context.add_cookies([{"name": "vps", "value": stage.tokens[who], "url": stage.url}])
            context.add_init_script(AXE_SCRIPT)
            context.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
            context.on("weberror", lambda error: said.append(str(error.error)))
            windows[who] = context.new_page(), said
        page, said = windows[who]
        said.clear()
        page.set_viewport_size(PHONE)
        answer = page.goto(address(path, stage))
        refused = f"Failed to load resource: the server responded with a status of {answer.status} ({answer.status_text})"
        return page, said, [] if answer.ok else [refused]

    yield opened
    for page, _ in windows.values():
        page.context.close()


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_is_for_everybody(look, who, path):
    page, said, expected = look(who, path)
    found: dict[str, object] = {}

    for width in (360, 320):  # 640 px at 200 % are 320 px to the page
        page.set_viewport_size({"width": width, "height": 640})
        wide, cut_off = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(CUT_OFF)
        if wide > width or cut_off:
            found[f"cut off at {width}"] = wide, cut_off

    page.set_viewport_size({"width": 1200, "height": 640} if who in ("dragan", "elena") else PHONE)
    for mode in ("light", "dark"):
        page.emulate_media(color_scheme=mode)
        problems = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
        if problems:
            found[f"axe, {mode}"] = [(problem["id"], [node["target"] for node in problem["nodes"]]) for problem in problems]

    page.wait_for_load_state("networkidle")
    if said != expected:
        found["console"] = list(said)
    assert not found


@pytest.mark.parametrize("lang", ["de", "ru", "hr", "sr", "sr_Latn"])
def test_long_words_fit_too(stage, visit, lang):
    page = visit(lang=lang).new_page()
    for path in NOBODY:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.get_attribute("html", "lang") == lang.replace("_", "-")
