"""Pay Now from any wallet or from two: what was shown is what is taken, the price is reached exactly, and no cent is lost or made."""

import itertools
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import CODES, NOON, balance, eur, give, red_order, sheet_of
from tests.forger import lie, unguard
from vps.company.actions import change_settings, set_rate
from vps.company.models.rates import NoRate
from vps.kernel.authorisation import HOUSE, Actor, ByRule
from vps.kernel.database import database, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import NotEnoughCredit, hold, set_up, voucher
from vps.ledger.models import balance as stands
from vps.ledger.models.audit import audit as ledger_audit
from vps.orders.actions import pay_now, subject_of
from vps.orders.models import Colour, Order, OrderPayment, parts_of
from vps.orders.models.audit import audit
from vps.orders.models.parts import _fits
from vps.security.actions import ask, confirm, snapshot
from vps.trust.actions.limits import TooMuchAtOnce
from vps.trust.models import Level, LevelSet, Rule, body_of
from vps.wallets.actions import NotThisKind, OneWalletOnly, PartsChanged, WalletFrozen, credit, fund, fundings, open_wallet, spend_from
from vps.wallets.models import WalletKind, purse, purses

RULE = ByRule(HOUSE)
_N = itertools.count()


def fill(person, amount, kind="main"):
    """Put money into a wallet that is opened for it."""
    open_wallet(person.id, amount.currency, at=NOON, kind=kind)
    paper = voucher("opening", f"{kind} {amount} {next(_N)}", day=NOON.date())
    facts = {"source": "opening", "motive": "opening", "key": f"fill:{paper}", "at": NOON, "day": NOON.date()}
    credit(person.id, amount, voucher=paper, authorisation=RULE, kind=kind, **facts)
    return purse(person.id, amount.currency, kind).wallet


def dinars(cast, minor=100_000_00, rate="117.25", of=None):
    """Anna's wallet in dinars, or somebody else's, at a rate for one euro."""
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", rate, valid_from=NOON.date(), actor=HOUSE, at=NOON)
    return fill(of or cast.anna, Money(minor, "RSD"))


def bonus(cast, minor, **may):
    rights = {"pays": True, "paid_out": False, "sends": False, "receives": True, "commission": True, **may}
    WalletKind.create(code="bonus", names='{"de": "Bonus"}', floor=0, position=1, **rights)
    return fill(cast.anna, eur(minor), "bonus")


def funding(cast, order, *wallets, at=NOON):
    return fund(purses(cast.anna.id), order.price, wallets, at=at)


def pay(cast, order, *wallets):
    chosen = funding(cast, order, *wallets)
    shown = snapshot(
        "order payment", subject_of(order.number, chosen), amount=order.price, payee="x", ask=ask(cast.anna.id, at=NOON), at=NOON
    )
    return pay_now(order.id, authorisation=confirm(shown, code=CODES[shown.n - 1], actor=Actor(cast.anna.id), at=NOON), at=NOON)


@pytest.fixture
def seller(cast):
    sheet_of(cast.anna)
    return SimpleNamespace(cast=cast, main=purse(cast.anna.id, "EUR").wallet, order=red_order(cast))


def test_the_main_wallet_is_the_plain_case_and_leaves_no_further_row(seller):
    assert subject_of(seller.order.number, funding(seller.cast, seller.order, seller.main)) == seller.order.number

    pay(seller.cast, seller.order, seller.main)

    assert one("SELECT count(*) FROM payment_part")[0] == 0
    assert balance(seller.cast.anna) == eur(200_10)


def test_another_wallet_of_the_same_currency_pays_at_once(seller):
    wallet = bonus(seller.cast, 60_00)

    payment = pay(seller.cast, seller.order, wallet)

    assert Order.get_by_id(seller.order.id).colour(NOON) is Colour.GREEN
    assert (balance(seller.cast.anna), purse(seller.cast.anna.id, "EUR", "bonus").available) == (eur(250_00), eur(10_10))
    assert one("SELECT subject FROM intent")[0] == f"{seller.order.number} w{wallet}:4990"
    assert parts_of(payment) == [("bonus", "", eur(49_90), "")]
    assert list(audit()) == []


def test_another_currency_gives_the_least_that_reaches_the_price(seller):
    pay(seller.cast, seller.order, dinars(seller.cast))

    # 49.90 at 117.25 is 5,850.775 dinars: rounded up, for the price must be reached.
    assert purse(seller.cast.anna.id, "RSD").available == Money(100_000_00 - 5_850_78, "RSD")
    accounts = dict(rows("SELECT code, id FROM account"))
    assert (stands(accounts["exchange:RSD"]), stands(accounts["exchange:EUR"]), stands(accounts["purchases:EUR"])) == (585078, -4990, 4990)
    keys = [key for (key,) in rows("SELECT key FROM booking WHERE motive = 'purchase' ORDER BY id")]
    assert keys == [f"order:{seller.order.number}:payment:1:from", f"order:{seller.order.number}:payment:1"]
    assert list(audit()) == list(ledger_audit("Europe/Berlin")) == []


def test_two_wallets_pay_together_and_the_first_gives_all_it_has(seller):
    order, other = red_order(seller.cast, quantity=6), dinars(seller.cast)

    payment = pay(seller.cast, order, seller.main, other)

    assert balance(seller.cast.anna) == eur(0)
    paid = OrderPayment.get_by_id(payment)
    assert (paid.amount, one("SELECT amount FROM booking WHERE id = ?", paid.booking)[0]) == (299_40, 250_00)
    assert [(part.paid, part.rate) for part in parts_of(payment)] == [(eur(250_00), ""), (Money(5_792_15, "RSD"), "117.25")]
    assert list(audit()) == []


def test_two_are_offered_only_where_no_single_one_suffices(seller):
    bonus(seller.cast, 20_00)
    mine = lambda: purses(seller.cast.anna.id)  # noqa: E731
    assert [each.chosen for each in fundings(mine(), eur(49_90), at=NOON)] == [str(seller.main)]

    other = dinars(seller.cast)
    assert [each.chosen for each in fundings(mine(), eur(49_90), at=NOON)] == [str(seller.main), str(other)]
    assert [each.chosen for each in fundings(mine(), eur(1_000_00), at=NOON)] == [f"{seller.main} {other}"]
    change_settings({"split_payments": 0}, actor=HOUSE, at=NOON)
    assert fundings(mine(), eur(1_000_00), at=NOON) == []
    with pytest.raises(OneWalletOnly):
        fund(mine(), eur(49_90), [seller.main, other], at=NOON)


def test_what_may_not_pay_or_has_too_little_does_not(seller):
    wallet = bonus(seller.cast, 20_00, pays=False)
    with pytest.raises(NotThisKind):
        funding(seller.cast, seller.order, wallet)
    run("UPDATE wallet_kind SET pays = ? WHERE code = 'bonus'", True)
    with pytest.raises(NotEnoughCredit) as refused:
        funding(seller.cast, seller.order, wallet)
    assert refused.value.facts == {"available": eur(20_00), "missing": eur(29_90)}
    run("UPDATE wallet SET frozen_at = 1 WHERE id = ?", wallet)
    with pytest.raises(WalletFrozen):
        funding(seller.cast, seller.order, wallet)
    hold(purse(seller.cast.anna.id, "EUR").account, eur(250_00), reason="cheque", key="h", at=NOON)
    with pytest.raises(NotEnoughCredit):
        funding(seller.cast, seller.order, seller.main, dinars(seller.cast))
    assert fundings(purses(seller.cast.anna.id), seller.order.price, at=NOON)[0].parts[0].paid.currency == "RSD"


def test_a_wallet_that_is_not_his_or_has_no_rate_gives_nothing(seller):
    with pytest.raises(NotFound):
        funding(seller.cast, seller.order, purse(seller.cast.boris.id, "EUR").wallet)
    set_up(currency="RSD", at=NOON)
    other = fill(seller.cast.anna, Money(100_000_00, "RSD"))
    for chosen in ((other,), (other, seller.main)):
        with pytest.raises(NoRate):
            funding(seller.cast, seller.order, *chosen)
    assert [each.chosen for each in fundings(purses(seller.cast.anna.id), seller.order.price, at=NOON)] == [str(seller.main)]


def test_what_was_held_as_too_much_is_free_once_less_is_there(seller):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    LevelSet.create(body=body_of((Level(0, (), (), 0, 260_00, (), (), None, ()),)), since=NOON)
    wallet = bonus(seller.cast, 60_00)
    assert purse(seller.cast.anna.id, "EUR").reserved == 50_00

    pay(seller.cast, seller.order, wallet)

    assert purse(seller.cast.anna.id, "EUR").reserved == 10


def test_what_was_confirmed_is_taken_or_nothing(seller):
    other = dinars(seller.cast)
    subject = subject_of(seller.order.number, funding(seller.cast, seller.order, other))
    set_rate("EUR", "RSD", "118", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    shown = snapshot("order payment", subject, amount=seller.order.price, payee="x", ask=ask(seller.cast.anna.id, at=NOON), at=NOON)
    confirmed = confirm(shown, code=CODES[shown.n - 1], actor=Actor(seller.cast.anna.id), at=NOON)

    with pytest.raises(PartsChanged):
        pay_now(seller.order.id, authorisation=confirmed, at=NOON)
    assert Order.get_by_id(seller.order.id).colour(NOON) is Colour.RED
    assert purse(seller.cast.anna.id, "RSD").available == Money(100_000_00, "RSD")


def test_a_limit_counts_the_whole_price_once(seller):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    LevelSet.create(body=body_of((Level(0, (), (), 0, None, (Rule("purchase", "each", 299_39),), (), None, ()),)), since=NOON)
    order, other = red_order(seller.cast, quantity=6), dinars(seller.cast)

    with pytest.raises(TooMuchAtOnce):
        pay(seller.cast, order, seller.main, other)
    assert balance(seller.cast.anna) == eur(250_00)


def test_every_lie_about_parts_is_named(seller):
    order, other = red_order(seller.cast, quantity=6), dinars(seller.cast)
    payment = pay(seller.cast, order, seller.main, other)
    unguard()
    arrival = one("SELECT arrival FROM payment_part WHERE n = 2")[0]
    says = f"Order {order.number} was paid from several wallets or in another currency, but its bookings do not say so."
    lies = (
        "UPDATE payment_part SET amount = amount + 1 WHERE n = 1",
        "UPDATE payment_part SET paid = paid - 100 WHERE n = 2",
        "UPDATE payment_part SET rate = '117' WHERE n = 2",
        "UPDATE payment_part SET n = 3 WHERE n = 2",
        f"UPDATE booking SET amount = amount - 1 WHERE id = {arrival}",
        f"UPDATE booking SET key = 'x' WHERE id = {arrival}",
        f"UPDATE intent SET subject = '{order.number} w{seller.main}:1+w{other}:579215'",
        f"UPDATE order_payment SET booking = {arrival}",
    )
    assert {edit: lie(audit, edit) for edit in lies} == {edit: [says] for edit in lies}
    gone = lie(audit, f"DELETE FROM payment_part WHERE payment_id = {payment}")
    assert f"Booking {arrival} is a purchase that no payment of an order belongs to." in gone


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 40_000_000_000), st.integers(1, 300_00), st.integers(0, 50_00), st.integers(1, 50_000_00), st.booleans())
def test_paying_by_parts_reaches_the_price_and_neither_makes_nor_loses_a_cent(house, nano, price, euros, rsd, first):
    # Each example finds the same books: what it books is rolled back.
    set_up(currency="RSD", at=NOON)
    open_wallet(house.anna.id, "RSD", at=NOON)
    with database.atomic() as transaction:
        set_rate("EUR", "RSD", f"{nano // 10**9}.{nano % 10**9:09}", valid_from=NOON.date(), actor=HOUSE, at=NOON)
        give(house.anna, euros + 1)
        fill(house.anna, Money(rsd, "RSD"))
        _pay_by_parts(house.anna.id, nano, price, first)
        transaction.rollback()


def _pay_by_parts(person, nano, price, first):
    before = _sums()
    chosen = [each.wallet for each in purses(person)][:: 1 if first else -1]
    try:
        found = fund(purses(person), eur(price), chosen, at=NOON)
    except NotEnoughCredit:
        return
    assert sum(part.amount.minor for part in found.parts) == price
    assert all(part.left.minor >= 0 for part in found.parts)
    for part in found.parts:
        if part.rate:
            exact = part.amount.minor * Fraction(nano, 10**9)
            assert exact <= part.paid.minor < exact + 1
    if found.written:
        paper = voucher("order payment", "any", day=NOON.date())
        spend_from(person, eur(price), expected=found.written, voucher=paper, key="any", at=NOON, authorisation=RULE)
        moved = {code: minor - before[code] for code, minor in _sums().items()}
        assert moved["purchases:EUR"] == price
        assert [sum(minor for code, minor in moved.items() if currency in code) for currency in ("EUR", "RSD")] == [0, 0]


def _sums():
    return {code: stands(key) for code, key in rows("SELECT code, id FROM account")}


def test_the_rate_of_a_part_is_exact_to_its_last_decimal():
    assert _fits(4990, "EUR", 585_078, "RSD", "117.25")
    assert not _fits(4990, "EUR", 585_077, "RSD", "117.25")
    assert _fits(585_078, "RSD", 4991, "EUR", "0.008528785")
    assert _fits(4990, "EUR", 7984, "JPY", "160") and not _fits(4990, "EUR", 7983, "JPY", "160")
