"""Forms that ask for codes. What a dialog showed is signed into it, bound to the session, so that the answer is about just that."""

import secrets
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from vps.company.models import MOTIVES, Company, company, matrix
from vps.hypermedia.forms import Form, required
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import parse_amount, written
from vps.kernel.authorisation import Actor
from vps.kernel.clock import instant, micros
from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.people.actions import must_be_allowed
from vps.security.actions import THAW, Site, Snapshot, WeakerWay, ask, demanded, others, refuse_weaker, request_options, snapshot, was_sent
from vps.security.actions.passkeys import LONGEST_ANSWER, LONGEST_NAME
from vps.security.models import MOVES, PASSKEY, SMS, VIEW, Ask, Phone, suffices

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 11}
CHALLENGE_LIFE = timedelta(minutes=10)
"""How long a page that makes a passkey may be open before it is answered."""


AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}
FEW = [SelectChoice(level, str(level)) for level in range(1, 5)]
PLAIN = ("security_level", "partner_idle", "staff_idle", "session_hours", "rest_hours", "recovery_staff")
"""Settings that are one number each."""
LEVEL_WORDS = {
    0: N_("0 · View only: nothing can be paid"),
    1: N_("1 · Basic: one code, for small purchases"),
    2: N_("2 · Standard: one code for everything; a strange browser cannot pay"),
    3: N_("3 · High: a passkey or a code by SMS for everything"),
    4: N_("4 · Maximum: a passkey, or two codes on two ways"),
}


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

    shown = HiddenField(validators=[Length(max=4000)])
    tan = StringField(_l("TAN"), validators=[Length(max=40)], render_kw=CODE)
    sms = StringField(_l("Code from the SMS"), validators=[Length(max=40)], render_kw=CODE)
    passkey = HiddenField(validators=[Length(max=8000)])
    send = HiddenField(validators=[Length(max=1)])

    def codes(self, shown: Snapshot) -> dict[str, Any]:
        """What was typed or signed, as `confirm` takes it."""
        first = {PASSKEY: self.passkey.data, SMS: self.sms.data}.get(shown.way, self.tan.data)
        return {"code": first or "", "second": self.sms.data or "" if shown.also else ""}

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


class LevelForm(Form):
    level = RadioField(_l("Security level"), coerce=int, choices=[])

    def offer(self) -> "LevelForm":
        """The levels in words; answers itself."""
        self.level.choices = [SelectChoice(level, say(words)) for level, words in LEVEL_WORDS.items()]
        return self


class PhoneForm(Form):
    number = required(StringField, _l("Mobile number"), most=40, render_kw={"inputmode": "tel", "autocomplete": "tel"})


class SentCodeForm(Form):
    code = required(StringField, _l("Code from the SMS"), most=40, render_kw=CODE)


class RecoveryForm(Form):
    code = required(StringField, _l("Recovery code"), most=60, render_kw={"autocapitalize": "characters", "autocomplete": "off"})


class DocumentForm(Form):
    document = required(StringField, _l("Document seen, with its number"), most=200)


def number(label: Any, most: int) -> IntegerField:
    """A whole number from 1 on."""
    return IntegerField(label, validators=[InputRequired(), NumberRange(1, most)])


class SettingsForm(Form):
    """The company's matrix, one row for each motive, and what else it asks of everybody."""

    security_level = SelectField(_l("Level of who has chosen none"), coerce=int, choices=FEW)
    purchase = SelectField(_l("Purchases: at least level"), coerce=int, choices=FEW)
    purchase_from = StringField(_l("and from this amount on"), validators=[Length(max=40)], render_kw=AMOUNT)
    purchase_more = SelectField(_l("level"), coerce=int, choices=FEW)
    transfer = SelectField(_l("Transfers: at least level"), coerce=int, choices=FEW)
    transfer_from = StringField(_l("and from this amount on"), validators=[Length(max=40)], render_kw=AMOUNT)
    transfer_more = SelectField(_l("level"), coerce=int, choices=FEW)
    pay_out = SelectField(_l("Pay-outs: at least level"), coerce=int, choices=FEW)
    pay_out_from = StringField(_l("and from this amount on"), validators=[Length(max=40)], render_kw=AMOUNT)
    pay_out_more = SelectField(_l("level"), coerce=int, choices=FEW)
    change = SelectField(_l("Changes of one's own security: at least level"), coerce=int, choices=FEW[2:])
    partner_idle = number(_l("Minutes until a partner must sign in again"), 1440)
    staff_idle = number(_l("Minutes until staff must sign in again"), 1440)
    session_hours = number(_l("Hours after which everybody must sign in again"), 168)
    rest_hours = number(_l("Hours a new way or a lower level rests"), 720)
    recovery_staff = SelectField(_l("How many of the office must see the documents of who lost every way"), coerce=int, choices=FEW[:2])

    def fill(self, ours: Company, language: str) -> "SettingsForm":
        """Show what is in force; answers itself."""
        rules = matrix(ours.security_matrix)
        for motive in MOTIVES:
            name, found = motive.replace("-", "_"), [rule for rule in rules if rule.motive == motive]
            self[name].data = max((rule.level for rule in found if rule.amount == 0), default=1)
            above = next((rule for rule in found if rule.amount), None)
            if above and f"{name}_from" in self:
                self[f"{name}_from"].data = written(Money(above.amount, ours.currency), language)
                self[f"{name}_more"].data = above.level
        return self

    def changes(self, language: str) -> dict[str, str | int]:
        """What was typed, as settings. Raises what reading an amount raises."""
        lines = []
        for motive in MOTIVES:
            name = motive.replace("-", "_")
            lines.append(f"{motive} 0 {self[name].data}")
            typed = (self[f"{name}_from"].data or "").strip() if f"{name}_from" in self else ""
            if typed:
                amount = parse_amount(typed, language=language, currency=company().currency).money
                lines.append(f"{motive} {amount.minor} {self[f'{name}_more'].data}")
        return {"security_matrix": "; ".join(lines)} | {name: self[name].data for name in PLAIN}


class FreezeForm(Form):
    number = required(StringField, _l("Partner number"), most=40, render_kw={"inputmode": "numeric", "autocomplete": "off"})
    code = required(
        StringField, _l("Freeze code from your sheet"), most=40, render_kw={"autocapitalize": "characters", "autocomplete": "off"}
    )


def question(
    form: TanForm,
    *,
    kind: str,
    subject: str,
    amount: Money | None,
    payee: str,
    motive: str,
    actor: Actor,
    session: int,
    prefer: str | None,
    site: Site,
    at: datetime,
    at_least: int = VIEW,
) -> dict[str, Any]:
    """What the dialog asks, for its template: after a wrong code the same thing goes on, with the same question.

    Raises what `demanded` and `ask` raise; who asks for a weaker way than is demanded is written down.
    """
    assert actor.person is not None
    if motive in MOVES:
        must_be_allowed(actor.person, actor.address)  # before anybody takes the sheet out of the drawer
    before = _before(form, session)
    level = demanded(actor.person, motive, amount, at=at, session=session, at_least=at_least).level
    wanted = before.way if before and suffices(level, before.ways) else prefer if before is None else None
    asked = _asked(actor, wanted, level=level, thawing=kind == THAW, at=at)
    # A payment that was cancelled, ran out or showed another price is not taken up again.
    same = before and form.status != 409 and _is_same(before, asked, kind, subject, amount)
    shown = before if before and same else snapshot(kind, subject, amount=amount, payee=payee, ask=asked, at=at, motive=motive)
    form.tan.data = form.sms.data = ""  # what was typed was for another question, or wrong
    return {
        "asked": asked,
        "shown": signed(shown, session),
        "others": others(actor.person, asked, at=at, level=level),
        "sent": SMS in shown.ways and was_sent(shown.nonce),
        "phone": Phone.in_force(actor.person, at) if SMS in shown.ways else None,
        "options": request_options(actor.person, site, shown.digest, at=at) if shown.way == PASSKEY else None,
    }


def _asked(actor: Actor, wanted: str | None, *, level: int, thawing: bool, at: datetime) -> Ask:
    assert actor.person is not None
    try:
        return ask(actor.person, at=at, prefer=wanted, level=level, thawing=thawing)
    except WeakerWay:
        raise refuse_weaker(None, actor=actor, at=at) from None


def _before(form: TanForm, session: int) -> Snapshot | None:
    try:
        return form.snapshot(session) if form.is_submitted() else None
    except NotShown:
        return None


def _is_same(before: Snapshot, asked: Ask, kind: str, subject: str, amount: Money | None) -> bool:
    question = (before.way, before.sheet, before.n, before.also)
    return question == (asked.way, asked.sheet, asked.n, asked.also) and (before.kind, before.subject, before.amount) == (
        kind,
        subject,
        amount,
    )


def signed(shown: Snapshot, session: int) -> str:
    """The snapshot as text for the form."""
    amount = [shown.amount.minor, shown.amount.currency] if shown.amount else [None, None]
    facts = [*shown[:3], *amount, *shown[4:8], micros(shown.opened_at), shown.motive, shown.also]
    text: Any = _signer(session).dumps(facts)
    return str(text)


def unsigned(text: str, session: int) -> Snapshot:
    try:
        nonce, kind, subject, minor, currency, payee, way, sheet, n, opened, motive, also = _signer(session).loads(text)
    except (BadSignature, ValueError) as wrong:
        raise NotShown from wrong
    at: datetime = instant(opened)
    amount = None if minor is None else Money(minor, currency)
    return Snapshot(nonce, kind, subject, amount, payee, way, sheet, n, at, motive, also)


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
