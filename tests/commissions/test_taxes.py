"""What of a commission is tax, and which tax numbers can be one: to the cent, without a database."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import eur
from vps.commissions.actions.note_facts import withheld_back
from vps.commissions.actions.taxes import (
    AddressNeeded,
    NotACountry,
    NotAnInn,
    NotAnOib,
    NotAPib,
    NotASteuernummer,
    NotATaxNumber,
    NotAVatNumber,
    NumberNeeded,
    TaxDetails,
    read_details,
)
from vps.commissions.models.taxes import Rule
from vps.commissions.taxes import (
    GROSS,
    MODES,
    NET,
    REVERSE,
    Terms,
    own_number,
    share_of,
    taken_apart,
    terms,
    vat_rate,
    withholding,
)

DAY = date(2026, 11, 20)


def test_vat_is_contained_in_gross_commission_and_comes_on_top_of_net_to_the_cent():
    assert taken_apart(eur(119_00), 1900, GROSS) == (eur(100_00), eur(19_00), eur(119_00))
    assert taken_apart(eur(100_00), 1900, NET) == (eur(100_00), eur(19_00), eur(119_00))
    assert taken_apart(eur(19_96), 1900, GROSS) == (eur(16_77), eur(3_19), eur(19_96))
    assert taken_apart(eur(19_96), 1900, NET) == (eur(19_96), eur(3_79), eur(23_75))


@pytest.mark.parametrize("mode", [GROSS, NET])
def test_net_and_tax_are_always_the_total_and_half_a_cent_goes_up(mode):
    for minor in range(1, 400):
        net, tax, total = taken_apart(eur(minor), 2500, mode)
        base = total if mode == GROSS else net
        exact = Fraction(base.minor * 2500, 12_500 if mode == GROSS else 10_000)
        assert net + tax == total and tax.minor == int(exact + Fraction(1, 2))


def test_only_who_charges_vat_in_the_companys_country_gets_it():
    assert terms("vat", "DE", "DE", 1900) == Terms("vat", 1900)
    assert terms("vat", "AT", "DE", 1900) == Terms(REVERSE, 0)
    assert terms("small", "DE", "DE", 1900) == Terms("small", 0)
    assert terms("none", "RS", "DE", 1900) == Terms("none", 0)


def test_a_rate_of_the_companys_own_comes_before_the_laws_and_a_law_counts_from_its_day_on():
    own = Rule("DE", "vat", "vat", "", 1600, date(2026, 7, 1))
    assert vat_rate("DE", DAY, []) == 1900
    assert vat_rate("DE", DAY, [own]) == 1600
    assert (vat_rate("RU", date(2025, 12, 31), []), vat_rate("RU", date(2026, 1, 1), [])) == (2000, 2200)
    assert vat_rate("CH", DAY, [own]) is None


def test_the_tax_that_is_withheld_goes_by_the_partners_country_and_kind():
    rule = Rule("RU", "withholding", "none", "НДФЛ", 1300, DAY)
    assert withholding("RU", "none", [rule]) is rule
    assert withholding("RU", "small", [rule]) is None


@given(
    credited=st.integers(1, 10**7), vat=st.sampled_from([0, 700, 2200]), mode=st.sampled_from(MODES), rate=st.integers(1, 9_999),
    parts=st.lists(st.integers(0, 10**7), max_size=6),
)  # fmt: skip
def test_parts_of_withheld_tax_that_go_back_are_together_what_was_withheld(credited, vat, mode, rate, parts):
    net = taken_apart(eur(credited), vat, mode).net
    first = {"rate": vat, "way": "vat", "mode": mode, "net": net.minor, "withheld": ["ESt", rate, share_of(net, rate).minor]}
    gone = back = 0
    for part in (*parts, credited):
        now = min(part, credited - gone)
        given_back = withheld_back(first, eur(gone), eur(now)).minor
        assert 0 <= given_back <= now
        gone, back = gone + now, back + given_back
    assert back == share_of(net, rate).minor


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [("DE", "181/815/08155", "18181508155"), ("HR", "694 3515 1530", "69435151530"), ("RS", "10113 4702", "101134702"), ("RU", "7707083893", "7707083893"),
     ("RU", "500100732259", "500100732259"), ("AT", "12-345/6789", "123456789"), ("CH", " 756 1234 ", "7561234")],
)  # fmt: skip
def test_a_tax_number_is_kept_without_its_spaces(country, typed, kept):
    assert own_number(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "number", "vat_id", "refusal"),
    [("HR", "69435151531", "", NotAnOib), ("RS", "101134703", "", NotAPib), ("RU", "7707083894", "", NotAnInn), ("RU", "500100732258", "", NotAnInn),
     ("DE", "12", "", NotASteuernummer), ("AT", "12345", "", NotATaxNumber), ("DE", "", "DE136695977", NotAVatNumber), ("AT", "", "ATU13585626", NotAVatNumber),
     ("RS", "", "101134703", NotAVatNumber), ("DE", "", "ATU13585627", NotAVatNumber), ("DE", " ", " ", NumberNeeded), ("de", "", "", NotACountry)],
)  # fmt: skip
def test_a_wrong_number_is_refused_with_a_sentence_about_it(country, number, vat_id, refusal):
    with pytest.raises(refusal) as told:
        read_details(country, "vat", number, vat_id, "Hauptstraße 5\n80331 München")
    assert type(told.value) is refusal


def test_details_travel_in_a_dialog_as_they_were_typed():
    details = read_details("DE", "vat", "", "de 136 695 976", "  Hauptstraße 5 \n\n80331 München\n")
    assert details == ("DE", "vat", "", "DE136695976", "Hauptstraße 5\n80331 München")
    assert TaxDetails.carried(details.subject) == details


def test_an_address_has_one_to_four_lines():
    for address in ("", "\n \n", "1\n2\n3\n4\n5"):
        with pytest.raises(AddressNeeded):
            read_details("DE", "none", "", "", address)
