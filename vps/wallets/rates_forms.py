"""Exchange rates as the office types or uploads them; what a file was shown to say is signed into the page that asks for the second press."""

from datetime import date
from fractions import Fraction

from flask_wtf.file import FileField, FileRequired
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from vps.company.actions import checked
from vps.company.models import NewRate, rate_on
from vps.company.rates_file import RatesFile
from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.keys import keys
from vps.kernel.rates import parse_rate, plain_rate
from vps.kernel.refusals import N_, Refused

MOST_RATES = 4_000
"""Rates of one file that a page carries: more than the 90 days of the European Central Bank have."""
_CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 3}


class FarOff(Refused):
    """A slipped point or swapped currencies look like this. Facts: known."""

    says = N_("The rate of that day is %(known)s so far, which is far from it. Tick the box if what you typed is right.")
    field = "sure"


class TooManyRates(Refused):
    """Facts: most."""

    says = N_("There are more than %(most)s new rates in this file. Import it with the command vps rates import.")
    field = "file"


class NotShownRates(Refused):
    """The page was changed on its way."""

    says = N_("These rates were not shown before. Nothing was changed; please upload the file again.")
    status = 409


class RateForm(Form):
    """One rate by hand."""

    base = required(StringField, _l("One unit of"), most=3, render_kw=_CODE)
    quote = required(StringField, _l("is worth, in"), most=3, render_kw=_CODE)
    rate = required(StringField, _l("Rate"), most=60, render_kw={"inputmode": "decimal", "autocomplete": "off"})
    sure = BooleanField(_l("Yes, this rate is right"))
    valid_from = DateField(_l("Valid from"), validators=[InputRequired()])
    valid_to = DateField(_l("Last day, if there is one"), validators=[Optional()])

    def typed(self, language: str) -> NewRate:
        """The rate as it was read. Raises what reading raises, and FarOff until one far from the present rate is confirmed."""
        base, quote = ((field.data or "").strip().upper() for field in (self.base, self.quote))
        rate = checked(NewRate(base, quote, parse_rate(self.rate.data, language), self.valid_from.data, self.valid_to.data))
        known = rate_on(base, quote, rate.valid_from)
        if known and not self.sure.data and not Fraction(9, 10) <= rate.rate / known <= Fraction(11, 10):
            raise FarOff(known=plain_rate(known, language))
        return rate


class RatesFileForm(Form):
    file = FileField(
        _l("CSV file, or eurofxref-daily.xml of the European Central Bank"),
        validators=[FileRequired(message=_l(N_("Please choose a file.")))],
        render_kw={"accept": ".xml,.csv"},
    )


class ShownRatesForm(Form):
    """What the file was shown to say."""

    shown = HiddenField(validators=[Length(min=1, max=250_000)])

    @staticmethod
    def carrying(file: RatesFile, new: tuple[NewRate, ...]) -> "ShownRatesForm":
        """A form that carries the new rates of a file. Raises TooManyRates."""
        if len(new) > MOST_RATES:
            raise TooManyRates(most=MOST_RATES)
        packed = [(*rate[:3], rate.valid_from.isoformat(), rate.valid_to and rate.valid_to.isoformat()) for rate in new]
        return ShownRatesForm(formdata=None, shown=_signer().dumps([file.source, packed]))

    def carried(self) -> RatesFile:
        """What it carries. Raises NotShownRates."""
        try:
            source, packed = _signer().loads(self.shown.data or "")
        except BadSignature as foreign:
            raise NotShownRates from foreign
        return RatesFile(tuple(_unpacked(*row) for row in packed), source)


def _unpacked(base: str, quote: str, nano: int, begins: str, ends: str | None) -> NewRate:
    return NewRate(base, quote, nano, date.fromisoformat(begins), date.fromisoformat(ends) if ends else None)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt="rates")
