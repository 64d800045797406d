"""Passwords that everybody tries are refused, and a good one lasts."""

from datetime import timedelta

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from tests.cast import NOON, PASSWORD
from vps.kernel.database import one
from vps.people.actions import check_password, good_password
from vps.people.actions.invite import SHORTEST, TooEasy

LEAKED = sorted(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)


def test_a_password_that_leaked_often_is_refused_whatever_its_length(house):
    assert len(FREQUENCY_LISTS["passwords"]) >= 30_000 and len(LEAKED) > 200
    for word in LEAKED:
        for spelled in (word, word.upper()):
            with pytest.raises(TooEasy):
                good_password(spelled, spelled, about=house.anna)


def test_a_password_is_good_for_as_long_as_nobody_changes_it(cast):
    assert check_password("anna", PASSWORD, browser=None, address="192.0.2.1", at=NOON + timedelta(days=3650)).id == cast.anna.id


def test_a_new_house_has_nobody_in_it(engine):
    assert one("SELECT count(*) FROM person")[0] == 0
