"""Who of the staff looked at whose pages is written down, once a quarter of an hour. SECURITY, the curious employee."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from vps.kernel.authorisation import Actor
from vps.kernel.database import rows
from vps.people.actions import look
from vps.people.words import LOOKED, PAGES

MINUTE = timedelta(minutes=1)


def looks():
    return rows("SELECT actor, subject, after FROM event WHERE verb = 'looked at' ORDER BY id")


def test_looking_is_a_line_about_the_partner(cast):
    look(cast.anna.id, "wallet", actor=Actor(cast.clara.id, "192.0.2.9"), at=NOON)

    assert looks() == [(cast.clara.id, f"person:{cast.anna.id}", "wallet")]
    assert rows("SELECT address FROM event WHERE verb = 'looked at'") == [("192.0.2.9",)]


def test_paging_is_one_line_until_a_quarter_of_an_hour_is_over(cast):
    for minutes in (0, 1, 14, 15, 16):
        look(cast.anna.id, "wallet", actor=Actor(cast.clara.id), at=NOON + minutes * MINUTE)

    assert len(looks()) == 2


def test_another_colleague_partner_or_kind_of_page_is_another_line(cast):
    for who, whom, page in (
        (cast.clara, cast.anna, "wallet"),
        (cast.dragan, cast.anna, "wallet"),
        (cast.clara, cast.boris, "wallet"),
        (cast.clara, cast.anna, "details"),
    ):
        look(whom.id, page, actor=Actor(who.id), at=NOON)

    assert len(looks()) == 4


def test_looks_at_once_are_one_line(cast):
    at_once(4, lambda _: look(cast.anna.id, "wallet", actor=Actor(cast.clara.id), at=NOON))

    assert len(looks()) == 1


@pytest.mark.parametrize("words", [LOOKED, PAGES])
def test_every_kind_of_page_has_words(words):
    assert set(words) == {
        "partner",
        "wallet",
        "details",
        "history",
        "order",
        "question",
        "sheet",
        "accounts",
        "identity",
        "trust",
        "tree",
        "commissions",
        "commission",
    }
