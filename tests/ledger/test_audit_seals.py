"""Seals, totals and the trail: whatever is edited, put in or taken out is found."""

from tests.cast import NOON
from tests.ledger.forger import edits, named, problems
from vps.kernel.database import one, rows
from vps.kernel.keys import Keys, keys, use_keys
from vps.ledger.actions import seal
from vps.ledger.models import Event, Seal, Total
from vps.ledger.models.seals import seal_text


def test_every_edited_column_of_a_seal_is_found(unguarded, subtests):
    for chain, upto in rows("SELECT chain, max(upto) FROM seal GROUP BY chain"):
        for column, value in edits(Seal, f"chain = '{chain}' AND upto = {upto}"):
            with subtests.test(f"{chain} {column}"):
                found = problems(f"UPDATE seal SET {column} = ? WHERE chain = ? AND upto = ?", value, chain, upto)
                assert found
                assert {"id": value if column == "upto" else upto} in [problem.facts for problem in found if problem.check == "A8"]


def test_a_seal_that_does_not_join_the_one_before_or_counts_wrong_is_found_even_when_it_is_signed(unguarded, subtests):
    for chain, place, step in (("booking", 2, -40), ("booking", 4, 1), ("event", 2, -40), ("event", 4, 1)):
        facts = list(one("SELECT id, chain, previous, upto, count, digest, sealed_at FROM seal WHERE chain = ? AND previous = 0", chain))
        facts[place] += step
        column, signature = {2: "previous", 4: "count"}[place], keys().sign(seal_text(*facts))
        with subtests.test(f"{chain} {column}"):
            found = problems(f"UPDATE seal SET {column} = {column} + {step}, signature = ? WHERE id = ?", signature, facts[0])
            assert named(found) == [("A8", {"id": facts[3]})]


def test_a_seal_that_was_taken_out_is_found(unguarded):
    found = problems("DELETE FROM seal WHERE chain = 'booking' AND previous = 0")

    assert ("A8", {"id": one("SELECT max(upto) FROM seal WHERE chain = 'booking'")[0]}) in named(found)


def test_a_seal_of_somebody_else_is_found(history):
    use_keys(Keys.fresh())

    found = problems()

    assert named(found) == [("A8", {"id": upto}) for (upto,) in rows("SELECT upto FROM seal ORDER BY chain, upto")]
    assert all("signature" in problem.says for problem in found)


def test_every_edited_column_of_a_total_is_found(unguarded, subtests):
    where = f"account_id = {unguarded.anna} AND month = '2026-12' AND side = 'debit' AND motive = 'fee'"
    for column, value in edits(Total, where):
        with subtests.test(column):
            assert ("A6", {"account": unguarded.anna, "month": "2026-12"}) in named(
                problems(f"UPDATE total SET {column} = ? WHERE {where}", value)
            )


def test_a_total_that_was_put_in_or_taken_out_is_found(unguarded):
    added = problems(
        "INSERT INTO total (account_id, month, motive, side, count, minor) VALUES (?, '2026-01', 'fee', 'debit', 1, 1)", unguarded.bank
    )
    gone = problems("DELETE FROM total WHERE account_id = ? AND motive = 'fee'", unguarded.anna)

    assert named(added) == [("A6", {"account": unguarded.bank, "month": "2026-01"})]
    assert named(gone) == [("A6", {"account": unguarded.anna, "month": "2026-12"})]


def test_totals_summed_by_the_months_of_another_zone_are_found(books):
    books.pay(1, at=NOON.replace(month=12, day=31, hour=23, minute=30))
    seal(at=NOON, zone="UTC")

    assert {check for check, _ in named(problems())} == {"A6"}


def test_every_edited_column_of_a_sealed_line_of_the_trail_is_found(unguarded, subtests):
    line = one("SELECT max(id) FROM event")[0]
    for column, value in edits(Event, f"id = {line}"):
        with subtests.test(column):
            assert named(problems(f"UPDATE event SET {column} = ? WHERE id = ?", value, line)) == [("A8", {"id": line})]
    with subtests.test("gone"):
        assert named(problems("DELETE FROM event WHERE id = ?", line)) == [("A8", {"id": line})]
