"""Serbia: the national bank's IPS code for payments in dinars (NBS IPS QR, kind PR), UTF-8."""

from vps.bank.accounts import payee_account
from vps.bank.slips.facts import Line, Slip, asked, cut, filled, whole
from vps.bank.slips.pictures import qr
from vps.kernel.numbers import serbian_reference
from vps.kernel.refusals import N_

CURRENCY = "RSD"
_MOST = 10**16 - 1
_NAME, _TEXT = 70, 35
_CODE = "289"
"""Of the national bank's list: 2 without cash, 89 by order of a citizen. A customer and a partner both pay as such."""


def payload(slip: Slip) -> bytes:
    """Tags and values with bars between them; tags without a value are left out, as the bank demands.

    Raises AccountRefused, TooLongForSlip, OtherCurrency, NeedsAmount, AmountTooLarge.
    """
    minor = asked(slip, CURRENCY, _MOST) or 0
    tags = {
        "K": "PR",
        "V": "01",
        "C": "1",
        "R": account_number(slip.payee.account),
        "N": whole(slip.payee.name, _NAME),
        "I": f"{CURRENCY}{minor // 100},{minor % 100:02}",
        "P": cut(slip.payer_name, _NAME),
        "SF": _CODE,
        "S": cut(slip.text, _TEXT),
        "RO": serbian_reference(slip.reference),
    }
    return "|".join(f"{tag}:{value}" for tag, value in tags.items() if value).encode()


def lines(slip: Slip) -> tuple[Line, ...]:
    """As the form for transfers has them: left column, then right column."""
    number, reference = account_number(slip.payee.account), serbian_reference(slip.reference)
    return filled(
        Line(N_("Payer"), slip.payer_name),
        Line(N_("Purpose of the payment"), slip.text),
        Line(N_("Payee"), slip.payee.name),
        Line(N_("Payment code"), _CODE),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
        Line(N_("Payee's account"), f"{number[:3]}-{number[3:16]}-{number[16:]}"),
        Line(N_("Model"), reference[:2]),
        Line(N_("Reference number"), f"{reference[2:4]}-{reference[4:]}"),
    )


def draw(slip: Slip) -> str:
    return qr(payload(slip))


def account_number(written: str) -> str:
    """The eighteen figures of an account however it is written: '265-1234-88', an IBAN, or figures alone. Raises AccountRefused."""
    return payee_account(written, "RS", allowed=("RS",)).number
