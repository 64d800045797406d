"""A bank statement as the demo's bank writes it: the smallest camt.053 that a real reader accepts."""

from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape


class Line(NamedTuple):
    """An entry in cents: money that came is positive. `reference` is a creditor reference, where the payer wrote one."""

    cents: int
    party: str
    text: str
    reference: str = ""


def statement(number: int, *, iban: str, day: date, opening: int, lines: list[Line]) -> bytes:
    """The XML of one day's statement in euro; it adds up."""
    closing = opening + sum(line.cents for line in lines)
    return DOCUMENT.format(
        number=f"{day.year}/{number:03d}",
        iban=iban,
        day=day.isoformat(),
        balances=_balance("OPBD", opening, day) + _balance("CLBD", closing, day),
        entries="".join(_entry(line, day) for line in lines),
    ).encode()


def _balance(code: str, cents: int, day: date) -> str:
    return BALANCE.format(code=code, amount=_plain(cents), side="CRDT" if cents >= 0 else "DBIT", day=day.isoformat())


def _entry(line: Line, day: date) -> str:
    came = line.cents >= 0
    reference = f"<Strd><CdtrRefInf><Ref>{line.reference}</Ref></CdtrRefInf></Strd>" if line.reference else ""
    return ENTRY.format(
        amount=_plain(line.cents),
        side="CRDT" if came else "DBIT",
        day=day.isoformat(),
        role="Dbtr" if came else "Cdtr",
        party=escape(line.party),
        text=escape(line.text),
        reference=reference,
    )


def _plain(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>DEMO-{number}</MsgId><CreDtTm>{day}T21:00:00</CreDtTm></GrpHdr><Stmt><Id>{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
    "<CreDtTm>{day}T21:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>\n"
)
BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
    "<Dt><Dt>{day}</Dt></Dt></Bal>"
)
ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
    "<ValDt><Dt>{day}</Dt></ValDt><NtryDtls><TxDtls><RltdPties><{role}><Pty><Nm>{party}</Nm></Pty></{role}></RltdPties>"
    "<RmtInf><Ustrd>{text}</Ustrd>{reference}</RmtInf></TxDtls></NtryDtls></Ntry>"
)
