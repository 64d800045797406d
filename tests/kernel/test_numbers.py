"""Numbers of partners and orders, top-up references found in any purpose text, IBANs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from vps.kernel.numbers import find_references, is_iban, is_partner_number, order_id, order_number, partner_number, spaced, topup_reference

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
ANNA = partner_number(204)
BORIS = partner_number(205)
sequences = st.integers(1, 10**12)


@given(sequences)
def test_a_partner_number_checks_itself(sequence: int) -> None:
    number = partner_number(sequence)
    assert is_partner_number(number)
    assert number.startswith(str(sequence))


@given(sequences, st.data())
def test_one_wrong_digit_is_noticed(sequence: int, data: st.DataObject) -> None:
    number = partner_number(sequence)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    assert not is_partner_number(number[:place] + wrong + number[place + 1 :])


@given(sequences, st.data())
def test_two_swapped_neighbours_are_noticed(sequence: int, data: st.DataObject) -> None:
    number = partner_number(sequence)
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_partner_number(swapped)


@pytest.mark.parametrize("text", ["", "1", "195 ", " 195", "1-95", "0195", "x", "9" * 40, "٢٠٤٦٨", "20467"])
def test_what_we_did_not_write_is_no_partner_number(text: str) -> None:
    assert not is_partner_number(text)


def test_check_digits_never_issued_are_refused() -> None:
    for sequence in range(1, 500):
        right = partner_number(sequence)
        twins = [f"{sequence}{(int(right[-2:]) + shift):02}" for shift in (97, -97) if 0 <= int(right[-2:]) + shift <= 99]
        assert not any(map(is_partner_number, twins))


def test_there_is_no_partner_zero() -> None:
    with pytest.raises(AssertionError):
        partner_number(0)


def test_order_numbers() -> None:
    assert order_number(1) == "1001"
    assert order_id("1001") == 1
    assert order_id(order_number(10**9)) == 10**9


@pytest.mark.parametrize(
    "number",
    ["", "1000", "999", "01001", " 1001", "1001 ", "1e4", "-1001", "+1001", "1_001", "\uff11\uff10\uff10\uff11", "9" * 30, "1001\n"],
)
def test_an_order_number_is_read_strictly(number: str) -> None:
    assert order_id(number) is None


@given(sequences)
def test_a_reference_is_valid_by_iso_11649_and_found_again(sequence: int) -> None:
    partner = partner_number(sequence)
    assert iso11649.is_valid(topup_reference(partner))
    assert find_references(topup_reference(partner)) == [partner]


def test_a_reference_as_printed() -> None:
    assert (topup_reference("20468"), spaced(topup_reference("20468"))) == ("RF7420468", "RF74 2046 8")


def test_a_reference_is_made_for_partners_only() -> None:
    with pytest.raises(AssertionError):
        topup_reference("12345")


@pytest.mark.parametrize(
    "text",
    [
        "RF7420468",
        "rf74 2046 8",
        "Aufladung RF74 2046 8 danke",
        "EREF+RF7420468KREF+123",
        "R F 7 4\n2 0\r\n4 6 8",
        "RF74-2046-8",
        "RF74.2046/8",
        "xyzRF7420468NEXTLINE",
        "RFRF7420468",
        "RF RF99 RF7420468",
        "RF74 2O46 8",
        "rf74 2o46 8",
        "RF74 2046 8 2026-11-05",
        "12RF7420468123456789012345678901234567890",
        "RF74 0000 0000 0000 0020 468",
        "пополнение RF7420468 Борис",
    ],
)
def test_a_reference_is_found_in_messy_text(text: str) -> None:
    assert find_references(text) == ["20468"]


def test_look_alikes_count_where_the_check_digits_hold() -> None:
    partner = partner_number(15105)
    reference = topup_reference(partner)
    for look_alikes in ["OIS", "oIs", "olS", "oiS"]:
        typed = reference.translate(str.maketrans("015", look_alikes))
        assert typed != reference
        assert find_references(f"Guthaben {typed} Anna") == [partner]


@pytest.mark.parametrize(
    "text", ["", "No useful reference", "RF7520468", "RF7420469", "RF74", "RF", "7420468", "RF74204ж68", "R7420468", "20468"]
)
def test_where_no_reference_holds_none_is_found(text: str) -> None:
    assert find_references(text) == []


def test_a_valid_reference_of_somebody_else_is_not_ours() -> None:
    assert find_references("RF18 5390 0754 7034") == []
    foreign = json.loads((SAMPLES / "iban" / "bic-rf.json").read_text())["rf_ok"] if SAMPLES.exists() else ["RF206KCJWVH20"]
    assert [find_references(reference) for reference in foreign] == [[]] * len(foreign)


def test_several_references_are_all_found_once_in_order() -> None:
    boris, anna = topup_reference(BORIS), topup_reference(ANNA)
    assert find_references(f"{boris}{anna} {spaced(boris)}") == [BORIS, ANNA]


def test_a_number_is_not_cut_where_it_was_written_on() -> None:
    assert is_partner_number("11641")
    assert is_partner_number("1164195")
    assert find_references("RF741164195") == ["1164195"]
    assert find_references("RF74 1164 1") == ["11641"]
    assert find_references("RF74 11641 95") == ["11641", "1164195"]  # a person must look
    assert find_references("RF74116411") == ["11641"]  # nothing else holds


@given(sequences, st.text(), st.text(), st.data())
def test_a_reference_is_found_with_anything_around_it_and_spaces_within(
    sequence: int, before: str, after: str, data: st.DataObject
) -> None:
    partner = partner_number(sequence)
    spaces = st.sampled_from(["", " ", "\n", "\r\n", " - "])
    written = "".join(char + data.draw(spaces) for char in topup_reference(partner))
    assert partner in find_references(f"{before} {written} {after}")


@given(st.text(alphabet="RFrf0123456789OILS \n"))
def test_any_text_is_searched_and_only_partners_are_found(text: str) -> None:
    assert all(map(is_partner_number, find_references(text)))


@pytest.mark.parametrize("unit", ["RF", "R", "RF0", "RF1", "RF" + "1" * 23, "RF" + "OILS" * 6, "0", "RF74"])
def test_work_grows_with_the_text_and_not_faster(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Counted, not timed: candidates whose check digits are computed per character of hostile text.
    asked = 0

    def counting(text: str) -> bool:
        nonlocal asked
        asked += 1
        return is_partner_number(text)

    monkeypatch.setattr("vps.kernel.numbers.is_partner_number", counting)
    find_references((unit * 10_000)[:10_000])
    assert asked <= 10_000


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not on this machine")
def test_ibans_of_the_samples() -> None:
    samples = json.loads((SAMPLES / "iban" / "iban.json").read_text())
    valid = [written for sample in samples["valid"] for written in [sample["iban"], *sample["written"]]]
    assert [iban for iban in valid if not is_iban(iban)] == []
    assert [sample["iban"] for sample in samples["invalid"] if is_iban(sample["iban"])] == []


@pytest.mark.parametrize(
    "text", ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", "HR1210010051863000160", "RS35260005601001611379"]
)
def test_ibans_are_recognised(text: str) -> None:
    assert is_iban(text)


@pytest.mark.parametrize(
    "text",
    [
        *["", "DE", "DE88370400440532013000", "XX89370400440532013000", "GB01BARC20714583608387", "DE8937040044053201300"],
        *["DE89 3704 0044 0532 0130 00\n", "DE\uff18\uff19370400440532013000", "\x00", "9" * 9000],
    ],
)
def test_other_text_is_no_iban(text: str) -> None:
    assert not is_iban(text)
