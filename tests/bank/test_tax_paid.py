"""What the company withheld is paid to the tax office: an outgoing line can be that, up to what is withheld and no further."""

from dataclasses import replace

import pytest

from tests.bank.test_claiming import unclear
from tests.bank.test_import import file, line, sums, take
from tests.cast import NOON, eur
from tests.web.client import plain
from tests.web.refusing import reading
from vps.bank.actions import Seen, clarify, suggestions, undo_claim, verdicts
from vps.bank.actions.clarifying import NotOffered
from vps.bank.actions.matching import KINDS, Found
from vps.bank.actions.tax_paid import NotSoMuchWithheld
from vps.bank.models import lines_of, open_line
from vps.bank.models.audit import audit as bank_audit
from vps.commissions.models.withheld import audit_withheld
from vps.kernel.authorisation import Actor
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.ledger.actions import book, company_account, voucher
from vps.ledger.models import balance


@pytest.fixture
def desk(cast):
    cast.desk = Actor(cast.dragan.id, "127.0.0.1")
    return cast


def withheld(minor, key="x"):
    """So much more is withheld, or less."""
    facts = {
        "voucher": voucher("x", key, day=NOON.date()),
        "motive": "opening",
        "amount": eur(abs(minor)),
        "at": NOON,
        "actor": Actor(None),
    }
    sides = (company_account("opening", "EUR"), company_account("withheld", "EUR"))
    debit, credit = sides if minor > 0 else sides[::-1]
    book(key=key, debit=debit, credit=credit, **facts)


def stands():
    return balance(company_account("withheld", "EUR"))


def offers(key):
    return [(found.amount, found.sure, found.facts["withheld"]) for found in suggestions([open_line(key)])[0] if found.kind == "tax"]


def taxed(desk, key, part=None):
    return clarify(key, "tax", key, part, actor=desk.desk, at=NOON)


def test_what_is_withheld_is_paid_by_a_line_that_goes_out(desk):
    take(file(line("120.00", side="DBIT", text="Finanzamt")))
    withheld(80_00)
    assert offers(1) == [(eur(-80_00), False, eur(80_00))]

    claimed = taxed(desk, 1)

    assert (stands(), sums()["clarify"], unclear()) == (0, -40_00, -40_00)
    assert lines_of(1)[0].claims[0][0] == "tax" and offers(1) == []
    undo_claim(claimed.id, reason="another one", actor=desk.desk, at=NOON)
    assert (stands(), unclear(), list(bank_audit())) == (80_00, -120_00, [])
    assert len(list(audit_withheld())) == 1, "what a test put there is known to nobody; the claim and its mirror are"


def test_no_more_can_be_booked_than_is_withheld(desk):
    take(file(line("120.00", side="DBIT"), line("5.00")))
    with pytest.raises(NotOffered):
        taxed(desk, 1)
    withheld(80_00)

    with pytest.raises(NotSoMuchWithheld) as told:
        taxed(desk, 1, eur(80_01))
    assert told.value.facts == {"withheld": eur(80_00)} and offers(2) == []
    assert (stands(), one("SELECT count(*) FROM line_claim")[0]) == (80_00, 0)


def test_what_was_paid_too_much_comes_back_from_the_tax_office(desk):
    take(file(line("120.00"), line("9.00", side="DBIT")))
    withheld(-30_00)
    assert offers(1) == [(eur(30_00), False, eur(30_00))] and offers(2) == []

    taxed(desk, 1)

    assert (stands(), unclear()) == (0, 90_00 - 9_00)


def test_the_page_of_taxes_says_in_words_what_was_paid_too_much(house):
    withheld(30_00, "owed")
    assert "Withheld, not yet paid to the tax office" in reading(house.clara, "en").get("/office/commissions/taxes").text

    withheld(-50_00, "paid")

    page = plain(reading(house.clara, "en").get("/office/commissions/taxes").text)
    assert "€20.00 more was paid to the tax office than is withheld" in page and "Withheld, not yet paid" not in page


def test_a_line_in_a_currency_without_books_is_no_tax(house):
    seen = Seen("", NOON.date(), NOON.date(), Money(-5_00, "USD"), "", "", "", (), "", "", False, 1)

    assert [found.kind for found in verdicts([seen])[0].guesses] == ["own"]


def test_what_nearly_any_line_could_be_is_offered_last(desk, monkeypatch):
    withheld(80_00, "note")
    line = Found("order", 7, eur(-80_00), "1007", False, "named in the text", {})
    monkeypatch.setitem(KINDS, "order", replace(KINDS["order"], find=lambda lines: [[line] for _ in lines]))

    assert list(KINDS).index("tax") < list(KINDS).index("order")
    seen = Seen("", NOON.date(), NOON.date(), eur(-80_00), "", "", "", (), "", "", False, 1)
    assert [found.kind for found in verdicts([seen])[0].guesses] == ["order", "own", "tax"]
