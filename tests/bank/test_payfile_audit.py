"""Checks A9 and A12 for what went to the bank: the file that is kept is the one that was authorised, and the bank's lines say the rest."""

import pytest

from tests.bank.desk_of_payouts import asked, credit, debit, made, message, open_desk, statement
from tests.cast import NOON
from tests.forger import lie, unguard
from vps.bank.models.audit import audit
from vps.bank.models.audit_payfiles import audit_payfiles
from vps.kernel.database import one

KEPT = "File of pay-outs no. 1 is not kept as it was made."
SUM = "File of pay-outs no. 1 pays another number or sum than it says."
OTHER = "File of pay-outs no. 1 lacks one of its pay-outs, or pays it otherwise."
AUTHORISED = "File of pay-outs no. 1 is not the one that was authorised."
EXECUTED = "Pay-out {} is executed without a line of the bank, or the other way round."
RETURNED = "Pay-out {} came back without a line of the bank, or the other way round."
WHOLE = "File of pay-outs no. {} is executed before its pay-outs are, or the other way round."
LIES = {
    "UPDATE payout_file SET content = digest WHERE id = 1": [KEPT],
    "UPDATE payout_file SET digest = (SELECT digest FROM batch WHERE id = 1) WHERE id = 1": [KEPT],
    "UPDATE payout_file SET amount = 1 WHERE id = 1": [SUM],
    "UPDATE payout_file SET count = 3 WHERE id = 1": [SUM],
    "UPDATE payout SET number = 'DE02120300000000202051' WHERE id = 1": [OTHER],
    "UPDATE payout SET file_id = 1, executed_at = 1 WHERE id = 3": [OTHER, WHOLE.format(2)],
    "UPDATE payout SET holder = 'Mule' WHERE id = 1": [AUTHORISED],
    "UPDATE batch SET authorised_at = NULL, authorised_by = NULL, address = NULL WHERE id = 1": [AUTHORISED],
    "DELETE FROM payout WHERE id = 1": [AUTHORISED],
    "UPDATE payout SET executed_at = 1 WHERE id = 3": [EXECUTED.format(3), WHOLE.format(2)],
    "UPDATE payout SET executed_at = NULL WHERE id = 1": [EXECUTED.format(1), WHOLE.format(1)],
    "UPDATE payout SET returned_at = 1, ended_booking = booking WHERE id = 2": [RETURNED.format(2)],
    "UPDATE line_claim SET undone_at = 1, mirror = booking WHERE kind = 'returned'": [RETURNED.format(1)],
}


@pytest.fixture
def history(cast):
    """File 1 with pay-outs 1 and 2 is executed, 1 came back; file 2 with pay-out 3 is with the bank."""
    desk = open_desk(cast)
    first = asked(desk)
    asked(desk, 5_00)
    statement(debit("45.00", message(made(desk))))
    statement(credit("40.00", f"VPS{first.id}", reason="AC04"))
    asked(desk, 6_00, at=NOON.replace(minute=1))
    made(desk, at=NOON.replace(minute=1))
    return desk


def test_every_lie_about_files_is_named(history):
    assert list(audit()) == []
    assert one("SELECT count(*) FROM payout_file")[0] == 2
    unguard()

    assert {edit: lie(audit_payfiles, edit) for edit in LIES} == LIES
