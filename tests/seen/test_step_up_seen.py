"""In a real browser, with scripts and without: the code that is asked for again costs nobody what he typed."""

import pytest

from tests.cast import balance
from tests.seen.conftest import token
from vps.kernel.clock import clock
from vps.kernel.database import one, run

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_a_booking_by_hand_goes_through_the_code(stage, visit, scripts):
    number, before, receipt = stage.boris.number, balance(stage.boris), f"B {scripts}"
    stage.tokens["late"] = token(stage.dragan, stepped=False)
    page = visit("late", width=1200, height=800, scripts=scripts).new_page()
    page.goto(f"/office/partners/{number}/wallet/top-up")
    for name, value in (("amount", "12,50"), ("number", receipt), ("payer", "Борис Волков"), ("reason", "Готовина")):
        page.fill(f"input[name={name}]", value)
    page.click("main form button")
    page.click("main form:has(input[name=confirmed]) button")

    page.wait_for_selector("input[name=code]")
    assert page.locator(".tabs").count() == 1 and balance(stage.boris) == before
    run("UPDATE app SET last_step = 0")
    page.fill("input[name=code]", stage.app.at(clock()))
    page.click("main form button")
    page.wait_for_selector("form:has(input[name=confirmed]):not(:has(dl)) button")
    page.click("main form button")
    page.wait_for_url(f"**/office/partners/{number}/wallet")

    assert (balance(stage.boris) - before).minor == 12_50
    assert one("SELECT text FROM voucher WHERE ref = ?", receipt)[0] == "Борис Волков · Готовина"


@pytest.mark.parametrize("scripts", [True, False])
def test_an_upload_is_looked_at_and_booked_by_a_code(stage, visit, scripts):
    page, before = visit("dragan", width=1200, height=800, scripts=scripts).new_page(), files()
    page.goto("/office/bank/statements")
    content = one("SELECT content FROM statement_upload WHERE content IS NOT NULL ORDER BY id LIMIT 1")[0]
    other = bytes(content).replace(b"<Id>1</Id>", b"<Id>%d</Id>" % (7 + scripts))
    page.set_input_files("input[name=file]", {"name": "Auszug.xml", "mimeType": "text/xml", "buffer": other})
    page.click("main form button")
    page.wait_for_selector("input[name=code]")
    assert files() == before, "nothing is booked by looking"

    page.fill("input[name=code]", "000000")
    page.click("main form button")
    page.wait_for_selector("#code-wrong")
    run("UPDATE app SET last_step = 0")
    page.fill("input[name=code]", stage.app.at(clock()))
    page.click("main form button")
    page.wait_for_selector("p.done")

    assert files() == before + 1


def files() -> int:
    return int(one("SELECT count(*) FROM bank_file")[0])
