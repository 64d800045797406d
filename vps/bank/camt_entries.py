"""The lines of a camt.053 statement: one per entry, or one per transaction where the bank itemised a collective booking to the cent."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vps.bank.archive import shown
from vps.bank.statement import (
    Entry,
    NegativeAmount,
    NoAmount,
    NoCurrency,
    NoDirection,
    UnreadableAmount,
    UnreadableCurrency,
    UnreadableDay,
    said,
    total,
)

_AMOUNT: Final = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.,]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_STATUSES: Final = {"": "BOOK", "BOOK": "BOOK", "PDNG": "PDNG", "FUTR": "PDNG"}


class Node:
    """An XML element and the name of its file, for the sentence when it makes no sense."""

    __slots__ = ("_inside", "element", "file")

    def __init__(self, file: str, element: Any) -> None:
        self.file, self.element = file, element
        self._inside: dict[str, list[Node]] | None = None

    @property
    def where(self) -> dict[str, object]:
        """The facts every refusal names."""
        return {"file": self.file, "line": self.element.sourceline}

    @property
    def own_text(self) -> str:
        """Its characters, white space collapsed."""
        return " ".join((self.element.text or "").split())

    def each(self, *path: str) -> list["Node"]:
        """Every element at this path below, in any namespace."""
        found = [self]
        for name in path:
            found = [inner for node in found for inner in node._named(name)]
        return found

    def text(self, *path: str) -> str:
        """The characters of the first element at this path, "" when there is none."""
        node = self
        for name in path:
            named = node._named(name)
            if not named:
                return ""
            node = named[0]
        return node.own_text

    def _named(self, name: str) -> list["Node"]:
        # Looked through once and remembered: asking the parser for each of forty names took most of the time.
        if self._inside is None:
            self._inside = {}
            for child in self.element.iterchildren("*"):
                self._inside.setdefault(child.tag.rpartition("}")[2], []).append(Node(self.file, child))
        return self._inside.get(name, [])


def entries_in(node: Node, *, own: str, before: int) -> list[Entry]:
    """The lines of one `Ntry` of the account `own`, numbered on from `before`.

    Raises a FileRefused when money or direction are not certain.
    """
    amount, currency = money_in(node)
    if amount < 0:
        raise NegativeAmount(**node.where, found=str(amount))
    sides = [side.own_text for side in node.each("CdtDbtInd")]
    if sides not in (["CRDT"], ["DBIT"]):
        raise NoDirection(**node.where)
    details = node.each("NtryDtls", "TxDtls")
    parts = _itemised(details, amount=amount, currency=currency, side=sides[0])
    groups = [[tx] for tx in details] if parts else [details]
    came = sides == ["CRDT"]
    return [
        _entry(node, group, n=n, amount=part if came or not part else part.copy_negate(), currency=currency, came=came, own=own)
        for n, (group, part) in enumerate(zip(groups, parts or [amount.copy_abs()], strict=True), start=before + 1)
    ]


def money_in(node: Node, *, needs_currency: bool = True) -> tuple[Decimal, str]:
    """The one `Amt` of an entry or balance, as written, and its currency."""
    amounts = node.each("Amt")
    if len(amounts) != 1 or not amounts[0].own_text:
        raise NoAmount(**node.where)
    amount, written = amounts[0], amounts[0].own_text
    if len(amount.element) or not _AMOUNT.fullmatch(written):
        raise UnreadableAmount(**amount.where, found=shown(written))
    said = (amount.element.get("Ccy") or "").strip()
    return Decimal(written), currency_in(amount, said) if said or needs_currency else ""


def currency_in(node: Node, said: str) -> str:
    """`said` when it is a currency code."""
    if not said:
        raise NoCurrency(**node.where)
    if not _CURRENCY.fullmatch(said):
        raise UnreadableCurrency(**node.where, found=shown(said))
    return said


def day_in(node: Node, name: str) -> date | None:
    """The day of a `Dt` or `DtTm` below `name`, as the bank's own clock had it; None when it is left out."""
    for kind in ("Dt", "DtTm"):
        for day in node.each(name, kind):
            if not day.own_text:
                continue
            found = _DAY.fullmatch(day.own_text)
            try:
                return date.fromisoformat(found.group(1) if found else "")
            except ValueError as error:
                raise UnreadableDay(**day.where, found=shown(day.own_text)) from error
    return None


def account_in(node: Node, name: str = "Acct") -> str:
    """IBAN without spaces, or whatever else identifies the account; "" when nothing does."""
    iban = node.text(name, "Id", "IBAN").replace(" ", "").upper()
    return iban or node.text(name, "Id", "Othr", "Id") or node.text(name, "Prxy", "Id")


def _itemised(details: list[Node], *, amount: Decimal, currency: str, side: str) -> list[Decimal] | None:
    # A collective booking is taken apart only when nothing is left to guess; the instructed amount is never looked at.
    if len(details) < 2 or any(tx.text("CdtDbtInd") not in ("", side) for tx in details):
        return None
    parts = [_part(tx, currency) for tx in details]
    known = [part for part in parts if part is not None]
    return known if len(known) == len(details) and total(known) == amount else None


def _part(tx: Node, currency: str) -> Decimal | None:
    for node in (*tx.each("Amt"), *tx.each("AmtDtls", "TxAmt", "Amt")):
        written = node.own_text
        if node.element.get("Ccy") == currency and _AMOUNT.fullmatch(written) and Decimal(written) > 0:
            return Decimal(written)
    return None


def _entry(node: Node, details: list[Node], *, n: int, amount: Decimal, currency: str, came: bool, own: str) -> Entry:
    reversal = node.text("RvslInd") in ("true", "1")
    parties = {_counterparty(tx, came=came, reversal=reversal, own=own) for tx in details}
    party, account = parties.pop() if len(parties) == 1 else ("", "")
    status = node.text("Sts", "Cd") or node.text("Sts", "Prtry") or node.text("Sts")
    return Entry(
        n=n,
        booked=day_in(node, "BookgDt"),
        value=day_in(node, "ValDt"),
        amount=amount,
        currency=currency,
        status=_STATUSES.get(status, "INFO"),  # a word we do not know is not money yet: the balance will not add up, and show it
        reversal=reversal,
        references=_references(node, details),
        text=_text(node, details),
        counterparty_name=party,
        counterparty_account=account,
        return_reason=next(filter(None, map(_return_reason, details)), ""),
        bank_code=next(filter(None, map(_bank_code, (*details, node))), ""),
    )


def _references(node: Node, details: list[Node]) -> tuple[str, ...]:
    found: list[str] = []
    for tx in details:
        found += [ref.own_text for ref in tx.each("RmtInf", "Strd", "CdtrRefInf", "Ref")]
        found += [ref.own_text for ref in tx.each("RmtInf", "Strd", "RfrdDocInf", "Nb")]
        found += [tx.text("Refs", name) for name in ("EndToEndId", "TxId", "MsgId", "PmtInfId", "AcctSvcrRef")]
    found += [ref.own_text for name in ("MsgId", "PmtInfId") for ref in node.each("NtryDtls", "Btch", name)]
    found.append(node.text("AcctSvcrRef"))
    return said(found)


def _text(node: Node, details: list[Node]) -> str:
    found: list[str] = []
    for tx in details:
        found += [line.own_text for line in tx.each("RmtInf", "Ustrd")]
        found += [line.own_text for line in tx.each("RmtInf", "Strd", "AddtlRmtInf")]
        found += [line.own_text for line in tx.each("RtrInf", "AddtlInf")]
        found.append(tx.text("AddtlTxInf"))
    found.append(node.text("AddtlNtryInf"))
    return "\n".join(said(found))


def _counterparty(tx: Node, *, came: bool, reversal: bool, own: str) -> tuple[str, str]:
    # A reversal keeps the roles of the payment it undoes; some banks keep them on unmarked returns too, hence the look at the account.
    sides = ("Dbtr", "Cdtr") if came != reversal else ("Cdtr", "Dbtr")
    expected, other = (_party(tx, side) for side in sides)
    if any(expected) and (not own or expected[1] != own):
        return expected
    return other if other[1] and other[1] != own else expected


def _party(tx: Node, side: str) -> tuple[str, str]:
    # Before .08 the party stands in its role, since then in a `Pty` inside it.
    related = tx.each("RltdPties")
    if not related:
        return "", ""
    parties = related[0]
    names = (parties.text(role, *inner, "Nm") for role in (side, f"Ultmt{side}") for inner in ((), ("Pty",)))
    return next(filter(None, names), ""), account_in(parties, f"{side}Acct")


def _return_reason(tx: Node) -> str:
    return tx.text("RtrInf", "Rsn", "Cd") or tx.text("RtrInf", "Rsn", "Prtry")


def _bank_code(node: Node) -> str:
    domain = node.text("BkTxCd", "Domn", "Cd")
    codes = (domain, node.text("BkTxCd", "Domn", "Fmly", "Cd"), node.text("BkTxCd", "Domn", "Fmly", "SubFmlyCd"))
    return "-".join(filter(None, codes)) if domain else node.text("BkTxCd", "Prtry", "Cd")
