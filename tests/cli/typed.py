"""The command line as people type it: `vps("import", "products", file)` in a house of its own."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from vps.cli import main
from vps.kernel.database import rows
from vps.kernel.keys import keys, write_keys

TABLES = (
    "product",
    "person",
    "word",
    "wallet",
    "account",
    "booking",
    "voucher",
    "customer",
    "orders",
    "order_line",
    "order_payment",
    "event",
    "usage",
    "trust_level",
    "setting",
)


class Vps:
    """Types commands in the folder of a house, and answers what they printed and their exit code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_keys(folder / "keys.json", keys())

    def __call__(self, *words: object, language: str = "en") -> Result:
        # The language before the arguments, so that the one of an earlier command is not kept.
        *group, command = (
            [str(word) for word in words[:2]]
            if words[0] in ("import", "bank", "commissions", "keys", "rates", "sms", "trust")
            else [str(words[0])]
        )
        rest = [str(word) for word in words[len(group) + 1 :]]
        result = CliRunner().invoke(main, [*group, command, "--lang", language, *rest])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def file(self, text: str | bytes, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def imported(self, kind: str, text: str | bytes, *options: str, language: str = "en") -> Result:
        return self("import", kind, self.file(text), *options, language=language)


def everything() -> dict[str, list[Any]]:
    """Every row that an import could write."""
    return {table: rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}
