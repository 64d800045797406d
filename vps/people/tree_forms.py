"""Forms about the tree of sponsors."""

from datetime import date
from typing import Any

from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional

from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l


class MoveForm(Form):
    """To whom somebody is given, from when on and why; no number: to the top."""

    sponsor = StringField(
        _l("New sponsor's number"), validators=[Optional(), Length(max=20)], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )
    since = DateField(_l("From this day on"), validators=[InputRequired()])
    reason = required(StringField, _l("Reason"), most=500)

    def typed(self) -> dict[str, Any]:
        """What was typed, for the action to check."""
        since: date | None = self.since.data
        return {"sponsor": (self.sponsor.data or "").strip(), "since": since, "reason": self.reason.data or ""}


class DepthForm(Form):
    """How deep a partner sees."""

    depth = IntegerField(
        _l("So many levels of his own team a partner sees"), validators=[InputRequired()], render_kw={"inputmode": "numeric"}
    )
