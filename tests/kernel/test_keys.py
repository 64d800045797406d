"""The key file: secrets that stand beside the database, and are worth nothing for another row or another installation."""

import json
import stat
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from vps.kernel import keys as module
from vps.kernel.keys import Keys, MistypedKeys, NoKeys, NotOurs, keys, read_keys, use_keys, write_keys


@pytest.fixture
def fresh():
    return Keys.fresh()


def test_every_installation_has_secrets_of_its_own(fresh):
    other = Keys.fresh()

    assert all(getattr(fresh, name) != getattr(other, name) for name in ("pepper", "fernet", "seal", "web"))
    assert (len(fresh.pepper), len(fresh.seal), len(fresh.web) >= 48) == (32, 32, True)


def test_a_keyed_digest_needs_the_pepper_and_keeps_its_parts_in_order(fresh):
    assert fresh.keyed("tan", "1") == fresh.keyed("tan", "1")
    assert len(fresh.keyed("tan", "1")) == 32
    assert len({fresh.keyed("tan", "1"), fresh.keyed("1", "tan"), fresh.keyed("tan1"), Keys.fresh().keyed("tan", "1")}) == 4


def test_a_sealed_secret_opens_for_its_owner_only(fresh):
    token = fresh.encrypt(b"JBSWY3DP\nEHPK3PXP", owner="totp:12")

    assert b"JBSWY3DP" not in token
    assert fresh.decrypt(token, owner="totp:12") == b"JBSWY3DP\nEHPK3PXP"
    assert fresh.decrypt(memoryview(token), owner="totp:12") == b"JBSWY3DP\nEHPK3PXP", "as a database may hand it out"
    for owner in ("totp:1", "totp:123", "phone:12", ""):
        with pytest.raises(NotOurs):
            fresh.decrypt(token, owner=owner)


def test_a_sealed_secret_opens_with_our_keys_only(fresh):
    token = fresh.encrypt(b"secret", owner="totp:12")

    with pytest.raises(NotOurs):
        Keys.fresh().decrypt(token, owner="totp:12")
    with pytest.raises(NotOurs):
        fresh.decrypt(token[:-4] + b"AAA=", owner="totp:12")


def test_after_a_change_of_keys_old_secrets_still_open_and_new_ones_use_the_new_key(fresh):
    old = fresh.encrypt(b"secret", owner="a")
    changed = replace(fresh, fernet=(Fernet.generate_key().decode(), *fresh.fernet))

    assert changed.decrypt(old, owner="a") == b"secret"
    with pytest.raises(NotOurs):
        fresh.decrypt(changed.encrypt(b"secret", owner="a"), owner="a")


def test_a_signature_holds_for_its_text_and_its_key_only(fresh):
    signature = fresh.sign(b"text")

    assert len(signature) == 64
    assert fresh.signed(b"text", signature)
    assert fresh.signed(b"text", memoryview(signature))
    assert not fresh.signed(b"text.", signature)
    assert not fresh.signed(b"text", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not fresh.signed(b"text", b"short")
    assert not Keys.fresh().signed(b"text", signature)


def test_the_public_key_can_be_put_away(fresh):
    assert len(fresh.public) == 44
    assert fresh.public == replace(fresh, web="x").public != Keys.fresh().public


def test_a_key_file_comes_back_as_it_was_written_and_is_used(fresh, tmp_path):
    write_keys(tmp_path / "keys.json", fresh)

    assert read_keys(tmp_path / "keys.json") == fresh
    assert keys() == fresh


def test_only_its_owner_can_read_a_key_file(fresh, tmp_path):
    write_keys(tmp_path / "keys.json", fresh)

    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_key_file_is_never_written_over(fresh, tmp_path):
    write_keys(tmp_path / "keys.json", fresh)

    with pytest.raises(FileExistsError):
        write_keys(tmp_path / "keys.json", Keys.fresh())
    assert read_keys(tmp_path / "keys.json") == fresh


@pytest.mark.parametrize("damage", [
    None, "", "{}", "[]", "7", "\xff", "{", '{"pepper": 1}', "no pepper", "bad pepper", "no number", "short seal", "bad fernet", "no fernet",
])  # fmt: skip
def test_a_key_file_that_cannot_be_used_is_refused_by_name_and_changes_nothing(fresh, tmp_path, damage):
    path = tmp_path / "keys.json"
    write_keys(path, fresh)
    good = json.loads(path.read_text())
    broken = {"no pepper": {"pepper": None}, "bad pepper": {"pepper": "é"}, "no number": {"fernet": 7}, "short seal": {"seal": "AAAA"},
              "bad fernet": {"fernet": ["AAAA"]}, "no fernet": {"fernet": []}}  # fmt: skip
    path.unlink()
    if damage is not None:
        path.write_bytes((json.dumps({**good, **broken[damage]}) if damage in broken else damage).encode("latin-1"))
    before = keys()

    with pytest.raises(NoKeys) as refused:
        read_keys(path)

    assert refused.value.facts["path"] == str(path)
    assert (type(refused.value) is NoKeys) == (damage is None)
    assert keys() is before


@pytest.mark.parametrize("field", ["pepper", "fernet", "seal", "web"])
def test_one_letter_typed_wrongly_is_noticed_whatever_key_it_is_in(fresh, tmp_path, field):
    path = tmp_path / "keys.json"
    write_keys(path, fresh)
    found = json.loads(path.read_text())
    key = found[field][0] if field == "fernet" else found[field]
    other = key[:9] + ("A" if key[9] != "A" else "B") + key[10:]
    path.write_text(json.dumps({**found, field: [other] if field == "fernet" else other}))

    with pytest.raises(MistypedKeys):
        read_keys(path)


def test_a_key_file_from_before_the_check_is_read(fresh, tmp_path):
    path = tmp_path / "keys.json"
    write_keys(path, fresh)
    found = json.loads(path.read_text())
    del found["check"]
    path.write_text(json.dumps(found))

    assert read_keys(path) == fresh


def test_a_fingerprint_stays_when_the_key_that_encrypts_changes_and_is_another_for_other_keys(fresh):
    assert replace(fresh, fernet=Keys.fresh().fernet, web="another").fingerprint == fresh.fingerprint
    for other in (replace(fresh, pepper=b"x" * 32), replace(fresh, seal=Keys.fresh().seal)):
        assert other.fingerprint != fresh.fingerprint
        assert other.first_fingerprint != fresh.first_fingerprint


def test_the_fingerprint_of_older_books_stays_until_the_oldest_key_is_dropped(fresh):
    both = replace(fresh, fernet=(Keys.fresh().fernet[0], *fresh.fernet))

    assert both.first_fingerprint == fresh.first_fingerprint
    assert replace(both, fernet=both.fernet[:1]).first_fingerprint != fresh.first_fingerprint


def test_a_token_tells_with_which_of_the_keys_it_was_made(fresh):
    token = fresh.encrypt(b"secret", owner="a")
    both = replace(fresh, fernet=(Keys.fresh().fernet[0], *fresh.fernet))
    renewed = both.renewed(memoryview(token))

    assert (both.age(memoryview(token)), both.age(renewed)) == (1, 0)
    assert replace(both, fernet=both.fernet[:1]).decrypt(renewed, owner="a") == b"secret"
    with pytest.raises(NotOurs):
        both.decrypt(renewed, owner="b")
    for nobodys in (Keys.fresh().encrypt(b"secret", owner="a"), b"", b"no token"):
        with pytest.raises(NotOurs):
            both.age(nobodys)


def test_nothing_works_before_the_keys_were_read(monkeypatch):
    monkeypatch.setattr(module, "_current", [])
    with pytest.raises(AssertionError):
        keys()

    use_keys(Keys.fresh())
    assert keys() is module._current[0]
