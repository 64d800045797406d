"""Forms about commissions."""

from wtforms import StringField

from vps.hypermedia.forms import Form, required
from vps.hypermedia.lazy import lazy as _l


class MarkForm(Form):
    """Why somebody's commissions are stopped or held back, or no longer are."""

    reason = required(StringField, _l("Reason"), most=200)
