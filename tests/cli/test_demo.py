"""The demo company: made once, true to what it promises, and never made out of somebody's real books."""

import fcntl
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pyotp
import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from vps.app import create_app
from vps.cli import house, main
from vps.cli.demo.cast import COMPANY, MEMBERS, PARTNERS, PASSWORD
from vps.cli.demo.commissions import work
from vps.cli.demo.marker import BEGUN, DemoKey, mark
from vps.cli.demo.plan import year
from vps.commissions.actions import approve_run, plan_on
from vps.commissions.models import HOLD, Run, is_marked
from vps.commissions.models.inputs import point_value
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import database, one, rows
from vps.kernel.money import Money
from vps.ledger.actions import NotEnoughCredit
from vps.orders.actions import KIND, pay_now
from vps.orders.models import Colour, Order, company_counts, partner_list
from vps.people.actions import check_password
from vps.people.models import Person
from vps.security.actions import (
    activate_sheet,
    ask,
    asked_to_activate,
    begin_app,
    check_sign_in_code,
    confirm,
    confirm_app,
    make_sheet,
    permit,
    prepare_sheet,
    remove_app,
    snapshot,
)
from vps.wallets.models import open_questions, purse

SMALL = ("--orders", "40", "--tans", "8")
Vps = Callable[..., Result]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    said = CliRunner().invoke(main, ["demo", "seed", *SMALL], env={"VPS_DATA_DIR": str(folder)}, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    database.close()
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the commands of this test find their data: nothing yet."""
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("VPS_DATABASE_URL", raising=False)
    yield tmp_path / "data"
    database.close()


@pytest.fixture
def demo(seeded: Path, folder: Path) -> Path:
    """The small demo company in this test's folder, open."""
    shutil.copytree(seeded, folder)
    house()
    return folder


@pytest.fixture
def vps() -> Vps:
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


def person(username: str) -> Person:
    return Person.get(Person.username == username)


def written() -> list[int]:
    """How many rows each table has."""
    return [one(f"SELECT count(*) FROM {name}")[0] for name in sorted(database.get_tables())]


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def test_the_company_is_alive_and_its_books_are_proven(demo: Path, vps: Vps):
    counts = company_counts(clock())
    assert min(counts) > 0 and sum(counts) >= 40
    assert {name for (name,) in rows("SELECT username FROM person WHERE number IS NOT NULL")} == {member.username for member in MEMBERS}
    assert {means for (means,) in rows("SELECT DISTINCT means FROM order_payment")} >= {"wallet", "transfer"}
    assert one("SELECT count(*) FROM booking WHERE reverses IS NOT NULL")[0] == 1
    assert one("SELECT count(*) FROM bank_statement WHERE adds_up = 'yes'")[0] == 3
    assert one("SELECT count(*) FROM line_claim WHERE kind = 'order'")[0] == 2
    assert one("SELECT count(*) FROM payout WHERE file_id IS NULL")[0] == 4
    assert {way for (way,) in rows("SELECT way FROM order_refund")} == {"wallet", "cash", "bank"}
    assert one("SELECT count(*) FROM refund_wish")[0] == 1
    assert 0 < one("SELECT count(*) FROM bank_line WHERE unclear = 0")[0] < one("SELECT count(*) FROM bank_line")[0]
    assert open_questions()

    said = json.loads(vps("audit", "--json").output)

    assert said["ok"] and said["problems"] == [] and said["bookings"] > 20


def test_a_commission_plan_is_in_force_with_points_worth_half_a_euro(demo: Path):
    today = clock().date()
    plan = plan_on(today)
    assert plan is not None and len(plan.rules.bonuses[0].levels) == 5
    assert point_value("EUR", today) == 50


def test_partners_stand_four_levels_deep(demo: Path):
    above = dict(rows("SELECT id, sponsor_id FROM person WHERE number IS NOT NULL"))

    def level(someone: int) -> int:
        return 1 if above[someone] is None else 1 + level(above[someone])

    assert len(above) == 24
    assert {level(someone) for someone in above} == {1, 2, 3, 4}


def test_every_period_is_booked_but_the_newest_which_waits_for_a_colleague(demo: Path, vps: Vps):
    *before, newest = Run.select().where(Run.kind == "period").order_by(Run.id)
    assert {run.state for run in before} == {"booked"} and len(before) > 10
    assert {(run.drafted_by, run.approved_by) for run in before} == {(None, person("dragan").id)}
    assert newest.state == "calculated" and not newest.trouble
    assert one("SELECT count(*) FROM commission_run WHERE kind = 'manual' AND booked_at IS NOT NULL") == (1,)
    assert one(
        "SELECT count(*) FROM orders WHERE provisioned_at IS NOT NULL AND id NOT IN (SELECT order_id FROM commission_run_order)"
    ) == (0,)

    approve_run(newest.id, actor=Actor(person("dragan").id), at=clock())
    work(clock())

    assert Run.get_by_id(newest.id).state == "booked"
    assert json.loads(vps("audit", "--json").output)["ok"]


def test_what_was_credited_was_reserved_at_first_and_has_its_note(demo: Path):
    assert one("SELECT count(*) FROM hold WHERE reason = 'withdrawal'")[0] > 0
    (notes,) = one("SELECT count(*) FROM commission_note WHERE corrects_id IS NULL")
    assert notes == one("SELECT count(*) FROM booking WHERE key LIKE 'run:%'")[0] > 10
    assert {country for (country,) in rows("SELECT country FROM tax_profile")} == {"DE", "HR", "RS"}
    assert is_marked(person("boris").id, HOLD)


def test_anna_can_spend_250_and_boris_nothing(demo: Path):
    assert purse(person("anna").id, "EUR")[1] == euro(250_00)
    assert purse(person("boris").id, "EUR")[1] == euro(0)


def test_everybody_of_the_cast_has_red_orders_and_the_same_password(demo: Path):
    for name in PARTNERS:
        assert check_password(name, PASSWORD, browser=None, address="192.0.2.1", at=clock()) == person(name)
        reds = partner_list(person(name).id, Colour.RED, now=clock())
        assert len(reds) >= 2 and all(order.price < euro(250_00) for order in reds)


def test_no_wallet_was_ever_below_zero(demo: Path):
    assert one("SELECT min(debit_after) FROM booking WHERE debit_after IS NOT NULL")[0] >= 0


def test_printed_tans_pay_an_order(demo: Path, vps: Vps):
    lines = dict(line.split() for line in vps("demo", "tans", "anna").output.splitlines())
    anna, order = person("anna"), Order.get_by_id(partner_list(person("anna").id, Colour.RED, now=clock())[0].id)
    asked = ask(anna.id, at=clock())
    shown = snapshot(KIND, order.number, amount=order.price, payee=COMPANY["legal_name"], ask=asked, at=clock())

    pay_now(order.id, authorisation=confirm(shown, code=lines[str(asked.n)], actor=Actor(anna.id), at=clock()), at=clock())

    assert list(lines) == [str(n) for n in range(1, 9)]
    assert Order.get_by_id(order.id).colour(clock()) is Colour.GREEN


def test_boris_is_told_that_nothing_is_there(demo: Path, vps: Vps):
    lines = dict(line.split() for line in vps("demo", "tans", "boris").output.splitlines())
    boris, order = person("boris"), partner_list(person("boris").id, Colour.RED, now=clock())[0]
    asked = ask(boris.id, at=clock())
    shown = snapshot(KIND, order.number, amount=order.price, payee=COMPANY["legal_name"], ask=asked, at=clock())

    with pytest.raises(NotEnoughCredit):
        pay_now(order.id, authorisation=confirm(shown, code=lines[str(asked.n)], actor=Actor(boris.id), at=clock()), at=clock())


@pytest.mark.parametrize("name", ["dragan", "clara", "emma"])
def test_the_code_of_the_moment_is_right(demo: Path, vps: Vps, name: str):
    code = vps("demo", "totp", name).output.strip()

    check_sign_in_code(person(name).id, code, at=clock())

    assert one("SELECT last_step FROM app WHERE person_id = ?", person(name).id)[0] > 0


def test_clara_may_read_and_dragan_may_everything(demo: Path):
    assert person("clara").rights() == {"read"}
    assert person("dragan").rights() == {"read", "book", "manage"}


def test_seeding_again_changes_nothing(demo: Path, vps: Vps):
    before = written()

    said = vps("demo", "seed", *SMALL)

    assert said.exit_code == 0
    assert written() == before


def test_a_reset_starts_afresh_with_the_same_tans(demo: Path, vps: Vps):
    tans = vps("demo", "tans", "anna").output
    before = one("SELECT min(since) FROM setting WHERE key = 'demo'")[0]
    (demo / "outbox").mkdir()
    (demo / "outbox" / "old.eml").write_text("to be forgotten")
    (demo / "outbox" / "notes.txt").write_text("somebody's own")

    said = vps("demo", "seed", "--reset", *SMALL)

    assert said.exit_code == 0
    assert one("SELECT min(since) FROM setting WHERE key = 'demo'")[0] > before
    assert vps("demo", "tans", "anna").output == tans
    assert [path.name for path in (demo / "outbox").iterdir()] == ["notes.txt"]


def test_a_seeding_that_broke_off_begins_anew(demo: Path, vps: Vps):
    mark(DemoKey.read(demo), BEGUN)
    assert vps("demo", "tans", "anna").exit_code == 2

    assert vps("demo", "seed", *SMALL).exit_code == 0

    assert vps("demo", "tans", "anna").exit_code == 0
    assert one("SELECT count(*) FROM person WHERE number IS NOT NULL")[0] == 24


def test_only_one_seeds_at_a_time(folder: Path, vps: Vps):
    folder.mkdir()
    (folder / "demo.key").write_text("00" * 32)
    with (folder / "demo.key").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        said = vps("demo", "seed", *SMALL)

    assert said.exit_code == 2
    assert not (folder / "vps.db").exists()


@pytest.mark.parametrize("words", [("seed",), ("seed", "--reset"), ("hello",), ("tans", "anna"), ("totp", "anna"), ("pay",)])
@pytest.mark.parametrize("with_key", [False, True], ids=["no key", "a key from elsewhere"])
def test_real_books_are_left_alone(seeded: Path, folder: Path, vps: Vps, words: tuple[str, ...], with_key: bool):
    assert vps("init", "--company", "Real").exit_code == 0
    if with_key:
        shutil.copy(seeded / "demo.key", folder / "demo.key")
    database.close()
    before = {path.name: sha256(path.read_bytes()).digest() for path in folder.iterdir() if path.suffix in (".db", ".json", ".key")}

    said = vps("demo", *words)

    database.close()
    assert said.exit_code == 2
    assert str(folder) in said.stderr
    assert {path.name: sha256(path.read_bytes()).digest() for path in folder.iterdir() if path.suffix in (".db", ".json", ".key")} == before


@pytest.mark.parametrize("found", ["keys.json", "vps.db", "both"])
def test_a_folder_with_somebodys_files_is_left_alone(seeded: Path, folder: Path, vps: Vps, found: str):
    folder.mkdir()
    if found == "both":
        shutil.copy(seeded / "demo.key", folder / "demo.key")
    name = "vps.db" if found == "both" else found
    (folder / name).write_text("not what you think")

    assert vps("demo", "seed", "--reset").exit_code == 2

    assert (folder / name).read_text() == "not what you think"


@pytest.mark.parametrize("words", [("tans", "nobody"), ("totp", "nobody"), ("tans", "clara")])
def test_what_is_not_there_is_said_in_one_sentence(demo: Path, vps: Vps, words: tuple[str, ...]):
    said = vps("demo", *words)

    assert said.exit_code == 2
    assert words[1] in said.stderr and said.output.count("\n") == 1


def test_an_app_that_somebody_enrolled_himself_is_not_known(demo: Path, vps: Vps):
    remove_app(person("emma").id, actor=HOUSE, at=clock())
    assert vps("demo", "totp", "emma").exit_code == 2

    permit(person("emma").id, "office", actor=HOUSE, at=clock())
    own, at = pyotp.TOTP(begin_app(person("emma").id, at=clock())), clock()
    confirm_app(person("emma").id, first=own.at(at - timedelta(seconds=30)), second=own.at(at), actor=HOUSE, at=at)

    assert vps("demo", "totp", "emma").exit_code == 2


def test_a_sheet_that_the_office_made_later_is_not_known(demo: Path, vps: Vps):
    emma, codes = person("emma"), ["123456", "234567", "345678", "456789"]
    sheet = make_sheet(emma.id, codes, actor=HOUSE, at=clock())
    prepare_sheet(sheet.id, at=clock())
    first, second = asked_to_activate(sheet)
    activate_sheet(emma.id, first=codes[first - 1], second=codes[second - 1], actor=Actor(emma.id), at=clock())

    assert vps("demo", "tans", "emma").exit_code == 2


def test_hello_says_how_to_get_in(demo: Path, vps: Vps, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "8123")

    said = vps("demo", "hello").output

    asked = ask(person("anna").id, at=clock())
    code = DemoKey.read(demo).code(asked.serial, asked.n)
    assert all(word in said for word in ("http://127.0.0.1:8123", *PARTNERS, "clara", "dragan", PASSWORD, code, "demo tans anna"))


def test_many_partners_pay_over_http(demo: Path, vps: Vps):
    lukas = person("lukas")
    before = purse(lukas.id, "EUR")[1]
    one("UPDATE tan_sheet SET ended_at = 1 WHERE person_id = ? RETURNING id", lukas.id)
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        said = vps("demo", "pay", "--clients", "3", "--payments", "39", "--url", f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()

    facts = json.loads(said.output)
    assert (said.exit_code, facts["paid"], facts["refused"], facts["errors"]) == (0, 39, 0, 0), facts
    assert json.loads(vps("audit", "--json").output)["ok"]
    assert purse(lukas.id, "EUR")[1] == before
    assert {
        way for (way,) in rows("SELECT DISTINCT c.way FROM challenge c JOIN intent i ON i.id = c.intent_id WHERE i.person_id = ?", lukas.id)
    } == {"app", "sheet"}


def test_a_server_that_is_not_there_is_an_error(demo: Path, vps: Vps):
    said = vps("demo", "pay", "--clients", "1", "--payments", "1", "--url", "http://127.0.0.1:9")

    assert said.exit_code == 1
    assert json.loads(said.output)["errors"] > 0


def test_two_demos_of_one_day_tell_the_same_story():
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    assert year(Random("dice"), now, 60) == year(Random("dice"), now, 60)
    assert all(order.at < now for order in year(Random("dice"), now, 60))
