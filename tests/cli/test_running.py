"""Commands as the one who runs the house types them: plain words, exit codes, never a traceback."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from peewee import ImproperlyConfigured

from tests.bank.camt_files import balance, document, entry, statement
from vps.cli import NoDatabase, main
from vps.company.models import OtherKeys, keys_fit
from vps.kernel.database import database, one, run
from vps.kernel.keys import Keys, keys, write_keys
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import company_account
from vps.people.models import Person

OURS = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"


@pytest.fixture
def at(tmp_path, monkeypatch):
    """An installation of its own, and a way to type commands into it."""
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path / "data"))
    for name in ("VPS_DATABASE_URL", "VPS_KEY_FILE", "VPS_PUBLIC_URL", "LC_ALL", "VPS_LANG"):
        monkeypatch.delenv(name, raising=False)
    present = database.obj

    def typed(*words: str) -> Result:
        answer = CliRunner().invoke(main, words)
        assert "Traceback" not in answer.output
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer

    yield typed
    if database.obj is not present and not database.is_closed():
        database.close()
    if present is not None:
        database.initialize(present)


@pytest.fixture
def begun(at):
    answer = at("init", "--company", "Alpenkraut", "--admin", "dragan")
    assert answer.exit_code == 0
    return at


def test_init_makes_keys_books_and_the_first_administrator(at, tmp_path):
    answer = at("init", "--company", "Alpenkraut", "--admin", "dragan")

    assert answer.exit_code == 0
    assert "/welcome/" in answer.output and "keys.json" in answer.output
    assert oct((tmp_path / "data" / "keys.json").stat().st_mode)[-3:] == "600"
    assert Person.get(Person.username == "dragan").rights() == {"read", "book", "manage"}


def test_init_again_changes_nothing(begun, tmp_path):
    keys = (tmp_path / "data" / "keys.json").read_bytes()

    assert begun("init").exit_code == 0

    assert (tmp_path / "data" / "keys.json").read_bytes() == keys
    assert one("SELECT value FROM setting WHERE key = 'name'")[0] == "Alpenkraut"


def test_without_an_installation_one_sentence_says_so(at):
    for words in (("audit",), ("seal",), ("worker",), ("staff", "recover", "x"), ("settings", "show")):
        answer = at(*words)
        assert answer.exit_code == 2, words
        assert len(answer.output.strip().splitlines()) == 1


def test_lost_keys_are_named(begun, tmp_path):
    (tmp_path / "data" / "keys.json").write_text("{}")
    answer = begun("audit")
    assert answer.exit_code == 2 and "keys.json" in answer.output


def test_init_makes_no_new_keys_for_books_that_are_there(begun, tmp_path):
    path = tmp_path / "data" / "keys.json"
    path.rename(tmp_path / "put away")

    answer = begun("init")

    assert answer.exit_code == 2 and str(path) in answer.output
    assert not path.exists()


def test_init_begins_no_new_books_where_old_ones_are_missing(begun, tmp_path):
    database.close()
    for path in (tmp_path / "data").glob("vps.db*"):
        path.unlink()

    answer = begun("init")
    assert answer.exit_code == 2 and "vps restore" in answer.output
    assert not (tmp_path / "data" / "vps.db").exists()

    (tmp_path / "data" / "vps.db").touch()
    assert begun("init").exit_code == 2
    assert "There are no books here." in begun("doctor").output

    assert begun("init", "--company", "Alpenkraut").exit_code == 0


def test_books_know_their_keys_again(begun, tmp_path):
    path = tmp_path / "data" / "keys.json"
    path.unlink()
    write_keys(path, Keys.fresh())

    assert begun("init").exit_code == 2
    answer = begun("audit", "--json")
    assert (answer.exit_code, json.loads(answer.output)["problems"][0]) == (1, {"check": "A8", "says": OtherKeys.says})
    assert any(line.startswith("✗") and "key file" in line for line in begun("doctor").output.splitlines())


def test_books_from_before_keys_were_written_down_take_the_ones_they_have(begun):
    database.execute_sql("DROP TRIGGER setting_no_delete")
    run("DELETE FROM setting WHERE key = 'keys'")
    assert keys_fit()

    assert begun("init").exit_code == 0

    assert one("SELECT value FROM setting WHERE key = 'keys'")[0] == keys().fingerprint


def test_root_keeps_out_of_somebody_elses_folder(begun, monkeypatch):
    monkeypatch.setattr("vps.cli.os.geteuid", lambda: 0)
    monkeypatch.setattr("vps.cli.owner_of", lambda _: 4711)
    for words in (("init",), ("audit",), ("doctor",)):
        answer = begun(*words)
        assert answer.exit_code != 0 and "belongs to another user" in answer.output, words


def test_a_folder_that_cannot_be_made_is_a_sentence(at, tmp_path):
    (tmp_path / "file").write_text("")
    answer = at("init", "--data", str(tmp_path / "file" / "data"))
    assert answer.exit_code == 2 and "cannot be written" in answer.output


def test_a_missing_driver_is_a_sentence(begun, monkeypatch):
    def missing() -> None:
        raise ImproperlyConfigured

    monkeypatch.setattr("vps.cli.connect", missing)
    answer = begun("audit")
    assert answer.exit_code == 2 and "PostgreSQL" in answer.output


def test_the_currency_brings_its_books_along_until_there_is_a_wallet(begun):
    assert begun("settings", "set", "currency", "RSD").exit_code == 0

    assert company_account("bank", "RSD") != company_account("bank", "EUR")


def test_a_clean_house_is_proven(begun):
    answer = begun("audit", "--json")
    assert (answer.exit_code, json.loads(answer.output)) == (0, {"ok": True, "bookings": 0, "accounts": 11, "problems": []})
    assert begun("audit").exit_code == 0


def test_a_changed_book_is_named_and_the_exit_code_says_so(begun):
    database.execute_sql("DROP TRIGGER booking_no_update")
    answer = begun("audit", "--json")
    found = json.loads(answer.output)
    assert (answer.exit_code, found["ok"]) == (1, False)
    assert "booking_no_update" in found["problems"][0]["says"]
    assert "booking_no_update" in begun("audit").output


def test_recovering_the_last_administrator_stands_in_the_trail(begun):
    answer = begun("staff", "recover", "DRAGAN")
    assert answer.exit_code == 0 and "/welcome/" in answer.output
    assert one("SELECT count(*) FROM event WHERE verb = 'invited' AND after = 'password'")[0] == 1
    assert begun("staff", "recover", "nobody").exit_code == 2


def test_whoever_shut_himself_out_is_let_in_from_the_shell(begun):
    from tests.cast import NOON
    from vps.kernel.authorisation import HOUSE
    from vps.people.actions import Details, add_network, networks_of, register_partner

    anna = register_partner(Details("Anna Bauer", "de", "Europe/Berlin", username="anna", email="anna@example.com"), actor=HOUSE, at=NOON)
    dragan = Person.get(Person.username == "dragan")
    for person in (anna, dragan):
        add_network(person.id, "198.51.100.7", actor=HOUSE, at=NOON)
        add_network(person.id, "198.51.100.8", actor=HOUSE, at=NOON)

    for name, says in (("DRAGAN", "2"), ("dragan", "0"), (anna.number, "2")):
        answer = begun("staff", "unlock-ip", name)
        assert (answer.exit_code, answer.output) == (0, f"Entries that were in force until now: {says}\n")

    assert networks_of(anna.id) == networks_of(dragan.id) == []
    assert one("SELECT count(*) FROM event WHERE verb = 'network ended' AND actor IS NULL")[0] == 2
    assert one("SELECT count(*) FROM outbox WHERE address = 'anna@example.com' AND facts LIKE '%network ended%'")[0] == 1
    for name in ("nobody", "anna", "99999"):
        assert begun("staff", "unlock-ip", name).exit_code == 2, name


def test_settings_are_changed_by_name(begun):
    assert begun("settings", "set", "phone", "+49 89 1234567").exit_code == 0
    assert "phone=+49 89 1234567" in begun("settings", "show").output
    assert begun("settings", "set", "sheet_size", "fifty").exit_code == 2
    assert begun("settings", "set", "colour", "red").exit_code == 2
    assert begun("settings", "set", "zone", "Mars/Olympus").exit_code == 2


def test_a_statement_is_read_and_booked_once(begun, tmp_path):
    begun("bank", "account", "DE89370400440532013000", "EUR")
    from tests.cast import NOON
    from vps.kernel.authorisation import HOUSE
    from vps.people.actions import Details
    from vps.wallets.actions import join_partner

    anna = join_partner(Details("Anna Bauer", "de", "Europe/Berlin"), currency="EUR", actor=HOUSE, at=NOON)
    note = f"<Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>Danke {topup_reference(anna.number)}</Ustrd></RmtInf></TxDtls></NtryDtls>"
    path = tmp_path / "statement.xml"
    path.write_text(document(statement(balance("OPBD", "0"), balance("CLBD", "50"), entry("50", inner=note), account=OURS)))

    parsed = begun("bank", "parse", str(path), "--json")
    assert json.loads(parsed.output)["statements"][0]["entries"][0]["amount"] == "50"
    assert begun("bank", "parse", str(path)).exit_code == 0
    assert "1 line was booked" in begun("bank", "import", str(path)).output
    assert "Nothing was booked again" in begun("bank", "import", str(path)).output
    assert one("SELECT balance FROM account WHERE kind = 'wallet'")[0] == 50_00


def test_what_cannot_be_read_is_refused_in_one_sentence(begun, tmp_path):
    wrong = tmp_path / "wrong.xml"
    wrong.write_text("<!DOCTYPE a><a/>")
    for path in (wrong, tmp_path / "missing.xml", tmp_path):
        for words in (("parse", str(path), "--json"), ("import", str(path))):
            answer = begun("bank", *words)
            assert answer.exit_code == 2
            assert len(answer.output.strip().splitlines()) == 1


def test_every_command_explains_itself(at):
    def walk(group, words):
        for name, command in group.commands.items():
            answer = at(*words, name, "--help")
            assert answer.exit_code == 0 and "--lang" in answer.output, (words, name)
            if hasattr(command, "commands"):
                walk(command, (*words, name))

    walk(main, ())


def test_the_language_is_chosen_by_option_or_environment(at, monkeypatch, tmp_path):
    from vps.hypermedia.catalogs import catalog

    german = catalog("de").gettext(NoDatabase.says)
    assert at("audit", "--lang", "de").output.strip() == german
    monkeypatch.setenv("VPS_LANG", "de")
    assert at("seal").output.strip() == german
    monkeypatch.setenv("VPS_LANG", "xx")
    assert "vps init" in at("seal", "--lang", "en").output


def test_sealing_is_said_in_numbers(begun):
    assert begun("seal").exit_code == 0


def test_catalogs_are_checked(at, tmp_path):
    broken = tmp_path / "broken.po"
    broken.write_text('msgid "x\n')
    assert at("i18n", "check", str(broken)).exit_code == 1
    fine = Path(__file__).parents[2] / "translations" / "de" / "LC_MESSAGES" / "messages.po"
    assert at("i18n", "check", str(fine)).exit_code == 0


def test_serving_is_one_program_with_what_keeps_it_small(begun, monkeypatch):
    started = []
    monkeypatch.setattr("vps.cli.running.os.execv", lambda program, words: started.append((program, words)))
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)

    begun("serve", "--port", "8123")

    ((program, words),) = started
    assert program.endswith("gunicorn") and words[-3:] == ["--bind", "127.0.0.1:8123", "wsgi:app"]
    assert {"--preload", "--no-control-socket"} <= set(words)
    assert words[words.index("--forwarded-allow-ips") + 1] == "", "gunicorn believes nobody: that is for VPS_PROXY_PEERS to decide"
    assert os.environ["MALLOC_ARENA_MAX"] == "2"


def test_an_address_that_is_none_is_refused_before_anything_is_served(begun, monkeypatch):
    monkeypatch.setenv("VPS_PUBLIC_URL", "wallet.example.com")
    answer = begun("serve")
    assert answer.exit_code == 2 and "https://wallet.example.com" in answer.output
