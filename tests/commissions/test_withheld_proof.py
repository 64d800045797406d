"""What is withheld is proven by the audit, shown where somebody looks for it, and has an account in every currency."""

import importlib

import pytest

from tests.cast import NOON, eur
from tests.commissions.network import green_order
from tests.commissions.test_freeing_refunds import refund
from tests.commissions.test_marks import booked
from tests.commissions.test_withheld import LATER, honest, network
from tests.web.client import Browser, plain
from tests.web.refusing import says
from vps.commissions.actions.notes import issue_corrections, issue_notes
from vps.commissions.actions.taxes import NameNeeded
from vps.commissions.models.withheld import audit_withheld
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import configure, connect, database, is_postgres, one, rows, run
from vps.kernel.schema import MIGRATIONS
from vps.ledger.actions import book, company_account, set_up, voucher

__all__ = ["network"]
FORGED = [
    ("UPDATE commission_note SET withheld = withheld + 1", "Commission note PG-2026-000003 says another tax was withheld than was booked with it."),
    ("UPDATE booking SET amount = amount - 1 WHERE motive = 'tax withheld'", "Commission note PG-2026-000003 says another tax was withheld than was booked with it."),
    ("UPDATE booking SET debit_id = (SELECT id FROM account WHERE code = 'own:EUR') WHERE motive = 'tax withheld'", "Booking {} is withheld tax that no commission note and no line of a statement knows."),
]  # fmt: skip


@pytest.mark.parametrize(("forge", "says"), FORGED)
def test_the_audit_finds_a_tax_that_was_not_booked_as_the_note_says(network, forge, says):
    green_order(network, network.carla)
    issue_notes(booked(network), at=LATER)
    assert honest()
    (booking,) = one("SELECT id FROM booking WHERE motive = 'tax withheld'")
    for table in ("commission_note", "booking"):
        run(f"DROP TRIGGER {table}_no_update" + (f" ON {table}" if is_postgres() else ""))

    run(forge)

    assert says.format(booking) in [problem.says % problem.facts for problem in audit_withheld()]


def test_the_audit_finds_what_nobody_knows_on_the_account(house):
    facts = {"voucher": voucher("x", "1", day=NOON.date()), "motive": "own", "amount": eur(5), "at": NOON, "actor": HOUSE}
    made = book(key="x", debit=company_account("own", "EUR"), credit=company_account("withheld", "EUR"), **facts)

    assert [problem.facts for problem in audit_withheld()] == [{"id": made.id}]


def test_who_looks_for_it_finds_what_was_withheld(network):
    run("UPDATE person SET language = 'en' WHERE id = ?", network.clara.id)
    order = green_order(network, network.carla)
    issue_notes(booked(network), at=LATER)
    carla, clara = Browser(network.carla), Browser(network.clara)
    assert 'Tax withheld</dt><dd class="money">€1.00' in plain(carla.get("/commissions").text)
    taxes = plain(clara.get("/office/commissions/taxes").text)
    assert "not yet paid to the tax office" in taxes and "€1.00" in taxes and "is deducted" in taxes
    assert 'Withheld tax, not yet paid</td><td class="money">€1.00' in plain(clara.get("/office/bank/reconciliation").text)

    refund(network, order, 49_90, LATER)
    issue_corrections(at=LATER)

    shown = plain(carla.get("/wallet").text)
    assert "Tax withheld · Commission note PG-2026-000003" in shown
    assert "Withheld tax given back · Commission note PG-2026-000006" in shown
    (booking,) = one("SELECT id FROM booking WHERE key = 'note:PG-2026-000003:withheld'")
    assert "/commissions/notes/PG-2026-000003" in carla.get(f"/wallet/statement/{booking}").text
    assert "not yet paid to the tax office" not in clara.get("/office/commissions/taxes").text


def test_a_rule_without_a_name_is_refused_at_its_field(house):
    facts = {"country": "DE", "what": "withholding", "kind": "small", "name": "", "percent": "10", "since": "2026-11-20"}
    answer = Browser(house.elena).post("/office/commissions/taxes/rules", facts)
    assert answer.status_code == 422 and says(answer, NameNeeded.says, "ru")


@pytest.fixture
def before(engine, tmp_path):
    """A database as it was before."""
    if not is_postgres():
        configure(f"sqlite:///{tmp_path}/before.db")
        connect()
    with database.atomic() as transaction:
        if is_postgres():
            run("CREATE SCHEMA before")
            run("SET LOCAL search_path TO before")
        for path in sorted(MIGRATIONS.glob("0*.py")):
            if path.stem < "0037":
                importlib.import_module(f"vps.migrations.{path.stem}").up(None, database.obj)
        yield
        transaction.rollback()
    database.close()


def test_every_currency_that_books_were_kept_in_gets_the_account(before):
    opened = "INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) VALUES (?, ?, ?, NULL, 0, 0, 0, 7)"
    for currency in ("EUR", "RSD"):
        run(opened, f"clarify:{currency}", "clarify", currency)

    importlib.import_module("vps.migrations.0037_withheld").up(None, database.obj)

    assert rows("SELECT code, currency, opened_at FROM account WHERE kind = 'withheld' ORDER BY code") == [
        ("withheld:EUR", "EUR", 7),
        ("withheld:RSD", "RSD", 7),
    ]


def test_a_new_currency_has_the_account_from_its_first_day(house):
    set_up(currency="RSD", at=NOON)
    assert company_account("withheld", "RSD") != company_account("withheld", "EUR")
