"""Whoever of the staff opens a page about a partner leaves a line, which the partner reads without the colleague's name."""

from tests.cast import red_order
from tests.web.client import Browser, plain
from tests.web.refusing import reading
from tests.web.test_access import NOT_YET, address, staff
from tests.web.test_access import world as world
from vps.kernel.database import rows, run
from vps.people.words import LOOKED
from vps.wallets.models import case_of

LISTS = {
    "plans_office.index", "plans_office.new", "plans_office.show", "plans_office.document", "trials_office.show", "trials_office.table", "points_office.points", "points_office.settings","notes_office.run_notes", "notes_office.lines", "taxes_office.rules",
    "office_transfers.index", "office_transfers.new", "wallet_kinds.index", "wallet_kinds.new", "wallet_kinds.show", "wallet_kinds.rules",
    "bank_office.index", "bank_office.show", "bank_office.new_end", "bank_unclear.index", "bank_accounts.index", "bank_accounts.show", "bank_accounts.new_columns", "home_office.new_partner", "home_office.partners", "home_office.trail", "orders_office.index",
    "bank_days.document", "bank_days.show", "bank_days.table",
    "discovery.index", "discovery.show", "discovery.new_end", "discovery.dossier", "discovery.part", "discovery.story", "discovery.picture", "discovery.archive", "discovery.document",
    "levels_office.index", "levels_office.new_level", "levels_office.new_removal", "levels_office.show_version", "levels_office.file", "levels_office.show_proposal", "introduction_office.new",
    "provisions_office.index", "provisions_office.show",
    "orders_office.debts", "refunds_office.index", "rates_office.index", "rates_office.history",
    "watch_office.index",
    "tree_office.index","commission_marks.index", "runs_office.index", "runs_office.show",
    "identity_office.index",
    "payouts_office.index", "payfiles_office.index", "payfiles_office.new",
    "orders_office.sending", "people_office.new_staff", "people_office.rights", "people_office.staff", "people_office.staff_networks", "security_settings.show_settings", "wallets_office.questions", "asked_office.index",
}  # fmt: skip
"""Pages about nobody, about many, or about a colleague; and discovery, of which a partner must not learn: it leaves lines of its own."""

ABOUT_TWO = {"asked_office.show"}
"""Of a transfer that is asked back, both sides are told."""


def looks():
    return rows("SELECT actor, subject, after FROM event WHERE verb = 'looked at' ORDER BY id")


def test_every_page_about_one_partner_is_written_down_and_no_other(world):
    elena, about_anna = Browser(world.elena), f"person:{world.anna.id}"
    for rule in staff():
        if "GET" not in rule.methods:
            continue
        a_while_later()
        before = len(looks())
        shown = elena.get(address(world, rule)).status_code == 200
        expected = [] if rule.endpoint in LISTS or not shown else [(world.elena.id, about_anna)]
        if rule.endpoint in ABOUT_TWO:
            expected.append((world.elena.id, f"person:{case_of(world.case).recipient}"))
        assert [line[:2] for line in looks()[before:]] == expected, rule.endpoint
        assert shown or rule.endpoint in NOT_YET
    assert {line[2] for line in looks()} == set(LOOKED)


def a_while_later():
    """As if the last look had been long ago."""
    run("DROP TRIGGER event_no_update")
    run("UPDATE event SET at = 0 WHERE verb = 'looked at'")
    run("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is immutable'); END")


def test_paging_through_a_wallet_is_one_line(house):
    clara = Browser(house.clara)
    for path in ("", "?before=9", "?chart=count", ""):
        clara.get(f"/office/partners/{house.anna.number}/wallet{path}")
    assert len(looks()) == 1


def test_what_was_not_shown_was_not_looked_at(house):
    number = house.anna.number
    Browser(house.boris).get(f"/office/partners/{number}")
    Browser().get(f"/office/partners/{number}")
    Browser(house.clara).get(f"/office/partners/{number}/sheet")
    Browser(house.clara).get("/office/partners/1000000")
    Browser(house.clara).get("/office/partners?q=anna")
    assert looks() == []


def test_the_partner_reads_that_the_office_looked_and_not_who(house):
    order = red_order(house)
    clara = Browser(house.clara)
    for path in (f"partners/{house.anna.number}/wallet", f"partners/{house.anna.number}/details", f"orders/{order.number}"):
        clara.get(f"/office/{path}")

    page = plain(reading(house.anna, "en").get("/me/history").text)

    for sentence in ("The office looked at your wallet", "The office looked at your details", "The office looked at your orders"):
        assert sentence in page
    assert "Clara" not in page


def test_the_office_reads_who_looked_at_what(house):
    Browser(house.clara).get(f"/office/partners/{house.anna.number}/wallet")

    page = plain(reading(house.elena, "en").get(f"/office/partners/{house.anna.number}/history").text)

    assert "Looked at by the office</b><br>Wallet<br>" in page and "Clara Stein" in page


def test_a_look_that_cannot_be_written_is_not_kept_silent(house):
    """The page is not shown behind the trail's back."""
    clara = Browser(house.clara)
    run("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no'); END")

    answer = clara.get(f"/office/partners/{house.anna.number}")

    assert answer.status_code == 500 and house.anna.email not in answer.text
