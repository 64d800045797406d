"""The upload of a bank statement."""

from flask_wtf.file import FileField, FileRequired

from vps.hypermedia.forms import Form
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.refusals import N_

NO_FILE = N_("Please choose a file.")


class StatementForm(Form):
    file = FileField(
        _l("Bank statement (camt.053, XML or ZIP)"), validators=[FileRequired(message=_l(NO_FILE))], render_kw={"accept": ".xml,.zip"}
    )
