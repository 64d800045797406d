"""Forms about taxes: a partner's details, the company's terms and rules."""

from typing import Any

from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from vps.commissions.actions.taxes import TaxDetails, read_details
from vps.commissions.models import TaxProfile
from vps.commissions.models.taxes import NONE, RULES, SMALL, VAT, WITHHOLDING
from vps.commissions.taxes import GROSS, NET, RATES
from vps.company.models import company
from vps.hypermedia.formats import territory
from vps.hypermedia.forms import Form, required
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.refusals import N_

KINDS = {
    NONE: N_("I charge no VAT and have no business registered"),
    SMALL: N_("Small business, exempt from VAT"),
    VAT: N_("Business that charges VAT"),
}
"""What a partner can be, as he is asked."""
CALLED = {NONE: N_("No business"), SMALL: N_("Small business"), VAT: N_("Charges VAT")}
"""The same in lists."""
WHAT = {VAT: N_("General rate of VAT"), WITHHOLDING: N_("Tax withheld from commissions")}
MODES = {GROSS: N_("gross: the VAT is contained in what is credited"), NET: N_("net: the VAT comes on top and is credited, too")}
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def countries(language: str, present: str = "") -> list[SelectChoice]:
    """Where partners can be: wherever the company pays to, and where it knows a rate; by name."""
    codes = {*company().payout_countries.split(), *RATES, *([present] if present else [])}
    named = sorted((territory(code, language).casefold(), code) for code in codes)
    return [SelectChoice(code, territory(code, language)) for _, code in named]


class TaxForm(Form):
    """A partner's own details."""

    country = SelectField(_l("Country"))
    kind = RadioField(_l("Kind of business"), choices=[SelectChoice(kind, _l(words)) for kind, words in KINDS.items()])
    number = StringField(_l("Tax number"), validators=[Length(max=40)], render_kw=_PLAIN)
    vat_id = StringField(_l("VAT identification number"), validators=[Length(max=20)], render_kw=_PLAIN)
    address = required(TextAreaField, _l("Address on commission notes"), most=400, render_kw={"rows": 4, "autocomplete": "street-address"})

    @classmethod
    def of(cls, profile: TaxProfile | None, address: str, language: str) -> "TaxForm":
        """With what counts so far; `address` where nothing was said yet."""
        if profile:
            return cls(obj=profile).offer(language)
        return cls(country=company().country or "DE", kind=NONE, address=address).offer(language)

    def offer(self, language: str) -> "TaxForm":
        self.country.choices = countries(language)
        return self

    def details(self) -> TaxDetails:
        """What was typed. Raises what `read_details` raises."""
        typed = (field.data or "" for field in (self.country, self.kind, self.number, self.vat_id, self.address))
        return read_details(*typed)


class OfficeTaxForm(TaxForm):
    reason = required(StringField, _l("Reason"), most=200)


class TermsForm(Form):
    """Where the company is taxed, and what a commission is."""

    country = SelectField(_l("Country in which the company is taxed"))
    mode = RadioField(_l("Commissions are agreed"), choices=[SelectChoice(mode, _l(words)) for mode, words in MODES.items()])

    def offer(self, language: str) -> "TermsForm":
        self.country.choices = countries(language, self.country.data or "")
        return self


class TaxRuleForm(Form):
    """A rate from a day on."""

    country = SelectField(_l("Country"))
    what = SelectField(_l("What it is"), choices=[SelectChoice(what, _l(WHAT[what])) for what in RULES])
    kind = SelectField(_l("For whom"), choices=[SelectChoice(kind, _l(words)) for kind, words in CALLED.items()])
    name = StringField(_l("What it is called there"), validators=[Length(max=60)], render_kw=_PLAIN)
    percent = required(StringField, _l("Rate in percent"), most=20, render_kw={"inputmode": "decimal", "autocomplete": "off"})
    since = DateField(_l("From which day on"), validators=[InputRequired()])

    def offer(self, language: str) -> "TaxRuleForm":
        self.country.choices = countries(language)
        return self


def called(kind: str) -> str:
    """A kind of partner in a list."""
    return say(CALLED[kind])


def words() -> dict[str, Any]:
    """What the pages of taxes speak with."""
    return {"called": called, "what": lambda what: say(WHAT[what])}
