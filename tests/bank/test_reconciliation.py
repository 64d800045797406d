"""The daily page agrees to the cent: what the books are ahead of the bank is made up exactly of reasons, and what is left is never hidden."""

from datetime import date

import pytest

from tests.bank.camt_files import balance
from tests.bank.test_import import OURS, file, take
from tests.bank.test_import import line as line_of
from tests.cast import NOON, eur
from tests.forger import unguard
from vps.bank.actions import open_bank_account
from vps.bank.models.reconciliation import (
    BEFORE,
    GAP,
    OPENING,
    RECEIPT,
    TAKEN,
    TWICE,
    UNEXPLAINED,
    UNPROVEN,
    reconcile,
)
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import micros
from vps.kernel.database import insert, one, rows, run
from vps.kernel.numbers import topup_reference
from vps.ledger.actions import book, company_account, reverse, seal, voucher
from vps.wallets.actions import Slip, pay_out, reverse_by_hand, top_up

MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in range(16, 21))


@pytest.fixture
def desk(cast):
    cast.desk = ByStaff(Actor(cast.dragan.id))
    return cast


def statement(number, day, opening, *amounts, closing=True, begins=True):
    """A statement of one day, of which amounts come and go; without its balances where it has none."""
    lines = [line(str(abs(amount)), side="CRDT" if amount > 0 else "DBIT", day=day) for amount in amounts]
    first = [balance("OPBD", str(opening), day=day.isoformat())] if begins else []
    last = [balance("CLBD", str(opening + sum(amounts)), day=day.isoformat())] if closing else []
    return take(file(*first, *lines, *last, number=str(number)))


def line(amount, *, side="CRDT", day=FRI, **more):
    inner = f"<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
    return line_of(amount, side=side, inner=inner, **more)


def ours(day=FRI):
    return reconcile(day).accounts[0]


def reasons(day=FRI):
    found = ours(day)
    if found.difference is not None:
        assert sum(reason.amount.minor for reason in found.reasons) == found.difference.minor
    return [(reason.says, reason.amount.minor) for reason in found.reasons]


def hand(desk, minor, number, day=FRI, *, out=False):
    act = pay_out if out else top_up
    return act(desk.anna.id, eur(minor), Slip(number, day, "Anna", "cash"), authorisation=desk.desk, at=NOON).id


def booked_before(n, target, desk):
    """What the office does with a line that it had booked by hand: the bank account gives back what it had twice."""
    line, statement, minor, paper = one(
        "SELECT l.id, l.statement_id, l.amount, b.voucher_id FROM bank_line l JOIN booking b ON b.id = l.booking WHERE l.id = ?", n
    )
    sides = [company_account("clarify", "EUR"), company_account("bank", "EUR")]
    debit, credit = sides if minor > 0 else sides[::-1]
    facts = {"voucher": paper, "motive": "receipt", "amount": eur(abs(minor)), "at": NOON, "actor": desk.desk.actor}
    made = book(key=f"bank:{statement}:{n}:1", debit=debit, credit=credit, **facts).id
    insert("INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, comment) VALUES (?, 1, 'booked', ?, ?, ?, ?, '')", line, target, minor, made, micros(NOON))  # fmt: skip
    run("UPDATE bank_line SET unclear = 0 WHERE id = ?", line)


def take_back(statement):
    for line, booking in rows("SELECT id, booking FROM bank_line WHERE statement_id = ?", statement):
        paper = voucher("bank correction", f"line {line}", day=FRI)
        reverse(booking, key=f"bank:back:{line}", voucher=paper, at=NOON, actor=HOUSE)
    run("UPDATE bank_statement SET taken_back_at = 1 WHERE id = ?", statement)


def test_books_that_follow_the_statements_close_to_zero_on_every_day(desk):
    statement(1, MON, 1000, 5, -7)
    statement(2, TUE, 998, 6)
    statement(3, FRI, 1004, 100)
    seal(at=NOON, zone="Europe/Berlin")

    assert [(ours(day).books.minor, ours(day).statement.minor, ours(day).closes) for day in (MON, TUE, WED, THU, FRI)] == [
        (998_00, 998_00, True), (1004_00, 1004_00, True), (1004_00, 1004_00, True), (1004_00, 1004_00, True), (1104_00, 1104_00, True)
    ]  # fmt: skip
    assert (ours(WED).closing_number, ours(WED).closing_day) == ("2", TUE)
    assert reconcile(FRI).closes


def test_before_the_first_statement_there_is_nothing_to_compare_with(desk):
    hand(desk, 5_00, "B-1", MON)
    statement(1, TUE, 1000, 5, closing=False)

    assert (ours(FRI).statement, ours(FRI).difference, ours(FRI).reasons, ours(FRI).closes) == (None, None, [], False)
    assert ours(MON).books == eur(5_00)
    assert reconcile(FRI).closes


def test_a_receipt_booked_by_hand_is_named_until_a_line_is_told_to_be_it(desk):
    statement(1, MON, 1000, 5)
    came, went = hand(desk, 30_00, "B-1", TUE), hand(desk, 8_00, "B-2", WED, out=True)
    wrong = hand(desk, 1_00, "B-3", WED)
    reverse_by_hand(desk.anna.id, wrong, reason="wrong", authorisation=desk.desk, at=NOON)
    assert reasons(MON) == []
    assert reasons(TUE) == [(RECEIPT, 30_00)]
    assert reasons(WED) == [(RECEIPT, 30_00), (RECEIPT, -8_00)]
    assert ours(WED).reasons[0].facts == {"number": "B-1", "day": TUE}

    statement(2, THU, 1005, 30, -8)
    assert [minor for _, minor in reasons(THU)] == [30_00, -8_00]
    booked_before(2, came, desk)
    booked_before(3, went, desk)

    assert reasons(WED) == [(RECEIPT, 30_00), (RECEIPT, -8_00)]
    assert (reasons(THU), ours(THU).closes, reconcile(THU).closes) == ([], True, True)


def test_a_line_that_counts_as_booked_before_needs_something_in_force_before_it(desk):
    statement(1, MON, 1000, 5)
    came = hand(desk, 30_00, "B-1", TUE)
    statement(2, WED, 1005, 30)
    booked_before(2, came, desk)

    reverse_by_hand(desk.anna.id, came, reason="wrong", authorisation=desk.desk, at=NOON)

    assert reasons(WED) == [(BEFORE, -30_00)]
    assert ours(WED).reasons[0].facts == {"number": "2", "n": 1}


def test_a_part_of_the_day_and_then_the_whole_day_make_up_for_each_other(desk):
    statement("1", MON, 1000, 5)
    statement("2", TUE, 1000, 5, 3)
    assert reasons(TUE) == [(GAP, 5_00)]

    booked_before(2, one("SELECT booking FROM bank_line WHERE id = 1")[0], desk)

    assert reasons(TUE) == [(GAP, 5_00), (TWICE, -5_00)]
    assert ours(TUE).closes


def test_a_statement_that_is_missing_is_a_gap_with_its_days_and_amount(desk):
    statement(1, MON, 1000, 5)
    statement(3, WED, 1012, 1)
    statement(2, TUE, 1005, 3)

    found = ours(FRI)

    assert reasons(FRI) == [(GAP, -4_00)]
    assert found.reasons[0].facts == {"before": "2", "from": TUE, "after": "3", "to": WED}
    assert (found.books, found.statement) == (eur(1009_00), eur(1013_00))


def test_parts_of_one_day_join_in_whatever_order_they_came(desk):
    statement("1b", MON, 1005, 2)
    statement("1a", MON, 1000, 5)
    statement("2b", TUE, 1010, 1)
    statement("2a", TUE, 1007, 3)

    assert [reason for reason in reasons(TUE) if reason[0] == GAP] == []


def test_a_statement_that_was_taken_back_is_named_instead_of_a_gap(desk):
    statement(1, MON, 1000, 5)
    statement(2, TUE, 1005, 3)
    take_back(2)
    assert (reasons(FRI), ours(FRI).closing_number) == ([], "1")

    statement(3, WED, 1008, 1)
    assert reasons(FRI) == [(TAKEN, -3_00)]
    assert ours(FRI).reasons[0].facts == {"number": "2", "day": TUE}

    statement(2, TUE, 1005, 3)
    assert (reasons(FRI), ours(FRI).closes) == ([], True)


def test_a_statement_without_a_closing_balance_is_named_until_the_next_one_proves_it(desk):
    statement(1, MON, 1000, 5)
    statement(2, TUE, 1005, 3, closing=False, begins=False)
    assert reasons(FRI) == [(UNPROVEN, 3_00)]
    assert ours(MON).closes

    statement(3, WED, 1008, 2, begins=False)
    assert reasons(FRI) == []
    statement(4, THU, 1011, 2, closing=False)
    assert reasons(FRI) == [(UNPROVEN, 2_00)]
    statement(5, FRI, 1013, 2)
    assert reasons(FRI) == [(GAP, -1_00)]


def test_an_account_whose_opening_nobody_booked_says_so(desk):
    statement(1, MON, 1000, 5, closing=False, begins=False)
    statement(2, TUE, 1005, 3)

    assert reasons(FRI) == [(OPENING, -1000_00)]
    assert ours(FRI).reasons[0].facts == {"opening": eur(1000_00), "booked": eur(0), "day": MON}


def test_what_was_booked_by_hand_before_the_first_statement_is_a_part_of_its_opening(desk):
    hand(desk, 300_00, "B-1", MON)
    hand(desk, 20_00, "B-2", WED)
    statement(1, WED, 1000, 5)

    assert reasons(WED) == [(RECEIPT, 20_00)]
    assert one("SELECT amount FROM booking WHERE key LIKE 'bank:%:opening:1'")[0] == 700_00
    hand(desk, 1_00, "B-3", TUE)
    assert reasons(WED) == [(OPENING, 1_00), (RECEIPT, 20_00)]


def test_all_that_was_there_may_have_been_booked_by_hand(desk):
    hand(desk, 300_00, "B-1", MON)
    statement(1, WED, 300, 5)

    assert (reasons(WED), ours(WED).closes) == ([], True)
    assert one("SELECT count(*) FROM booking WHERE key LIKE 'bank:%:opening:%'")[0] == 0


def test_what_nothing_explains_is_shown(desk):
    statement(1, MON, 1000, 5)
    paper = voucher("stray", "1", day=MON)
    sides = {"debit": company_account("bank", "EUR"), "credit": company_account("purchases", "EUR")}
    book(key="stray", voucher=paper, motive="receipt", amount=eur(1), at=NOON, actor=HOUSE, **sides)

    assert reasons(MON) == [(UNEXPLAINED, 1)]
    assert (ours(MON).closes, ours(MON).reasons[0].known, reconcile(MON).closes) == (False, False, False)
    unguard()
    run("UPDATE bank_statement SET closing = closing + 1 WHERE id = 1")
    assert ours(MON).difference == eur(0) and not ours(MON).reasons


def test_what_stands_between_bank_and_wallets_is_beside_it(desk):
    statement(1, MON, 1000, 5, -7)
    take(file(line("9.00", ref=topup_reference(desk.anna.number)), number="2"))
    facts = {"voucher": voucher("x", "1", day=MON), "motive": "pay-out", "amount": eur(3), "at": NOON, "actor": HOUSE}
    book(key="1", debit=company_account("purchases", "EUR"), credit=company_account("transit", "EUR"), **facts)
    book(key="2", debit=company_account("debts", "EUR"), credit=company_account("purchases", "EUR"), **facts)
    book(key="3", debit=company_account("purchases", "EUR"), credit=company_account("withheld", "EUR"), **facts)

    [beside] = reconcile(MON).beside

    assert beside == (eur(-2_00), eur(-2_00), 2, eur(3), eur(3), eur(3))
    run("UPDATE bank_line SET unclear = 0 WHERE id = 1")
    assert reconcile(MON).beside[0][:3] == (eur(-2_00), eur(-7_00), 1) and not reconcile(MON).closes


def test_every_account_stands_alone_and_a_closed_one_while_it_has_something(desk):
    open_bank_account("HR1723600001101234565", "EUR", actor=HOUSE, at=NOON)
    statement(1, MON, 1000, 5)
    second = OURS.replace("DE89 3704 0044 0532 0130 00", "HR1723600001101234565")
    take(file(balance("OPBD", "7", day="2026-11-16"), balance("CLBD", "7", day="2026-11-16"), account=second))

    assert [(each.number, each.books.minor, each.closes) for each in reconcile(MON).accounts] == [
        ("DE89370400440532013000", 1005_00, True), ("HR1723600001101234565", 7_00, True)
    ]  # fmt: skip
    run("UPDATE bank_account SET closed_at = 1")
    assert len(reconcile(MON).accounts) == 2
    take_back(1)
    paper = voucher("x", "1", day=MON)
    reverse(one("SELECT id FROM booking WHERE key LIKE 'bank:%:opening:1'")[0], key="x", voucher=paper, at=NOON, actor=HOUSE)
    assert [each.number for each in reconcile(MON).accounts] == ["HR1723600001101234565"]


def test_no_company_account_is_a_page_without_accounts(engine):
    assert reconcile(MON) == (MON, [], [])
