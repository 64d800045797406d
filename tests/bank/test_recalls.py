"""The bank takes money back: the line that does so mirrors what the earlier one had booked, both stay clear, nothing is unclear."""

from datetime import date

import pytest

from tests.bank.test_import import BOOKED, DAYS, file, line, sums, take
from tests.cast import NOON, eur
from tests.cast import balance as wallet
from tests.forger import unguard
from vps.bank.actions import NotTheWhole, Seen, StaysBack, claim, clarify, sought, undo_claim, verdicts
from vps.bank.models import lines_of, open_line
from vps.bank.models.proof import prove_lines
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import one, run
from vps.kernel.numbers import topup_reference
from vps.kernel.refusals import NotFound
from vps.ledger.actions import AlreadyReversed, company_account, reverse
from vps.ledger.actions import book as move
from vps.ledger.models.audit import audit
from vps.wallets.actions import account_of, tell_from

LATER = DAYS.replace("2026-11-19", "2026-11-24")


def unclear():
    return [row for (row,) in [one("SELECT unclear FROM bank_line WHERE id = ?", n) for n in (1, 2)]]


def back_line(amount="100.00", *, end="E2E-7", reason="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", mark=""):
    """A line that takes an earlier one back."""
    return line(amount, side="DBIT", end=end, inner=f"{mark}<Sts>BOOK</Sts>{LATER}").replace("<Refs>", f"{reason}<Refs>")


def back(*args, number="2", **more):
    """A statement with only that line."""
    return file(back_line(*args, **more), number=number)


def recalling(day):
    """The same line, as it is seen."""
    return Seen("DE89370400440532013000", day, day, eur(-100_00), "", "", "", ("E2E-7",), "AC04", "", False)


def came(cast, **more):
    take(file(line("100.00", text=topup_reference(cast.boris.number), end="E2E-7", **more)))


def test_a_recalled_top_up_is_taken_from_the_wallet_and_both_lines_are_clear(cast):
    tell_from(cast.anna.id, eur(1), actor=HOUSE, at=NOON)
    take(file(line("100.00", text=topup_reference(cast.anna.number), end="E2E-7")))

    assert take(back()).matched == 1

    assert (wallet(cast.anna), sums(), unclear()) == (eur(250_00), {"bank": 0, "clarify": 0}, [0, 0])
    assert [lines_of(n)[0].claims[0][::2] for n in (1, 2)] == [("top-up", eur(100_00)), ("recall", eur(-100_00))]
    assert one("SELECT target, booking FROM line_claim WHERE kind = 'recall'") == (1, one("SELECT max(id) FROM booking")[0])
    assert one("SELECT count(*) FROM outbox WHERE kind = 'booking'")[0] == 2
    assert list(audit("Europe/Berlin")) == list(prove_lines()) == []


def test_what_was_spent_falls_below_zero_visibly(house):
    came(house)
    move(key="spent", voucher=1, motive="purchase", debit=account_of(house.boris.id, "EUR"), credit=company_account("purchases", "EUR"),
         amount=eur(60_00), at=NOON, actor=HOUSE)  # fmt: skip

    take(back())

    assert (wallet(house.boris), sums()["clarify"]) == (eur(-60_00), 0)
    assert one("SELECT debt FROM account WHERE id = ?", account_of(house.boris.id, "EUR"))[0] == 60_00
    assert list(audit("Europe/Berlin")) == []


def test_the_flag_of_a_reversal_turns_no_sign(house):
    came(house)

    take(back(reason="", mark="<RvslInd>true</RvslInd>"))
    take(file(line("5.00", inner="<RvslInd>true</RvslInd>" + BOOKED), number="3"))

    assert (wallet(house.boris), sums()) == (eur(0), {"bank": -5_00, "clarify": 5_00})


def test_the_account_of_the_payer_tells_it_too_but_not_alone_when_it_paid_twice(house):
    unguard()
    take(file(*[line("100.00", text=topup_reference(house.boris.number))] * 2))
    run("UPDATE bank_line SET party_account = 'DE02120300000000202051' WHERE id = 1")
    recalled = Seen(
        "DE89370400440532013000", NOON.date(), NOON.date(), eur(-100_00), "", "DE02120300000000202051", "", (), "MD06", "", False
    )

    assert [found.target for found in verdicts([recalled])[0].claims] == [1]
    assert verdicts([recalled, recalled])[1].claims == (), "only one line takes it back"
    run("UPDATE bank_line SET party_account = 'DE02120300000000202051'")
    twice = verdicts([recalled])[0]
    assert (twice.claims, [(found.target, found.sure) for found in twice.guesses]) == ((), [(1, False), (2, False)])


@pytest.mark.parametrize(
    "more",
    [{"end": "OTHER"}, {"amount": "99.99"}, {"reason": ""}],
    ids=["another reference", "another amount", "no word that it takes back"],
)
def test_what_does_not_fit_waits_for_a_person(house, more):
    came(house)

    assert take(back(**more)).matched == 0

    assert wallet(house.boris) == eur(100_00)


def test_who_looks_for_the_partner_or_the_payer_finds_what_a_line_takes_back(house):
    """Not every bank says which payment it recalls."""
    came(house)
    take(back(end="OTHER", reason=""))
    line_back = open_line(2)

    (found,) = sought(line_back, house.boris.number)
    assert (found.kind, found.target, found.sure) == ("recall", 1, False)
    assert sought(line_back, house.boris.name[:4].upper()) == [found]
    assert sought(line_back, "Nemo") == []
    clarify(2, "recall", 1, None, asked=house.boris.number, actor=HOUSE, at=NOON)

    assert (wallet(house.boris), sums(), unclear()) == (eur(0), {"bank": 0, "clarify": 0}, [0, 0])
    assert list(audit("Europe/Berlin")) == list(prove_lines()) == []


def test_after_thirteen_months_nothing_is_taken_back_by_itself(house):
    came(house)
    unguard()
    run("UPDATE bank_line SET booked_on = '2025-10-23'")

    assert take(back()).matched == 0
    late, early = verdicts([recalling(date(2026, 11, 24)), recalling(date(2026, 1, 5))])
    assert (late.claims, late.guesses, [found.target for found in early.claims]) == ((), (), [1])
    run("UPDATE bank_line SET booked_on = '2025-10-24' WHERE id = 1")
    assert take(back(number="3", end="E2E-7")).matched == 0, "the same line in another statement is for a person to look at"
    run("UPDATE bank_line SET party = 'x' WHERE id > 1")
    assert take(back(number="4")).matched == 1


def test_a_claim_is_taken_back_once_and_as_a_whole(cast):
    came(cast)
    take(file(line("50.00", side="DBIT"), line("100.00", side="DBIT"), line("100.00", side="DBIT"), number="2"))

    with pytest.raises(NotTheWhole) as refused:
        claim(2, "recall", 1, eur(-50_00), actor=HOUSE, at=NOON)
    assert refused.value.facts == {"amount": eur(100_00)}
    taken = claim(3, "recall", 1, eur(-100_00), comment="by phone", actor=HOUSE, at=NOON)
    for target, why in ((1, AlreadyReversed), (taken.id, NotFound), (77, NotFound)):
        with pytest.raises(why):
            claim(4, "recall", target, eur(-100_00), actor=HOUSE, at=NOON)
    for undone, why in ((1, AlreadyReversed), (taken.id, StaysBack)):
        with pytest.raises(why):
            undo_claim(undone, reason="x", as_debt=True, actor=HOUSE, at=NOON)

    assert (wallet(cast.boris), sums()["clarify"]) == (eur(0), -150_00)
    assert verdicts([recalling(NOON.date())]) == [((), ())], "nor is it found again"


def test_a_line_booked_straight_to_a_wallet_comes_back_through_what_is_to_be_clarified(house):
    # As lines were booked before there were claims: one booking, from the bank to the wallet.
    take(file(line("100.00", end="E2E-7")))
    wallets, bank = account_of(house.boris.id, "EUR"), company_account("bank", "EUR")
    reverse(one("SELECT booking FROM bank_line")[0], key="early", voucher=1, at=NOON, actor=HOUSE)
    direct = move(key="direct", voucher=1, motive="top-up", debit=bank, credit=wallets, amount=eur(100_00), at=NOON, actor=HOUSE)
    unguard()
    run("UPDATE bank_line SET booking = ?, unclear = 0 WHERE id = 1", direct.id)
    run("INSERT INTO line_claim (line_id, n, kind, target, amount, booking, made_at, comment) VALUES (1, 1, 'top-up', ?, 10000, ?, 0, '')", house.boris.id, direct.id)  # fmt: skip
    move(key="spent", voucher=1, motive="purchase", debit=wallets, credit=company_account("purchases", "EUR"), amount=eur(60_00), at=NOON, actor=HOUSE)  # fmt: skip

    take(back())

    assert (wallet(house.boris), sums(), unclear()) == (eur(-60_00), {"bank": 0, "clarify": 0}, [0, 0])
    assert [problem for problem in audit("Europe/Berlin") if problem.check != "A2"] == []
