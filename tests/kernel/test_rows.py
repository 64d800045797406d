"""Rows: instants and days as people use them, whole numbers and texts in the database."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.cast import NOON
from vps.kernel.clock import micros
from vps.kernel.database import IntegrityError, one, run
from vps.kernel.rows import Day, Instant
from vps.ledger.models import Account, Hold, Voucher


def test_an_instant_is_kept_in_microseconds_and_comes_back_in_utc(engine):
    at = datetime(2026, 3, 29, 3, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=2)))
    made = Account.create(code="bank:EUR", kind="bank", currency="EUR", opened_at=at)

    assert one("SELECT opened_at FROM account")[0] == micros(at)
    found = Account.get_by_id(made.id).opened_at
    assert found == at
    assert found.tzinfo is UTC


def test_no_instant_stays_no_instant(engine):
    account = Account.create(code="wallet:1:EUR", kind="wallet", currency="EUR", floor=0, balance=10, opened_at=NOON)
    Hold.create(account=account, amount=1, reason="r", key="k", held_at=NOON)

    held = Hold.get()
    assert (held.until, held.released_at) == (None, None)
    assert Hold.select().where(Hold.held_at == NOON).count() == 1
    assert Hold.select().where(Hold.held_at < micros(NOON)).count() == 0, "microseconds are understood as well"


def test_a_day_is_a_text_that_sorts_and_comes_back_as_a_day(engine):
    Voucher.create(kind="receipt", ref="1", day=date(2026, 2, 3))

    assert one("SELECT day FROM voucher")[0] == "2026-02-03"
    assert Voucher.get().day == date(2026, 2, 3)
    assert Voucher.select().where(Voucher.day < date(2026, 11, 1)).count() == 1


def test_no_day_stays_no_day():
    assert (Day().db_value(None), Day().python_value(None)) == (None, None)
    assert Day().db_value("2026-02-03") == "2026-02-03"
    assert (Instant().db_value(None), Instant().python_value(None)) == (None, None)


def test_a_foreign_key_leads_somewhere_and_is_never_followed_by_a_delete(engine):
    with pytest.raises(IntegrityError):
        run("INSERT INTO hold (account_id, amount, reason, key, held_at) VALUES (999, 1, 'r', 'k', 1)")


@pytest.mark.parametrize("currency", ["", "EU", "EURO"])
def test_a_currency_has_three_letters(sqlite, currency):
    with pytest.raises(IntegrityError):
        Account.create(code="x", kind="bank", currency=currency, opened_at=NOON)


def test_ids_do_not_stop_at_the_end_of_32_bits(engine):
    run("INSERT INTO voucher (id, kind, ref, day, text) VALUES (?, 'k', 'r', '2026-01-01', '')", 2**40)

    assert Voucher.get().id == 2**40
