"""What is noticed at the bank: an account of several (M8, M12), and a payer of another name (M10)."""

import pytest

from tests.bank.payouts import IBAN, OTHER, by_rule, usable
from tests.bank.test_import import file, line, take
from tests.cast import NOON
from tests.wallets.town import noticed
from vps.bank.actions import add_payee_for, end_payee, read_account
from vps.bank.watching import is_of
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one
from vps.kernel.numbers import topup_reference
from vps.people.actions import grant


def add(cast, person, number):
    return add_payee_for(person.id, read_account(number), person.bank_name, actor=Actor(cast.elena.id), at=NOON)


def test_an_account_that_another_partner_gave_is_noticed(cast):
    add(cast, cast.anna, IBAN)
    add(cast, cast.boris, OTHER)
    assert one("SELECT count(*) FROM flag")[0] == 0

    add(cast, cast.boris, IBAN)

    assert noticed(cast.boris, "M8") == [{"what": "account", "people": [cast.anna.id], "ending": "3000"}]
    assert noticed(cast.anna, "M8") == []


def test_an_account_of_somebody_of_the_staff_has_its_own_rule(cast):
    add(cast, cast.anna, IBAN)
    grant(cast.anna, {"read"}, actor=HOUSE, at=NOON)
    add(cast, cast.boris, IBAN)

    assert [facts["people"] for facts in noticed(cast.boris, "M12")] == [[cast.anna.id]] and noticed(cast.boris, "M8") == []


def test_an_account_that_was_removed_is_shared_by_nobody(house):
    end_payee(house.anna.id, add(house, house.anna, IBAN), actor=HOUSE, at=NOON)
    add(house, house.boris, IBAN)

    assert noticed(house.boris, "M8") == []


def test_a_top_up_from_somebody_else_is_noticed_with_its_line(cast):
    take(file(line("100.00", ref=topup_reference(cast.anna.number)), line("7.00", ref=topup_reference(cast.boris.number))))

    booking, key = one(
        "SELECT b.id, l.id FROM booking b JOIN bank_line l ON l.amount = b.amount WHERE b.motive = 'top-up' AND b.amount = 700"
    )
    assert noticed(cast.anna, "M10") == []
    assert noticed(cast.boris, "M10") == [{"payer": "Anna Bauer", "amount": [7_00, "EUR"], "line": key}]
    assert one("SELECT booking FROM flag") == (booking,)


def test_a_pay_out_of_most_of_a_top_up_is_noticed(cast):
    """By a standing order here: whatever makes pay-outs is watched in the same place."""
    take(file(line("100.00", ref=topup_reference(cast.anna.number))))
    usable(cast, cast.anna)
    by_rule(cast.anna, 80_00)

    assert [(facts["paid_in"], facts["gone"]) for facts in noticed(cast.anna, "M3")] == [([100_00, "EUR"], [80_00, "EUR"])]


@pytest.mark.parametrize(
    ("payer", "same"),
    [
        ("PETROVIC VERA", True),
        ("Вера Петровић", True),
        ("Dr. Vera Petrović", True),
        ("Vera Petrovic und Zoran Petrovic", True),
        ("Vera Petrović-Horvat", True),
        ("VP Handel GmbH", True),
        ("", True),
        ("王", True),
        ("Zoran Petrović", False),
        ("Vera", False),
        ("Vera Petrova", False),
        ("VP", False),
    ],
)
def test_a_name_is_compared_in_any_order_alphabet_and_spelling(payer, same):
    assert is_of(payer, "Vera Petrović", "VP Handel GmbH") is same


def test_a_single_word_is_a_name_too():
    assert is_of("Alpenkraut", "Alpenkraut", "") and not is_of("Bergkraut", "Alpenkraut", "")
