"""Forms: our sentences, the reader's language, and refusals shown at their field with everything typed still there."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from vps.hypermedia.languages import LANGUAGES, say, sentence
from vps.kernel.refusals import N_, Refused

T = TypeVar("T")

LANGUAGE_CHOICES = [SelectChoice(language, name) for language, name in LANGUAGES.items()]
"""All languages, each by its own name."""

MESSAGES = {
    "This field is required.": N_("Please fill this in."),
    "Not a valid choice.": N_("Please choose one of the list."),
    "Not a valid choice": N_("Please choose one of the list."),
    "Invalid Choice: could not coerce": N_("Please choose one of the list."),
    "Invalid Choice: could not coerce.": N_("Please choose one of the list."),
    "Not a valid date value.": N_("Please enter a day, for example 2026-11-20."),
    "Field cannot be longer than %(max)d character.": N_("This is too long."),
    "Not a valid integer value.": N_("Please enter a whole number."),
}
"""What WTForms says, in our words: it speaks no Croatian, and Serbian only in Latin script."""


class Sentences:
    """The translations WTForms asks for."""

    def gettext(self, text: str) -> str:
        return say(MESSAGES.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return say(MESSAGES.get(singular, N_("Please check what you entered here.")))


class Form(FlaskForm):
    """Base of all forms."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Sentences:
            return Sentences()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # Flask-WTF would read JSON as a form, past the check that nothing is sent twice.
            return None if request.is_json else super().wrap_formdata(form, formdata)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal: str | None = None
        self.status = 422

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do it if the form is valid. A refusal is put at its field, or over the form, and None is answered."""
        if not self.validate_on_submit():
            if any(field.errors for field in self if isinstance(field, HiddenField)):
                self.refusal = say(N_("The browser sent something that cannot be understood. Please go back and try again."))
            return None
        try:
            return act()
        except Refused as refusal:
            if refusal.status == 404:
                raise
            self.status = refusal.status
            if refusal.field and refusal.field in self._fields:
                self._fields[refusal.field].errors = [*self._fields[refusal.field].errors, sentence(refusal)]
            else:
                self.refusal = sentence(refusal)
            return None

    def done(self, act: Callable[[], object]) -> bool:
        """As `attempt`, for what answers nothing: whether it was done."""
        return self.attempt(lambda: (act(),)) is not None


class KeyedForm(Form):
    """A form with a key of its own: sent twice, it does what it does once."""

    key = HiddenField(validators=[Length(min=8, max=40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():  # never the key of the row that is changed: that one belongs to the form that made it
            self.key.data = secrets.token_urlsafe(12)


class Choice(Form):
    """A form that only presses a button."""


def not_the_last_day(form: Any, field: Any) -> None:
    """A validator: the calendar has a day after this one, where the period ends that it is the last day of."""
    if field.data == date.max:
        raise ValidationError(say(MESSAGES["Not a valid date value."]))


def required(field: type[Any], label: Any, *more: Any, most: int = 200, **options: Any) -> Any:
    """A field that must be filled in, with a length nobody needs to exceed."""
    return field(label, validators=[InputRequired(), Length(max=most), *more], **options)
