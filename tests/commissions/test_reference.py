"""The engine and the obvious, slow calculation agree on every line."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.commissions.drawn import carried_by, engine_lines, network, orders_in, places, plan, result_of
from tests.commissions.reference import Reference, lines_of

EXAMPLES = int(os.environ.get("VPS_EXAMPLES", "200"))
"""As many networks and plans; thousands after a change to the engine."""


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True))
def test_the_engine_finds_the_lines_that_anybody_would_find_slowly(dice):
    document, partners = plan(dice), network(dice)
    orders = orders_in(dice, partners)
    assert engine_lines(document, partners, orders) == lines_of(document, partners, orders)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True))
def test_the_same_along_placement_trees_with_what_they_carry_over(dice):
    document, partners = plan(dice, kinds=("binary", "binary", "matrix", "unilevel")), network(dice)
    orders = orders_in(dice, partners)
    if dice.random() < 0.5:
        partners = places(dice, partners)
    carried = carried_by(dice, document, partners) if dice.random() < 0.5 else {}
    slowly = Reference(document, partners, orders, carried)
    result = result_of(document, partners, orders, carried)
    assert list(result.lines) == slowly.lines()
    assert {code: dict(legs) for code, legs in result.carried.items() if legs} == slowly.left
