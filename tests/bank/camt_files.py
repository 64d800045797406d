"""Statements written for the tests: two files beside this one, and the smallest camt.053 around any piece of XML."""

from decimal import Decimal
from pathlib import Path

from vps.bank.reading import read_statements
from vps.bank.statement import Statement

DATA = Path(__file__).parent / "data"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
TEXT = (DATA / "plain-02.xml").read_text(encoding="utf-8")


def balance(code: str, amount: str, side: str | None = "CRDT", *, currency: str = "EUR", day: str = "2026-11-20") -> str:
    said = f"<CdtDbtInd>{side}</CdtDbtInd>" if side else ""
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="{currency}">{amount}</Amt>{said}<Dt><Dt>{day}</Dt></Dt></Bal>'


def entry(amount: str = "5", side: str = "CRDT", *, inner: str = "<Sts>BOOK</Sts>", currency: str = "EUR") -> str:
    return f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{inner}</Ntry>'


def batch(*details: str, amount: str = "5", side: str = "CRDT") -> str:
    inside = "".join(f"<TxDtls>{one}</TxDtls>" for one in details)
    return entry(amount, side, inner=f"<NtryDtls>{inside}</NtryDtls>")


def statement(*parts: str, account: str = "<Acct><Id><IBAN>HR1723600001101234565</IBAN></Id></Acct>") -> str:
    return f"<Stmt><Id>1</Id>{account}{''.join(parts)}</Stmt>"


def document(*statements: str, message: str = "camt.053.001.02", element: str = "BkToCstmrStmt") -> str:
    return f'<Document xmlns="{NAMESPACE}{message}"><{element}><GrpHdr/>{"".join(statements)}</{element}></Document>'


def read(*parts: str) -> Statement:
    [found] = read_statements(document(statement(*parts)).encode())
    return found


def amounts(found: Statement) -> list[Decimal]:
    return [one.amount for one in found.entries]
