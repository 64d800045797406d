"""Sending as a partner does it on a small phone: found, seen, typed, confirmed; with scripts and without."""

import pytest

from tests.cast import CODES
from vps.kernel.database import one

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_wallet_to_the_page_of_the_transfer(stage, visit, scripts):
    page = visit("anna", scripts=scripts).new_page()
    page.goto("/wallet")
    page.click("a[href='/wallet/send']")
    page.wait_for_url("**/wallet/send")
    page.fill("input[name=recipient]", "boris@example.com")
    page.click("main form button")
    page.wait_for_selector("#recipient-wrong")
    assert page.input_value("input[name=recipient]") == "boris@example.com", "he has given no address"

    page.fill("input[name=recipient]", stage.boris.number)
    page.click("main form button")
    page.wait_for_selector("input[name=amount]")
    assert f"Борис В., {stage.boris.number}" in page.inner_text("main")
    page.fill("input[name=amount]", "2,50")
    page.fill("input[name=message]", "Für die Lavendelblüten")
    page.click("main form button")
    page.wait_for_selector("input[name=tan]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("input[name=tan]", CODES[int(page.get_attribute("input[name=tan]", "data-index")) - 1])
    page.click("form button.button--wide")
    page.wait_for_url("**/wallet/transfers/*")

    assert "Für die Lavendelblüten" in page.inner_text("main")
    key = page.url.rpartition("/")[2]
    assert one("SELECT amount, message FROM transfer WHERE id = ?", int(key)) == (2_50, "Für die Lavendelblüten")
