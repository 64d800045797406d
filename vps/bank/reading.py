"""A bank's file, whatever its format: camt.053, MT940, 1CClientBankExchange or CSV, each alone or several in a ZIP.

What a file is its content decides, never its name. All of it is read, or nothing.
"""

from collections.abc import Iterator

from vps.bank.archive import EmptyFile, files, wide, xml_source
from vps.bank.camt import read_camt
from vps.bank.client_bank import BEGINS as CLIENT_BANK
from vps.bank.client_bank import read_client_bank
from vps.bank.columns import Mapping
from vps.bank.csv_statement import read_csv
from vps.bank.mt940 import BEGINS as MT940
from vps.bank.mt940 import read_mt940
from vps.bank.statement import Statement, UnknownFormat

_NOTHING = b"\xef\xbb\xbf\0\x1a\t\r\n "
_XML = b"<"


def read_statements(content: bytes, name: str = "", *, mapping: Mapping | None = None) -> list[Statement]:
    """All statements of a file, or of a ZIP with several of any kinds, in the order of the bank; all or none.

    `name` is what the person called the file: refusals show it. `mapping` says what the columns of a CSV mean; without it CSV is not
    read. Raises a FileRefused (vps.bank.archive, vps.bank.statement).
    """
    return [statement for called, body in files(content, name) for statement in _statements(body, called, mapping)]


def _statements(body: bytes, called: str, mapping: Mapping | None) -> Iterator[Statement]:
    encoding = wide(body)
    narrow = body.decode(encoding, "ignore").encode(errors="ignore") if encoding else body
    start = narrow[:200].lstrip(_NOTHING)
    if not body.strip(_NOTHING):
        raise EmptyFile(file=called)
    if start.startswith(_XML):
        yield from read_camt(xml_source(called, body))
    elif start.startswith(CLIENT_BANK):
        yield from read_client_bank(body, called)
    elif MT940.search(narrow):
        yield from read_mt940(body, called)
    elif mapping:
        yield from read_csv(body, called, mapping)
    else:
        raise UnknownFormat(file=called)
