"""SEPA: the EPC's code (EPC069-12, in Germany "GiroCode"), version 002, UTF-8."""

import re

from vps.bank.slips.facts import Line, NeedsBic, Slip, TooLongForSlip, WrongAccount, WrongBic, asked, filled, grouped, whole
from vps.bank.slips.pictures import qr
from vps.kernel.numbers import is_iban, spaced
from vps.kernel.refusals import N_

CURRENCY = "EUR"
_MOST = 999_999_999_99
_NAME, _TEXT = 70, 140
_LONGEST = 331
"""Bytes of a code of version 13 at level M, which is the largest that the EPC allows."""
_BIC = re.compile("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_EEA = re.compile("AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK")
"""Into these countries the IBAN alone is enough; everywhere else in SEPA the BIC is asked for, too."""


def payload(slip: Slip) -> bytes:
    """The lines of the code. The amount may be left to the payer; the reference goes before the text, since only one is allowed.

    Raises WrongAccount, WrongBic, NeedsBic, TooLongForSlip, OtherCurrency, NeedsAmount, AmountTooLarge.
    """
    minor = asked(slip, CURRENCY, _MOST, may_be_open=True)
    amount = "" if minor is None else f"{CURRENCY}{minor // 100}.{minor % 100:02}"
    head = ["BCD", "002", "1", "SCT", _bic(slip), whole(slip.payee.name, _NAME), _account(slip), amount, ""]
    made = "\n".join([*head, *([slip.reference] if slip.reference else ["", whole(slip.text, _TEXT)])]).encode()
    if len(made) > _LONGEST:  # only a long name and a long text together, both in Cyrillic: two bytes a letter
        raise TooLongForSlip(text=slip.text, most=len(slip.text) - (len(made) - _LONGEST + 1) // 2)
    return made


def lines(slip: Slip) -> tuple[Line, ...]:
    """As a transfer is typed into a bank's page."""
    return filled(
        Line(N_("Payee"), slip.payee.name),
        Line(N_("IBAN"), grouped(_account(slip))),
        Line(N_("BIC"), _bic(slip)),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
        Line(N_("Reference"), spaced(slip.reference) if slip.reference else slip.text),
    )


def draw(slip: Slip) -> str:
    return qr(payload(slip))


def _account(slip: Slip) -> str:
    if not is_iban(slip.payee.account):
        raise WrongAccount(account=slip.payee.account)
    return "".join(char for char in slip.payee.account.upper() if char.isalnum())


def _bic(slip: Slip) -> str:
    bic = slip.payee.bic
    if bic and not _BIC.fullmatch(bic):
        raise WrongBic(bic=bic)
    if not bic and not _EEA.match(_account(slip)):
        raise NeedsBic
    return bic
