"""Forms about wallets."""

from datetime import date

from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from vps.hypermedia.forms import Form, KeyedForm, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import Typed, parse_amount
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import NoName, clean_name, clean_text
from vps.wallets.actions import Slip

AS_AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}


class CouldMean(Refused):
    """Facts: amount, other (Money)."""

    says = N_("Do you mean %(amount)s, or %(other)s? Tick the box if %(amount)s is right.")
    field = "sure"


class NotThatDay(Refused):
    says = N_("The day of a receipt cannot lie in the future.")
    field = "day"


class AmountForm(Form):
    """A form with an amount as the reader writes it, and the tick for one that elsewhere would be another."""

    amount = required(StringField, _l("Amount"), most=1000, render_kw=AS_AMOUNT)
    sure = BooleanField(_l("Yes, this amount is right"))

    def typed(self, *, language: str, currency: str) -> Typed:
        """The amount as it was read. Raises what reading raises, and CouldMean until an ambiguous one is confirmed."""
        typed = parse_amount(self.amount.data, language=language, currency=currency)
        if typed.could_mean is not None and not self.sure.data:
            raise CouldMean(amount=typed.money, other=typed.could_mean)
        return typed


class NoticesForm(AmountForm):
    """From which amount on bookings are told; left empty, none are."""

    amount = StringField(_l("Tell me from this amount on"), validators=[Optional(), Length(max=1000)], render_kw=AS_AMOUNT)

    def threshold(self, *, language: str, currency: str) -> Money | None:
        """The amount as it was read, or None where nothing was typed."""
        return self.typed(language=language, currency=currency).money if (self.amount.data or "").strip() else None


class SlipForm(AmountForm, KeyedForm):
    """A booking by hand: amount, and the receipt it rests on."""

    number = required(StringField, _l("Receipt number"), most=80)
    day = DateField(_l("Day on the receipt"), validators=[InputRequired()])
    payer = required(StringField, _l("Who paid or was paid"), most=200)
    reason = required(StringField, _l("Reason"), most=200)

    def slip(self, today: date) -> Slip:
        """The receipt as typed, cleaned."""
        if self.day.data > today:
            raise NotThatDay
        number = clean_text(self.number.data, most=40).strip()
        if not number:
            raise NoName
        return Slip(number, self.day.data, clean_name(self.payer.data), clean_text(self.reason.data, most=150))


class ReversalForm(Form):
    reason = required(StringField, _l("Reason"), most=200)
    as_debt = BooleanField(_l("Reverse it even though money is missing; the rest becomes a visible debt"))


class QuestionForm(Form):
    text = required(TextAreaField, _l("Your question to the office"), most=1000)


class AnswerForm(Form):
    text = required(TextAreaField, _l("Answer"), most=2000)
