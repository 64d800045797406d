"""Scratch houses: a folder of its own with keys, a database and many partners. Nothing here ever opens the company's database."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyotp

from vps.company.actions import change_settings
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, configure, connect, database, one
from vps.kernel.keys import Keys, keys, read_keys, write_keys
from vps.kernel.money import Money
from vps.kernel.numbers import partner_number
from vps.kernel.schema import migrate
from vps.kernel.settings import Settings
from vps.ledger.actions import set_up, voucher
from vps.people.actions.sign_in import token_hash
from vps.security.models import STANDARD
from vps.trust.models import DEFAULT, LevelSet, body_of
from vps.wallets.actions import credit, open_wallet

LEGAL_NAME = "Alpenkraut GmbH"
PRICE = 12_50
"""What every scratch order costs, in minor units."""
PURSE = 90_000_00
"""What every scratch partner has at first: more than any measurement spends, and less than his level lets him have."""
LEVEL = 4
"""The trust level of every scratch partner: limits are kept to in what is measured, and far away."""
SECRETS = 16
"""Different app secrets; partners share them in turn, which no figure depends on."""


class Payer(NamedTuple):
    """A partner who can pay: person, account of the wallet, customer, the app, session and its cookie."""

    person: int
    account: int
    customer: int
    app: pyotp.TOTP
    session: int
    cookie: str
    csrf: str


@contextmanager
def scratch_folder(under: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards, on the disk of `under` or of the system's temporary files."""
    with tempfile.TemporaryDirectory(prefix="vps-bench-", dir=under) as name:
        try:
            yield Path(name)
        finally:
            if database.obj is not None and not database.is_closed():
                database.close()


def new_house(folder: Path, *, at: datetime, name: str = "vps.db", zone: str = "Europe/Berlin", trusted: bool = True) -> Settings:
    """A migrated house with a company and its accounts, on SQLite, whatever the environment says; `trusted`: with trust levels in force."""
    settings = Settings(
        data_dir=folder, database_url=f"sqlite:///{folder / name}", key_file=folder / "keys.json", data=Settings.from_environment().data
    )
    if not settings.key_file.exists():
        write_keys(settings.key_file, Keys.fresh())
    read_keys(settings.key_file)
    configure(settings.database_url)
    migrate()
    change_settings(
        {"name": "Alpenkraut", "legal_name": LEGAL_NAME, "currency": "EUR", "zone": zone, "phone": "+49 89 1234567",
         "trust_from": day_in(at, zone).isoformat() if trusted else "", "trust_start": LEVEL}, actor=HOUSE, at=at
    )  # fmt: skip
    set_up(currency="EUR", at=at)
    # Everybody pays with an app, which this level would not let him do; what it demands is looked up all the same.
    LevelSet.create(body=body_of(tuple(level._replace(security=((0, STANDARD),)) for level in DEFAULT)), since=at)
    return settings


def open_house(folder: Path, name: str = "vps.db") -> None:
    """Point this process at a scratch database that another call or process made."""
    read_keys(folder / "keys.json")
    configure(f"sqlite:///{folder / name}")
    connect()


def environment(folder: Path) -> dict[str, str]:
    """What a program of the house needs to run on a scratch folder and on nothing else."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VPS_")}
    return kept | {"VPS_DATA_DIR": str(folder)}


@action
def add_payers(count: int, *, at: datetime) -> list[Payer]:
    """Partners with money, a customer, an enrolled app and an open session, written in one go."""
    first, now, found = 1 + one("SELECT coalesce(max(id), 0) FROM person")[0], micros(at), []
    secrets = [pyotp.random_base32() for _ in range(SECRETS)]
    for n in range(first, first + count):
        number, secret = partner_number(10_000 + n), secrets[n % SECRETS]
        cookie, csrf = f"{n:032}", f"{n:040}"
        _insert("person", id=n, username=number, skeleton=number, number=number, name=f"Anna Bauer {n}", bank_name=f"Anna Bauer {n}",
                language="de", zone="Europe/Berlin", email="", phone="", joined_at=now)  # fmt: skip
        account = open_wallet(n, "EUR", at=at)
        customer = _insert("customer", partner_id=n, name=f"Maria Huber {n}", email="", phone="", language="de", street="", postcode="", city="",
                           country="", made_at=now)  # fmt: skip
        sealed = keys().encrypt(secret.encode(), owner=f"app:{n}")
        _insert("app", person_id=n, secret=sealed, made_at=now, confirmed_at=now, last_step=0)
        _insert("recovery_sheet", person_id=n, stop_code=b"nobody knows", made_at=now)
        session = _insert("session", person_id=n, token=token_hash(cookie), csrf=csrf, started_at=now, seen_at=now, confirmed_at=now, address="192.0.2.1",
                          browser="bench")  # fmt: skip
        give(n, PURSE, key=f"gift:{n}", at=at)
        found.append(Payer(n, account, customer, pyotp.TOTP(secret), session, cookie, csrf))
    return found


@action
def add_orders(count: int, payers: list[Payer], *, at: datetime) -> list[int]:
    """The ids of new red orders, of the payers in turn."""
    first, now = 1 + one("SELECT coalesce(max(id), 0) FROM orders")[0], micros(at)
    for n in range(first, first + count):
        payer = payers[(n - first) % len(payers)]
        _insert("orders", id=n, key=f"bench:{n}", partner_id=payer.person, customer_id=payer.customer, total=PRICE, currency="EUR", points=10,
                made_at=now, changed_at=now, street="", postcode="", city="", country="")  # fmt: skip
    return list(range(first, first + count))


def give(person: int, minor: int, *, key: str, at: datetime) -> None:
    """Credit a wallet from the opening account."""
    day = day_in(at, company().zone)
    paper = voucher("opening", key, day=day)
    credit(
        person, Money(minor, "EUR"), source="opening", motive="opening", voucher=paper, key=key, at=at, authorisation=ByRule(HOUSE), day=day
    )


def _insert(table: str, **values: object) -> int:
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    return int(database.execute_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values())).lastrowid)
