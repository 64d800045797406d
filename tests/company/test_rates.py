"""Rates of exchange: the row written last that holds on a day counts, in both directions and over a third currency."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.cast import NOON
from vps.company.actions import EndsBeforeItBegins, SameCurrency, change_settings, import_rates, set_rate
from vps.company.models import NewRate, NoRate, crossed, estimate, exchanged, history_of, rate_on, rates_in_force
from vps.company.models.rates import NEWEST, needed
from vps.kernel.amounts import TooMuch
from vps.kernel.authorisation import Actor
from vps.kernel.cells import WrongCurrency
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.money import Money
from vps.kernel.rates import NANO, RateOfZero, RateTooFine, RateTooHigh, UnreadableRate
from vps.ledger.actions import company_account

DAY = NOON.date()
CLERK = Actor(None, "192.0.2.1")


def put(pair: str, rate: str | int, begins: date = DAY, ends: date | None = None) -> bool:
    return set_rate(*pair.split("/"), rate, valid_from=begins, valid_to=ends, actor=CLERK, at=NOON)


def published(*rates: NewRate) -> tuple[int, int]:
    done = import_rates(rates, source="ecb", actor=CLERK, at=NOON)
    return len(done.new), done.known


def test_a_rate_counts_in_both_directions_on_its_days_only(engine):
    put("EUR/RSD", "117.2", DAY, DAY + timedelta(days=1))

    assert rate_on("EUR", "RSD", DAY) == Fraction("117.2")
    assert rate_on("RSD", "EUR", DAY + timedelta(days=1)) == 1 / Fraction("117.2")
    assert rate_on("EUR", "RSD", DAY - timedelta(days=1)) is rate_on("EUR", "RSD", DAY + timedelta(days=2)) is None
    assert rate_on("XAU", "XAU", DAY) == 1


def test_the_rate_that_was_written_last_counts_whatever_its_direction(engine):
    put("EUR/RSD", "117.2", DAY - timedelta(days=30))
    put("EUR/RSD", 117_300_000_000)
    assert rate_on("EUR", "RSD", DAY) == Fraction("117.3")
    assert rate_on("EUR", "RSD", DAY - timedelta(days=1)) == Fraction("117.2")

    put("RSD/EUR", "0.008", DAY, DAY)

    assert rate_on("EUR", "RSD", DAY) == 125
    assert rate_on("EUR", "RSD", DAY + timedelta(days=1)) == Fraction("117.3")


def test_two_currencies_meet_over_the_companys_own_or_else_over_the_euro(engine):
    change_settings({"currency": "CHF"}, actor=CLERK, at=NOON)
    put("EUR/USD", "1.25")
    put("EUR/RSD", "100")
    assert rate_on("USD", "RSD", DAY) == 80

    put("CHF/USD", "1")
    put("RSD/CHF", "0.01")

    assert rate_on("USD", "RSD", DAY) == 100
    assert rate_on("RSD", "USD", DAY) == Fraction(1, 100)
    assert rate_on("USD", "JPY", DAY) is None


def test_an_amount_is_exchanged_with_its_rate_and_what_rounding_left(engine):
    put("EUR/RSD", "117.2")
    put("EUR/JPY", "163")

    assert exchanged(Money(10_01, "EUR"), "RSD", day=DAY) == (Money(1_173_17, "RSD"), "117.2", Fraction(1, 5))
    assert exchanged(Money(100, "JPY"), "RSD", day=DAY) == (Money(71_90, "RSD"), "0.719018405", Fraction(30, 163))
    assert exchanged(Money(7, "EUR"), "EUR", day=DAY) == (Money(7, "EUR"), "1", 0)
    with pytest.raises(TooMuch):
        exchanged(Money(10**11, "EUR"), "RSD", day=DAY)
    with pytest.raises(NoRate) as refused:
        exchanged(Money(7, "EUR"), "USD", day=DAY)
    assert refused.value.facts == {"base": "EUR", "quote": "USD", "day": DAY}


def test_what_is_needed_reaches_an_amount_and_is_the_least_that_does(engine):
    put("EUR/RSD", "117.25")

    assert needed(Money(49_90, "EUR"), "RSD", day=DAY) == (Money(5_850_78, "RSD"), "117.25")
    assert needed(Money(4_00, "EUR"), "RSD", day=DAY) == (Money(469_00, "RSD"), "117.25")
    least, _ = needed(Money(1, "RSD"), "EUR", day=DAY)
    assert least == Money(1, "EUR")
    with pytest.raises(NoRate):
        needed(Money(1, "EUR"), "USD", day=DAY)
    with pytest.raises(TooMuch):
        needed(Money(10**11, "EUR"), "RSD", day=DAY)


def test_an_estimate_may_be_of_a_debt_and_may_be_missing(engine):
    put("EUR/RSD", "117.2")

    assert estimate(Money(-10_01, "EUR"), "RSD", DAY) == Money(-1_173_17, "RSD")
    assert estimate(Money(10_01, "EUR"), "RSD", DAY) == Money(1_173_17, "RSD")
    assert estimate(Money(1, "EUR"), "USD", DAY) is None


@pytest.mark.parametrize(
    ("pair", "rate", "ends", "refusal"),
    [("EUR/RSD", "0", None, RateOfZero), ("EUR/RSD", 0, None, RateOfZero), ("EUR/RSD", -1, None, RateOfZero),
     ("EUR/RSD", "-117", None, UnreadableRate), ("EUR/RSD", "0.0000000001", None, RateTooFine), ("EUR/RSD", "1000000001", None, RateTooHigh),
     ("EUR/EUR", "1", None, SameCurrency), ("EUR/XAU", "1", None, WrongCurrency), ("eur/RSD", "1", None, WrongCurrency),
     ("EUR/RSD", "1", DAY - timedelta(days=1), EndsBeforeItBegins)],
)  # fmt: skip
def test_a_rate_that_makes_no_sense_is_not_written(sqlite, pair, rate, ends, refusal):
    with pytest.raises(refusal):
        put(pair, rate, DAY, ends)

    assert one("SELECT count(*) FROM rate")[0] == one("SELECT count(*) FROM event")[0] == 0


def test_a_rate_is_never_edited_or_deleted_and_the_database_refuses_nonsense(engine):
    put("EUR/RSD", "117.2")

    for edit in ("UPDATE rate SET nano = 1", "DELETE FROM rate"):
        with pytest.raises(IntegrityError):
            run(edit)
    for base, quote, nano, ends in (("EUR", "EUR", 1, None), ("EUR", "RSD", 0, None), ("EUR", "RSD", 1, "2026-11-19")):
        with pytest.raises(IntegrityError):
            run("INSERT INTO rate (base, quote, nano, valid_from, valid_to, source, set_at) VALUES (?, ?, ?, '2026-11-20', ?, 'hand', 1)",
                base, quote, nano, ends)  # fmt: skip


def test_the_trail_says_what_a_rate_was_before_and_a_known_one_is_not_written_again(engine):
    assert put("EUR/RSD", "117.2", ends=DAY)
    assert put("EUR/RSD", "117.25")
    assert not put("EUR/RSD", "117.25")

    assert rows("SELECT subject, before, after, address FROM event WHERE verb = 'rate set' ORDER BY id") == [
        ("rate:EUR/RSD", "", "117.2 2026-11-20 – 2026-11-20", "192.0.2.1"),
        ("rate:EUR/RSD", "117.2", "117.25 2026-11-20 –", "192.0.2.1"),
    ]
    assert one("SELECT count(*) FROM rate")[0] == 2


def test_a_published_rate_holds_over_the_weekend_and_ends_where_the_next_begins(engine):
    friday, monday = NewRate("EUR", "USD", 1 * NANO, DAY), NewRate("EUR", "USD", 2 * NANO, DAY + timedelta(days=3))

    assert published(monday) == (1, 0)
    assert published(monday, friday) == (1, 1)
    assert published(monday, friday) == (0, 2)

    assert [rate_on("EUR", "USD", DAY + timedelta(days=n)) for n in (-1, 0, 2, 3, 9, 10)] == [None, 1, 1, 2, 2, None]


def test_a_published_rate_holds_as_long_as_the_company_says(engine):
    change_settings({"rate_days": 2}, actor=CLERK, at=NOON)
    published(NewRate("EUR", "USD", NANO, DAY))

    assert [rate_on("EUR", "USD", DAY + timedelta(days=n)) for n in (1, 2)] == [1, None]


def test_a_published_rate_that_was_corrected_counts_anew(engine):
    published(NewRate("EUR", "USD", NANO, DAY))

    assert published(NewRate("EUR", "USD", 3 * NANO, DAY)) == (1, 0)
    assert rate_on("EUR", "USD", DAY) == 3


def test_of_one_file_the_later_day_counts_however_it_is_sorted(engine):
    later, earlier = NewRate("EUR", "RSD", 118 * NANO, DAY), NewRate("EUR", "RSD", 117 * NANO, DAY - timedelta(days=1))

    import_rates([later, earlier], source="csv", actor=CLERK, at=NOON)

    assert (rate_on("EUR", "RSD", DAY), rate_on("EUR", "RSD", DAY - timedelta(days=1))) == (118, 117)
    assert rows("SELECT subject, after FROM event") == [("rates:csv", "2")]


def test_nothing_is_imported_where_one_rate_is_wrong(engine):
    with pytest.raises(SameCurrency):
        import_rates([NewRate("EUR", "RSD", 1, DAY), NewRate("EUR", "EUR", 1, DAY)], source="csv", actor=CLERK, at=NOON)
    assert import_rates([], source="csv", actor=CLERK, at=NOON) == ((), 0)

    assert one("SELECT count(*) FROM rate")[0] == 0


def test_the_company_keeps_books_in_the_other_currencies_it_names(engine):
    change_settings({"currencies": " RSD  USD RSD "}, actor=CLERK, at=NOON)

    assert one("SELECT value FROM setting WHERE key = 'currencies'")[0] == "RSD USD"
    assert company_account("exchange", "RSD") != company_account("exchange", "USD")


def test_the_newest_rate_of_a_day_is_looked_up_never_searched(sqlite):
    plan = [step[3] for step in rows(f"EXPLAIN QUERY PLAN {NEWEST}", *("EUR", "RSD", "2026-11-20", "2026-11-20") * 10)]

    assert sum("rate_base_quote_id (base=? AND quote=?)" in step for step in plan) == 10
    assert not [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step]


def test_of_each_pair_the_one_rate_that_counts_today_is_listed(engine):
    assert rates_in_force(DAY) == []
    put("EUR/RSD", "117")
    put("RSD/EUR", "0.008")
    put("EUR/USD", "1.1", DAY, DAY)
    put("CHF/EUR", "1.05")
    put("CHF/EUR", "1.06", DAY + timedelta(days=1))

    assert [(rate.base, rate.quote, str(rate.rate)) for rate in rates_in_force(DAY)] == [
        ("CHF", "EUR", "21/20"), ("EUR", "USD", "11/10"), ("RSD", "EUR", "1/125"),
    ]  # fmt: skip
    assert [rate.nano for rate in rates_in_force(DAY + timedelta(days=1))] == [1_060_000_000, 8_000_000]


def test_the_history_of_a_pair_is_read_page_by_page_in_both_directions(engine):
    for pair, rate in (("EUR/RSD", "1"), ("RSD/EUR", "2"), ("EUR/USD", "3"), ("EUR/RSD", "4")):
        put(pair, rate, ends=DAY)

    first = history_of("RSD", "EUR", before=None, limit=2)

    assert [int(rate.rate) for rate in first] == [4, 2]
    assert [int(rate.rate) for rate in history_of("EUR", "RSD", before=first[-1].id, limit=2)] == [1]
    assert (first[0].valid_from, first[0].valid_to, first[0].source, first[0].set_at, first[0].set_by) == (DAY, DAY, "hand", NOON, None)


def test_there_and_back_are_the_same_fraction_over_third_currencies_too():
    found = [(3, "EUR", "CHF", 950_000_000), (1, "CHF", "EUR", 1), (2, "RSD", "EUR", 8_500_000)]

    there, back = crossed("CHF", "RSD", ("CHF", "EUR"), found), crossed("RSD", "CHF", ("CHF", "EUR"), found)

    assert there * back == 1
    assert there == 1 / Fraction("0.95") / Fraction("0.0085")
