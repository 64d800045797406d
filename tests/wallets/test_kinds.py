"""Kinds of wallets and rules for transfers are the company's own, with their history; a wallet is frozen, let go, closed at zero."""

import pytest

from tests.bank.payouts import by_rule, usable
from tests.cast import NOON, balance, eur, give
from tests.wallets.sending import bonus_kind, send, wallet
from vps.bank.actions.payout_rules import pays_out
from vps.bank.actions.payouts import must_be_able
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows, run
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NoSuchCurrency, hold
from vps.wallets.actions import (
    CodeTaken,
    FeeEatsIt,
    FeeOverAll,
    KindEnded,
    KindFacts,
    LeastOverMost,
    MainStays,
    NoKindName,
    NoReason,
    NothingBetween,
    NotThisKind,
    StillHeldInIt,
    StillInIt,
    StillOwed,
    StillUsed,
    WalletFrozen,
    WalletThere,
    WrongCode,
    change_kind,
    close_wallet,
    end_kind,
    freeze_wallet,
    let_wallet_go,
    make_kind,
    open_another,
    open_wallet,
    set_transfer_rule,
)
from vps.wallets.models import DebtPlan, Rule, TransferRule, WalletKind, purse, purses
from vps.wallets.models.audit import audit

BY = {"actor": HOUSE, "at": NOON}


def lines(verb):
    return rows("SELECT before, after FROM event WHERE verb = ? ORDER BY id", verb)


def test_a_kind_is_made_changed_and_ended_and_the_trail_has_all_of_it(cast):
    bonus_kind(paid_out=False, floor=-5_00)
    opened = open_another(cast.anna.id, "bonus", "EUR", **BY)
    change_kind("bonus", KindFacts({"en": "Bonus"}, sends=False), **BY)
    change_kind("bonus", KindFacts({"en": "Bonus", "hr": " "}, sends=False), **BY)
    end_kind("bonus", **BY)
    end_kind("bonus", **BY)

    was = "Prämien, Bonus (pays sends receives commission; -500; 0)"
    assert lines("wallet kind made") == [("", was)]
    assert lines("wallet kind changed") == [(was, "Bonus (pays paid out receives commission; 0; 0)")]
    assert len(lines("wallet kind ended")) == 1
    assert purse(cast.anna.id, "EUR", "bonus").available == eur(5_00), "what was opened keeps its floor, and stays"
    with pytest.raises(KindEnded):
        open_another(cast.boris.id, "bonus", "EUR", **BY)
    assert opened


def test_a_kind_makes_sense(cast):
    for code in ("", "B", "b", "a b", "бонус", "a" * 21, "1st"):
        with pytest.raises(WrongCode):
            make_kind(code, KindFacts({"en": "x"}), **BY)
    for code in ("main", "hold"):
        with pytest.raises(CodeTaken):
            make_kind(code, KindFacts({"en": "x"}), **BY)
    with pytest.raises(NoKindName):
        make_kind("bonus", KindFacts({"en": " "}), **BY)
    bonus_kind()
    with pytest.raises(NoKindName):
        change_kind("bonus", KindFacts({}), **BY)
    for act in (lambda: change_kind("nix", KindFacts({}), **BY), lambda: end_kind("nix", **BY)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(KindEnded):
        open_wallet(cast.anna.id, "EUR", kind="nix", at=NOON)


def test_the_main_kind_is_changed_but_never_ended(cast):
    change_kind("main", KindFacts({}, paid_out=False), **BY)
    with pytest.raises(MainStays):
        end_kind("main", **BY)
    assert WalletKind.get(code="main").paid_out is False
    with pytest.raises(NotThisKind):
        must_be_able(purse(cast.anna.id, "EUR"), purses(cast.anna.id))


def test_the_newest_rule_is_in_force_and_the_older_ones_are_its_history(cast):
    first, second = Rule(1_00, None, 1, 0, 0, True), Rule(1_00, 500_00, 50, 25, 100, False)
    for rule in (first, second):
        assert set_transfer_rule("main", "partner", "EUR", rule, **BY)
    assert not set_transfer_rule("main", "partner", "EUR", second, **BY), "it says nothing new"

    assert [row.least for row in TransferRule.select()] == [1_00, 1_00]
    assert lines("transfer rule set")[1] == (
        "1.00 EUR … –, × 0.01 EUR, 0.00 EUR + 0.00 % on top",
        "1.00 EUR … 500.00 EUR, × 0.50 EUR, 0.25 EUR + 1.00 % out of it",
    )
    send(cast, 100_00)
    assert balance(cast.boris) == eur(98_75)


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [(Rule(2, 1, 1, 0, 0, True), LeastOverMost), (Rule(6, 9, 10, 0, 0, True), NothingBetween), (Rule(50, None, 1, 50, 0, True), FeeEatsIt),
     (Rule(100, None, 1, 1, 9_900, True), FeeEatsIt), (Rule(100, None, 1, 0, 10_001, True), FeeOverAll)],
)  # fmt: skip
def test_a_rule_that_nobody_could_keep_to_is_refused(cast, rule, refusal):
    with pytest.raises(refusal):
        set_transfer_rule("main", "own", "EUR", rule, **BY)
    assert TransferRule.select().count() == 0


def test_a_rule_is_for_a_kind_that_there_is(cast):
    for kind, whose in (("nix", "own"), ("main", "office")):
        with pytest.raises(NotFound):
            set_transfer_rule(kind, whose, "EUR", Rule(1, None, 1, 0, 0, True), **BY)


def test_a_frozen_wallet_only_receives_until_it_is_let_go(cast):
    mine = wallet(cast.anna)
    with pytest.raises(NoReason):
        freeze_wallet(cast.anna.id, mine, reason=" ", **BY)
    with pytest.raises(NotFound):
        freeze_wallet(cast.boris.id, mine, reason="x", **BY)
    for _ in range(2):
        freeze_wallet(cast.anna.id, mine, reason="asked the court", actor=Actor(cast.dragan.id), at=NOON)

    give(cast.anna, 1_00)
    assert balance(cast.anna) == eur(251_00)
    with pytest.raises(WalletFrozen):
        send(cast, 1)
    with pytest.raises(WalletFrozen):
        must_be_able(purse(cast.anna.id, "EUR"), purses(cast.anna.id))
    assert lines("one wallet frozen") == [("main EUR", "asked the court")]
    assert one("SELECT frozen_by, frozen_why FROM wallet WHERE id = ?", mine) == (cast.dragan.id, "asked the court")
    for _ in range(2):
        let_wallet_go(cast.anna.id, mine, **BY)
    send(cast, 1)
    assert len(lines("one wallet let go")) == 1


def test_another_wallet_is_opened_in_a_currency_the_company_keeps(cast):
    with pytest.raises(NoSuchCurrency):
        open_another(cast.anna.id, "main", "RSD", **BY)
    change_settings({"currencies": "RSD"}, **BY)
    open_another(cast.anna.id, "main", "RSD", **BY)
    with pytest.raises(WalletThere):
        open_another(cast.anna.id, "main", "RSD", **BY)
    assert lines("wallet opened") == [("", "main RSD")]


def test_a_wallet_is_closed_at_zero_and_opened_anew(cast):
    bonus_kind(floor=-5_00)
    mine = open_another(cast.anna.id, "bonus", "EUR", **BY)
    found = purse(cast.anna.id, "EUR", "bonus")
    with pytest.raises(MainStays):
        close_wallet(cast.anna.id, wallet(cast.anna), **BY)
    send(cast, 1_00, recipient=cast.anna, to=mine)
    with pytest.raises(StillInIt):
        close_wallet(cast.anna.id, mine, **BY)
    held = hold(found.account, eur(1_00), reason="test", key="h", at=NOON)
    with pytest.raises(StillHeldInIt):
        close_wallet(cast.anna.id, mine, **BY)
    run("UPDATE account SET reserved = 0, balance = -100 WHERE id = ?", found.account)
    with pytest.raises(StillOwed):
        close_wallet(cast.anna.id, mine, **BY)
    run("UPDATE account SET balance = 0 WHERE id = ?", found.account)
    close_wallet(cast.anna.id, mine, **BY)

    with pytest.raises(NotFound):
        close_wallet(cast.anna.id, mine, **BY)
    again = open_another(cast.anna.id, "bonus", "EUR", **BY)
    assert again != mine and held
    assert purse(cast.anna.id, "EUR", "bonus").account != found.account
    assert list(audit()) == []


def test_a_wallet_that_something_still_needs_is_not_closed(cast):
    usable(cast, cast.anna)
    by_rule(cast.anna)
    assert [pays_out(purse(person.id, "EUR")) for person in (cast.anna, cast.boris)] == [True, False]
    bonus_kind()
    mine = open_another(cast.boris.id, "bonus", "EUR", **BY)
    DebtPlan.create(
        person=cast.boris, account=purse(cast.boris.id, "EUR", "bonus").account, amount=1, currency="EUR", instalment=1, day=1,
        agreed_at=NOON, booking=1, next_due=NOON.date(),
    )  # fmt: skip
    with pytest.raises(StillUsed):
        close_wallet(cast.boris.id, mine, **BY)
