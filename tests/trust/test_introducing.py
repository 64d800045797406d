"""Trust levels begin: nobody is stopped before the day, who would be is named before, and an old installation is left alone."""

import json
from datetime import date, timedelta

import pytest

from tests.cast import NOON, balance, eur, give
from tests.cli.conftest import vps as vps
from tests.trust.sets import only
from vps.company.actions import change_settings, set_rate
from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock, micros
from vps.kernel.database import one, rows, run
from vps.ledger.actions import set_up
from vps.trust.actions.giving import NoSuchLevel, give_level
from vps.trust.actions.introducing import DayIsPast, InForceAlready, introduce
from vps.trust.actions.limits import NotAtThisLevel, must_be_within
from vps.trust.models import DEFAULT, Level, Rule, begins, body_of, levels, trusted
from vps.trust.models.documents import readable
from vps.wallets.actions import open_wallet
from vps.wallets.models import accounts_of, purses
from vps.wallets.models.beyond import look_over

DAY = timedelta(days=1)
FIRST = date(2026, 12, 1)
HOUR = 3_600_000_000


def moved(account, kind, *steps):
    """Movements as the ledger counts them: hours ago and minor units."""
    total = 0
    for seq, (hours, minor) in enumerate(steps, 1):
        total += minor
        run(ADD, account, kind, seq, micros(NOON) - int(hours * HOUR), total, seq)


ADD = "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, ?, ?, ?, ?)"


def test_nobody_is_stopped_before_the_day_and_everybody_has_a_level(cast):
    give_level(cast.boris.id, 1, "seen", actor=HOUSE, at=NOON)

    assert introduce(0, FIRST, actor=HOUSE, at=NOON) == 1

    assert rows("SELECT person_id, level, source FROM trust_level ORDER BY id") == [
        (cast.boris.id, 1, "office"),
        (cast.anna.id, 0, "start"),
    ]
    assert begins() == FIRST and not trusted(cast.anna.id, NOON).in_force
    mine = accounts_of(purses(cast.anna.id))
    must_be_within(cast.anna.id, mine, "transfer", eur(100_00), at=NOON)
    with pytest.raises(NotAtThisLevel):
        must_be_within(cast.anna.id, mine, "transfer", eur(1), at=NOON + 12 * DAY)


def test_the_day_can_be_moved_until_it_has_come(house):
    introduce(2, FIRST, actor=HOUSE, at=NOON)
    assert introduce(2, date(2026, 12, 24), actor=HOUSE, at=NOON) == 0

    with pytest.raises(InForceAlready):
        introduce(2, date(2027, 1, 1), actor=HOUSE, at=NOON + 40 * DAY)
    with pytest.raises(DayIsPast):
        introduce(2, date(2026, 11, 19), actor=HOUSE, at=NOON)
    with pytest.raises(NoSuchLevel):
        introduce(5, FIRST, actor=HOUSE, at=NOON)


def test_who_would_be_stopped_is_named_with_what_he_moved(cast):
    """Both engines: the questions are ours, not peewee's."""
    give(cast.anna, 1)
    (mine,) = purses(cast.anna.id)
    moved(mine.account, "out:purchase", (24 * 40, 5_00), (50, 35_00), (20, 10_00), (4, 30_00))
    moved(mine.account, "out:pay-out", (10, 1))
    level = Level(0, (), (), 0, 200_00, (Rule("purchase", "each", 34_00), Rule("purchase", "day", 39_00), Rule("purchase", "month", 100_00),
                                          Rule("purchase", "year", 79_00), Rule("pay-out", "day", None, 0), Rule("received", "each", 0)))  # fmt: skip

    found = dict(look_over((level,), 0, NOON))

    ours = {who.number: each for who, each in found.items()}
    assert ours[cast.boris.number] == []
    assert [
        (each.kind, each.window, each.moved.minor, each.limit and each.limit.minor, each.is_held) for each in ours[cast.anna.number]
    ] == [
        ("income", "balance", 250_01, 200_00, True),
        ("purchase", "each", 35_00, 34_00, False),
        ("purchase", "day", 40_00, 39_00, False),
        ("purchase", "year", 80_00, 79_00, False),
        ("pay-out", "day", 1, None, False),
    ]


def test_a_look_counts_other_currencies_by_the_rate_of_the_day(house):
    set_up(currency="RSD", at=NOON)
    moved(open_wallet(house.boris.id, "RSD", at=NOON), "out:purchase", (4, 1170_00))
    only(Rule("purchase", "month", 9_99))
    with pytest.raises(NoRate):
        list(look_over(levels(), 0, NOON))

    set_rate("EUR", "RSD", "117", valid_from=date(2026, 11, 1), actor=HOUSE, at=NOON)

    (found,) = [each for _, found in look_over(levels(), 0, NOON) for each in found]
    assert (found.number, found.moved) == (house.boris.number, eur(10_00))


def test_a_look_ends_where_it_is_told_to(house):
    assert [who.number for who, _ in look_over(DEFAULT, 0, NOON, most=1)] == [house.anna.number]
    assert len(list(look_over(DEFAULT, 0, NOON))) == 2


@pytest.fixture
def tomorrow():
    return (clock() + 2 * DAY).date().isoformat()


def test_a_dry_run_names_who_would_be_stopped_and_writes_nothing(vps, house, tomorrow):
    words = ("introduce", "--level", 0, "--from", tomorrow)
    result = vps("trust", *words, "--dry-run")
    assert (
        result.exit_code == 0
        and f"{house.anna.number} Anna" in result.output
        and "250.00 EUR > 150.00 EUR (would be held)" in result.output
    )
    facts = json.loads(vps("trust", *words, "--dry-run", "--json").output)
    assert (facts["looked_at"], facts["given"], facts["dry_run"], [each["outcome"] for each in facts["stopped"]]) == (2, 0, True, ["held"])
    assert company().trust_from == "" and one("SELECT count(*) FROM trust_level")[0] == 0

    assert "Partners who begin with this level: 2" in vps("trust", *words).output
    assert company().trust_from == tomorrow and balance(house.anna) == eur(250_00)


@pytest.mark.parametrize(
    ("level", "first", "says"),
    [(9, "2099-01-01", "There is no such level"), (0, "2020-01-01", "a day that is over"), (0, "31.02.2026", "2026-11-20")],
)
def test_what_cannot_be_introduced_is_said(vps, house, level, first, says):
    for more in ((), ("--dry-run",)):
        result = vps("trust", "introduce", "--level", level, "--from", first, *more)
        assert result.exit_code == 2 and says in result.output


def test_the_set_goes_out_as_a_file_and_comes_back(vps, house):
    exported = vps("trust", "export").output
    assert exported == readable(DEFAULT)

    file = vps.file(exported.replace('"most_balance": 15000', '"most_balance": 10000', 1), "levels.json")
    assert vps("trust", "import", file, "--dry-run").exit_code == 0 and levels() == DEFAULT
    assert "Changed: 1" in vps("trust", "import", file).output and levels()[0].most_balance == 100_00
    assert vps("trust", "import", file).exit_code == 2, "this is in force already"
    wrong = vps("trust", "import", vps.file(exported.replace('"days": 30', '"days": "x"', 1), "wrong.json"))
    assert wrong.exit_code == 2 and "is wrong: days. Nothing was changed." in wrong.output


def test_a_damaged_set_is_mended_by_a_file(vps, house):
    run("INSERT INTO level_set (body, since) VALUES ('{', ?)", micros(NOON))
    assert vps("trust", "export").exit_code == 2
    assert "trust levels cannot be read" in vps("doctor").output

    assert vps("trust", "import", vps.file(readable(DEFAULT), "levels.json")).exit_code == 0
    assert levels() == DEFAULT


def test_the_doctor_says_whether_trust_levels_are_in_use(vps, house):
    assert "✓ Trust levels are not introduced, so they limit nothing." in vps("doctor").output
    change_settings({"trust_from": "2026-12-01"}, actor=HOUSE, at=NOON)
    assert "✓ Trust levels limit what partners move from 2026-12-01 on." in vps("doctor").output


def test_partners_come_with_their_levels(vps, house):
    text = "name,username,trust_level\nNina Kos,nina,3\nMila Kos,mila,\n"
    assert "New: 2" in vps.imported("partners", text).output
    assert rows("SELECT p.username, t.level, t.source FROM trust_level t JOIN person p ON p.id = t.person_id") == [("nina", 3, "import")]

    assert "Unchanged: 2" in vps.imported("partners", text).output
    again = vps.imported("partners", text.replace("mila,", "mila,1")).output
    assert "Changed: 1" in again and "Unchanged: 1" in again
    for wrong in ("5", "-1", "x", "٣"):
        result = vps.imported("partners", text.replace("nina,3", f"nina,{wrong}"))
        assert result.exit_code == 2 and "Line 2, column trust_level" in result.output
    assert one("SELECT count(*) FROM trust_level")[0] == 2


def test_a_set_in_force_is_what_a_file_is_read_by(vps, house):
    run("INSERT INTO level_set (body, since) VALUES (?, ?)", body_of(DEFAULT[:2]), micros(NOON))
    result = vps.imported("partners", "name,trust_level\nNina Kos,2\n")
    assert result.exit_code == 2 and "from 0 to 1" in result.output
