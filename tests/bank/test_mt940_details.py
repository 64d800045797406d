""":86: as banks write it: Germany's fields, Poland's, the Netherlands' words, and plain text."""

import pytest

from vps.bank.mt940_details import Details, details_of


def details(*lines: str, beside: tuple[str, ...] = (), kind: str = "NTRF") -> Details:
    return details_of(list(lines), list(beside), kind=kind)


@pytest.mark.parametrize(
    ("lines", "text", "references"),
    [
        pytest.param(["166?00X?20EREF+A?21KREF+B?22SVWZ+Danke"], "Danke", ("A", "B"), id="a field for each word"),
        pytest.param(["166?20EREF+A KREF+B SVWZ+Danke"], "Danke", ("A", "B"), id="words within a field"),
        pytest.param(["166?20EREF+ZV01002841909493000000?2102 ?22SVWZ+Danke"], "Danke", ("ZV0100284190949300000002",), id="27 letters"),
        pytest.param(["166?20SVWZ+E-MOBILITY ABRECHNUNG?21NR. 28"], "E-MOBILITY ABRECHNUNG NR. 28", (), id="a space lost at the end"),
        pytest.param(["166?20EREF+NOTPROVIDED?21SVWZ+NONREF"], "", (), id="nothing said"),
        pytest.param(["166?00GUTSCHRIFT"], "GUTSCHRIFT", (), id="only what it is"),
        pytest.param(["166?20Miete?60 und?63 mehr"], "Miete und mehr", (), id="?60 to ?63"),
        pytest.param(["166?20Was? Warum?12 Wo?21Wer?"], "Was? Warum?12 Wo Wer?", (), id="questions"),
        pytest.param(["166?99Wo?20Wer"], "Wer", (), id="a field that nobody knows"),
        pytest.param(["166?20Dan", "ke?2", "1Petra"], "Danke Petra", (), id="cut anywhere"),
        pytest.param(["166?20" + "x" * 54 + " y", "z"], "x" * 54 + " yz", (), id="a short line that is no whole one"),
        pytest.param(["166?20" + "x" * 58, "und"], "x" * 58 + " und", (), id="a line that lost its space"),
        pytest.param(["166?20" + "x" * 58, "?21und"], "x" * 58 + " und", (), id="a short line before a field"),
        pytest.param(["020~20Zapłata~21za fakturę"], "Zapłata za fakturę", (), id="Poland"),
        pytest.param([">20Opłata za prowadzenie>31>32"], "Opłata za prowadzenie", (), id="without a code"),
        pytest.param(["999Danke", "Petra"], "Danke\nPetra", (), id="free text"),
        pytest.param(["x" * 65, "y" * 64, "z"], "x" * 65 + "y" * 64 + " z", (), id="plain text, cut"),
        pytest.param(["/EREF/A/B/BENM//NAME/ANNA/REMI/USTD//Danke", "schön/"], "Danke schön", ("A/B",), id="the Netherlands"),
        pytest.param(["/TRTP/OVERBOEKING/IBAN/NL1/NAME/X"], "OVERBOEKING", (), id="only what it is, in Dutch"),
        pytest.param([""], "", (), id="nothing"),
        pytest.param([], "", (), id="no field at all"),
        pytest.param(["a\x07b\u202ec\tSVWZ+d"], "a b c SVWZ+d", (), id="what a screen would obey"),
    ],
)
def test_text_and_references(lines: list[str], text: str, references: tuple[str, ...]) -> None:
    found = details(*lines)

    assert (found.text, found.references) == (text, references)


@pytest.mark.parametrize(
    ("lines", "party", "account"),
    [
        (["166?30GENODE61?31DE89370400440532013000?32PETRA MUS?33TERMANN"], "PETRA MUSTERMANN", "DE89370400440532013000"),
        (["166?32Anna?35Anna GmbH?70Boris"], "Anna", ""),
        (["166?31310847564700?32MUELLER"], "MUELLER", "310847564700"),
        (["020?31777?38PL081060007600007777777 77777?32HUTA"], "HUTA", "PL08106000760000777777777777"),
        (["166?20ABWA+Anna?21IBAN+DE89370400440532013000"], "Anna", "DE89370400440532013000"),
        (["/CNTP/NL21INGB0650141172/INGBNL2A/Rexel B.V.///REMI/USTD//x"], "Rexel B.V.", "NL21INGB0650141172"),
        (["/TRTP/X/IBAN/NL65INGB0123456789/BIC/INGB/NAME/PICQER/REMI/x"], "PICQER", "NL65INGB0123456789"),
        (["Danke"], "", ""),
    ],
)
def test_who_paid(lines: list[str], party: str, account: str) -> None:
    found = details(*lines)

    assert (found.party, found.account) == (party, account)


@pytest.mark.parametrize(
    ("line", "kind", "reason"),
    [
        ("109?00RETOURE?20SVWZ+RETURN/REFUND AC04?34902", "NTRF", "AC04"),
        ("109?00RETOURE?20SVWZ+Grund?34902", "NTRF", "902"),
        ("109?00RETOURE?20SVWZ+Grund?34000", "NTRF", ""),
        ("166?00GUTSCHRIFT?20Haus AC04?34997", "NTRF", ""),
        ("166?00RÜCKBUCHUNG?20MD06", "NTRF", "MD06"),
        ("166?20AM04", "NRTI", "AM04"),
        ("Povrat sredstava AC01", "NMSC", "AC01"),
        ("Hvala AC01", "NMSC", ""),
        ("/RTRN/MS03/NAME/X", "NMSC", "MS03"),
        ("/RTRN/No account/NAME/X", "NMSC", "No account"),
    ],
)
def test_why_the_bank_gave_it_back(line: str, kind: str, reason: str) -> None:
    assert details(line, kind=kind).reason == reason


def test_what_stands_below_the_amount_is_kept() -> None:
    assert details("Danke, Karte 4", beside=("Karte 4", "Ort", "/OCMT/EUR5")).text == "Danke, Karte 4\nOrt"
    assert details(beside=("", "Zinsen")).text == "Zinsen"
    assert details("Danke", beside=("NL70ABNA0987654321",)).account == "NL70ABNA0987654321"


def test_the_code_is_the_german_one_or_that_of_the_line() -> None:
    assert [details(line).code for line in ("166?20x", "?20x", "999x", "x")] == ["GVC-166", "NTRF", "GVC-999", "NTRF"]
