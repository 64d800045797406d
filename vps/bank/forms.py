"""The upload of a bank statement, and the code that books it as it was shown."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import Length

from vps.hypermedia.forms import Form
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.refusals import N_
from vps.security.forms import CodeForm

NO_FILE = N_("Please choose a file.")


class StatementForm(Form):
    file = FileField(
        _l("Bank statement (camt.053, XML or ZIP)"), validators=[FileRequired(message=_l(NO_FILE))], render_kw={"accept": ".xml,.zip"}
    )


class BatchForm(CodeForm):
    """A code of the app, and the digest of what the page showed."""

    shown = HiddenField(validators=[Length(max=64)])
