"""Forms about standing transfers, and about transfers that are asked back."""

from datetime import date

from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from vps.hypermedia.forms import Form
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.wallets.actions.asked_back import LONGEST_TEXT
from vps.wallets.forms import SendForm
from vps.wallets.models.asked_back import OUTCOMES
from vps.wallets.rhythm import EVERY, LAST, Rhythm


class StandingForm(SendForm):
    """How much, from which wallet, how often and from when on."""

    every = SelectField(_l("How often"), choices=[])
    first_on = DateField(_l("First day"), validators=[InputRequired()])
    month_end = BooleanField(_l("Monthly: always on the last day of the month"))
    last_on = DateField(_l("Until (optional)"), validators=[Optional()])

    def on(self, today: date) -> "StandingForm":
        """The rhythms in words, monthly from today on where nothing was chosen; answers itself."""
        self.every.choices = [SelectChoice(each, say(words)) for each, words in EVERY.items()]
        if not self.is_submitted():
            self.every.data, self.first_on.data = "month", today
        return self

    def rhythm(self) -> Rhythm:
        """What was chosen. Once has no end, and no month."""
        every, first = self.every.data, self.first_on.data
        day = LAST if self.month_end.data else first.day
        return Rhythm(every, first, None if every == "once" else self.last_on.data, day if every == "month" else None)


class AskForm(Form):
    """Why a transfer is asked back, if its sender wants to say."""

    text = StringField(_l("Reason (optional)"), validators=[Length(max=LONGEST_TEXT)], render_kw={"autocomplete": "off"})


class CaseForm(Form):
    """What the office found about a transfer that was asked back."""

    outcome = RadioField(_l("What became of it"), choices=[])
    note = TextAreaField(_l("Note"), validators=[Length(max=1000)])

    def offer(self) -> "CaseForm":
        """The outcomes in words; answers itself."""
        self.outcome.choices = [SelectChoice(each, say(words)) for each, words in OUTCOMES.items()]
        return self
