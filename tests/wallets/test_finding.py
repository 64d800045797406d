"""Who is to get something is found by number, phone, e-mail or code; a miss says the same whatever is missed, and is counted."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, run
from vps.people.actions import TooManyTries
from vps.security.actions import freeze
from vps.wallets.actions import NoRecipient, ToYourself, find_recipient, recipient_by_code
from vps.wallets.actions.finding import MISSED, STRANGERS
from vps.wallets.models import Asked, code_of, is_signed, number_in, request_code, request_in, signature


def find(house, typed, *, by=None, address="192.0.2.7", at=NOON):
    return find_recipient(typed, actor=Actor((by or house.anna).id, address), at=at)


@pytest.fixture
def boris(house):
    run("UPDATE person SET phone = '+491512345678', email = 'boris@example.com' WHERE id = ?", house.boris.id)
    return house.boris


def test_a_partner_is_found_by_what_he_gave_however_it_is_typed(house, boris):
    number, code = boris.number, code_of(boris.number)
    spaced = f" {number[:2]} {number[2:]}-"
    codes = (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l"))
    for typed in (number, spaced, "+49 (0) 151 234-5678", "0049 1512345678", "Boris@EXAMPLE.com ", *codes):
        assert find(house, typed).id == boris.id, typed
    assert recipient_by_code(code, me=house.anna.id).id == boris.id


@pytest.mark.parametrize("why", ["unknown", "closed", "frozen", "staff", "cannot receive", "two with one phone", "wallet frozen"])
def test_who_cannot_receive_is_told_from_nobody_who_is_not_there(house, boris, why):
    typed, code = boris.number, code_of(boris.number)
    if why == "unknown":
        typed = code = "1000092"
    elif why == "closed":
        run("UPDATE person SET closed_at = 1 WHERE id = ?", boris.id)
    elif why == "frozen":
        freeze(boris.id, actor=HOUSE, at=NOON)
    elif why == "staff":
        run("UPDATE person SET email = 'clara@example.com' WHERE id = ?", house.clara.id)
        typed = code = "clara@example.com"
    elif why == "cannot receive":
        run("UPDATE wallet_kind SET receives = ?", False)
    elif why == "wallet frozen":
        run("UPDATE wallet SET frozen_at = 1 WHERE person_id = ?", boris.id)
    else:
        run("UPDATE person SET phone = '+491512345678' WHERE id = ?", house.anna.id)
        typed = "+491512345678"
        code = "no code"

    with pytest.raises(NoRecipient) as refused:
        find(house, typed)
    assert refused.value.facts == {}
    with pytest.raises(NoRecipient):
        recipient_by_code(code, me=house.anna.id)


def test_oneself_is_told_so_and_it_is_no_miss(house):
    for typed in (house.anna.number, "anna@example.com", code_of(house.anna.number)):
        with pytest.raises(ToYourself):
            find(house, typed)
    with pytest.raises(ToYourself):
        recipient_by_code(code_of(house.anna.number), me=house.anna.id)
    assert one("SELECT count(*) FROM throttle")[0] == 0


def test_ten_misses_close_the_search_for_a_while_and_hits_of_old_acquaintances_never(house, boris):
    for n in range(MISSED.most):
        with pytest.raises(NoRecipient):
            find(house, f"nobody {n}", at=NOON + timedelta(minutes=n))

    late = NOON + timedelta(minutes=10)
    with pytest.raises(TooManyTries):
        find(house, boris.number, at=late)
    assert find(house, house.anna.number, by=house.boris, at=late).id == house.anna.id, "only who missed waits"
    assert find(house, boris.number, at=late + MISSED.pause).id == boris.id


def test_who_misses_under_many_names_is_stopped_by_his_network(house, boris):
    run("UPDATE throttle SET failures = 0")
    run("INSERT INTO throttle (scope, subject, failures, since, blocked_until, doublings) VALUES ('recipients of a network', '192.0.2.0/24', 0, 1, ?, 1)", 2**62)  # fmt: skip

    with pytest.raises(TooManyTries):
        find(house, boris.number)
    assert find(house, boris.number, address="198.51.100.1").id == boris.id


def test_nobody_walks_through_the_numbers(house, boris):
    for _ in range(STRANGERS.most):
        find(house, boris.number)

    with pytest.raises(TooManyTries):
        find(house, boris.number)


def test_a_code_of_another_installation_or_a_changed_one_is_none():
    code = code_of("20468")
    assert number_in(code) == "20468"
    for wrong in (
        "",
        "20468",
        code[:-1],
        code[:-1] + ("2" if code[-1] != "2" else "3"),
        code.replace("20468", "20565"),
        code + "A",
        "١" * 15,
    ):
        assert number_in(wrong) is None, wrong
    assert request_in(request_code(7)) == 7
    for wrong in (request_code(7).replace("R7", "R8"), code, "R", ""):
        assert request_in(wrong) is None, wrong
    assert number_in(request_code(7)) is None


def test_an_amount_beside_a_code_is_signed_with_it():
    sign = signature("20468", Asked(None, "tea"))
    assert is_signed("20468", Asked(None, "tea"), sign)
    assert not is_signed("20468", Asked(None, "tee"), sign) and not is_signed("20565", Asked(None, "tea"), sign)
    assert not is_signed("20468", Asked(None, "tea"), "ж")
