"""Transfers between wallets: planned and booked by one core, once for each key, between own wallets and partners, in two currencies."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur, give
from vps.company.actions import change_settings, set_rate
from vps.company.models.rates import NoRate
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import rows, run
from vps.kernel.money import Money
from vps.ledger.actions import NotEnoughCredit, set_up
from vps.ledger.models import balance as stands
from vps.security.actions import freeze
from vps.trust.actions.limits import DayReached, FirstPayee
from vps.trust.models import Level, LevelSet, Rule, body_of
from vps.wallets.actions import (
    Changed,
    FeeTooHigh,
    LessThanLeast,
    MoreThanMost,
    NoRecipient,
    NotAMultiple,
    NothingArrives,
    NotThisKind,
    SameWallet,
    TooMuchForThem,
    WalletFrozen,
    make_transfer,
    open_wallet,
    plan_between,
)
from vps.wallets.models import Rule as Costs
from vps.wallets.models import Transfer, TransferRule, WalletKind, purse

DAY = timedelta(hours=24)


def wallet(person, currency="EUR", kind="main"):
    found = purse(person.id, currency, kind)
    assert found
    return found.wallet


def send(cast, minor, *, key="t", at=NOON, sender=None, recipient=None, origin=None, to=None, expected=None):
    sender, recipient = sender or cast.anna, recipient or cast.boris
    origin = origin or wallet(sender)
    return make_transfer(
        key, sender=sender.id, from_wallet=origin, recipient=recipient.id, to_wallet=to, amount=eur(minor), expected=expected,
        actor=Actor(sender.id), at=at,
    )  # fmt: skip


def rule(**facts):
    wanted = {"least": 1, "most": None, "multiple": 1, "fee": 0, "fee_bp": 0, "on_top": True, **facts}
    TransferRule.create(kind="main", whose=wanted.pop("whose", "partner"), currency="EUR", since=NOON, **wanted)


def in_dinars(cast, rate="117.5"):
    set_up(currency="RSD", at=NOON)
    if rate:
        set_rate("EUR", "RSD", rate, valid_from=NOON.date(), actor=HOUSE, at=NOON)
    open_wallet(cast.anna.id, "RSD", at=NOON)
    return wallet(cast.anna, "RSD")


def test_a_transfer_moves_the_amount_once(cast):
    first = send(cast, 40_00)

    assert send(cast, 40_00) == first
    assert (balance(cast.anna), balance(cast.boris)) == (eur(210_00), eur(40_00))
    made = Transfer.get_by_id(first)
    assert (made.kind, made.sender_id, made.recipient_id, made.amount, made.got, made.fee) == (
        "partner",
        cast.anna.id,
        cast.boris.id,
        4000,
        4000,
        0,
    )


def test_the_fee_is_taken_on_top_or_out_of_the_amount(cast):
    rule(fee=50, fee_bp=100)
    send(cast, 100_00, key="top")
    assert (balance(cast.anna), balance(cast.boris)) == (eur(148_50), eur(100_00))

    rule(fee=50, fee_bp=100, on_top=False)
    send(cast, 100_00, key="out of")
    assert (balance(cast.anna), balance(cast.boris)) == (eur(48_50), eur(198_50))
    assert [made.fee for made in Transfer.select().order_by(Transfer.id)] == [150, 150]


@pytest.mark.parametrize(("minor", "refusal"), [(4_99, LessThanLeast), (100_01, MoreThanMost), (7_50, NotAMultiple), (20_00, FeeTooHigh)])
def test_a_rule_is_kept_to_and_nothing_is_moved(cast, minor, refusal):
    rule(least=5_00, most=100_00, multiple=5_00, fee=20_00 if refusal is FeeTooHigh else 0)

    with pytest.raises(refusal):
        send(cast, minor)
    assert (balance(cast.anna), balance(cast.boris)) == (eur(250_00), eur(0))
    assert Transfer.select().count() == 0


def test_a_percentage_is_rounded_half_up():
    assert [Costs(1, None, 1, 0, 100, True).costs(eur(minor)).minor for minor in (49, 50, 149, 150)] == [0, 1, 1, 2]


def test_amount_and_fee_together_must_be_there(cast):
    rule(fee=1)

    with pytest.raises(NotEnoughCredit) as refused:
        send(cast, 250_00)
    assert refused.value.facts == {"available": eur(250_00), "missing": eur(1)}


def test_who_is_closed_frozen_or_unknown_is_not_found(cast):
    boris = wallet(cast.boris)
    run("UPDATE wallet SET frozen_at = 1 WHERE id = ?", boris)
    with pytest.raises(NoRecipient):
        send(cast, 1, to=boris)
    with pytest.raises(NoRecipient):
        send(cast, 1)
    run("UPDATE wallet SET frozen_at = NULL WHERE id = ?", boris)
    freeze(cast.boris.id, actor=HOUSE, at=NOON)
    with pytest.raises(NoRecipient):
        send(cast, 1)
    with pytest.raises(NoRecipient):
        send(cast, 1, recipient=cast.clara)


def test_a_frozen_wallet_does_not_send(cast):
    run("UPDATE wallet SET frozen_at = 1 WHERE id = ?", wallet(cast.anna))

    with pytest.raises(WalletFrozen):
        send(cast, 1)


def test_between_own_wallets_money_moves_and_no_limit_counts(cast):
    WalletKind.create(
        code="bonus", names="{}", pays=False, paid_out=False, sends=False, receives=True, commission=True, floor=0, position=1
    )
    open_wallet(cast.anna.id, "EUR", at=NOON, kind="bonus")
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    bonus = wallet(cast.anna, kind="bonus")

    send(cast, 40_00, recipient=cast.anna, to=bonus)

    assert purse(cast.anna.id, "EUR", "bonus").available == eur(40_00)
    with pytest.raises(SameWallet):
        send(cast, 1, key="same", recipient=cast.anna, to=wallet(cast.anna))
    with pytest.raises(NotThisKind):
        send(cast, 1, key="back", recipient=cast.anna, origin=bonus, to=wallet(cast.anna))


def test_other_money_is_exchanged_at_the_rate_of_the_day_and_the_voucher_says_so(cast):
    dinars = in_dinars(cast)

    made = Transfer.get_by_id(send(cast, 10_01, recipient=cast.anna, to=dinars))

    assert (made.amount, made.got, made.got_currency, made.rate) == (1001, 1001 * 1175 // 10, "RSD", "117.5")
    assert purse(cast.anna.id, "RSD").available == Money(117_617, "RSD")
    accounts = dict(rows("SELECT code, id FROM account"))
    assert (stands(accounts["exchange:EUR"]), stands(accounts["exchange:RSD"])) == (1001, -117_617)


def test_without_a_rate_or_with_nothing_arriving_nothing_is_exchanged(cast):
    dinars = in_dinars(cast, rate=None)
    with pytest.raises(NoRate):
        send(cast, 10_00, recipient=cast.anna, to=dinars)
    set_rate("EUR", "RSD", "0.001", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    with pytest.raises(NothingArrives):
        send(cast, 10, recipient=cast.anna, to=dinars)
    assert balance(cast.anna) == eur(250_00)


def test_what_was_confirmed_is_what_is_booked(cast):
    dinars = in_dinars(cast)
    planned = plan_between(cast.anna.id, wallet(cast.anna), cast.anna.id, dinars, eur(10_00), at=NOON)
    set_rate("EUR", "RSD", "118", valid_from=NOON.date(), actor=HOUSE, at=NOON)

    with pytest.raises(Changed):
        send(cast, 10_00, recipient=cast.anna, to=dinars, expected=planned.subject)


def test_a_partner_gets_what_he_has_no_wallet_for_in_his_main_one(cast):
    in_dinars(cast)
    give(cast.boris, 100_00)
    send(cast, 100_00, key="stock", recipient=cast.anna, to=wallet(cast.anna, "RSD"))

    make_transfer("t", sender=cast.anna.id, from_wallet=wallet(cast.anna, "RSD"), recipient=cast.boris.id, to_wallet=None,
                  amount=Money(1_175_00, "RSD"), actor=Actor(cast.anna.id), at=NOON)  # fmt: skip

    assert balance(cast.boris) == eur(110_00)


def in_force(**facts):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    level = Level(0, (), (), 0, facts.get("most_balance"), tuple(facts.get("rules", ())), (), facts.get("first_payee"), ())
    LevelSet.create(body=body_of((level,)), since=NOON)


def test_somebody_new_gets_little_in_the_first_24_hours(cast):
    in_force(first_payee=50_00)
    send(cast, 30_00, key="1")

    with pytest.raises(FirstPayee) as refused:
        send(cast, 20_01, key="2", at=NOON + DAY - timedelta(microseconds=1))
    assert refused.value.facts == {"limit": eur(50_00), "left": eur(20_00)}
    send(cast, 100_00, key="3", at=NOON + DAY)


def test_limits_of_sender_and_recipient_are_kept_to(cast):
    in_force(rules=[Rule("transfer", "day", 100_00), Rule("received", "month", 150_00)], most_balance=120_00)
    send(cast, 100_00, key="1")

    with pytest.raises(DayReached):
        send(cast, 1, key="2")
    with pytest.raises(TooMuchForThem):
        send(cast, 20_01, key="3", at=NOON + DAY)
    send(cast, 20_00, key="4", at=NOON + DAY)


def test_transfers_to_and_fro_at_once_lose_nothing(cast):
    give(cast.boris, 250_00)

    def one(n):
        there = n % 2 == 0
        return send(
            cast, 10_00, key=f"at once {n}", sender=cast.anna if there else cast.boris, recipient=cast.boris if there else cast.anna
        )

    answers = at_once(8, one)

    assert all(isinstance(answer, int) for answer in answers), answers
    assert (balance(cast.anna), balance(cast.boris)) == (eur(250_00), eur(250_00))
