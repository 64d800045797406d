"""The engine and the obvious, slow calculation agree on every line."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.commissions.drawn import engine_lines, network, orders_in, plan
from tests.commissions.reference import lines_of

EXAMPLES = int(os.environ.get("VPS_EXAMPLES", "200"))
"""As many networks and plans; thousands after a change to the engine."""


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True))
def test_the_engine_finds_the_lines_that_anybody_would_find_slowly(dice):
    document, partners = plan(dice), network(dice)
    orders = orders_in(dice, partners)
    assert engine_lines(document, partners, orders) == lines_of(document, partners, orders)
