"""Payments come from allowed addresses only: refused before a code is looked at, so nothing is counted and no TAN is lost."""

import pytest

from tests.cast import CODES, NOON, sheet_of
from tests.security.dialogs import move, shown
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one
from vps.people.actions import AddressNotAllowed, add_network
from vps.people.actions.networks import AddressNotSeen
from vps.security.actions import confirm

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.5"


@pytest.fixture
def dialog(cast):
    """What the dialog of a payment shows Anna, who may pay from HERE only."""
    sheet_of(cast.anna)
    add_network(cast.anna.id, HERE, actor=HOUSE, at=NOON)
    return shown(cast.anna)


def answer(cast, dialog, address, code=None):
    return confirm(dialog, code=code or CODES[dialog.n - 1], actor=Actor(cast.anna.id, address), at=NOON)


@pytest.mark.parametrize(("address", "refusal"), [(ELSEWHERE, AddressNotAllowed), ("", AddressNotSeen)])
@pytest.mark.parametrize("code", [None, "999999"], ids=["right", "wrong"])
def test_from_elsewhere_no_code_is_looked_at(cast, dialog, address, refusal, code):
    for _ in range(4):
        with pytest.raises(refusal):
            answer(cast, dialog, address, code)

    assert one("SELECT count(*) FROM intent")[0] == one("SELECT count(*) FROM way WHERE wrong_ever > 0")[0] == 0
    move(answer(cast, dialog, HERE))
    assert one("SELECT count(*) FROM intent WHERE posted_at IS NOT NULL")[0] == 1


def test_an_answer_sent_again_from_elsewhere_finds_what_the_first_one_did(cast, dialog):
    move(answer(cast, dialog, HERE))
    assert answer(cast, dialog, ELSEWHERE).snapshot == dialog


def test_a_list_is_nobody_elses(cast, dialog):
    sheet_of(cast.boris)
    asked = shown(cast.boris, subject="1002")
    assert confirm(asked, code=CODES[asked.n - 1], actor=Actor(cast.boris.id, ELSEWHERE), at=NOON)
