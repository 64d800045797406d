"""What nobody knew is said by a person: offered with a reason, booked by one press, taken back by another; the ledger's sum is the lines'."""

from datetime import date

import pytest

from tests.bank.test_claiming import unclear
from tests.bank.test_import import file, line, sums, take
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from tests.forger import lie, unguard
from vps.bank.actions import (
    NamedAlready,
    NotOffered,
    NotUnclear,
    OtherAmount,
    claim,
    clarify,
    sought,
    suggestions,
    take_claim_back,
    undo_claim,
)
from vps.bank.models import claims_of, line_of_claim, open_line, unclear_count, unclear_lines, unclear_sums
from vps.bank.models.audit import audit
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.database import one, run
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import NotFound
from vps.ledger.models.audit import audit as ledger_audit
from vps.people.actions import close_person
from vps.wallets.actions import NoReason, Slip, WouldBeDebt, pay_out, reverse_by_hand, top_up


@pytest.fixture
def desk(cast):
    cast.desk = Actor(cast.dragan.id, "127.0.0.1")
    return cast


def by_hand(desk, minor: int, number: str = "B 7", day: date = date(2026, 11, 17)):
    slip = Slip(number, day, "Boris", "Bareinzahlung")
    return top_up(desk.boris.id, eur(minor), slip, authorisation=ByStaff(desk.desk), at=NOON).id


def offers(key: int) -> list[tuple[str, int]]:
    """What is suggested, but for what any line could be."""
    return [(found.kind, found.target) for found in suggestions([open_line(key)])[0] if found.kind != "own"]


def proven() -> bool:
    return list(audit()) == [] and list(ledger_audit("Europe/Berlin")) == []


def test_the_oldest_line_comes_first_and_the_sum_is_the_ledgers(desk):
    take(file(line("9.00"), line("5.00", inner="<Sts>BOOK</Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt>"), line("2.00", side="DBIT")))

    found = unclear_lines()

    assert [each.unclear for each in found] == [eur(5_00), eur(9_00), eur(-2_00)]
    assert unclear_lines(after=("2026-11-19", found[1].id)) == found[2:]
    assert (unclear_sums(), unclear_count()) == ([eur(12_00)], 3)
    assert proven()


def test_who_is_looked_for_by_number_or_name_is_offered_and_one_press_books_it(desk):
    take(file(line("100.00", text="Danke"), line("3.00", side="DBIT")))
    out, came = unclear_lines()[1], open_line(1)

    assert (
        [found.label for found in sought(came, "boris")]
        == [found.label for found in sought(came, f" {desk.boris.number} ")]
        == [desk.boris.number]
    )
    assert sought(came, "") == sought(came, "Nemo") == sought(out, "boris") == []
    booked = clarify(1, "top-up", desk.boris.id, eur(30_00), asked="Борис", comment=" by phone ", actor=desk.desk, at=NOON)
    clarify(1, "top-up", desk.anna.id, None, asked=desk.anna.number, actor=desk.desk, at=NOON)

    assert (wallet(desk.boris), wallet(desk.anna), unclear()) == (eur(30_00), eur(320_00), -3_00)
    assert [(each.label, each.amount, each.made_by, each.comment) for each in claims_of(1)] == [
        (desk.boris.number, eur(30_00), desk.dragan.name, "by phone"),
        (desk.anna.number, eur(70_00), desk.dragan.name, ""),
    ]
    assert line_of_claim(booked.id) == 1 and proven()


def test_what_was_not_offered_is_not_booked(desk):
    take(file(line("100.00"), line("3.00", side="DBIT")))
    gone = topup_reference(desk.anna.number)
    take(file(line("8.00", ref=gone), number="2"))
    for key, kind, target, asked in (
        (1, "top-up", desk.boris.id, ""),
        (1, "top-up", desk.boris.id, "anna"),
        (1, "top-up", desk.clara.id, "clara"),
        (1, "nonsense", 1, ""),
        (2, "top-up", desk.boris.id, desk.boris.number),
        (3, "top-up", desk.anna.id, "anna"),  # which is clear
    ):
        with pytest.raises(NotOffered):
            clarify(key, kind, target, None, asked=asked, actor=desk.desk, at=NOON)
    with pytest.raises(NotFound):
        clarify(77, "top-up", desk.boris.id, None, asked="boris", actor=desk.desk, at=NOON)
    with pytest.raises(NotUnclear):
        clarify(1, "top-up", desk.boris.id, eur(100_01), asked="boris", actor=desk.desk, at=NOON)

    assert (wallet(desk.boris), unclear()) == (eur(0), 97_00)


def test_a_reference_of_a_closed_account_is_offered_with_its_reason(desk):
    close_person(desk.boris, actor=desk.desk, at=NOON)
    take(file(line("4.00", ref=topup_reference(desk.boris.number))))

    found, _ = suggestions([open_line(1)])[0]

    assert (found.kind, found.target, found.facts) == ("top-up", desk.boris.id, {"number": desk.boris.number})
    assert "closed" in found.says and "closed" in sought(open_line(1), desk.boris.number)[0].says


def test_what_was_booked_by_hand_is_not_money_twice(desk):
    first, far = by_hand(desk, 50_00), by_hand(desk, 50_00, "B 8", date(2026, 11, 2))
    take(file(line("50.00"), line("50.00"), line("50.00", side="DBIT")))

    assert offers(1) == offers(2) == [("booked", first)], "not the receipt of two weeks before"
    assert offers(3) == [], "money that went is not money that came"
    assert sums() == {"bank": -150_00, "clarify": 50_00}
    clarify(1, "booked", first, None, actor=desk.desk, at=NOON)

    assert offers(2) == [], "one receipt is one line"
    assert sums() == {"bank": -100_00, "clarify": 0} and wallet(desk.boris) == eur(100_00)
    with pytest.raises(NamedAlready):
        claim(2, "booked", first, eur(50_00), actor=desk.desk, at=NOON)
    with pytest.raises(OtherAmount):
        claim(2, "booked", far, eur(49_00), actor=desk.desk, at=NOON)
    assert proven()
    undo_claim(1, reason="another one", actor=desk.desk, at=NOON)
    assert offers(2) == [("booked", first)] and proven()


def test_a_payment_out_by_hand_is_found_and_a_reversed_booking_is_not(desk):
    kept = pay_out(desk.anna.id, eur(20_00), Slip("A 1", date(2026, 11, 19), "Anna", "x"), authorisation=ByStaff(desk.desk), at=NOON).id
    wrong = pay_out(desk.anna.id, eur(20_00), Slip("A 2", date(2026, 11, 19), "Anna", "x"), authorisation=ByStaff(desk.desk), at=NOON).id
    reverse_by_hand(desk.anna.id, wrong, reason="typed wrong", authorisation=ByStaff(desk.desk), at=NOON)
    take(file(line("20.00", side="DBIT")))

    assert offers(1) == [("booked", kept)]
    clarify(1, "booked", kept, None, actor=desk.desk, at=NOON)

    assert sums() == {"bank": 20_00, "clarify": 0} and proven()


def test_the_same_line_in_another_statement_is_offered_and_two_in_one_statement_are_two(desk):
    take(file(line("7.00", text="x"), line("7.00", text="x")))
    take(file(line("7.00", text="x"), line("7.00", text="y"), number="2"))

    assert offers(1) == offers(2) == offers(4) == []
    assert offers(3) == [("booked", open_line(1) and one("SELECT booking FROM bank_line WHERE id = 1")[0]),
                         ("booked", one("SELECT booking FROM bank_line WHERE id = 2")[0])]  # fmt: skip
    clarify(3, *offers(3)[0], None, actor=desk.desk, at=NOON)

    assert sums() == {"bank": -21_00, "clarify": 21_00} and proven()


def test_a_claim_is_taken_back_for_a_reason_and_below_zero_only_knowingly(desk):
    take(file(line("100.00", ref=topup_reference(desk.boris.number))))
    pay_out(desk.boris.id, eur(100_00), Slip("B-1", NOON.date(), "Boris", "cash"), authorisation=ByStaff(desk.desk), at=NOON)
    with pytest.raises(NoReason):
        take_claim_back(1, reason=" ", as_debt=False, actor=desk.desk, at=NOON)
    with pytest.raises(WouldBeDebt) as short:
        take_claim_back(1, reason="wrong", as_debt=False, actor=desk.desk, at=NOON)
    assert short.value.facts["missing"] == eur(100_00)

    take_claim_back(1, reason="wrong", as_debt=True, actor=desk.desk, at=NOON)

    assert (wallet(desk.boris), unclear(), line_of_claim(1)) == (eur(-100_00), 100_00, None)
    assert claims_of(1)[0].undone_at == NOON and proven()


def as_before_claims(line: int, partner: int) -> None:
    """As if the line had been booked straight to the wallet, by one booking that its claim has, too."""
    unguard()
    run("DELETE FROM booking WHERE id = (SELECT booking FROM line_claim WHERE line_id = ?)", line)
    own = one("SELECT booking FROM bank_line WHERE id = ?", line)[0]
    run("UPDATE booking SET credit_id = (SELECT account_id FROM wallet WHERE person_id = ?) WHERE id = ?", partner, own)
    run("UPDATE line_claim SET booking = ? WHERE line_id = ?", own, line)


def test_a_claim_from_before_claims_leaves_the_money_in_the_bank(desk):
    take(file(line("60.00", ref=topup_reference(desk.boris.number))))
    as_before_claims(1, desk.boris.id)
    assert list(audit()) == []

    take_claim_back(1, reason="somebody else's", as_debt=False, actor=desk.desk, at=NOON)

    assert (wallet(desk.boris), sums(), unclear()) == (eur(0), {"bank": -60_00, "clarify": 60_00}, 60_00)
    assert list(audit()) == []


LIES = {
    "UPDATE bank_line SET unclear = 1 WHERE id = 1": [
        "Line 1 of a statement says something else to be clarified than its claims leave.",
        "The account of what is to be clarified in EUR is not the sum of the lines that are.",
    ],
    "UPDATE line_claim SET undone_at = 5, mirror = booking WHERE id = 1": [
        "Line 1 of a statement says something else to be clarified than its claims leave.",
        "Claim 1 of a line does not fit its booking.",
    ],
    "UPDATE line_claim SET amount = 2 WHERE id = 1": [
        "Line 1 of a statement says something else to be clarified than its claims leave.",
        "Claim 1 of a line does not fit its booking.",
    ],
    "UPDATE line_claim SET undone_at = NULL, mirror = NULL WHERE id = 2": [
        "Line 2 of a statement says something else to be clarified than its claims leave.",
        "Claim 2 of a line does not fit its booking.",
    ],
}


def test_every_lie_about_a_claim_is_named(desk):
    ref = topup_reference(desk.boris.number)
    take(file(line("3.00", ref=ref), line("4.00", ref=ref)))
    undo_claim(2, reason="x", actor=desk.desk, at=NOON)
    unguard()

    assert {edit: lie(audit, edit) for edit in LIES} == LIES
