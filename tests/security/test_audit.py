"""Check A10: a used TAN, a posted intent and an answered question belong together, one to one; every lie about that is named."""

import pytest

from tests.cast import CODES, NOON, app_of, red_order, sheet_of
from tests.forger import lie, unguard
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import is_postgres, one, run
from vps.orders.actions import pay_now
from vps.security.actions import CodeRefused, ask, confirm, make_sheet, prepare_sheet, snapshot
from vps.security.models.audit import audit


def dialog(person, order, *, way=None):
    return snapshot(
        "order payment", order.number, amount=order.price, payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON, prefer=way), at=NOON
    )


@pytest.fixture
def history(cast):
    """Anna paid by sheet (1) and by app (2), has an intent with a wrong code (3), a cancelled one (4), and a sheet that waits."""
    app = app_of(cast.anna)
    sheet = sheet_of(cast.anna)
    for way in ("sheet", "app"):
        order = red_order(cast)
        shown = dialog(cast.anna, order, way=way)
        code = CODES[shown.n - 1] if way == "sheet" else app.at(NOON)
        pay_now(order.id, authorisation=confirm(shown, code=code, actor=Actor(cast.anna.id), at=NOON), at=NOON)
    with pytest.raises(Exception, match="not right"):
        confirm(dialog(cast.anna, red_order(cast)), code="999999", actor=Actor(cast.anna.id), at=NOON)
    cancelled = dialog(cast.anna, red_order(cast))
    for _ in range(3):
        with pytest.raises(CodeRefused):
            confirm(cancelled, code="999999", actor=Actor(cast.anna.id), at=NOON)
    prepare_sheet(make_sheet(cast.boris.id, CODES, actor=HOUSE, at=NOON).id, at=NOON)
    cast.sheet, cast.paid = sheet, one("SELECT n FROM tan WHERE intent_id = 1")[0]
    cast.unused = one("SELECT max(n) FROM tan WHERE sheet_id = ? AND used_at IS NULL", sheet.id)[0]
    unguard()
    return cast


def test_an_honest_history_has_no_problem(history):
    assert list(audit()) == []
    assert one("SELECT count(*) FROM intent")[0] == 4


LIES = [
    ("UPDATE intent SET amount = 1 WHERE id = 1", "Intent 1 was changed: its digest does not match."),
    ("UPDATE intent SET payee = 'Mallory' WHERE id = 3", "Intent 3 was changed: its digest does not match."),
    ("UPDATE intent SET subject = '1009' WHERE id = 4", "Intent 4 was changed: its digest does not match."),
    ("UPDATE challenge SET used_at = NULL WHERE intent_id = 2", "Intent 2 was posted, but no code or more than one was used for it."),
    ("DELETE FROM challenge WHERE intent_id = 2", "Intent 2 was posted, but no code or more than one was used for it."),
    ("UPDATE intent SET posted_at = 1 WHERE id = 3", "Intent 3 was posted, but no code or more than one was used for it."),
    ("UPDATE challenge SET used_at = 1 WHERE intent_id = 3", "Intent 3 was not posted, although a code was used for it."),
    ("UPDATE intent SET posted_at = NULL WHERE id = 2", "Intent 2 was not posted, although a code was used for it."),
]


def test_every_lie_about_an_intent_is_named(history):
    assert {edit: lie(audit, edit) for edit, _ in LIES} == {edit: [says] for edit, says in LIES}


def test_an_intent_that_was_both_is_named(history):
    if is_postgres():
        run(f'ALTER TABLE intent DROP CONSTRAINT "{one(NOT_BOTH)[0]}"')

    assert "Intent 4 was both cancelled and posted." in lie(audit, "UPDATE intent SET posted_at = 1 WHERE id = 4")


NOT_BOTH = (
    "SELECT conname FROM pg_constraint WHERE conrelid = 'intent'::regclass AND pg_get_constraintdef(oid) LIKE '%cancelled_at IS NULL%'"
)


OTHER_USES = [
    "UPDATE tan SET used_at = NULL WHERE intent_id = 1",
    "UPDATE tan SET used_at = 5 WHERE intent_id = 1",
    "UPDATE tan SET intent_id = 2 WHERE intent_id = 1",
    "UPDATE tan SET intent_id = 99 WHERE intent_id = 1",
    "UPDATE tan_sheet SET person_id = 2 WHERE id = 1",
]


def test_a_tan_used_for_something_else_than_was_asked_is_named(history):
    says = f"TAN {history.paid} of sheet {history.sheet.serial} was used for nothing that was asked and posted."

    assert [edit for edit in OTHER_USES if says not in lie(audit, edit)] == []


def test_a_posted_intent_whose_tan_was_freed_again_is_named(history):
    for edit in ("UPDATE tan SET intent_id = NULL, used_at = NULL WHERE intent_id = 1", "DELETE FROM tan WHERE intent_id = 1"):
        assert lie(audit, edit) == ["Intent 1 was posted, but the TAN it was asked for was not used for it."]


def test_a_second_tan_used_for_one_intent_is_named(history):
    found = lie(
        audit,
        f"UPDATE tan SET intent_id = 1, used_at = (SELECT posted_at FROM intent WHERE id = 1) WHERE sheet_id = 1 AND n = {history.unused}",
    )

    assert found == [f"TAN {history.unused} of sheet {history.sheet.serial} was used for nothing that was asked and posted."]


def test_a_tan_used_for_nothing_is_named(history):
    found = lie(audit, f"UPDATE tan SET used_at = 1 WHERE sheet_id = 1 AND n = {history.unused}")

    assert found == [f"TAN {history.unused} of sheet {history.sheet.serial} does not fit the sheet's activation."]


def test_a_sheet_that_nobody_activated_but_that_counts_is_named(history):
    waiting = one("SELECT serial FROM tan_sheet WHERE person_id = ?", history.boris.id)[0]

    found = lie(audit, f"UPDATE tan_sheet SET activated_at = 1 WHERE serial = '{waiting}'")

    assert len(found) == 2
    assert all(f"of sheet {waiting} does not fit the sheet's activation." in says for says in found)


def test_an_activation_moved_to_another_moment_is_named(history):
    first, second = history.sheet.proof()

    found = lie(audit, "UPDATE tan_sheet SET activated_at = 1 WHERE id = 1")

    assert found == [f"TAN {n} of sheet {history.sheet.serial} does not fit the sheet's activation." for n in (first, second)]


def test_every_problem_is_of_check_a10_and_names_its_row(history):
    run("UPDATE intent SET amount = 1 WHERE id = 1")

    [problem] = audit()
    assert (problem.check, problem.facts) == ("A10", {"id": 1})
