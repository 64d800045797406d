"""What a partner says and shows about himself, and how the office decides about it."""

from datetime import datetime, timedelta

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.refusals import N_
from vps.people.actions import Rule, count_failure, must_not_wait
from vps.trust.identity_words import PAPERS as PAPER_WORDS
from vps.trust.models import CONTRACT, PAPERS
from vps.trust.pictures import NoPicture, developed

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 11}
PHOTO = {"accept": "image/jpeg,image/png,image/webp"}
UPLOADS = Rule("pictures", 10, timedelta(hours=1), timedelta(hours=1))
SHOWN = [SelectChoice(kind, _l(PAPER_WORDS[kind])) for kind in PAPERS if kind != CONTRACT]
"""What a partner can show."""


class SentCodeForm(Form):
    code = required(StringField, _l("Code"), most=40, render_kw=CODE)


class MobileForm(Form):
    number = required(StringField, _l("Mobile number"), most=40, render_kw={"inputmode": "tel", "autocomplete": "tel"})


class AddressForm(Form):
    street = required(StringField, _l("Street and number"), most=80, render_kw={"autocomplete": "address-line1"})
    postcode = StringField(_l("Postcode"), validators=[Optional(), Length(max=80)], render_kw={"autocomplete": "postal-code"})
    city = required(StringField, _l("Town"), most=80, render_kw={"autocomplete": "address-level2"})
    country = required(StringField, _l("Country"), most=80, render_kw={"autocomplete": "country-name"})

    def parts(self) -> tuple[str, str, str, str]:
        """As an action takes them."""
        return (self.street.data, self.postcode.data or "", self.city.data, self.country.data)


class BirthForm(Form):
    birth = DateField(_l("Date of birth"), validators=[InputRequired()], render_kw={"autocomplete": "bday"})


class Pictures:
    """Up to three photos, each a field of its own, so that one sees which side is missing."""

    FIELDS = ("front", "back", "more")

    def developed(self, by: int, at: datetime) -> list[bytes]:
        """The photos, made anew; who sends ten that are none has to wait. Raises NoPicture at the photo's own field, TooManyTries."""
        sent, asked = [(name, getattr(self, name).data) for name in self.FIELDS], [(UPLOADS, str(by))]
        must_not_wait(asked, at)
        found = []
        for name, file in sent:
            try:
                found += [developed(file.read())] if file else []
            except NoPicture as refusal:
                count_failure(asked, at)
                refusal.field = name  # type: ignore[misc]
                raise
        return found


class DocumentForm(Form, Pictures):
    kind = RadioField(_l("Kind of document"), choices=SHOWN, validators=[InputRequired()])
    expires_on = DateField(_l("Valid until"), validators=[InputRequired()])
    front = FileField(_l("Photo of the front"), validators=[FileRequired(message=_l(N_("Please choose a photo.")))], render_kw=PHOTO)
    back = FileField(_l("Photo of the back, if there is something on it"), render_kw=PHOTO)
    more = FileField(_l("One more photo, if it is needed"), render_kw=PHOTO)


class ContractForm(Form, Pictures):
    note = required(TextAreaField, _l("What the contract says: tax number, owners"), most=1600)
    front = FileField(_l("Photo of the first page"), render_kw=PHOTO)
    back = FileField(_l("Photo of the second page"), render_kw=PHOTO)
    more = FileField(_l("Photo of the third page"), render_kw=PHOTO)


class AcceptForm(Form):
    expires_on = DateField(_l("Valid until, as it stands on the document"), validators=[Optional()])


class ReasonForm(Form):
    reason = required(StringField, _l("Reason"), most=200)
