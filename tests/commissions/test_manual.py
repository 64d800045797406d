"""Manual provisions: shown, confirmed by a code, above the threshold by two, booked once, seen by everybody at the same moment."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from tests.commissions.network import worked
from tests.commissions.provisions import STEP, approved, confirmed, desk_of, handed_in
from vps.commissions.actions import NotInThatState, approve_run, calculate_again, discard_run
from vps.commissions.actions import manual as acting
from vps.commissions.actions.manual import KnownProvisions, book_now, confirm, needs_second, propose, refuse
from vps.commissions.actions.manual_lines import one_provision
from vps.commissions.models import Run, provisions_of
from vps.commissions.models.manual_lists import proposals
from vps.commissions.models.manual_shown import shown_of
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, action, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import NotFound
from vps.ledger.actions import close_bulk, open_bulk, voucher
from vps.people.actions import close_person
from vps.security.actions import BatchChanged, UsedCode, WrongCode
from vps.wallets.actions import Decided, NoReason, NotYourOwn, TakesAnother
from vps.wallets.models.audit import audit


@pytest.fixture
def desk(cast):
    return desk_of(cast)


def both(cast, *, each="40.00"):
    return f"{cast.anna.number},{each},EUR,Fair in Graz", f"{cast.boris.number},{each},EUR,Fair in Graz"


def state(key):
    return Run.get_by_id(key).state


def bookings(key):
    return rows("SELECT key, amount, motive FROM booking WHERE key LIKE ? ORDER BY key", f"run:{key}:%")


def test_up_to_the_threshold_one_code_books_what_was_shown(desk):
    key = handed_in(desk, *both(desk))
    assert (state(key), bookings(key), shown_of(key).sums) == ("calculated", [], (eur(80_00),))

    confirmed(desk, key)

    assert state(key) == "booked" and (balance(desk.anna), balance(desk.boris)) == (eur(290_00), eur(40_00))
    partners = sorted(person.id for person in (desk.anna, desk.boris))
    assert bookings(key) == [(f"run:{key}:partner:{person}", 40_00, "commission") for person in partners]
    assert one("SELECT authorised_by, count, amount FROM batch") == (desk.dragan.id, 2, 80_00)
    assert [row[0] for row in rows("SELECT verb FROM event WHERE subject = ? ORDER BY id", f"provisions:{key}")] == [
        "provisions read",
        "provisions confirmed",
    ]
    assert list(audit()) == []


def test_above_the_threshold_it_waits_for_a_colleague_with_a_code_of_her_own(desk):
    key = handed_in(desk, *both(desk, each="500.01"))
    confirmed(desk, key)
    assert (state(key), shown_of(key).decided(1)) == ("calculated", True)
    worked(desk.at)

    with pytest.raises(TakesAnother):
        approved(desk, key, by=desk.dragan)
    assert bookings(key) == []
    approved(desk, key)

    assert state(key) == "booked" and balance(desk.boris) == eur(500_01)
    assert (Run.get_by_id(key).drafted_by, shown_of(key).approved_by) == (desk.dragan.id, desk.elena.id)
    before = bookings(key)
    confirmed(desk, key)
    approved(desk, key)
    assert bookings(key) == before, "pressed again"


def test_who_confirms_what_another_one_handed_in_approves_it_as_little_as_he(desk):
    key = handed_in(desk, *both(desk, each="600.00"))
    confirmed(desk, key, by=desk.elena)

    for maker in (desk.dragan, desk.elena):
        with pytest.raises(TakesAnother):
            approved(desk, key, by=maker)

    assert bookings(key) == []


@pytest.mark.parametrize(
    ("settings", "sums", "two"),
    [
        ({}, [eur(1_000_00)], False),
        ({}, [eur(1_000_01)], True),
        ({"provision_alone_to": 0}, [eur(1)], True),
        ({"provision_alone_to": 0, "commission_staff": 1}, [eur(10**9)], False),
        ({}, [eur(900_00), Money(110_00, "USD")], False),
        ({}, [eur(900_00), Money(110_20, "USD")], True),
        ({}, [Money(1, "CHF")], True),
    ],
)
def test_what_takes_two_is_above_the_threshold_or_of_unknown_worth(house, settings, sums, two):
    set_rate("EUR", "USD", "1.1", valid_from=NOON.date(), actor=HOUSE, at=NOON)
    change_settings(settings, actor=HOUSE, at=NOON)

    assert needs_second(sums, at=NOON) is two


def test_the_same_provisions_are_handed_in_once_however_their_file_is_written(desk):
    lines = both(desk)
    key = handed_in(desk, *lines)

    with pytest.raises(KnownProvisions) as known:
        handed_in(desk, *(line.replace(",", ";") for line in lines), header="number;amount;currency;text", by=HOUSE)
    assert known.value.facts == {"number": key}
    confirmed(desk, key)
    with pytest.raises(KnownProvisions):
        handed_in(desk, *lines)

    refused = handed_in(desk, *both(desk, each="1.00"))
    refuse(refused, reason="not agreed", actor=Actor(desk.elena.id), at=NOON)
    assert handed_in(desk, *both(desk, each="1.00")) != refused


def test_one_that_is_typed_may_be_the_same_as_another_but_not_sent_twice(desk):
    dragan = Actor(desk.dragan.id)
    given = one_provision(desk.boris.number, eur(5_00), kind="main", text="Petrol", actor=dragan)

    keys = [propose([given], name="", key=key, actor=dragan, at=NOON) for key in ("a", "a", "b")]

    assert keys[0] == keys[1] != keys[2]


def test_a_wrong_code_or_another_preview_books_nothing(desk):
    key = handed_in(desk, *both(desk))

    with pytest.raises(WrongCode):
        confirm(key, shown=shown_of(key).digest(1), code="000000", actor=Actor(desk.dragan.id), at=NOON)
    with pytest.raises(BatchChanged):
        confirmed(desk, key, shown=shown_of(key).digest(2))
    with pytest.raises(Decided):
        approved(desk, key)
    with pytest.raises(NotFound):
        confirm(key + 1, shown="", code="", actor=Actor(desk.dragan.id), at=NOON)
    assert (state(key), bookings(key)) == ("calculated", [])


def test_one_code_is_worth_one_file(desk):
    first, second = (handed_in(desk, *both(desk, each=each)) for each in ("1.00", "2.00"))
    confirmed(desk, first)

    with pytest.raises(UsedCode):
        confirm(
            second, shown=shown_of(second).digest(1), code=desk.apps[desk.dragan.id].at(desk.at), actor=Actor(desk.dragan.id), at=desk.at
        )
    assert (state(first), state(second)) == ("booked", "calculated")


def test_pressed_in_eight_windows_it_is_booked_once(desk):
    key, shown = handed_in(desk, *both(desk)), None
    shown, code = shown_of(key).digest(1), desk.apps[desk.dragan.id].at(NOON)

    answers = at_once(8, lambda _: confirm(key, shown=shown, code=code, actor=Actor(desk.dragan.id), at=NOON))
    book_now(key, at=NOON + STEP)

    assert state(key) == "booked" and None in answers
    assert (balance(desk.anna), len(bookings(key))) == (eur(290_00), 2)
    assert one("SELECT count(*) FROM event WHERE verb = 'run booked'")[0] == 1


def test_nobody_gives_himself_something(desk):
    run("UPDATE person SET number = ? WHERE id = ?", "9000117", desk.elena.id)
    key = handed_in(desk, *both(desk))
    run("INSERT INTO manual_provision (run_id, n, person_id, kind, currency, amount, text) VALUES (?, 9, ?, 'main', 'EUR', 1, 'x')", key, desk.elena.id)  # fmt: skip

    with pytest.raises(NotYourOwn):
        confirmed(desk, key, by=desk.elena)


def test_who_left_meanwhile_is_named_and_not_booked(desk):
    key = handed_in(desk, *both(desk))
    before = shown_of(key).digest(1)
    close_person(desk.boris, actor=HOUSE, at=NOON)

    with pytest.raises(BatchChanged):
        confirmed(desk, key, shown=before)
    assert shown_of(key).left == (desk.boris.number,)
    confirmed(desk, key)

    assert [amount for _, amount, _ in bookings(key)] == [40_00] and balance(desk.anna) == eur(290_00)
    assert rows("SELECT payee, held FROM commission_share WHERE held <> ''") == [(desk.boris.id, "closed")]
    assert provisions_of(desk.boris.id, limit=5) == []


def test_a_colleague_refuses_with_a_reason_and_the_maker_gives_up_without(desk):
    first, second = (handed_in(desk, *both(desk, each=each)) for each in ("1.00", "2.00"))

    with pytest.raises(NoReason):
        refuse(first, actor=Actor(desk.elena.id), at=NOON)
    refuse(first, reason="not agreed", actor=Actor(desk.elena.id), at=NOON)
    refuse(second, actor=Actor(desk.dragan.id), at=NOON)

    assert [(shown_of(key).reason, shown_of(key).withdrawn) for key in (first, second)] == [("not agreed", False), ("", True)]
    for key in (first, second):
        with pytest.raises(Decided):
            confirmed(desk, key)
    with pytest.raises(NotFound):
        refuse(99, actor=Actor(desk.dragan.id), at=NOON)
    assert ([each.id for each in proposals(waiting=True, limit=5)], [each.id for each in proposals(waiting=False, limit=5)]) == (
        [],
        [second, first],
    )


def test_what_is_large_the_worker_books(desk, monkeypatch):
    monkeypatch.setattr(acting, "AT_ONCE", 1)
    key = handed_in(desk, *both(desk))
    confirmed(desk, key)
    assert state(key) == "approved"

    worked(desk.at)

    assert state(key) == "booked" and balance(desk.boris) == eur(40_00)


def test_while_another_run_is_being_booked_it_waits_and_is_booked_afterwards(desk):
    @action
    def other():
        return open_bulk(voucher("commission run", "99", day=NOON.date()), at=NOON)

    bulk = other()
    key = handed_in(desk, *both(desk))
    confirmed(desk, key)
    assert (state(key), bookings(key)) == ("approved", [])

    close_bulk(bulk, at=NOON)
    worked(desk.at)
    assert state(key) == "booked"


def test_the_pages_of_runs_over_orders_cannot_go_around_the_codes(desk):
    key = handed_in(desk, *both(desk))

    for around in (approve_run, calculate_again):
        with pytest.raises(NotInThatState):
            around(key, actor=Actor(desk.elena.id), at=NOON)
    with pytest.raises(NotInThatState):
        discard_run(key, reason="x", actor=Actor(desk.elena.id), at=NOON)


def test_lines_stay_as_they_were_handed_in(desk):
    handed_in(desk, *both(desk))

    for change in ("UPDATE manual_provision SET amount = 1", "DELETE FROM manual_provision"):
        with pytest.raises(IntegrityError):
            run(change)
