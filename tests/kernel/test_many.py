"""One statement for many values: all of them inside the action, or none."""

import pytest

from vps.kernel.database import IntegrityError, action, many, rows


@action
def written(*codes):
    many(
        "INSERT INTO account (code, kind, currency, balance, reserved, debt, opened_at) VALUES (?, 'bank', 'EUR', 0, 0, 0, 1)",
        [(code,) for code in codes],
    )


def test_every_value_makes_its_row(engine):
    written("one", "two", "three")

    assert rows("SELECT code FROM account WHERE opened_at = 1 ORDER BY id") == [("one",), ("two",), ("three",)]


def test_one_that_is_refused_takes_the_others_with_it(engine):
    with pytest.raises(IntegrityError):
        written("four", "five", "four")

    assert rows("SELECT code FROM account WHERE opened_at = 1") == []
