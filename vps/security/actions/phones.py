"""The number for codes by SMS: typed, proved by a code sent to it, and in force after its rest."""

import hmac
from datetime import datetime

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.codes import read_code, six_digits
from vps.kernel.database import action, locked, one, run
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.post.actions import post_sms
from vps.security.actions.counting import TRIES
from vps.security.actions.permits import begins_at, must_be_permitted
from vps.security.actions.sending import GOOD_FOR, must_be_sendable
from vps.security.models import SMS, Phone, phone_owner


class NoPhoneWaiting(Refused):
    says = N_("No number waits to be confirmed. Please enter it again.")
    status = 409


class WrongPhoneCode(Refused):
    """Facts: left."""

    says = N_("This is not the code that was sent to this number. Tries left: %(left)s.")
    field = "code"


class PhoneGivenUp(Refused):
    says = N_("Three wrong codes, or a code older than five minutes: this number was not confirmed. Please enter it again.")
    status = 409


@action
def begin_phone(person: int, number: str, *, actor: Actor, at: datetime) -> Phone:
    """Keep a number (E.164) and send a code to it; another one that waited ends. Raises NotSafeAlone, and what `post_sms` raises."""
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    must_be_permitted(person, at)
    waiting = Phone.waiting(person)
    if waiting and waiting.plain == number and at < waiting.made_at + GOOD_FOR:
        return waiting  # pressed twice
    run(END_WAITING, micros(at), person)
    secret = keys().encrypt(number.encode(), owner=phone_owner(person))
    phone = Phone.create(person=person, number=secret, ending=number[-2:], made_at=at)
    _send(phone, 1, at)
    return phone


@action
def send_phone_code(person: int, *, at: datetime) -> None:
    """Send the code to the waiting number once more. Raises NoPhoneWaiting, SentJustNow, SentTooOften."""
    phone = _waiting(person)
    _send(phone, must_be_sendable((phone.sends, micros(phone.sent_at)), at), at)


def confirm_phone(person: int, code: str, *, actor: Actor, at: datetime) -> datetime:
    """The code that came back proves the number; answers from when on it counts. Raises NoPhoneWaiting, WrongPhoneCode, PhoneGivenUp."""
    digits = read_code(code)
    refusal = _count(person, digits, at)
    if refusal:
        raise refusal
    return _confirm(person, actor=actor, at=at)


@action
def end_phones(person: int, *, actor: Actor, at: datetime) -> None:
    """The office takes away the numbers of a person, as when the phone is gone."""
    if run("UPDATE phone SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL", micros(at), person).rowcount:
        run("DELETE FROM way WHERE person_id = ? AND way = ?", person, SMS)  # a new number is counted anew
        note(actor, "phone removed", person, at=at)


def phone_code(phone: Phone) -> str:
    """The six digits that prove this number."""
    return six_digits("phone", str(phone.id), str(micros(phone.made_at)))


@action
def _count(person: int, digits: str, at: datetime) -> Refused | None:
    # In a transaction of its own: a rollback would forget the try.
    phone = _waiting(person)
    if at >= phone.sent_at + GOOD_FOR:
        run("UPDATE phone SET ended_at = ? WHERE id = ?", micros(at), phone.id)
        return PhoneGivenUp()
    if hmac.compare_digest(phone_code(phone), digits):
        return None
    (tries,) = one(
        "UPDATE phone SET tries = tries + 1, ended_at = CASE WHEN tries + 1 >= ? THEN ? END WHERE id = ? RETURNING tries",
        TRIES,
        micros(at),
        phone.id,
    )
    return PhoneGivenUp() if tries >= TRIES else WrongPhoneCode(left=TRIES - tries)


@action
def _confirm(person: int, *, actor: Actor, at: datetime) -> datetime:
    since = begins_at(person, at)
    phone = _waiting(person)
    run("UPDATE phone SET verified_at = ?, usable_from = ? WHERE id = ?", micros(at), micros(since), phone.id)
    # One that still rested is replaced; the one in force stays until this one counts.
    run(END_RESTING, micros(at), person, phone.id, micros(at))
    if since <= at:
        run(END_OTHERS, micros(at), person, phone.id)
        run("DELETE FROM way WHERE person_id = ? AND way = ?", person, SMS)
    note(actor, "phone added", person, at=at, after=f"… {phone.ending}")
    return since


def _waiting(person: int) -> Phone:
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    phone = Phone.waiting(person)
    if phone is None:
        raise NoPhoneWaiting
    return phone


def _send(phone: Phone, sends: int, at: datetime) -> None:
    run("UPDATE phone SET sends = ?, sent_at = ? WHERE id = ?", sends, micros(at), phone.id)
    language = one("SELECT language FROM person WHERE id = ?", phone.person_id)[0]
    key, facts = f"phone:{phone.id}:{sends}", {"phone": phone.id}
    post_sms("phone", key=key, number=phone.plain, language=language, facts=facts, person=phone.person_id, at=at, expires_at=at + GOOD_FOR)


def told_by_phone(phone: int) -> dict[str, object]:
    """What the SMS that proves a number says."""
    return {"code": phone_code(Phone.get_by_id(phone))}


END_WAITING = "UPDATE phone SET ended_at = ? WHERE person_id = ? AND verified_at IS NULL AND ended_at IS NULL"
END_RESTING = (
    "UPDATE phone SET ended_at = ? WHERE person_id = ? AND id <> ? AND verified_at IS NOT NULL AND usable_from > ? AND ended_at IS NULL"
)
END_OTHERS = "UPDATE phone SET ended_at = ? WHERE person_id = ? AND id <> ? AND ended_at IS NULL"
