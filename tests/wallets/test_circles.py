"""What is noticed among several wallets: circles (M4), many senders (M5), many receivers (M6)."""

import random
from itertools import pairwise, product

import pytest

from tests.cast import NOON, eur
from tests.wallets.town import DAY, HOUR, MINUTE, Town, noticed
from vps.company.actions import set_rate
from vps.kernel.authorisation import HOUSE
from vps.kernel.money import Money
from vps.ledger.actions import set_up
from vps.wallets.actions import make_transfer, open_wallet
from vps.wallets.models import purse, purses
from vps.wallets.watching import WATCH


@pytest.fixture
def both(cast):
    """On both engines."""
    return Town(cast)


@pytest.fixture
def town(house):
    return Town(house)


@pytest.mark.parametrize("others", [1, 2])
def test_money_that_comes_back_by_one_or_two_others_is_a_circle(both, others):
    ring = both.partners(others + 1, money=200_00)
    minors = (100_00, 95_00, 90_00)
    bookings = [both.send(payer, payee, minor) for payer, payee, minor in zip(ring, [*ring[1:], ring[0]], minors, strict=False)]

    assert noticed(ring[0], "M4") == [
        {
            "sent": [100_00, "EUR"],
            "back": [minors[others], "EUR"],
            "steps": others + 1,
            "bookings": bookings,
            "people": [each.id for each in ring[1:]],
        }
    ]
    assert not any(noticed(person, "M4") for person in ring[1:])


@pytest.mark.parametrize(
    "steps",
    [
        "AB 100 0, BC 100 1, CA 89 2",
        "AB 100 0, BC 89 1, CA 100 2",
        "AB 100 0, BC 100 1, CA 100 72",
        "BC 100 0, AB 100 1, CA 100 2",
        "AB 100 0, BC 100 1, CD 100 2, DA 100 3",
        "AB 10 0, BA 21 1",
        "AB 100 0, CA 100 1",
    ],
    ids=[
        "a tenth and more is lost",
        "lost on the way",
        "three days",
        "the wrong way round",
        "four steps",
        "a small favour first",
        "two strangers",
    ],
)
def test_what_only_resembles_a_circle_is_none(town, steps):
    people = dict(zip("ABCD", town.partners(4, money=200_00), strict=True))
    for step in steps.split(", "):
        who, units, hours = step.split()
        town.send(people[who[0]], people[who[1]], int(units) * 100, at=NOON + int(hours) * HOUR)

    assert not any(noticed(person, "M4") for person in people.values())


def test_a_transfer_taken_back_by_the_office_is_no_circle(town):
    payer, payee = town.partners(2, money=100_00)
    town.undo(town.send(payer, payee, 50_00))
    town.send(payer, payee, 50_00)

    assert noticed(payer, "M4") == []


def test_among_random_transfers_just_the_circles_are_found(town):
    """Compared with all pairs and triples of transfers, tried one by one; one circle is planted."""
    dice, people = random.Random(20), town.partners(9, money=2_000_00)
    done = []
    for n in range(60):
        payer, payee = dice.sample(people, 2)
        minor, at = dice.choice((10_00, 11_00, 40_00, 90_00, 100_00)), NOON + n * HOUR
        done.append((town.send(payer, payee, minor, at=at), payer.id, payee.id, minor, at))
    for payer, payee in ((0, 1), (1, 2), (2, 0)):
        at += MINUTE
        done.append((town.send(people[payer], people[payee], 123_45, at=at), people[payer].id, people[payee].id, 123_45, at))

    expected = {}
    for *begin, last in [*product(done, done), *product(done, done, done)]:
        steps = [*begin, last]
        if is_circle(steps):
            expected.setdefault((last[2], last[0]), []).append([step[0] for step in steps])
    found = {(person.id, facts["bookings"][-1]): facts["bookings"] for person in people for facts in noticed(person, "M4")}

    assert found.keys() == expected.keys() and len(found) > 3
    assert all(bookings in expected[key] for key, bookings in found.items())
    assert [done[-3][0], done[-2][0], done[-1][0]] in expected[people[0].id, done[-1][0]]


def is_circle(steps):
    """By its definition, and nothing else."""
    follows = all(a[2] == b[1] and a[0] < b[0] for a, b in pairwise(steps))
    if not follows or steps[-1][2] != steps[0][1] or (len(steps) == 3 and steps[0][2] == steps[-1][1]):
        return False
    out, back = steps[0][3], steps[-1][3]
    kept = min(step[3] for step in steps)
    return steps[-1][4] - steps[0][4] < WATCH.circle_within and 10 * kept >= 9 * out and 2 * out >= back


def test_eight_senders_within_a_week_are_noticed_once(both):
    payee, payers = both.partner(), both.partners(9, money=10_00)
    for n, payer in enumerate(payers[:7]):
        both.send(payer, payee, 1_00, at=NOON + n * MINUTE)
        both.send(payer, payee, 1_00, at=NOON + n * MINUTE)
    assert noticed(payee, "M5") == [], "seven, twice each"

    both.send(payers[7], payee, 1_00, at=NOON + HOUR)
    both.send(payers[8], payee, 1_00, at=NOON + HOUR)

    ((facts),) = noticed(payee, "M5")
    assert (facts["count"], facts["people"], len(facts["bookings"])) == (8, [payer.id for payer in payers[:8]], 8)


def test_eight_receivers_within_a_week_are_noticed_once(both):
    payer, payees = both.partner(money=100_00), both.partners(9)
    for n, payee in enumerate(payees[:7]):
        both.send(payer, payee, 1_00, at=NOON + n * HOUR)
    assert noticed(payer, "M6") == []

    for payee in payees[7:]:
        both.send(payer, payee, 1_00, at=NOON + 10 * HOUR)

    assert [facts["count"] for facts in noticed(payer, "M6")] == [8]


def test_who_sent_a_week_ago_does_not_count(town):
    payee, payers = town.partner(), town.partners(8, money=10_00)
    for n, payer in enumerate(payers):
        town.send(payer, payee, 1_00, at=NOON + n * DAY)

    assert noticed(payee, "M5") == []


def test_transfers_as_partners_make_them_are_watched_on_both_sides(both):
    """By the core that books them; one is exchanged on its way, so that no booking has both wallets."""
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", "117.25", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    anna, boris = both.cast.anna, both.cast.boris
    open_wallet(boris.id, "RSD", at=NOON)
    wallets = {each.currency: each.wallet for each in purses(boris.id)}
    facts = {"actor": HOUSE, "at": NOON}

    make_transfer(
        "there",
        sender=anna.id,
        from_wallet=purse(anna.id, "EUR").wallet,
        recipient=boris.id,
        to_wallet=wallets["RSD"],
        amount=eur(50_00),
        **facts,
    )
    back = Money(5_862_50, "RSD")
    make_transfer("back", sender=boris.id, from_wallet=wallets["RSD"], recipient=anna.id, to_wallet=None, amount=back, **facts)

    ((circle),) = noticed(anna, "M4")
    assert (circle["sent"], circle["back"], circle["people"]) == ([50_00, "EUR"], [50_00, "EUR"], [boris.id])
    assert noticed(boris, "M9") == [], "5,862.50 RSD are no large amount"


def test_who_sent_across_currencies_counts_as_a_sender(both):
    set_up(currency="RSD", at=NOON)
    set_rate("EUR", "RSD", "117.25", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    payee, payers = both.partner(), both.partners(8, money=10_00)
    open_wallet(payee.id, "RSD", at=NOON)
    to = next(each.wallet for each in purses(payee.id) if each.currency == "RSD")
    for n, payer in enumerate(payers):
        wallet = purse(payer.id, "EUR").wallet
        make_transfer(str(n), sender=payer.id, from_wallet=wallet, recipient=payee.id, to_wallet=to, amount=eur(1_00), actor=HOUSE, at=NOON)

    assert [facts["people"] for facts in noticed(payee, "M5")] == [[payer.id for payer in payers]]
