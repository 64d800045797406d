"""How long a way stays blocked after wrong codes: a day the first time, then until the office or a new secret ends it."""

from datetime import timedelta

import pytest

from tests.cast import NOON, sheet_of
from tests.security.dialogs import answer, move, shown, wrong
from vps.kernel import schema
from vps.kernel.authorisation import Actor
from vps.kernel.database import IntegrityError, configure, connect, database, one, run
from vps.security.actions import ask, unblock_way
from vps.security.actions.counting import TRIES_EVER, count_wrong
from vps.security.actions.refusals import LastBeforeBlock, WayBlocked, WayResting, WrongTan
from vps.security.models import Block, blocks_of

DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)


def five_wrong(person, at=NOON):
    """Five wrong codes in a row, over five payments; answers what the last one was told."""
    return [wrong(shown(person, at=at, subject=f"{at}{n}"), person, at=at) for n in range(5)][-1]


def test_the_first_block_ends_after_a_day_and_says_so(cast):
    sheet_of(cast.anna)

    told = five_wrong(cast.anna)

    assert type(told) is WayResting
    assert told.facts == {"until": NOON + DAY}
    with pytest.raises(WayResting) as early:
        ask(cast.anna.id, at=NOON + DAY - SECOND)
    assert early.value.facts == told.facts
    move(answer(shown(cast.anna, at=NOON + DAY), cast.anna, at=NOON + DAY), at=NOON + DAY)
    assert one("SELECT wrong_in_row, wrong_ever, blocks, blocked_at, opens_at FROM way") == (0, 5, 1, None, None)


def test_counting_starts_anew_after_the_day(cast):
    sheet_of(cast.anna)
    five_wrong(cast.anna)

    said = [type(wrong(shown(cast.anna, at=NOON + DAY, subject=str(n)), cast.anna, at=NOON + DAY)) for n in range(4)]

    assert said == [WrongTan, WrongTan, WrongTan, LastBeforeBlock]


def test_the_second_block_waits_for_the_office(cast):
    sheet_of(cast.anna)
    five_wrong(cast.anna)

    told = five_wrong(cast.anna, NOON + DAY)

    assert type(told) is WayBlocked
    with pytest.raises(WayBlocked) as late:
        ask(cast.anna.id, at=NOON + 365 * DAY)
    assert type(late.value) is WayBlocked
    unblock_way(cast.anna.id, "sheet", actor=Actor(cast.dragan.id), at=NOON + DAY)
    assert ask(cast.anna.id, at=NOON + DAY).way == "sheet"


def test_answers_on_their_way_when_the_block_came_do_not_lengthen_it(cast):
    sheet_of(cast.anna)
    early = [shown(cast.anna, subject=str(n)) for n in range(6)]
    for dialog in early:
        told = count_wrong(dialog, dialog.ways, actor=Actor(cast.anna.id), at=NOON)
    later = count_wrong(early[0], early[0].ways, actor=Actor(cast.anna.id), at=NOON + timedelta(hours=5))

    assert told.facts == later.facts == {"until": NOON + DAY}
    assert one("SELECT wrong_in_row, blocks FROM way") == (7, 1)


def test_after_a_hundred_wrong_codes_ever_every_further_one_blocks_for_good(cast):
    sheet_of(cast.anna)
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks) VALUES (?, 'sheet', 0, ?, 0)", cast.anna.id, TRIES_EVER - 2)

    said = [type(wrong(shown(cast.anna, subject=str(n)), cast.anna)) for n in range(2)]

    assert said == [LastBeforeBlock, WayBlocked]
    unblock_way(cast.anna.id, "sheet", actor=Actor(cast.dragan.id), at=NOON)
    assert type(wrong(shown(cast.anna), cast.anna)) is WayBlocked


def test_a_new_sheet_is_counted_anew(cast):
    sheet_of(cast.anna)
    five_wrong(cast.anna)
    five_wrong(cast.anna, NOON + DAY)

    sheet_of(cast.anna)

    assert blocks_of(cast.anna.id, NOON) == []
    assert one("SELECT count(*) FROM way")[0] == 0


def test_the_database_knows_what_a_block_is_too(cast):
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocks) VALUES (?, 'sheet', 0, 0, 0)", cast.anna.id)

    for lie in ("opens_at = 9", "blocks = 1, blocked_at = 9, opens_at = 9", "blocked_at = 9"):
        with pytest.raises(IntegrityError):
            run(f"UPDATE way SET {lie}")


def test_a_block_from_before_that_rule_still_waits_for_the_office(sqlite, tmp_path, monkeypatch):
    steps = tmp_path / "steps"
    steps.mkdir()
    for path in schema.MIGRATIONS.glob("0001*"):
        (steps / path.name).write_bytes(path.read_bytes())
    configure(f"sqlite:///{tmp_path}/old.db")
    connect()
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", steps)
        schema.migrate()
    database.execute_sql("PRAGMA foreign_keys = 0")
    run("INSERT INTO way (person_id, way, wrong_in_row, wrong_ever, blocked_at) VALUES (1, 'sheet', 5, 9, 7), (1, 'app', 2, 3, NULL)")

    assert schema.migrate()[0] == "0002_blocks_that_end"

    assert blocks_of(1, NOON) == [Block("sheet", None)]
    assert one("SELECT wrong_in_row, wrong_ever, blocks FROM way WHERE way = 'app'") == (2, 3, 0)
    assert schema.differences() == []
