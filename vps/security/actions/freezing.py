"""Stopping a wallet: with the code on the sheet from any phone, or by any member of staff while the partner is on the line."""

import hmac
from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, one, rows, run
from vps.people.actions import note
from vps.security.actions.confirm import ByTan
from vps.security.actions.intents import THAW
from vps.security.actions.sheets import freeze_digest


def freeze_code_matches(person: int, word: str) -> bool:
    """Whether this is a freeze code of the person: of one of the TAN sheets, the waiting one included, or of the recovery codes."""
    wanted = freeze_digest(person, word)
    kept = rows(STOP_CODES, person, person)
    return any(hmac.compare_digest(bytes(code), wanted) for (code,) in kept)


@action
def freeze(person: int, *, actor: Actor, at: datetime) -> None:
    """Nothing leaves the wallet from now on; running payments stop too. Doing it twice changes nothing."""
    if one(FREEZE, person, micros(at), actor.person):
        run("UPDATE intent SET cancelled_at = ? WHERE person_id = ? AND posted_at IS NULL AND cancelled_at IS NULL", micros(at), person)
        note(actor, "wallet frozen", person, at=at)


@action
def lift_freeze(person: int, *, actor: Actor, at: datetime) -> None:
    """The office lets the wallet pay again."""
    if one(LIFT, micros(at), actor.person, person):
        note(actor, "wallet unfrozen", person, at=at)


@action
def thaw(authorisation: ByTan, *, at: datetime) -> None:
    """The owner lifts the freeze, confirmed by a bound way."""
    person = authorisation.changing(THAW)
    authorisation.use_up(subject=THAW, amount=None, at=at)
    lift_freeze(person, actor=authorisation.actor, at=at)


@action
def unblock_way(person: int, way: str, *, actor: Actor, at: datetime) -> None:
    """The office lets a partner whose codes were wrong too often try again."""
    if one(UNBLOCK, person, way):
        note(actor, "confirming unblocked", person, at=at, after=way)


# Two presses at once freeze once: the index of freezes in force decides.
FREEZE = "INSERT INTO wallet_freeze (person_id, frozen_at, frozen_by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
STOP_CODES = (
    "SELECT stop_code FROM tan_sheet WHERE person_id = ? AND ended_at IS NULL"
    " UNION ALL SELECT stop_code FROM recovery_sheet WHERE person_id = ? AND ended_at IS NULL"
)
LIFT = "UPDATE wallet_freeze SET lifted_at = ?, lifted_by = ? WHERE person_id = ? AND lifted_at IS NULL RETURNING id"
UNBLOCK = "UPDATE way SET blocked_at = NULL, opens_at = NULL, wrong_in_row = 0 WHERE person_id = ? AND way = ? AND blocked_at IS NOT NULL RETURNING way"
