"""What may stand in a text message, and what it costs: its letters, its parts, names in it, and the number it goes to.

Source: SECURITY, the text of an SMS: one letter outside the alphabet of GSM 03.38 halves what fits into it.
"""

import unicodedata
from collections.abc import Iterable

import cyrtranslit

from vps.kernel.text import WrongPhone, clean_phone, short_name

LONGEST_NAME = 20

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Two septets each."""
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t", " "),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **{"…": "...", "№": "No.", "→": "->", "×": "x", "·": ".", "•": "-"},
    }
)
_NO_MARKS = str.maketrans(
    {"đ": "dj", "Đ": "Dj", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H", "œ": "oe", "µ": "u", "Œ": "Oe", "þ": "th", "ð": "d"}
)
"""Letters that Unicode does not take apart."""
_ONLY_SERBIAN = frozenset("ђјљњћџ")


def number(text: str) -> str:
    """A phone number an SMS can be sent to: '+' and 8 to 15 digits, however it was typed. Raises WrongPhone."""
    found = clean_phone(text)
    if len(found) < len("+12345678"):
        raise WrongPhone(example="+49 151 23456789")
    return found


def safe_name(name: str) -> str:
    """First name and initial, for a text message: no figure, no address, nothing that turns or hides text; 20 signs. May be empty.

    A partner called "TAN 000000" cannot write a code into somebody's message.
    """
    # Letters of a script that runs from right to left would turn the amount beside them around.
    short = short_name("".join(sign for sign in name if unicodedata.bidirectional(sign) not in ("R", "AL")))
    if len(short) <= LONGEST_NAME:
        return short
    return f"{short.rpartition(' ')[0][: LONGEST_NAME - 3]} {short[-2:]}" if short.endswith(".") else short[:LONGEST_NAME]


def plain(text: str, language: str) -> str:
    """The text as it goes out: Russian in its own letters; any other language, as far as possible, in those of GSM 03.38.

    Croatian and Serbian lose the marks of č ć ž š đ, Serbian its Cyrillic; German keeps ä ö ü ß, which GSM has.
    """
    shown = unicodedata.normalize("NFC", text)
    shown = "".join(sign for sign in shown if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    if language == "ru":
        return shown.translate(_TYPOGRAPHY | {ord("№"): "№"})
    shown = shown.translate(_TYPOGRAPHY)
    return "".join(_plain_letter(sign, serbian=language.startswith("sr")) for sign in shown)


def is_gsm(text: str) -> bool:
    """Whether every sign is one of GSM 03.38: such a text is sent in seven bits."""
    return all(sign in _BASIC or sign in _EXTENDED for sign in text)


def parts(text: str) -> int:
    """How many messages a phone company counts for this text."""
    if is_gsm(text):
        return _parts((2 if sign in _EXTENDED else 1 for sign in text), alone=160, joined=153)
    return _parts((2 if ord(sign) > 0xFFFF else 1 for sign in text), alone=70, joined=67)


def _parts(sizes: Iterable[int], *, alone: int, joined: int) -> int:
    units = list(sizes)
    if sum(units) <= alone:
        return 1
    # A sign of two units is never cut between two messages.
    count, room = 1, joined
    for size in units:
        if size > room:
            count, room = count + 1, joined
        room -= size
    return count


def _plain_letter(sign: str, *, serbian: bool) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    latin = _latin(sign, serbian=serbian)
    bare = "".join(part for part in unicodedata.normalize("NFKD", latin.translate(_NO_MARKS)) if unicodedata.category(part) != "Mn")
    return bare if is_gsm(bare) else sign


def _latin(sign: str, *, serbian: bool) -> str:
    # The name of a Russian in a German message, too: one Cyrillic letter would make it two messages.
    if not "Ѐ" <= sign <= "ӿ":
        return sign
    small = sign.lower()
    for script in ("sr", "ru") if serbian or small in _ONLY_SERBIAN else ("ru",):
        small = str(cyrtranslit.to_latin(small, script))
    small = small.replace("'", "")
    return small if sign.islower() else small.capitalize()
