"""Several at once: exactly what there is gets paid, held and sealed; no more, and nothing is lost."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import NOON, eur
from tests.ledger.books import ZONE, Books
from vps.kernel.database import OperationalError, action, configure, connect, database, one, run
from vps.ledger.actions import NotEnoughCredit, hold, open_account, seal, voucher
from vps.ledger.actions.holds import NotAvailable
from vps.ledger.models import balance

FOUR = 4


def at_once(*steps):
    """Run the steps on threads with connections of their own, all from the same moment on, and answer what they answered."""
    start = threading.Barrier(len(steps), timeout=20)

    def whole(step):
        try:
            connect()
            start.wait()
            return step()
        finally:
            database.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(whole, steps))


def until_refused(step, most=1_000):
    """How often a step succeeds before it is refused."""
    for done in range(most):
        try:
            step(done)
        except (NotEnoughCredit, NotAvailable):
            return done
    raise AssertionError("never refused")


@pytest.fixture
def small(books):
    """Anna has exactly 10.00 EUR."""
    books.pay(4_000)
    return books


def payer(books, who):
    return lambda: until_refused(lambda n: books.pay(10, key=f"{who}:{n}"))


def test_four_who_pay_ten_cents_from_ten_euro_pay_exactly_ten_euro(small, clean):
    paid = at_once(*(payer(small, who) for who in range(FOUR)))

    assert sum(paid) == 100
    assert small.account() == (0, 0, 0)
    assert balance(small.purchases) == 4_000 + 1_000
    clean()


def _pay_in_a_process(url, books, who, answer):
    configure(url)
    connect()
    answer.put(payer(books, who)())
    database.close()


def test_four_processes_pay_exactly_what_there_is(sqlite, tmp_path, clean):
    books = Books()
    books.pay(4_000)
    database.close()
    many = multiprocessing.get_context("fork")
    answer = many.Queue()
    books.keys = ()  # keys are given
    workers = [many.Process(target=_pay_in_a_process, args=(f"sqlite:///{tmp_path}/vps.db", books, who, answer)) for who in range(FOUR)]
    for worker in workers:
        worker.start()
    paid = [answer.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    connect()

    assert sum(paid) == 100
    assert books.account() == (0, 0, 0)
    clean()


def test_of_six_holds_at_once_of_ten_on_fifty_one_is_refused(books, clean):
    def holder(n):
        def step():
            try:
                return hold(books.anna, eur(1_000), reason="order:1", key=f"h{n}", at=NOON)
            except NotAvailable:
                return None

        return step

    made = at_once(*(holder(n) for n in range(6)))

    assert made.count(None) == 1
    assert books.account() == (5_000, 5_000, 0)
    clean()


def test_the_same_payment_pressed_four_times_at_once_is_booked_once(books, clean):
    done = at_once(*[lambda: books.pay(700, key="order:1:payment:1")] * FOUR)

    assert len({booked.id for booked in done}) == 1
    assert [booked.again for booked in done].count(False) == 1
    assert books.account() == (4_300, 0, 0)
    clean()


def test_the_same_hold_the_same_document_and_the_same_account_are_made_once(books):
    for step in (
        lambda: hold(books.anna, eur(1_000), reason="order:1", key="h", at=NOON),
        lambda: voucher("receipt", "77", day=NOON.date()),
        lambda: open_account(code="wallet:9:EUR", kind="wallet", currency="EUR", floor=0, at=NOON),
    ):
        assert len(set(at_once(*[step] * FOUR))) == 1
    assert books.account() == (5_000, 1_000, 0)


def test_two_who_send_each_other_money_never_wait_for_each_other_for_ever(books, clean):
    books.top_up(5_000, to=books.boris)

    def sender(one_wallet, other):
        return lambda: [books.move(one_wallet, other, 1, key=f"{one_wallet}:{n}") for n in range(40)]

    at_once(sender(books.anna, books.boris), sender(books.boris, books.anna))

    assert (books.account(), books.account(books.boris)) == ((5_000, 0, 0), (5_000, 0, 0))
    clean()


def test_actions_that_do_wait_for_each_other_are_tried_again(postgres, clean):
    """Two bookings in one action, in opposite order: PostgreSQL stops one of the two, and its second try goes through."""
    books = Books()
    books.top_up(5_000, to=books.boris)
    both_have_begun = threading.Barrier(2)
    tries = []

    @action
    def both(first, second):
        tries.append(1)
        run("SET LOCAL deadlock_timeout = '20ms'")
        books.pay(1, by=first, key=f"{first}:1")
        if len(tries) <= 2:
            both_have_begun.wait(10)
        books.pay(1, by=second, key=f"{first}:2")

    at_once(lambda: both(books.anna, books.boris), lambda: both(books.boris, books.anna))

    assert len(tries) >= 3, "one of the two was tried again"
    assert (books.account()[0], books.account(books.boris)[0]) == (4_998, 4_998)
    clean()


def test_nothing_is_lost_and_every_sum_is_right_while_bookings_and_seals_go_on(books, clean):
    """Totals plus tail, read at any moment, are what was committed by then: they grow with every payment and never fall back."""
    stop, seals, sums = threading.Event(), [], []

    def payer_while_it_is_sealed(who):
        n = 0
        while n < 20 or (len(seals) < 3 and n < 1_000):
            books.pay(1, key=f"{who}:{n}")
            n += 1

    def payers():
        at_once(*(lambda who=who: payer_while_it_is_sealed(who) for who in range(3)))
        stop.set()

    def sealer():
        while not stop.is_set():
            try:
                seals.extend([1] * bool(seal(at=NOON, zone=ZONE)))
            except OperationalError as trouble:
                assert "lock timeout" in str(trouble)

    def reader():
        while not stop.is_set():
            sums.append(balance(books.purchases))

    at_once(payers, sealer, reader)
    seal(at=NOON, zone=ZONE)

    paid = one("SELECT CAST(sum(amount) AS bigint) FROM booking WHERE credit_id = ?", books.purchases)[0]
    assert balance(books.purchases) == paid == 5_000 - books.account()[0]
    assert one("SELECT minor FROM total WHERE account_id = ? AND side = 'credit'", books.purchases)[0] == paid
    assert len(seals) >= 3
    assert sums == sorted(sums)
    clean()
