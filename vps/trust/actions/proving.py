"""A code that comes back proves an e-mail address or a phone. It follows from the pepper and the claim, and is stored nowhere."""

import hmac
from datetime import datetime, timedelta

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.codes import read_code, six_digits
from vps.kernel.database import action, one, run
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.post.actions import post, post_sms
from vps.post.sms import number as phone_number
from vps.trust.actions.claiming import end_claim, lock, open_claim, write_claim
from vps.trust.actions.deciding import accept_claim
from vps.trust.models import BY_CODE, CODE_LIFE, EMAIL, MOBILE, IdentityStep

TRIES, SENDS, A_DAY = 3, 3, 5
"""Wrong codes of one claim, times its code is sent, and claims of one step within 24 hours."""
AGAIN = timedelta(seconds=60)


class NoEmail(Refused):
    says = N_("The office has no e-mail address of yours. Tell it one, then come back here.")
    status = 409


class NoCodeWaiting(Refused):
    says = N_("No code waits to be entered. Please have one sent to you.")
    status = 409


class WrongStepCode(Refused):
    """Facts: left."""

    says = N_("This is not the code that was sent to you. Tries left: %(left)s.")
    field = "code"


class StepGivenUp(Refused):
    says = N_("Three wrong codes, or a code older than half an hour: nothing was confirmed. Please have another one sent to you.")
    status = 409


class CodeJustSent(Refused):
    """Facts: seconds."""

    says = N_("The code is on its way to you. If it does not arrive, it can be sent again; seconds until then: %(seconds)s.")
    field = "code"


class CodeSentTooOften(Refused):
    says = N_("The code was sent three times. If none of them arrived, please check the address with the office.")
    field = "code"


class TooManyCodes(Refused):
    """Facts: most."""

    says = N_("%(most)s codes within a day are the most. Please try again tomorrow, or call the office.")
    status = 429


@action
def claim_email(person: int, *, actor: Actor, at: datetime) -> int:
    """Have a code mailed to a person's own address. Pressed twice, it is sent once. Raises NoEmail, TooManyCodes."""
    lock(person)
    return _claim(person, EMAIL, _address_of(person), actor=actor, at=at)


@action
def claim_mobile(person: int, number: str, *, actor: Actor, at: datetime) -> int:
    """Have a code sent to a phone by SMS; the number may be typed in any way. Raises WrongPhone, TooManyCodes, and what `post_sms` raises."""
    lock(person)
    return _claim(person, MOBILE, phone_number(number), actor=actor, at=at)


@action
def send_step_code(person: int, step: str, *, actor: Actor, at: datetime) -> None:
    """Send the code that waits once more. Raises NoCodeWaiting, CodeJustSent, CodeSentTooOften, and what `post_sms` raises."""
    claim = _waiting(person, step)
    wait = claim.sent_at + AGAIN - at
    if wait > timedelta(0):
        raise CodeJustSent(seconds=int(wait.total_seconds()) + 1)
    if claim.sends >= SENDS:
        raise CodeSentTooOften
    _send(claim, claim.sends + 1, at)
    note(actor, "step code sent", person, at=at, after=step)


def confirm_step_code(person: int, step: str, code: str, *, actor: Actor, at: datetime) -> None:
    """The code that came back proves the step. Raises NotACode, NoCodeWaiting, WrongStepCode, StepGivenUp; a wrong guess is remembered."""
    digits = read_code(code)
    refusal = _count(person, step, digits, actor=actor, at=at)
    if refusal:
        raise refusal


def step_code(claim: IdentityStep) -> str:
    """The six digits that prove this claim."""
    return six_digits("identity", str(claim.id), str(micros(claim.asked_at)), claim.value)


def told_by_code(claim: int) -> dict[str, object]:
    """What the message with the code says."""
    return {"code": step_code(IdentityStep.get_by_id(claim))}


@action
def _count(person: int, step: str, digits: str, *, actor: Actor, at: datetime) -> Refused | None:
    # The refusal is answered and not raised: a rollback would forget the try.
    claim = _waiting(person, step)
    stale = at >= claim.sent_at + CODE_LIFE or (step == EMAIL and claim.value != _address_of(person))
    if not stale and hmac.compare_digest(step_code(claim), digits):
        accept_claim(claim, None, None, actor=actor, at=at)
        return None
    (tries,) = one("UPDATE identity_step SET tries = tries + 1 WHERE id = ? RETURNING tries", claim.id)
    if tries < TRIES and not stale:
        return WrongStepCode(left=TRIES - tries)
    end_claim(claim, at)
    note(actor, "step given up", person, at=at, after=step)
    return StepGivenUp()


def _claim(person: int, step: str, value: str, *, actor: Actor, at: datetime) -> int:
    waiting = open_claim(person, step)
    if waiting and waiting.value == value and at < waiting.sent_at + AGAIN:
        return int(waiting.id)  # pressed twice
    if one(CLAIMED_SINCE, person, step, micros(at - timedelta(days=1)))[0] >= A_DAY:
        raise TooManyCodes(most=A_DAY)
    if waiting:
        end_claim(waiting, at)
    claim = write_claim(person, step, value, actor=actor, at=at)
    _send(IdentityStep.get_by_id(claim), 1, at)
    return claim


def _waiting(person: int, step: str) -> IdentityStep:
    lock(person)
    claim = open_claim(person, step) if step in BY_CODE else None
    if claim is None:
        raise NoCodeWaiting
    return claim


def _send(claim: IdentityStep, sends: int, at: datetime) -> None:
    run("UPDATE identity_step SET sends = ?, sent_at = ? WHERE id = ?", sends, micros(at), claim.id)
    name, language = one("SELECT name, language FROM person WHERE id = ?", claim.person_id)
    key, facts, ends = f"identity:{claim.id}:{sends}", {"claim": claim.id}, at + CODE_LIFE
    if claim.step == EMAIL:
        post("identity_code", key=key, address=claim.value, language=language, facts=facts | {"name": name}, at=at, expires_at=ends)
    else:
        sms = {"number": claim.value, "language": language, "person": claim.person_id}
        post_sms("identity_sms", key=key, facts=facts, at=at, expires_at=ends, **sms)


def _address_of(person: int) -> str:
    (email,) = one("SELECT lower(email) FROM person WHERE id = ?", person)
    if not email:
        raise NoEmail
    return str(email)


CLAIMED_SINCE = "SELECT count(*) FROM identity_step WHERE person_id = ? AND step = ? AND asked_at > ?"
