"""What happens to trust: levels are given and taken, steps of identification accepted or not."""

from vps.trust.actions.claiming import (
    DocumentExpired,
    NoAddress,
    NotABirthDate,
    NotAnEnd,
    claim_address,
    claim_birth,
    claim_document,
    claim_step,
    must_be_valid,
    withdraw_step,
)
from vps.trust.actions.deciding import NotYourOwnStep, StepDecided, accept_proved, accept_step, end_step, reject_step
from vps.trust.actions.forgetting import MustBeKept, NoReason, forget_document, remove_strays
from vps.trust.actions.looking import see_picture
from vps.trust.actions.proving import (
    CodeJustSent,
    CodeSentTooOften,
    NoCodeWaiting,
    NoEmail,
    StepGivenUp,
    TooManyCodes,
    WrongStepCode,
    claim_email,
    claim_mobile,
    confirm_step_code,
    send_step_code,
    step_code,
    told_by_code,
)
from vps.trust.actions.standing import on_steps_changed, steps_changed
from vps.trust.actions.telling import tell_expiring

__all__ = [
    "CodeJustSent",
    "CodeSentTooOften",
    "DocumentExpired",
    "MustBeKept",
    "NoAddress",
    "NoCodeWaiting",
    "NoEmail",
    "NoReason",
    "NotABirthDate",
    "NotAnEnd",
    "NotYourOwnStep",
    "StepDecided",
    "StepGivenUp",
    "TooManyCodes",
    "WrongStepCode",
    "accept_proved",
    "accept_step",
    "claim_address",
    "claim_birth",
    "claim_document",
    "claim_email",
    "claim_mobile",
    "claim_step",
    "confirm_step_code",
    "end_step",
    "forget_document",
    "must_be_valid",
    "on_steps_changed",
    "reject_step",
    "remove_strays",
    "see_picture",
    "send_step_code",
    "step_code",
    "steps_changed",
    "tell_expiring",
    "told_by_code",
    "withdraw_step",
]
