"""Who shares data with whom (M8), and with whom of the staff (M12): looked at when money leaves, each pair once for each of the two."""

import pytest

from tests.cast import NOON
from tests.people.signing_in import signed_in
from tests.wallets.town import Town, noticed
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import micros
from vps.kernel.database import one, run
from vps.people.actions import grant
from vps.people.actions.tree import MOVE


@pytest.fixture
def both(cast):
    """On both engines."""
    return Town(cast)


def moves(town, person):
    town.send(person, town.cast.boris, 1)


def flags(person):
    return {rule: [(facts["what"], *facts["people"]) for facts in noticed(person, rule)] for rule in ("M8", "M12")}


def test_partners_with_one_address_of_mail_or_phone_are_noticed_once(both):
    vera, zora, other = (
        both.partner(money=1_00, email=email, phone=phone)
        for email, phone in (("v@example.com", "+49 151 2345678"), ("v@example.com", ""), ("o@example.com", "+491512345678"))
    )
    for _ in range(2):
        moves(both, vera)
    moves(both, zora)

    assert flags(vera) == {"M8": [("email", zora.id), ("phone", other.id)], "M12": []}
    assert flags(zora) == {"M8": [("email", vera.id)], "M12": []}


def test_partners_without_mail_and_phone_share_nothing(both):
    vera, _ = both.partners(2, money=1_00)
    moves(both, vera)

    assert flags(vera) == {"M8": [], "M12": []}


def test_a_browser_that_comes_with_somebody_elses_cookie_is_shared(both):
    vera, zora = both.partners(2, money=1_00)
    cookie = signed_in(vera)
    signed_in(zora, cookie)
    moves(both, vera)
    moves(both, zora)

    assert flags(vera)["M8"] == [("browser", zora.id)] and flags(zora)["M8"] == [("browser", vera.id)]


def test_ones_own_browser_and_one_that_was_emptied_are_shared_with_nobody(both):
    vera, zora = both.partners(2, money=1_00)
    signed_in(vera, signed_in(vera))
    signed_in(zora)

    assert one("SELECT count(*) FROM browser WHERE also IS NOT NULL")[0] == 0


def test_what_is_shared_with_the_staff_has_a_rule_of_its_own(both):
    clara, anna = both.cast.clara, both.cast.anna
    vera = both.partner(money=1_00, email="c@example.com", sponsor=anna.number)
    run("UPDATE person SET email = 'c@example.com' WHERE id = ?", clara.id)
    run(MOVE, both.cast.dragan.id, vera.id, "2026-11-01", "joined her", micros(NOON), None)
    moves(both, vera)
    assert flags(vera) == {"M8": [], "M12": [("email", clara.id), ("sponsor", both.cast.dragan.id)]}

    grant(anna, {"read"}, actor=HOUSE, at=NOON)
    moves(both, vera)

    assert flags(vera)["M12"][2:] == [("sponsor", anna.id)]


def test_a_sponsor_outside_the_staff_and_a_colleague_without_rights_any_more_are_legal(both):
    vera = both.partner(money=1_00, email="c@example.com", sponsor=both.cast.anna.number)
    run("UPDATE person SET email = 'c@example.com' WHERE id = ?", both.cast.clara.id)
    run("UPDATE person_right SET withdrawn_at = 1 WHERE person_id = ?", both.cast.clara.id)
    moves(both, vera)

    assert flags(vera) == {"M8": [], "M12": []}
