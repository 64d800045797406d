"""Pay-in slips of four countries: what their codes hold, read back from the pictures that are served."""

import gzip
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bank.scanner import scanned
from vps.bank.accounts import AccountRefused, IbanWanted, WrongBic, WrongCheckDigits, WrongRussian, WrongRussianBank, WrongRussianKey
from vps.bank.slips import (
    AmountTooLarge,
    NeedsAmount,
    NeedsBic,
    OtherCurrency,
    Payee,
    Slip,
    TooLongForSlip,
    WrongAccount,
    WrongTaxNumber,
    epc,
    form_of,
    gost,
    hub3,
    ips,
)
from vps.bank.slips.facts import cut
from vps.kernel.money import Money
from vps.kernel.numbers import find_domestic, find_order_references, find_references, order_reference, topup_reference

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
ANNA, ORDER = topup_reference("20468"), order_reference("1001")
GERMAN = Slip(Payee("Müller & Šarić GmbH", "DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX"), ANNA, "Aufladung", Money(49_90, "EUR"))
CROATIAN = Slip(
    Payee("Šećerana Županja d.o.o.", "HR6623400091110651272", "Savska cesta 13", "10000 Zagreb"), ORDER, "Narudžba 1001", Money(49_90, "EUR"),
    "Đurđa Šimić", "Ilica 1", "10000 Zagreb",
)  # fmt: skip
SERBIAN = Slip(Payee("Шећер д.о.о. Београд", "265-1234-88"), ORDER, "Наруџбина 1001", Money(1295_05, "RSD"), "Жељко Ћирић")
RUSSIAN = Slip(
    Payee("ООО «Три кита»", "40702810138250123017", bic="044525225", bank="ПАО Сбербанк", correspondent="30101810400000000225",
          tax_number="7707083893"),
    ORDER, "Заказ 1001", Money(1500_00, "RUB"),
)  # fmt: skip
ALL = [(epc, GERMAN), (hub3, CROATIAN), (ips, SERBIAN), (gost, RUSSIAN)]


def sample(name):
    path = SAMPLES / name / "vectors.json"
    return json.loads(path.read_text()) if path.exists() else pytest.skip("the sample files are not on this machine")


def fitting(form, slip, **other):
    return form.payload(replace(slip, **other)).decode()


def of(slip, **other):
    return replace(slip, payee=replace(slip.payee, **other))


@pytest.mark.parametrize(("form", "slip"), ALL)
def test_the_picture_that_is_served_holds_exactly_the_payload(form, slip):
    kind, content = scanned(form.draw(slip))

    assert content == form.payload(slip)
    assert kind == ("PDF417" if form is hub3 else "QRCode")


@pytest.mark.parametrize(("form", "slip"), ALL)
def test_a_picture_is_small(form, slip):
    svg = form.draw(slip).encode()

    assert len(svg) < 8_000 and len(gzip.compress(svg)) < 1_350, (len(svg), len(gzip.compress(svg)))


@pytest.mark.parametrize(("form", "slip"), ALL)
def test_what_a_bank_sends_back_of_a_slip_finds_its_order_or_partner(form, slip):
    fields = [str(line.value) for line in form.lines(slip)] + form.payload(slip).decode().replace("|", "\n").replace("RO:", "").splitlines()
    model = next((line.value for line in form.lines(slip) if line.label == "Model"), "")
    typed = f"{model} {dict(form.lines(slip)).get('Reference number', '')}"
    text = "\n".join([*fields, typed])
    partners, orders = find_domestic(text)

    assert set(find_references(text) + partners) == ({"20468"} if form is epc else set())
    assert set(find_order_references(text) + orders) == (set() if form is epc else {"1001"})
    assert find_domestic(typed) == ([], ["1001"] if model else [])


# ---------------------------------------------------------------- SEPA


def test_the_sepa_code():
    assert epc.payload(GERMAN).decode().split("\n") == [
        *["BCD", "002", "1", "SCT", "COBADEFFXXX", "Müller & Šarić GmbH", "DE89370400440532013000", "EUR49.90", "", ANNA]
    ]


def test_the_payer_may_choose_the_amount_of_a_sepa_code():
    assert fitting(epc, GERMAN, amount=None).split("\n")[7] == ""
    assert fitting(epc, GERMAN, amount=Money(1, "EUR")).split("\n")[7] == "EUR0.01"


def test_a_text_goes_where_no_reference_is():
    vector = {"name": "Wikimedia Foerdergesellschaft", "account": "DE33100205000001194700"}
    slip = Slip(Payee(**vector), "", "Spende fuer Wikipedia", Money(123_45, "EUR"))

    assert fitting(epc, slip).split("\n")[8:] == ["", "", "Spende fuer Wikipedia"]
    assert ("Reference", "Spende fuer Wikipedia") in epc.lines(slip)
    if SAMPLES.exists():
        assert epc.payload(slip).decode().split("\n") == sample("epcqr")["vectors"][1]["lines"]


def test_the_largest_sepa_code_still_fits_into_version_13():
    name, text = "Ж" * 70, "Ж" * 140
    with pytest.raises(TooLongForSlip) as refused:
        fitting(epc, of(GERMAN, name=name), reference="", text=text)

    fits = epc.draw(replace(of(GERMAN, name=name), reference="", text=text[: refused.value.facts["most"]]))
    assert 'viewBox="0 0 77 77"' in fits  # 69 modules, which is version 13, and the quiet zone


@pytest.mark.parametrize("bic", ["BHBLDE", "BHBLDEHHXXXX", "BHBLDEHHXX", "BHBLDEH "])
def test_a_wrong_bic_is_refused(bic):
    with pytest.raises(WrongBic):
        epc.payload(of(GERMAN, bic=bic))


def test_within_the_eea_the_iban_is_enough():
    assert epc.payload(of(GERMAN, bic="")).split(b"\n")[4] == b""
    with pytest.raises(NeedsBic):
        epc.payload(of(GERMAN, account="RS35260005601001611379", bic=""))


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"amount": Money(0, "EUR")}, NeedsAmount),
        ({"amount": Money(-1, "EUR")}, NeedsAmount),
        ({"amount": Money(100_000_000_000, "EUR")}, AmountTooLarge),
        ({"amount": Money(100, "USD")}, OtherCurrency),
        ({"payee": Payee("A" * 71, "DE89370400440532013000")}, TooLongForSlip),
        ({"payee": Payee("A", "DE88370400440532013000")}, WrongCheckDigits),
        ({"payee": Payee("A", "40702810138250123017")}, IbanWanted),
    ],
)
def test_what_no_sepa_code_can_carry_is_refused(other, refusal):
    with pytest.raises(refusal):
        fitting(epc, GERMAN, **other)


# ---------------------------------------------------------------- Croatia


def test_the_croatian_code_has_fourteen_lines():
    assert hub3.payload(CROATIAN).decode().split("\n") == [
        *["HRVHUB30", "EUR", "000000000004990", "Đurđa Šimić", "Ilica 1", "10000 Zagreb"],
        *["Šećerana Županja d.o.o.", "Savska cesta 13", "10000 Zagreb", "HR6623400091110651272"],
        *["HR00", "8-100105", "OTHR", "Narudžba 1001"],
    ]


def test_amounts_of_a_croatian_code_keep_their_cents():
    for cents in range(1, 10_000, 7):
        amount = Money.of_decimal(Decimal(cents) / 100, "EUR")
        assert fitting(hub3, CROATIAN, amount=amount).split("\n")[2] == str(cents).zfill(15)


def test_the_fields_of_a_croatian_code_are_cut_to_their_lengths():
    long = "Trgovačko društvo za posredovanje u prodaji i usluge Petrović"
    slip = replace(of(CROATIAN, name=long, street=long, place=long), text=long, payer_name=long, payer_street=long, payer_place=long)
    cut_to = hub3.payload(slip).decode().split("\n")

    for place, most in zip([3, 4, 5, 6, 7, 8, 13], [30, 27, 27, 25, 25, 27, 35], strict=True):
        assert long.startswith(cut_to[place]) and most * 2 / 3 < len(cut_to[place]) <= most, cut_to[place]
    assert cut_to[6] == "Trgovačko društvo za"
    assert ("Payee", long) in hub3.lines(slip)  # who copies it by hand can write all of it


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"amount": None}, NeedsAmount),
        ({"amount": Money(0, "EUR")}, NeedsAmount),
        ({"amount": Money(10**15, "EUR")}, AmountTooLarge),
        ({"amount": Money(1, "RSD")}, OtherCurrency),
        ({"payee": Payee("A", "DE89370400440532013000")}, WrongAccount),
        ({"payee": Payee("A", "HR6623400091110651273")}, WrongAccount),
    ],
)
def test_what_no_croatian_slip_can_carry_is_refused(other, refusal):
    with pytest.raises(refusal):
        fitting(hub3, CROATIAN, **other)


def test_the_croatian_sample_has_our_order_of_lines():
    lines = sample("hub3")["vectors"][0]["lines"]
    slip = Slip(Payee(lines[6], lines[9], lines[7], lines[8]), ANNA, lines[13], Money(int(lines[2]), "EUR"), *lines[3:6])
    ours = hub3.payload(slip).decode().split("\n")

    assert [place for place, line in enumerate(ours) if line != lines[place]] == [1, 11, 12]  # EUR since 2023, reference, purpose


def test_names_in_cyrillic_are_written_for_croatian_banks_in_latin_letters():
    slip = replace(CROATIAN, payer_name="Ђорђе Живковић", payer_street="Милана Ракића 3", text="Заказ 1001 Щукин")
    made = hub3.payload(slip).decode().split("\n")

    assert (made[3], made[4], made[13]) == ("Djordje Zivkovic", "Milana Rakica 3", "Zakaz 1001 Shchukin")


# ---------------------------------------------------------------- Serbia


def test_the_serbian_code():
    assert ips.payload(SERBIAN).decode() == (
        "K:PR|V:01|C:1|R:265000000000123488|N:Шећер д.о.о. Београд|I:RSD1295,05|P:Жељко Ћирић|SF:289|S:Наруџбина 1001|RO:97298100105"
    )


def test_a_serbian_code_has_no_empty_tags():
    slip = replace(SERBIAN, payer_name="", text=" | ")
    assert ips.payload(slip).decode().endswith("|I:RSD1295,05|SF:289|RO:97298100105")


@pytest.mark.parametrize(("minor", "written"), [(1500_00, "RSD1500,00"), (1500_50, "RSD1500,50"), (1, "RSD0,01"), (10**16 - 1, "RSD99999999999999,99")])  # fmt: skip
def test_amounts_of_a_serbian_code(minor, written):
    assert f"|I:{written}|" in fitting(ips, SERBIAN, amount=Money(minor, "RSD"))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("265-1234-88", "265000000000123488"),
        ("205-12345-10", "205000000001234510"),
        ("840000071711184351", "840000071711184351"),
        ("RS35 2600 0560 1001 6113 79", "260005601001611379"),
    ],
)
def test_a_serbian_account_is_read_however_it_is_written(written, number):
    assert ips.account_number(written) == number


@pytest.mark.parametrize("written", ["", "123456789012345678", "845000000040484999", "265-1234-89", "RS36260005601001611379", "DE89370400440532013000"])  # fmt: skip
def test_a_wrong_serbian_account_is_refused(written):
    with pytest.raises(AccountRefused):
        ips.account_number(written)


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"amount": None}, NeedsAmount),
        ({"amount": Money(0, "RSD")}, NeedsAmount),
        ({"amount": Money(10**16, "RSD")}, AmountTooLarge),
        ({"amount": Money(1, "EUR")}, OtherCurrency),
        ({"payee": Payee("A" * 71, "265-1234-88")}, TooLongForSlip),
    ],
)
def test_what_no_serbian_code_can_carry_is_refused(other, refusal):
    with pytest.raises(refusal):
        fitting(ips, SERBIAN, **other)


def test_the_serbian_samples():
    samples = sample("ipsqr")
    assert [ips.account_number(number) for number in samples["accounts_ok"]] == samples["accounts_ok"]
    first = samples["vectors"][0]["payload"].split("|")
    tags = [part.partition(":")[0] for part in fitting(ips, SERBIAN, payer_name="").split("|")]
    assert tags == [part.partition(":")[0] for part in first]


# ---------------------------------------------------------------- Russia


def test_the_russian_code():
    assert gost.payload(RUSSIAN).decode() == (
        "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ПАО Сбербанк|BIC=044525225"
        "|CorrespAcc=30101810400000000225|PayeeINN=7707083893|Purpose=Заказ 1001 RF72X1001|Sum=150000"
    )


def test_the_payer_may_choose_the_sum_of_a_russian_code_and_an_office_of_the_central_bank_has_no_correspondent():
    slip = replace(of(RUSSIAN, correspondent="", tax_number="", bank="Б" * 60), amount=None, text="")
    fields = gost.payload(slip).decode().split("|")

    assert fields[3:] == ["BankName=" + "Б" * 45, "BIC=044525225", "CorrespAcc=0", "Purpose=RF72X1001"]


def test_an_account_at_the_central_banks_own_office_has_another_key():
    assert gost.payload(of(RUSSIAN, bic="044525000", account="40602810500000000012", correspondent=""))


@pytest.mark.parametrize(
    ("payee", "refusal"),
    [
        ({"account": "40702810138250123018"}, WrongRussianKey),
        ({"account": "40702810238250123017"}, WrongRussianKey),
        ({"bic": "044525226"}, WrongRussianKey),
        ({"bic": ""}, WrongRussianBank),
        ({"account": "4070281013825012301"}, WrongRussian),
        ({"correspondent": "30101810400000000226"}, WrongAccount),
        ({"correspondent": "30101810500000000225"}, WrongAccount),
        ({"correspondent": "301"}, WrongAccount),
        ({"tax_number": "7707083894"}, WrongTaxNumber),
        ({"name": "А" * 161}, TooLongForSlip),
    ],
)
def test_accounts_that_do_not_fit_their_bank_are_refused(payee, refusal):
    with pytest.raises(refusal):
        gost.payload(of(RUSSIAN, **payee))


@pytest.mark.parametrize(("minor", "currency", "refusal"), [(0, "RUB", NeedsAmount), (1, "EUR", OtherCurrency), (10**18, "RUB", AmountTooLarge)])  # fmt: skip
def test_what_no_russian_code_can_carry_is_refused(minor, currency, refusal):
    with pytest.raises(refusal):
        fitting(gost, RUSSIAN, amount=Money(minor, currency))


# ---------------------------------------------------------------- which form


@pytest.mark.parametrize(
    ("account", "currency", "form"),
    [
        ("DE89370400440532013000", "EUR", "epc"),
        ("HR6623400091110651272", "EUR", "hub3"),
        ("RS35260005601001611379", "RSD", "ips"),
        ("RS35260005601001611379", "EUR", "epc"),
        ("265000000000123488", "RSD", "ips"),
        ("40702810138250123017", "RUB", "gost"),
        ("DE89370400440532013000", "USD", None),
        ("265000000000123488", "EUR", None),
    ],
)
def test_the_form_follows_from_the_account_and_its_currency(account, currency, form):
    found = form_of(account, currency)
    assert (found.payload.__module__.rpartition(".")[2] if found else None) == form


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Kurz", 4, "Kurz"),
        ("Firma für Handel, Reisen", 18, "Firma für Handel"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudampf"),
        ("A Donaudampfschifffahrt", 10, "A Donaudam"),
        ("zwei\nZeilen | Strich", 30, "zwei Zeilen Strich"),
    ],
)
def test_a_text_is_cut_behind_a_word_where_there_is_one(text, most, short):
    assert cut(text, most) == short
