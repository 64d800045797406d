"""How refunds are shared out: to the cent, never more than was paid, and in the end exactly all of it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vps.orders.models.refunds import goods_of, written_goods
from vps.orders.models.shares import Share, Stake, by_rate, shared

STAKES = st.lists(st.builds(Stake, st.integers(1, 10**7), st.integers(1, 10**9)), min_size=1, max_size=4)


@given(STAKES, st.data())
def test_any_sequence_of_part_refunds_gives_every_wallet_exactly_what_it_paid(stakes, data):
    price = sum(stake.amount for stake in stakes)
    stops = sorted({0, price, *data.draw(st.lists(st.integers(0, price), max_size=6))})

    given_back = [shared(stakes, before, after) for before, after in pairwise(stops)]

    for step, before, after in zip(given_back, stops, stops[1:], strict=False):
        assert sum(share.amount for share in step) == after - before
        assert all(share.amount >= 0 and share.back >= 0 for share in step)
    assert [tuple(map(sum, zip(*shares, strict=True))) for shares in zip(*given_back, strict=True)] == list(map(tuple, stakes))


def test_what_is_too_little_for_a_wallets_currency_waits_for_the_next_refund():
    stakes = [Stake(100_00, 85)]

    assert [shared(stakes, cent, cent + 1) for cent in (0, 117)] == [[Share(1, 0)], [Share(1, 1)]]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 100)), min_size=1, max_size=4), st.data())
def test_the_refunds_of_an_order_take_exactly_its_gross_amount_at_every_tax_rate(rates, data):
    grosses, left, refunds = [gross for gross, _ in rates], sum(gross for gross, _ in rates), []
    while left:
        amount = data.draw(st.integers(1, left)) if len(refunds) < 5 else left
        first = data.draw(st.integers(0, amount))
        refunds.append((amount, [first] + [0] * (len(grosses) - 1)))
        left -= amount

    taken = by_rate(grosses, refunds)

    assert [sum(parts) for parts in taken] == [amount for amount, _ in refunds]
    assert [sum(parts) for parts in zip(*taken, strict=True)] == grosses
    assert all(part >= 0 for parts in taken for part in parts)


def test_goods_given_back_count_at_their_own_rate_first():
    assert by_rate([49_90, 12_50], [(12_50, [0, 12_50]), (10_00, [0, 0])]) == [[0, 12_50], [10_00, 0]]


def test_goods_are_kept_as_numbers_of_lines_and_quantities():
    assert written_goods({3: 1, 1: 2, 2: 0}) == "1:2 3:1"
    assert goods_of("1:2 3:1") == {1: 2, 3: 1}
    assert goods_of("") == {}
