"""Until when the bank can take money back: a transfer for some banking days, a cheque for more.

Source: the seed, "another 3 days until the payment transfer can not be recalled", "just because a cheque crashed".
"""

import re
from datetime import datetime

from vps.bank.actions.matching import Seen
from vps.bank.days import DAY, bank_days_after
from vps.company.models import company
from vps.kernel.clock import midnight

TRANSFER, CHEQUE = "transfer", "cheque"
# ISO 20022: family and kinds of received cheques. SWIFT: type CHK. Germany: transaction codes of paid-in and returned cheques.
_CODE = re.compile(
    r"(?:^|[^A-Z0-9])(?:RCHQ|CCHQ|CCCH|BCHQ|CRCQ|ORCQ|OPCQ|URCQ|XBCQ|XRCQ|[A-Z]?CHK|CCHK|URCC|0?70|170)(?:$|[^A-Z0-9])", re.IGNORECASE
)
_WORD = re.compile(r"\b(?:cheques?|schecks?|scheckeinreichung|scheckgutschrift|ček(?:om|a|u)?|чек(?:ом|а|у)?)\b", re.IGNORECASE)
_BACK = re.compile(r"(?:^|[^A-Z0-9])(?:RRTN|UPCQ|XPCQ|CQRV|111|183)(?:$|[^A-Z0-9])")
"""The bank's codes for a transfer that is returned and a cheque that is not paid."""


def means_of(seen: Seen, comment: str = "") -> str:
    """How this money came: what the bank's code or text calls a cheque, or the comment of whoever in the office looked, is one."""
    says = f"{seen.text}\n{comment}"
    return CHEQUE if _CODE.search(seen.code) or _WORD.search(says) else TRANSFER


def recallable_until(seen: Seen, means: str) -> datetime:
    """The end of the last banking day on which the bank can take it back, counted from the day on which it booked the line."""
    ours = company()
    days = ours.cheque_days if means == CHEQUE else ours.recall_days
    return midnight(bank_days_after(seen.day, days) + DAY, ours.zone)


def comes_back(seen: Seen) -> bool:
    """Whether a line says of itself that it takes earlier money back."""
    return not seen.amount.is_positive and bool(seen.reason or seen.reversal or _BACK.search(seen.code))
