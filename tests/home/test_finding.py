"""Somebody is found by anything that leads to him, also by what has ended; and only that kind of thing is written down."""

import pytest

from tests.cast import red_order
from tests.home.money import moved
from tests.orders.by_bank import three_by_bank
from vps.home.discovery.finding import kind_of, search
from vps.kernel.database import one, run
from vps.kernel.text import identity

IBAN = "DE89 3704 0044 0532 0130 00"


def by(typed):
    return {(found.name, kind) for found in search(typed) for kind, _ in found.why}


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (IBAN, "account"),
        ("265-0000000001234-88", "account"),
        ("a@b.example", "mail"),
        ("+49 89 123", "phone"),
        ("1000168", "number"),
        ("Anna", "text"),
    ],
)
def test_what_was_typed_says_what_kind_of_thing_it_is(typed, kind):
    assert kind_of(typed) == kind


def test_a_partner_is_found_by_everything_that_leads_to_him(cast):
    facts = moved(cast)
    run("UPDATE person SET phone = '+49891234567' WHERE id = ?", cast.anna.id)
    order = red_order(cast)
    run("UPDATE customer SET email = 'maria@example.com' WHERE id = ?", order.customer_id)
    anna, boris = cast.anna.name, cast.boris.name
    line = one("SELECT id FROM bank_line")[0]
    run("UPDATE payee_account SET ended_at = 1")

    assert by(IBAN) == {(boris, "payee"), (boris, "paid to")}, "an account that has ended, too"
    assert by("hr12 1001 0051 8630 0016 0") == {(anna, "line account")}
    assert by("ANNA@example.com") == {(anna, "mail")} and by("maria@example.com") == {(anna, "customer")}
    assert by("+49 (89) 1234567") == {(anna, "phone")}
    assert (anna, "partner") in by(cast.anna.number) and (anna, "order") in by(order.number)
    assert (anna, "booking") in by(str(facts["spent"])) and (boris, "pay-out") in by(str(facts["payout"]))
    assert {(anna, "transfer"), (boris, "transfer")} <= by(str(one("SELECT id FROM transfer")[0]))
    assert (anna, "line") in by(str(line))
    assert by("bauer") == {(anna, "name")} and by(identity("anna")) >= {(anna, "username")}
    assert by("B-7") == {(anna, "receipt")} and by("e2e-4711") == {(anna, "reference")}


def test_every_sign_is_taken_literally_and_nonsense_finds_nobody(cast):
    moved(cast)
    for typed in ("%%%", "___", "E2E_4711", "'; DROP TABLE person; --", "9" * 40, "+++", "%", "nobody at all", "+1 2"):
        assert search(typed) == [], typed


def test_a_line_that_paid_an_order_leads_to_the_partner_who_took_it(house):
    run("DROP TRIGGER order_payment_no_update")
    three_by_bank(house, house.anna.joined_at)
    lines = [str(key) for (key,) in (one("SELECT min(line_id) FROM line_claim WHERE kind = 'order'"),)]
    assert (house.anna.name, "line") in by(lines[0])
