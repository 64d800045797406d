"""The lines of a statement: which way the money went, collective bookings, and who paid."""

from decimal import Decimal

import pytest

from tests.bank.camt_files import amounts, balance, batch, entry, read


@pytest.mark.parametrize(
    ("written", "side", "amount"),
    [
        ("5", "CRDT", "5"),
        ("131.7", "DBIT", "-131.7"),
        ("1.125", "CRDT", "1.125"),
        (".5", "CRDT", "0.5"),
        ("0.00", "DBIT", "0.00"),
        ("+3", "CRDT", "3"),
        (" 7 ", "DBIT", "-7"),
    ],
)
@pytest.mark.parametrize("reversal", ["true", "false"])
def test_the_word_alone_says_where_the_money_went(written: str, side: str, amount: str, reversal: str) -> None:
    [found] = read(entry(written, side, inner=f"<RvslInd>{reversal}</RvslInd>")).entries

    assert str(found.amount) == str(Decimal(amount))
    assert found.reversal is (reversal == "true")


def test_amounts_longer_than_a_decimal_context_stay_exact() -> None:
    long = "123456789012345678.123456789012345678"

    assert amounts(read(entry(long, "DBIT"), entry(long))) == [Decimal("-" + long), Decimal(long)]
    assert read(balance("OPBD", "0"), balance("CLBD", long), entry(long)).balanced
    assert not read(balance("OPBD", "0"), balance("CLBD", long[:-1] + "9"), entry(long)).balanced


TWO, THREE = '<Amt Ccy="EUR">2</Amt>', '<AmtDtls><TxAmt><Amt Ccy="EUR">3.00</Amt></TxAmt></AmtDtls>'


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ((TWO, THREE), ["2", "3.00"]),
        ((TWO, TWO), ["5"]),
        ((TWO, ""), ["5"]),
        ((TWO, THREE, ""), ["5"]),
        ((TWO, '<Amt Ccy="USD">3</Amt>'), ["5"]),
        ((TWO, '<Amt Ccy="USD">9</Amt>' + THREE), ["2", "3.00"]),
        ((TWO, '<AmtDtls><InstdAmt><Amt Ccy="EUR">3</Amt></InstdAmt></AmtDtls>'), ["5"]),
        (('<Amt Ccy="EUR">7</Amt>', TWO + "<CdtDbtInd>DBIT</CdtDbtInd>"), ["5"]),
        (('<Amt Ccy="EUR">7</Amt>', '<Amt Ccy="EUR">-2</Amt>'), ["5"]),
        (('<Amt Ccy="EUR">1e0</Amt>', '<Amt Ccy="EUR">4</Amt>'), ["5"]),
        (('<Amt Ccy="USD">9</Amt>',), ["5"]),
    ],
)
@pytest.mark.parametrize("side", ["CRDT", "DBIT"])
def test_a_batch_is_taken_apart_only_when_its_transactions_add_up(details: tuple[str, ...], expected: list[str], side: str) -> None:
    if side == "DBIT":
        details = tuple(one.replace("DBIT", "CRDT") for one in details)
        expected = [f"-{amount}" for amount in expected]

    assert [str(amount) for amount in amounts(read(batch(*details, side=side)))] == expected


def test_numbers_run_on_behind_a_batch_and_texts_of_an_unsplit_one_are_joined() -> None:
    whole = batch("<RmtInf><Ustrd>A</Ustrd></RmtInf>", "<RmtInf><Ustrd>B</Ustrd><Ustrd>A</Ustrd></RmtInf>")
    found = read(batch(TWO, THREE), whole).entries

    assert [one.n for one in found] == [1, 2, 3]
    assert found[2].text == "A\nB"


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("BOOK", "BOOK"),
        ("PDNG", "PDNG"),
        ("INFO", "INFO"),
        ("FUTR", "PDNG"),
        ("OURS", "INFO"),
        ("<Prtry>OURS</Prtry>", "INFO"),
        ("", "BOOK"),
    ],
)
def test_only_a_known_word_is_booked(status: str, meant: str) -> None:
    assert read(entry(inner=f"<Sts>{status}</Sts>")).entries[0].status == meant


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<Dt>2026-11-20</Dt>", "2026-11-20"),
        ("<Dt>2026-11-20Z</Dt>", "2026-11-20"),
        ("<Dt>2026-11-20+01:00</Dt>", "2026-11-20"),
        ("<Dt>2026-11-20T00:00:00</Dt>", "2026-11-20"),
        ("<DtTm>2026-11-20T23:59:59.999-11:00</DtTm>", "2026-11-20"),
        ("<DtTm>2026-11-20 23:59:59</DtTm>", "2026-11-20"),
        ("<Dt/><DtTm>2026-11-20T24:00:00+0100</DtTm>", "2026-11-20"),
        ("<Dt> </Dt>", "None"),
        ("", "None"),
    ],
)
def test_the_day_is_the_one_on_the_clock_of_the_bank(written: str, day: str) -> None:
    found = read(entry(inner=f"<BookgDt>{written}</BookgDt><ValDt>{written}</ValDt>")).entries[0]

    assert [str(found.booked), str(found.value)] == [day, day]


OWN = "<Id><IBAN>HR1723600001101234565</IBAN></Id>"
THEIRS = "<Id><IBAN>DE02120300000000202051</IBAN></Id>"


def parties(**roles: str) -> str:
    return "".join(f"<{role}>{said}</{role}>" for role, said in roles.items())


@pytest.mark.parametrize(
    ("side", "roles", "name"),
    [
        ("CRDT", {"Dbtr": "<Nm>Anna</Nm>", "Cdtr": "<Nm>We</Nm>"}, "Anna"),
        ("DBIT", {"Dbtr": "<Nm>We</Nm>", "Cdtr": "<Nm>Anna</Nm>"}, "Anna"),
        ("CRDT", {"Dbtr": "<Nm>We</Nm>", "DbtrAcct": OWN, "Cdtr": "<Nm>Anna</Nm>", "CdtrAcct": THEIRS}, "Anna"),
        ("CRDT", {"UltmtDbtr": "<Pty><Nm>Anna</Nm></Pty>"}, "Anna"),
        ("CRDT", {"Cdtr": "<Nm>We</Nm>"}, ""),
        ("CRDT", {"Cdtr": "<Nm>We</Nm>", "CdtrAcct": OWN}, ""),
        ("DBIT", {"Dbtr": "<Nm>Anna</Nm>", "DbtrAcct": THEIRS}, "Anna"),
    ],
)
def test_the_counterparty_is_never_ourselves(side: str, roles: dict[str, str], name: str) -> None:
    assert read(batch(f"<RltdPties>{parties(**roles)}</RltdPties>", side=side)).entries[0].counterparty_name == name
