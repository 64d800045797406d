"""A refusal that is told later says what it said."""

import json
from datetime import date

from tests.cast import NOON, eur
from vps.company.models.rates import NoRate
from vps.post.refusals import kept, retold
from vps.trust.actions.limits import DayReached, OftenEnough


def test_a_refusal_comes_back_from_a_message_as_it_was():
    for refusal in (
        DayReached(limit=eur(10_00), left=eur(0), frees=NOON),
        OftenEnough(times=3, frees=NOON),
        NoRate(base="RSD", quote="EUR", day=date(2026, 11, 20)),
    ):
        assert retold(json.loads(json.dumps(kept(refusal)))) == (refusal.says, refusal.facts)
