"""A large bank statement: read and previewed, then booked, against merely parsing its XML and inserting the rows that are left behind."""

import io
import resource
import sqlite3
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

from vps.bank.actions import import_file, open_bank_account, upload_file
from vps.cli.bench.bare import copied, pragmas
from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed, worked
from vps.cli.bench.scratch import add_payers, new_house, scratch_folder
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import clock
from vps.kernel.database import database, one, rows
from vps.kernel.numbers import topup_reference

NUMBER = "DE89370400440532013000"
PARTNERS = 200
TABLES = ("bank_file", "bank_statement", "voucher", "usage", "booking", "bank_line", "line_claim", "event")
"""The tables that get new rows."""


def measure(*, folder: Path | None, entries: int, rounds: int) -> Figures:
    """Seconds, processor seconds and their ratio to the bare side, of statements in which nine lines of ten find a partner."""
    preview, booked, bare, cpu = [], [], [], []
    with scratch_folder(folder) as scratch:
        at = clock()
        new_house(scratch, at=at)
        staff = Actor(add_payers(PARTNERS, at=at)[0].person, "127.0.0.1")
        open_bank_account(NUMBER, "EUR", actor=HOUSE, at=at)
        for n in range(rounds):
            content = statement(n, entries)
            preview.append(timed(lambda: upload_file(content, "day.xml", actor=staff, at=at)))  # noqa: B023 - called at once
            path, seen = copied(scratch, f"bare-{n}.db"), {table: _last(table) for table in TABLES}
            cpu.append(worked(lambda: booked.append(timed(lambda: _book(content, at)))))  # noqa: B023 - called at once
            new = {table: rows(f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid", seen[table]) for table in TABLES}
            bare.append(worked(lambda: _bare(path, content, new)))  # noqa: B023 - called at once
        return {
            "bench": "bank",
            "disk": disk_of(scratch),
            "entries": entries,
            "matched": int(one("SELECT count(*) FROM line_claim")[0]) // rounds,
            "preview_seconds": middle(preview),
            "book_seconds": middle(booked),
            "book_cpu_seconds": middle(cpu),
            "bare_cpu_seconds": middle(bare),
            "ratio": middle(ratios(cpu, bare)),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }


def statement(number: int, entries: int) -> bytes:
    """A camt.053 file of one day with credits of 1.00."""
    partners = [str(each) for (each,) in rows("SELECT number FROM person WHERE number IS NOT NULL ORDER BY id")]
    lines = (_entry(number, n, topup_reference(partners[n % len(partners)]) if n % 10 else "Danke") for n in range(entries))
    ends = _balance("OPBD", number * entries) + "".join(lines) + _balance("CLBD", (number + 1) * entries)
    begin = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr/>'
    return f"{begin}<Stmt><Id>{number}</Id><Acct><Id><IBAN>{NUMBER}</IBAN></Id></Acct>{ends}</Stmt></BkToCstmrStmt></Document>".encode()


def _entry(number: int, n: int, text: str) -> str:
    return (
        '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-19</Dt></BookgDt><ValDt>'
        f"<Dt>2026-11-19</Dt></ValDt><NtryDtls><TxDtls><Refs><EndToEndId>E{number}-{n}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Anna Bauer"
        f"</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text} {number}-{n}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _balance(code: str, amount: int) -> str:
    kind = f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'{kind}<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-19</Dt></Dt></Bal>'


def _book(content: bytes, at: datetime) -> None:
    import_file(content, "day.xml", at=at)


def _bare(path: Path, content: bytes, new: dict[str, list[tuple[object, ...]]]) -> None:
    for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314 - made above
        element.text  # noqa: B018 - read, and no more
    twin = sqlite3.connect(path, isolation_level=None)
    for name, value in pragmas().items():
        twin.execute(f"PRAGMA {name} = {value}")
    twin.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        twin.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(database.get_columns(table)))})", new[table])
    twin.execute("COMMIT")
    twin.close()


def _last(table: str) -> int:
    return int(one(f"SELECT coalesce(max(rowid), 0) FROM {table}")[0])
