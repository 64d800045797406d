"""A password is worth something in its owner's row only, and only if it was set here: somebody at the database swaps none."""

from datetime import timedelta

import pytest

from tests.cast import NOON, PASSWORD
from tests.forger import lie
from vps.company.models import company
from vps.kernel import hashing
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import is_postgres, one, rows, run
from vps.kernel.hashing import slow_hash
from vps.kernel.keys import Keys, use_keys
from vps.ledger.actions import seal
from vps.ledger.models.audit import audit as ledger_audit
from vps.people.actions import (
    Details,
    WrongPassword,
    WrongSignIn,
    bind_passwords,
    change_password,
    check_password,
    register_partner,
    set_password,
)
from vps.people.models import Person, audit

OTHER = "another set of words"
TRAIL = "SELECT actor, subject, address FROM event WHERE verb = 'credential does not fit' ORDER BY id"


def sign_in(person: Person, password: str = PASSWORD) -> Person:
    return check_password(person.username, password, browser=None, address="192.0.2.1", at=NOON)


def swaps(cast) -> list[str]:
    """What somebody at the database does who knows OTHER, which is Boris's password, and wants to be Dragan."""
    set_password(cast.boris, slow_hash(OTHER), actor=HOUSE, at=NOON)
    his, victim = f"FROM person WHERE id = {cast.boris.id}", f"WHERE id = {cast.dragan.id}"
    return [
        f"UPDATE person SET password = (SELECT password {his}) {victim}",
        f"UPDATE person SET password = (SELECT password {his}), password_mac = (SELECT password_mac {his}) {victim}",
        f"UPDATE person SET password = (SELECT password {his}), password_mac = NULL {victim}",
        f"UPDATE person SET password = '{slow_hash(OTHER)}' {victim}",
    ]


def test_a_password_that_was_set_here_opens_its_owners_account_only(cast):
    set_password(cast.boris, slow_hash(OTHER), actor=HOUSE, at=NOON)

    assert sign_in(cast.boris, OTHER).id == cast.boris.id
    assert rows(TRAIL) == []
    assert list(audit()) == []


def test_a_password_copied_or_written_into_the_database_opens_nothing_and_is_in_the_trail(cast):
    for count, edit in enumerate(swaps(cast), 1):
        run(edit)
        with pytest.raises(WrongSignIn):
            sign_in(cast.dragan, OTHER)
        assert rows(TRAIL) == [(None, f"person:{cast.dragan.id}", "192.0.2.1")] * count, edit
    assert one("SELECT count(*) FROM outbox WHERE kind = 'notice'")[0] == 0, "he is told in his history, not by mail"


def test_nulling_what_binds_a_password_closes_the_account_to_its_owner_too(cast):
    run("UPDATE person SET password_mac = NULL WHERE id = ?", cast.dragan.id)

    with pytest.raises(WrongSignIn):
        sign_in(cast.dragan)
    assert len(rows(TRAIL)) == 1


def test_a_swapped_password_is_told_the_same_and_costs_the_same_as_a_wrong_one(house, monkeypatch):
    compared = []

    class Spy:
        def __init__(self, hasher):
            self.hasher = hasher

        def verify(self, hashed, secret):
            compared.append(hashed)
            return self.hasher.verify(hashed, secret)

    monkeypatch.setattr(hashing, "_hasher", Spy(hashing._hasher))
    run("UPDATE person SET password_mac = ? WHERE id = ?", b"x" * 32, house.dragan.id)
    told = []
    for person, password in ((house.anna, "wrong"), (house.dragan, PASSWORD)):
        with pytest.raises(WrongSignIn) as refused:
            sign_in(person, password)
        told.append((type(refused.value), str(refused.value), refused.value.field))

    assert len(set(told)) == 1
    assert compared == [hash_of(house.anna), hash_of(house.dragan)]
    assert one("SELECT sum(failures) FROM throttle WHERE scope = 'account'")[0] == 2, "and is counted like one"


def hash_of(person: Person) -> str:
    return str(one("SELECT password FROM person WHERE id = ?", person.id)[0])


def test_who_is_signed_in_changes_no_password_that_does_not_fit(cast):
    run("UPDATE person SET password = ? WHERE id = ?", slow_hash(OTHER), cast.dragan.id)

    with pytest.raises(WrongPassword):
        change_password(
            Person.get_by_id(cast.dragan.id),
            current=OTHER,
            password="p",
            again="p",
            session=0,
            actor=Actor(cast.dragan.id, "192.0.2.1"),
            at=NOON,
        )

    assert rows(TRAIL) == [(cast.dragan.id, f"person:{cast.dragan.id}", "192.0.2.1")]


def test_a_new_password_mends_it(cast):
    run("UPDATE person SET password_mac = NULL WHERE id = ?", cast.anna.id)

    set_password(cast.anna, slow_hash(OTHER), actor=HOUSE, at=NOON)

    assert sign_in(cast.anna, OTHER).id == cast.anna.id


def test_the_audit_names_whose_password_was_swapped(cast):
    says = "The password of dragan is not one that was set for this account, so nobody can sign in with it."

    assert [lie(audit, edit) for edit in swaps(cast)] == [[says]] * 4


def test_the_audit_names_partners_by_number_and_compares_both_ways(cast):
    petra = register_partner(Details("Petra Muster", "de", "UTC"), actor=HOUSE, at=NOON)

    for edit in ("SET password = 'x', password_mac = NULL", "SET password = NULL, password_mac = 'y'", "SET password = 'x'"):
        value = edit.replace("'y'", "'\\x79'::bytea" if is_postgres() else "x'79'")
        (says,) = lie(audit, f"UPDATE person {value} WHERE id = {petra.id}")
        assert says.startswith(f"The password of {petra.number} ")


def test_every_problem_is_of_check_a15(cast):
    run("UPDATE person SET password_mac = NULL WHERE id = ?", cast.clara.id)

    [problem] = audit()
    assert (problem.check, problem.facts) == ("A15", {"person": "clara"})


def test_with_the_key_file_of_others_the_audit_says_so_once_and_not_of_each(cast):
    run("INSERT INTO setting (key, value, since) VALUES ('keys', 'others', 1)")
    use_keys(Keys.fresh())

    assert list(audit()) == []


def test_passwords_from_before_are_bound_once(cast):
    run("UPDATE person SET password_mac = NULL")

    bind_passwords(at=NOON)

    assert sign_in(cast.anna).id == cast.anna.id
    assert list(audit()) == []
    run("UPDATE person SET password = ?, password_mac = NULL WHERE id = ?", slow_hash(OTHER), cast.dragan.id)
    bind_passwords(at=NOON)
    with pytest.raises(WrongSignIn):
        sign_in(cast.dragan, OTHER)


def test_binding_again_needs_an_edit_of_the_trail_which_the_audit_names(cast):
    bind_passwords(at=NOON)
    seal(at=NOON, zone=company().zone)
    run("UPDATE person SET password_mac = NULL WHERE id = ?", cast.dragan.id)
    if is_postgres():
        run("SET session_replication_role = replica")
    else:
        run("DROP TRIGGER setting_no_delete")
        run("DROP TRIGGER event_no_delete")
    run("DELETE FROM setting WHERE key = 'passwords'")

    bind_passwords(at=NOON)
    assert not Person.get_by_id(cast.dragan.id).password_fits

    run("DELETE FROM event WHERE subject = 'setting:passwords'")
    bind_passwords(at=NOON + timedelta(days=1))
    assert Person.get_by_id(cast.dragan.id).password_fits
    assert any(problem.check == "A8" for problem in ledger_audit(company().zone))
