"""Which reader a file gets is decided by what stands in it; several kinds may come in one archive."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bank.camt_files import DATA, TEXT, document
from tests.bank.csv_files import PLAIN, table
from tests.bank.fuzz import KINDS, corpus, damaged, mapping_of, outcome, packed
from vps.bank.archive import FileRefused, TooLarge
from vps.bank.plain import same_account
from vps.bank.reading import read_statements
from vps.bank.statement import InterimReport, Notification, UnknownFormat

FILES = {
    "camt.053.001.02": TEXT.encode(),
    "MT940": (DATA / "umlauts.sta").read_bytes(),
    "1CClientBankExchange": (DATA / "windows.1c.txt").read_bytes(),
    "CSV": table("20.11.2026;5,00"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", ["a.xml", "b.csv", "../../c\0.png", ""])
def test_the_content_decides_and_the_name_does_not(kind: str, name: str) -> None:
    [found] = read_statements(FILES[kind], name, mapping=PLAIN)

    assert found.message == kind


def test_an_archive_of_all_kinds_is_read_in_its_order_or_not_at_all() -> None:
    found = read_statements(packed([*FILES.values(), b"%PDF-1.7"]), mapping=PLAIN)

    assert [one.message for one in found] == list(FILES)
    with pytest.raises(UnknownFormat) as refused:
        read_statements(packed([*FILES.values(), b"Dear customer"]), "november.zip")
    assert str(refused.value).startswith("november.zip: 3.txt is in none of the formats")


@pytest.mark.parametrize(
    ("content", "refusal", "message"),
    [
        (document(message="camt.052.001.08", element="BkToCstmrAcctRpt").encode(), InterimReport, "camt.052.001.08"),
        (document(message="camt.054.001.04", element="BkToCstmrDbtCdtNtfctn").encode(), Notification, "camt.054.001.04"),
        (b":20:1\n:25:1\n:28C:1\n:34F:EURD0,\n:13D:2611201815+0100\n:61:261120C5,NTRF\n:90C:1EUR5,\n-\n", InterimReport, "MT942"),
        (b":20:1\n:25:1\n:28:1\n:60F:C261120EUR0,\n:90C:1EUR5,\n:62F:C261120EUR5,\n-\n", InterimReport, "MT941"),
    ],
)
def test_what_is_not_final_refuses_the_archive_it_comes_in(content: bytes, refusal: type[FileRefused], message: str) -> None:
    for upload in (content, packed([TEXT.encode(), content])):
        with pytest.raises(refusal) as refused:
            read_statements(upload, "november")
        assert refused.value.facts["message"] == message


def test_a_text_is_not_as_large_as_an_archive_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vps.bank.plain.MAX_BYTES", 40)

    with pytest.raises(TooLarge):
        read_statements(packed([FILES["MT940"]]))


@pytest.mark.parametrize(
    ("written", "iban", "same"),
    [
        ("DE02120300000000202051", "DE02120300000000202051", True),
        ("de02 1203 0000 0000 2020 51", "DE02120300000000202051", True),
        ("12030000/202051", "DE02120300000000202051", True),
        ("12030000/0000202051", "DE02120300000000202051", True),
        ("12030000/202052", "DE02120300000000202051", False),
        ("120300000000202051", "DE02120300000000202051", True),
        ("1203001/0202051", "DE02120300000000202051", False),
        ("2360000-1101234565", "HR1723600001101234565", True),
        ("160-5100-37", "RS35160000000000510037", True),
        ("160-5100-37", "160000000000510037", True),
        ("40702.810.1.0000-0000001", "40702810100000000001", True),
        ("160-5100-38", "RS35160000000000510037", False),
        ("1-6-0-5100", "RS35160000000000510037", False),
        ("12030000/00000000000000000202051", "DE02120300000000202051", False),
        ("BANK/202051", "DE02120300000000202051", False),
        ("", "DE02120300000000202051", False),
        ("202051", "", False),
    ],
)
def test_bank_code_and_number_are_the_account_that_has_them_in_its_iban(written: str, iban: str, same: bool) -> None:
    assert same_account(written, iban) is same


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(KINDS)))
def test_a_damaged_file_is_refused_or_read_honestly(dice, kind: str) -> None:
    whole = dice.choice(corpus(kind))
    mapping = mapping_of(whole) if kind == "csv" else replace(PLAIN, account="")

    assert outcome(damaged(whole, dice, corpus(kind)), mapping)
