"""Codes that people scan or type in place of a number: they are made with the pepper, so nobody can guess one or count through them."""

import hmac
import re
from typing import NamedTuple

from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.kernel.numbers import is_partner_number

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's alphabet: what looks alike is one letter."""
_LOOK_ALIKES = str.maketrans("OIL", "011")
_LONG = 10
"""Fifty bits: no guess in a lifetime, and still typed by hand."""
_PERSON = re.compile(f"([0-9]{{3,18}})([{_LETTERS}]{{{_LONG}}})")
_REQUEST = re.compile(f"R([0-9]{{1,18}})([{_LETTERS}]{{{_LONG}}})")


class Asked(NamedTuple):
    """What a code to be scanned may carry besides who is to get something; signed, so that it is as it was shown."""

    amount: Money | None = None
    message: str = ""


def code_of(number: str) -> str:
    """The code of who has this partner number, as it is printed: '20471-K7QF9-M2X4B'."""
    return _printed(number, _mac("receive", number))


def number_in(code: str) -> str | None:
    """The partner number in a code that we made, however it was typed; None for any other."""
    found = _PERSON.fullmatch(_bare(code))
    if not found or not is_partner_number(found[1]) or not hmac.compare_digest(found[2], _mac("receive", found[1])):
        return None
    return found[1]


def request_code(key: int) -> str:
    """The code of a payment request that anybody may pay who has it: 'R12-K7QF9-M2X4B'."""
    return _printed(f"R{key}", _mac("request", str(key)))


def request_in(code: str) -> int | None:
    """The id of the request in a code that we made, or None."""
    found = _REQUEST.fullmatch(_bare(code))
    return int(found[1]) if found and hmac.compare_digest(found[2], _mac("request", str(int(found[1])))) else None


def signature(number: str, asked: Asked) -> str:
    """What binds an amount and a message to the code that is shown with them."""
    return _mac("asked", number, str(asked.amount or ""), asked.message)


def is_signed(number: str, asked: Asked, sign: str) -> bool:
    """Whether this amount and message were shown with this person's code."""
    return hmac.compare_digest(signature(number, asked).encode(), sign.encode())


def _bare(code: str) -> str:
    # ASCII only: upper() makes one letter of several signs, and two of one.
    typed = re.sub(r"[\s-]", "", code[:60])
    return _with_look_alikes(typed.upper()) if typed.isascii() else ""


def _with_look_alikes(bare: str) -> str:
    return bare.translate(_LOOK_ALIKES)


def _printed(name: str, mac: str) -> str:
    return f"{name}-{mac[:5]}-{mac[5:]}"


def _mac(*parts: str) -> str:
    made = int.from_bytes(keys().keyed(*parts)[:8], "big")
    return "".join(_LETTERS[made >> 5 * place & 31] for place in range(_LONG))
