"""The same money never reaches a wallet twice, however often and in whatever pieces the bank delivers it."""

import pytest

from tests.bank.camt_files import balance, document, statement
from tests.cast import NOON
from tests.cast import balance as wallet
from vps.bank.actions import import_file
from vps.kernel.authorisation import HOUSE
from vps.kernel.numbers import topup_reference

OURS = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"


def line(amount, text):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>'
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def file(*parts, made="2026-11-20T20:00:00", number="7"):
    return document(statement(f"<Id>S{number}</Id><CreDtTm>{made}</CreDtTm>", *parts, account=OURS)).encode()


@pytest.fixture
def texts(cast):
    return f"Danke {topup_reference(cast.anna.number)}"


def test_a_fresh_download_of_the_same_statement_is_the_same_statement(cast, texts):
    parts = (balance("OPBD", "0"), line("10", texts), balance("CLBD", "10"))
    first = import_file(file(*parts), "a.xml", actor=HOUSE, at=NOON)
    again = import_file(file(*parts, made="2026-11-21T06:00:00"), "b.xml", actor=HOUSE, at=NOON)

    assert (first.matched, again.statements, again.known) == (1, 0, 1)
    assert wallet(cast.anna).minor == 260_00


def test_a_part_of_the_day_and_then_the_whole_day_credit_each_line_once(cast, texts):
    import_file(file(line("10", texts)), "part.xml", actor=HOUSE, at=NOON)
    whole = import_file(file(line("10", texts), line("5", texts), number="8"), "whole.xml", actor=HOUSE, at=NOON)

    assert (whole.lines, whole.matched) == (2, 1), "the line that came before is for a person to look at"
    assert wallet(cast.anna).minor == 265_00


def test_two_honest_equal_lines_of_one_statement_both_count(cast, texts):
    outcome = import_file(file(line("10", texts), line("10", texts)), "a.xml", actor=HOUSE, at=NOON)

    assert outcome.matched == 2
    assert wallet(cast.anna).minor == 270_00


def test_an_account_is_the_same_by_its_iban_and_by_bank_code_and_number(cast, texts):
    swift = f":20:1\n:25:37040044/532013000\n:28C:1\n:60F:C261119EUR0,\n:61:261120C10,NTRF\n:86:{texts}\n:62F:C261120EUR10,\n-\n"
    first = import_file(swift.encode(), "a.sta", actor=HOUSE, at=NOON)
    again = import_file(file(line("10", texts)), "b.xml", actor=HOUSE, at=NOON)

    assert (first.matched, again.lines, again.matched) == (1, 1, 0), "the same line in another format is for a person to look at"
    assert wallet(cast.anna).minor == 260_00
