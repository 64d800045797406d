"""Authenticator apps (TOTP, RFC 6238): a secret shown once as a QR code, confirmed by two codes in a row."""

from datetime import UTC, datetime

import pyotp

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.codes import read_code
from vps.kernel.database import action, database, locked, one, run
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.people.actions import CODE, count_failure, forget_failures, must_not_wait, note
from vps.security.actions.codes import SPEND_STEP, STEP, app_step, matching_step, seconds_to_next
from vps.security.actions.permits import begins_at, must_be_permitted
from vps.security.models import APP, App


class CodesDoNotFollow(Refused):
    says = N_("These are not two codes in a row of this app. Wait for a new code, type it, wait for the next one, type that too.")
    field = "first"


class HasApp(Refused):
    says = N_("An app is enrolled already. The office can remove it when the phone is gone.")


class WrongCode(Refused):
    says = N_("This code is not right. Please enter the one your app shows now.")
    field = "code"


class UsedCode(Refused):
    """Facts: seconds. It was right, so it is not counted as a wrong one."""

    says = N_("This code of your app was used already. Seconds until the next one: %(seconds)s.")
    field = "code"


@action
def begin_app(person: int, *, at: datetime, secret: str | None = None) -> str:
    """The secret of the app that is being enrolled, the same until it is confirmed; base32. Raises HasApp, NotSafeAlone."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)  # presses at once go one after another
    row = App.get_or_none(App.person == person)
    if row is None or row.confirmed_at is None:
        must_be_permitted(person, at)
    if row is None:
        plain = secret or pyotp.random_base32()
        App.create(person=person, secret=keys().encrypt(plain.encode(), owner=f"app:{person}"), made_at=at)
        return plain
    if row.confirmed_at is not None:
        raise HasApp
    return keys().decrypt(row.secret, owner=f"app:{person}").decode()


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth: address that the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


@action
def confirm_app(person: int, *, first: str, second: str, actor: Actor, at: datetime) -> datetime:
    """Enrol the app after two consecutive codes; both are used up by it. Answers from when on it counts.

    Raises HasApp, NotSafeAlone, CodesDoNotFollow.
    """
    row = App.get_or_none(App.person == person)
    if row is None or row.confirmed_at is not None:
        raise HasApp
    must_be_permitted(person, at)
    secret = keys().decrypt(row.secret, owner=f"app:{person}").decode()
    step = matching_step(secret, read_code(second), at)
    if step is None or not _is_code(secret, read_code(first), step - 1):
        raise CodesDoNotFollow
    since = begins_at(person, at)
    run("UPDATE app SET confirmed_at = ?, last_step = ?, usable_from = ? WHERE person_id = ?", micros(at), step, micros(since), person)
    note(actor, "app enrolled", person, at=at)
    return since


@action
def remove_app(person: int, *, actor: Actor, at: datetime) -> None:
    """The office takes away the app of a lost phone; the person enrols a new one, with another secret."""
    if renew_app(person, at=at):
        run("DELETE FROM way WHERE person_id = ? AND way = ?", person, APP)  # a new secret is counted anew
        note(actor, "app removed", person, at=at)


def renew_app(person: int, *, at: datetime) -> bool:
    """Forget the app's secret; another one waits to be enrolled. Answers whether there was one."""
    fresh = keys().encrypt(pyotp.random_base32().encode(), owner=f"app:{person}")
    return one(RENEW, fresh, micros(at), person) is not None


def check_sign_in_code(person: int, code: str, *, at: datetime) -> None:
    """Take a fresh code of the person's app; it is used up by being right. Raises what `fresh_step` raises."""
    if not use_step(person, fresh_step(person, code, at=at)):
        raise UsedCode(seconds=seconds_to_next(at))


def fresh_step(person: int, code: str, *, at: datetime) -> int:
    """The time step of a code of the person's app that was not used yet, for whoever now uses it up.

    A wrong guess is remembered even though we refuse; a used code is none. Raises NotACode, WrongCode, UsedCode, TooManyTries.
    """
    assert not database.in_transaction(), "a rollback would forget the wrong guess"
    asked = [(CODE, str(person))]
    must_not_wait(asked, at)
    step, last = app_step(person, read_code(code), at)
    if step is None:
        count_failure(asked, at)
        raise WrongCode
    must_not_wait(asked, at)  # many guesses at once: the door may have closed while this one was checked
    if step <= last:
        raise UsedCode(seconds=seconds_to_next(at))
    forget_failures(asked)
    return step


@action
def use_step(person: int, step: int) -> bool:
    """Take a time step of the app, once: later codes only."""
    return one(SPEND_STEP, step, person, step) is not None


def _is_code(secret: str, code: str, step: int) -> bool:
    return matching_step(secret, code, datetime.fromtimestamp(step * STEP, tz=UTC)) == step


RENEW = "UPDATE app SET secret = ?, made_at = ?, confirmed_at = NULL, last_step = 0, usable_from = NULL WHERE person_id = ? RETURNING id"
