"""Forms of the office about wallets: kinds, rules, one wallet, transfers, plans for debts."""

from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from vps.company.models import company
from vps.hypermedia.forms import Form, KeyedForm, required
from vps.hypermedia.languages import LANGUAGES, say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import parse_amount, written
from vps.kernel.money import Money
from vps.kernel.rates import NANO, RateOfZero, parse_rate, plain_rate
from vps.kernel.refusals import N_, Refused
from vps.wallets.actions import KindFacts, end_of
from vps.wallets.desk_words import OURS, WHOSE, kind_names
from vps.wallets.forms import AS_AMOUNT, AmountForm, CouldMean
from vps.wallets.models import MAIN, Rule, WalletKind

NAMED = tuple(language for language in LANGUAGES if language != "sr_Latn")
"""The languages a kind is named in; the sixth follows from the fifth."""
LONGEST = 40


class PercentTooFine(Refused):
    says = N_("Please write the percentage with two decimals at the most.")
    field = "percent"


class Amounts(Form):
    """A form with several amounts as the reader writes them, and one tick for those that elsewhere would be others."""

    sure = BooleanField(_l("Yes, these amounts are right"))

    def minor(self, name: str, *, language: str, currency: str, empty: int | None) -> int | None:
        """The minor units of one field, `empty` where nothing or nought was typed. What is wrong is said at it."""
        typed = (self._fields[name].data or "").strip()
        if not typed.strip("0.,"):
            return empty
        try:
            found = parse_amount(typed, language=language, currency=currency)
            if found.could_mean is not None and not self.sure.data:
                raise CouldMean(amount=found.money, other=found.could_mean)
        except Refused as refusal:
            refusal.field = self._at(name, refusal)  # type: ignore[misc]
            raise
        return found.money.minor

    def _at(self, name: str, refusal: Refused) -> str:
        return "sure" if isinstance(refusal, CouldMean) else name


def _amount(label: str) -> StringField:
    return StringField(_l(label), validators=[Length(max=1000)], render_kw=AS_AMOUNT)


class KindForm(Amounts):
    """What is decided about a kind of wallet; its code only while it is new."""

    code = StringField(_l("Short word"), validators=[Length(max=LONGEST)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=LONGEST)])
    name_de = StringField(_l("Name in German"), validators=[Length(max=LONGEST)])
    name_ru = StringField(_l("Name in Russian"), validators=[Length(max=LONGEST)])
    name_hr = StringField(_l("Name in Croatian"), validators=[Length(max=LONGEST)])
    name_sr = StringField(_l("Name in Serbian"), validators=[Length(max=LONGEST)])
    pays = BooleanField(_l("Pays orders"))
    paid_out = BooleanField(_l("Is paid out"))
    sends = BooleanField(_l("Sends"))
    receives = BooleanField(_l("Receives"))
    commission = BooleanField(_l("Receives commissions"))
    floor = _amount(N_("May fall so far below zero"))
    position = IntegerField(_l("Place in the list"), default=1, validators=[InputRequired(), NumberRange(0, 1000)])

    @classmethod
    def of(cls, kind: WalletKind, language: str) -> "KindForm":
        """The form as the kind stands."""
        names = {f"name_{each}": kind.named.get(each, "") for each in NAMED}
        may = {right: getattr(kind, right) for right in ("pays", "paid_out", "sends", "receives", "commission")}
        floor = written(Money(-kind.floor, company().currency), language) if kind.floor else ""
        return cls(**names, **may, floor=floor, position=kind.position)

    def facts(self, language: str) -> KindFacts:
        """What was typed. Raises what reading an amount raises."""
        floor = self.minor("floor", language=language, currency=company().currency, empty=0) or 0
        may = self.pays.data, self.paid_out.data, self.sends.data, self.receives.data, self.commission.data
        return KindFacts({each: self._fields[f"name_{each}"].data or "" for each in NAMED}, *may, -floor, self.position.data)


class RuleForm(Amounts):
    """A rule for transfers."""

    kind = SelectField(_l("Kind of wallet"), default=MAIN)
    whose = SelectField(_l("Transfers"), default="partner")
    currency = SelectField(_l("Currency"))
    least = _amount(N_("Smallest amount"))
    most = _amount(N_("Largest amount"))
    multiple = _amount(N_("Only multiples of"))
    fee = _amount(N_("Fee"))
    percent = StringField(_l("Fee in percent"), validators=[Length(max=LONGEST)], render_kw=AS_AMOUNT)
    on_top = BooleanField(_l("The fee comes on top of the amount"), default=True)

    def offer(self) -> "RuleForm":
        """With what can be chosen."""
        self.kind.choices = list(kind_names().items())
        self.whose.choices = [(word, say(words)) for word, words in WHOSE.items()]
        self.currency.choices = [(code, code) for code in company().kept_in]
        return self

    def rule(self, language: str) -> Rule:
        """What was typed; what was left empty does not matter. Raises what reading amounts raises, PercentTooFine."""
        reads: dict[str, Any] = {"language": language, "currency": self.currency.data}
        least, multiple = (self.minor(name, **reads, empty=1) or 1 for name in ("least", "multiple"))
        most, fee = self.minor("most", **reads, empty=None), self.minor("fee", **reads, empty=0) or 0
        return Rule(least, most, multiple, fee, basis_points(self.percent.data or "", language), bool(self.on_top.data))


def basis_points(typed: str, language: str) -> int:
    """A percentage as people type it, with its sign or without, with at most two decimals; nothing is none. What is wrong is said at the field `percent`."""
    typed = typed.strip().removesuffix("%").rstrip()
    if not typed:
        return 0
    try:
        points, over = divmod(parse_rate(typed, language) * 100, NANO)
    except RateOfZero:
        return 0
    except Refused as refusal:
        refusal.field = "percent"  # type: ignore[misc]
        raise
    if over:
        raise PercentTooFine
    return points


def percentage(rule: Rule, language: str) -> str:
    """The fee of a rule in percent, as the reader writes it."""
    from fractions import Fraction

    return plain_rate(Fraction(rule.fee_bp, 100), language)


class WalletForm(Form):
    """Another wallet for a partner."""

    kind = SelectField(_l("Kind of wallet"))
    currency = SelectField(_l("Currency"))

    def offer(self, kinds: dict[str, str]) -> "WalletForm":
        """With what can be chosen."""
        self.kind.choices = list(kinds.items())
        self.currency.choices = [(code, code) for code in company().kept_in]
        return self


class WhyForm(Form):
    reason = required(StringField, _l("Reason"), most=200)


class DecisionForm(Form):
    """What a colleague answers: for a refusal he says why; `expected` is what was shown to arrive."""

    reason = StringField(_l("Reason"), validators=[Length(max=200)])
    expected = HiddenField(validators=[Length(max=LONGEST)])


class UndoForm(KeyedForm):
    """The reversal of a transfer."""

    reason = required(StringField, _l("Reason"), most=200)
    as_debt = BooleanField(_l("Reverse it even though money is missing; the rest becomes a visible debt"))


class OfficeTransferForm(AmountForm, KeyedForm):
    """A transfer by the office: both ends, the amount, and why."""

    debit = SelectField(_l("From"), default="wallet")
    debit_number = StringField(_l("Partner number"), validators=[Length(max=20)])
    debit_kind = SelectField(_l("Kind of wallet"), default=MAIN)
    currency = SelectField(_l("Currency"))
    credit = SelectField(_l("To"), default="wallet")
    credit_number = StringField(_l("Partner number"), validators=[Length(max=20)])
    credit_kind = SelectField(_l("Kind of wallet"), default=MAIN)
    into = SelectField(_l("Currency of the wallet it goes to"), default="")
    reason = required(StringField, _l("Reason"), most=200)
    expected = HiddenField(validators=[Length(max=LONGEST)])

    def offer(self) -> "OfficeTransferForm":
        """With what can be chosen."""
        kinds = list(kind_names().items())
        for end, kind in ((self.debit, self.debit_kind), (self.credit, self.credit_kind)):
            end.choices = [("wallet", say(N_("A partner's wallet"))), *((word, say(words)) for word, words in OURS.items())]
            kind.choices = kinds
        self.currency.choices = [(code, code) for code in company().kept_in]
        self.into.choices = [("", say(N_("The same"))), *((code, code) for code in company().kept_in)]
        return self

    def ends(self) -> tuple[int, int]:
        """The ledger accounts of both ends. Raises NoSuchWallet, NoSuchCurrency."""
        number, other = ((field.data or "").strip() for field in (self.debit_number, self.credit_number))
        debit = end_of(self.debit.data, number, self.debit_kind.data, self.currency.data, field="debit_number")
        into = self.into.data or self.currency.data
        return debit, end_of(self.credit.data, other, self.credit_kind.data, into, field="credit_number")


class PlanForm(AmountForm):
    """How a debt is to be repaid."""

    amount = required(StringField, _l("Instalment"), most=1000, render_kw=AS_AMOUNT)
    day = IntegerField(_l("Day of the month"), validators=[InputRequired()])
    text = StringField(_l("What was agreed"), validators=[Optional(), Length(max=200)])
