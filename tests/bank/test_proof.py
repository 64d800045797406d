"""Check A17: every booking on a bank account rests on one line of a statement, every line on one booking; each lie is named."""

import pytest

from tests.bank.camt_files import balance
from tests.bank.test_import import file, line, take
from tests.cast import NOON, eur
from tests.forger import lie, unguard
from vps.bank.models.proof import prove_lines as audit
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one, run
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import book, company_account, reverse, voucher
from vps.wallets.actions import Slip, pay_out, reverse_by_hand, top_up


@pytest.fixture
def history(cast):
    """Two statements that follow each other, a third that was taken back, a receipt by hand and one that was reversed."""
    desk = ByStaff(Actor(cast.dragan.id))
    take(
        file(
            balance("OPBD", "1000"), line("5.00", ref=topup_reference(cast.anna.number)), line("7.00", side="DBIT"), balance("CLBD", "998")
        )
    )
    take(file(balance("OPBD", "998"), line("6.00"), balance("CLBD", "1004"), number="2"))
    take(file(balance("OPBD", "1004"), line("9.00"), balance("CLBD", "1013"), number="3"))
    back = one("SELECT booking, id FROM bank_line WHERE statement_id = 3")
    paper = voucher("bank correction", "statement 3", day=NOON.date())
    reverse(back[0], key="bank:3:1:back", voucher=paper, at=NOON, actor=desk.actor)
    run("UPDATE bank_statement SET taken_back_at = 1 WHERE id = 3")
    cast.by_hand = top_up(cast.anna.id, eur(3_00), Slip("B-1", NOON.date(), "Anna", "cash"), authorisation=desk, at=NOON).id
    wrong = pay_out(cast.anna.id, eur(2_00), Slip("B-2", NOON.date(), "Anna", "cash"), authorisation=desk, at=NOON).id
    reverse_by_hand(cast.anna.id, wrong, reason="wrong", authorisation=desk, at=NOON)
    unguard()
    return cast


ON_NOTHING = "Booking %s stands on a bank account, but no line of a statement, no opening and no single receipt is behind it."
WRITTEN = "Line %s of statement %s is not booked as the bank wrote it."
HALF = "Line %s of statement %s was taken back in the books or in the statement, but not in both."
CLOSING = "Statement %s of account DE89370400440532013000: its opening and its lines do not make its closing."
TWICE = "What account DE89370400440532013000 began with was booked more than once."
LAST = "max(id) FROM booking"
FORGED = (
    "INSERT INTO booking (key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, digest)"
    " SELECT {0}, {1}, motive, debit_id, credit_id, amount, currency, booked_at, value_date, digest FROM booking WHERE key = '{2}'"
)


def test_an_honest_history_has_no_problem(history):
    assert list(audit()) == []


def test_every_lie_about_the_bank_is_named(history):
    opening = one("SELECT id FROM booking WHERE key LIKE 'bank:%:opening:1'")[0]
    booked = [row[0] for n in (1, 2) for row in [one("SELECT booking FROM bank_line WHERE id = ?", n)]]
    bank = "(SELECT id FROM account WHERE code = 'bank:EUR')"
    told = {
        # A line says something else than its booking, or the booking than its line.
        "UPDATE bank_line SET amount = 4 WHERE id = 1": [WRITTEN % (1, 1), CLOSING % 1],
        f"UPDATE booking SET amount = 4 WHERE id = {booked[0]}": [WRITTEN % (1, 1)],
        f"UPDATE booking SET key = 'bank:1:9' WHERE id = {booked[0]}": [WRITTEN % (1, 1)],
        f"UPDATE booking SET debit_id = credit_id, credit_id = {bank} WHERE id = {booked[0]}": [WRITTEN % (1, 1)],
        f"UPDATE bank_line SET booking = {booked[0]} WHERE id = 2": [ON_NOTHING % booked[0], ON_NOTHING % booked[1], WRITTEN % (2, 1)],
        "UPDATE bank_statement SET account = 'DE02' WHERE id = 2": [WRITTEN % (1, 2)],
        # A line without a booking, a booking without a line.
        f"DELETE FROM booking WHERE id = {booked[0]}": [WRITTEN % (1, 1)],
        "DELETE FROM bank_line WHERE id = 2": [ON_NOTHING % booked[1], CLOSING % 1],
        "UPDATE bank_statement SET closing = 5 WHERE id = 2": [CLOSING % 2],
        # Taken back on one side only.
        "UPDATE bank_statement SET taken_back_at = NULL WHERE id = 3": [HALF % (1, 3)],
        "UPDATE bank_statement SET taken_back_at = 1, number = '' WHERE id = 2": [HALF % (1, 2)],
        # Openings and receipts.
        f"UPDATE booking SET motive = 'receipt' WHERE id = {opening}": [ON_NOTHING % opening],
        "UPDATE voucher SET ref = 'B-9' WHERE ref = 'B-1'": [ON_NOTHING % history.by_hand],
        f"UPDATE booking SET motive = 'exchange' WHERE id = {history.by_hand}": [ON_NOTHING % history.by_hand],
    }  # fmt: skip
    found = {edit: lie(audit, edit) for edit in told}
    assert found == told


def test_a_booking_that_somebody_slipped_in_is_named(history):
    paper = "INSERT INTO voucher (kind, ref, day, text) VALUES ('bank opening', 'DE89370400440532013000#2', '2026-11-20', '')"
    last = one(f"SELECT {LAST}")[0]
    opening = "bank:DE89370400440532013000:opening"

    assert lie(audit, paper, FORGED.format("'stray'", "(SELECT max(id) FROM voucher)", "bank:1:1")) == [ON_NOTHING % (last + 1)]
    assert lie(audit, paper, FORGED.format(f"'{opening}:2'", "(SELECT max(id) FROM voucher)", f"{opening}:1")) == [TWICE]


def test_a_line_that_was_booked_before_by_hand_is_taken_off_the_bank_account_again(history):
    """The claim's own booking stands on the bank account, too, with the line behind it."""
    take(file(line("3.00"), number="4"))
    row, paper = one("SELECT l.id, b.voucher_id FROM bank_line l JOIN booking b ON b.id = l.booking WHERE l.statement_id = 4")
    sides = {"debit": company_account("clarify", "EUR"), "credit": company_account("bank", "EUR")}
    facts = {"voucher": paper, "motive": "receipt", "amount": eur(3_00), "at": NOON, "actor": Actor(history.dragan.id)}
    booking = book(key="bank:4:1:1", **sides, **facts).id
    claim = (
        "INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, comment) VALUES ({}, 1, 'booked', {}, {}, {}, 1, '')"
    )

    assert lie(audit, claim.format(row, history.by_hand, 3_00, booking)) == []
    for amount in (-3_00, 2_00):
        assert lie(audit, claim.format(row, history.by_hand, amount, booking)) == [ON_NOTHING % booking]
    assert lie(audit) == [ON_NOTHING % booking]
