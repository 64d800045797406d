"""Who books for several partners locks all their wallets before anything else, in the order of all: nobody waits in a ring."""

from datetime import timedelta
from threading import Event

import pytest

from tests.at_once import at_once
from tests.cast import NOON, give
from tests.commissions.network import green_order, plan_in_force
from tests.commissions.notes import VAT, booked_now, taxed
from tests.commissions.test_freeing_refunds import refund
from tests.wallets.test_locked_purses import WAITING
from vps.commissions.actions.notes import issue_corrections, issue_notes
from vps.commissions.actions.taxes import set_tax_rule, set_tax_terms
from vps.commissions.taxes import NET
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import action, is_postgres, locked, one
from vps.wallets.models import locked_purses

LATER = NOON + timedelta(days=1)
WALLET = "SELECT id FROM wallet WHERE person_id = ?"
ACCOUNT = "SELECT a.id FROM account a JOIN wallet w ON w.account_id = a.id WHERE w.person_id = ?"


@pytest.fixture
def network(cast):
    """An order of Boris, for which Anna is paid, too; of another one a part was taken back, and no note says so."""
    set_tax_terms("DE", NET, actor=HOUSE, at=NOON)
    set_tax_rule("DE", "withholding", "vat", "ESt", 1000, NOON.date(), actor=HOUSE, at=NOON)
    plan_in_force()
    for each in (cast.anna, cast.boris):
        taxed(each, VAT)
    cast.order, other = (green_order(cast, cast.boris) for _ in range(2))
    issue_notes(booked_now(), at=LATER)
    refund(cast, other, 10_00, LATER)
    return cast


def meanwhile(held, step, needs, person):
    """What `step` leaves to whoever holds the purses of one partner: the row that he needs next, at once."""
    begun, over = Event(), Event()

    @action
    def pay():
        locked_purses(held.id)
        begun.set()
        while is_postgres() and not over.is_set() and not one(WAITING)[0]:
            pass
        return one(locked(needs) + (" NOWAIT" if is_postgres() else ""), person.id)

    def second():
        begun.wait(20)
        try:
            return step()
        finally:
            over.set()

    done = at_once(2, lambda n: second() if n else pay())
    assert not any(isinstance(each, Exception) for each in done), done


def test_a_credit(network):
    meanwhile(network.boris, lambda: give(network.boris, 1), ACCOUNT, network.boris)


def test_corrections(network):
    meanwhile(network.boris, lambda: issue_corrections(at=LATER), ACCOUNT, network.boris)


def test_a_refund(network):
    assert one(WALLET, network.boris.id) < one(WALLET, network.anna.id), "in this order all lock them"
    meanwhile(network.boris, lambda: refund(network, network.order, 1_00, LATER), WALLET, network.anna)
