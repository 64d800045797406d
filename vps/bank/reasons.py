"""Why a bank sent a payment back or recalled it: the codes of ISO 20022 in sentences for whoever was to get or had sent the money."""

import re
from typing import Final

from vps.kernel.refusals import N_

_CODE: Final = re.compile("[A-Z]{2}[0-9]{2}|[A-Z]{4}")
UNKNOWN: Final = N_("The bank gave the reason %(code)s.")

_LATE: Final = N_("The bank could not be reached in time.")
_DUPLICATE: Final = N_("The same payment had already been sent once before.")

_REASONS: Final = {
    **dict.fromkeys(("AB05", "AB06", "AB07", "AB08", "AB09", "AB10", "TM01"), _LATE),
    "AC01": N_("The account number is wrong."),
    "AC03": N_("The payee's account number is wrong."),
    "AC04": N_("The account has been closed."),
    "AC06": N_("The account is blocked."),
    "AG01": N_("This kind of account takes no such payments."),
    "AG02": N_("The bank does not know this kind of payment."),
    "AGNT": N_("The payment names the wrong bank."),
    "AM02": N_("The amount is higher than the bank allows."),
    "AM04": N_("There was not enough money on the account."),
    "AM05": _DUPLICATE,
    "AM09": N_("The amount was not the agreed one."),
    "ARDT": N_("The payment had already been sent back."),
    "BE01": N_("The name does not belong to the account number."),
    "BE04": N_("The payee's address is missing."),
    "BE05": N_("The bank does not know who ordered the payment."),
    "CNOR": N_("The payee's bank takes no part in this kind of payment."),
    "CURR": N_("The payment was made in the wrong currency."),
    "CUST": N_("The payer asked for the money back."),
    "DNOR": N_("The payer's bank takes no part in this kind of payment."),
    "DUPL": _DUPLICATE,
    "ED05": N_("The banks could not settle the payment between them."),
    "FF01": N_("The bank could not read the order for this payment."),
    "FOCR": N_("The money came back because it had been recalled."),
    "FRAD": N_("The payment was recalled because fraud is suspected."),
    "LEGL": N_("The law does not let the bank do it."),
    "MD01": N_("There was no permission to collect the money."),
    "MD06": N_("The account holder asked for the money back."),
    "MD07": N_("The account holder has died."),
    "MS02": N_("The account holder refused the payment and gave no reason."),
    "MS03": N_("The bank gave no reason."),
    "NARR": N_("The bank described the reason in its own words."),
    "NOAS": N_("The payee did not answer the bank."),
    "NOOR": N_("The bank never received the payment."),
    "RC01": N_("The bank's code (BIC) is wrong."),
    "RR01": N_("The payer's account or identification is missing."),
    "RR02": N_("The payer's name or address is missing."),
    "RR03": N_("The payee's name or address is missing."),
    "RR04": N_("The bank's legal duties do not allow this payment."),
    "SL01": N_("The account holder has agreed limits for such payments with the bank."),
    "SVNR": N_("What was paid for was not delivered."),
    "TECH": N_("The payment was sent by a technical fault."),
    "UPAY": N_("The payment was not due."),
}


def reason(code: str) -> str:
    """The sentence for a code, to be said with `code=code`: one we do not know says the code itself."""
    return _REASONS.get(code.strip().upper(), UNKNOWN)


def coded(text: str) -> str | None:
    """The sentence for a reason that is nothing but a bank's code; None for one in somebody's own words."""
    return reason(text) if _CODE.fullmatch(text) else None
