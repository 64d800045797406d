"""Russia: the code of GOST R 56042-2014 in UTF-8 (ST00012)."""

from stdnum.ru import inn

from vps.bank.accounts import is_russian, payee_account
from vps.bank.slips.facts import Line, Slip, WrongAccount, WrongTaxNumber, asked, cut, filled, whole
from vps.bank.slips.pictures import qr
from vps.kernel.refusals import N_

CURRENCY = "RUB"
_MOST = 10**18 - 1
_NAME, _BANK, _PURPOSE = 160, 45, 210


def payload(slip: Slip) -> bytes:
    """Names and values with bars between them; the sum, when there is one, in kopecks. Our reference ends the purpose.

    Raises AccountRefused, WrongAccount, WrongTaxNumber, TooLongForSlip, OtherCurrency, NeedsAmount, AmountTooLarge.
    """
    payee, minor = slip.payee, asked(slip, CURRENCY, _MOST, may_be_open=True)
    fields = {
        "Name": whole(payee.name, _NAME),
        "PersonalAcc": _account(slip),
        "BankName": cut(payee.bank, _BANK),
        "BIC": payee.bic,
        "CorrespAcc": _correspondent(slip),
        "PayeeINN": _tax_number(slip),
        "Purpose": _purpose(slip),
        "Sum": "" if minor is None else str(minor),
    }
    return "|".join(["ST00012", *(f"{name}={value}" for name, value in fields.items() if value)]).encode()


def lines(slip: Slip) -> tuple[Line, ...]:
    """From the top of the form PD-4 to its bottom."""
    payee = slip.payee
    return filled(
        Line(N_("Payee"), payee.name),
        Line(N_("Tax number of the payee"), _tax_number(slip)),
        Line(N_("Payee's account"), _account(slip)),
        Line(N_("Bank"), payee.bank),
        Line(N_("BIC"), payee.bic),
        Line(N_("Correspondent account"), payee.correspondent),
        Line(N_("Purpose of the payment"), _purpose(slip)),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
    )


def draw(slip: Slip) -> str:
    return qr(payload(slip))


def _purpose(slip: Slip) -> str:
    return f"{cut(slip.text, _PURPOSE - len(slip.reference) - 1)} {slip.reference}".strip()


def _account(slip: Slip) -> str:
    """The account, its key checked against the bank's code: one of them mistyped would send the money elsewhere."""
    return payee_account(slip.payee.account, "RU", allowed=("RU",), bic=slip.payee.bic).number


def _correspondent(slip: Slip) -> str:
    """The bank's account at the central bank; offices of that bank have none, and the standard wants a 0 there."""
    account, bic = slip.payee.correspondent, slip.payee.bic
    # It ends as the bank's code does, and its key is the one of the central bank's own office.
    if account and not (account[-3:] == bic[-3:] and is_russian(account, f"{bic[:6]}000")):
        raise WrongAccount(account=account)
    return account or "0"


def _tax_number(slip: Slip) -> str:
    number = slip.payee.tax_number
    if number and not inn.is_valid(number):
        raise WrongTaxNumber(number=number)
    return number
