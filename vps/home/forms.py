"""What is looked for in the trail and in discovery, and what a dossier and a legal hold are asked for."""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from vps.home.trail import kinds
from vps.hypermedia.forms import Form, not_the_last_day, required
from vps.hypermedia.languages import reader, say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.clock import midnight
from vps.kernel.database import one
from vps.kernel.numbers import order_id
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import identity
from vps.ledger.actions import Sought

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
"""Days beyond these are slips of the finger."""


class NobodyDidIt(Refused):
    """Facts: name."""

    says = N_("There is nobody of this name or number: %(name)s")
    field = "who"


class AboutNobody(NobodyDidIt):
    field = "about"


class NoSuchOrder(Refused):
    """Facts: number."""

    says = N_("This is not the number of an order: %(number)s")
    field = "order"


class OneOfTheTwo(Refused):
    says = N_("No line is about a person and an order at once. Please leave one of the two empty.")
    field = "order"


class NotThatDay(Refused):
    says = N_("Please enter a day, for example 2026-11-20.")
    field = "day"


class TrailForm(Form):
    """Asked by GET: it changes nothing, and what was found has an address."""

    class Meta(Form.Meta):
        csrf = False

    who = StringField(_l("Who did it"), validators=[Optional(), Length(max=320)], render_kw={"autocapitalize": "none"})
    about = StringField(_l("About whom"), validators=[Optional(), Length(max=320)], render_kw={"autocapitalize": "none"})
    order = StringField(_l("About which order"), validators=[Optional(), Length(max=20)], render_kw={"inputmode": "numeric"})
    what = SelectField(_l("What happened"), default="")
    day = DateField(_l("On which day"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what.choices = [("", say(N_("everything"))), *kinds()]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))

    def sought(self) -> Sought:
        """What was asked for, as the trail is asked. A day is the reader's."""
        who, about, order = ((field.data or "").strip() for field in (self.who, self.about, self.order))
        if about and order:
            raise OneOfTheTwo
        if order and order_id(order) is None:
            raise NoSuchOrder(number=order)
        subject = f"order:{order}" if order else f"person:{_person(about, AboutNobody)}" if about else ""
        found = Sought(_person(who, NobodyDidIt) if who else None, subject, self.what.data or "")
        if self.day.data is None:
            return found
        if not FIRST <= self.day.data <= LAST:
            raise NotThatDay
        begins, ends = (midnight(self.day.data + timedelta(days), reader().zone) for days in (0, 1))
        return found._replace(since=begins, until=ends)


class DiscoveryForm(Form):
    """Asked by GET, as the trail is."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(
        _l("Whom or what do you look for"), validators=[Length(max=200)], render_kw={"autocapitalize": "none", "type": "search"}
    )

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))


class DossierForm(Form):
    """A period, of which either end may be left open, and why."""

    from_day = DateField(_l("First day"), validators=[Optional()])
    to_day = DateField(_l("Last day"), validators=[Optional(), not_the_last_day])
    reason = required(StringField, _l("Reason"), most=500)


class HoldForm(Form):
    """Whose file it is, and why."""

    file_number = required(StringField, _l("File number"), most=80)
    reason = required(StringField, _l("Reason"), most=500)


class HoldEndForm(Form):
    """Why nothing has to be kept any more."""

    reason = required(StringField, _l("Reason for the end"), most=500)


def _person(typed: str, refusal: type[NobodyDidIt]) -> int:
    name = identity(typed)
    row = one("SELECT id FROM person WHERE username = ? OR number = ?", name, name)
    if row is None:
        raise refusal(name=typed)
    return int(row[0])
