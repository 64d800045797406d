"""Typed amounts: one right form per language, everything else refused with that form shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps.kernel import amounts
from vps.kernel.amounts import (
    NoAmount,
    NotPositive,
    TooManyDecimals,
    TooMuch,
    Typed,
    WrongAmount,
    WrongQuantity,
    parse_amount,
    parse_plain,
    parse_quantity,
    written,
)
from vps.kernel.money import Money
from vps.kernel.refusals import Refused

LANGUAGES = ["en", "de", "ru", "hr", "sr", "sr_Latn"]
COMMA = ["de", "hr", "sr", "sr_Latn"]
EXAMPLES = {"en": "1,000.50", "ru": "1\u00a0000,50", **dict.fromkeys(COMMA, "1.000,50")}
NNBSP = "\u202f"


def read(text: str, language: str, currency: str = "EUR") -> int:
    """The minor units of what was typed."""
    return parse_amount(text, language=language, currency=currency).money.minor


def refusal(text: str, language: str, currency: str = "EUR") -> Refused:
    with pytest.raises(Refused) as caught:
        parse_amount(text, language=language, currency=currency)
    return caught.value


def test_grouped_with_decimals_is_read_where_it_is_the_form_and_refused_elsewhere() -> None:
    right = {"1.000,50": COMMA, "1,000.50": ["en"], "1 000,50": ["ru"], "1\u00a0000,50": ["ru"], f"1{NNBSP}000,50": ["ru"]}
    for text, languages in right.items():
        for language in LANGUAGES:
            if language in languages:
                assert read(text, language) == 100_050
            else:
                assert type(refusal(text, language)) is WrongAmount


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_shows_the_right_form(language: str) -> None:
    for text in ["x", "", "0", "1e3"]:
        refused = refusal(text, language)
        assert refused.facts["example"] == EXAMPLES[language]
        assert EXAMPLES[language] in str(refused)
        assert refused.field == "amount"
    assert read(EXAMPLES[language], language) == 100_050


@pytest.mark.parametrize(("currency", "example"), [("JPY", "1000"), ("KWD", "1.000,500"), ("RSD", "1.000,50")])
def test_the_right_form_has_the_decimals_of_the_currency(currency: str, example: str) -> None:
    assert refusal("x", "de", currency).facts["example"] == example
    assert parse_amount(example, language="de", currency=currency).could_mean is None


@pytest.mark.parametrize(("text", "language"), [("10.50", language) for language in [*COMMA, "ru"]] + [("10,50", "en")])
def test_the_decimal_sign_of_another_language_is_refused(text: str, language: str) -> None:
    assert type(refusal(text, language)) is WrongAmount


@pytest.mark.parametrize("language", COMMA)
def test_one_group_alone_is_read_and_its_other_meaning_reported(language: str) -> None:
    typed = parse_amount("1.234", language=language, currency="EUR")
    assert typed.money == Money(123_400, "EUR")
    assert typed.could_mean == Money(123, "EUR")


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 1234), ("JPY", 12), ("KWD", 12345)])
def test_the_other_meaning_is_cut_to_the_decimals_of_the_currency(currency: str, minor: int) -> None:
    assert parse_amount("12,345", language="en", currency=currency).could_mean == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "language"), [("1.234,00", "de"), ("1.234.567", "de"), ("1234", "de"), ("1 234", "ru"), ("1,234.00", "en"), ("12,5", "de")]
)
def test_an_amount_without_doubt_has_no_other_meaning(text: str, language: str) -> None:
    assert parse_amount(text, language=language, currency="EUR").could_mean is None


@pytest.mark.parametrize(
    ("text", "language", "currency"),
    [
        ("1,234", "de", "EUR"),
        ("0,001", "hr", "EUR"),
        ("1,234", "ru", "RUB"),
        ("0.001", "en", "EUR"),
        ("10,5", "de", "JPY"),
        ("1,2345", "sr", "KWD"),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused(text: str, language: str, currency: str) -> None:
    refused = refusal(text, language, currency)
    assert type(refused) is TooManyDecimals
    assert refused.facts["currency"] == currency


NEVER = [
    *["١٢", "１２", "௧", "1²", "½", "一"],
    *["1e3", "1E400", "NaN", "Infinity", "-Infinity", "inf"],
    *["-0", "-5", "−5", "(5)", "+5", "5-", "5 EUR", "€5"],
    *["1_000", "0x10", "1'000", "1’000", "0b1"],
    *["5,", ",5", ".5", "5.", ".", ",", "5,,5", "5..5", "5,5,5", "1.2.3"],
    *["1..000", "1.00", "1,00.000", "10000.000", "1.0000", "0.123", "0,123,456", "01,234", "01.234", "1  000", "1 00", "0001 000"],
    *["1\n000", "1\t000", "1\u2009000", "1\x00", "\x00", "\ud800", "5\u202e", "\u200b5"],
    *["1." + "0" * 44, "9" * 41, "9" * (1 << 20), "1 " * 9000, "." * 9000],
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", NEVER, ids=lambda text: ascii(text[:12]))
def test_what_is_an_amount_in_no_language_is_refused_in_each(text: str, language: str) -> None:
    # Some are one language's decimals ('1.00', '0.123'): what matters is that none becomes another number silently.
    if language == "en" and text == "1.00":
        assert read(text, language) == 100
    else:
        assert type(refusal(text, language)) in {WrongAmount, TooManyDecimals}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["0", "00", "000000"])
def test_nothing_is_no_amount(text: str, language: str) -> None:
    assert type(refusal(text, language)) is NotPositive
    assert type(refusal(text + (".00" if language == "en" else ",00"), language)) is NotPositive


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u202f\t\r\n"])
def test_an_empty_field_is_asked_for(text: str) -> None:
    assert type(refusal(text, "de")) is NoAmount


@pytest.mark.parametrize("text", ["9" * 40, "9" * 30, "9223372036854775808", "1000000000,01"])
def test_too_much_is_refused_with_the_limit(text: str) -> None:
    refused = refusal(text, "de")
    assert type(refused) is TooMuch
    assert refused.facts["most"] == Money(10**11, "EUR")
    assert type(refusal("9" * 30 + ".5", "en")) is TooMuch


def test_the_limit_itself_is_allowed() -> None:
    assert parse_amount("500,00", language="de", currency="EUR", most=50_000).money == Money(50_000, "EUR")
    with pytest.raises(TooMuch):
        parse_amount("500,01", language="de", currency="EUR", most=50_000)


@pytest.mark.parametrize(
    ("text", "language", "currency", "minor"),
    [
        ("5", "de", "EUR", 500),
        ("  12,5 ", "hr", "EUR", 1250),
        ("0,01", "ru", "RUB", 1),
        ("007", "en", "EUR", 700),
        ("1000", "sr", "RSD", 100_000),
        ("1.234.567,8", "sr_Latn", "RSD", 123_456_780),
        (f"12 345\u00a0678{NNBSP}901,25", "ru", "RUB", 1_234_567_890_125),
        ("1000", "de", "JPY", 1000),
        ("1,234", "de", "KWD", 1234),
    ],
)
def test_right_forms_are_read(text: str, language: str, currency: str, minor: int) -> None:
    assert parse_amount(text, language=language, currency=currency, most=10**13).money == Money(minor, currency)


@given(st.integers(1, 10**11), st.sampled_from(["en", "de", "ru"]), st.booleans())
def test_what_we_write_we_read(minor: int, language: str, grouped: bool) -> None:
    figures = f"{minor // 100:,}.{minor % 100:02}" if grouped else f"{minor // 100}.{minor % 100:02}"
    signs = {"en": ",.", "de": ".,", "ru": "\u00a0,"}[language]
    assert read(figures.translate(str.maketrans(",.", signs)), language) == minor


@given(st.text(), st.sampled_from(LANGUAGES), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_text_is_read_or_refused(text: str, language: str, currency: str) -> None:
    try:
        assert parse_amount(text, language=language, currency=currency).money.is_positive
    except Refused as refused:
        assert "%" not in str(refused)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1000.50", "EUR", 100_050), ("1000.5", "EUR", 100_050), (" 7 ", "EUR", 700), ("0", "EUR", 0), ("5", "JPY", 5)],
)
def test_plain_amounts_of_files(text: str, currency: str, minor: int) -> None:
    assert parse_plain(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["1,000.50", "1000,50", "1 000", "-5", "−5", "+5", "1e3", "5.", ".5", "٣", "1.0.0"])
def test_plain_amounts_know_one_form(text: str) -> None:
    with pytest.raises(WrongAmount) as caught:
        parse_plain(text, "EUR")
    assert caught.value.facts["example"] == "1000.50"


@pytest.mark.parametrize(
    ("text", "currency", "refused"),
    [("", "EUR", NoAmount), ("1.005", "EUR", TooManyDecimals), ("10.5", "JPY", TooManyDecimals), ("9" * 20, "EUR", TooMuch)],
)
def test_plain_amounts_refused(text: str, currency: str, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        parse_plain(text, currency)


def test_plain_amounts_have_a_sign_where_asked_for() -> None:
    assert parse_plain("-5.25", "EUR", signed=True) == Money(-525, "EUR")
    assert parse_plain("5.25", "EUR", signed=True) == Money(525, "EUR")
    for text in ["--5", "- 5", "-"]:
        with pytest.raises(WrongAmount):
            parse_plain(text, "EUR", signed=True)
    with pytest.raises(TooMuch):
        parse_plain(f"-{10**10}", "EUR", signed=True)


def test_quantities_are_whole_numbers_up_to_999() -> None:
    assert [parse_quantity(text) for text in ["1", " 12 ", "999", "007"]] == [1, 12, 999, 7]


@pytest.mark.parametrize("text", ["", "0", "000", "1000", "-1", "1.0", "1,5", "1e2", "٣", "１", "2²", "9" * 9000])
def test_other_quantities_are_refused(text: str) -> None:
    with pytest.raises(WrongQuantity) as caught:
        parse_quantity(text)
    assert caught.value.field == "quantity"


def test_the_default_limit_is_the_published_one() -> None:
    assert read("1000000000", "de") == amounts.MOST


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1234.50"), ("de", "1234,50"), ("ru", "1234,50"), ("hr", "1234,50"), ("sr", "1234,50"), ("sr_Latn", "1234,50")],
)
def test_what_stands_in_a_field_is_read_as_the_same_amount(language, text):
    assert written(Money(1234_50, "EUR"), language) == text
    assert parse_amount(text, language=language, currency="EUR") == Typed(Money(1234_50, "EUR"))
    assert parse_amount(written(Money(1234, "JPY"), language), language=language, currency="JPY") == Typed(Money(1234, "JPY"))
