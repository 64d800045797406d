"""A customer's own transfer pays his order: surely by its reference, else only perhaps; yellow while it can be taken back, then green."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.at_once import at_once
from tests.bank.test_import import file, line, sums, take
from tests.cast import CODES, NOON, app_of, eur, red_order, sheet_of
from vps.bank.actions import Seen, book_upload, claim, undo_claim, upload_file, verdicts
from vps.bank.models import lines_of, upload_of
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import croatian_reference, order_reference, serbian_reference, spaced, topup_reference
from vps.kernel.refusals import NotFound
from vps.ledger.models.audit import audit as audit_ledger
from vps.orders.actions import AlreadyPaid, Cancelled, CountsAlready, OtherPrice, cancel_order, pay_now
from vps.orders.models import Colour, Order
from vps.orders.models.audit import audit
from vps.security.actions import ask, confirm, snapshot

END = datetime(2026, 11, 24, 23, tzinfo=UTC)
"""Midnight in Berlin after three banking days: the line of the tests was booked on Thursday the 19th."""


def seen(text="", amount=49_90, *refs, currency="EUR", code="") -> Seen:
    return Seen("", NOON.date(), NOON.date(), Money(amount, currency), "", "", text, refs, "", code, False)


def said(*args, **more) -> list[tuple[str, bool, int]]:
    """What the line would be of an order: the beginning of the sentence, whether it is sure, and its amount."""
    return [(found.says % found.facts, found.sure, found.amount.minor) for found in sum(verdicts([seen(*args, **more)])[0], ())]


def paid(cast, amount="49.90", **more) -> Order:
    """Anna's order, paid by a line with its reference."""
    order = red_order(cast)
    take(file(line(amount, ref=order_reference(order.number), **more)))
    return Order.get_by_id(order.id)


def test_a_transfer_with_the_orders_reference_pays_it_and_time_alone_makes_it_green(cast):
    order = paid(cast)

    assert (order.paid_at, order.final_at) == (NOON, END)
    assert [order.colour(at) for at in (NOON, END - timedelta(seconds=1), END)] == [Colour.YELLOW, Colour.YELLOW, Colour.GREEN]
    why = order.why(NOON)
    assert (why.payment.means, why.payment.amount, why.payment.recalled_at) == ("transfer", 49_90, None)
    assert one("SELECT key, motive, value_date FROM booking WHERE id = ?", why.payment.booking) == ("bank:1:1:1", "purchase", "2026-11-20")
    assert (sums(), lines_of(1)[0].claims) == ({"bank": -49_90, "clarify": 0}, [("order", order.number, eur(49_90))])
    assert one("SELECT before, after FROM event WHERE verb = 'order paid'") == ("red", "transfer")
    assert list(audit()) == list(audit_ledger("Europe/Berlin")) == []


def test_the_partner_is_told_of_the_payment_and_until_when_it_can_be_taken_back(house):
    order = paid(house)
    red = red_order(house, house.boris)
    assert take(file(line("49.90", ref=order_reference(red.number), text="Danke"), number="2")).matched == 1

    [(address, language, facts)] = rows("SELECT address, language, facts FROM outbox WHERE kind = 'order'")
    told = json.loads(facts)
    assert (address, language) == ("anna@example.com", "de"), "Boris has no mailbox"
    assert (told["verb"], told["number"], told["customer"], told["minor"]) == ("paid by transfer", order.number, "Maria Huber", 49_90)
    assert told["until"] == (END - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_cheque_can_be_taken_back_for_longer_and_both_windows_are_settings(house):
    change_settings({"recall_days": 1, "cheque_days": 2}, actor=HOUSE, at=NOON)

    transfer, cheque = red_order(house), red_order(house)
    take(file(line("49.90", ref=order_reference(transfer.number)), line("49.90", ref=order_reference(cheque.number), text="Scheck 17")))

    final = [Order.get_by_id(order.id).final_at for order in (transfer, cheque)]
    assert final == [datetime(2026, 11, 20, 23, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)]
    assert Order.get_by_id(cheque.id).why(NOON).payment.means == "cheque"


def test_a_statement_that_comes_after_the_window_makes_the_order_green_at_once(house):
    order, late = red_order(house), END + timedelta(days=3)
    take(file(line("49.90")))

    claim(1, "order", order.id, eur(49_90), actor=Actor(house.dragan.id), at=late)

    assert (Order.get_by_id(order.id).final_at, Order.get_by_id(order.id).colour(late)) == (late, Colour.GREEN)
    assert json.loads(one("SELECT facts FROM outbox WHERE kind = 'order'")[0])["until"] is None


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "matching" / "reference-matching.json"
CASES = [
    ("Bestellung {look_alike}", 0),
    ("Bestellung {reference}", 50),
    ("Bestellung {broken}NEXTLINE", 0),
    ("Bestellung {reference}", 0),
    ("Bestellung {dotted}", 0),
    ("No useful reference", None),
]
"""A bank's text, and how much more than the price came; None: nothing of ours is in it."""


def written(number: str) -> dict[str, str]:
    """A reference as people and banks maul it."""
    reference = order_reference(number)
    return {
        "reference": reference,
        "look_alike": reference.replace("0", "O").replace("1", "l"),
        "broken": f"{reference[:3]} {reference[3:6]}\n{reference[6:]}",
        "dotted": f"{reference[:2]}.{reference[2:4]}-{reference[4:]}",
    }


@pytest.mark.parametrize(("text", "over"), CASES, ids=[f"{text} +{over}" for text, over in CASES])
def test_a_reference_is_found_however_it_is_written(house, text, over):
    order = red_order(house)
    take(file(line(f"{(49_90 + (over or 0)) / 100:.2f}", text=text.format(**written(order.number)))))

    assert (Order.get_by_id(order.id).paid_at is not None) == (over is not None)
    assert lines_of(1)[0].unclear == (eur(49_90) if over is None else eur(over))


def test_the_cases_of_the_samples_are_those_above():
    """Where the samples are not beside the repository, the table above stands for them."""
    if SAMPLES.exists():
        cases = [case for case in json.loads(SAMPLES.read_text())["cases"] if "ref" in case]
        assert [case["matches"] is None for case in cases] == [over is None for _, over in CASES]
        assert ["over" in case["result"] for case in cases] == [bool(over) for _, over in CASES]


def test_what_is_over_stays_to_be_clarified_and_says_so(house):
    order = paid(house, "50.40")

    assert (order.colour(NOON), lines_of(1)[0].unclear, sums()["clarify"]) == (Colour.YELLOW, eur(50), 50)
    red = red_order(house)
    assert said(order_reference(red.number), 50_40) == [
        (f"The reference of order {red.number} stands in it; 0.50 EUR is more than its price.", True, 49_90)
    ]


def test_references_are_read_from_every_field_in_every_countrys_form(house):
    order = red_order(house)
    reference = order_reference(order.number)
    for text, *refs in ((spaced(reference),), ("", reference), ("", croatian_reference(reference)), ("", serbian_reference(reference))):
        assert [found.target for found in verdicts([seen(text, 49_90, *refs)])[0].claims] == [order.id]


def test_what_speaks_against_it_is_only_a_guess_with_its_reason(house):
    red, cancelled, by_bank = red_order(house), red_order(house), paid(house)
    cancel_order(cancelled.id, partner=house.anna.id, actor=Actor(house.anna.id), at=NOON)
    number, reference = red.number, order_reference(red.number)

    assert said(reference, 49_80) == [(f"The reference of order {number} stands in it, but 0.10 EUR is missing.", False, 49_80)]
    assert said(reference, currency="USD") == [(f"Order {number} stands in it, but is in another currency: 49.90 EUR.", False, 49_90)]
    twice = f"Order {by_bank.number} stands in it, but is paid already: perhaps it was paid twice."
    assert said(order_reference(by_bank.number)) == [(twice, False, 49_90)]
    off = f"Order {cancelled.number} stands in it, but was cancelled."
    assert said(order_reference(cancelled.number)) == [(off, False, 49_90)]
    unknown = "The reference of order 4321 stands in it, but there is no such order."
    assert said(order_reference("4321")) == [(unknown, False, 49_90)]
    assert said(reference, -49_90) == [], "money that went pays nothing"
    assert said(f"{by_bank.number} und {cancelled.number}") == [(twice, False, 49_90), (off, False, 49_90)]


def test_a_bare_number_is_sure_only_with_exactly_the_price_of_one_order(house):
    first, second = red_order(house), red_order(house)
    number = first.number

    assert said(f"Bestellung {number}") == [(f"The number of order {number} stands in it, and the amount is its price.", True, 49_90)]
    assert [(sure, amount) for _, sure, amount in said(f"{number} {second.number}")] == [(False, 49_90)] * 2
    other = f"The number {number} stands in it; the order of this number costs 49.90 EUR."
    assert said(number, 49_80) == [(other, False, 49_80)]
    assert said(number, 60_00) == [(other, False, 49_90)], "the price can be booked, the rest stays"
    assert said(number, 60_00, currency="USD") == [(other, False, 60_00)]
    assert said(f"{number}.00 EUR vom {number}-11-20, {number}/7, Konto 7{number}, {number}9") == []
    assert said(f"{number} {topup_reference(house.boris.number)}")[0][1:] == (True, 49_90), "a reference leaves no room for numbers"
    assert len(said(f"{number} {topup_reference(house.boris.number)}")) == 1


def test_of_two_lines_for_one_order_in_one_file_the_first_one_pays(house):
    order = red_order(house)
    take(file(*[line("49.90", ref=order_reference(order.number))] * 2))

    assert [row.unclear for row in lines_of(1)] == [eur(0), eur(49_90)]
    assert one("SELECT count(*) FROM order_payment")[0] == 1


def test_one_line_can_pay_two_orders_to_the_cent(house):
    orders = [red_order(house), red_order(house)]
    text = " ".join(order_reference(order.number) for order in orders)

    take(file(line("99.80", text=text)))

    assert [Order.get_by_id(order.id).colour(NOON) for order in orders] == [Colour.YELLOW] * 2
    assert lines_of(1)[0].unclear == eur(0)
    assert verdicts([seen(" ".join(order_reference(red_order(house).number) for _ in "12"), 99_90)])[0].claims == ()


def test_what_the_office_clarifies_must_be_payable_and_exactly_the_price(house):
    order, cancelled, other = red_order(house), red_order(house), paid(house)
    cancel_order(cancelled.id, partner=house.anna.id, actor=Actor(house.anna.id), at=NOON)
    take(file(line("60.00"), number="2"))

    for target, minor, why in (
        (order.id, 49_80, OtherPrice),
        (other.id, 49_90, AlreadyPaid),
        (cancelled.id, 49_90, Cancelled),
        (77, 49_90, NotFound),
    ):
        with pytest.raises(why):
            claim(2, "order", target, eur(minor), actor=HOUSE, at=NOON)
    claim(2, "order", order.id, eur(49_90), comment="cheque", actor=HOUSE, at=NOON)

    assert (Order.get_by_id(order.id).why(NOON).payment.means, lines_of(2)[0].unclear) == ("cheque", eur(10_10))


def test_a_wrong_clarification_is_undone_while_the_order_is_yellow_only(cast):
    order = paid(cast)

    assert undo_claim(1, reason="the other Maria", actor=HOUSE, at=NOON) is not None

    why = Order.get_by_id(order.id).why(NOON)
    assert (why.colour, why.recalled.reason, why.recalled.recalled_at) == (Colour.RED, "the other Maria", NOON)
    assert sums() == {"bank": -49_90, "clarify": 49_90}
    claim(1, "order", order.id, eur(49_90), actor=HOUSE, at=NOON)
    with pytest.raises(CountsAlready):
        undo_claim(2, reason="too late", actor=HOUSE, at=END)
    assert (Order.get_by_id(order.id).why(END).payment.n, sums()["clarify"]) == (2, 0)
    assert list(audit()) == list(audit_ledger("Europe/Berlin")) == []


def test_wallet_and_bank_at_the_same_moment_pay_an_order_once(cast):
    order = red_order(cast)
    sheet_of(cast.anna)
    shown = snapshot("order payment", order.number, amount=order.price, payee="x", ask=ask(cast.anna.id, at=NOON), at=NOON)
    by_tan = confirm(shown, code=CODES[shown.n - 1], actor=Actor(cast.anna.id), at=NOON)
    content = file(line("49.90", ref=order_reference(order.number)))

    at_once(2, lambda n: take(content) if n else pay_now(order.id, authorisation=by_tan, at=NOON))

    assert one("SELECT count(*) FROM order_payment")[0] == 1
    assert one("SELECT count(*) FROM booking WHERE motive = 'purchase'")[0] == 1
    assert list(audit()) == []


def test_the_preview_says_what_orders_would_be_paid_with(house):
    totp, desk, orders = app_of(house.dragan), Actor(house.dragan.id), [red_order(house), red_order(house)]
    content = file(*(line("49.90", ref=order_reference(order.number)) for order in orders), line("9.00"))
    key = upload_file(content, "day.xml", actor=desk, at=NOON).key

    assert (upload_of(key).sums, upload_of(key).outcome) == ([("order", eur(99_80))], [1, 3, 2, 0])
    book_upload(key, shown=upload_of(key).digest, code=totp.at(NOON), actor=desk, at=NOON)
    assert Order.get_by_id(orders[0].id).colour(NOON) == Colour.YELLOW
