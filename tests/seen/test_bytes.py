"""What a page costs on a bad line: budgets of compressed bodies, counted by a real browser on Slow 3G."""

import pytest

from tests.cast import CODES, PASSWORD
from tests.seen.conftest import Bytes
from vps.kernel.database import run

pytestmark = pytest.mark.browser

READABLE, SIGN_IN, FIRST_VISIT, LATER_PAGE, PIECE, PAY_NOW = 4_000, 15_400, 19_000, 3_500, 1_400, 4_000

LATER = (
    "/wallet",
    "/wallet/statement",
    "/orders?colour=red",
    "/orders/new",
    "/more",
    "/wallet/top-up",
    "/wallet/pay-outs",
    "/me/security",
    "/wallet/send",
    "/wallet/receive",
    "/wallet/transfers",
    "/wallet/requests/2",
    "/commissions",
)


@pytest.mark.parametrize("langs", [("en", "de", "ru"), ("hr", "sr", "sr_Latn")], ids=" ".join)
def test_a_first_visit_up_to_the_wallet(stage, visit, langs):
    pages = [visit(lang=lang).new_page() for lang in langs]  # side by side: most of the time they wait for the slow line
    wires = [Bytes(page, slow=True) for page in pages]
    for page in pages:
        page.goto("/sign-in", wait_until="commit")
    for page, wire in zip(pages, wires, strict=True):
        page.wait_for_load_state("networkidle")
        assert 500 < wire.of("/sign-in") <= wire.of("/sign-in", ".css") <= READABLE
        assert wire.of() <= SIGN_IN

        page.fill("input[name=username]", "anna")
        page.fill("input[name=password]", PASSWORD)
        page.click("form button", no_wait_after=True)
    for page in pages:
        page.wait_for_url("**/wallet")
        page.locator("img.bars").scroll_into_view_if_needed()
    for page, wire in zip(pages, wires, strict=True):
        page.wait_for_load_state("networkidle")

        assert page.locator("a.entry").count() == 25
        assert wire.of(".svg") > 500, "the chart is in it"
        assert wire.of() <= FIRST_VISIT
    # A sixth browser would end the one whose session the other tests use.
    run("UPDATE browser SET ended_at = seen_at WHERE id IN (SELECT id FROM browser ORDER BY id DESC LIMIT ?)", len(langs))


@pytest.mark.parametrize("scripts", [True, False])
def test_each_later_page(stage, visit, scripts):
    page = visit("anna", scripts=scripts).new_page()
    page.goto("/orders?colour=blue", wait_until="networkidle")
    wire = Bytes(page)
    for path in LATER:
        wire.forget()
        page.goto(path, wait_until="networkidle")

        assert 500 < wire.of() - wire.of(".svg") <= LATER_PAGE, wire.seen
        assert wire.of(".css", ".js") == 0, "what does not change is not fetched again"
        assert all(stage.url + path == url or url.endswith(".svg") for url, size in wire.seen.values() if size), "nor is anything shared"


def test_pay_now_from_the_list_to_green(stage, visit):
    page = visit("anna").new_page()
    page.goto("/orders?colour=red", wait_until="networkidle")
    number = page.locator("li.order.red").first.get_attribute("id").removeprefix("order-")
    wire = Bytes(page, slow=True)
    page.click(f"#order-{number} .button--main")
    page.wait_for_selector("dialog[open] input[name=tan]")
    assert 500 < wire.of() <= PIECE
    page.fill("input[name=tan]", CODES[int(page.locator("input[name=tan]").get_attribute("data-index")) - 1])
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#order-{number}.green")

    assert wire.count() <= 3
    assert wire.of() <= PAY_NOW
    assert all(size <= PIECE for _, size in wire.seen.values())


def test_older_lines_are_a_piece(stage, visit):
    page = visit("anna").new_page()
    page.goto("/wallet", wait_until="networkidle")
    wire = Bytes(page)
    page.click("li.older a")
    page.wait_for_selector("a.entry >> nth=25")

    # Seven lines that are much alike; the click may also scroll to the chart, which is counted with its page.
    assert 100 < wire.of("/wallet/statement") <= PIECE, wire.seen
