"""Making people: numbers with check digits, names that cannot pass for another's, rights, customers."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, PASSWORD
from vps.company.actions import NoSuchLanguage, NoSuchZone
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.kernel.numbers import is_partner_number, partner_number
from vps.kernel.text import HiddenCharacters, MixedAlphabets, NoName, WrongEmail, WrongPhone
from vps.people.actions import (
    Details,
    add_customer,
    change_person,
    check_password,
    choose_language,
    close_person,
    grant,
    live_session,
    open_session,
    register_partner,
    register_staff,
)
from vps.people.actions.register import NameTaken, NoSuchSponsor, NotANumber, NotYourself, NumberTaken
from vps.people.models import Customer, Person
from vps.people.models.search import find as search


def partner(username: str = "", *, name: str = "Petra Muster", **more: str) -> Person:
    return register_partner(Details(name, "de", "Europe/Berlin", username=username, **more), actor=HOUSE, at=NOON)


def trail(person: Person) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in rows("SELECT verb, before, after FROM event WHERE subject = ? ORDER BY id", f"person:{person.id}")]


def test_partners_are_numbered_one_after_the_other_with_check_digits(cast):
    first, second = partner(), partner()

    assert int(second.number[:-2]) == int(first.number[:-2]) + 1
    assert is_partner_number(first.number)
    assert cast.anna.number == partner_number(10_001)
    assert cast.clara.number is None
    assert not cast.clara.is_partner


def test_a_partner_without_a_name_for_signing_in_has_his_number(house):
    petra = partner()

    assert petra.username == petra.number


def test_a_number_brought_along_is_kept_and_a_mistyped_one_refused(house):
    assert partner(number=partner_number(20_000)).number == partner_number(20_000)
    with pytest.raises(NumberTaken):
        partner(number=partner_number(20_000))
    with pytest.raises(NotANumber):
        partner(number="2000001")


def test_a_short_number_brought_along_does_not_make_later_ones_short(sqlite):
    partner(number=partner_number(7))

    assert partner().number == partner_number(10_001)


def test_the_sponsor_is_a_partner_that_exists(house):
    assert partner(sponsor=house.anna.number).sponsor_id == house.anna.id
    for nobody in (partner_number(99_999), "clara", "1\x00"):
        with pytest.raises(NoSuchSponsor):
            partner(sponsor=nobody)


def test_eight_offices_at_once_give_eight_numbers(cast):
    made = at_once(8, lambda _: partner().number)

    assert sorted(made) == [partner_number(n) for n in range(10_003, 10_011)]


def test_one_name_asked_for_at_once_is_given_once(cast):
    def staff(_: int) -> Person:
        return register_staff(Details("Emil Staff", "de", "UTC", username="emil"), {"read"}, actor=HOUSE, at=NOON)

    made = at_once(8, staff)

    assert sorted(type(answer).__name__ for answer in made) == ["NameTaken"] * 7 + ["Person"]


@pytest.mark.parametrize("copy", ["anna", "ANNA", "Ａｎｎａ", " anna "])
def test_a_name_that_is_taken_is_refused_however_it_is_spelled(house, copy):
    with pytest.raises(NameTaken):
        partner(copy)


@pytest.mark.parametrize(("taken", "alike"), [("oxo", "охо"), ("paul1", "paull"), ("zo0m", "zoom"), ("Cop", "Сор")])
def test_a_name_that_looks_like_a_taken_one_is_refused(house, taken, alike):
    partner(taken)

    with pytest.raises(NameTaken):
        partner(alike)


def test_mixed_scripts_are_refused_and_whole_cyrillic_is_welcome(house):
    with pytest.raises(MixedAlphabets):
        partner("pаypal")

    assert partner("милица").username == "милица"


@pytest.mark.parametrize("hidden", ["admin\u202e", "ad\u200bmin", "ad\x00min", "admin\ue000", "admin\u0378"])
def test_hidden_characters_are_refused_in_every_name(house, hidden):
    with pytest.raises(HiddenCharacters):
        partner(hidden)
    with pytest.raises(HiddenCharacters):
        partner("petra", name=hidden)


@pytest.mark.parametrize(("typed", "signs_in_with"), [("Ａｎｉ", "ani"), ("ﬁrma", "FIRMA"), ("Zoe\u0308", "zoë")])
def test_a_name_signs_in_in_any_spelling_of_the_same_letters(house, typed, signs_in_with):
    from vps.kernel.hashing import slow_hash
    from vps.people.actions import set_password

    petra = partner(typed)
    set_password(petra, slow_hash(PASSWORD), actor=HOUSE, at=NOON)

    for spelling in (typed, signs_in_with):
        assert check_password(spelling, PASSWORD, browser=None, address="192.0.2.1", at=NOON).id == petra.id


def test_nobody_is_called_like_a_partner_number(house):
    for number in (house.boris.number, partner_number(33_333)):
        with pytest.raises(NameTaken):
            partner(number)
        with pytest.raises(NameTaken):
            register_staff(Details("Emil Staff", "de", "UTC", username=number), {"read"}, actor=HOUSE, at=NOON)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, NoName),
        ({"email": "petra"}, WrongEmail),
        ({"email": "a@example.com\r\nBcc: x@example.com"}, WrongEmail),
        ({"phone": "12"}, WrongPhone),
    ],
)
def test_what_makes_no_sense_is_refused_and_nobody_is_made(house, wrong, refusal):
    before = Person.select().count()

    with pytest.raises(refusal):
        partner("petra", **wrong)

    assert Person.select().count() == before


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "", "Europe"])
def test_a_zone_is_one_that_exists(house, zone):
    with pytest.raises(NoSuchZone):
        register_partner(Details("Petra Muster", "de", zone), actor=HOUSE, at=NOON)


def test_a_language_is_one_of_ours(house):
    with pytest.raises(NoSuchLanguage):
        register_partner(Details("Petra Muster", "xx", "UTC"), actor=HOUSE, at=NOON)
    with pytest.raises(NoSuchLanguage):
        add_customer(house.anna, name="Maria", language="../../etc", at=NOON)


def test_the_name_at_the_bank_is_the_name_unless_it_is_given(house):
    assert partner().bank_name == "Petra Muster"
    assert partner(bank_name="Petra Muster-Huber").bank_name == "Petra Muster-Huber"


def test_rights_are_given_and_withdrawn_and_both_are_in_the_trail(cast):
    assert cast.dragan.rights() == {"read", "book"}

    grant(cast.dragan, {"read"}, actor=Actor(cast.clara.id), at=NOON)
    grant(cast.dragan, {"read"}, actor=Actor(cast.clara.id), at=NOON)

    assert cast.dragan.rights() == {"read"}
    assert trail(cast.dragan)[-1] == ("rights changed", "book, read", "read")
    assert len([line for line in trail(cast.dragan) if line[0] == "rights changed"]) == 2
    grant(cast.dragan, {"book", "read"}, actor=HOUSE, at=NOON)
    assert cast.dragan.rights() == {"read", "book"}


def test_a_change_is_in_the_trail_with_what_was_there_before(house):
    change_person(
        house.anna, Details("Anna Bauer", "de", "Europe/Vienna", email="Anna@Example.org", phone="+49 151 2345678"), actor=HOUSE, at=NOON
    )

    anna = Person.get_by_id(house.anna.id)
    assert (anna.zone, anna.email, anna.phone, anna.username) == ("Europe/Vienna", "anna@example.org", "+491512345678", "anna")
    assert [line[1:] for line in trail(anna) if line[0] == "person changed"] == [
        ("zone: Europe/Berlin", "zone: Europe/Vienna"),
        ("email: anna@example.com", "email: anna@example.org"),
        ("phone: ", "phone: +491512345678"),
    ]


def test_who_marries_is_found_under_the_new_name_and_the_name_for_signing_in(house):
    change_person(house.anna, Details("Johanna Huber", "de", "UTC"), actor=HOUSE, at=NOON)

    assert search("person", "huber") == search("person", "anna") == [house.anna.id]
    assert search("person", "bauer") == []


def test_closing_a_person_ends_the_sessions_at_once_and_is_in_the_trail_once(cast):
    opened = open_session(cast.anna, browser=None, agent="Firefox", actor=Actor(), at=NOON, confirmed=True)
    assert live_session(opened.token)

    close_person(cast.anna, actor=HOUSE, at=NOON)
    close_person(cast.anna, actor=HOUSE, at=NOON)

    assert live_session(opened.token) is None
    assert one("SELECT count(*) FROM session WHERE ended_at IS NULL")[0] == 0
    assert [line[0] for line in trail(cast.anna)].count("person closed") == 1


def test_a_person_chooses_a_language(house):
    choose_language(house.anna.id, "sr_Latn")

    assert Person.get_by_id(house.anna.id).language == "sr_Latn"


def test_the_same_customer_again_is_the_same_customer(cast):
    first = add_customer(cast.anna, name="Maria Huber", language="de", email="m@example.com", at=NOON)

    again = add_customer(cast.anna, name=" Maria  Huber", language="de", email="m@example.com", phone="", at=NOON)
    other = add_customer(
        cast.anna, name="Maria Huber", language="de", phone="+49 30 1234567", address=("Am Hang 1", "10115", "Berlin", "DE"), at=NOON
    )

    assert again.id == first.id != other.id
    assert (other.street, other.country) == ("Am Hang 1", "DE")


def test_a_customers_key_that_is_none_finds_nobody(cast):
    for key in ("x", "", "²", "-1", "1 OR 1=1", "9" * 40, "\x00"):
        assert Customer.of(cast.anna, key) is None, key


def test_a_customer_is_there_for_his_partner_only(cast):
    maria = add_customer(cast.anna, name="Maria Huber", language="de", at=NOON)

    assert Customer.of(cast.anna, str(maria.id)) == Customer.of(cast.anna, maria.id) == maria
    assert Customer.of(cast.boris, maria.id) is None


def test_a_person_introduces_himself_shortly(house):
    assert house.anna.short_name == "Anna B."
    assert house.anna.is_partner
    assert Person.by_number(house.anna.number) == house.anna
    assert Person.by_number("\x00") is None


def test_nobody_closes_his_own_account(cast):
    with pytest.raises(NotYourself):
        close_person(cast.dragan, actor=Actor(cast.dragan.id), at=NOON)

    assert one("SELECT count(*) FROM person WHERE closed_at IS NOT NULL")[0] == 0
