"""Numbers that people read, say and type: partners, orders, top-up references, IBANs. All check digits are ISO 7064 mod 97-10."""

import re

from stdnum import iban, iso11649
from stdnum.iso7064 import mod_97_10

_FIRST_ORDER = 1000
_LONGEST_REFERENCE = 21
"""ISO 11649: at most 21 characters after 'RF' and its two check digits."""

_LOOK_ALIKES = str.maketrans("OILS", "0115")
_FIGURES = frozenset("0123456789OILS")
_RUN = re.compile("[0-9OILS]*")
_PARTNER = re.compile("[1-9][0-9]{2,17}")
_WRITTEN_IBAN = re.compile("[A-Za-z0-9 .\N{NO-BREAK SPACE}-]{5,60}")
_ORDER = re.compile("[1-9][0-9]{3,17}")


def partner_number(sequence: int) -> str:
    """The number of the `sequence`-th partner: its digits and two check digits, so that one wrong or two swapped digits are noticed."""
    assert sequence > 0, "partners are counted from 1"
    return f"{sequence}{mod_97_10.calc_check_digits(str(sequence))}"


def is_partner_number(text: str) -> bool:
    """Whether `text` is a partner number, exactly as we would write it."""
    # Comparing with our own check digits refuses 00, 01 and 99, which also satisfy mod 97 but are never issued.
    return _PARTNER.fullmatch(text) is not None and mod_97_10.calc_check_digits(text[:-2]) == text[-2:]


def order_number(order_id: int) -> str:
    """The number people see for the order with this id."""
    return str(_FIRST_ORDER + order_id)


def order_id(number: str) -> int | None:
    """The id behind an order number, or None when it is not written as we write it."""
    if not _ORDER.fullmatch(number) or int(number) <= _FIRST_ORDER:
        return None
    return int(number) - _FIRST_ORDER


def topup_reference(partner: str) -> str:
    """The creditor reference (ISO 11649) a partner writes on a transfer to top up the wallet: 'RF', check digits, the partner number.

    A partner number is 1 modulo 97 by itself, so the check digits are always the same: all our references begin alike.
    """
    assert is_partner_number(partner), "a reference is only made for a real partner number"
    return f"RF{mod_97_10.calc_check_digits(partner + 'RF')}{partner}"


def spaced(reference: str) -> str:
    """A reference or IBAN in groups of four, as it is printed."""
    return iso11649.format(reference)


def find_references(text: str) -> list[str]:
    """The partner numbers of all our top-up references in a bank's purpose text, each once, in order of appearance.

    Banks put spaces and line breaks anywhere, glue other text to both ends, and people type O for 0, I or l for 1 and S for 5:
    whatever satisfies the check digits counts. More than one answer means: let a person look.
    """
    upper = text.upper()
    places = [place for place, char in enumerate(upper) if char.isalnum()]
    letters = "".join(upper[place] for place in places)
    # Where the text itself ends a number: what follows directly is neither a figure nor like one.
    ends = [upper[place + 1 : place + 2] not in _FIGURES for place in places]
    found: dict[str, None] = {}
    start = letters.find("RF")
    while start >= 0:
        found.update(dict.fromkeys(_partners_at(letters, ends, start + 2)))
        start = letters.find("RF", start + 2)
    return list(found)


def is_iban(text: str) -> bool:
    """Whether `text`, spaces and case aside, is an IBAN: registered country and structure, and check digits that a bank may issue."""
    # 00, 01 and 99 can satisfy mod 97 but lie outside 02..98, the only ones ISO 7064 makes.
    return _WRITTEN_IBAN.fullmatch(text) is not None and iban.is_valid(text) and iban.compact(text)[2:4] == iban.calc_check_digits(text)


def _partners_at(letters: str, ends: list[bool], start: int) -> list[str]:
    """Partner numbers of every valid reference whose check digits begin at `start`; its end is unknown, so each length is tried.

    Every 97th prefix of a number satisfies the check digits by chance: those that break off inside a written number
    count only when nothing else does.
    """
    run = _RUN.match(letters, start, start + 2 + _LONGEST_REFERENCE)
    assert run is not None, "the pattern matches nothing, too"
    figures = run.group().translate(_LOOK_ALIKES)
    check, padded = figures[:2], figures[2:]
    number = padded.lstrip("0")  # some banks fill the reference up with zeros on the left, which the check digits do not notice
    shift = run.end() - len(number) - 1
    whole: list[str] = []
    broken: list[str] = []
    for length in range(3, len(number) + 1):
        partner = number[:length]
        if is_partner_number(partner) and topup_reference(partner)[2:4] == check:
            (whole if ends[shift + length] else broken).append(partner)
    return whole or broken
