"""Money by cheque: known by the bank's code or text, or by what the office writes, and reserved until it cannot crash any more."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bank.test_import import BOOKED, file, line, take
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from vps.bank.actions import Seen, claim, means_of, undo_claim
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, run
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import release
from vps.ledger.models.audit import audit
from vps.wallets.models import purse

OVER = datetime(2026, 12, 3, 23, tzinfo=UTC)
"""The end of the tenth banking day after the 19th, in Berlin."""


def seen(code="", text=""):
    return Seen("", NOON.date(), NOON.date(), eur(5_00), "", "", text, (), "", code, False)


@pytest.mark.parametrize(
    "says",
    [
        {"code": "PMNT-RCHQ-URCQ"},
        {"code": "GVC-070"},
        {"code": "NCHK"},
        {"text": "SCHECKEINREICHUNG 123"},
        {"text": "uplata čekom"},
        {"text": "чек 7"},
    ],
    ids=lambda says: next(iter(says.values())),
)
def test_a_cheque_is_known_by_what_the_bank_says(says):
    assert means_of(seen(**says)) == "cheque"


def test_all_else_is_a_transfer_unless_the_office_says_cheque():
    for says in ({"code": "PMNT-RCDT-ESCT"}, {"code": "GVC-166"}, {"text": "na čekanju"}, {"text": "please check"}):
        assert means_of(seen(**says)) == "transfer"
    assert means_of(seen(), "Scheck von Frau Huber") == "cheque"


def cheque(cast, amount="100.00"):
    inner = BOOKED + "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCHQ</Cd><SubFmlyCd>URCQ</SubFmlyCd></Fmly></Domn></BkTxCd>"
    take(file(line(amount, ref=topup_reference(cast.boris.number), inner=inner)))


def test_a_top_up_by_cheque_is_reserved_until_it_cannot_crash(house):
    cheque(house)

    assert (wallet(house.boris), purse(house.boris.id, "EUR").available) == (eur(100_00), eur(0))
    assert one('SELECT amount, "until" FROM hold') == (100_00, (OVER - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def test_a_cheque_that_crashes_leaves_nobody_with_a_debt(cast):
    cheque(cast)

    undo_claim(1, reason="UPCQ", actor=HOUSE, at=NOON)

    assert (wallet(cast.boris), purse(cast.boris.id, "EUR").available) == (eur(0), eur(0))
    assert one("SELECT reserved, debt FROM account WHERE id = ?", purse(cast.boris.id, "EUR").account) == (0, 0)
    assert list(audit("Europe/Berlin")) == []


def test_of_a_wallet_that_owes_only_what_is_left_is_reserved(house):
    take(file(line("30.00", ref=topup_reference(house.boris.number)), number="0"))
    account = purse(house.boris.id, "EUR").account
    run("UPDATE account SET balance = balance - 50 * 100, debt = 20 * 100 WHERE id = ?", account)

    cheque(house)

    assert one("SELECT amount FROM hold")[0] == 80_00
    release(1, at=OVER)
    assert purse(house.boris.id, "EUR").available == eur(80_00)


def test_a_cheque_whose_time_has_passed_is_not_reserved_and_the_office_can_say_that_one_was(house):
    take(file(line("100.00"), line("7.00")))

    claim(1, "top-up", house.boris.id, eur(100_00), comment="cheque", actor=HOUSE, at=OVER)
    claim(2, "top-up", house.boris.id, eur(7_00), comment="cheque", actor=HOUSE, at=OVER - timedelta(seconds=1))

    assert purse(house.boris.id, "EUR").available == eur(100_00)
