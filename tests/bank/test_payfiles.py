"""Files that take money out: what they say, that they are always the same, and what is refused before a file exists."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.bank.pay_batches import COMPANY, FORMATS, OLD, PAYEES, SEPA, batch, but
from vps.bank.accounts import PayeeAccount
from vps.bank.payfiles import batch as refusals
from vps.bank.payfiles.faults import BreaksSchema, WrongNumber
from vps.bank.payfiles.files import FORMATS as KNOWN
from vps.bank.payfiles.files import check, fits, write
from vps.kernel.money import Money

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def found(content: bytes, path: str) -> list[str]:
    """The texts at a path without namespaces."""
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    return [str(one.text or "") for one in etree.fromstring(content).xpath(f"//{steps}")]


# ---------------------------------------------------------------- every kind of file


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_pays_exactly_the_batch_and_is_always_the_same(name: str) -> None:
    content = write(batch(name), name)

    assert [(line.amount, line.account[-6:]) for line in check(content, name)] == [
        (one.amount, one.account[-6:]) for one in PAYEES[name]
    ]  # fmt: skip
    assert write(batch(name), name) == content
    assert set(KNOWN) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "李明"}, refusals.UnwritableName),
        ({"account": "DE89370400440532013001"}, refusals.UnfitAccount),
        ({"account": "BR1800000000141455123924100C2"}, refusals.UnfitAccount),
        ({"amount": Money(5, "CHF")}, refusals.UnfitCurrency),
        ({"end_to_end": ""}, refusals.UnfitReference),
        ({"end_to_end": "VPS-000103"}, refusals.UnfitReference),
    ],
)
def test_who_cannot_be_paid_is_named_and_no_file_is_written(name: str, changes: dict[str, Any], refusal: type[Exception]) -> None:
    right = replace(PAYEES[name][1], end_to_end="VPS-000103")
    wrong = replace(PAYEES[name][0], **changes)

    with pytest.raises(refusals.PayeeRefused) as refused:
        write(batch(name, transfers=(right, wrong)), name)

    assert type(refused.value) is refusal
    assert refused.value.facts["payee"] == wrong.name and wrong.name in str(refused.value)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_paid_by_amounts_that_no_bank_carries_nor_by_an_empty_batch(name: str) -> None:
    for minor in (0, -1, 10**18):
        with pytest.raises(refusals.UnfitAmount):
            write(but(name, amount=Money(minor, KNOWN[name].currency)), name)
    with pytest.raises(refusals.NothingToPay):
        write(batch(name, transfers=()), name)
    with pytest.raises(refusals.WrongDebtor):
        write(batch(name, debtor=replace(COMPANY[name], account="123")), name)


def test_only_sepa_files_ask_for_instant_payments() -> None:
    for name in ("rs", "1c"):
        with pytest.raises(refusals.NoInstant):
            write(batch(name, instant=True), name)


def test_an_account_is_paid_by_the_files_that_reach_it() -> None:
    german, serbian = PayeeAccount("iban", "DE89370400440532013000", "DE"), PayeeAccount("rs", "265000000000123488", "RS")
    russian, brazilian = PayeeAccount("ru", "40817810900000000018", "RU", "044525225"), PayeeAccount("iban", "BR18…", "BR")

    assert [name for name in FORMATS if fits(german, "EUR", name)] == [SEPA, OLD]
    assert [name for name in FORMATS if fits(serbian, "EUR", name)] == [SEPA, OLD]
    assert [name for name in FORMATS if fits(serbian, "RSD", name)] == ["rs"]
    assert [name for name in FORMATS if fits(russian, "RUB", name)] == ["1c"]
    assert not any(fits(brazilian, "EUR", name) or fits(german, "RUB", name) for name in FORMATS)


words = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("aŽљЩß/\r\n=;<&\"' .")), max_size=90)

names = st.one_of(st.sampled_from(["Anna Müller", "Ђорђе Ћирић"]), words)
amounts = st.one_of(st.integers(1, 10**11 - 1), st.integers(-1, 10**16))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FORMATS), names, words, words, amounts, words)
def test_whatever_is_typed_becomes_a_right_file_or_a_refusal_that_names_the_payee(
    name: str, payee: str, text: str, place: str, minor: int, bank: str
) -> None:
    amount = Money(minor, KNOWN[name].currency)
    try:
        content = write(but(name, name=payee, text=text, place=place, amount=amount, bank=bank), name)
    except refusals.PayeeRefused as refused:
        assert refused.facts["payee"] == payee
    else:
        assert check(content, name)[0].amount == amount


# ---------------------------------------------------------------- SEPA


def test_a_sepa_file_says_what_the_batch_says_in_the_letters_of_banks() -> None:
    content = write(batch())

    assert found(content, "GrpHdr/MsgId") == found(content, "PmtInfId") == ["VPS-1"]
    assert found(content, "CreDtTm") == ["2026-11-22T12:30:05Z"]
    assert found(content, "NbOfTxs") == ["3", "3"] and found(content, "CtrlSum") == ["1049.91", "1049.91"]
    assert found(content, "BtchBookg") == ["true"] and found(content, "ReqdExctnDt/Dt") == ["2026-11-24"]
    assert found(content, "Dbtr/Nm") == ["Beispiel + Soehne GmbH"] and found(content, "DbtrAcct/Id/IBAN") == ["DE89370400440532013000"]
    assert found(content, "EndToEndId") == ["VPS-1-1", "VPS-1-2", "VPS-1-3"]
    assert found(content, "Cdtr/Nm") == ["Zeljko Djordjevic", "Anna Mueller", "Petar Petrovic"]
    assert found(content, "CdtrAcct/Id/IBAN")[2] == "RS35265000000000123488"
    assert found(content, "CdtrAgt/FinInstnId/BICFI") == ["BKAUATWW", "RZBSRSBG"]
    assert found(content, "Ustrd") == ["Provision 10/2026 - Auszahlung", "VPS-1-2", "Provizija"]  # without a text: the reference
    assert found(content, "PstlAdr") == found(content, "LclInstrm/Cd") == []


@pytest.mark.parametrize("name", [SEPA, OLD])
def test_instant_payments_and_a_bank_known_by_its_iban_are_said_as_the_schema_wants_it(name: str) -> None:
    content = write(batch(name, instant=True, debtor=replace(COMPANY[name], bic="")), name)

    assert found(content, "PmtTpInf/LclInstrm/Cd") == ["INST"]
    assert found(content, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]
    assert check(content, name)


def test_names_and_texts_are_cut_to_what_a_payment_carries() -> None:
    content = write(but(name="Ж" * 80, text="a" * 200, language="ru"))

    assert (len(found(content, "Cdtr/Nm")[0]), len(found(content, "Ustrd")[0])) == (70, 140)


def test_the_language_of_a_payee_decides_how_a_cyrillic_name_is_spelled() -> None:
    assert found(write(but(name="Чабаркапа", language="sr")), "Cdtr/Nm")[0] == "Cabarkapa"
    assert found(write(but(name="Чабаркапа")), "Cdtr/Nm")[0] == "Chabarkapa"


def test_a_bank_outside_the_economic_area_is_named_and_a_wrong_code_refused() -> None:
    with pytest.raises(refusals.BicNeeded):
        write(but(account="GB82WEST12345698765432"))
    with pytest.raises(refusals.UnfitAccount):
        write(but(bic="COBADEFF1"))
    with pytest.raises(refusals.WrongDebtor):
        write(batch(debtor=replace(COMPANY[SEPA], bic="COBA")))


@pytest.mark.parametrize("number", ["", "a" * 36, "/VPS", "VPS//1", "VPS 1", "ВПС"])
def test_numbers_that_banks_do_not_take_are_refused(number: str) -> None:
    with pytest.raises(refusals.WrongMessage):
        write(batch(message_id=number))
    with pytest.raises(refusals.UnfitReference):
        write(but(end_to_end=number))


def test_the_library_that_writes_sepa_files_is_loaded_only_when_one_is_written() -> None:
    asked = "import sys, vps.bank.payfiles.files as files; print('lxml' in sys.modules, 'sepaxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "True False\n"


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not on this machine")
def test_files_of_others_are_judged_as_they_deserve() -> None:
    folder = SAMPLES / "pain001"
    expected = json.loads((folder / "expected" / "pain001-03-two-tx.xml.json").read_text())
    lines = check((folder / "pain001-03-two-tx.xml").read_bytes(), OLD)

    assert (len(lines), sum((line.amount for line in lines), Money.zero("EUR")).plain) == (expected["n_tx"], expected["sum"])
    with pytest.raises(WrongNumber):  # right by the schema; in yen and dollars, from an account without IBAN
        check((folder / "pain001-03-three-ccy.xml").read_bytes(), OLD)
    with pytest.raises(BreaksSchema, match=r"YYYY-MM-DD"):
        check((folder / "pain001-03-placeholder-invalid.xml").read_bytes(), OLD)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not on this machine")
@pytest.mark.parametrize("name", [SEPA, OLD])
def test_the_schema_as_published_takes_our_files_too(name: str) -> None:
    schema = etree.XMLSchema(file=str(SAMPLES / "xsd" / f"{name}.xsd"))
    for instant in (False, True):
        schema.assertValid(etree.fromstring(write(batch(name, instant=instant), name)))


# ---------------------------------------------------------------- Serbia and Russia


def test_a_serbian_order_is_written_in_plain_latin_and_goes_the_way_its_amount_needs() -> None:
    content = write(batch("rs"), "rs")

    assert found(content, "companyinfo/city") == ["Beograd"] * 3
    assert found(content, "payeecompanyinfo/name") == ["Djordje Ciric", "Petra Petrovic", "Cubrilo"]
    assert found(content, "payeeaccountinfo/acctid")[1] == "160-0000000099999-03"
    assert found(content, "trnamt") == ["300000.00", "300000.01", "0.01"]
    assert found(content, "urgency") == ["INT", "RTGS", "ACH"]  # the same bank, above the National Bank's limit, the clearing
    assert found(content, "purpose") == ["Isplata", "VPS-1-2", "Provizija"] and found(content, "purposecode") == ["249"] * 3
    assert (found(content, "payeerefmodel")[1], found(content, "payeerefnumber")[1]) == ("97", "20-12345")
    assert found(content, "dtdue") == ["2026-11-24T00:00:00"] * 3


def test_a_serbian_order_needs_a_purpose_code_and_a_reference_that_banks_take() -> None:
    for code in ("", "24", "149", "abc"):
        with pytest.raises(refusals.PurposeNeeded):
            write(but("rs", purpose_code=code), "rs")
    for model, reference in (("97", ""), ("9", "1"), ("97", "a b"), ("", "1" * 24)):
        with pytest.raises(refusals.UnfitReference):
            write(but("rs", model=model, reference=reference), "rs")
    with pytest.raises(refusals.WrongDebtor):
        write(batch("rs", debtor=replace(COMPANY["rs"], place="")), "rs")


def test_a_russian_file_is_written_as_bank_clients_read_it() -> None:
    content = write(batch("1c"), "1c")
    rows = content.decode("cp1251").split("\r\n")
    second = rows[rows.index("КонецДокумента") + 1 :]

    assert rows[:5] == ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", "Отправитель=VPS", "Получатель="]
    assert rows[5:11] == [
        "ДатаСоздания=22.11.2026", "ВремяСоздания=12:30:05", "ДатаНачала=24.11.2026", "ДатаКонца=24.11.2026",
        "РасчСчет=40817810900000000018", "Документ=Платежное поручение",
    ]  # fmt: skip
    assert {"Номер=101", "Дата=24.11.2026", "Сумма=49.90", "Плательщик=ИНН 7707083893 ООО «Пример»", "Получатель1=Юлия Щербакова"} <= set(
        rows
    )
    assert {"Номер=102", "КодНазПлатежа=1", "Получатель=ИНН 500100732259 Zeljko .", "НазначениеПлатежа=VPS-000102"} <= set(second)
    assert rows[-3:] == ["КонецДокумента", "КонецФайла", ""]


def test_a_russian_order_has_a_number_of_its_own_and_a_company_its_tax_number() -> None:
    for reference in ("VPS", "VPS-000000"):
        with pytest.raises(refusals.UnfitReference):
            write(but("1c", end_to_end=reference), "1c")
    with pytest.raises(refusals.UnfitAccount):
        write(but("1c", bic="045004774"), "1c")
    with pytest.raises(refusals.WrongDebtor):
        write(batch("1c", debtor=replace(COMPANY["1c"], tax_number="")), "1c")
