"""SEPA: the EPC's code (EPC069-12, in Germany "GiroCode"), version 002, UTF-8."""

from vps.bank.accounts import PayeeAccount, payee_account
from vps.bank.payfiles.sepa import EEA, SEPA
from vps.bank.slips.facts import Line, NeedsBic, Slip, TooLongForSlip, asked, filled, whole
from vps.bank.slips.pictures import qr
from vps.kernel.numbers import spaced
from vps.kernel.refusals import N_

CURRENCY = "EUR"
_MOST = 999_999_999_99
_NAME, _TEXT = 70, 140
_LONGEST = 331
"""Bytes of a code of version 13 at level M, which is the largest that the EPC allows."""


def payload(slip: Slip) -> bytes:
    """The lines of the code. The amount may be left to the payer; the reference goes before the text, since only one is allowed.

    Raises AccountRefused, NeedsBic, TooLongForSlip, OtherCurrency, NeedsAmount, AmountTooLarge.
    """
    minor = asked(slip, CURRENCY, _MOST, may_be_open=True)
    amount = "" if minor is None else f"{CURRENCY}{minor // 100}.{minor % 100:02}"
    account = _account(slip)
    head = ["BCD", "002", "1", "SCT", account.bic, whole(slip.payee.name, _NAME), account.iban, amount, ""]
    made = "\n".join([*head, *([slip.reference] if slip.reference else ["", whole(slip.text, _TEXT)])]).encode()
    if len(made) > _LONGEST:  # only a long name and a long text together, both in Cyrillic: two bytes a letter
        raise TooLongForSlip(text=slip.text, most=len(slip.text) - (len(made) - _LONGEST + 1) // 2)
    return made


def lines(slip: Slip) -> tuple[Line, ...]:
    """As a transfer is typed into a bank's page."""
    account = _account(slip)
    return filled(
        Line(N_("Payee"), slip.payee.name),
        Line(N_("IBAN"), spaced(account.iban)),
        Line(N_("BIC"), account.bic),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
        Line(N_("Reference"), spaced(slip.reference) if slip.reference else slip.text),
    )


def draw(slip: Slip) -> str:
    return qr(payload(slip))


def _account(slip: Slip) -> PayeeAccount:
    account = payee_account(slip.payee.account, "", allowed=SEPA, bic=slip.payee.bic)
    if not account.bic and account.country not in EEA:
        raise NeedsBic
    return account
