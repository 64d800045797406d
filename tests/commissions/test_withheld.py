"""Tax is withheld with the note and given back with its corrections: from the reserved money its own part, and in the end to the cent."""

from datetime import date, timedelta

import pytest

from tests.cast import NOON, balance, eur
from tests.commissions.network import booker, green_order, partner_under, plan_in_force
from tests.commissions.notes import SMALL, VAT, booked_for, note_of, taxed
from tests.commissions.provisions import confirmed, desk_of, handed_in
from tests.commissions.test_freeing import coming, delivered
from tests.commissions.test_freeing_refunds import end, hold, refund
from tests.commissions.test_marks import booked, has
from vps.commissions.actions import follow_deliveries
from vps.commissions.actions.manual_back import ask_back
from vps.commissions.actions.notes import issue_corrections, issue_notes, taken_back
from vps.commissions.actions.taxes import NameNeeded, NotARate, WithholdsAll, set_tax_rule, set_tax_terms
from vps.commissions.models import locked_of
from vps.commissions.models.notes import audit_notes
from vps.commissions.models.withheld import audit_withheld, withheld_now
from vps.commissions.taxes import NET
from vps.jobs.worker import EACH_MINUTE
from vps.kernel.authorisation import HOUSE, ByStaff
from vps.kernel.database import database, one, rows, run
from vps.ledger.actions import book, company_account, voucher
from vps.ledger.models.audit import audit as ledger_audit
from vps.wallets.actions import KindFacts, WouldBeDebt, make_kind
from vps.wallets.models import purse

DAY = timedelta(days=1)
LATER = NOON + DAY


def ruled(rate=1000, *, since=None, kind="small", name="Einkommensteuer"):
    set_tax_rule("DE", "withholding", kind, name, rate, since or NOON.date(), actor=HOUSE, at=NOON)


def owed():
    """What the company owes the tax office."""
    return [str(each) for each in withheld_now()]


def honest():
    found = [*audit_notes(), *audit_withheld(), *ledger_audit("Europe/Berlin")]
    assert [problem.says % problem.facts for problem in found] == []
    return True


@pytest.fixture
def network(cast):
    set_tax_terms("DE", "gross", actor=HOUSE, at=NOON)
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    taxed(cast.carla, SMALL)
    ruled()
    return cast


def spend(person, minor):
    paper = voucher("opening", f"spent {minor}", day=NOON.date())
    account = purse(person.id, "EUR").account
    facts = {"motive": "opening", "at": NOON, "actor": HOUSE, "as_debt": True}
    book(key=f"spent {minor}", voucher=paper, debit=account, credit=company_account("opening", "EUR"), amount=eur(minor), **facts)


def test_tax_is_taken_out_of_the_commission_with_the_note_and_owed_to_the_tax_office(cast):
    ruled()
    taxed(cast.boris, SMALL)
    key = booked_for(cast)
    assert (balance(cast.boris), owed()) == (eur(19_96), []), "nothing before the note"

    issue_notes(key, at=LATER)
    issue_notes(key, at=LATER)

    note = note_of(cast.boris)
    assert (note.printed["withheld"], note.withheld, note.total) == (["Einkommensteuer", 1000, 2_00], 2_00, 19_96)
    assert (balance(cast.boris), owed()) == (eur(17_96), ["2.00 EUR"])
    assert rows("SELECT key, amount FROM booking WHERE motive = 'tax withheld'") == [(f"note:{note.number}:withheld", 2_00)]
    assert (note_of(cast.anna).withheld, balance(cast.anna)) == (0, eur(250_00 + 29_94)), "she said nothing about taxes"
    assert honest()


def test_of_a_commission_that_contains_vat_the_net_is_what_tax_is_withheld_of(house):
    ruled(kind="vat")
    taxed(house.boris, VAT)
    issue_notes(booked_for(house), at=LATER)

    note = note_of(house.boris)
    assert (note.printed["net"], note.withheld, balance(house.boris)) == (16_77, 1_68, eur(18_28))


def test_a_rule_counts_for_notes_that_are_issued_from_its_day_on_and_a_rate_of_nothing_ends_it(house):
    taxed(house.boris, SMALL)
    key = booked_for(house)
    ruled(since=LATER.date() + DAY)
    ruled(0, since=LATER.date() + 2 * DAY)

    with database.atomic() as before:
        issue_notes(key, at=LATER)
        assert note_of(house.boris).withheld == 0
        before.rollback()
    with database.atomic() as during:
        issue_notes(key, at=LATER + DAY)
        assert note_of(house.boris).withheld == 2_00
        during.rollback()
    issue_notes(key, at=LATER + 2 * DAY)
    assert note_of(house.boris).withheld == 0


@pytest.mark.parametrize(("rate", "name", "refusal"), [(10_000, "ESt", WithholdsAll), (10_001, "ESt", NotARate), (1000, " ", NameNeeded)])
def test_no_rule_withholds_everything_or_has_no_name(house, rate, name, refusal):
    with pytest.raises(refusal):
        ruled(rate, name=name)


def test_what_is_reserved_pays_its_own_part_of_the_tax(network):
    delivered(green_order(network, network.carla), NOON - 20 * DAY)
    green_order(network, network.carla, quantity=2)
    key = booked(network)
    assert has(network.carla) == (29_94, 9_98)

    issue_notes(key, at=LATER)

    assert note_of(network.carla).withheld == 2_99
    assert (has(network.carla), coming(network.carla)) == ((26_95, 8_98), [(date(2026, 12, 9), 17_97)])
    (credited,) = locked_of(network.carla.id, now=LATER, zone="Europe/Berlin").credited
    assert (credited.total, credited.withheld, credited.free) == (eur(29_94), eur(2_99), eur(8_98))
    assert honest()


def test_who_spent_what_was_free_owes_the_tax_on_it_and_nothing_reserved_is_touched(network):
    delivered(green_order(network, network.carla), NOON - 20 * DAY)
    green_order(network, network.carla, quantity=2)
    key = booked(network)
    spend(network.carla, 9_98)

    issue_notes(key, at=LATER)

    assert has(network.carla) == (16_97, -1_00) and purse(network.carla.id, "EUR").reserved == 17_97
    assert honest()


def test_money_of_other_orders_is_not_reserved_in_place_of_the_tax_when_a_delivery_becomes_known(network):
    early, _ = (green_order(network, network.carla) for _ in range(2))
    issue_notes(booked(network), at=LATER)
    assert coming(network.carla) == [(date(2026, 12, 9), 17_96)]

    delivered(early, NOON + 10 * DAY)
    follow_deliveries(at=NOON + 11 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 9), 8_98), (date(2026, 12, 15), 8_98)]


def test_of_an_order_whose_day_moves_no_cent_of_rounding_stays_behind(network):
    # Three times 9.98 on a day each, of which 2.99 are withheld: 1.00, 1.00 and 0.99, but 1.00 of each alone.
    orders = [green_order(network, network.carla, final_at=NOON - n * DAY) for n in range(3)]
    issue_notes(booked(network), at=LATER)
    for order in orders:
        delivered(order, NOON + 10 * DAY)

    follow_deliveries(at=NOON + 11 * DAY)

    assert coming(network.carla) == [(date(2026, 12, 15), 26_95)]


def test_what_the_office_held_back_is_less_the_tax_when_the_hold_ends(network):
    hold(network)
    delivered(green_order(network, network.carla), NOON - 20 * DAY)
    green_order(network, network.carla, quantity=2)
    issue_notes(booked(network), at=LATER)
    assert has(network.carla) == (26_95, 0)

    end(network, NOON + 2 * DAY)

    assert (has(network.carla), coming(network.carla)) == ((26_95, 8_98), [(date(2026, 12, 9), 17_97)])


@pytest.mark.parametrize("when", ["noted first", "taken back first"])
def test_an_order_and_its_refund_are_nothing_for_partner_and_tax_office(network, when):
    order = green_order(network, network.carla)
    key = booked(network)
    if when == "noted first":
        issue_notes(key, at=LATER)
    for minor in (1, 33_33):
        refund(network, order, minor, LATER)
    issue_notes(key, at=LATER)
    issue_corrections(at=LATER)
    assert (has(network.carla)[0], note_of(network.carla).withheld, owed()) == (2_98, 1_00, ["0.33 EUR"])

    refund(network, order, 16_56, LATER)
    issue_corrections(at=LATER)

    assert (has(network.carla), owed(), honest()) == ((0, 0), [], True)
    assert note_of(network.carla, correction=True).printed["withheld"] == ["Einkommensteuer", 1000, 33]


def test_each_wallet_gets_back_what_was_withheld_from_it(network):
    make_kind("travel", KindFacts({"en": "Travel"}), actor=HOUSE, at=NOON)
    levels = {"kind": "unilevel", "level_1": "seller"}
    both = [levels | {"code": "a", "levels": ["20"]}, levels | {"code": "b", "levels": ["7.77"], "wallet": "travel"}]
    plan_in_force({"name": "Two", "currency": "EUR", "bonuses": both}, since=date(2020, 2, 1))
    order = green_order(network, network.carla)
    key = booked(network)
    issue_notes(key, at=LATER)
    number = note_of(network.carla).number
    found = rows("SELECT key, amount FROM booking WHERE motive = 'tax withheld' ORDER BY key")
    assert found == [(f"note:{number}:withheld", 1_00), (f"note:{number}:withheld:travel", 39)]

    for minor in (7_77, 7_78, 34_35):
        refund(network, order, minor, LATER)
        issue_corrections(at=LATER)

    assert [purse(network.carla.id, "EUR", kind).booked.minor for kind in ("main", "travel")] == [0, 0]
    assert (owed(), honest()) == ([], True)


def test_the_main_wallet_stands_in_for_one_that_was_closed_since(network):
    make_kind("travel", KindFacts({"en": "Travel"}), actor=HOUSE, at=NOON)
    rule = {"code": "b", "kind": "unilevel", "level_1": "seller", "levels": ["20"], "wallet": "travel"}
    plan_in_force({"name": "Travel", "currency": "EUR", "bonuses": [rule]}, since=date(2020, 2, 1))
    delivered(green_order(network, network.carla), NOON - 20 * DAY)
    key = booked(network)
    run("UPDATE wallet SET closed_at = 1 WHERE person_id = ? AND kind = 'travel'", network.carla.id)

    issue_notes(key, at=LATER)
    assert (has(network.carla)[0], owed()) == (-1_00, ["1.00 EUR"])
    taken_back(key, network.carla.id, eur(9_98), key="refund", at=LATER)
    issue_corrections(at=LATER)

    assert (has(network.carla)[0], owed()) == (0, [])


def provided(cast, *, net="gross"):
    set_tax_terms("DE", net, actor=HOUSE, at=NOON)
    desk_of(cast)
    key = handed_in(cast, f"{cast.carla.number},100.00,EUR,Fair in Graz")
    confirmed(cast, key)
    return key


def back(cast, key):
    return ask_back(key, cast.carla.id, "main", "EUR", reason="paid twice", authorisation=ByStaff(booker(cast)), at=LATER)


@pytest.mark.parametrize("held", [False, True])
def test_of_a_manual_provision_tax_is_withheld_too_and_taking_it_back_makes_no_debt(network, held):
    if held:
        hold(network)
    key = provided(network, net=NET)
    issue_notes(key, at=LATER)
    assert has(network.carla) == (90_00, 0 if held else 90_00)

    back(network, key)
    issue_corrections(at=LATER)

    assert (has(network.carla), owed(), honest()) == ((0, 0), [], True)


def test_who_spent_a_manual_provision_owes_it_only_if_the_office_says_so(network):
    key = provided(network)
    issue_notes(key, at=LATER)
    spend(network.carla, 1)

    with pytest.raises(WouldBeDebt):
        back(network, key)


def test_the_worker_issues_corrections_by_itself_and_asks_for_nothing_else_where_there_are_none(house):
    key = booked_for(house)
    assert issue_corrections(at=LATER) == 0 and one("SELECT count(*) FROM commission_note_counter") == (0,)
    taken_back(key, house.boris.id, eur(1_00), key="refund", at=LATER)
    assert issue_corrections(at=LATER) == 0, "its note is to be issued first"
    issue_notes(key, at=LATER)

    for task in EACH_MINUTE:
        task()

    assert note_of(house.boris, correction=True).total == 1_00
