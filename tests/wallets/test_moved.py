"""Lists of transfers and requests go through the index of whose they are, and a statement asks once who is on the other side."""

import pytest

from tests.wallets.requests import between_annas_own, known
from vps.kernel.database import rows, run
from vps.ledger.models import lines
from vps.wallets.models import Rule, Wallet, counterparties, moved, moves
from vps.wallets.models.moved import BRANCH, PAGE
from vps.wallets.models.requests import PAGE as REQUESTS
from vps.wallets.models.requests import WAITING
from vps.wallets.transfer_words import called, kinds_of, terms, with_whom

LISTS = {
    "sent": (PAGE.format(BRANCH["sent"]), 4),
    "received": (PAGE.format(BRANCH["received"]), 4),
    "both": (PAGE.format(" UNION ".join(BRANCH.values())), 7),
    "requests": (REQUESTS, 7),
    "waiting": (WAITING, 3),
}


@pytest.mark.parametrize("which", LISTS)
def test_a_list_is_read_by_its_index(house, which):
    sql, values = LISTS[which]
    plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *[1] * values)]
    read = [step for step in plan if "transfer" in step or "payment_request" in step]
    assert read and not [step for step in plan if step.startswith("SCAN") and step.split()[1] not in ("sent", "received", "made")], plan


def test_each_line_of_a_statement_knows_its_transfer_and_others_have_none(house):
    known(house)
    of = {person.name: lines(Wallet.of(person.id, "EUR").account_id) for person in (house.anna, house.boris)}

    sent, (received,) = of["Anna Bauer"], of[house.boris.name]
    assert [line.id in counterparties(sent) for line in sent] == [True, False]
    (move,) = counterparties([received]).values()
    assert moved(house.boris.id, move.id) == move and moved(house.clara.id, move.id) is None
    kinds = kinds_of([move])
    assert with_whom(move, kinds, incoming=False) == f"to Борис В., {house.boris.number}"
    assert with_whom(move, kinds, incoming=True) == f"from Anna B., {house.anna.number}"


def test_between_own_wallets_the_wallet_is_named_and_by_the_office_nobody(house):
    move = moved(house.anna.id, between_annas_own(house))
    run("UPDATE wallet SET name = 'Holiday' WHERE kind = 'main' AND person_id = ?", house.anna.id)
    move, kinds = moved(house.anna.id, move.id), kinds_of([move])
    assert with_whom(move, kinds, incoming=False) == "To: Spare, EUR" and with_whom(move, kinds, incoming=True) == "From: Holiday, EUR"
    assert [each.id for each in moves(house.anna.id)] == [move.id], "both sides are his, and it is one"

    office = move._replace(kind="office", sender=None, recipient=None)
    assert with_whom(office, kinds, incoming=True) == with_whom(office, kinds, incoming=False) == "by the office"
    assert called("000000", "20468") == "20468"


@pytest.mark.parametrize(
    ("rule", "said"),
    [(Rule(1, None, 1, 0, 0, True), "no fee"), (Rule(500, 10000, 50, 1000, 150, False), "at least €5.00 · at most €100.00 · in steps of €0.50 · fee €10.00 + 1.5% · the fee is taken out of the amount"),
     (Rule(1, None, 1, 0, 100, True), "fee 1%")],
)  # fmt: skip
def test_a_rule_is_said_in_one_line(rule, said):
    assert terms(rule, "EUR") == said
