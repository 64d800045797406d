"""Standing transfers: confirmed once, made on their days by themselves and each day once, told when refused, ended by a press."""

import json
from datetime import date, datetime, timedelta

import pytest

from tests.at_once import at_once
from tests.bank.payouts import freeze_now, me
from tests.cast import NOON, balance, eur, give, sheet_of
from tests.wallets.standing import TODAY, permit, planned, stand, wallet
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, rows, run
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit
from vps.security.actions import lower_level
from vps.security.actions.refusals import Frozen, HeldToCap, ViewOnly
from vps.security.models import Recovery
from vps.wallets.actions import (
    DayGone,
    LessThanLeast,
    Missed,
    NeverDue,
    NoRecipient,
    TooManyStanding,
    end_standing,
    make_standing,
    open_wallet,
    set_standing,
)
from vps.wallets.actions.standing import MOST
from vps.wallets.kept import facts_of
from vps.wallets.models import (
    MAIN,
    StandingRun,
    StandingTransfer,
    Transfer,
    TransferRule,
    WalletKind,
    purse,
    runs_of,
    standing_transfer,
    standing_transfers,
)
from vps.wallets.rhythm import LAST, Rhythm

DAY = timedelta(days=1)


@pytest.fixture
def two(cast):
    sheet_of(cast.anna)
    return cast


@pytest.fixture
def one_engine(house):
    sheet_of(house.anna)
    return house


def told():
    return [json.loads(facts) for (facts,) in rows("SELECT facts FROM outbox WHERE kind = 'standing' ORDER BY id")]


def test_every_day_is_made_once_however_often_the_worker_looks(two):
    made = stand(two.anna, two.boris, 10_00)

    assert [make_standing(at=NOON + n * timedelta(minutes=1)) for n in range(2)] == [1, 0]
    assert [make_standing(at=NOON + DAY), make_standing(at=NOON + DAY)] == [1, 0]

    assert (balance(two.anna), balance(two.boris)) == (eur(230_00), eur(20_00))
    assert [(each.key, each.message) for each in Transfer.select().order_by(Transfer.id)] == [
        (f"standing:{made}:2026-11-20", "for rent"),
        (f"standing:{made}:2026-11-21", "for rent"),
    ]
    assert standing_transfer(made).next_on == date(2026, 11, 22) and told() == []


def test_a_code_sets_it_once_and_says_so(two):
    by = permit(two.anna, two.boris, 10_00, Rhythm("month", TODAY, date(2027, 2, 28), LAST))

    made = set_standing(authorisation=by, at=NOON)

    assert set_standing(authorisation=by, at=NOON) == made, "sent twice"
    found = standing_transfer(made, two.anna.id)
    assert (found.rhythm, found.next_on) == (Rhythm("month", TODAY, date(2027, 2, 28), LAST), date(2026, 11, 30))
    assert (found.recipient, found.to_wallet, found.message, found.own) == (two.boris.id, None, "for rent", False)
    assert standing_transfer(made, two.boris.id) is None and standing_transfers(two.boris.id) == []
    assert one("SELECT count(*) FROM outbox WHERE kind = 'notice' AND facts LIKE '%standing transfer set%'")[0] == 1


def test_eight_workers_at_once_make_one(two):
    stand(two.anna, two.boris, 10_00)

    answers = at_once(8, lambda _: make_standing(at=NOON))

    assert sorted(answers) == [0] * 7 + [1]
    assert balance(two.boris) == eur(10_00) and StandingRun.select().count() == 1


def test_what_is_refused_is_told_once_and_its_next_day_comes(two):
    made = stand(two.anna, two.boris, 300_00, Rhythm("week", TODAY))

    assert at_once(4, lambda _: make_standing(at=NOON)) == [0] * 4

    (run_,) = runs_of(made)
    assert (run_.day, run_.transfer, run_.refusal["says"]) == (TODAY, None, NotEnoughCredit.says)
    (mail,) = told()
    assert (mail["day"], mail["next"], facts_of(mail["refusal"])) == (
        "2026-11-20",
        "2026-11-27",
        {"available": eur(250_00), "missing": eur(50_00)},
    )
    assert balance(two.anna) == eur(250_00) and Transfer.select().count() == 0
    give(two.anna, 100_00)
    assert [make_standing(at=NOON + DAY), make_standing(at=NOON + 7 * DAY)] == [0, 1]


def test_after_a_stop_only_the_newest_day_is_made_up_for_and_the_others_are_told(one_engine):
    made = stand(one_engine.anna, one_engine.boris, 10_00, Rhythm("day", TODAY, TODAY + 4 * DAY))

    assert make_standing(at=NOON + 9 * DAY) == 1

    runs = runs_of(made)
    assert [each.day.day for each in runs] == [24, 23, 22, 21, 20] and runs[0].transfer
    assert {each.refusal["says"] for each in runs[1:]} == {Missed.says}
    assert [(mail["day"], mail["next"]) for mail in told()] == [("2026-11-23", "2026-11-24")]
    assert standing_transfer(made).next_on is None and balance(one_engine.boris) == eur(10_00)


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Europe/Berlin", "2027-03-27T22:59:59+00:00", False),
        ("Europe/Berlin", "2027-03-27T23:00:00+00:00", True),
        ("Europe/Berlin", "2026-10-24T22:00:00+00:00", True),
        ("America/New_York", "2027-03-14T03:30:00+00:00", False),
        ("Pacific/Kiritimati", "2027-03-26T10:00:00+00:00", False),
        ("Pacific/Kiritimati", "2027-03-27T10:00:00+00:00", True),
    ],
)
def test_a_day_begins_at_midnight_in_the_company_s_zone(one_engine, zone, at, due):
    first = {"2027-03-14": "2027-03-14", "2026-10-24": "2026-10-25"}.get(at[:10], "2027-03-28")
    change_settings({"zone": zone}, actor=HOUSE, at=NOON - 60 * DAY)
    early = NOON - 59 * DAY
    order = stand(one_engine.anna, one_engine.boris, 1_00, Rhythm("once", date.fromisoformat(first)), at=early)

    assert make_standing(at=datetime.fromisoformat(at)) == int(due)
    assert (standing_transfer(order).next_on is None) == due


def frozen(house):
    freeze_now(house.anna)


def view_only(house):
    lower_level(house.anna.id, 0, actor=me(house.anna), at=NOON - 2 * DAY)


def restored(house):
    Recovery.create(person=house.anna, opened_by=house.dragan.id, opened_at=NOON, document="ID 1", approved_at=NOON, approved_by=house.elena.id,
                    until=NOON + DAY)  # fmt: skip


def gone(house):
    run("UPDATE person SET closed_at = 1 WHERE id = ?", house.boris.id)


@pytest.mark.parametrize(("before", "refusal"), [(frozen, Frozen), (view_only, ViewOnly), (restored, HeldToCap), (gone, NoRecipient)])
def test_nothing_leaves_when_its_owner_may_not_pay_or_its_recipient_is_gone(one_engine, before, refusal):
    made = stand(one_engine.anna, one_engine.boris)
    before(one_engine)

    assert make_standing(at=NOON) == 0

    assert [each.refusal["says"] for each in runs_of(made)] == [refusal.says] and balance(one_engine.anna) == eur(250_00)


def test_nothing_is_due_of_who_left_or_after_it_was_ended(one_engine):
    anna, boris = one_engine.anna, one_engine.boris
    made = stand(anna, boris)
    run("UPDATE person SET closed_at = 1 WHERE id = ?", anna.id)
    assert make_standing(at=NOON) == 0 and runs_of(made) == []
    run("UPDATE person SET closed_at = NULL WHERE id = ?", anna.id)

    with pytest.raises(NotFound):
        end_standing(boris.id, made, actor=me(boris), at=NOON)
    for _ in range(2):
        end_standing(anna.id, made, actor=me(anna), at=NOON)

    assert make_standing(at=NOON) == 0 and standing_transfer(made).ended
    assert one("SELECT count(*) FROM event WHERE verb = 'standing transfer ended'")[0] == 1


def test_between_own_wallets_it_goes_to_the_wallet_that_was_chosen(one_engine):
    anna = one_engine.anna
    WalletKind.create(code="save", names="{}", pays=False, paid_out=False, sends=False, receives=True, commission=True, floor=0, position=1)
    open_wallet(anna.id, "EUR", at=NOON, kind="save")
    saved = wallet(anna, kind="save")

    made = stand(anna, anna, 50_00, to_wallet=saved)

    assert (standing_transfer(made).own, standing_transfer(made).to_wallet) == (True, saved)
    assert make_standing(at=NOON) == 1 and purse(anna.id, "EUR", "save").available == eur(50_00)


@pytest.mark.parametrize(
    ("rhythm", "refusal"),
    [
        (Rhythm("day", TODAY - DAY), DayGone),
        (Rhythm("day", TODAY, TODAY - DAY), NeverDue),
        (Rhythm("month", TODAY, TODAY + DAY, LAST), NeverDue),
    ],
)
def test_days_that_never_come_are_refused(one_engine, rhythm, refusal):
    with pytest.raises(refusal):
        planned(one_engine.anna, one_engine.boris, 10_00, rhythm)


def test_what_always_stands_in_the_way_is_refused_and_what_may_pass_is_said(one_engine):
    anna, boris = one_engine.anna, one_engine.boris
    assert planned(anna, boris, 300_00).today.says == NotEnoughCredit.says and planned(anna, boris).today is None
    for to in (one_engine.clara, boris):
        with pytest.raises(NoRecipient):
            planned(anna, to, to_wallet=None if to is one_engine.clara else 99)
    TransferRule.create(kind=MAIN, whose="partner", currency="EUR", least=20_00, multiple=1, fee=0, fee_bp=0, on_top=True, since=NOON)
    with pytest.raises(LessThanLeast):
        planned(anna, boris, 10_00)


def test_nobody_has_more_than_fifty(one_engine):
    made = stand(one_engine.anna, one_engine.boris)
    row = StandingTransfer.get_by_id(made)
    facts = {name: value for name, value in row.__data__.items() if name not in ("id", "intent")}
    for n in range(MOST - 1):
        intent = one("INSERT INTO intent (nonce, person_id, kind, subject, payee, digest, opened_at, expires_at) SELECT ?, person_id, kind, '', payee,"
                     " digest, opened_at, expires_at FROM intent LIMIT 1 RETURNING id", f"no. {n}")[0]  # fmt: skip
        StandingTransfer.create(**facts, intent=intent)
    with pytest.raises(TooManyStanding):
        planned(one_engine.anna, one_engine.boris)
    end_standing(one_engine.anna.id, made, actor=me(one_engine.anna), at=NOON)
    assert planned(one_engine.anna, one_engine.boris)
