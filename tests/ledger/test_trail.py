"""The trail: who did what to what, from where, and what it was before; written with the deed or not at all."""

import pytest

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, rows
from vps.kernel.refusals import Refused
from vps.ledger.actions import record


def test_a_line_says_who_what_from_where_and_what_it_was_before(engine):
    record(Actor(7, "192.0.2.1"), "setting changed", "setting:zone", at=NOON, before="UTC", after="Europe/Berlin")

    assert one("SELECT actor, verb, subject, before, after, address, at FROM event") == (
        *(7, "setting changed", "setting:zone", "UTC", "Europe/Berlin", "192.0.2.1", micros(NOON)),
    )


def test_the_house_itself_is_nobody(engine):
    record(HOUSE, "sealed", "books", at=NOON)

    assert rows("SELECT actor, address, before, after FROM event") == [(None, "", "", "")]


def test_what_was_refused_leaves_no_line(engine):
    @action
    def deed() -> None:
        record(HOUSE, "done", "thing:1", at=NOON)
        raise Refused

    with pytest.raises(Refused):
        deed()

    assert rows("SELECT id FROM event") == []
