"""What a line turned out to be: the part that is clear is booked where it belongs, the rest stays visible, and all of it can be undone."""

import pytest

from tests.bank.camt_files import balance
from tests.bank.test_import import file, line, sums, take
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from vps.bank.actions import NotUnclear, Seen, claim, clarify, suggestions, undo_claim, verdicts
from vps.bank.models import lines_of, open_line
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit
from vps.ledger.models.audit import audit
from vps.people.actions import close_person
from vps.wallets.actions import Slip, pay_out


@pytest.fixture
def desk(cast):
    cast.desk = Actor(cast.dragan.id, "127.0.0.1")
    return cast


def unclear():
    return int(one("SELECT coalesce(sum(unclear), 0) FROM bank_line")[0])


def test_a_part_of_a_line_goes_to_a_wallet_and_the_rest_stays_to_be_clarified(desk):
    take(file(line("100.00", text="für Boris und Anna")))

    claim(1, "top-up", desk.boris.id, eur(30_00), comment="by phone", actor=desk.desk, at=NOON)

    assert wallet(desk.boris) == eur(30_00)
    assert (sums()["clarify"], unclear()) == (70_00, 70_00)
    shown = lines_of(1)[0]
    assert (shown.claims, shown.unclear) == ([("top-up", desk.boris.number, eur(30_00))], eur(70_00))
    assert one("SELECT after FROM event WHERE verb = 'line clarified'")[0] == f"top-up {desk.boris.id} by phone"
    assert list(audit("Europe/Berlin")) == []


def test_no_more_than_is_unclear_can_be_claimed(desk):
    take(file(line("100.00"), line("9.00", side="DBIT")))
    claim(1, "top-up", desk.boris.id, eur(30_00), actor=desk.desk, at=NOON)

    for which, amount in ((1, eur(70_01)), (1, eur(-1)), (1, eur(0)), (1, Money(70_00, "USD")), (2, eur(5_00))):
        with pytest.raises(NotUnclear):
            claim(which, "top-up", desk.anna.id, amount, actor=desk.desk, at=NOON)
    with pytest.raises(NotFound):
        claim(77, "top-up", desk.anna.id, eur(1), actor=desk.desk, at=NOON)

    assert (wallet(desk.anna), unclear()) == (eur(250_00), 70_00 - 9_00)


def test_a_claim_is_undone_once_and_the_line_is_unclear_again(desk):
    take(file(line("100.00", ref=topup_reference(desk.boris.number))))
    found = one("SELECT id FROM line_claim")[0]

    assert undo_claim(found, reason="wrong wallet", actor=desk.desk, at=NOON) is not None
    assert undo_claim(found, reason="wrong wallet", actor=desk.desk, at=NOON) is None

    assert (wallet(desk.boris), sums()["clarify"], unclear()) == (eur(0), 100_00, 100_00)
    assert lines_of(1)[0].claims == []
    with pytest.raises(NotFound):
        undo_claim(77, reason="", actor=desk.desk, at=NOON)
    assert list(audit("Europe/Berlin")) == []


def test_what_was_spent_is_taken_back_as_a_debt_only(desk):
    take(file(line("100.00", ref=topup_reference(desk.boris.number))))
    slip = Slip("B-1", NOON.date(), "Boris", "cash")
    pay_out(desk.boris.id, eur(100_00), slip, authorisation=ByStaff(desk.desk), at=NOON)
    with pytest.raises(NotEnoughCredit):
        undo_claim(1, reason="recalled", actor=desk.desk, at=NOON)
    assert unclear() == 0

    undo_claim(1, reason="recalled", as_debt=True, actor=desk.desk, at=NOON)

    assert (wallet(desk.boris), unclear()) == (eur(-100_00), 100_00)


def test_the_books_of_a_bank_begin_with_the_first_statements_opening(desk):
    take(file(balance("OPBD", "1000"), line("5.00"), balance("CLBD", "1005")))
    take(file(balance("OPBD", "1005"), line("6.00"), balance("CLBD", "1011"), number="2"))

    assert sums() == {"bank": -1011_00, "clarify": 11_00}
    assert one("SELECT count(*) FROM booking WHERE motive = 'opening' AND key LIKE 'bank:%'")[0] == 1


def test_a_reference_of_an_account_that_was_closed_is_only_a_guess(desk):
    close_person(desk.boris, actor=desk.desk, at=NOON)
    seen = Seen("", NOON.date(), NOON.date(), eur(5_00), "", "", topup_reference(desk.boris.number), (), "", "", False)

    verdict = verdicts([seen])[0]

    assert verdict.claims == ()
    assert [(found.target, found.sure) for found in verdict.guesses] == [(desk.boris.id, False)]
    assert verdicts([]) == []


def test_what_is_the_companys_own_business_leaves_what_is_to_be_clarified(desk):
    take(file(line("12.40", side="DBIT", text="Kontoführung"), line("3.00", text="Zinsen")))

    for key in (1, 2):
        offer = suggestions([open_line(key)])[0][-1]
        assert (offer.kind, offer.sure) == ("own", False)
        clarify(key, "own", offer.target, None, actor=desk.desk, at=NOON)
    assert (sums()["clarify"], unclear()) == (0, 0)

    undo_claim(1, reason="a partner's after all", actor=desk.desk, at=NOON)
    assert (sums()["clarify"], unclear()) == (-12_40, -12_40)
    assert list(audit("Europe/Berlin")) == []
