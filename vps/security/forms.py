"""Forms that ask for codes. What a dialog showed is signed into it, bound to the session, so that the answer is about just that."""

import secrets
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.clock import instant, micros
from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.security.actions import Snapshot
from vps.security.actions.passkeys import LONGEST_ANSWER, LONGEST_NAME

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 11}
CHALLENGE_LIFE = timedelta(minutes=10)
"""How long a page that makes a passkey may be open before it is answered."""


class NotShown(Refused):
    """The dialog was changed, or is another session's."""

    says = N_("This payment was not opened in this session. Nothing was taken; please open it again.")
    status = 409


class PageTooOld(Refused):
    """What a passkey is made for was shown too long ago, or in another session."""

    says = N_("This page was open for too long. Nothing was changed; please try again.")
    status = 409


class TanForm(Form):
    """What a payment's dialog carries: the signed snapshot, and the code that is asked for."""

    shown = HiddenField(validators=[Length(max=1000)])
    tan = required(StringField, _l("TAN"), most=40, render_kw=CODE)

    def snapshot(self, session: int) -> Snapshot:
        """What the dialog had shown. Raises NotShown."""
        return unsigned(self.shown.data or "", session)


class TwoCodesForm(Form):
    """Two TANs of a new sheet, or two codes in a row of an app."""

    first = required(StringField, _l("First code"), most=40, render_kw=CODE)
    second = required(StringField, _l("Second code"), most=40, render_kw=CODE)


class CodeForm(Form):
    code = required(StringField, _l("Code of your app"), most=40, render_kw=CODE)


class PasskeyForm(Form):
    """A new passkey: its name, the signed challenge it is made for, and what the browser answered."""

    name = required(StringField, _l("Name of the passkey"), most=LONGEST_NAME, render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME})
    challenge = HiddenField(validators=[Length(max=200)])
    passkey = HiddenField(validators=[Length(max=LONGEST_ANSWER)])

    def asked(self, session: int, at: datetime) -> bytes:
        """The challenge that this session's page was made with. Raises PageTooOld."""
        return challenge_of(self.challenge.data or "", session, at)


class FreezeForm(Form):
    number = required(StringField, _l("Partner number"), most=40, render_kw={"inputmode": "numeric", "autocomplete": "off"})
    code = required(
        StringField, _l("Freeze code from your sheet"), most=40, render_kw={"autocapitalize": "characters", "autocomplete": "off"}
    )


def signed(shown: Snapshot, session: int) -> str:
    """The snapshot as text for the form."""
    amount = shown.amount
    facts = [*shown[:3], amount.minor, amount.currency, *shown[4:8], micros(shown.opened_at)]
    text: Any = _signer(session).dumps(facts)
    return str(text)


def unsigned(text: str, session: int) -> Snapshot:
    try:
        nonce, kind, subject, minor, currency, payee, way, sheet, n, opened = _signer(session).loads(text)
    except (BadSignature, ValueError) as wrong:
        raise NotShown from wrong
    at: datetime = instant(opened)
    return Snapshot(nonce, kind, subject, Money(minor, currency), payee, way, sheet, n, at)


def fresh_challenge(session: int, at: datetime) -> str:
    """A challenge for a passkey that is made now, as text for the form: nothing of it is stored."""
    text: Any = _passkey_signer(session).dumps([secrets.token_urlsafe(32), micros(at)])
    return str(text)


def challenge_of(text: str, session: int, at: datetime) -> bytes:
    """The challenge in a form's text, while it is young. Raises PageTooOld."""
    try:
        nonce, made = _passkey_signer(session).loads(text)
    except BadSignature as wrong:
        raise PageTooOld from wrong
    if not instant(made) <= at < instant(made) + CHALLENGE_LIFE:
        raise PageTooOld
    return urlsafe_b64decode(nonce + "=")


def _signer(session: int) -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt=f"shown to session {session}")


def _passkey_signer(session: int) -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt=f"passkey of session {session}")
