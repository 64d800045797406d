"""Bank statements: ISO 20022 camt.053, versions .02 to .08, as banks really write them.

Elements are looked up by name in any namespace, so one reader serves all versions; what is missing stays unknown,
what is there and makes no sense refuses the whole file. Interim reports (camt.052) and notifications (camt.054) are
recognised, and refused: their lines come again in the statement, and would be booked twice.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from vps.bank.archive import Source, elements, shown
from vps.bank.camt_entries import Node, account_in, currency_in, day_in, entries_in, money_in
from vps.bank.statement import Entry, InterimReport, MixedCurrencies, NoStatement, NotFinal, Notification, Statement, WrongMessage, total

_MESSAGES: Final = {"BkToCstmrStmt": "camt.053", "BkToCstmrAcctRpt": "camt.052", "BkToCstmrDbtCdtNtfctn": "camt.054"}
_NOT_FINAL: Final[dict[str, type[NotFinal]]] = {"camt.052": InterimReport, "camt.054": Notification}
_ENVELOPE: Final = 200
"""Elements in which the message must have begun; some banks put an application header before it."""
_ISO_NAME: Final = re.compile(r"[a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")
# PRCD is the closing of the statement before. CLAV is never a closing: what is available includes credit lines.
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_BETWEEN: Final = "ITBD"


@dataclass(frozen=True, slots=True)
class _Balance:
    code: str
    amount: Decimal
    currency: str
    day: date | None


def read_camt(source: Source) -> Iterator[Statement]:
    """The statements of one XML file, in the order of the bank. Raises a FileRefused (vps.bank.archive, vps.bank.statement)."""
    message, read = _message(source), 0
    entries: list[Entry] = []
    lines: dict[str, int] = {}
    own = ""
    for _, element in elements(source, events=("end",), tags=("{*}Ntry", "{*}Stmt")):
        path = _path(element)
        if path == ("BkToCstmrStmt", "Stmt", "Ntry"):
            own = own if entries else account_in(Node(source.name, element.getparent()))
            entries += entries_in(Node(source.name, element), own=own, before=len(entries))
            lines.setdefault(entries[-1].currency, element.sourceline)
        elif path[1:] == ("BkToCstmrStmt", "Stmt"):
            yield _statement(Node(source.name, element), message, entries, lines)
            entries, lines, read = [], {}, read + 1
        # What has been read is let go, so that memory does not grow with the file.
        before = element.getprevious()
        if before is not None and before.tag == element.tag:
            element.getparent().remove(before)
    if not read:
        raise NoStatement(file=source.name)


def _message(source: Source) -> str:
    # The envelope is read by itself, so that a large file of another kind is never built in memory.
    root = ""
    for _, element in islice(elements(source, events=("start",)), _ENVELOPE):
        # Not lxml's QName: that raises on a name like ":Document", which the parser lets pass.
        namespace, _, name = element.tag.removeprefix("{").rpartition("}")
        said = _ISO_NAME.search(namespace)
        root = root or (said.group() if said else name)
        meant = _MESSAGES.get(name)
        if meant is None:
            continue
        message = said.group() if said else meant
        # No namespace is a lost one; a foreign one is another language with the same words.
        if not message.startswith(meant) or (namespace and not said):
            raise WrongMessage(file=source.name, found=shown(namespace))
        if meant in _NOT_FINAL:
            raise _NOT_FINAL[meant](file=source.name, message=message)
        return message
    if root == "Document" or root.startswith("camt.053"):
        raise NoStatement(file=source.name)
    raise WrongMessage(file=source.name, found=shown(root))


def _path(element: Any) -> tuple[str, ...]:
    names: list[str] = []
    while element is not None and len(names) < 3:
        names.insert(0, element.tag.rpartition("}")[2])
        element = element.getparent()
    return ("",) * (3 - len(names)) + tuple(names)


def _statement(node: Node, message: str, entries: list[Entry], lines: dict[str, int]) -> Statement:
    balances = list(_balances(node))
    currency = _currency(node, lines, balances)
    opening, closing = _ends(balances, currency)
    booked = total(entry.amount for entry in entries if entry.status == "BOOK")
    return Statement(
        account=account_in(node),
        currency=currency,
        identity=_identity(node, currency, opening, closing, entries),
        number=node.text("ElctrncSeqNb") or node.text("LglSeqNb") or node.text("Id"),
        message=message,
        opening=opening.amount if opening else None,
        closing=closing.amount if closing else None,
        opening_day=opening.day if opening else None,
        closing_day=closing.day if closing else None,
        balanced=_adds_up(opening, closing, booked, currency) if opening and closing else None,
        entries=tuple(entries),
    )


def _balances(node: Node) -> Iterator[_Balance]:
    for balance in node.each("Bal"):
        code = balance.text("Tp", "CdOrPrtry", "Cd") or balance.text("Tp", "CdOrPrtry", "Prtry")
        if code in (*_OPENING, *_CLOSING, _BETWEEN):
            amount, currency = money_in(balance, needs_currency=False)
            # Some banks leave the word out and write a sign instead; the two together still mean a debt.
            owed = balance.text("CdtDbtInd") == "DBIT"
            yield _Balance(code, amount.copy_abs().copy_negate() if owed and amount else amount, currency, day_in(balance, "Dt"))


def _currency(node: Node, lines: dict[str, int], balances: list[_Balance]) -> str:
    said = next((currency_in(ccy, ccy.own_text) for ccy in node.each("Acct", "Ccy") if ccy.own_text), "")
    currency = said or next(iter(lines), "") or next((balance.currency for balance in balances if balance.currency), "")
    for other, line in lines.items():
        if other != currency:
            raise MixedCurrencies(file=node.file, line=line, found=other, expected=currency)
    return currency


def _ends(balances: list[_Balance], currency: str) -> tuple[_Balance | None, _Balance | None]:
    openings, closings = _best(balances, currency, _OPENING), _best(balances, currency, _CLOSING)
    # Pages of one statement: the first ends, and the next begins, with an interim balance.
    between = _best(balances, currency, (_BETWEEN,))
    if not openings and (closings or len(between) > 1):
        openings = between[:1]
    if not closings and (openings and (openings[0].code != _BETWEEN or len(between) > 1)):
        closings = between[-1:]
    first = min(openings, key=_day, default=None)
    last = max(reversed(closings), key=_day, default=None)
    return first, last


def _best(balances: list[_Balance], currency: str, codes: tuple[str, ...]) -> list[_Balance]:
    own = [balance for balance in balances if balance.currency in ("", currency)]
    for among in (own, balances):
        for code in codes:
            if found := [balance for balance in among if balance.code == code]:
                return found
    return []


def _day(balance: _Balance) -> date:
    return balance.day or date.min


def _adds_up(opening: _Balance, closing: _Balance, booked: Decimal, currency: str) -> bool:
    comparable = {opening.currency, closing.currency} <= {"", currency}
    return comparable and total((opening.amount, booked)) == closing.amount


def _identity(node: Node, currency: str, opening: _Balance | None, closing: _Balance | None, entries: list[Entry]) -> str:
    # The sums are part of it: banks number carelessly, and two statements taken for one would lose money.
    envelope = Node(node.file, node.element.getparent())
    named = [
        node.text("Id"),
        node.text("ElctrncSeqNb"),
        node.text("LglSeqNb"),
        node.text("FrToDt", "FrDtTm"),
        node.text("FrToDt", "ToDtTm"),
    ]
    # The moment it was made changes with every download, so it counts only where nothing else tells two statements apart.
    said = [
        account_in(node), currency, *named, "" if any(named) else node.text("CreDtTm"),
        node.text("StmtPgntn", "PgNb"), envelope.text("GrpHdr", "MsgPgntn", "PgNb"),
        opening.amount if opening else None, closing.amount if closing else None,
        len(entries), total(entry.amount for entry in entries),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
