"""A file of manual provisions is read whole or not at all, and every mistake is named by its line."""

import pytest

from tests.cast import NOON, eur
from tests.commissions.provisions import csv_of
from vps.commissions.actions import manual_lines
from vps.commissions.actions.manual_lines import (
    HasLeft,
    LikeFormula,
    NoLines,
    NotKept,
    TakesNoCommission,
    TooManyLines,
    one_provision,
    read_provisions,
    sums_of_lines,
)
from vps.company.actions import change_settings
from vps.kernel.amounts import NotPositive, TooManyDecimals, TooMuch, WrongAmount
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.cells import Empty, WrongCurrency
from vps.kernel.csvfile import ColumnsMissing, NoHeader, Twice, UnknownColumn, WrongCount, WrongLines
from vps.kernel.money import Money
from vps.kernel.text import HiddenCharacters, TooLong
from vps.orders.actions.take_over import NoSuchPartner
from vps.people.actions import close_person
from vps.people.actions.register import NotANumber
from vps.wallets.actions import KindFacts, NotYourOwn, end_kind, make_kind

NAMES = dict.fromkeys(("en", "de", "ru", "hr", "sr"), "Kind")


@pytest.fixture
def books(house):
    change_settings({"currencies": "RSD"}, actor=HOUSE, at=NOON)
    for code, commission in (("fuel", True), ("gift", False), ("old", True)):
        make_kind(code, KindFacts(NAMES, True, False, False, True, commission, 0, 1), actor=HOUSE, at=NOON)
    end_kind("old", actor=HOUSE, at=NOON)
    close_person(house.boris, actor=HOUSE, at=NOON)
    return house


def mistakes(*lines, header="number,amount,currency,text", by=HOUSE):
    with pytest.raises(WrongLines) as refused:
        read_provisions(csv_of(*lines, header=header), actor=by)
    return [(each.line, each.column, type(each.refusal)) for each in refused.value.mistakes]


def test_what_is_right_is_read_with_either_separator_and_a_kind_where_it_is_named(books):
    anna = books.anna
    content = csv_of(
        f"{anna.number};49.9;EUR;fuel; Fair   in Graz ", f"{anna.number};1;RSD;;'-minus", header="number;amount;currency;kind;text"
    )

    with pytest.raises(WrongLines):
        read_provisions(content, actor=HOUSE)
    read = read_provisions(content.replace(b"'-minus", b"minus"), actor=HOUSE)

    assert read == [(anna.id, "fuel", "EUR", 49_90, "Fair in Graz"), (anna.id, "main", "RSD", 1_00, "minus")]
    assert sums_of_lines(read) == (eur(49_90), Money(1_00, "RSD"))


WRONG = {
    "a number of nobody": ("{nobody},1,EUR,x", "number", NoSuchPartner),
    "a number mistyped": ("12345678,1,EUR,x", "number", NotANumber),
    "one who left": ("{boris},1,EUR,x", "number", HasLeft),
    "no number": (",1,EUR,x", "number", Empty),
    "zero": ("{anna},0,EUR,x", "amount", NotPositive),
    "less than zero": ("{anna},-5,EUR,x", "amount", NotPositive),
    "three decimals": ("{anna},1.005,EUR,x", "amount", TooManyDecimals),
    "a comma": ('{anna},"1,00",EUR,x', "amount", WrongAmount),
    "nothing": ("{anna},,EUR,x", "amount", Empty),
    "more than any booking": ("{anna},1000000000.01,EUR,x", "amount", TooMuch),
    "a currency nobody has": ("{anna},1,QQQ,x", "currency", WrongCurrency),
    "a currency that is not kept": ("{anna},1,CHF,x", "currency", NotKept),
    "a formula": ("{anna},1,EUR,=HYPERLINK(1)", "text", LikeFormula),
    "a formula behind a space": ("{anna},1,EUR, @SUM(1)", "text", LikeFormula),
    "no text": ("{anna},1,EUR, ", "text", Empty),
    "a long text": ("{anna},1,EUR," + "x" * 141, "text", TooLong),
    "a text that hides": ("{anna},1,EUR,a\u202eb", "text", HiddenCharacters),
    "too few cells": ("{anna},1", "", WrongCount),
}


def test_each_mistake_is_named_by_line_and_column(books):
    numbers = {"anna": books.anna.number, "boris": books.boris.number}
    from vps.kernel.numbers import partner_number

    numbers["nobody"] = partner_number(200_999)
    lines = [line.format(**numbers) for line, _, _ in WRONG.values()]

    assert mistakes(*lines) == [(n, column, refusal) for n, (_, column, refusal) in enumerate(WRONG.values(), 2)]


@pytest.mark.parametrize("kind", ["gift", "old", "none"])
def test_a_kind_that_takes_no_commission_is_refused(books, kind):
    assert mistakes(f"{books.anna.number},1,EUR,x,{kind}", header="number,amount,currency,text,kind") == [(2, "kind", TakesNoCommission)]


def test_the_same_line_twice_and_more_than_a_booking_in_all_are_refused(books):
    anna = books.anna.number
    assert mistakes(f"{anna},1,EUR,x", f"{anna},1,EUR,y", f"{anna},1.00,EUR,x") == [(4, "", Twice)]
    assert mistakes(f"{anna},900000000,EUR,x", f"{anna},200000000,EUR,y") == [(3, "amount", TooMuch)]


def test_nobody_hands_in_something_for_himself(books):
    anna = books.anna
    assert mistakes(f"{anna.number},1,EUR,x", by=Actor(anna.id)) == [(2, "number", NotYourOwn)]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NoHeader),
        (b"number,amount,currency,text\n", NoLines),
        (b"partner,amount,currency,text\n1,1,EUR,x\n", UnknownColumn),
        (b"number,amount,text\n1,1,x\n", ColumnsMissing),
    ],
)
def test_a_file_that_is_none_is_one_sentence(house, content, refusal):
    with pytest.raises(refusal):
        read_provisions(content, actor=HOUSE)


def test_there_is_a_most_of_lines(house, monkeypatch):
    monkeypatch.setattr(manual_lines, "MOST_LINES", 1)
    with pytest.raises(TooManyLines):
        read_provisions(csv_of(*(f"{house.anna.number},{n},EUR,x" for n in (1, 2))), actor=HOUSE)


def test_hundreds_of_numbers_are_looked_up_in_a_few_questions(house, monkeypatch):
    monkeypatch.setattr(manual_lines, "BATCH", 1)
    read = read_provisions(csv_of(*(f"{each.number},1,EUR,x" for each in (house.anna, house.boris))), actor=HOUSE)
    assert [given.person for given in read] == [house.anna.id, house.boris.id]


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"number": "1"}, NotANumber, "number"),
        ({"kind": "gift"}, TakesNoCommission, "kind"),
        ({"text": "=1"}, LikeFormula, "text"),
        ({"text": " "}, Empty, "text"),
        ({"amount": Money(1, "CHF")}, NotKept, "currency"),
    ],
)
def test_what_is_typed_for_one_is_refused_at_its_field(books, wrong, refusal, field):
    typed = {"number": books.anna.number, "amount": eur(1), "kind": "main", "text": "x"} | wrong

    with pytest.raises(refusal) as said:
        one_provision(typed.pop("number"), typed.pop("amount"), **typed, actor=HOUSE)

    assert said.value.field == field
