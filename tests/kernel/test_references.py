"""References of orders, and the forms our references have in Croatia and Serbia."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from vps.kernel.numbers import (
    croatian_reference,
    find_domestic,
    find_order_references,
    find_references,
    order_id,
    order_number,
    order_reference,
    partner_number,
    serbian_reference,
    topup_reference,
)

ANNA = topup_reference("20468")
ORDER = order_reference("1001")
sequences = st.integers(1, 10**9)
orders = sequences.map(order_number)
partners = sequences.map(partner_number)
separators = st.sampled_from(["", " ", "\n", "\r\n", ".", " - ", "/"])


@given(orders)
def test_an_orders_reference_is_valid_by_iso_11649_and_found_again(number: str) -> None:
    assert iso11649.is_valid(order_reference(number))
    assert find_order_references(order_reference(number)) == [number]


@pytest.mark.parametrize("number", ["1000", "01001", "", "X1001"])
def test_a_reference_is_made_for_orders_only(number: str) -> None:
    with pytest.raises(AssertionError):
        order_reference(number)


@pytest.mark.parametrize(
    "text",
    [
        ORDER,
        ORDER.lower(),
        "Bestellung RF72 X100 1 danke",
        "EREF+RF72X1001KREF+123",
        "R F 7 2\nX\r\n1 0 0 1",
        "RF72-X100.1/",
        "RF RF99 RF72 xlOOI",
        "RF72 0000 0000 000X 1001",
        "заказ RF72X1001 Борис",
        f"{ORDER}{ORDER}",
    ],
)
def test_an_orders_reference_is_found_in_messy_text(text: str) -> None:
    assert ORDER == "RF72X1001"
    assert find_order_references(text) == ["1001"]


@given(orders, st.text(max_size=20), st.text(max_size=20), st.data())
def test_an_order_is_found_with_anything_around_it_and_between_its_signs(number: str, before: str, after: str, data: st.DataObject) -> None:
    written = "".join(char + data.draw(separators) for char in order_reference(number))
    assert number in find_order_references(f"{before} {written} {after}")


@given(orders, st.data())
def test_one_wrong_figure_finds_no_order_at_all(number: str, data: st.DataObject) -> None:
    reference = order_reference(number)
    place = data.draw(st.sampled_from([place for place, char in enumerate(reference) if char.isdigit()]))
    wrong = data.draw(st.sampled_from([figure for figure in "0123456789" if figure != reference[place]]))
    assert find_order_references(reference[:place] + wrong + reference[place + 1 :]) == []


@given(orders, st.data(), st.sampled_from("ABCYZ"))
def test_one_wrong_letter_does_not_find_the_order(number: str, data: st.DataObject, wrong: str) -> None:
    reference = order_reference(number)
    place = data.draw(st.integers(0, len(reference) - 1))
    assert number not in find_order_references(reference[:place] + wrong + reference[place + 1 :])


def test_figures_glued_to_an_order_hide_it_rather_than_guess() -> None:
    assert find_order_references(f"{ORDER}7") == []
    assert find_order_references(f"{ORDER} 7") == ["1001"]


@pytest.mark.parametrize("text", ["", "RF", "RF72", "RF72X", "RF72X100", "RF72X01001", "RF72XX1001", "R72X1001", "X1001", "RF72Y1001"])
def test_where_no_orders_reference_holds_none_is_found(text: str) -> None:
    assert find_order_references(text) == []


def test_both_kinds_in_one_text_are_told_apart() -> None:
    text = f"{ORDER}{ANNA} {order_reference('2077')}"
    assert (find_order_references(text), find_references(text)) == (["1001", "2077"], ["20468"])


@given(orders, partners, st.text(), st.data())
def test_neither_kind_is_ever_read_as_the_other(order: str, partner: str, after: str, data: st.DataObject) -> None:
    def written(reference: str) -> str:
        return "".join(char + data.draw(separators) for char in reference) + f" {after.replace('R', '').replace('r', '')}"

    assert find_references(written(order_reference(order))) == []
    assert find_order_references(written(topup_reference(partner))) == []


@pytest.mark.parametrize("unit", ["RF", "RF72X", "RF72X1001", "RF72X" + "1" * 18, "RF00" + "0" * 19 + "X"])
def test_work_grows_with_the_text_and_not_faster(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(number: str) -> int | None:
        nonlocal asked
        asked += 1
        return order_id(number)

    monkeypatch.setattr("vps.kernel.numbers.order_id", counting)
    find_order_references((unit * 10_000)[:10_000])
    assert asked <= 10_000


def test_the_domestic_forms() -> None:
    assert (croatian_reference(ANNA), serbian_reference(ANNA)) == ("HR0020468", "979520468")
    assert (croatian_reference(ORDER), serbian_reference(ORDER)) == ("HR008-100105", "97298100105")


def test_domestic_forms_are_made_of_our_references_only() -> None:
    for foreign in ["RF18539007547034X", "20468", "RF7420469", "RF73X1001"]:
        with pytest.raises(AssertionError):
            croatian_reference(foreign)


def test_a_croatian_group_has_at_most_twelve_figures() -> None:
    assert len(croatian_reference(topup_reference(partner_number(10**9)))) == 16
    with pytest.raises(AssertionError):
        croatian_reference(topup_reference(partner_number(10**11)))


@given(orders, partners)
def test_both_domestic_forms_are_found_and_never_taken_for_the_other(order: str, partner: str) -> None:
    for written in (croatian_reference, serbian_reference):
        of_order, of_partner = written(order_reference(order)), written(topup_reference(partner))
        for order_field, partner_field in [(of_order, of_partner), (of_order.replace("-", ""), of_partner)]:
            assert find_domestic(order_field) == ([], [order])
            assert find_domestic(partner_field) == ([partner], [])


@given(partners)
def test_model_97_puts_two_check_digits_before_the_number(partner: str) -> None:
    written = serbian_reference(topup_reference(partner))
    assert mod_97_10.is_valid(written[4:] + written[2:4])


@pytest.mark.parametrize("field", ["HR00 20468", "hr00-20468", " HR0020468 ", "HR00 204-68", "97 95-20468", "97 9520468", "(97) 95 20468"])
def test_a_field_is_read_however_it_is_spaced(field: str) -> None:
    assert find_domestic(field) == (["20468"], [])


@pytest.mark.parametrize(
    "text",
    [
        *["", "HR00", "HR01 20468", "HR0020469", "HR99", "97 94-20468", "97 95-20469", "20468", "HR00 8-100106", "HR00 8-1000", "97 98-"],
        *[
            "Dank HR0020468",
            "HR0020468 Anna",
            "979520468 hvala",
            "HR002046\N{ARABIC-INDIC DIGIT EIGHT}",
            "RF7420468",
            "HR00 ---",
            "HR00" + "1" * 99,
        ],
    ],
)
def test_other_fields_and_prose_are_no_domestic_reference(text: str) -> None:
    assert find_domestic(text) == ([], [])


def test_every_line_is_a_field_of_its_own() -> None:
    assert find_domestic("NOTPROVIDED\nHR00 8-100105\n97 95-20468\nHR0020468") == (["20468"], ["1001"])
