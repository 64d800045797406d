"""What staff saw before it was done is what one code of the app authorises, and only once."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, app_of, eur
from vps.kernel.authorisation import Actor
from vps.kernel.database import IntegrityError, action, one, rows, run
from vps.kernel.money import Money
from vps.people.actions.throttle import TooManyTries
from vps.security.actions import BatchChanged, BatchDone, ByBatch, UsedCode, WrongCode, authorise_batch, is_authorised, open_batch
from vps.security.models import Batch, batch_digest

STEP = timedelta(seconds=30)
SHOWN, SUM = '{"lines":3}', eur(70_00)


@pytest.fixture
def desk(cast):
    """Dragan at his desk, with an app."""
    cast.totp = app_of(cast.dragan)
    cast.desk = Actor(cast.dragan.id, "192.0.2.9")
    return cast


def opened(desk, content: str = SHOWN, *, count: int = 3, amount: Money = SUM) -> int:
    return open_batch("test", "a file", content, count=count, amount=amount, actor=desk.desk, at=NOON)


def digest(content: str = SHOWN, *, count: int = 3, amount: int = 70_00) -> str:
    return batch_digest("test", "a file", count, amount, "EUR", content).hex()


def authorised(desk, batch: int, *, at=NOON) -> ByBatch:
    return authorise_batch(batch, code=desk.totp.at(at), actor=desk.desk, at=at)


@action
def do(by: ByBatch, *, subject: str | None = None, amount: Money = SUM, at=NOON) -> None:
    """An act that does nothing but use its authorisation up."""
    by.use_up(subject=subject or digest(), amount=amount, at=at)


def last_step() -> int:
    return int(one("SELECT last_step FROM app")[0])


def test_a_code_authorises_what_was_shown(desk):
    batch = opened(desk)
    assert not is_authorised(batch)

    do(authorised(desk, batch))

    assert is_authorised(batch)
    row = Batch.get_by_id(batch)
    assert (row.made_by, row.made_at, row.authorised_by, row.authorised_at) == (desk.dragan.id, NOON, desk.dragan.id, NOON)
    assert (row.address, row.count, row.amount, bytes(row.digest).hex()) == ("192.0.2.9", 3, 70_00, digest())
    assert one("SELECT actor, subject, after FROM event WHERE verb = 'batch authorised'") == (
        desk.dragan.id,
        f"batch:{batch}",
        f"70.00 EUR {digest()[:16]}",
    )
    assert last_step() == int(NOON.timestamp()) // 30


def test_a_batch_is_authorised_once_and_the_second_code_is_not_used_up(desk):
    batch = opened(desk)
    do(authorised(desk, batch))
    step = last_step()

    with pytest.raises(BatchDone):
        do(authorised(desk, batch, at=NOON + STEP), at=NOON + STEP)

    assert last_step() == step


def test_a_code_authorises_one_batch_and_no_second_one(desk):
    do(authorised(desk, opened(desk)))
    other = opened(desk, "something else")

    with pytest.raises(UsedCode) as refused:
        authorised(desk, other, at=NOON)

    assert refused.value.facts == {"seconds": 30}
    assert not is_authorised(other)


def test_one_code_checked_for_two_batches_is_used_up_by_one_of_them(desk):
    first, second = opened(desk), opened(desk, "something else")
    one_code = authorised(desk, first), authorised(desk, second)
    do(one_code[0])

    with pytest.raises(UsedCode):
        do(one_code[1], subject=digest("something else"))

    assert (is_authorised(first), is_authorised(second)) == (True, False)


@pytest.mark.parametrize(
    "other",
    [
        {"subject": digest('{"lines":4}')},
        {"subject": digest(count=4)},
        {"amount": eur(71_00)},
        {"amount": Money(70_00, "USD")},
    ],
)
def test_what_is_not_what_was_shown_is_not_authorised_and_takes_no_code(desk, other):
    batch = opened(desk)

    with pytest.raises(BatchChanged):
        do(authorised(desk, batch), **other)

    assert (is_authorised(batch), last_step()) == (False, 0)


def test_eight_presses_at_once_do_it_once(desk):
    batch = opened(desk)
    done = []

    def press(n: int) -> None:
        by = authorised(desk, batch)
        do(by)
        done.append(n)

    answers = at_once(8, press)

    assert len(done) == answers.count(None) == 1
    assert {type(answer) for answer in answers if answer is not None} <= {BatchDone}
    assert one("SELECT count(*) FROM event WHERE verb = 'batch authorised'")[0] == 1


def test_the_second_press_with_the_same_code_finds_it_done(desk):
    batch = opened(desk)
    do(authorised(desk, batch))

    with pytest.raises(BatchDone):
        authorised(desk, batch)


def test_a_wrong_code_is_remembered_and_five_close_the_door(desk):
    batch = opened(desk)
    for _ in range(5):
        with pytest.raises(WrongCode):
            authorise_batch(batch, code="000000", actor=desk.desk, at=NOON)

    with pytest.raises(TooManyTries):
        authorised(desk, batch)
    do(authorised(desk, batch, at=NOON + timedelta(minutes=15)), at=NOON + timedelta(minutes=15))

    assert is_authorised(batch)


def test_a_colleagues_code_does_not_count(desk):
    theirs = app_of(desk.clara)

    with pytest.raises(WrongCode):
        authorise_batch(opened(desk), code=theirs.at(NOON), actor=desk.desk, at=NOON)


def test_the_same_preview_is_one_batch_until_it_is_authorised(desk):
    first = opened(desk)
    assert opened(desk) == first
    assert opened(desk, "something else") != first

    do(authorised(desk, first))

    assert opened(desk) != first


def test_every_part_of_what_is_shown_is_in_the_digest():
    shown = ("test", "a file", 3, 70_00, "EUR", SHOWN)
    others = (("run", "a fil", 4, 70_01, "USD", '{"lines":4}')[n] for n in range(6))
    digests = {batch_digest(*shown)} | {batch_digest(*shown[:n], other, *shown[n + 1 :]) for n, other in enumerate(others)}

    assert len(digests) == 7
    assert batch_digest(*shown).hex() == "c2132165a1fd8f11d6b81b9e0c205bbb385ef53402d8521998a16333b25acd81"


@pytest.mark.parametrize("change", ["digest = digest", "amount = 1", "count = 1", "made_by = 1", "subject = 'x'"])
def test_what_was_shown_never_changes(desk, change):
    batch = opened(desk)

    with pytest.raises(IntegrityError):
        run(f"UPDATE batch SET {change} WHERE id = ?", batch)
    with pytest.raises(IntegrityError):
        run("DELETE FROM batch")

    assert rows("SELECT id FROM batch") == [(batch,)]
