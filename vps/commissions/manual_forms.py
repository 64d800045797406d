"""Forms about manual provisions: one that is typed, a file of many, and taking one back."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from vps.bank.forms import NO_FILE
from vps.commissions.actions.manual_lines import LONGEST, Given, one_provision
from vps.commissions.models.manual_lists import receiving
from vps.company.models import company
from vps.hypermedia.forms import Form, KeyedForm, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.authorisation import Actor
from vps.wallets.desk_words import kind_names
from vps.wallets.forms import AmountForm, ReversalForm
from vps.wallets.models import MAIN


class ProvisionForm(AmountForm, KeyedForm):
    """One provision: to whom, how much, into which wallet, and for what."""

    number = required(StringField, _l("Partner number"), most=20, render_kw={"inputmode": "numeric", "autocomplete": "off"})
    currency = SelectField(_l("Currency"))
    kind = SelectField(_l("Kind of wallet"), default=MAIN)
    text = required(StringField, _l("What it is for"), most=4 * LONGEST)

    def offer(self) -> "ProvisionForm":
        """With what can be chosen."""
        names = kind_names()
        self.kind.choices = [(code, names[code]) for code in receiving()]
        self.currency.choices = [(code, code) for code in company().kept_in]
        return self

    def given(self, language: str, actor: Actor) -> Given:
        """What was typed, checked. Raises what reading an amount and `one_provision` raise."""
        amount = self.typed(language=language, currency=self.currency.data).money
        return one_provision((self.number.data or "").strip(), amount, kind=self.kind.data, text=self.text.data, actor=actor)


class ProvisionFileForm(Form):
    file: Any = FileField(_l("CSV file"), validators=[FileRequired(message=_l(NO_FILE))], render_kw={"accept": ".csv"})


class BackForm(ReversalForm):
    """Which of a partner's wallets it is taken back from, and why."""

    kind = HiddenField(validators=[InputRequired(), Length(max=40)])
    currency = HiddenField(validators=[InputRequired(), Length(max=3)])
