"""The kinds of wallets that the company offers: what each may do, and how far it may fall. Source: seed on financial operations, wallets."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.wallets.models.rows import MAIN, WalletKind

RIGHTS = ("pays", "paid_out", "sends", "receives", "commission")
LONGEST = 20
RESERVED = {"hold"}
"""What the keys of commissions say behind a partner who is held back."""


class WrongCode(Refused):
    says = N_("Please write a short word in small letters without spaces, for example bonus.")
    field = "code"


class CodeTaken(Refused):
    """Facts: code."""

    says = N_("There is a kind of wallet “%(code)s” already.")
    field = "code"
    status = 409


class NoKindName(Refused):
    says = N_("Please write a name in at least one language.")
    field = "name_en"


class MainStays(Refused):
    says = N_("The main wallet is kept: everybody has one.")
    status = 409


class KindFacts(NamedTuple):
    """What is decided about a kind. `floor`: minor units, not more than nothing; it holds for wallets that are opened from now on."""

    names: Mapping[str, str]
    pays: bool = True
    paid_out: bool = True
    sends: bool = True
    receives: bool = True
    commission: bool = True
    floor: int = 0
    position: int = 0

    def cleaned(self) -> "KindFacts":
        """As it is kept. Raises NoKindName but for the main kind, whose name the program knows, and what cleaning raises."""
        names = {language: clean_text(name, most=40) for language, name in sorted(self.names.items())}
        return self._replace(names={language: name for language, name in names.items() if name})


@action
def make_kind(code: str, facts: KindFacts, *, actor: Actor, at: datetime) -> None:
    """Add a kind of wallet. Raises WrongCode, CodeTaken, NoKindName."""
    assert facts.floor <= 0
    facts = facts.cleaned()
    if not re.fullmatch(rf"[a-z][a-z0-9-]{{1,{LONGEST - 1}}}", code):
        raise WrongCode
    if code in RESERVED:
        raise CodeTaken(code=code)
    if not facts.names:
        raise NoKindName
    rights = tuple(getattr(facts, right) for right in RIGHTS)
    if not one(MAKE, code, _kept(facts.names), *rights, facts.floor, facts.position):
        raise CodeTaken(code=code)
    record(actor, "wallet kind made", f"wallet kind:{code}", at=at, after=_said(facts))


@action
def change_kind(code: str, facts: KindFacts, *, actor: Actor, at: datetime) -> None:
    """Change what a kind may do, at once and for all its wallets but their floor; the trail has what was before. Raises NotFound, NoKindName."""
    assert facts.floor <= 0
    facts, before = facts.cleaned(), _locked(code)
    if not facts.names and code != MAIN:
        raise NoKindName
    if before == facts:
        return
    run(CHANGE, _kept(facts.names), *(getattr(facts, right) for right in RIGHTS), facts.floor, facts.position, code)
    record(actor, "wallet kind changed", f"wallet kind:{code}", at=at, before=_said(before), after=_said(facts))


@action
def end_kind(code: str, *, actor: Actor, at: datetime) -> None:
    """No wallet of this kind is opened any more; those that there are stay. Twice is once. Raises NotFound, MainStays."""
    _locked(code)
    if code == MAIN:
        raise MainStays
    if run(END, micros(at), code).rowcount:
        record(actor, "wallet kind ended", f"wallet kind:{code}", at=at)


def _locked(code: str) -> KindFacts:
    if not one(locked("SELECT id FROM wallet_kind WHERE code = ?"), code):
        raise NotFound
    kind = WalletKind.get(WalletKind.code == code)
    return KindFacts(kind.named, **{right: getattr(kind, right) for right in RIGHTS}, floor=kind.floor, position=kind.position)


def _kept(names: Mapping[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False, sort_keys=True)


def _said(facts: KindFacts) -> str:
    may = " ".join(right.replace("_", " ") for right in RIGHTS if getattr(facts, right))
    return f"{', '.join(facts.names.values())} ({may or '–'}; {facts.floor}; {facts.position})"


MAKE = (
    "INSERT INTO wallet_kind (code, names, pays, paid_out, sends, receives, commission, floor, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (code) DO NOTHING RETURNING id"
)
CHANGE = "UPDATE wallet_kind SET names = ?, pays = ?, paid_out = ?, sends = ?, receives = ?, commission = ?, floor = ?, position = ? WHERE code = ?"
END = "UPDATE wallet_kind SET ended_at = ? WHERE code = ? AND ended_at IS NULL"
