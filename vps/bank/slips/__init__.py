"""Pay-in slips as four countries know them: what stands in the code, the same as text to copy, and the code as a picture.

Each form is a module that knows its country's rules and nothing of the web: `payload`, `lines`, `draw`.
"""

from vps.bank.slips.facts import (
    AmountTooLarge,
    Line,
    NeedsAmount,
    NeedsBic,
    OtherCurrency,
    Payee,
    Slip,
    TooLongForSlip,
    WrongAccount,
    WrongTaxNumber,
)
from vps.bank.slips.forms import Form, form_of

__all__ = [
    "AmountTooLarge",
    "Form",
    "Line",
    "NeedsAmount",
    "NeedsBic",
    "OtherCurrency",
    "Payee",
    "Slip",
    "TooLongForSlip",
    "WrongAccount",
    "WrongTaxNumber",
    "form_of",
]
