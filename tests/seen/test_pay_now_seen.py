"""Pay Now as a partner does it: on a phone, by thumb, by keyboard, without JavaScript, twice in a hurry."""

import re

import pytest

from tests.cast import CODES, PASSWORD, red_order
from vps.kernel.database import one

pytestmark = pytest.mark.browser


def bookings(number: str) -> int:
    return int(
        one(
            "SELECT count(*) FROM voucher v JOIN booking b ON b.voucher_id = v.id WHERE v.kind = 'order payment' AND v.ref LIKE ?",
            f"{number}:%",
        )[0]
    )


def answer(page) -> str:
    return CODES[int(page.locator("input[name=tan]").get_attribute("data-index")) - 1]


def test_the_row_turns_green_in_place(stage, visit):
    number = stage.orders[-1].number
    page = visit("anna").new_page()
    page.goto("/orders?colour=red")
    red = int(page.locator("#colours .red b").inner_text())
    page.click(f"#order-{number} .button--main")
    page.wait_for_selector("dialog[open] input[name=tan]")
    assert page.evaluate("document.activeElement.name") == "tan"

    page.fill("input[name=tan]", "999999")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog .wrong")
    assert bookings(number) == 0

    page.fill("input[name=tan]", answer(page))
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#order-{number}.green")

    assert page.locator("dialog[open]").count() == 0
    assert int(page.locator("#colours .red b").inner_text()) == red - 1
    assert page.url.endswith("/orders?colour=red"), "the page stayed where it was"
    assert bookings(number) == 1


def test_two_clicks_in_a_hurry_send_one_payment(stage, visit):
    number = stage.orders[-2].number
    page = visit("anna").new_page()
    page.goto("/orders?colour=red")
    page.click(f"#order-{number} .button--main")
    page.wait_for_selector("dialog[open] input[name=tan]")
    page.fill("input[name=tan]", answer(page))
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    page.locator("dialog button").dblclick()
    page.wait_for_selector(f"#order-{number}.green")

    assert len(posts) == 1
    assert bookings(number) == 1


def test_without_javascript_it_is_pages_and_forms(stage, visit):
    number = stage.orders[-3].number
    page = visit(scripts=False).new_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.click("form button")
    page.wait_for_url("**/wallet")
    page.goto("/orders?colour=red")
    page.click(f"#order-{number} .button--main")
    page.fill("input[name=tan]", answer(page))
    page.click("form button.button--wide")

    page.wait_for_selector(".state.green")
    assert page.url.endswith(f"/orders/{number}")
    assert bookings(number) == 1


def test_keyboard_only(stage, visit):
    number = stage.orders[-4].number
    page = visit("anna").new_page()
    page.goto(f"/orders/{number}")
    for _ in range(40):
        page.keyboard.press("Tab")
        if re.search(r"/payment$", page.evaluate("document.activeElement.getAttribute('href') || ''")):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=tan]")
    page.keyboard.type(answer(page))
    page.keyboard.press("Enter")
    page.wait_for_selector(".state.green")

    assert bookings(number) == 1


def test_escape_closes_the_sheet_and_takes_nothing(stage, visit):
    number = stage.orders[-5].number
    page = visit("anna").new_page()
    page.goto("/orders?colour=red")
    page.click(f"#order-{number} .button--main")
    page.wait_for_selector("dialog[open] input[name=tan]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")

    assert page.locator(f"#order-{number}.red").count() == 1
    assert bookings(number) == 0


def test_back_after_a_refused_form_goes_back_step_by_step(stage, visit):
    page = visit("anna").new_page()
    page.goto("/orders?colour=red")
    page.click("a[href='/orders/new']")
    page.wait_for_selector("input[name=name]")
    page.click("main form button.button--wide")
    page.wait_for_selector(".wrong")
    page.go_back()
    page.wait_for_selector(".wrong", state="detached")
    assert page.locator("input[name=name]").count() == 1, "the form as it was before it was sent"

    page.go_back()
    page.wait_for_selector("#colours")


def test_the_office_sees_it_and_staff_need_their_second_step(stage, visit):
    page = visit(width=1200, height=800).new_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", "dragan")
    page.fill("input[name=password]", PASSWORD)
    page.click("form button")
    page.wait_for_selector("input[name=code]")
    page.goto("/office/orders?colour=green")
    assert page.locator("input[name=code]").count() == 1 and page.locator("table").count() == 0, "half a sign-in opens nothing"
    page.goto("/sign-in/code")
    page.fill("input[name=code]", stage.app.now())
    page.click("form button")
    page.wait_for_url("**/office/orders?colour=green")

    assert page.locator("tbody tr.green").count() >= 1


@pytest.mark.parametrize("scripts", [True, False])
def test_another_wallet_is_chosen_in_the_dialog(stage, visit, scripts):
    number = red_order(stage, stage.boris, customer=f"Ivan {scripts}").number
    page = visit("boris", scripts=scripts).new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/orders?colour=red")
    page.click(f"#order-{number} .button--main")
    page.check(f"dialog input[name=wallet][value='{stage.other}']")
    page.click("dialog fieldset + button")
    page.wait_for_selector(f"dialog[open] input[value='{stage.other}'][checked]")
    assert "844,47\xa0RSD" in page.locator("dialog dl").inner_text()

    assert page.locator(f"dialog input[value='{stage.other}']").is_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shown = page.locator("input[name=shown]").get_attribute("value")
    assert shown and bookings(number) == 0
