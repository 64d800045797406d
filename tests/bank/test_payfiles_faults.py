"""A finished file is read again: whatever was changed in it, by a fault of ours or by a hand, is noticed."""

from dataclasses import replace

import pytest

from tests.bank.pay_batches import OLD, SEPA, batch
from vps.bank.archive import FileRefused, HasDoctype
from vps.bank.payfiles import faults
from vps.bank.payfiles.batch import Line
from vps.bank.payfiles.faults import FaultyFile, as_ordered
from vps.bank.payfiles.files import check, write
from vps.kernel.money import Money


@pytest.mark.parametrize(
    ("name", "right", "wrong", "fault"),
    [
        (SEPA, "<GrpHdr>", "<!-- a --><GrpHdr><!-- b -->", None),
        (SEPA, "</Document>", "", faults.NotPayments),
        (SEPA, "pain.001.001.09", "pain.001.001.02", faults.NotPayments),
        (SEPA, "pain.001.001.09", OLD, faults.BreaksSchema),
        (SEPA, "2026-11-24", "2026-11-31", faults.BreaksSchema),
        (SEPA, "<NbOfTxs>3<", "<NbOfTxs>4<", faults.WrongCount),
        (SEPA, "<CtrlSum>1049.91<", "<CtrlSum>1049.9<", faults.WrongSum),
        (SEPA, "49.90<", "49.9<", faults.WrongAmount),
        (SEPA, "49.90<", "0.00<", faults.WrongAmount),
        (SEPA, "49.90<", "49.91<", faults.WrongSum),
        (SEPA, 'Ccy="EUR">49', 'Ccy="USD">49', faults.ForeignCurrency),
        (SEPA, "HR1723600001101234565", "HR1723600001101234566", faults.WrongNumber),
        (SEPA, "DE89370400440532013000", "DE89370400440532013001", faults.WrongNumber),
        (SEPA, "VPS-1-2", "VPS-1-3", faults.TwiceTheSame),
        (SEPA, "Anna Mueller", "Anna Müller", faults.ForeignSigns),
        ("rs", "</pmtorderrq>", "", faults.NotPayments),
        ("rs", "pmtorderrq", "pmtorders", faults.NotPayments),
        ("rs", 'count="3"', 'count="2"', faults.WrongCount),
        ("rs", 'count="3"', "", faults.WrongCount),
        ("rs", "VPS-1-2", "VPS-1-3", faults.TwiceTheSame),
        ("rs", "Petra Petrovic", "Petra Petrović", faults.ForeignSigns),
        ("rs", "265-0000000012345-26", "265-0000000012345-27", faults.WrongNumber),
        ("rs", "265-0000000001234-88", "265-0000000001234-89", faults.WrongNumber),
        ("rs", ">RSD<", ">EUR<", faults.ForeignCurrency),
        ("rs", ">0.01<", ">0.00<", faults.WrongAmount),
        ("rs", ">0.01<", ">0,01<", faults.WrongAmount),
        ("1c", "КонецФайла", "", faults.NotPayments),
        ("1c", "1.03", "1.02", faults.NotPayments),
        ("1c", "КонецДокумента\r\nСекцияДокумент=Платежное поручение\r\n", "", faults.NotPayments),
        ("1c", "КонецДокумента\r\nКонецФайла", "КонецФайла", faults.NotPayments),
        ("1c", "КонецДокумента\r\nКонецФайла", "КонецДокумента\r\nКонецДокумента\r\nКонецФайла", faults.NotPayments),
        ("1c", "СекцияДокумент=Платежное поручение", "СекцияДокумент=Аккредитив", faults.NotPayments),
        ("1c", "Номер=101", "Номер=102", faults.TwiceTheSame),
        ("1c", "Номер=101", "Номер=0", faults.NotPayments),
        ("1c", "Сумма=49.90", "Сумма=49,90", faults.WrongAmount),
        ("1c", "Сумма=49.90", "Сумма=0.00", faults.WrongAmount),
        ("1c", "БИК=044525225", "БИК=044525226", faults.WrongNumber),
        ("1c", "\r\nРасчСчет=40817810900000000018", "\r\nРасчСчет=40817810900000000019", faults.WrongNumber),
        ("1c", "НазначениеПлатежа=VPS-000102", "НазначениеПлатежа=", faults.NotPayments),
    ],
)
def test_a_changed_file_is_refused(name: str, right: str, wrong: str, fault: type[FaultyFile] | None) -> None:
    coding = "cp1251" if name == "1c" else "utf-8"
    text = write(batch(name), name).decode(coding)
    assert right in text
    changed = text.replace(right, wrong).encode(coding)

    if fault is None:
        assert check(changed, name) == check(text.encode(), name)
        return
    with pytest.raises(FaultyFile) as refused:
        check(changed, name)
    assert type(refused.value) is fault
    assert str(refused.value)  # the sentence finds all its facts


@pytest.mark.parametrize("name", [SEPA, "rs"])
def test_what_is_no_safe_xml_is_not_even_read(name: str) -> None:
    for content in (b"", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
        with pytest.raises(FileRefused):
            check(content, name)
    with pytest.raises(faults.NotPayments):
        check(b"\xff\xff<a/>", name)
    with pytest.raises(HasDoctype):
        check(write(batch(name), name).replace(b"\n", b"\n<!DOCTYPE Document>", 1), name)


def test_bytes_that_are_no_windows_1251_are_no_file_of_1c() -> None:
    with pytest.raises(faults.NotPayments):
        check(b"1CClientBankExchange\r\n\x98", "1c")


def test_a_right_file_that_pays_something_else_than_the_batch_is_not_given_out() -> None:
    ordered = check(write(batch()))
    for wrong in (ordered[:-1], ordered[::-1], (*ordered[:-1], replace(ordered[-1], amount=Money(1, "EUR")))):
        with pytest.raises(faults.NotAsOrdered):
            as_ordered(batch(), wrong, ordered)
    with pytest.raises(faults.NotAsOrdered):
        as_ordered(batch(transfers=()), ordered, ordered)
    assert isinstance(ordered[0], Line) and as_ordered(batch(), ordered, ordered) is None
