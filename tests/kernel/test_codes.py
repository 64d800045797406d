"""Codes of six digits, as they are made and as people type them."""

import pytest

from vps.kernel.codes import NotACode, read_code, six_digits


@pytest.mark.parametrize("typed", ["483920", "483 920", "483-920", " 48 39 20 ", "483\u00a0920", "4-8-3-9-2-0"])
def test_spaces_and_dashes_between_the_digits_are_forgiven(typed):
    assert read_code(typed) == "483920"


@pytest.mark.parametrize(
    "typed",
    ["", "48392", "4839201", "48392O", "４８３９２０", "٤٨٣٩٢٠", "483,920", "48392\n0", "+48392", "1e5", "x" * 10_000, "483920\x00"],
)
def test_anything_else_is_no_code(typed):
    with pytest.raises(NotACode):
        read_code(typed)


def test_a_code_is_six_digits_of_what_it_is_for_and_of_nothing_else():
    codes = {six_digits("step", "1", str(sent)) for sent in range(50)}

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 45 and six_digits("step", "1") == six_digits("step", "1")
