"""Who may go on with a run: what was decided since a worker looked counts, and what one worker does another cannot undo."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import balance, eur
from tests.commissions.network import AFTER, booker, green_order, manager, partner_under, plan_in_force, run_of, worked
from tests.commissions.test_runs import calculated
from vps.commissions.actions import approve_run, booking, calculate_again, discard_run, draft_green, work_on_runs
from vps.commissions.actions.booking import OrdersChanged, book_run
from vps.commissions.actions.claiming import SILENCE, Lost, claim, let_go
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, run
from vps.ledger.models import open_since

LATER = AFTER + SILENCE + timedelta(seconds=1)


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.dora = partner_under(cast.boris, "Dora Dorn")
    cast.order = green_order(cast, cast.dora, quantity=2)
    return cast


@pytest.fixture
def chunks(monkeypatch):
    for name in ("AT_ONCE", "TURNED_AT_ONCE", "AT_A_TIME"):
        monkeypatch.setattr(booking, name, 1)


def approved(cast):
    key = calculated(cast)
    approve_run(key, actor=manager(cast), at=AFTER)
    return key


def test_a_run_is_claimed_only_for_what_it_waits_for_now(network):
    key = calculated(network)
    assert claim(key, "calculate", at=AFTER) is None, "another worker has calculated it since"
    assert claim(key, "book", at=AFTER) is None, "nobody approved it"
    approve_run(key, actor=manager(network), at=AFTER)
    assert claim(key, "calculate", at=AFTER) is None, "its lines would be others than those that were approved"

    calculate_again(key, actor=booker(network), at=AFTER)

    assert claim(key, "book", at=AFTER) is None, "it was set back since"
    assert claim(key, "calculate", at=AFTER)


def test_a_claim_of_a_clock_that_was_put_back_is_taken_over(network):
    key = approved(network)
    assert claim(key, "book", at=AFTER + timedelta(hours=5))

    assert claim(key, "book", at=AFTER + timedelta(hours=5) - SILENCE) is None, "it may be at work"
    assert claim(key, "book", at=AFTER)


def test_a_run_that_is_discarded_before_the_first_chunk_is_not_booked(network):
    key = approved(network)
    mine = claim(key, "book", at=AFTER)
    discard_run(key, reason="The plan was wrong", actor=booker(network), at=AFTER)

    with pytest.raises(Lost):
        book_run(key, mine, now=lambda: AFTER)

    assert (run_of(key).state, balance(network.dora), open_since()) == ("discarded", eur(0), None)


def test_a_worker_that_slept_does_not_set_back_what_another_one_has_half_booked(network, chunks):
    key = approved(network)
    first = claim(key, "book", at=AFTER)
    calls = iter(range(9))

    def dies():
        if one("SELECT 1 FROM orders WHERE provisioned_at IS NOT NULL"):
            raise KeyboardInterrupt
        return LATER

    def sleeps():
        if next(calls) == 1:
            with pytest.raises(KeyboardInterrupt):
                book_run(key, claim(key, "book", at=LATER), now=dies)
        return AFTER

    with pytest.raises(Lost):
        book_run(key, first, now=sleeps)

    assert open_since() and balance(network.dora) == eur(0)
    worked(LATER + 2 * SILENCE)
    assert (run_of(key).state, balance(network.dora)) == ("booked", eur(19_96))


def test_what_was_set_back_is_booked_unseen_when_it_is_approved_again(network, chunks):
    key = approved(network)
    mine = claim(key, "book", at=AFTER)
    run("UPDATE orders SET refunded = 100 WHERE id = ?", network.order.id)
    with pytest.raises(OrdersChanged):
        book_run(key, mine, now=lambda: AFTER)
    let_go(key, mine)  # the worker was killed before he could write down why
    run("UPDATE orders SET refunded = 0 WHERE id = ?", network.order.id)
    approve_run(key, actor=manager(network), at=LATER)
    seen = []

    def looks():
        seen.append((balance(network.dora).minor, one("SELECT count(*) FROM booking WHERE motive = 'commission'")[0]))
        return LATER

    work_on_runs(now=looks)

    assert {minor for minor, _ in seen[:-1]} == {0} and max(written for _, written in seen) == 3
    assert balance(network.dora) == eur(19_96)


def test_the_plan_of_a_run_over_what_is_green_is_that_of_the_companys_day(network):
    new = plan_in_force(since=date(2027, 1, 15))

    key = draft_green(actor=HOUSE, at=datetime(2027, 1, 14, 23, 30, tzinfo=UTC))

    assert run_of(key).plan_id == new


def test_a_chunk_that_is_written_again_because_its_commit_was_not_answered_is_written_once(network, chunks, monkeypatch):
    key = approved(network)
    once = booking._write

    def twice(*chunk):
        once(*chunk)
        once(*chunk)

    monkeypatch.setattr(booking, "_write", twice)
    work_on_runs(now=lambda: AFTER)
    assert run_of(key).state == "booking"
    assert one("SELECT count(*) FROM booking WHERE motive = 'commission'") == (1,)

    monkeypatch.setattr(booking, "_write", once)
    worked()

    assert run_of(key).state == "booked"
    assert one("SELECT count(*) FROM booking WHERE motive = 'commission'") == (3,)
