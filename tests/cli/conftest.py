"""A house with the cast, and its command line."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cast import NOON
from tests.cli.typed import Vps


@pytest.fixture
def vps(house: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vps:
    monkeypatch.setenv("VPS_DATA_DIR", str(tmp_path))
    for name in ("VPS_DATABASE_URL", "VPS_KEY_FILE", "VPS_PUBLIC_URL", "VPS_PROXY_HOPS", "VPS_MAIL_URL", "VPS_LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("vps.cli.importing.clock", lambda: NOON)
    return Vps(tmp_path)
