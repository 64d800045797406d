"""The upload of a bank statement, the code that books it as it was shown; what a partner types about top-ups, accounts and pay-outs."""

from datetime import datetime
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from vps.bank.actions import minutes
from vps.bank.models import PAY_FORMATS, Ours, Payee
from vps.bank.words import weekday
from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.cells import WrongCurrency
from vps.kernel.money import Money, is_currency
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_name
from vps.security.forms import CODE, CodeForm
from vps.wallets.forms import AS_AMOUNT, AmountForm, ReversalForm

NO_FILE = N_("Please choose a file.")


class StatementForm(Form):
    file = FileField(
        _l("Bank statement (camt.053, MT940, 1CClientBankExchange or CSV, also in a ZIP)"),
        validators=[FileRequired(message=_l(NO_FILE))],
        render_kw={"accept": ".xml,.zip,.sta,.mt940,.940,.swi,.txt,.csv"},
    )


class BatchForm(CodeForm):
    """A code of the app, and the digest of what the page showed."""

    shown = HiddenField(validators=[Length(max=64)])


class TopUpForm(AmountForm):
    """Asked by GET: it changes nothing, and a slip has an address. Left empty, the payer chooses."""

    class Meta(AmountForm.Meta):
        csrf = False

    amount = StringField(_l("Amount"), validators=[Optional(), Length(max=1000)], render_kw=AS_AMOUNT)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))

    def wanted(self, *, language: str, currency: str) -> Money | None:
        """The amount as it was read, or None where nothing was typed."""
        return self.typed(language=language, currency=currency).money if (self.amount.data or "").strip() else None


class AccountForm(Form):
    """A bank account as its holder types it."""

    account = required(StringField, _l("IBAN or account number"), most=80, render_kw={"autocomplete": "off", "spellcheck": "false"})
    bic = StringField(_l("BIC of the bank"), validators=[Length(max=20)], render_kw={"autocomplete": "off", "spellcheck": "false"})
    holder = required(StringField, _l("Name, as at the bank"), most=200, render_kw={"autocomplete": "off"})

    def named(self) -> str:
        """The holder, cleaned. Raises what cleaning raises."""
        return clean_name(self.holder.data)


class CentForm(Form):
    """The code in the text of a cent."""

    code = required(StringField, _l("Code in the text of the cent"), most=40, render_kw=CODE)


class PayoutForm(AmountForm):
    """How much, and to which of his accounts."""

    payee = RadioField(_l("To this account"), coerce=int, choices=[], validators=[InputRequired()])

    def offer(self, payees: list[Payee], now: datetime) -> "PayoutForm":
        """The accounts that can be used; answers itself."""
        usable = [payee for payee in payees if not payee.rests(now)]
        self.payee.choices = [SelectChoice(payee.id, f"{payee.shown} · {payee.holder}") for payee in usable]
        if usable and self.payee.data is None:
            self.payee.data = usable[0].id
        return self


class RuleForm(PayoutForm):
    """A standing order: what stays in the wallet, and on which day the rest goes out."""

    amount = StringField(_l("What stays in the wallet"), validators=[Length(max=1000)], render_kw=AS_AMOUNT)
    sure = BooleanField(_l("Yes, this amount is right"))
    weekday = SelectField(_l("Day of the week"), coerce=int, choices=[])

    def on(self, weekdays: str) -> "RuleForm":
        """The days of the week on which the company pays out; answers itself."""
        self.weekday.choices = [SelectChoice(int(day), weekday(int(day))) for day in weekdays]
        return self

    def above(self, *, language: str, currency: str) -> Money:
        """The amount as it was read; nothing typed is nothing that stays."""
        typed = (self.amount.data or "").strip()
        return self.typed(language=language, currency=currency).money if typed.strip("0") else Money.zero(currency)


class ReasonForm(Form):
    """Why a pay-out is held, refused or taken out of a file."""

    reason = required(StringField, _l("Reason"), most=150)


class VoidForm(ReasonForm):
    """Why a file never reached the bank, and whether its pay-outs are to be paid all the same."""

    refuse = BooleanField(_l("Refuse its pay-outs: the money goes back to the wallets"))


class FileForm(BatchForm):
    """The code for a file, as it was shown: instant or not."""

    instant = BooleanField(_l("Instant payments"))


class HandForm(Form):
    """A payment made in the bank's own program."""

    number = required(StringField, _l("Number that the bank gave the payment"), most=80)
    day = DateField(_l("Day"), validators=[InputRequired()])


class StatementEndForm(BatchForm):
    """Why a whole statement is taken back."""

    reason = required(StringField, _l("Reason"), most=200)


class PartForm(AmountForm):
    """A part of a line of which the page `shown` how much is unclear."""

    shown = HiddenField(validators=[Regexp(r"(-?[0-9]{1,18})?\Z")])

    def unclear(self) -> int | None:
        """What the page said is unclear, in minor units."""
        return int(self.shown.data) if self.shown.data else None


class ClaimForm(PartForm):
    """What a line is: one of what was offered for it, `asked` what had been typed to find it. Without an amount, all that was offered."""

    kind = HiddenField(validators=[InputRequired(), Length(max=20)])
    target = HiddenField(validators=[InputRequired(), Regexp(r"[0-9]{1,18}\Z")])
    asked = HiddenField(validators=[Length(max=80)])
    amount = StringField(_l("Amount"), validators=[Length(max=1000)], render_kw=AS_AMOUNT)
    comment = StringField(_l("Comment"), validators=[Length(max=200)])

    def target_id(self) -> int:
        """Of whatever kind it is."""
        return int(self.target.data or 0)

    def part(self, language: str, currency: str) -> Money | None:
        """How much of the line, without a sign; None for what was offered. Raises what reading an amount raises."""
        return self.typed(language=language, currency=currency).money if (self.amount.data or "").strip() else None


class BackForm(PartForm):
    """Money that goes back: how much of the line, and to whom if not to the account it came from."""

    amount = StringField(_l("Amount"), validators=[Length(max=1000)], render_kw=AS_AMOUNT)
    holder = StringField(_l("Account holder"), validators=[Length(max=200)])
    account = StringField(_l("IBAN or account number"), validators=[Length(max=60)], render_kw={"autocomplete": "off"})
    bic = StringField(_l("BIC"), validators=[Length(max=20)], render_kw={"autocomplete": "off"})

    def part(self, language: str, currency: str) -> Money | None:
        """How much; None for all that is unclear. Raises what reading an amount raises."""
        return self.typed(language=language, currency=currency).money if (self.amount.data or "").strip() else None


class EndForm(ReversalForm):
    """Why a claim is taken back, and whether also from a wallet that lacks the money."""


class NewAccountForm(Form):
    """An account of the company: what cannot change any more."""

    number = required(StringField, _l("IBAN or account number"), most=60, render_kw={"autocomplete": "off"})
    currency = required(StringField, _l("Currency"), most=3, render_kw={"autocapitalize": "characters", "autocomplete": "off"})
    name = StringField(_l("What you call it"), validators=[Length(max=80)])

    def currency_code(self) -> str:
        """In capitals. Raises WrongCurrency."""
        code = (self.currency.data or "").strip().upper()
        if not is_currency(code):
            raise WrongCurrency
        return code


class NoPayDay(Refused):
    says = N_("Please choose at least one day.")
    field = "day7"


FORMATS = {
    "pain.001.001.09": _l("SEPA credit transfer (pain.001.001.09)"),
    "pain.001.001.03": _l("SEPA credit transfer, older (pain.001.001.03)"),
    "rs": _l("Serbian payment orders"),
    "1c": _l("1C client bank"),
}


class OurAccountForm(Form):
    """What may change about an account of the company."""

    name = StringField(_l("What you call it"), validators=[Length(max=80)])
    bank = StringField(_l("Bank"), validators=[Length(max=80)])
    bic = StringField(_l("BIC"), validators=[Optional(), Length(max=11)], render_kw={"autocapitalize": "characters", "autocomplete": "off"})
    correspondent = StringField(_l("Correspondent account"), validators=[Length(max=40)], render_kw={"autocomplete": "off"})
    pay_format = SelectField(_l("Format of pay-out files"), choices=[SelectChoice(name, FORMATS[name]) for name in PAY_FORMATS])
    instant = BooleanField(_l("Pay out instantly where the bank can"))
    cutoff = required(StringField, _l("Pay-outs reach the bank the same day until"), most=5)
    day1 = BooleanField(_l("Monday"))
    day2 = BooleanField(_l("Tuesday"))
    day3 = BooleanField(_l("Wednesday"))
    day4 = BooleanField(_l("Thursday"))
    day5 = BooleanField(_l("Friday"))
    day6 = BooleanField(_l("Saturday"))
    day7 = BooleanField(_l("Sunday"))
    shown = BooleanField(_l("Partners see it as an account to pay to"))

    @classmethod
    def of(cls, account: Ours) -> "OurAccountForm":
        """The form as the account is now."""
        facts = {name: getattr(account, name) for name in ("name", "bank", "bic", "correspondent", "pay_format", "instant", "shown")}
        days = {f"day{n}": True for n in account.pay_days}
        return cls(**facts, **days, cutoff=f"{account.cutoff // 60:02d}:{account.cutoff % 60:02d}")

    def facts(self) -> dict[str, Any]:
        """As the action takes them. Raises NotATimeOfDay, NoPayDay."""
        days = "".join(str(n) for n in range(1, 8) if self[f"day{n}"].data)
        if not days:
            raise NoPayDay
        typed = {name: self[name].data or "" for name in ("name", "bank", "bic", "correspondent", "pay_format")}
        chosen = {"instant": self.instant.data, "shown": self.shown.data, "pay_days": days}
        return {**typed, **chosen, "cutoff": minutes(self.cutoff.data or "")}
