"""A debt by plan: the wallet works again at once, instalments come each month once and never take more than there is."""

from datetime import UTC, date, datetime
from threading import Event

import pytest

from tests.at_once import at_once
from tests.cast import CODES, NOON, balance, eur, give, sheet_of
from tests.wallets.sending import send, staff, take_back, wallet
from vps.bank.actions.payouts import must_be_able
from vps.jobs.worker import House
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit
from vps.orders.models.audit import audit as orders_audit
from vps.security.actions import ask, confirm, freeze, lift_freeze, snapshot
from vps.wallets.actions import (
    InstalmentTooLarge,
    MoreThanLeft,
    NoDebt,
    NoReason,
    NotADay,
    NotYourOwn,
    Owing,
    PlanOver,
    PlanRuns,
    WalletFrozen,
    agree_plan,
    freeze_wallet,
    let_wallet_go,
    next_due,
    pay_debt,
    plan_between,
    take_instalment,
    take_instalments,
    write_off_plan,
)
from vps.wallets.models import DebtPlan, purse, purses
from vps.wallets.models.audit import audit


def at(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.fixture
def owing(cast):
    """Boris owes 30.00: what Anna sent him by mistake was taken back after he had spent it."""
    made = send(cast, 40_00)
    send(cast, 30_00, key="spent", sender=cast.boris, recipient=cast.anna)
    take_back(cast, made, as_debt=True)
    return cast


def agree(cast, instalment=10_00, day=31, **more):
    return agree_plan(cast.boris.id, wallet(cast.boris), eur(instalment), day, **{"authorisation": staff(cast.dragan), "at": NOON} | more)


def proven():
    return [*audit(), *orders_audit()]


def paid():
    return [minor for (minor,) in rows("SELECT amount FROM debt_payment ORDER BY id")]


def told(verb):
    return [after for (after,) in rows("SELECT after FROM event WHERE verb = ? ORDER BY id", verb)]


@pytest.mark.parametrize(
    ("day", "after", "due"),
    [(31, (2026, 11, 20), (2026, 11, 30)), (31, (2026, 11, 30), (2026, 12, 31)), (31, (2027, 1, 31), (2027, 2, 28)),
     (20, (2026, 11, 20), (2026, 12, 20)), (1, (2026, 12, 31), (2027, 1, 1)), (29, (2028, 1, 29), (2028, 2, 29))],
)  # fmt: skip
def test_the_31st_is_the_last_day_of_every_month(day, after, due):
    assert next_due(day, date(*after)) == date(*due)


def test_a_plan_takes_the_debt_out_of_the_wallet_which_works_again(owing):
    with pytest.raises(Owing):
        must_be_able(purse(owing.boris.id, "EUR"), purses(owing.boris.id))
    give(owing.anna, 1)

    plan = agree(owing)

    assert (balance(owing.boris), purse(owing.boris.id, "EUR").shortfall) == (eur(0), eur(0))
    assert DebtPlan.get_by_id(plan).next_due == date(2026, 11, 30)
    give(owing.boris, 5_00)
    must_be_able(purse(owing.boris.id, "EUR"), purses(owing.boris.id))
    assert plan_between(owing.boris.id, wallet(owing.boris), owing.anna.id, None, eur(5_00), at=NOON).takes == eur(5_00)
    assert told("debt plan agreed") == ["30.00 EUR"]
    assert proven() == []


def test_instalments_are_taken_on_their_day_once_until_all_is_repaid(owing):
    plan = agree(owing)
    give(owing.boris, 100_00)
    assert take_instalments(at=at(11, 29)) == 0

    take_instalments(at=at(11, 30))
    take_instalments(at=at(11, 30))
    assert (paid(), balance(owing.boris)) == ([10_00], eur(90_00))
    assert DebtPlan.get_by_id(plan).next_due == date(2026, 12, 31)
    for month in (12, 1, 2):
        take_instalments(at=at(month, 31 if month != 2 else 28, 2026 if month == 12 else 2027))

    assert (paid(), balance(owing.boris)) == ([10_00] * 3, eur(70_00))
    assert DebtPlan.get_by_id(plan).ended_at == at(1, 31, 2027)
    assert proven() == []


def test_the_worker_takes_them_by_itself(owing):
    agree(owing, day=1)
    give(owing.boris, 100_00)
    DebtPlan.update(next_due=date(2026, 1, 1)).execute()

    House()(Event())

    assert paid() == [10_00]


def test_two_workers_at_once_take_one_instalment(owing):
    plan = agree(owing)
    give(owing.boris, 100_00)

    answers = at_once(8, lambda _: take_instalment(plan, at=at(11, 30)))

    assert sorted(answers, key=str) == [eur(10_00), *[None] * 7], answers
    assert balance(owing.boris) == eur(90_00)


def test_a_wallet_with_little_pays_what_it_has_and_one_with_nothing_is_skipped_and_told(owing):
    agree(owing, day=1)
    take_instalments(at=at(12, 1))
    assert (paid(), told("instalment skipped")) == ([0], ["10.00 EUR"])
    give(owing.boris, 4_00)
    take_instalments(at=at(1, 1, 2027))
    assert (paid(), balance(owing.boris), told("instalment taken")) == ([0, 4_00], eur(0), ["4.00 EUR"])
    assert proven() == []


def test_from_a_frozen_wallet_nothing_is_taken(owing):
    agree(owing, day=1)
    give(owing.boris, 50_00)
    freeze(owing.boris.id, actor=HOUSE, at=NOON)
    take_instalments(at=at(12, 1))
    lift_freeze(owing.boris.id, actor=HOUSE, at=NOON)
    freeze_wallet(owing.boris.id, wallet(owing.boris), reason="court", actor=HOUSE, at=NOON)
    take_instalments(at=at(1, 1, 2027))
    let_wallet_go(owing.boris.id, wallet(owing.boris), actor=HOUSE, at=NOON)
    take_instalments(at=at(2, 1, 2027))

    assert paid() == [0, 0, 10_00]


def test_a_plan_makes_sense(owing):
    for refusal, facts in ((NotADay, {"day": 0}), (NotADay, {"day": 32}), (InstalmentTooLarge, {"instalment": 30_01})):
        with pytest.raises(refusal):
            agree(owing, **facts)
    with pytest.raises(NotYourOwn):
        agree(owing, authorisation=staff(owing.boris))
    with pytest.raises(NoDebt):
        agree_plan(owing.anna.id, wallet(owing.anna), eur(1), 1, authorisation=staff(owing.dragan), at=NOON)
    plan = agree(owing)
    send(owing, 5_00, key="more")
    with pytest.raises(NoDebt):
        agree(owing)
    assert DebtPlan.select().count() == 1 and plan


def test_while_a_plan_runs_there_is_no_second_one(owing):
    agree(owing)
    made = send(owing, 5_00, key="more")
    send(owing, 5_00, key="gone", sender=owing.boris, recipient=owing.anna)
    take_back(owing, made, key="r2", as_debt=True)

    with pytest.raises(PlanRuns):
        agree(owing, 1_00)


def signed(cast, plan, amount, by=None):
    who = (by or cast.boris).id
    shown = snapshot("debt plan", str(plan), amount=amount, payee="Alpenkraut GmbH", ask=ask(who, at=NOON), at=NOON)
    return confirm(shown, code=CODES[shown.n - 1], actor=Actor(who), at=NOON)


def test_the_partner_pays_more_with_a_code_and_the_last_payment_ends_the_plan(owing):
    plan = agree(owing)
    give(owing.boris, 30_00)
    sheet_of(owing.boris)

    first = pay_debt(authorisation=(by := signed(owing, plan, eur(12_00))), at=NOON)
    assert pay_debt(authorisation=by, at=NOON) == first, "sent twice"
    with pytest.raises(MoreThanLeft):
        pay_debt(authorisation=signed(owing, plan, eur(18_01)), at=NOON)
    pay_debt(authorisation=signed(owing, plan, eur(18_00)), at=NOON)

    assert (balance(owing.boris), paid()) == (eur(0), [12_00, 18_00])
    with pytest.raises(PlanOver):
        pay_debt(authorisation=signed(owing, plan, eur(1)), at=NOON)
    assert take_instalment(plan, at=at(11, 30)) is None
    assert proven() == []


def test_more_than_there_is_or_of_somebody_else_or_a_frozen_wallet_is_not_paid(owing):
    plan = agree(owing)
    sheet_of(owing.boris)
    with pytest.raises(NotEnoughCredit):
        pay_debt(authorisation=signed(owing, plan, eur(1)), at=NOON)
    with pytest.raises(NotFound):
        pay_debt(authorisation=signed(owing, plan + 1, eur(1)), at=NOON)
    sheet_of(owing.anna)
    with pytest.raises(NotFound):
        pay_debt(authorisation=signed(owing, plan, eur(1), owing.anna), at=NOON)
    freeze_wallet(owing.boris.id, wallet(owing.boris), reason="court", actor=HOUSE, at=NOON)
    with pytest.raises(WalletFrozen):
        pay_debt(authorisation=signed(owing, plan, eur(1)), at=NOON)
    assert paid() == []


def test_what_nobody_expects_any_more_is_written_off_with_a_reason(owing):
    plan = agree(owing)
    give(owing.boris, 10_00)
    take_instalments(at=at(11, 30))
    by = {"authorisation": staff(owing.dragan), "at": NOON}
    with pytest.raises(NoReason):
        write_off_plan(owing.boris.id, plan, reason="", **by)
    with pytest.raises(NotFound):
        write_off_plan(owing.anna.id, plan, reason="x", **by)
    with pytest.raises(NotYourOwn):
        write_off_plan(owing.boris.id, plan, reason="x", authorisation=staff(owing.boris), at=NOON)

    write_off_plan(owing.boris.id, plan, reason="died", **by)

    assert one("SELECT b.amount, b.motive FROM debt_plan p JOIN booking b ON b.id = p.written_off") == (20_00, "write-off")
    with pytest.raises(PlanOver):
        write_off_plan(owing.boris.id, plan, reason="died", **by)
    assert proven() == []
