"""Numbers that people read, say and type: partners, orders, references, IBANs. All check digits are ISO 7064 mod 97-10."""

import re
from collections.abc import Callable, Iterable, Iterator

from stdnum import iban, iso11649
from stdnum.iso7064 import mod_97_10

_FIRST_ORDER = 1000
_LONGEST_REFERENCE = 21
"""ISO 11649: at most 21 characters after 'RF' and its two check digits."""

_LOOK_ALIKES = str.maketrans("OILS", "0115")
_FIGURES = frozenset("0123456789OILS")
_RUN = re.compile("[0-9OILS]*")
_ORDERS_RUN = re.compile("([0-9OILS]{2})[0O]*X([0-9OILS]{1,18})")
_PARTNER = re.compile("[1-9][0-9]{2,17}")
_WRITTEN_IBAN = re.compile("[A-Za-z0-9 .\N{NO-BREAK SPACE}-]{5,60}")
_ORDER = re.compile("[1-9][0-9]{3,17}")
_OUR_REFERENCE = re.compile("RF[0-9]{2}(X?)([0-9]{3,18})")
_CROATIAN = re.compile("HR ?00([0-9 -]{3,40})", re.IGNORECASE)
_SERBIAN = re.compile(r"\(?97\)?[ -]?([0-9]{2})([0-9 -]{3,40})")
_ORDERS_GROUP = "8"
_LONGEST_GROUP = 12
"""Of figures between the hyphens of Croatia's model HR00."""


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


def order_reference(number: str) -> str:
    """The creditor reference a customer writes on a transfer for one order: 'RF', check digits, 'X', the order number.

    No figure looks like an X, so it can never be taken for a partner's reference, whatever is mistyped around it.
    """
    assert order_id(number) is not None, "a reference is only made for a real order number"
    return f"RF{mod_97_10.calc_check_digits(f'X{number}RF')}X{number}"


def croatian_reference(reference: str) -> str:
    """One of our references as Croatia's model HR00 has it, which carries figures and hyphens only: 'HR0020468', 'HR008-100105'."""
    figures = _domestic_figures(reference)
    assert all(len(group) <= _LONGEST_GROUP for group in figures.split("-")), "a group of this model has at most twelve figures"
    return f"HR00{figures}"


def serbian_reference(reference: str) -> str:
    """One of our references as Serbia's model 97 has it: the model, two check digits over what follows, then figures only."""
    figures = _bare(_domestic_figures(reference))
    return f"97{mod_97_10.calc_check_digits(figures)}{figures}"


def spaced(reference: str) -> str:
    """A reference or IBAN in groups of four, as it is printed."""
    return iso11649.format(reference)


def find_references(text: str) -> list[str]:
    """The partner numbers of all our top-up references in a bank's purpose text, each once, in order of appearance.

    Banks put spaces and line breaks anywhere, glue other text to both ends, and people type O for 0, I or l for 1 and S for 5:
    whatever satisfies the check digits counts. More than one answer means: let a person look.
    """
    return _found(text, _partners_at)


def find_order_references(text: str) -> list[str]:
    """The order numbers of all our order references in a bank's purpose text, each once, in order of appearance.

    As forgiving as `find_references`, but for one thing: figures glued to the end of the number hide it. A number that breaks off
    inside a written one would be a guess, and a wrong guess pays the order of another customer.
    """
    return _found(text, _orders_at)


def find_domestic(text: str) -> tuple[list[str], list[str]]:
    """The partner numbers and the order numbers in a bank line's *reference field*, written in Croatia's or Serbia's own form.

    A field (each line of the text is one) is such a reference as a whole or not at all: models are too short to be looked for in prose.
    """
    partners: dict[str, None] = {}
    orders: dict[str, None] = {}
    for figures in filter(None, map(_written_figures, text.splitlines())):
        number = figures[len(_ORDERS_GROUP) : -2]
        if is_partner_number(figures):
            partners[figures] = None
        elif order_id(number) is not None and figures == _bare(_order_figures(number)):
            orders[number] = None
    return list(partners), list(orders)


def is_iban(text: str) -> bool:
    """Whether `text`, spaces and case aside, is an IBAN: registered country and structure, and check digits that a bank may issue."""
    # 00, 01 and 99 can satisfy mod 97 but lie outside 02..98, the only ones ISO 7064 makes.
    return _WRITTEN_IBAN.fullmatch(text) is not None and iban.is_valid(text) and iban.compact(text)[2:4] == iban.calc_check_digits(text)


def _found(text: str, numbers_at: Callable[[str, list[bool], int], Iterable[str]]) -> list[str]:
    """What `numbers_at` finds behind each 'RF' of the text, whatever stands between its letters and figures."""
    upper = text.upper()
    places = [place for place, char in enumerate(upper) if char.isalnum()]
    letters = "".join(upper[place] for place in places)
    # Where the text itself ends a number: what follows directly is neither a figure nor like one.
    ends = [upper[place + 1 : place + 2] not in _FIGURES for place in places]
    found: dict[str, None] = {}
    start = letters.find("RF")
    while start >= 0:
        found.update(dict.fromkeys(numbers_at(letters, ends, start + 2)))
        start = letters.find("RF", start + 2)
    return list(found)


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


def _orders_at(letters: str, ends: list[bool], start: int) -> Iterator[str]:
    """Order numbers of every valid order reference whose check digits begin at `start`."""
    run = _ORDERS_RUN.match(letters, start, start + 2 + _LONGEST_REFERENCE)
    if run is None:
        return
    check, figures = (group.translate(_LOOK_ALIKES) for group in run.groups())
    for length in range(4, len(figures) + 1):
        number = figures[:length]
        if ends[run.start(2) + length - 1] and order_id(number) is not None and order_reference(number)[2:4] == check:
            yield number


def _domestic_figures(reference: str) -> str:
    """What stands for one of our references where only figures are allowed: the partner number as it is, or the order's."""
    written = _OUR_REFERENCE.fullmatch(reference)
    assert written, "only our own references have a domestic form"
    of_order, number = written.groups()
    assert reference == (order_reference if of_order else topup_reference)(number), "its check digits are ours, too"
    return _order_figures(number) if of_order else number


def _order_figures(number: str) -> str:
    """'8-', the order number, its check digits.

    Number and check digits are 1 modulo 97, as a partner number is; with the 8 before them they never are. So neither can be
    read as the other, even where a bank has dropped the hyphen.
    """
    return f"{_ORDERS_GROUP}-{number}{mod_97_10.calc_check_digits(number)}"


def _written_figures(field: str) -> str | None:
    """The figures behind the model of a domestic reference, when the whole field is one and the model's own check digits hold."""
    if croatian := _CROATIAN.fullmatch(field.strip()):
        return _bare(croatian[1])
    serbian = _SERBIAN.fullmatch(field.strip())
    if serbian and mod_97_10.calc_check_digits(figures := _bare(serbian[2])) == serbian[1]:
        return figures
    return None


def _bare(figures: str) -> str:
    return figures.replace(" ", "").replace("-", "")
