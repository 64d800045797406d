"""Where money came from and went to, over the real books: the same figures as the bookings, within the period, and within three steps."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.cast import NOON, give
from tests.home.money import THEIRS, by_hand, dossier_of, moved, pay, send, wallet
from vps.home.discovery import flows as limits
from vps.home.discovery import telling
from vps.home.discovery.flows import Ledger, Traced
from vps.home.discovery.telling import TooManyBookings, told_story
from vps.home.discovery.words import table
from vps.hypermedia.languages import Words
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import reading
from vps.people.actions import Details
from vps.wallets.actions import join_partner
from vps.wallets.tracing import FIFO, SHARE

BANK = f"Bank · Anna Bauer · {THEIRS}"
ENGLISH = Words("en")


def traced(asked):
    with reading():
        return Ledger(asked).traced()


def said(found, method=FIFO):
    return {(came, went): minor for came, _, went, minor in table(found, method, "EUR", ENGLISH)}


def test_every_flow_is_named_and_they_add_up_to_the_bookings(cast):
    moved(cast)
    found = traced(dossier_of(cast, cast.anna))
    boris, account = f"{cast.boris.number} Борис Волков", "DE89370400440532013000"

    assert said(found) == {
        ("Opening balance", "Purchases"): 250_00,
        (BANK, "Purchases"): 20_00,
        (BANK, f"Pay-out · {boris} / Борис Волков · {account}"): 10_00,
        (BANK, f"Still there · {boris}"): 5_00,
        (BANK, "Still there"): 5_00,
        ("Bank · =Anna · <b>Cash</b>", "Taken back · wrong"): 7_00,
    }
    assert sum(said(found, SHARE).values()) == 250_00 + 40_00 + 7_00
    assert said(found, SHARE)["Opening balance", "Purchases"] == 232_76, "250 of 290"
    assert (found.followed, found.stopped) == (1, False)
    assert Traced.of_json(found.as_json()) == found


def test_a_period_begins_with_what_was_there_and_its_days_are_the_companys(cast):
    """Berlin put its clocks back on 25 October 2026: that day has twenty-five hours, and both ends are its own midnights."""
    for hour, minor in ((21, 1_00), (22, 2_00), (46, 4_00), (47, 8_00)):
        by_hand(cast, minor, f"B-{hour}", at=datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour))
    asked = dossier_of(cast, cast.boris, from_day=date(2026, 10, 25), to_day=date(2026, 10, 25))
    assert asked.until - asked.since == 25 * 3_600_000_000

    found = traced(dossier_of(cast, cast.anna, from_day=date(2026, 10, 25), to_day=date(2026, 10, 25)))
    sources = Counter()
    for (came, _), minor in said(found).items():
        sources[came.partition(" · ")[0]] += minor
    assert sources == {"There before the period": 1_00, "Bank": 6_00}


def test_what_came_from_another_partner_is_followed_to_where_he_had_it(cast):
    give(cast.boris, 30_00)
    send(cast.boris, cast.anna, 25_00, "t1")
    pay(cast.boris, 5_00, 1001)
    boris = f"{cast.boris.number} Борис Волков"

    assert said(traced(dossier_of(cast, cast.anna))) == {
        ("Opening balance", "Still there"): 250_00,
        (f"Opening balance · {boris}", "Still there"): 25_00,
    }


def test_what_lies_more_than_three_steps_away_is_other_partners_money(house):
    people = [house.anna, house.boris, *(_partner(f"Partner {name}") for name in ("Eins", "Zwei", "Drei", "Vier"))]
    for n, (giver, taker) in enumerate(pairwise(people)):
        send(giver, taker, 10_00 - n, f"t{n}")
    found = traced(dossier_of(house, house.anna))

    assert (found.followed, found.stopped) == (3, True)
    assert said(found)["Opening balance", f"Partner · {people[3].number} {people[3].name} / {people[4].number} {people[4].name}"] == 9_97


@pytest.mark.parametrize("limit", ["MOST_WALLETS", "MOST_BOOKINGS"])
def test_a_step_that_leads_to_too_many_others_is_not_taken(house, monkeypatch, limit):
    moved(house)
    monkeypatch.setattr(limits, limit, 0)
    found = traced(dossier_of(house, house.anna))

    assert (found.followed, found.stopped) == (0, True)
    assert said(found)[BANK, f"Partner · {house.boris.number} Борис Волков"] == 15_00


def test_only_the_largest_sources_are_told_apart(house, monkeypatch):
    monkeypatch.setattr(limits, "MOST_LABELS", 1)
    moved(house)

    assert {came for came, _ in said(traced(dossier_of(house, house.anna)))} == {"Opening balance", "Others"}


def test_one_booking_tells_its_story_by_both_methods(cast):
    facts = moved(cast)
    asked = dossier_of(cast, cast.anna)
    story = told_story(asked, facts["spent"], ENGLISH)

    assert [(what, amount.minor) for what, amount in story.came[FIFO]] == [("Opening balance", 250_00), (BANK, 20_00)]
    assert [(what, amount.minor) for what, amount in story.came[SHARE]] == [("Opening balance", 232_76), (BANK, 37_24)]
    assert not story.went[FIFO]
    came = told_story(asked, facts["by_hand"], ENGLISH)
    assert [(what, amount.minor) for what, amount in came.went[SHARE]] == [("Taken back · wrong", 7_00)]


def test_a_booking_of_somebody_else_has_no_story_here_and_too_many_bookings_none_on_a_page(house, monkeypatch):
    facts = moved(house)
    asked = dossier_of(house, house.boris)
    assert told_story(asked, facts["spent"], ENGLISH) is None and told_story(asked, 10**6, ENGLISH) is None
    monkeypatch.setattr(telling, "MOST", 1)
    with pytest.raises(TooManyBookings):
        told_story(asked, facts["sent"], ENGLISH)


def test_who_has_no_wallet_has_no_flows(house):
    assert traced(dossier_of(house, house.clara)).flows == {FIFO: {}, SHARE: {}}


def _partner(name):
    return join_partner(Details(name, "de", "Europe/Berlin"), currency="EUR", actor=HOUSE, at=NOON)


def test_a_wallets_account_is_known_by_its_owner(house):
    ledger = Ledger(dossier_of(house, house.anna))
    assert ledger.place(wallet(house.anna).account_id) == (f"wallet:{house.anna.id}:EUR", "", "EUR")
