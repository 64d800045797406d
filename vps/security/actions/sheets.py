"""Printed TAN sheets: made by the office, printed once, activated by their owner with two of their TANs."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.codes import read_code
from vps.kernel.database import action, locked, one, run
from vps.kernel.hashing import slow_hash
from vps.kernel.keys import NotOurs, keys
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.security.actions.codes import sheet_code_matches, tan_secret
from vps.security.models import SHEET, TanSheet, is_serial_of

FREEZE_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
"""Letters and digits that cannot be taken for one another on paper or on the phone."""


class NoSheetWaiting(Refused):
    says = N_("There is no new TAN sheet to activate. The office can make one for you.")


class SheetNotReady(Refused):
    says = N_("This TAN sheet is still being prepared. Please try again in a minute.")


class NotThisSheet(Refused):
    says = N_("These two TANs are not the ones asked for. Please compare the serial number with the one on your sheet.")
    field = "first"


class AlreadyActive(Refused):
    says = N_("This sheet is in use or was replaced, so its TANs cannot be shown any more. Make a new one.")


@dataclass(frozen=True)
class Printout:
    """What the print page shows, once: the TANs by index, the serial number and the freeze code."""

    serial: str
    codes: list[str]
    freeze: str


def fresh_codes(size: int) -> list[str]:
    return [f"{secrets.randbelow(10**6):06d}" for _ in range(size)]


def freeze_word() -> str:
    """Eight signs in two groups: enough to be typed from paper, too many to be guessed against the throttle."""
    word = "".join(secrets.choice(FREEZE_ALPHABET) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"


@action
def make_sheet(person: int, codes: list[str], *, actor: Actor, at: datetime, freeze: str | None = None) -> TanSheet:
    """Make a new sheet for somebody. It is ready once its TANs are hashed, and counts once its owner activated it."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # two at once would give both sheets one serial number
    run(REPLACE, micros(at), person)
    made_before = int(one("SELECT count(*) FROM tan_sheet WHERE person_id = ?", person)[0])
    serial = f"{person}-{made_before + 1}"
    word = freeze or freeze_word()
    secret = keys().encrypt(json.dumps({"codes": codes, "freeze": word}).encode(), owner=f"sheet:{serial}")
    stop = freeze_digest(person, word)
    sheet = TanSheet.create(person=person, serial=serial, size=len(codes), secret=secret, stop_code=stop, made_at=at, made_by=actor.person)
    note(actor, "sheet made", person, at=at, after=serial)
    return sheet


def prepare_sheet(sheet: int, *, at: datetime) -> None:
    """Hash the TANs of a new sheet: seconds of work, so the worker does it. Doing it twice changes nothing."""
    row = TanSheet.get_by_id(sheet)
    if row.ready_at is None and row.secret is not None:
        codes = printout(row).codes
        hashes = [(n, slow_hash(tan_secret(row.person_id, row.serial, n, code))) for n, code in enumerate(codes, 1)]
        add_hashes(sheet, hashes, at=at)


@action
def add_hashes(sheet: int, hashes: list[tuple[int, str]], *, at: datetime) -> None:
    """Write the hashes of a sheet's TANs and call it ready."""
    if one("UPDATE tan_sheet SET ready_at = ? WHERE id = ? AND ready_at IS NULL RETURNING id", micros(at), sheet):
        for n, hashed in hashes:
            run("INSERT INTO tan (sheet_id, n, hash) VALUES (?, ?, ?)", sheet, n, hashed)


def printout(sheet: TanSheet) -> Printout:
    """The TANs to print. Raises AlreadyActive once the sheet was activated: then nobody can read them any more; NotOurs."""
    if sheet.secret is None:
        raise AlreadyActive
    if not is_serial_of(sheet.person_id, sheet.serial):
        raise NotOurs
    found = json.loads(keys().decrypt(sheet.secret, owner=f"sheet:{sheet.serial}"))
    return Printout(sheet.serial, found["codes"], found["freeze"])


def asked_to_activate(sheet: TanSheet) -> tuple[int, int]:
    """The two indexes that prove that the right sheet arrived: spread over it, the same until it is activated."""
    return sheet.proof()


def activate_sheet(person: int, *, first: str, second: str, actor: Actor, at: datetime) -> None:
    """The owner proves with two TANs that the sheet is in the right hands; the sheet before it ends."""
    sheet = TanSheet.waiting(person)
    if sheet is None:
        raise NoSheetWaiting
    if sheet.ready_at is None:
        raise SheetNotReady
    asked = asked_to_activate(sheet)
    right = [sheet_code_matches(person, sheet.id, n, read_code(code)) for n, code in zip(asked, (first, second), strict=True)]
    if not all(right):
        record_wrong_activation(person, sheet, actor=actor, at=at)
        raise NotThisSheet
    _activate(person, sheet, asked, actor=actor, at=at)


@action
def record_wrong_activation(person: int, sheet: TanSheet, *, actor: Actor, at: datetime) -> None:
    """Three wrong tries and the sheet is worth nothing: whoever tries does not have it."""
    note(actor, "sheet not activated", person, at=at, after=sheet.serial)
    if one(WRONG_ACTIVATIONS, f"person:{person}", sheet.serial)[0] >= 3:
        run("UPDATE tan_sheet SET ended_at = ?, secret = NULL WHERE id = ? AND activated_at IS NULL", micros(at), sheet.id)


@action
def _activate(person: int, sheet: TanSheet, asked: tuple[int, int], *, actor: Actor, at: datetime) -> None:
    now = micros(at)
    # The TANs can be read by nobody from here on; the two that were shown are used. Of two presses at once the second finds it done.
    if not one(ACTIVATE, now, sheet.id):
        if one("SELECT 1 FROM tan_sheet WHERE id = ? AND activated_at IS NULL", sheet.id):
            raise NoSheetWaiting
        return
    run(END_OTHERS, now, person, sheet.id)
    run("UPDATE tan SET used_at = ? WHERE sheet_id = ? AND n IN (?, ?)", now, sheet.id, *asked)
    run("DELETE FROM way WHERE person_id = ? AND way = ?", person, SHEET)  # a new secret is counted anew
    note(actor, "sheet activated", person, at=at, after=sheet.serial)


def freeze_digest(person: int, word: str) -> bytes:
    """The keyed digest of a freeze code; typed in small letters and without the dash it is the same."""
    return keys().keyed("freeze", str(person), "".join(filter(str.isalnum, word.upper())))


REPLACE = "UPDATE tan_sheet SET ended_at = ?, secret = NULL WHERE person_id = ? AND activated_at IS NULL AND ended_at IS NULL"
ACTIVATE = "UPDATE tan_sheet SET activated_at = ?, secret = NULL WHERE id = ? AND activated_at IS NULL AND ended_at IS NULL RETURNING id"
END_OTHERS = "UPDATE tan_sheet SET ended_at = ? WHERE person_id = ? AND id <> ? AND activated_at IS NOT NULL AND ended_at IS NULL"
WRONG_ACTIVATIONS = "SELECT count(*) FROM event WHERE subject = ? AND verb = 'sheet not activated' AND after = ?"
