"""The bank takes a customer's payment back: before the window ends the order is red again, afterwards somebody owes it."""

import json
from datetime import timedelta

import pytest

from tests.bank.test_import import file, line, sums, take
from tests.bank.test_recalls import back
from tests.cast import NOON, balance, eur, red_order
from tests.forger import lie, unguard
from tests.orders.test_by_bank import END
from vps.bank.actions import Seen, claim, import_file, undo_claim, verdicts
from vps.bank.models import lines_of
from vps.bank.models.proof import prove_lines
from vps.hypermedia.languages import Words
from vps.hypermedia.pages import key_from
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.database import one, rows, run
from vps.kernel.numbers import order_reference
from vps.kernel.refusals import NotFound
from vps.kernel.settings import Settings
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit
from vps.ledger.models.audit import audit as audit_ledger
from vps.orders.actions import TOLD, NotOwed, OtherDebt, settle_from_wallet, write_off
from vps.orders.models import Colour, Order, debt, debt_of, open_debt_count, open_debts
from vps.orders.models.audit import audit
from vps.wallets.actions import NoReason, tell_from

LATE = END + timedelta(days=2)


def paying(stage):
    """An order of Anna's, paid by the transfer E2E-7."""
    stage.order, stage.staff = red_order(stage), ByStaff(Actor(stage.dragan.id))
    stage.reference = order_reference(stage.order.number)
    take(file(line("49.90", ref=stage.reference, end="E2E-7")))
    return stage


def owing(stage):
    """The same after the bank took it back, when it had counted."""
    import_file(back("49.90"), "b.xml", actor=HOUSE, at=LATE)
    stage.debt = debt_of(stage.order.id)
    return stage


@pytest.fixture
def paid(cast):
    return paying(cast)


@pytest.fixture
def owed(cast):
    return owing(paying(cast))


@pytest.fixture
def owed_here(house):
    """On SQLite only, for what does not depend on the engine."""
    return owing(paying(house))


def debts() -> int:
    """What the ledger says is owed."""
    found = rows(
        "SELECT a.id, b.debit_id, b.amount FROM account a JOIN booking b ON a.id IN (b.debit_id, b.credit_id) WHERE a.kind = 'debts'"
    )
    return sum(amount if account == debit else -amount for account, debit, amount in found)


def honest() -> bool:
    return list(audit()) == list(audit_ledger("Europe/Berlin")) == list(prove_lines()) == []


def told() -> list[str]:
    return [json.loads(facts)["verb"] for (facts,) in rows("SELECT facts FROM outbox WHERE kind = 'order' ORDER BY id")]


def test_a_recall_in_time_makes_the_order_red_again_with_the_banks_reason(paid):
    import_file(back("49.90"), "b.xml", actor=HOUSE, at=END - timedelta(seconds=1))

    why = Order.get_by_id(paid.order.id).why(LATE)
    assert (why.colour, why.payment, why.recalled.reason) == (Colour.RED, None, "AC04")
    assert sums() == {"bank": 0, "clarify": 0}
    assert one("SELECT before, after FROM event WHERE verb = 'payment recalled'") == ("yellow", "AC04")
    assert (told(), debt_of(paid.order.id), honest()) == (["paid by transfer", "recalled"], None, True)
    take(file(line("49.90", ref=paid.reference, end="E2E-8", text="once more"), number="3"))
    assert Order.get_by_id(paid.order.id).why(NOON).payment.n == 2, "it can be paid anew"
    with pytest.raises(AlreadyReversed):
        undo_claim(1, reason="once more", actor=HOUSE, at=NOON)
    assert (Order.get_by_id(paid.order.id).colour(NOON), honest()) == (Colour.YELLOW, True)


def test_a_recall_after_that_is_a_debt_and_the_order_stays_green(owed):
    assert Order.get_by_id(owed.order.id).colour(LATE) == Colour.GREEN
    found = owed.debt
    assert (found.order, found.partner, found.customer, found.amount) == (owed.order.number, owed.anna.number, "Maria Huber", eur(49_90))
    assert (found.opened_at, found.reason, found.settled_at, found.written_off_at) == (LATE, "AC04", None, None)
    assert (open_debts(), open_debt_count(), open_debts(after=key_from(found.sort))) == ([found], 1, [])
    assert (debts(), sums(), [lines_of(n)[0].unclear.minor for n in (1, 2)]) == (49_90, {"bank": 0, "clarify": 0}, [0, 0])
    assert (told(), honest()) == (["paid by transfer", "debt"], True)
    take(file(line("49.90", side="DBIT"), number="3"))
    with pytest.raises(AlreadyReversed):
        claim(3, "recall", 1, eur(-49_90), actor=HOUSE, at=LATE)


def test_a_recall_of_what_was_credited_leaves_it_blue(house):
    paid = paying(house)
    run("UPDATE orders SET provisioned_at = paid_at + 1 WHERE id = ?", paid.order.id)

    import_file(back("49.90"), "b.xml", actor=HOUSE, at=NOON)

    assert Order.get_by_id(paid.order.id).colour(NOON) == Colour.BLUE
    assert (debts(), open_debt_count()) == (49_90, 1)


def test_the_partners_wallet_settles_it_once(owed):
    tell_from(owed.anna.id, eur(1), actor=HOUSE, at=NOON)

    settle_from_wallet(owed.debt.id, authorisation=owed.staff, at=LATE)

    assert (balance(owed.anna), debts(), open_debts()) == (eur(200_10), 0, [])
    assert (debt(owed.debt.id).settled_at, honest()) == (LATE, True)
    assert one("SELECT count(*) FROM outbox WHERE kind = 'booking'")[0] == 1
    for again in (
        lambda: settle_from_wallet(owed.debt.id, authorisation=owed.staff, at=LATE),
        lambda: write_off(owed.debt.id, note="x", authorisation=owed.staff, at=LATE),
    ):
        with pytest.raises(NotOwed):
            again()
    with pytest.raises(NotFound):
        settle_from_wallet(77, authorisation=owed.staff, at=LATE)
    assert balance(owed.anna) == eur(200_10)


def test_a_wallet_without_enough_credit_settles_nothing(owed_here):
    run("UPDATE account SET reserved = balance WHERE id = (SELECT account_id FROM wallet WHERE person_id = ?)", owed_here.anna.id)

    with pytest.raises(NotEnoughCredit):
        settle_from_wallet(owed_here.debt.id, authorisation=owed_here.staff, at=LATE)

    assert (debts(), open_debt_count()) == (49_90, 1)


def test_it_is_written_off_with_a_reason_only(owed):
    with pytest.raises(NoReason):
        write_off(owed.debt.id, note="  ", authorisation=owed.staff, at=LATE)

    write_off(owed.debt.id, note="Customer died", authorisation=owed.staff, at=LATE)

    found = debt(owed.debt.id)
    assert (found.written_off_at, found.note, found.settled_at, debts(), honest()) == (LATE, "Customer died", None, 0, True)
    assert one("SELECT actor, before, after FROM event WHERE verb = 'debt written off'") == (owed.dragan.id, "49.90 EUR", "Customer died")
    assert one("SELECT motive FROM booking ORDER BY id DESC LIMIT 1")[0] == "write-off"


def test_a_transfer_with_the_orders_reference_and_the_amount_settles_it_by_itself(owed):
    import_file(file(line("49.90", ref=owed.reference, text="once more"), number="3"), "c.xml", actor=HOUSE, at=LATE)

    assert (debts(), debt(owed.debt.id).settled_at, sums()["clarify"], honest()) == (0, LATE, 0, True)
    undo_claim(one("SELECT id FROM line_claim WHERE kind = 'debt'")[0], reason="not his", actor=HOUSE, at=LATE)
    assert (debts(), open_debt_count(), sums()["clarify"], honest()) == (49_90, 1, 49_90, True)
    with pytest.raises(OtherDebt):
        claim(3, "debt", owed.debt.id, eur(49_80), actor=HOUSE, at=LATE)


def test_another_amount_for_a_debt_is_only_a_guess(owed_here):
    content = file(line("40.00", ref=owed_here.reference), number="3")
    assert take(content).matched == 0

    verdict = verdicts([Seen("", LATE.date(), LATE.date(), eur(40_00), "", "", "", (owed_here.reference,), "", "", False)])[0]
    assert [found.says % found.facts for found in verdict.guesses if found.kind == "debt"] == [
        f"The reference of order {owed_here.order.number} stands in it; the order's debt is 49.90 EUR."
    ]


def test_the_mails_say_what_happened_in_the_partners_language(owed_here, tmp_path):
    settings, texts = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com"), []
    for key, language, facts in rows("SELECT key, language, facts FROM outbox WHERE kind = 'order' ORDER BY id"):
        for spoken in (language, "en"):
            mail = render(settings, "order", key=key, address="a@example.com", language=spoken, facts=json.loads(facts))
            texts.append(mail.get_content())
    german, paid, _, taken = texts
    assert Words("de").say(TOLD["paid by transfer"], number=owed_here.order.number) in german and "Maria Huber" in german
    assert "Until then the bank can still take it back: " in paid and f"https://wallet.example.com/orders/{owed_here.order.number}" in paid
    assert "Reason: The account has been closed." in taken and "owed to the company" in taken


BY_BANK = "Order 1001 was paid by bank, but no line of a statement says so, or says something else."
DEBT = "Order 1001 has a debt that the bookings do not say."
SUMS = "The account of debts and the open debts differ by %s."


def test_every_lie_about_payments_by_bank_is_named(owed_here):
    settle_from_wallet(owed_here.debt.id, authorisation=owed_here.staff, at=LATE)
    unguard()
    lies = {
        "UPDATE line_claim SET undone_at = 1, mirror = 1 WHERE kind = 'order'": [BY_BANK, DEBT],
        "UPDATE line_claim SET target = 7 WHERE kind = 'order'": [BY_BANK],
        "UPDATE line_claim SET amount = 1 WHERE kind = 'order'": [BY_BANK],
        "UPDATE booking SET debit_id = (SELECT id FROM account WHERE code = 'bank:EUR') WHERE motive = 'purchase'": [BY_BANK],
        "UPDATE order_payment SET recalled_at = 1 WHERE means = 'transfer'": [
            "Order 1001 shows another moment of payment than its payment.", BY_BANK, DEBT],
        "UPDATE line_claim SET amount = 7 WHERE kind = 'recall'": [DEBT],
        "UPDATE order_debt SET amount = 1": [DEBT],
        "UPDATE order_debt SET settled_at = NULL, ended = NULL": [SUMS % "-49.90 EUR"],
        "UPDATE order_debt SET ended = (SELECT booking FROM order_payment)": [DEBT],
    }  # fmt: skip
    assert {edit: lie(audit, edit) for edit in lies} == lies
