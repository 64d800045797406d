"""The seal: chained, summed and signed after the fact; nothing is lost to it and nothing summed twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256

import psycopg
import pytest

from tests.cast import NOON
from tests.ledger.books import ZONE, Books
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import OperationalError, connect, database, one, rows
from vps.kernel.keys import keys
from vps.ledger.actions import record, seal, sealing
from vps.ledger.models.seals import chain_digest, seal_text

SEALS = "SELECT previous, upto, count FROM seal WHERE chain = 'booking' ORDER BY upto"


def test_sealing_covers_all_bookings_and_the_trail(books, clean):
    books.pay(100)
    record(HOUSE, "tested", "thing:1", at=NOON)

    assert seal(at=NOON, zone=ZONE) == 3

    assert rows("SELECT chain, previous, upto, count, sealed_at FROM seal ORDER BY id") == [
        ("booking", 0, 2, 2, micros(NOON)), ("event", 0, 1, 1, micros(NOON)),
    ]  # fmt: skip
    clean()


def test_sealing_again_covers_nothing_and_later_only_what_is_new(books, clean):
    seal(at=NOON, zone=ZONE)

    assert seal(at=NOON, zone=ZONE) == 0
    books.pay(100)
    assert seal(at=NOON, zone=ZONE) == 1

    assert rows(SEALS) == [(0, 1, 1), (1, 2, 1)]
    clean()


def test_empty_books_need_no_seal(engine):
    assert seal(at=NOON, zone=ZONE) == 0
    assert one("SELECT count(*) FROM seal")[0] == 0


def test_many_bookings_are_sealed_in_batches_that_form_one_chain(books, clean, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    for n in range(7):
        books.pay(n + 1)

    assert seal(at=NOON, zone=ZONE) == 8

    assert rows(SEALS) == [(0, 3, 3), (3, 6, 3), (6, 8, 2)]
    clean()


def test_a_seals_digest_folds_every_bookings_own_digest_with_its_id(books):
    books.pay(100)
    seal(at=NOON, zone=ZONE)

    folded = b""
    for booking, digest in rows("SELECT id, digest FROM booking ORDER BY id"):
        folded = sha256(folded + str(booking).encode() + b"\n" + bytes(digest)).digest()
    assert bytes(one("SELECT digest FROM seal")[0]) == folded


def test_a_seal_is_signed_with_the_seal_key(books):
    seal(at=NOON, zone=ZONE)

    number, previous, upto, count, digest, signature, at = one("SELECT id, previous, upto, count, digest, signature, sealed_at FROM seal")
    text = seal_text(number, "booking", previous, upto, count, bytes(digest), at)
    assert keys().signed(text, signature)
    assert not keys().signed(text + b"x", signature)


def test_totals_are_kept_by_account_month_motive_and_side(books):
    books.pay(100)
    books.pay(250)
    books.pay(30, motive="fee")
    seal(at=NOON, zone=ZONE)

    assert set(rows("SELECT account_id, month, motive, side, count, minor FROM total")) == {
        (books.bank, "2026-11", "top-up", "debit", 1, 5_000), (books.anna, "2026-11", "top-up", "credit", 1, 5_000),
        (books.anna, "2026-11", "purchase", "debit", 2, 350), (books.purchases, "2026-11", "purchase", "credit", 2, 350),
        (books.anna, "2026-11", "fee", "debit", 1, 30), (books.purchases, "2026-11", "fee", "credit", 1, 30),
    }  # fmt: skip


def test_a_later_seal_adds_to_the_same_totals(books):
    for minor in (100, 250):
        books.pay(minor)
        seal(at=NOON, zone=ZONE)

    assert rows("SELECT count, minor FROM total WHERE account_id = ? AND motive = 'purchase'", books.anna) == [(2, 350)]


@pytest.mark.parametrize(("at", "zone", "month"), [
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", "2027-01"),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "UTC", "2026-12"),
    (datetime(2026, 12, 31, 22, 59, 59, 999_999, tzinfo=UTC), "Europe/Berlin", "2026-12"),
    (datetime(2027, 1, 1, 4, 30, tzinfo=UTC), "America/New_York", "2026-12"),
    (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "Europe/Berlin", "2026-07"),
])  # fmt: skip
def test_a_month_is_the_companys_month(at, zone, month):
    assert sealing.month_of(micros(at), zone) == month


def test_a_booking_at_half_past_midnight_in_berlin_belongs_to_january(books, clean):
    books.pay(100, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    seal(at=NOON, zone=ZONE)

    assert one("SELECT month FROM total WHERE account_id = ? AND motive = 'purchase'", books.anna)[0] == "2027-01"
    clean()


def test_on_postgresql_no_booking_below_the_horizon_can_appear_later(postgres, postgres_server):
    """A booking that has its id but is not committed yet holds the horizon up; taken as max(id) it would be lost for ever."""
    books = Books()
    with psycopg.connect(postgres_server.url(database.database)) as slow:
        slow.execute("INSERT INTO booking (voucher_id, key, motive, debit_id, credit_id, amount, currency, booked_at, value_date, digest)"
                     " VALUES (1, 'slow', 'purchase', 1, 2, 100, 'EUR', 1, '2026-11-20', %s)", [b"0" * 32])  # fmt: skip
        with pytest.raises(OperationalError, match="lock timeout"):
            seal(at=NOON, zone=ZONE)
        slow.commit()

    assert seal(at=NOON, zone=ZONE) == 2
    assert rows(SEALS) == [(0, books.count, 2)]


def test_two_sealers_at_once_seal_everything_once(books, clean, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _ in range(9):
        books.pay(1)
    begin = threading.Barrier(3, timeout=20)

    def sealer(_):
        connect()
        begin.wait()
        try:
            return seal(at=NOON, zone=ZONE)
        finally:
            database.close()

    with ThreadPoolExecutor(3) as sealers:
        covered = list(sealers.map(sealer, range(3)))

    assert sum(covered) == 10
    assert one("SELECT sum(count) FROM total WHERE account_id = ? AND motive = 'purchase'", books.anna)[0] == 9
    clean()


def test_a_line_break_inside_a_line_of_the_trail_is_not_one_between_two_facts():
    one_way = chain_digest("event", b"", [(1, None, "s", "v", "a\nb", "c", "", 1)])
    other_way = chain_digest("event", b"", [(1, None, "s", "v", "a", "b\nc", "", 1)])
    spelled = chain_digest("event", b"", [(1, None, "s", "v", "a\\nb", "c", "", 1)])

    assert len({one_way, other_way, spelled}) == 3


def test_a_seal_that_fails_leaves_no_total_behind(books, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sealing, "_add_totals", broken)
    with pytest.raises(ZeroDivisionError):
        seal(at=NOON, zone=ZONE)

    assert one("SELECT count(*) FROM seal")[0] == 0


def test_a_seals_signature_covers_the_same_bytes_in_every_release():
    text = b"vps-seal-1\n3\nbooking\n10\n25\n15\n1795176000000000\n" + b"\x07" * 32

    assert seal_text(3, "booking", 10, 25, 15, b"\x07" * 32, 1_795_176_000_000_000) == text
