"""Forms that ask for codes. What a dialog showed is signed into it, bound to the session, so that the answer is about just that."""

from datetime import datetime
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

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 11}


class NotShown(Refused):
    """The dialog was changed, or is another session's."""

    says = N_("This payment was not opened in this session. Nothing was taken; please open it again.")
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


def _signer(session: int) -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt=f"shown to session {session}")
