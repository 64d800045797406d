"""A house with the cast, and its command line."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cast import NOON
from tests.cli.typed import Vps

SMS = ("VPS_SMS_URL", "VPS_SMS_BODY", "VPS_SMS_HEADERS", "VPS_SMS_FROM", "VPS_SMS_OK")


@pytest.fixture
def vps(house: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vps:
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path))
    for name in (
        "VPS_DATABASE_URL",
        "VPS_KEY_FILE",
        "VPS_PUBLIC_URL",
        "VPS_PROXY_HOPS",
        "VPS_PROXY_PEERS",
        "VPS_MAIL_URL",
        "VPS_LANG",
        "LC_ALL",
        *SMS,
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("vps.cli.importing.clock", lambda: NOON)
    return Vps(tmp_path)
