"""A pain.001 file read again: the published schema, and what the schema does not know - sums, check digits, letters."""

import importlib.util
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from vps.bank.archive import xml_source
from vps.bank.payfiles import faults
from vps.bank.payfiles.batch import Line
from vps.kernel.latin import is_latin
from vps.kernel.money import Money
from vps.kernel.numbers import is_iban

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
_VERSIONS: Final = ("pain.001.001.03", "pain.001.001.09")
_AMOUNT: Final = re.compile(r"[0-9]{1,15}\.[0-9]{2}")


def check(content: bytes) -> tuple[Line, ...]:
    """What the file pays, in its order; raises a FaultyFile, or a FileRefused when it is no XML that is safe to read."""
    document, schema = _parsed(content)
    tag = f"{{{NAMESPACE}{schema}}}"
    _heed_schema(document, schema)
    _heed_signs(document)
    root = document[0]
    lines = tuple(line for payment in root.iterfind(f"{tag}PmtInf") for line in _payment(payment, tag))
    _heed_totals(root.find(f"{tag}GrpHdr"), lines, tag)
    _heed_references(lines)
    return lines


def _parsed(content: bytes) -> tuple[Any, str]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        document = etree.fromstring(xml_source("XML", content).body, parser)
    except etree.XMLSyntaxError as error:
        raise faults.NotPayments from error
    schema = etree.QName(document).namespace or ""
    schema = schema.removeprefix(NAMESPACE)
    if schema not in _VERSIONS:
        raise faults.NotPayments
    return document, schema


def _heed_schema(document: Any, schema: str) -> None:
    validator = _schema(schema)
    if not validator.validate(document):
        first = validator.error_log[0]
        raise faults.BreaksSchema(line=first.line, why=first.message.replace(f"{{{NAMESPACE}{schema}}}", ""))


@lru_cache(maxsize=2)
def _schema(schema: str) -> Any:
    # Found, not imported: the schemas lie beside sepaxml's code.
    package = importlib.util.find_spec("sepaxml")
    assert package is not None and package.origin is not None, "sepaxml is one of our requirements"
    return etree.XMLSchema(file=str(Path(package.origin).parent / "schemas" / f"{schema}.xsd"))


def _heed_signs(document: Any) -> None:
    for element in document.iter():
        if element.text and not is_latin(text := element.text.strip()):
            raise faults.ForeignSigns(found=text[:70])


def _payment(payment: Any, tag: str) -> Iterator[Line]:
    debtor = _heed_iban(payment.findtext(f"{tag}DbtrAcct/{tag}Id/{tag}IBAN"))
    lines = tuple(_line(one, debtor, tag) for one in payment.iterfind(f"{tag}CdtTrfTxInf"))
    _heed_totals(payment, lines, tag)
    yield from lines


def _line(one: Any, debtor: str, tag: str) -> Line:
    amount = one.find(f"{tag}Amt/{tag}InstdAmt")
    if amount is None or amount.get("Ccy") != "EUR":
        raise faults.ForeignCurrency(found="" if amount is None else amount.get("Ccy"), expected="EUR")
    if not _AMOUNT.fullmatch(amount.text) or not (cents := int(amount.text.replace(".", ""))):
        raise faults.WrongAmount(found=amount.text)
    account = _heed_iban(one.findtext(f"{tag}CdtrAcct/{tag}Id/{tag}IBAN"))
    return Line(debtor, one.findtext(f"{tag}PmtId/{tag}EndToEndId"), account, Money(cents, "EUR"))


def _heed_iban(found: str | None) -> str:
    if found is None or not is_iban(found):
        raise faults.WrongNumber(found=found or "")
    return found


def _heed_totals(head: Any, lines: tuple[Line, ...], tag: str) -> None:
    # In the head the count is obligatory and the sum is not; of each payment both are left to the bank.
    said, total = head.findtext(f"{tag}NbOfTxs"), head.findtext(f"{tag}CtrlSum")
    if said is not None and int(said) != len(lines):
        raise faults.WrongCount(said=int(said), found=len(lines))
    money = sum((line.amount for line in lines), Money.zero("EUR"))
    if total is not None and Decimal(total) != money.decimal:
        raise faults.WrongSum(said=total, found=money.plain)


def _heed_references(lines: tuple[Line, ...]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.reference in seen and line.reference != "NOTPROVIDED":
            raise faults.TwiceTheSame(found=line.reference)
        seen.add(line.reference)
