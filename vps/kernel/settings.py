"""Where this installation lives and how it is reached: read from the environment, in one place."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """The environment of one installation. `data` holds templates, static files and catalogs; `data_dir` the company's own data."""

    data_dir: Path
    database_url: str
    key_file: Path
    public_url: str = ""
    proxy_hops: int = 0
    proxy_peers: str = "127.0.0.0/8,::1,unix"
    mail_url: str = ""
    sms_url: str = ""
    sms_body: str = ""
    sms_headers: str = ""
    sms_from: str = ""
    sms_ok: str = ""
    bank_folder: Path | None = None
    data: Path = ROOT.parent

    @classmethod
    def from_environment(cls, data_dir: Path | None = None) -> "Settings":
        """VPS_DATA_DIR, VPS_DATABASE_URL, VPS_KEY_FILE, VPS_PUBLIC_URL, VPS_PROXY_HOPS and _PEERS, VPS_MAIL_URL, VPS_SMS_URL, _BODY, _HEADERS, _FROM, _OK, VPS_BANK_FOLDER."""
        folder = (data_dir or Path(os.environ.get("VPS_DATA_DIR", "data"))).absolute()
        hops = os.environ.get("VPS_PROXY_HOPS", "0")
        return cls(
            data_dir=folder,
            database_url=os.environ.get("VPS_DATABASE_URL") or f"sqlite:///{folder / 'vps.db'}",
            key_file=Path(os.environ.get("VPS_KEY_FILE") or folder / "keys.json"),
            public_url=os.environ.get("VPS_PUBLIC_URL", "").rstrip("/"),
            proxy_hops=int(hops) if hops.isdigit() else 0,
            proxy_peers=os.environ.get("VPS_PROXY_PEERS") or cls.proxy_peers,
            mail_url=os.environ.get("VPS_MAIL_URL", ""),
            sms_url=os.environ.get("VPS_SMS_URL", "").strip(),
            sms_body=os.environ.get("VPS_SMS_BODY", ""),
            sms_headers=os.environ.get("VPS_SMS_HEADERS", ""),
            sms_from=os.environ.get("VPS_SMS_FROM", ""),
            sms_ok=os.environ.get("VPS_SMS_OK", ""),
            bank_folder=Path(os.environ["VPS_BANK_FOLDER"]) if os.environ.get("VPS_BANK_FOLDER") else None,
            data=ROOT / "_data" if (ROOT / "_data").is_dir() else ROOT.parent,
        )
