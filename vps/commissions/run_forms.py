"""Forms about runs."""

from wtforms import DateField, StringField
from wtforms.validators import InputRequired

from vps.hypermedia.forms import Form, not_the_last_day, required
from vps.hypermedia.lazy import lazy as _l


class PeriodForm(Form):
    """The first and the last day of a period."""

    since = DateField(_l("First day"), validators=[InputRequired()])
    until = DateField(_l("Last day"), validators=[InputRequired(), not_the_last_day])


class DiscardForm(Form):
    """Why a run is discarded."""

    reason = required(StringField, _l("Reason"), most=150)
