"""Where money came from and went to: a small example by hand for both methods, and rules that hold for any bookings."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps.wallets.tracing import BEFORE, DEBT, FIFO, LEFT, METHODS, SHARE, Flow, Move, Walk, story, trace

ANNA, BORIS, OUTSIDE = 1, 2, 9
BANK, RUN, SHOP, PAID_OUT = ("bank", "DE89"), ("commission", ""), ("purchases", ""), ("pay-out", "HR12")
EXAMPLE = [
    Move(1, OUTSIDE, ANNA, 100_00, None, BANK),
    Move(2, OUTSIDE, ANNA, 50_00, None, RUN),
    Move(3, ANNA, OUTSIDE, 120_00, None, SHOP),
    Move(4, ANNA, BORIS, 20_00, None, ("", "")),
    Move(5, BORIS, OUTSIDE, 20_00, None, PAID_OUT),
]
"""100 by the bank, then 50 of commission; 120 for goods, 20 to Boris, who has them paid out; 10 are left."""


def plain(flows):
    return {(flow.source, flow.sink, flow.place): minor for flow, minor in flows.items()}


def test_first_in_first_out_pays_with_the_oldest_money():
    assert plain(trace(FIFO, EXAMPLE, {ANNA: 0, BORIS: 0}, own=[ANNA])) == {
        (BANK, SHOP, ANNA): 100_00,
        (RUN, SHOP, ANNA): 20_00,
        (RUN, PAID_OUT, BORIS): 20_00,
        (RUN, LEFT, ANNA): 10_00,
    }


def test_in_proportion_every_payment_takes_the_same_share_of_each_and_the_largest_remainder_the_last_cent():
    """Two thirds and one third: of 120 that is 80 and 40, of 20 it is 13.33 and 6.67."""
    assert plain(trace(SHARE, EXAMPLE, {ANNA: 0, BORIS: 0}, own=[ANNA])) == {
        (BANK, SHOP, ANNA): 80_00,
        (RUN, SHOP, ANNA): 40_00,
        (BANK, PAID_OUT, BORIS): 13_33,
        (RUN, PAID_OUT, BORIS): 6_67,
        (BANK, LEFT, ANNA): 6_67,
        (RUN, LEFT, ANNA): 3_33,
    }


def test_money_of_another_wallet_counts_only_as_far_as_it_passed_the_one_that_is_asked_about():
    moves = [
        Move(1, OUTSIDE, BORIS, 70_00, None, BANK),
        Move(2, BORIS, ANNA, 30_00, None, ("", "")),
        Move(3, ANNA, OUTSIDE, 30_00, None, SHOP),
        Move(4, BORIS, OUTSIDE, 40_00, None, PAID_OUT),
    ]
    assert trace(FIFO, moves, {ANNA: 0, BORIS: 0}, own=[ANNA]) == {Flow(BANK, ANNA, SHOP, ANNA): 30_00}


@pytest.mark.parametrize("method", METHODS)
def test_what_stood_there_before_is_a_source_and_a_debt_is_both(method):
    moves = [
        Move(1, ANNA, OUTSIDE, 15_00, None, SHOP),
        Move(2, OUTSIDE, ANNA, 7_00, None, BANK),
    ]
    assert plain(trace(method, moves, {ANNA: 10_00}, own=[ANNA])) == {
        ((BEFORE, "1"), SHOP, ANNA): 10_00,
        (DEBT, SHOP, ANNA): 5_00,
        (BANK, DEBT, ANNA): 5_00,
        (BANK, LEFT, ANNA): 2_00,
    }


@pytest.mark.parametrize("method", METHODS)
def test_a_reversal_takes_back_the_same_money(method):
    start = EXAMPLE[:2]
    paid = [*start, EXAMPLE[2], Move(6, OUTSIDE, ANNA, 120_00, 3, SHOP)]
    sent = [*start, Move(4, ANNA, BORIS, 130_00, None, ("", "")), Move(6, BORIS, ANNA, 130_00, 4, ("", ""))]
    came = [*start, Move(4, OUTSIDE, ANNA, 5_00, None, ("bank", "RS35")), Move(6, ANNA, OUTSIDE, 5_00, 4, ("bank", "RS35"))]
    expected = trace(method, start, {ANNA: 0, BORIS: 0}, own=[ANNA])

    assert trace(method, paid, {ANNA: 0, BORIS: 0}, own=[ANNA]) == expected
    assert trace(method, sent, {ANNA: 0, BORIS: 0}, own=[ANNA]) == expected
    assert trace(method, came, {ANNA: 0, BORIS: 0}, own=[ANNA]) == expected | {Flow(("bank", "RS35"), ANNA, ("bank", "RS35"), ANNA): 5_00}


def test_what_came_back_is_as_old_as_it_was():
    back = [*EXAMPLE[:3], Move(6, OUTSIDE, ANNA, 120_00, 3, SHOP), Move(7, ANNA, OUTSIDE, 100_00, None, PAID_OUT)]
    assert plain(trace(FIFO, back, {ANNA: 0}, own=[ANNA]))[BANK, PAID_OUT, ANNA] == 100_00


@pytest.mark.parametrize(("method", "shop", "out"), [(FIFO, 20_00, 20_00), (SHARE, 40_00, 6_67)])
def test_one_booking_says_where_it_went_and_what_it_was_made_of(method, shop, out):
    def told(booking):
        return story(method, lambda: EXAMPLE, {ANNA: 0, BORIS: 0}, own=[ANNA], undone=(), booking=booking)

    assert told(2).came == {}
    assert told(2).went == {(SHOP, ANNA): shop, (PAID_OUT, BORIS): out, (LEFT, ANNA): 50_00 - shop - out}
    assert told(3).came == {BANK: 120_00 - shop, RUN: shop}
    assert told(5).came.get(RUN) == out and sum(told(5).came.values()) == 20_00
    assert not told(5).went


ACCOUNTS = (1, 2, 3)


@st.composite
def books(draw):
    """Bookings between three wallets and the world outside, some of them reversed, overdrafts included."""
    moves, open_ = [], []
    for key in range(1, draw(st.integers(1, 40)) + 1):
        if open_ and draw(st.integers(0, 4)) == 0:
            old = open_.pop(draw(st.integers(0, len(open_) - 1)))
            moves.append(Move(key, old.credit, old.debit, old.amount, old.id, old.outside))
            continue
        debit, credit = draw(st.sampled_from([(9, 1), (9, 1), (1, 9), (1, 2), (2, 1), (9, 2), (2, 3), (3, 9), (3, 1)]))
        label = (draw(st.sampled_from("abc")), "in" if debit == 9 else "out")
        moves.append(Move(key, debit, credit, draw(st.integers(1, 1_000)), None, label))
        open_.append(moves[-1])
    return moves, {account: draw(st.integers(-50, 300)) for account in ACCOUNTS}


@settings(max_examples=60, deadline=None)
@given(books(), st.sampled_from(sorted(METHODS)))
def test_every_cent_of_every_booking_has_one_origin_and_one_end(given_, method):
    moves, opening = given_
    undone = {move.reverses for move in moves if move.reverses}
    walk = Walk(method, opening, own=ACCOUNTS, undone=undone)
    walk.follow(moves)
    stands, came, went = Counter(opening), Counter(), Counter()
    for move in moves:
        stands[move.debit] -= move.amount
        stands[move.credit] += move.amount
        if 9 in (move.debit, move.credit):
            if move.reverses and move.debit == 9:
                went[move.outside, move.credit] -= move.amount  # a payment that came back is none
            elif move.debit == 9:
                came[move.outside] += move.amount
            else:
                went[move.outside, move.debit] += move.amount
    assert {account: walk.balance(account) for account in ACCOUNTS} == {account: stands[account] for account in ACCOUNTS}

    flows = walk.finish()
    sources, ends = Counter(), Counter()
    for flow, minor in flows.items():
        assert minor > 0 and flow.entry in ACCOUNTS
        sources[flow.source] += minor
        ends[flow.sink, flow.place] += minor
    assert {label: minor for label, minor in sources.items() if label[0] not in (BEFORE, "debt")} == +came
    assert {end: minor for end, minor in ends.items() if end[0] not in (LEFT, DEBT)} == +went


@settings(max_examples=40, deadline=None)
@given(books())
def test_forwards_and_backwards_agree(given_):
    """What a booking brought to a later one is what that one says it had of it; and both add up to the bookings."""
    moves, opening = given_
    moves = [move._replace(outside=(str(move.reverses or move.id), "")) for move in moves]
    undone, made_of = {move.reverses for move in moves if move.reverses}, {}
    Walk(FIFO, opening, own=ACCOUNTS, undone=undone, told=lambda key, lots: made_of.update({key: lots})).follow(moves)
    for move in moves:
        assert move.debit == 9 or sum(amount for _, amount in made_of[move.id]) == move.amount
    for first in (move for move in moves if move.debit == 9 and not move.reverses):
        forwards = story(FIFO, lambda: moves, opening, own=ACCOUNTS, undone=undone, booking=first.id).went
        assert sum(forwards.values()) == first.amount
        for last in (move for move in moves if move.credit == 9 and move.id not in undone and not move.reverses):
            said = sum(amount for tag, amount in made_of[last.id] if tag.booking == first.id)
            assert said == forwards.get((last.outside, last.debit), 0)
