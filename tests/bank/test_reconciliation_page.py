"""The reconciliation as the office sees it and takes it along: page, table and document, in the reader's language."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from tests.bank.test_reconciliation import MON, TUE, hand, statement, take_back
from tests.cast import eur
from tests.web.client import Browser
from vps.bank import paper
from vps.bank.models.reconciliation import GAP, UNEXPLAINED, Reason, Reconciled, Reconciliation, reconcile
from vps.hypermedia.languages import Words
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.csvfile import read_table

WEDNESDAY = datetime(2026, 11, 18, 9, tzinfo=UTC)
PATH = "/office/bank/reconciliation"


@pytest.fixture
def desk(house):
    house.desk = ByStaff(Actor(house.dragan.id))
    statement(1, MON, 1000, 5)
    hand(house, 30_00, "=B-1", TUE)
    with time_machine.travel(WEDNESDAY, tick=False):
        yield house


def rows_of(answer):
    return [tuple(line.cells.values()) for line in read_table(answer.data, required=paper.COLUMNS).lines]


def test_the_page_is_about_yesterday_and_says_what_is_missing(desk):
    shown = Browser(desk.clara).get(PATH).text

    assert "Reconciliation of Nov 17, 2026" in shown and 'value="2026-11-17"' in shown
    assert "Bank and books do not agree." in shown
    assert "Receipt =B-1 of Nov 17, 2026 was booked by hand; no statement shows it yet." in shown
    assert "+€30.00" in shown and "€1,035.00" in shown and "€1,005.00" in shown


@pytest.mark.parametrize("asked", ["2026-11-16", "nonsense", "2099-01-01"])
def test_any_day_that_was_can_be_asked_for(desk, asked):
    shown = Browser(desk.clara).get(f"{PATH}?day={asked}").text

    day, agrees = {"2026-11-16": ("Nov 16", True), "nonsense": ("Nov 17", False), "2099-01-01": ("Nov 18", False)}[asked]
    assert f"Reconciliation of {day}, 2026" in shown
    assert ("Bank and books agree to the cent." in shown) is agrees


def test_what_nothing_explains_is_red_and_says_so(desk):
    found = reconcile(TUE)
    account = found.accounts[0]._replace(reasons=[Reason(eur(30_00), UNEXPLAINED, {}, known=False)])
    taken = paper.as_csv(Reconciliation(TUE, [account], []), Words("en")).decode()

    assert "unexplained,Unexplained. Find it with: vps audit,30.00" in taken
    assert paper.verdict(account) == paper.DIFFERS


def test_the_table_has_a_line_for_every_figure_and_no_formula(desk):
    answer = Browser(desk.dragan).get(f"{PATH}.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="reconciliation-2026-11-17.csv"'
    account = ("DE89370400440532013000", "EUR", "2026-11-17")
    assert [(*line[:4], line[5]) for line in rows_of(answer)] == [
        (*account, "statement", "1005.00"), (*account, "books", "1035.00"), (*account, "difference", "30.00"), (*account, "reason", "30.00"),
        ("", "EUR", "", "clarify", "5.00"), ("", "EUR", "", "unclear", "5.00"), ("", "EUR", "", "transit", "0.00"), ("", "EUR", "", "debts", "0.00"), ("", "EUR", "", "withheld", "0.00"),
    ]  # fmt: skip
    assert "Потврда =B-1, 17. 11. 2026." in rows_of(answer)[3][4]


def test_an_account_without_a_statement_is_not_called_wrong(house):
    found = reconcile(date(2026, 11, 17))

    assert [line.split(",")[3] for line in paper.as_csv(found, Words("en")).decode().splitlines()[1:]] == [
        "books",
        "clarify",
        "unclear",
        "transit",
        "debts",
        "withheld",
    ]
    assert "there is nothing to compare with" in Browser(house.clara).get(PATH).text


def test_the_document_is_the_same_bytes_for_the_same_facts_and_speaks_the_readers_language(desk):
    statement(3, date(2026, 11, 17), 1008, 1)
    browser = Browser(desk.dragan)

    first, second = browser.get(f"{PATH}.pdf"), browser.get(f"{PATH}.pdf")

    assert (first.status_code, first.content_type, first.data) == (200, "application/pdf", second.data)
    document = PdfReader(BytesIO(first.data))
    text = "\n".join(page.extract_text() for page in document.pages)
    for words in ("Усаглашавање", "DE89 3704 0044 0532 0130 00", "=B-1", "1.009,00"):
        assert words in text, text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"], "a reader for the blind finds its way"
    assert len(first.data) < 60_000


def test_every_reason_can_be_spoken_in_every_language():
    account = Reconciled(
        "DE1", "Main", eur(5), eur(1), "7", MON, [Reason(eur(4), GAP, {"before": "1", "from": MON, "after": "2", "to": TUE})]
    )
    for language in ("en", "de", "ru", "hr", "sr", "sr_Latn"):
        facts = paper.as_facts(Reconciliation(TUE, [account], []), Words(language), company="A", now=WEDNESDAY, zone="UTC")
        assert "%(" not in str(facts) and facts["lang"] == language[:2]


def test_a_statement_that_was_taken_back_is_named_on_the_page(desk):
    statement(2, TUE, 1005, 3)
    take_back(2)
    statement(3, TUE, 1008, 1)

    assert "Statement 2 of Nov 17, 2026 was taken back and has not come again." in Browser(desk.clara).get(PATH).text
