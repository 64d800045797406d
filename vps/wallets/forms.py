"""Forms about wallets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from vps.hypermedia.forms import Form, KeyedForm, required
from vps.hypermedia.languages import say, sentence
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import Typed, parse_amount
from vps.kernel.clock import midnight
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import NoName, clean_name, clean_text
from vps.wallets.actions import Slip
from vps.wallets.actions.requests import LONGEST_MESSAGE
from vps.wallets.models import Asked, Sought

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
"""Days beyond these are slips of the finger."""
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


class FindForm(Form):
    """Who is to get something, or is asked for it."""

    recipient = required(
        StringField, _l("Partner number, phone, e-mail or code"), most=260, render_kw={"autocomplete": "off", "autocapitalize": "none"}
    )


class MessageForm(AmountForm):
    """An amount and what it is for, in one line."""

    message = StringField(_l("Message (optional)"), validators=[Length(max=600)], render_kw={"autocomplete": "off"})

    def validate_message(self, field: Any) -> None:
        """What is wrong with the message stands at its field."""
        try:
            field.data = clean_text(field.data or "", LONGEST_MESSAGE)
        except Refused as wrong:
            raise ValidationError(sentence(wrong)) from wrong


class SendForm(MessageForm):
    """What is sent, from which of one's wallets."""

    wallet = SelectField(_l("From wallet"), coerce=int)

    def offer(self, wallets: dict[int, str]) -> "SendForm":
        """The wallets to choose from; one alone is not asked for. Answers itself."""
        self.wallet.choices = [SelectChoice(key, name) for key, name in wallets.items()]
        if len(wallets) == 1:
            self.wallet.data = next(iter(wallets))
        return self


class PayRequestForm(Form):
    """From which wallet a request is paid; its amount stands."""

    wallet = SelectField(_l("From wallet"), coerce=int)
    offer = SendForm.offer


class RequestForm(MessageForm, KeyedForm):
    """What somebody is asked for."""

    currency = SelectField(_l("Currency"))

    def offer(self, currencies: list[str]) -> "RequestForm":
        """The currencies somebody can receive; one alone is not asked for. Answers itself."""
        self.currency.choices = [SelectChoice(each, each) for each in currencies]
        if len(currencies) == 1 or (not self.is_submitted() and not self.currency.data):
            self.currency.data = currencies[0]
        return self


class ReceiveForm(MessageForm):
    """What stands in a code beside its owner, if anything. Asked by GET: it changes nothing."""

    class Meta(MessageForm.Meta):
        csrf = False

    amount = StringField(_l("Amount (optional)"), validators=[Length(max=1000)], render_kw=AS_AMOUNT)
    currency = SelectField(_l("Currency"))
    offer = RequestForm.offer

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))

    def wanted(self, *, language: str) -> Asked:
        """What the code is to carry."""
        money = self.typed(language=language, currency=self.currency.data).money if (self.amount.data or "").strip() else None
        return Asked(money, self.message.data or "")


class QuestionForm(Form):
    text = required(TextAreaField, _l("Your question to the office"), most=1000)


class AnswerForm(Form):
    text = required(TextAreaField, _l("Answer"), most=2000)


class NameForm(Form):
    name = StringField(_l("What you call this wallet"), validators=[Optional(), Length(max=200)], render_kw={"autocomplete": "off"})


class CurrencyForm(Form):
    """A currency out of those that are offered."""

    currency = SelectField(_l("Currency"), choices=[])

    def offer(self, currencies: Iterable[str], chosen: str = "") -> "CurrencyForm":
        """Fill in what can be chosen; answers itself."""
        self.currency.choices = [SelectChoice(each, each) for each in currencies]
        if chosen and not self.is_submitted():
            self.currency.data = chosen
        return self


class StatementForm(Form):
    """What is looked for in statements. Asked by GET: it changes nothing, and what was found has an address."""

    class Meta(Form.Meta):
        csrf = False

    wallet = SelectField(_l("Wallet"), default="", validate_choice=False)
    motive = SelectField(_l("Motive"), default="", validate_choice=False)
    since = DateField(_l("From the day"), validators=[Optional()])
    until = DateField(_l("To the day"), validators=[Optional()])
    least = StringField(_l("From the amount"), validators=[Optional(), Length(max=40)], render_kw=AS_AMOUNT)
    most = StringField(_l("To the amount"), validators=[Optional(), Length(max=40)], render_kw=AS_AMOUNT)
    q = StringField(_l("Text, number or name"), validators=[Optional(), Length(max=200)], render_kw={"autocomplete": "off"})

    def offer(self, wallets: Sequence[tuple[int, str]], motives: Mapping[str, str]) -> "StatementForm":
        """Fill in what can be chosen; answers itself."""
        self.wallet.choices = [SelectChoice("", say(N_("all wallets"))), *(SelectChoice(str(key), name) for key, name in wallets)]
        named = sorted(((key, say(words)) for key, words in motives.items()), key=lambda each: each[1].casefold())
        self.motive.choices = [SelectChoice("", say(N_("everything"))), *(SelectChoice(key, words) for key, words in named)]
        return self

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))

    def sought(self, currencies: Iterable[str], *, language: str, zone: str) -> Sought:
        """What was typed, as statements are asked; a day is the reader's. Raises what reading an amount raises."""

        def amounts(field: StringField) -> dict[str, int] | None:
            typed = (field.data or "").strip()
            read = {each: parse_amount(typed, language=language, currency=each).money.minor for each in currencies} if typed else None
            return read

        known = {choice.value for choice in self.motive.choices}
        motive = self.motive.data if self.motive.data in known else ""
        since, until = (None if each.data is None else min(max(each.data, FIRST), LAST) for each in (self.since, self.until))
        return Sought(
            motive or None,
            None if since is None else midnight(since, zone),
            None if until is None else midnight(until + timedelta(1), zone),
            amounts(self.least),
            amounts(self.most),
            (self.q.data or "").strip(),
        )

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, for addresses that ask the same."""
        return {field.name: str(field.raw_data[0]) for field in self if field.raw_data and field.raw_data[0]}
