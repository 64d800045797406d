"""A19: whoever has the database's password and changes a transfer, an approval or a plan is found by the audit, which names the row."""

import pytest

from tests.cast import CODES, NOON, eur, give, sheet_of
from tests.forger import lie, unguard
from tests.wallets.requests import confirmed
from tests.wallets.sending import account, ask, ours, send, staff, take_back, wallet
from vps.cli.books import problems_of
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, Actor
from vps.orders.models.audit import audit as orders_audit
from vps.security.actions import ask as ask_way
from vps.security.actions import confirm, snapshot
from vps.wallets.actions import (
    agree_plan,
    approve_office_transfer,
    open_another,
    open_wallet,
    pay_debt,
    transfer,
    write_off_plan,
)
from vps.wallets.models import TransferRule
from vps.wallets.models.audit import audit


@pytest.fixture
def forged(house):
    """One of everything: 1 confirmed with a fee, 2 exchanged, 3 of the office approved, 4 taken back as a debt; a plan that is paid and written off."""
    sheet_of(house.anna)
    sheet_of(house.boris)
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    set_rate("EUR", "RSD", "117.333", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    TransferRule.create(kind="main", whose="partner", currency="EUR", least=1, multiple=1, fee=50, since=NOON)
    open_wallet(house.boris.id, "RSD", at=NOON)
    transfer(authorisation=confirmed(house.anna, house.boris, eur(20_00)), at=NOON)
    send(house, 10_01, key="2", to=wallet(house.boris, "RSD"))
    asked = ask(house, ours(), account(house.anna), eur(1_000_00))
    approve_office_transfer(asked, expected="1000.00 EUR", authorisation=staff(house.elena), at=NOON)
    made = send(house, 40_00, key="4")
    send(house, 50_00, key="5", sender=house.boris, recipient=house.anna)
    take_back(house, made, as_debt=True)
    plan = agree_plan(house.boris.id, wallet(house.boris), eur(5_00), 31, authorisation=staff(house.dragan), at=NOON)
    give(house.boris, 3_00)
    pay_debt(authorisation=code(house.boris, "debt plan", str(plan), eur(3_00)), at=NOON)
    write_off_plan(house.boris.id, plan, reason="died", authorisation=staff(house.dragan), at=NOON)
    house.closed = open_another(house.anna.id, "main", "RSD", actor=HOUSE, at=NOON)
    return house


def code(person, kind, about, amount):
    shown = snapshot(kind, about, amount=amount, payee="Boris", ask=ask_way(person.id, at=NOON), at=NOON)
    return confirm(shown, code=CODES[shown.n - 1], actor=Actor(person.id), at=NOON)


BOOKINGS, RATE = "Transfer %s is not what was booked for it.", "Transfer %s was exchanged at another rate than it names."
PEOPLE = "Transfer %s names other partners than its wallets."
REVERSAL = "Transfer %s says something else about its reversal than its bookings."
NOBODY = "Transfer %s was made or reversed by the office, but nobody asked for it."
OFFICE = "Office transfer %s was not decided by those who may decide."
PLAN = "The plan %s for a debt does not agree with what was booked and paid."
PAYMENT = "Payment %s of a debt is not what was booked or confirmed for it."
LIES = [
    ("UPDATE transfer SET amount = amount + 1 WHERE id = 4", BOOKINGS % 4),
    ("UPDATE transfer SET fee = 51 WHERE id = 1", BOOKINGS % 1),
    ("UPDATE transfer SET got = got - 1 WHERE id = 4", BOOKINGS % 4),
    ("UPDATE transfer SET got = got - 1 WHERE id = 2", RATE % 2),
    ("UPDATE transfer SET rate = '118' WHERE id = 2", RATE % 2),
    ("UPDATE transfer SET rate = '1/0' WHERE id = 2", RATE % 2),
    ("UPDATE transfer SET kind = 'own' WHERE id = 4", BOOKINGS % 4),
    ("UPDATE transfer SET recipient_id = sender_id WHERE id = 4", PEOPLE % 4),
    ("UPDATE transfer SET sender_id = 1 WHERE id = 3", PEOPLE % 3),
    ("DELETE FROM transfer WHERE id = 2", "Booking %s says that it is a transfer, but no transfer has it."),
    ("UPDATE transfer SET reversed_at = NULL WHERE id = 4", REVERSAL % 4),
    ("UPDATE transfer SET reversed_at = 1 WHERE id = 1", REVERSAL % 1),
    ("UPDATE transfer SET reversed_at = 1 WHERE id = 1", NOBODY % 1),
    ("UPDATE transfer SET key = 'x' WHERE id = 1", "A transfer was confirmed (%s), but none was made."),
    ("UPDATE intent SET posted_at = NULL WHERE kind = 'transfer'", "Transfer 1 says that it was confirmed by a code, but it was not."),
    ("UPDATE office_transfer SET transfer_id = NULL, approved_at = NULL, approved_by = NULL WHERE id = 1", NOBODY % 3),
    ("UPDATE office_transfer SET reason = 'other' WHERE id = 1", NOBODY % 3),
    ("UPDATE office_transfer SET approved_by = asked_by WHERE id = 1", OFFICE % 1),
    ("UPDATE office_transfer SET approved_by = (SELECT recipient_id FROM transfer WHERE id = 3) WHERE id = 1", OFFICE % 1),
    ("UPDATE office_transfer SET asked_by = (SELECT sender_id FROM transfer WHERE id = 4) WHERE id = 2", OFFICE % 2),
    ("UPDATE wallet SET closed_at = 1 WHERE person_id = 1 AND currency = 'EUR'", "Wallet %s is closed, but there is something in it."),
    ("UPDATE debt_plan SET amount = amount + 1", PLAN % 1),
    ("UPDATE debt_plan SET written_off = NULL", PLAN % 1),
    ("UPDATE debt_payment SET amount = amount + 1", PAYMENT % 1),
    ("UPDATE debt_payment SET booking = NULL, amount = 0", PLAN % 1),
    ("UPDATE intent SET subject = '9' WHERE kind = 'debt plan'", PAYMENT % 1),
    ("DELETE FROM debt_payment", "Booking %s is about a debt, but no plan has it."),
]  # fmt: skip


def test_books_with_one_of_everything_are_proven(forged):
    assert [problem.says % problem.facts for problem in problems_of()] == []


def test_whatever_is_forged_is_found(forged):
    unguard()
    missed = []
    for sql, says in LIES:
        found = lie(audit, sql)
        begin, _, end = says.partition("%s")
        if not any(each.startswith(begin) and each.endswith(end) for each in found):
            missed.append((sql, found))
    assert missed == []


def test_the_account_of_debts_is_what_the_plans_say(forged):
    unguard()
    said = lie(orders_audit, "UPDATE debt_plan SET written_off = NULL")
    assert any("differ" in each for each in said), said
