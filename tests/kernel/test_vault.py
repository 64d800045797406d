"""Every secret of the books is found, counted by its key, and encrypted anew in steps that can be broken off."""

from dataclasses import replace

import pytest

from tests.cast import CODES, NOON, app_of
from vps.kernel import vault
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import IntegrityError, is_postgres, one, rows, run
from vps.kernel.keys import Keys, keys, use_keys
from vps.kernel.vault import Census, census, renew_secrets
from vps.security.actions import begin_app, make_sheet, printout
from vps.security.models import TanSheet

SECRETS = "SELECT secret FROM app UNION ALL SELECT secret FROM tan_sheet WHERE secret IS NOT NULL"


@pytest.fixture
def kept(cast, monkeypatch):
    """Three apps and a sheet that waits, in steps of two; then a new key came."""
    monkeypatch.setattr(vault, "BATCH", 2)
    for person in (cast.anna, cast.dragan):
        app_of(person)
    cast.secret = begin_app(cast.boris.id, at=NOON)
    cast.sheet = make_sheet(cast.anna.id, CODES, actor=HOUSE, at=NOON)
    cast.before = keys()
    use_keys(replace(keys(), fernet=(*Keys.fresh().fernet, *keys().fernet)))
    return cast


def test_secrets_are_counted_by_the_key_they_need(kept):
    assert census() == Census(older=4, lost=0)

    make_sheet(kept.boris.id, CODES, actor=HOUSE, at=NOON)
    assert census() == Census(older=4, lost=0)

    run("UPDATE app SET secret = ? WHERE person_id = ?", b"no token", kept.dragan.id)
    assert census() == Census(older=3, lost=1)


def test_all_are_encrypted_with_the_newest_key_and_open_as_before(kept):
    assert renew_secrets() == 4

    assert census() == Census(0, 0)
    use_keys(replace(keys(), fernet=keys().fernet[:1]))
    assert begin_app(kept.boris.id, at=NOON) == kept.secret
    assert printout(TanSheet.get_by_id(kept.sheet.id)).codes == CODES
    assert renew_secrets() == 0


def test_what_is_new_enough_is_not_written_again(kept):
    renew_secrets()
    before = rows(SECRETS)

    renew_secrets()

    assert [bytes(token) for (token,) in rows(SECRETS)] == [bytes(token) for (token,) in before]


def test_broken_off_it_goes_on_where_it_stood(kept):
    stop(f"NEW.person_id = {kept.dragan.id}")
    with pytest.raises(IntegrityError, match="power cut"):
        renew_secrets()
    assert census() == Census(older=3, lost=0), "the sheet is done, and no half step"
    assert begin_app(kept.boris.id, at=NOON) == kept.secret, "and everything still opens"

    run("DROP TRIGGER stop ON app" if is_postgres() else "DROP TRIGGER stop")

    assert renew_secrets() == 3
    assert census() == Census(0, 0)


def test_what_no_key_opens_stays_for_the_audit_to_name(kept):
    run("UPDATE app SET secret = ? WHERE person_id = ?", b"no token", kept.dragan.id)

    assert renew_secrets() == 3

    assert bytes(one("SELECT secret FROM app WHERE person_id = ?", kept.dragan.id)[0]) == b"no token"
    assert census() == Census(older=0, lost=1)


def test_books_without_secrets_have_nothing_to_do(engine):
    assert (census(), renew_secrets()) == (Census(0, 0), 0)


def stop(when: str) -> None:
    """Let the database refuse a row, as if the machine had stopped there."""
    if is_postgres():
        run(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'power cut', ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        run(f"CREATE TRIGGER stop BEFORE UPDATE ON app FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION stop()")
    else:
        run(f"CREATE TRIGGER stop BEFORE UPDATE ON app WHEN {when} BEGIN SELECT RAISE(ABORT, 'power cut'); END")
