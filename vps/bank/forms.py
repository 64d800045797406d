"""The upload of a bank statement, the code that books it as it was shown, and the amount of a top-up."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from vps.hypermedia.forms import Form
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.security.forms import CodeForm
from vps.wallets.forms import AS_AMOUNT, AmountForm

NO_FILE = N_("Please choose a file.")


class StatementForm(Form):
    file = FileField(
        _l("Bank statement (camt.053, MT940 or 1CClientBankExchange, also in a ZIP)"),
        validators=[FileRequired(message=_l(NO_FILE))],
        render_kw={"accept": ".xml,.zip,.sta,.mt940,.940,.swi,.txt,.csv"},
    )


class BatchForm(CodeForm):
    """A code of the app, and the digest of what the page showed."""

    shown = HiddenField(validators=[Length(max=64)])


class TopUpForm(AmountForm):
    """Asked by GET: it changes nothing, and a slip has an address. Left empty, the payer chooses."""

    class Meta(AmountForm.Meta):
        csrf = False

    amount = StringField(_l("Amount"), validators=[Optional(), Length(max=1000)], render_kw=AS_AMOUNT)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(self.validate(extra_validators))

    def wanted(self, *, language: str, currency: str) -> Money | None:
        """The amount as it was read, or None where nothing was typed."""
        return self.typed(language=language, currency=currency).money if (self.amount.data or "").strip() else None
