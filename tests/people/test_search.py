"""Finding people and customers by the beginnings of their names' words, in any script and spelling."""

import pytest

from tests.cast import NOON
from vps.kernel.authorisation import HOUSE
from vps.people.actions import Details, add_customer, register_partner
from vps.people.models.search import find


def test_any_spelling_finds_milan_petrovic(cast):
    milan = add_customer(cast.anna, name="Милан Петровић", language="sr", at=NOON)
    add_customer(cast.anna, name="Maria Huber", language="de", at=NOON)

    for query in ("Petrovic", "Петровић", "petrović", "PETROV", "милан петр", "Milan Petrovic", "петровић милан"):
        assert find("customer", query) == [milan.id], query


@pytest.mark.parametrize(
    ("name", "query"), [("Jürgen Müller", "Mueller"), ("Đorđe Đokić", "djokic"), ("Юлия Волкова", "julija"), ("Zoë Weiß", "zoe weiss")]
)
def test_other_spellings_of_a_name_find_it_too(house, name, query):
    found = register_partner(Details(name, "de", "UTC"), actor=HOUSE, at=NOON)

    assert find("person", query) == [found.id]


def test_every_word_that_is_typed_must_begin_a_word_of_the_name(cast):
    assert find("person", "anna bauer") == [cast.anna.id]
    assert find("person", "anna volkov") == []
    assert find("person", "auer") == []


def test_signs_mean_themselves_and_find_nobody(cast):
    for query in ("%", "_", "%nna", "a_na", "' OR 1=1 --", "", "   ", "\x00", "☃", "[a-z]*", "z" * 10_000):
        assert find("person", query) == [], query[:20]


def test_ten_thousand_words_are_looked_for_by_the_first_six(cast):
    assert find("person", "anna " * 2_000) == [cast.anna.id]


def test_people_and_customers_are_found_apart(cast):
    maria = add_customer(cast.anna, name="Anna Berger", language="de", at=NOON)

    assert find("customer", "anna") == [maria.id]
    assert find("person", "anna") == [cast.anna.id]


def test_no_more_are_found_than_asked_for(house):
    for n in range(7):
        add_customer(house.anna, name=f"Maria Huber {n}", language="de", at=NOON)

    assert len(find("customer", "maria", limit=5)) == 5
