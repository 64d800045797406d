"""Who waited for a wallet sees it as it is then, not as it was when he began to wait."""

from threading import Event
from typing import Any

from tests.at_once import at_once
from tests.cast import NOON, eur
from tests.wallets.sending import account, ours
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import action, is_postgres, one
from vps.ledger.actions import book, voucher
from vps.wallets.models import locked_purses

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_what_was_taken_meanwhile_is_seen(cast):
    locked = Event()

    @action
    def take() -> None:
        locked_purses(cast.anna.id)
        paper = voucher("test", "meanwhile", day=NOON.date())
        facts: dict[str, Any] = {"voucher": paper, "motive": "own", "amount": eur(300_00), "at": NOON, "actor": HOUSE, "as_debt": True}
        book(key="meanwhile", debit=account(cast.anna), credit=ours(), **facts)
        locked.set()
        while is_postgres() and not one(WAITING)[0]:
            pass

    @action
    def look() -> int:
        return locked_purses(cast.anna.id)[0].shortfall.minor

    def second() -> int:
        locked.wait(20)
        return look()

    assert at_once(2, lambda n: second() if n else take())[1] == 50_00
