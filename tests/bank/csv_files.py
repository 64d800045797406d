"""CSV written for the tests, and what its columns mean."""

from dataclasses import replace
from typing import Any

from vps.bank.columns import Mapping
from vps.bank.reading import read_statements
from vps.bank.statement import Statement

OURS = "DE02120300000000202051"
PLAIN = Mapping(account=OURS, currency="EUR", day="Tag", amount="Betrag")


def table(*rows: str, header: str = "Tag;Betrag") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def read(*rows: str, header: str = "Tag;Betrag", **changed: Any) -> Statement:
    [found] = read_statements(table(*rows, header=header), "umsatz.csv", mapping=replace(PLAIN, **changed))
    return found
