"""`vps commissions calculate`, as people type it: a plan, a tree and orders in files."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from vps.cli import main


def typed(
    folder: Path, plan: str | bytes | dict[str, Any], tree: str | bytes, orders: str | bytes, *options: str, language: str = "en"
) -> Result:
    words = ["commissions", "calculate", "--lang", language, *options]
    for name, content in (("plan", plan), ("tree", tree), ("orders", orders)):
        file = folder / f"{name}.txt"
        text = json.dumps(content) if isinstance(content, dict) else content
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        words += [f"--{name}", str(file)]
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def calculated(folder: Path, plan: dict[str, Any], tree: str, orders: str, *options: str) -> dict[str, Any]:
    result = typed(folder, plan, tree, orders, "--json", *options)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def amounts(told: dict[str, Any]) -> dict[str, str]:
    """What everybody gets who gets something."""
    return {payee["partner"]: payee["amount"] for payee in told["payees"] if payee["lines"]}


def unilevel(*levels: Any, **more: Any) -> dict[str, Any]:
    """A plan with nothing but levels."""
    return {"name": "Levels", "currency": "EUR", "bonuses": [{"code": "levels", "kind": "unilevel", "levels": list(levels)} | more]}
