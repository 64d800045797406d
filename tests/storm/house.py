"""A company for a storm: partners with passkeys and little money in two currencies, and a session of each of them for every client.

Little money, so that somebody always tries to spend what is no longer there. Passkeys, because they sign as often as they are asked.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import cbor2
from itsdangerous import URLSafeTimedSerializer

from tests.security.authenticator import Authenticator
from vps.company.actions import change_settings, set_rate
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, configure, database, run
from vps.kernel.keys import Keys, keys, read_keys, write_keys
from vps.kernel.money import Money
from vps.kernel.schema import migrate
from vps.ledger.actions import set_up, voucher
from vps.people.actions import Details, register_partner
from vps.people.actions.sign_in import token_hash
from vps.security.models import Passkey, RecoverySheet, passkey_mac
from vps.wallets.actions import credit, open_wallet
from vps.wallets.models import TransferRule, code_of, purses

ZONE = "Europe/Berlin"
GIFTS = {"EUR": 30_00, "RSD": 4_000_00}
"""What each wallet gets, in minor units."""
FEES = (("EUR", 1, 0, True), ("RSD", 0, 20, False))
"""Of so much, at so many hundredths of a per cent, on top or out of what is sent: small, or the company had everything before the end."""
ONLY_EUROS = 4
"""Every fourth partner has no dinars: what is sent to him in dinars is exchanged."""


class Partner(NamedTuple):
    """Who takes part: wallets by currency, the code he is found by, his key, and for each client a cookie and the token of its forms."""

    person: int
    code: str
    wallets: dict[str, int]
    key: Authenticator
    sessions: list[tuple[str, str]]


def make(folder: Path, url: str, *, partners: int, clients: int, at: datetime) -> list[Partner]:
    """A migrated house in an empty database, with everybody in it."""
    folder.mkdir()
    write_keys(folder / "keys.json", Keys.fresh())
    enter(folder, url)
    migrate()
    facts: dict[str, str | int] = {"name": "Alpenkraut", "legal_name": "Alpenkraut GmbH", "currency": "EUR", "zone": ZONE, "phone": "+49 89 1234567",
             "trust_from": day_in(at, ZONE).isoformat(), "trust_start": 4}  # fmt: skip
    change_settings(facts, actor=HOUSE, at=at)
    for currency in GIFTS:
        set_up(currency=currency, at=at)
    set_rate("EUR", "RSD", "117.1864", valid_from=day_in(at, ZONE), actor=HOUSE, at=at)
    found = _everybody(partners, clients, at)
    database.close()
    return found


def enter(folder: Path, url: str) -> None:
    """Point this process at the house."""
    read_keys(folder / "keys.json")
    configure(url)


@action
def _everybody(partners: int, clients: int, at: datetime) -> list[Partner]:
    for currency, fee, share, on_top in FEES:
        TransferRule.create(kind="main", whose="partner", currency=currency, least=1, most=None, multiple=1, fee=fee, fee_bp=share, on_top=on_top, since=at)  # fmt: skip
    return [_partner(n, clients, at) for n in range(partners)]


def _partner(n: int, clients: int, at: datetime) -> Partner:
    person = register_partner(Details(f"Anna Bauer {n}", "en", ZONE), actor=HOUSE, at=at)
    for currency, minor in GIFTS.items():
        if currency == "EUR" or n % ONLY_EUROS:
            open_wallet(person.id, currency, at=at)
            paper = voucher("opening", f"gift {n} {currency}", day=day_in(at, ZONE))
            credit(person.id, Money(minor, currency), source="opening", motive="opening", voucher=paper, key=f"gift:{n}:{currency}", at=at,
                   authorisation=ByRule(HOUSE), day=day_in(at, ZONE))  # fmt: skip
    device = Authenticator(counts=None)
    public = cbor2.dumps(device.public())
    Passkey.create(person=person, credential=device.credential, public_key=public, sign_count=0, name="Storm", made_at=at, usable_from=at,
                   mac=passkey_mac(person.id, device.credential, public))  # fmt: skip
    RecoverySheet.create(person=person, stop_code=b"nobody knows", made_at=at)
    wallets = {each.currency: each.wallet for each in purses(person.id)}
    sessions = [_session(person.id, f"{n:08}{client:024}", at) for client in range(clients)]
    return Partner(person.id, code_of(str(person.number)), wallets, device, sessions)


def _session(person: int, token: str, at: datetime) -> tuple[str, str]:
    csrf, now = f"csrf{token}", micros(at)
    run(SESSION, person, token_hash(token), csrf, now, now, now)
    signer = URLSafeTimedSerializer(keys().web, salt="wtf-csrf-token")
    return f"vps={token}", str(signer.dumps(csrf))


SESSION = (
    "INSERT INTO session (person_id, token, csrf, started_at, seen_at, confirmed_at, address, browser)"
    " VALUES (?, ?, ?, ?, ?, ?, '192.0.2.1', 'storm')"
)
