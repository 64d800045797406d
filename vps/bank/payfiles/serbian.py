"""Payments in dinars: the XML orders (`pmtorderrq`) that Asseco's FX Client and the e-banking programs of its banks import.

Serbia has no one format. This one is published, by Asseco SEE as "FX Client, specification of export and import formats" and by
Banca Intesa Beograd, and it is what those programs export themselves. Texts are sent without diacritics, which every bank takes.
"""

import re
from datetime import date
from typing import Any, Final

from lxml import etree

from vps.bank.accounts import is_serbian
from vps.bank.archive import xml_source
from vps.bank.payfiles import batch as refusals
from vps.bank.payfiles import faults
from vps.bank.payfiles.batch import Batch, Debtor, Line, Transfer, is_reference
from vps.kernel.latin import is_latin, latin
from vps.kernel.money import Money

_NAME: Final = 50
_PLACE: Final = 50
_PURPOSE: Final = 105
_MOST: Final = 99_999_999_999_99
_RTGS: Final = 300_000_00
"""Above this the National Bank wants every payment settled at once and alone."""
_AMOUNT: Final = re.compile(r"[0-9]{1,15}\.[0-9]{2}")


def write_serbian(batch: Batch) -> bytes:
    """The file of a batch; raises a BatchRefused that names the payee, or a FaultyFile when what was written is not right."""
    _look_at(batch)
    orders = etree.Element("pmtorderrq", count=str(len(batch.transfers)))
    for one in batch.transfers:
        _order(orders, one, batch.debtor, batch.execution_day)
    content: bytes = etree.tostring(orders, xml_declaration=True, encoding="UTF-8")
    ordered = tuple(Line(batch.debtor.account, one.end_to_end, one.account, one.amount) for one in batch.transfers)
    faults.as_ordered(batch, check_serbian(content), ordered)
    return content


def check_serbian(content: bytes) -> tuple[Line, ...]:
    """What the file pays, in its order; raises a FaultyFile, or a FileRefused when it is no XML that is safe to read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        orders = etree.fromstring(xml_source("XML", content).body, parser)
    except etree.XMLSyntaxError as error:
        raise faults.NotPayments from error
    if orders.tag != "pmtorderrq":
        raise faults.NotPayments
    lines = tuple(_line(order) for order in orders)
    if orders.get("count") != str(len(lines)):
        raise faults.WrongCount(said=orders.get("count", ""), found=len(lines))
    if len({line.reference for line in lines}) != len(lines):
        raise faults.TwiceTheSame(found=", ".join(line.reference for line in lines)[:70])
    return lines


def _look_at(batch: Batch) -> None:
    if not batch.transfers:
        raise refusals.NothingToPay
    if batch.instant:
        raise refusals.NoInstant
    if not is_serbian(batch.debtor.account) or not _written(batch.debtor.name, _NAME) or not _written(batch.debtor.place, _PLACE):
        raise refusals.WrongDebtor(found=f"{batch.debtor.name}, {batch.debtor.place}, {batch.debtor.account}")
    seen: set[str] = set()
    for one in batch.transfers:
        if not _written(one.name, _NAME):
            raise refusals.UnwritableName(payee=one.name)
        if not is_serbian(one.account):
            raise refusals.UnfitAccount(payee=one.name, account=one.account)
        if one.amount.currency != "RSD":
            raise refusals.UnfitCurrency(payee=one.name, amount=one.amount, currency="RSD")
        if not 0 < one.amount.minor <= _MOST:
            raise refusals.UnfitAmount(payee=one.name, amount=one.amount)
        if not re.fullmatch("2[0-9]{2}", one.purpose_code):
            raise refusals.PurposeNeeded(payee=one.name)
        if not is_reference(one.end_to_end) or one.end_to_end in seen or not _is_payees(one.model, one.reference):
            raise refusals.UnfitReference(payee=one.name, reference=f"{one.end_to_end} {one.model} {one.reference}".strip())
        seen.add(one.end_to_end)


def _is_payees(model: str, reference: str) -> bool:
    """Whether a poziv na broj is none at all, or one of up to 23 characters with an optional model of two digits."""
    if not reference:
        return not model
    return re.fullmatch("([0-9]{2})?", model) is not None and re.fullmatch("[A-Za-z0-9-]{1,23}", reference) is not None


def _written(text: str, longest: int, language: str = "sr") -> str:
    spelled = latin(text, language)[:longest].strip("/ ")
    return spelled if any(map(str.isalnum, spelled)) else ""


def _order(orders: Any, one: Transfer, debtor: Debtor, day: date) -> None:
    order = etree.SubElement(orders, "pmtorder")
    _group(order, "companyinfo", name=_written(debtor.name, _NAME), city=_written(debtor.place, _PLACE))
    _group(order, "accountinfo", acctid=_hyphens(debtor.account), bankid=debtor.account[:3], bankname=_written(debtor.bank, _NAME))
    _group(order, "payeecompanyinfo", name=_written(one.name, _NAME, one.language or "sr"), city=_written(one.place, _PLACE))
    _group(order, "payeeaccountinfo", acctid=_hyphens(one.account), bankid=one.account[:3], bankname=_written(one.bank, _NAME))
    facts = {
        "trntype": "ibank.payment.pp3",  # a transfer order, nalog za prenos
        "trnuid": one.end_to_end,
        "dtdue": f"{day.isoformat()}T00:00:00",
        "trnamt": one.amount.plain,
        "trnplace": "online",
        "purpose": _written(one.text, _PURPOSE) or one.end_to_end,
        "purposecode": one.purpose_code,
        "curdef": "RSD",
        "refmodel": "",
        "refnumber": "",
        "payeerefmodel": one.model,
        "payeerefnumber": one.reference,
        "urgency": _urgency(one, debtor),
        "priority": "50",
    }
    for name, value in facts.items():
        etree.SubElement(order, name).text = value


def _group(order: Any, group_name: str, /, **facts: str) -> None:
    group = etree.SubElement(order, group_name)
    for fact, value in facts.items():
        etree.SubElement(group, fact).text = value


def _hyphens(account: str) -> str:
    return f"{account[:3]}-{account[3:16]}-{account[16:]}"


def _urgency(one: Transfer, debtor: Debtor) -> str:
    if one.account[:3] == debtor.account[:3]:
        return "INT"
    return "RTGS" if one.amount.minor > _RTGS else "ACH"


def _line(order: Any) -> Line:
    for element in order.iter():
        if element.text and not is_latin(element.text):
            raise faults.ForeignSigns(found=element.text[:70])
    own, account = (order.findtext(f"{path}/acctid", "").replace("-", "") for path in ("accountinfo", "payeeaccountinfo"))
    for number in (own, account):
        if not is_serbian(number):
            raise faults.WrongNumber(found=number)
    if (currency := order.findtext("curdef", "")) != "RSD":
        raise faults.ForeignCurrency(found=currency, expected="RSD")
    amount = order.findtext("trnamt", "")
    if not _AMOUNT.fullmatch(amount) or not (paras := int(amount.replace(".", ""))):
        raise faults.WrongAmount(found=amount)
    return Line(own, order.findtext("trnuid", ""), account, Money(paras, "RSD"))
