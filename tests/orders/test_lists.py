"""Lists by colour: paged by key through hundreds of orders, counted, searched; each partner sees his own only."""

from datetime import timedelta

import pytest

from tests.cast import NOON, red_order
from tests.orders.colours import MINUTE, Stage, copies, painted
from vps.kernel.database import run
from vps.orders.models import Colour, Counts, company_counts, company_list, lists, partner_counts, partner_list
from vps.orders.models.search import search_orders

MANY = 120


@pytest.fixture
def crowd(cast):
    """Hundreds of orders of two partners in all colours, many at the same moment."""
    cast.orders = {}
    for stage in Stage:
        first = painted(cast, stage)
        cast.orders[stage] = [first.id, *copies(first, MANY - 1)]
        copies(painted(cast, stage, partner=cast.boris), MANY - 1)
    return cast


def pages(read, colour: Colour, *, limit: int, now=NOON) -> list:
    seen, before = [], None
    while page := read(colour, now=now, before=before, limit=limit):
        seen += page
        before = (page[-1].sort, page[-1].id)
    return seen


def test_paging_shows_every_order_once_newest_first_in_every_colour(crowd):
    def mine(colour, **how):
        return partner_list(crowd.anna.id, colour, **how)

    for colour in Colour:
        whole = mine(colour, now=NOON, limit=10_000)
        seen = pages(mine, colour, limit=25)

        assert [listed.id for listed in seen] == [listed.id for listed in whole], colour
        assert sorted(listed.id for listed in seen) == crowd.orders[Stage[colour.name]], colour
        assert [(listed.sort, listed.id) for listed in seen] == sorted(((listed.sort, listed.id) for listed in seen), reverse=True)
        assert {listed.colour for listed in seen} == {colour}
        assert {listed.partner for listed in seen} == {"Anna Bauer"}

    everybody = pages(company_list, Colour.GREEN, limit=50)
    assert len(everybody) == len({listed.id for listed in everybody}) == 2 * MANY
    assert {listed.partner for listed in everybody} == {"Anna Bauer", "Борис Волков"}
    assert partner_counts(crowd.anna.id, NOON) == Counts(*[MANY] * 4)
    assert company_counts(NOON) == Counts(*[2 * MANY] * 4)


def test_a_page_stays_where_it_was_while_new_orders_come_in(cast):
    orders = [painted(cast, Stage.GREEN, minutes=n + 1) for n in range(6)]
    first = partner_list(cast.anna.id, Colour.GREEN, now=NOON, limit=3)
    painted(cast, Stage.GREEN)

    second = partner_list(cast.anna.id, Colour.GREEN, now=NOON, before=(first[-1].sort, first[-1].id), limit=3)

    assert [listed.id for listed in first + second] == [order.id for order in orders]


def test_a_line_of_a_list_tells_what_the_page_shows(cast):
    order = painted(cast, Stage.BLUE, customer="Мария Хубер")

    [listed] = company_list(Colour.BLUE, now=NOON)

    assert (listed.number, listed.price, listed.customer) == (order.number, order.price, "Мария Хубер")
    assert (listed.partner_number, listed.means) == (cast.anna.number, None)
    assert (listed.made_at, listed.paid_at, listed.final_at, listed.provisioned_at) == (NOON, NOON - 60 * MINUTE, NOON - 30 * MINUTE, NOON)


def test_cancelled_orders_are_in_no_list_count_or_search(cast):
    gone = painted(cast, Stage.CANCELLED)

    for colour in Colour:
        assert partner_list(cast.anna.id, colour, now=NOON) == company_list(colour, now=NOON) == []
    assert partner_counts(cast.anna.id, NOON) == company_counts(NOON) == Counts(0, 0, 0, 0)
    assert search_orders(gone.number, now=NOON) == search_orders("Maria", now=NOON) == search_orders("Anna", now=NOON) == []


def test_yellow_moves_to_the_green_list_by_time_alone(cast):
    order = painted(cast, Stage.YELLOW)

    def where(now):
        return [colour for colour in Colour if [listed.id for listed in partner_list(cast.anna.id, colour, now=now)] == [order.id]]

    assert where(NOON + timedelta(minutes=59, seconds=59)) == [Colour.YELLOW]
    assert where(NOON + timedelta(minutes=60)) == [Colour.GREEN]
    assert partner_counts(cast.anna.id, NOON)[:] == (0, 1, 0, 0)
    assert company_counts(NOON + timedelta(minutes=60))[:] == (0, 0, 1, 0)


def test_the_companys_counts_stop_at_the_cap_and_a_partners_do_not(cast):
    copies(red_order(cast), lists.CAP + 6)

    assert company_counts(NOON).red == lists.CAP
    assert partner_counts(cast.anna.id, NOON).red == lists.CAP + 7


def test_a_search_looks_past_the_cancelled_ones(cast):
    order = red_order(cast)
    copies(painted(cast, Stage.CANCELLED), 60)

    assert [listed.id for listed in search_orders("Maria", now=NOON)] == [order.id]


@pytest.fixture
def named(cast):
    cast.milan = red_order(cast, customer="Милан Петровић")
    cast.zoe = red_order(cast, customer="Zoë Müller")
    cast.other = red_order(cast, cast.boris, customer="Milan Petrović")
    return cast


def test_search_folds_scripts_and_knows_numbers_and_partners(named):
    def found(query, partner=None):
        return [listed.id for listed in search_orders(query, now=NOON, partner=partner)]

    milan, zoe, other = named.milan.id, named.zoe.id, named.other.id
    assert found("Petrovic") == found("петровић милан") == [other, milan]
    assert found("Petrovic", named.anna.id) == [milan]
    assert found("mueller") == found("ZOE") == [zoe]
    assert found(named.other.number) == [other]
    assert found(named.other.number, named.anna.id) == []
    assert found("Volkov") == found(named.boris.number) == [other]
    assert found("Volkov", named.anna.id) == found(named.boris.number, named.anna.id) == []
    assert found("Bauer") == [zoe, milan]


def test_search_takes_every_sign_literally(named):
    for query in ("%", "_", "%etrovi%", "M_lan", "' OR 1=1 --", "", "  ", "[a-z]*", "(q+)+$", "qx" * 5_000, "\x00", "1" * 40, "１００１"):
        assert search_orders(query, now=NOON) == search_orders(query, now=NOON, partner=named.anna.id) == [], query[:20]


def test_search_shows_the_newest_up_to_a_limit_in_their_colours(cast):
    orders = [painted(cast, stage) for stage in (Stage.RED, Stage.YELLOW, Stage.GREEN, Stage.BLUE)]

    found = search_orders("Maria", now=NOON, limit=3)

    assert [(listed.id, listed.colour) for listed in found] == [
        (orders[3].id, Colour.BLUE),
        (orders[2].id, Colour.GREEN),
        (orders[1].id, Colour.YELLOW),
    ]


def test_a_list_names_how_an_order_was_paid(cast):
    order = painted(cast, Stage.GREEN)
    run(
        "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, reason) VALUES (?, 1, 'cheque', 1, 'EUR', 1, 1, '')",
        order.id,
    )

    assert [listed.means for listed in company_list(Colour.GREEN, now=NOON)] == ["cheque"]
