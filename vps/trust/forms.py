"""What the office writes about a case."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from vps.hypermedia.forms import Form, required
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.trust.words import OUTCOMES


class CaseForm(Form):
    number = required(StringField, _l("Partner number"), most=20, render_kw={"inputmode": "numeric", "autocomplete": "off"})


class NoteForm(Form):
    text = required(TextAreaField, _l("Note"), most=2000)


class ClosingForm(Form):
    """How the case ends, and why."""

    outcome = RadioField(_l("Outcome"), validators=[InputRequired()])
    text = required(TextAreaField, _l("Reason"), most=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(key, say(words)) for key, words in OUTCOMES.items()]


class BackForm(Form):
    text = required(TextAreaField, _l("Why not yet"), most=2000)
