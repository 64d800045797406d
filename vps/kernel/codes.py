"""Codes of six digits: made from the pepper and what they are for, so that none is stored; and read as people type them."""

import re

from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused


class NotACode(Refused):
    says = N_("A code has six digits, 0 to 9. Nothing was taken.")
    field = "tan"


def six_digits(*parts: str) -> str:
    """Six digits that only the holder of the pepper can know."""
    return f"{int.from_bytes(keys().keyed(*parts)[:8], 'big') % 10**6:06d}"


def read_code(text: str) -> str:
    """Six ASCII digits; spaces and dashes between them are forgiven, letters and other scripts' digits are not."""
    digits = re.sub(r"[ \u00a0-]", "", text)
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise NotACode
    return digits
