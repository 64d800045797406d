"""Partners from a file, with numbers and sponsors of their own, in any order."""

import pytest

from tests.cli.typed import everything
from vps.kernel.database import one, rows
from vps.kernel.numbers import partner_number
from vps.people.models import Person
from vps.people.models.search import find
from vps.wallets.models import Wallet

EMMA, IVAN, JANA = (partner_number(n) for n in (20_001, 20_002, 20_003))
TREE = (
    "number;name;bank_name;sponsor;language;zone;email;phone;username\n"
    f"{JANA};Jana Šarić;SARIC JANA;{IVAN};hr;Europe/Zagreb;Jana@Example.COM;'+385 91 2345678;jana\n"
    f"{IVAN};Иван Петров;;{EMMA};ru;;;;\n"
    f"{EMMA};Emma Stone;;;;;;;\n"
)


def test_partners_are_made_with_wallets_whatever_the_order_of_sponsors(vps):
    result = vps.imported("partners", TREE)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == ["Lines read: 3", "New: 3", "Changed: 0", "Unchanged: 0"]
    jana, ivan, emma = (Person.by_number(number) for number in (JANA, IVAN, EMMA))
    assert (jana.name, jana.bank_name, jana.language, jana.zone) == ("Jana Šarić", "SARIC JANA", "hr", "Europe/Zagreb")
    assert (jana.email, jana.phone, jana.username) == ("jana@example.com", "+385912345678", "jana")
    assert (jana.sponsor_id, ivan.sponsor_id, emma.sponsor_id) == (ivan.id, emma.id, None)
    assert (emma.language, emma.zone, emma.bank_name, emma.username) == ("en", "Europe/Berlin", "Emma Stone", EMMA)
    assert all(Wallet.of(person.id, "EUR") for person in (jana, ivan, emma))
    assert find("person", "Petrov") == [ivan.id]
    assert one("SELECT count(*) FROM event WHERE verb = 'person made' AND subject = ?", f"person:{ivan.id}")[0] == 1


def test_the_same_file_again_changes_nothing(vps):
    vps.imported("partners", TREE)
    before = everything()

    assert "Unchanged: 3" in vps.imported("partners", TREE).output
    assert everything() == before


def test_without_numbers_the_next_ones_are_given_and_the_same_people_found_again(vps, house):
    text = "name,email,username\nNina Kos,nina@example.com,\nMila Kos,,mila\n"
    vps.imported("partners", text)
    before = everything()

    assert rows("SELECT number FROM person WHERE name LIKE '% Kos' ORDER BY id") == [(partner_number(10_003),), (partner_number(10_004),)]
    assert "Unchanged: 2" in vps.imported("partners", text).output
    assert everything() == before


def test_a_number_given_is_never_one_that_the_file_brings(vps):
    vps.imported("partners", f"number,name\n,Nina Kos\n{partner_number(10_003)},Mila Kos\n")

    assert rows("SELECT name, number FROM person WHERE name LIKE '% Kos' ORDER BY name") == [
        ("Mila Kos", partner_number(10_003)),
        ("Nina Kos", partner_number(10_004)),
    ]


def test_what_differs_is_changed_and_what_is_empty_stays(vps, house):
    result = vps.imported("partners", f"number,name,email,language\n{house.anna.number},Anna Bauer-Klein,,\n")

    assert "Changed: 1" in result.output
    anna = Person.get_by_id(house.anna.id)
    assert (anna.name, anna.email, anna.language) == ("Anna Bauer-Klein", "anna@example.com", "de")
    assert find("person", "Klein") == [anna.id]
    assert "name: Anna Bauer-Klein" in [row[0] for row in rows("SELECT after FROM event WHERE verb = 'person changed'")]


def test_a_partner_without_a_wallet_gets_one(vps, house):
    number = partner_number(20_009)
    Person.create(username="otto", skeleton="otto", number=number, name="Otto", language="de", zone="UTC", joined_at=0)

    assert "Unchanged: 1" in vps.imported("partners", f"number,name\n{number},Otto\n").output
    assert Wallet.of(Person.by_number(number).id, "EUR")


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        (",,,", None, None),
        ("x,,,", "name", "Nothing is written here."),
        ("1234567,Emma,,", "number", "1234567 is not a partner number"),
        (f"{EMMA},Emma,1234567,", "sponsor", "1234567 is not a partner number"),
        (f"{EMMA},Emma,{IVAN},", "sponsor", f"There is no partner with the number {IVAN} who could be the sponsor."),
        (f"{EMMA},Emma,{EMMA},", "sponsor", "Going up from here"),
        (f"{EMMA},Emma,,anna", "username", "This name for signing in is taken"),
        (f"{EMMA},Emma,,аnnа", "username", "mixes letters of different alphabets"),
        (f"{EMMA},Emma,,ANNA", "username", "This name for signing in is taken"),
        (f"{EMMA},Emma,,clara", "username", "This name for signing in is taken"),
        (",Emma,,clara", "username", "This name for signing in is taken"),
        (f"{EMMA},Emma,,{IVAN}", "username", "This name for signing in is taken"),
        (f"{EMMA},pаypal,,", "name", "mixes letters of different alphabets"),
        (f"{EMMA},Em\u202ema,,", "name", "invisible characters"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(vps, line, column, says):
    before = everything()

    result = vps.imported("partners", f"number,name,sponsor,username\n{line}\n{JANA},Jana,,\n")

    if column is None:
        assert result.exit_code == 0
        return
    assert result.exit_code == 2
    assert f"Line 2, column {column}: " in result.stderr
    assert says in result.stderr
    assert everything() == before


@pytest.mark.parametrize(
    ("column", "cell"),
    [("language", "fr"), ("zone", "Mars/Base"), ("zone", "../../etc/passwd"), ("email", "a@b\r\nBcc: c@d.de"), ("phone", "12")],
)
def test_what_is_known_about_a_person_is_checked(vps, column, cell):
    result = vps.imported("partners", f'name,{column}\nJana,"{cell}"\n')

    assert result.exit_code == 2
    assert f"Line 2, column {column}: " in result.stderr


def test_a_circle_of_sponsors_is_refused_and_told_once(vps):
    result = vps.imported("partners", f"number,name,sponsor\n{EMMA},Emma,{IVAN}\n{IVAN},Ivan,{JANA}\n{JANA},Jana,{IVAN}\n")

    assert result.exit_code == 2
    assert result.stderr.count("Going up from here, from sponsor to sponsor, leads in a circle.") == 1


def test_sponsor_and_name_for_signing_in_of_somebody_who_is_here_stay(vps, house):
    anna, boris = house.anna.number, house.boris.number

    result = vps.imported("partners", f"number,name,sponsor,username\n{anna},Anna Bauer,{boris},\n{boris},Борис Волков,{anna},bob\n")

    assert result.stderr.splitlines()[:2] == [
        "Line 2, column sponsor: This partner is here already, since 2026-11-20 with another sponsor: –."
        " An import of partners does not change sponsors.",
        "Line 3, column username: This partner is here already and signs in as boris. An import does not change that.",
    ]


def test_a_sponsor_is_compared_with_the_one_of_today_whoever_brought_the_partner(vps):
    top = f"{EMMA},Emma,\n{IVAN},Ivan,\n"
    brought_by_emma, given_to_ivan = (f"number,name,sponsor\n{top}{JANA},Jana,{sponsor}\n" for sponsor in (EMMA, IVAN))
    assert vps.imported("partners", brought_by_emma).exit_code == 0
    assert vps.imported("tree", f"partner,sponsor,since\n{JANA},{IVAN},2099-01-01\n").exit_code == 0
    assert vps.imported("partners", brought_by_emma).exit_code == 0, "what is to come does not count yet"

    assert vps.imported("tree", f"partner,sponsor\n{JANA},{IVAN}\n").exit_code == 0

    assert vps.imported("partners", given_to_ivan).output.splitlines()[1:] == ["New: 0", "Changed: 0", "Unchanged: 3"]
    refused = vps.imported("partners", brought_by_emma)
    assert f"Line 4, column sponsor: This partner is here already, since 2026-11-20 with another sponsor: {IVAN}." in refused.stderr


def test_the_same_person_twice_is_refused(vps):
    text = f"number,name,username\n{EMMA},Emma,\n{EMMA},Emma,\n,Jana,jana\n,Jana,Jana\n,Nina,\n,Nina,\n"

    assert vps.imported("partners", text).stderr.splitlines()[:3] == [
        "Line 3, column number: This has been in line 2 already.",
        "Line 5, column username: This has been in line 4 already.",
        "Line 7, column name: Line 6 has the same name, e-mail and phone. Give both their numbers, or names for signing in.",
    ]


def test_a_sponsor_whose_own_line_is_wrong_is_not_called_missing(vps):
    result = vps.imported("partners", f"number,name,sponsor,phone\n{EMMA},Emma,,12\n{IVAN},Ivan,{EMMA},\n")

    assert [line[:6] for line in result.stderr.splitlines()] == ["Line 2", "The fi"]
