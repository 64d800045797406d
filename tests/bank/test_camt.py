"""Bank statements: what real camt.053 files say, and what is refused whole."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.bank.camt_files import DATA, NAMESPACE, TEXT, amounts, balance, document, entry, read, statement
from vps.bank.archive import EmptyFile, FileRefused, HasDoctype, NotXml, TooManyElements
from vps.bank.camt_entries import Node, entries_in
from vps.bank.reading import read_statements
from vps.bank.statement import (
    Entry,
    InterimReport,
    MixedCurrencies,
    NegativeAmount,
    NoAmount,
    NoCurrency,
    NoDirection,
    NoStatement,
    NotFinal,
    Notification,
    Statement,
    UnknownFormat,
    UnreadableAmount,
    UnreadableCurrency,
    UnreadableDay,
    WrongMessage,
    to_json,
)

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "camt"


# ---------------------------------------------------------------- whole files


def test_a_version_08_statement_with_an_itemised_batch_a_return_and_a_pending_line() -> None:
    [found] = read_statements((DATA / "collective-08.xml").read_bytes())
    first, second, returned, pending = found.entries

    assert (found.account, found.currency, found.number, found.message) == ("DE02120300000000202051", "EUR", "223", "camt.053.001.08")
    assert (found.opening, found.opening_day) == (Decimal(1000), date(2026, 11, 19))
    assert (found.closing, found.closing_day, found.balanced) == (Decimal("1036.5"), date(2026, 11, 20), True)
    assert [one.n for one in found.entries] == [1, 2, 3, 4]
    assert (first.amount, first.currency, first.references, first.text) == (
        Decimal(30), "EUR", ("TX-1", "BATCH-77"), "Order 1001,\nthank you",
    )  # fmt: skip
    assert (first.counterparty_name, first.counterparty_account) == ("Petra Muster", "DE89370400440532013000")
    assert (second.amount, second.references[0], second.bank_code) == (Decimal(45), "RF18539007547034", "PMNT-RCDT-ESCT")
    assert (second.counterparty_name, second.counterparty_account) == ("Živko Đorđević", "160-5100-37")
    assert (returned.amount, returned.reversal, returned.return_reason) == (Decimal("-38.5"), True, "MD06")
    assert (returned.booked, returned.value, returned.bank_code) == (date(2026, 11, 20), date(2026, 11, 18), "NTRF+109")
    assert returned.counterparty_name == "Boris Volkov"
    assert returned.text == "Refund asked for\nReturn of a direct debit"
    assert (pending.status, pending.booked, pending.value) == ("PDNG", None, None)


def test_a_version_02_statement_from_debt_into_credit() -> None:
    [found] = read_statements((DATA / "plain-02.xml").read_bytes())
    paid, fee = found.entries

    assert (found.number, found.opening, found.closing, found.balanced) == ("7", Decimal(-20), Decimal("4.25"), True)
    assert (paid.amount, paid.currency) == (Decimal(25), "EUR")
    assert paid.references == ("HR99", "PAIN-9", "R-1")
    assert (paid.counterparty_name, paid.text) == ("Ana Horvat", "Narudžba 1002")
    assert (fee.amount, fee.text, fee.bank_code, fee.value) == (Decimal("-0.75"), "Naknada", "FEE", None)


@pytest.mark.parametrize("version", ["02", "03", "04", "06", "07", "08"])
@pytest.mark.parametrize("sts", ["<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>"])
@pytest.mark.parametrize("nm", ["<Nm>Anna</Nm>", "<Pty><Nm>Anna</Nm></Pty>"])
def test_every_version_reads_the_same(version: str, sts: str, nm: str) -> None:
    inner = f"{sts}<NtryDtls><TxDtls><RltdPties><Dbtr>{nm}</Dbtr></RltdPties></TxDtls></NtryDtls>"
    [found] = read_statements(document(statement(entry(inner=inner)), message=f"camt.053.001.{version}").encode())

    assert found.message == f"camt.053.001.{version}"
    assert (found.entries[0].status, found.entries[0].counterparty_name) == ("BOOK", "Anna")


def test_a_lost_namespace_is_forgiven() -> None:
    [found] = read_statements(TEXT.replace(f' xmlns="{NAMESPACE}camt.053.001.02"', "").encode())

    assert (found.message, found.entries) == ("camt.053", read_statements(TEXT.encode())[0].entries)


def test_an_entry_that_stands_where_none_belongs_is_not_booked() -> None:
    assert amounts(read(f"<Summary>{entry('9')}</Summary>", entry("5"))) == [Decimal(5)]


def test_plain_data_has_signed_amounts_as_text() -> None:
    [found] = read_statements((DATA / "plain-02.xml").read_bytes())

    assert to_json([found])["statements"] == [
        {
            "account": "HR1723600001101234565", "currency": "EUR", "opening": "-20", "closing": "4.25", "balanced": True,
            "entries": [
                {"booked": "2026-11-20", "value": "2026-11-20", "amount": "25.000", "currency": "EUR", "status": "BOOK", "reversal": False},
                {"booked": "2026-11-20", "value": None, "amount": "-0.75", "currency": "EUR", "status": "BOOK", "reversal": False},
            ],
        }
    ]  # fmt: skip


# ---------------------------------------------------------------- balances


LATER, OTHER = "2026-11-21", "HRK"


@pytest.mark.parametrize(
    ("balances", "opening", "closing", "balanced"),
    [
        ([balance("OPBD", "1"), balance("CLBD", "6")], "1", "6", True),
        ([balance("OPBD", "1"), balance("CLBD", "7")], "1", "7", False),
        ([balance("PRCD", "1"), balance("CLBD", "6")], "1", "6", True),
        ([balance("PRCD", "9"), balance("OPBD", "1"), balance("CLBD", "6")], "1", "6", True),
        ([balance("OPBD", "1", None), balance("CLBD", "6", None)], "1", "6", True),
        ([balance("OPBD", "-1", None), balance("CLBD", "4", None)], "-1", "4", True),
        ([balance("OPBD", "1", "DBIT"), balance("CLBD", "4")], "-1", "4", True),
        ([balance("OPBD", "-1", "DBIT"), balance("CLBD", "4")], "-1", "4", True),
        ([balance("OPBD", "0.00", "DBIT"), balance("CLBD", "5.0")], "0.00", "5.0", True),
        ([balance("OPBD", "1")], "1", None, None),
        ([balance("CLBD", "6")], None, "6", None),
        ([balance("OPAV", "1"), balance("CLAV", "6")], None, None, None),
        ([], None, None, None),
        ([balance("OPBD", "1"), balance("ITBD", "6")], "1", "6", True),
        ([balance("ITBD", "1"), balance("CLBD", "6")], "1", "6", True),
        ([balance("ITBD", "1"), balance("ITBD", "6")], "1", "6", True),
        ([balance("ITBD", "1")], None, None, None),
        ([balance("OPBD", "3"), balance("ITBD", "4"), balance("CLBD", "8")], "3", "8", True),
        ([balance("CLBD", "6"), balance("OPBD", "1")], "1", "6", True),
        ([balance("OPBD", "3", day=LATER), balance("OPBD", "1"), balance("CLBD", "6", day=LATER), balance("CLBD", "3")], "1", "6", True),
        ([balance("OPBD", "8", currency=OTHER), balance("OPBD", "1"), balance("CLBD", "6")], "1", "6", True),
        ([balance("OPBD", "1"), balance("CLBD", "6", currency="SEK")], "1", "6", False),
    ],
)  # fmt: skip
def test_balances_as_banks_leave_them_out(balances: list[str], opening: str | None, closing: str | None, balanced: bool | None) -> None:
    found = read(*balances, entry("5"), entry("9", inner="<Sts>PDNG</Sts>"))

    assert [None if one is None else str(one) for one in (found.opening, found.closing)] == [opening, closing]
    assert found.balanced is balanced


def test_several_statements_keep_to_themselves() -> None:
    abroad = "<Acct><Id><Othr><Id>X-9</Id></Othr></Id></Acct>"
    dollars = statement(balance("OPBD", "7", currency="USD"), entry("2", "DBIT", currency="USD"), account=abroad)
    francs = statement(account="<Acct><Ccy>CHF</Ccy></Acct>")
    euros, other, empty = read_statements(document(statement(entry("1"), entry("2")), dollars, francs).encode())

    assert (amounts(euros), euros.currency) == ([Decimal(1), Decimal(2)], "EUR")
    assert (other.account, other.currency, other.entries[0].n, other.entries[0].amount) == ("X-9", "USD", 1, Decimal(-2))
    assert (empty.account, empty.currency, empty.entries) == ("", "CHF", ())
    assert len({euros.identity, other.identity, empty.identity}) == 3


def test_the_identity_stays_when_it_is_delivered_again_and_differs_between_pages() -> None:
    again = TEXT.replace("<MsgId>M-1", "<MsgId>M-2").replace("  ", "")
    page = TEXT.replace("</GrpHdr>", "<MsgPgntn><PgNb>2</PgNb></MsgPgntn></GrpHdr>")
    [first], [second], [third] = (read_statements(one.encode()) for one in (TEXT, again, page))

    assert first.identity == second.identity != third.identity


# ---------------------------------------------------------------- refusals


NO_AMOUNTS = ["NaN", "Infinity", "1e5", "1,50", "1 000", "0x10", "٣", "5.5.5", ".", "1" * 19, "5<x/>0"]
NO_DAYS = ["2026-02-30", "20.11.2026", "20261120", "0000-00-00"]
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("", EmptyFile),
        (" \n", EmptyFile),
        ("<?xml version='1.0'?>\n", EmptyFile),
        ("<Document", NotXml),
        ("HKSAL:1:2'", UnknownFormat),
        (TEXT[:-20], NotXml),
        (TEXT + TEXT, NotXml),
        ("<a>&nothing;</a>", NotXml),
        (f'<!DOCTYPE a [<!ENTITY l0 "lol">{ENTITIES}]><a>&l9;</a>', HasDoctype),
        (f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>{document(statement())}', HasDoctype),
        ('<!DOCTYPE a SYSTEM "http://localhost/x.dtd"><a/>', HasDoctype),
        ("<a>" * 5000 + "</a>" * 5000, WrongMessage),
        (document(statement("<X>" * 5000 + "</X>" * 5000)), NotXml),
        ("<a>" + "<b/>" * 1_600_000 + "</a>", TooManyElements),
        ("<html/>", WrongMessage),
        ("<:Document/>", NotXml),
        (document(message="pain.001.001.09", element="CstmrCdtTrfInitn"), WrongMessage),
        (document(statement(), message="pain.001.001.09"), WrongMessage),
        (document(statement(), message="camt.052.001.08"), WrongMessage),
        (document(statement()).replace(NAMESPACE, "urn:other:").replace("camt.053.001.02", "x"), WrongMessage),
        (document(), NoStatement),
        (f'<Document xmlns="{NAMESPACE}camt.053.001.02"/>', NoStatement),
        (document(message="camt.052.001.08", element="BkToCstmrAcctRpt"), InterimReport),
        (document(message="camt.054.001.04", element="BkToCstmrDbtCdtNtfctn"), Notification),
        (document(statement("<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>")), NoAmount),
        (document(statement(entry(""))), NoAmount),
        (document(statement(entry(inner='<Amt Ccy="EUR">5</Amt>'))), NoAmount),
        (document(statement(balance("OPBD", ""))), NoAmount),
        (document(statement(balance("OPBD", "NaN"))), UnreadableAmount),
        *((document(statement(entry(wrong))), UnreadableAmount) for wrong in NO_AMOUNTS),
        (document(statement(entry("-5", "DBIT"))), NegativeAmount),
        (document(statement(entry("-5", "CRDT"))), NegativeAmount),
        (document(statement(entry(side="BOTH"))), NoDirection),
        (document(statement('<Ntry><Amt Ccy="EUR">5</Amt></Ntry>')), NoDirection),
        (document(statement(entry(inner="<CdtDbtInd>DBIT</CdtDbtInd>"))), NoDirection),
        (document(statement("<Ntry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>")), NoCurrency),
        (document(statement(entry(currency="Euro"))), UnreadableCurrency),
        (document(statement(account="<Acct><Ccy>eur</Ccy></Acct>")), UnreadableCurrency),
        *((document(statement(entry(inner=f"<BookgDt><Dt>{wrong}</Dt></BookgDt>"))), UnreadableDay) for wrong in NO_DAYS),
        (document(statement(balance("CLBD", "1", day="soon"))), UnreadableDay),
        (document(statement(entry(), entry(currency="USD"))), MixedCurrencies),
        (document(statement(entry(), account="<Acct><Ccy>CHF</Ccy></Acct>")), MixedCurrencies),
    ],
)  # fmt: skip
def test_what_is_refused_whole_and_with_which_sentence(content: str, refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal) as refused:
        read_statements(content.encode(), "november.xml")

    assert type(refused.value) is refusal
    assert str(refused.value).startswith("november.xml")


def test_a_later_error_refuses_the_statements_before_it_and_names_its_line() -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_statements(b"\n" + document(statement(entry()), "\n\n" + statement(entry("five"))).encode(), "n.xml")

    assert str(refused.value) == "n.xml, line 4: “five” is not an amount."


def test_ten_thousand_entries_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    count = 10_000

    def watched(node: Node, *, own: str, before: int) -> list[Entry]:
        seen.append(len(node.element.getparent()))
        return entries_in(node, own=own, before=before)

    monkeypatch.setattr("vps.bank.camt.entries_in", watched)
    found = read(*(entry("0.01") for _ in range(count)))

    assert (len(found.entries), found.entries[-1].n) == (count, count)
    assert max(seen) < 2000  # the parser reads ahead by its buffer, not by the file


# ---------------------------------------------------------------- real files


SAMPLE_FILES = sorted(SAMPLES.glob("*.xml"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of real bank files (../shared/samples) is not on this machine")
@pytest.mark.parametrize("path", SAMPLE_FILES or [Path()], ids=lambda path: path.name)
def test_real_files_give_what_other_readers_gave(path: Path) -> None:
    known = json.loads((SAMPLES / "expected" / f"{path.name}.json").read_text())
    if known.get("msg") in ("BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"):
        with pytest.raises(NotFinal):
            read_statements(path.read_bytes(), path.name)
    elif not known["statements"]:
        with pytest.raises(FileRefused):
            read_statements(path.read_bytes(), path.name)
    elif path.name == "eur-v04-negative-amounts.xml":
        with pytest.raises(NegativeAmount):
            read_statements(path.read_bytes(), path.name)
    else:
        compare(read_statements(path.read_bytes(), path.name), known["statements"])


def compare(found: list[Statement], known: list[dict[str, Any]]) -> None:
    assert len(found) == len(known)
    for mine, theirs in zip(found, known, strict=True):
        assert mine.account == (theirs["iban"] or theirs["other"])
        assert [mine.opening, mine.closing] == [None if one is None else Decimal(one) for one in (theirs["opening"], theirs["closing"])]
        assert mine.balanced is theirs["balances_add_up"]
        assert amounts(mine) == [Decimal(one["amount"]) for one in theirs["entries"]]
        assert [str(one.booked or "") for one in mine.entries] == [one["book"] or "" for one in theirs["entries"]]
        assert [one.reversal for one in mine.entries] == [one["reversal"] for one in theirs["entries"]]
        assert [one.return_reason for one in mine.entries if one.return_reason] == theirs["return_codes"]
