"""What the office types about plans: a version's note, from when on it counts, on which days it is tried, what a point is worth, settings."""

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from vps.commissions.actions.versions import LONGEST_NOTE, MOST_BYTES
from vps.company.models import Company, company
from vps.hypermedia.forms import Form, not_the_last_day, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.rates import parse_rate
from vps.kernel.refusals import N_

WHEN = {
    "hand": N_("when the office says so"),
    "green": N_("as soon as an order is green"),
    "week": N_("when a week is over"),
    "month": N_("when a month is over"),
}
"""When commissions are calculated."""


class PlanForm(Form):
    """The document as a whole, and what is new in it. The fields of the plan itself follow from the document."""

    document = TextAreaField(_l("Document"), validators=[Length(max=2 * MOST_BYTES)], render_kw={"rows": 24, "spellcheck": "false"})
    note = StringField(_l("What is different in this version"), validators=[Length(max=4 * LONGEST_NOTE)])


class ForceForm(Form):
    """From when on a version is to count."""

    since = DateField(_l("Counts from this day on"), validators=[InputRequired()])
    alone = BooleanField(_l("Put it into force alone; this stays visible"))


class TrialForm(Form):
    """On which days a version is tried; the last whole month unless somebody says otherwise."""

    first = DateField(_l("First day"), validators=[InputRequired()])
    last = DateField(_l("Last day"), validators=[InputRequired(), not_the_last_day])

    @staticmethod
    def of_last_month(today: date) -> "TrialForm":
        """A form that speaks of the month before a day's."""
        last = today.replace(day=1) - timedelta(days=1)
        return TrialForm(formdata=None, first=last.replace(day=1), last=last)


class PointForm(Form):
    """What a point is worth."""

    currency = SelectField(_l("Currency"))
    rate = required(StringField, _l("Worth of a point"), most=60, render_kw={"inputmode": "decimal", "autocomplete": "off"})
    valid_from = DateField(_l("Valid from"), validators=[InputRequired()])
    valid_to = DateField(_l("Last day, if there is one"), validators=[Optional()])

    def offer(self) -> "PointForm":
        """With the currencies of the company; answers itself."""
        self.currency.choices = [SelectChoice(code, code) for code in company().kept_in]
        return self

    def nano(self, language: str) -> int:
        """Billionths of a major unit. Raises what reading a rate raises."""
        return parse_rate(self.rate.data or "", language)


class CommissionSettingsForm(Form):
    """When commissions are calculated, and how long they stay reserved."""

    commission_when = SelectField(_l("Commissions are calculated"), choices=[SelectChoice(word, _l(words)) for word, words in WHEN.items()])
    withdrawal_days = IntegerField(_l("Days in which a customer may withdraw"), validators=[InputRequired(), NumberRange(1, 366)])
    delivery_days = IntegerField(
        _l("Days of delivery, while nobody says when goods arrived"), validators=[InputRequired(), NumberRange(1, 366)]
    )
    plans_alone = BooleanField(_l("One person alone may put a plan into force"))

    @staticmethod
    def of(ours: Company) -> "CommissionSettingsForm":
        """The form as the settings stand."""
        return CommissionSettingsForm(obj=ours, plans_alone=bool(ours.plans_alone))

    def changes(self) -> dict[str, str | int]:
        """What was typed, as settings."""
        whole: dict[str, Any] = {name: self._fields[name].data for name in ("commission_when", "withdrawal_days", "delivery_days")}
        return whole | {"plans_alone": int(self.plans_alone.data)}
