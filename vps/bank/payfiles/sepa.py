"""Payments in euros: pain.001.001.09, and .03 for old banks, by the rules of the EPC for credit transfers.

sepaxml builds the document. The time and the random numbers it puts in are replaced by ours, and what it cannot say is added:
instant payments, and banks known by their IBAN alone. No addresses are sent: within the EEA none is asked for.
"""

import re
from datetime import UTC
from typing import Any, Final

from lxml import etree

from vps.bank.accounts import is_serbian, serbian_iban
from vps.bank.payfiles import batch as refusals
from vps.bank.payfiles.batch import LONGEST_NAME, LONGEST_TEXT, Batch, Debtor, Line, Transfer, is_reference
from vps.bank.payfiles.faults import as_ordered
from vps.bank.payfiles.sepa_check import NAMESPACE, check
from vps.kernel.latin import latin
from vps.kernel.numbers import is_iban

EEA: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
SEPA: Final = EEA | frozenset(["AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"])
"""Countries as their IBANs begin; outside the EEA the payee's bank must be named."""
_MOST: Final = 999_999_999_99
_BIC: Final = re.compile("[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")


def write_sepa(batch: Batch, schema: str) -> bytes:
    """The file of a batch; raises a BatchRefused that names the payee, or a FaultyFile when what was written is not right."""
    _look_at(batch)
    ordered = tuple(_line(one, batch.debtor) for one in batch.transfers)
    document = etree.fromstring(_built(batch, ordered, schema), etree.XMLParser(resolve_entities=False, no_network=True))
    _ours(document, batch, f"{{{NAMESPACE}{schema}}}")
    content: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    as_ordered(batch, check(content), ordered)
    return content


def _look_at(batch: Batch) -> None:
    if not batch.transfers:
        raise refusals.NothingToPay
    if not is_reference(batch.message_id):
        raise refusals.WrongMessage(found=batch.message_id)
    own = _iban(batch.debtor.account)
    if own[:2] not in SEPA or not _name(batch.debtor.name) or not _is_bic(batch.debtor.bic):
        raise refusals.WrongDebtor(found=f"{batch.debtor.name} {batch.debtor.account}")
    seen: set[str] = set()
    for one in batch.transfers:
        _look_at_transfer(one, seen)


def _look_at_transfer(one: Transfer, seen: set[str]) -> None:
    country = _iban(one.account)[:2]
    if not _name(one.name, one.language):
        raise refusals.UnwritableName(payee=one.name)
    if country not in SEPA or not _is_bic(one.bic):
        raise refusals.UnfitAccount(payee=one.name, account=f"{one.account} {one.bic}".strip())
    if country not in EEA and not one.bic:
        raise refusals.BicNeeded(payee=one.name)
    if one.amount.currency != "EUR":
        raise refusals.UnfitCurrency(payee=one.name, amount=one.amount, currency="EUR")
    if not 0 < one.amount.minor <= _MOST:
        raise refusals.UnfitAmount(payee=one.name, amount=one.amount)
    if not is_reference(one.end_to_end) or one.end_to_end in seen:
        raise refusals.UnfitReference(payee=one.name, reference=one.end_to_end)
    seen.add(one.end_to_end)


def _is_bic(bic: str) -> bool:
    """Whether the bank's code is empty, as it may be, or written as both versions of the schema want it."""
    return not bic or _BIC.fullmatch(bic) is not None


def _line(one: Transfer, debtor: Debtor) -> Line:
    return Line(_iban(debtor.account), one.end_to_end, _iban(one.account), one.amount)


def _iban(account: str) -> str:
    """The account's IBAN without spaces; empty when it has none."""
    if is_serbian(account):
        return serbian_iban(account)
    return "".join(account.split()).upper() if is_iban(account) else ""


def _name(name: str, language: str = "") -> str:
    # A name of dots alone is one whose letters nobody can spell.
    spelled = latin(name, language)[:LONGEST_NAME].strip("/ ")
    return spelled if any(map(str.isalnum, spelled)) else ""


def _built(batch: Batch, ordered: tuple[Line, ...], schema: str) -> bytes:
    from sepaxml import SepaTransfer  # only when a file is written: no page of the office needs it

    debtor: dict[str, Any] = {"name": _name(batch.debtor.name), "IBAN": _iban(batch.debtor.account), "currency": "EUR", "batch": True}
    if batch.debtor.bic:
        debtor["BIC"] = batch.debtor.bic
    document = SepaTransfer(debtor, schema=schema, clean=False)
    for one, line in zip(batch.transfers, ordered, strict=True):
        text = latin(one.text, one.language)[:LONGEST_TEXT].strip("/ ")
        payment: dict[str, Any] = {
            "name": _name(one.name, one.language), "IBAN": line.account, "amount": one.amount.minor, "currency": "EUR",
            "execution_date": batch.execution_day, "description": text or one.end_to_end, "endtoend_id": one.end_to_end,
        }  # fmt: skip
        document.add_payment(payment | ({"BIC": one.bic} if one.bic else {}))
    # Its own validation takes a hundred times as long as lxml's with the same schema, and has to come after our changes anyway.
    return bytes(document.export(validate=False))


def _ours(document: Any, batch: Batch, tag: str) -> None:
    """Put our numbers in place of random ones and our time in place of the clock's; add what sepaxml does not know."""
    head, payment = document[0]
    head.find(f"{tag}MsgId").text = payment.find(f"{tag}PmtInfId").text = batch.message_id
    head.find(f"{tag}CreDtTm").text = batch.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if batch.instant:
        instrument = etree.SubElement(payment.find(f"{tag}PmtTpInf"), f"{tag}LclInstrm")
        etree.SubElement(instrument, f"{tag}Cd").text = "INST"
    if not batch.debtor.bic:
        other = etree.SubElement(payment.find(f"{tag}DbtrAgt")[0], f"{tag}Othr")
        etree.SubElement(other, f"{tag}Id").text = "NOTPROVIDED"
