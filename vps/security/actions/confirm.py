"""Checking codes against what was asked, and using them up with the movement they authorise.

A right code is used up by a conditional UPDATE inside the movement's transaction, so it pays once; a wrong one is counted on its own.
The server decides the ways: what the level in force demands is looked at again here, whatever the dialog had asked.
Source: SECURITY, transaction authorisation.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from vps.company.models import company
from vps.kernel.authorisation import Actor, Authorisation
from vps.kernel.clock import instant, micros
from vps.kernel.codes import read_code
from vps.kernel.database import action, database, locked, one, run
from vps.kernel.money import Money
from vps.people.actions import note
from vps.security.actions.asking import demanded
from vps.security.actions.codes import SPEND_STEP, app_step, seconds_to_next, sheet_code_matches
from vps.security.actions.counting import ASK, TRIES, count_wrong, indexed
from vps.security.actions.intents import THAW, Snapshot, must_be_open, post_intent, posted
from vps.security.actions.passkeys import Site, assertion, use_passkey
from vps.security.actions.refusals import (
    CodeRefused,
    CodeTooOld,
    Frozen,
    HeldToCap,
    NotSent,
    NotThisPasskey,
    TanSpent,
    TooSoon,
    WeakerWay,
    blocking,
)
from vps.security.actions.sending import GOOD_FOR, sms_code
from vps.security.models import APP, PASSKEY, SHEET, SMS, VIEW, is_frozen, suffices
from vps.security.models.caps import in_ours


@dataclass(frozen=True, slots=True)
class ByTan(Authorisation):
    """Right codes for exactly this snapshot. Only `confirm` makes one; it is worth one movement."""

    kind: ClassVar[str] = "tan"
    snapshot: Snapshot
    step: int | None = None
    """The time step of the app's code."""
    passkey: tuple[int, int] | None = None
    """The passkey that signed, and its counter."""
    recovery: int | None = None
    """The recovery whose cap this counts against."""

    def use_up(self, *, subject: str, amount: Money | None, at: datetime) -> None:
        """Post the intent and spend its codes, or raise; runs in the movement's transaction.

        Locks in the order intent, challenge, before the movement locks its order and accounts.
        """
        shown = self.snapshot
        assert database.in_transaction() and self.actor.person is not None
        assert (shown.subject, shown.amount) == (subject, amount), "a code authorises what was shown, nothing else"
        if shown.kind != THAW and is_frozen(self.actor.person):
            raise Frozen
        intent, is_new = post_intent(shown, self.actor.person, at)
        for way in shown.ways:
            if is_new or not one(USE_CHALLENGE, micros(at), intent, way, TRIES):
                run(ASK, intent, way, *indexed(shown, way), micros(at))
            self._spend_code(way, intent, at)
            self._end_wrong_row(way, at)
        if self.recovery and amount:
            self._spend_cap(self.recovery, in_ours(amount, at))

    def changing(self, kind: str) -> int:
        """Whose security this changes; it must have been shown as a change of this kind."""
        assert self.snapshot.kind == kind and self.actor.person is not None, "a code authorises the change that was shown, no other"
        return self.actor.person

    def _end_wrong_row(self, way: str, at: datetime) -> None:
        # The way may have been blocked since the code was checked: then a right code comes too late.
        found = one(
            locked("SELECT blocked_at, opens_at, wrong_in_row FROM way WHERE person_id = ? AND way = ?"),
            self.actor.person,
            way,
        )
        if found is None:
            return
        blocked, opens, in_row = found
        if blocked is not None and (opens is None or opens > micros(at)):
            raise blocking(opens)
        if in_row:
            run(START_ANEW, self.actor.person, way)

    def _spend_code(self, way: str, intent: int, at: datetime) -> None:
        shown = self.snapshot
        if way == SHEET and not one(SPEND_TAN, micros(at), intent, shown.sheet, shown.n):
            raise TanSpent
        if way == APP and not one(SPEND_STEP, self.step, self.actor.person, self.step):
            raise TooSoon(seconds=seconds_to_next(at))
        if way == PASSKEY and not (self.passkey and use_passkey(*self.passkey, at=at)):
            raise NotThisPasskey

    def _spend_cap(self, recovery: int, minor: int) -> None:
        cap = company().recovery_cap
        if not one(SPEND_CAP, minor, recovery, minor, cap):
            raise HeldToCap(cap=Money(cap, company().currency), until=instant(one("SELECT until FROM recovery WHERE id = ?", recovery)[0]))


def confirm(
    shown: Snapshot,
    *,
    code: str,
    second: str = "",
    site: Site | None = None,
    session: int | None = None,
    at_least: int = VIEW,
    actor: Actor,
    at: datetime,
) -> ByTan:
    """Check `code` for what was shown, and `second` where two are asked; a passkey's code is its answer (JSON) given at `site`.

    `session` is the one it is typed in: a browser that is new or strange may need more. `at_least` is the least level whatever the
    company says, as `demanded` takes it.

    Raises NotACode, CodeRefused, and what `demanded` raises; a wrong guess is remembered even though we refuse.
    """
    assert not database.in_transaction(), "a rollback would forget the wrong guess"
    assert actor.person is not None
    if posted(shown.nonce, actor.person):
        return ByTan(actor, shown)
    typed = {way: text if way == PASSKEY else read_code(text) for way, text in zip(shown.ways, (code, second), strict=False)}
    try:
        return _checked(shown, typed, at_least, site=site, session=session, actor=actor, person=actor.person, at=at)
    except CodeRefused:
        # Of two presses at once the other one may have gone through since we looked: "nothing was taken" would not be true.
        if posted(shown.nonce, actor.person):
            return ByTan(actor, shown)
        raise


@action
def note_added_fields(names: str, *, actor: Actor, at: datetime) -> None:
    """Write down that a form came with fields that are none of ours: an amount, a payee, a level of somebody's own."""
    assert actor.person is not None
    note(actor, "fields added", actor.person, at=at, after=names)


@action
def refuse_weaker(shown: Snapshot | None, *, actor: Actor, at: datetime) -> WeakerWay:
    """Write down that less was offered than the level demands: a page kept open, or somebody who tries."""
    assert actor.person is not None
    note(actor, "weaker way refused", actor.person, at=at, after=shown.way if shown else "")
    return WeakerWay()


def _checked(
    shown: Snapshot,
    typed: dict[str, str],
    at_least: int,
    *,
    site: Site | None,
    session: int | None,
    actor: Actor,
    person: int,
    at: datetime,
) -> ByTan:
    must_be_open(shown, person, actor.address, at)
    demand = demanded(person, shown.motive, shown.amount, at=at, session=session, at_least=at_least)
    if not suffices(demand.level, shown.ways):
        raise refuse_weaker(shown, actor=actor, at=at)
    proofs: dict[str, Any] = {way: PROVE[way](shown, code, person, at, site) for way, code in typed.items()}
    wrong = tuple(way for way, proof in proofs.items() if proof is None)
    if wrong:
        raise count_wrong(shown, wrong, actor=actor, at=at)
    return ByTan(actor, shown, proofs.get(APP), proofs.get(PASSKEY), demand.recovery)


def _by_sheet(shown: Snapshot, code: str, person: int, at: datetime, site: Site | None) -> bool | None:
    return sheet_code_matches(person, shown.sheet, shown.n, code) or None


def _by_app(shown: Snapshot, code: str, person: int, at: datetime, site: Site | None) -> int | None:
    step, last = app_step(person, code, at)
    if step is not None and step <= last:
        raise TooSoon(seconds=seconds_to_next(at))
    return step


def _by_sms(shown: Snapshot, code: str, person: int, at: datetime, site: Site | None) -> bool | None:
    row = one(SENT, shown.nonce, person)
    if row is None:
        raise NotSent
    if at >= instant(row[0]) + GOOD_FOR:
        raise CodeTooOld
    return hmac.compare_digest(sms_code(shown), code) or None


def _by_passkey(shown: Snapshot, code: str, person: int, at: datetime, site: Site | None) -> tuple[int, int]:
    # A signature cannot be guessed, so one that does not fit is refused and not counted: nobody locks himself out by a wrong finger.
    found = assertion(person, code, challenge=shown.digest, site=site, at=at) if site else None
    if found is None:
        raise NotThisPasskey
    return found


PROVE = {SHEET: _by_sheet, APP: _by_app, SMS: _by_sms, PASSKEY: _by_passkey}
"""How a code of each way is proved: something that tells that it is right, or None."""
USE_CHALLENGE = "UPDATE challenge SET used_at = ? WHERE intent_id = ? AND way = ? AND tries < ? AND used_at IS NULL RETURNING id"
START_ANEW = "UPDATE way SET wrong_in_row = 0, blocked_at = NULL, opens_at = NULL WHERE person_id = ? AND way = ?"
SPEND_TAN = "UPDATE tan SET used_at = ?, intent_id = ? WHERE sheet_id = ? AND n = ? AND used_at IS NULL AND burned_at IS NULL RETURNING n"
SPEND_CAP = "UPDATE recovery SET spent = spent + ? WHERE id = ? AND spent + ? <= ? RETURNING id"
SENT = (
    "SELECT c.sent_at FROM challenge c JOIN intent i ON i.id = c.intent_id"
    " WHERE i.nonce = ? AND i.person_id = ? AND c.way = 'sms' AND c.sent_at IS NOT NULL"
)
