"""Names and texts in the letters every bank takes: EPC217-08's a-z A-Z 0-9 / - ? : ( ) . , ' + and space.

Spelled as banks and passports spell: Müller is Mueller, Đorđe is Djordje, Serbian Cyrillic as Serbian Latin without its
marks, Russian Cyrillic by ICAO Doc 9303 (Russian passports since 2013: Юлия is Iuliia), Greek by ELOT 743.
"""

import re
import unicodedata

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


def latin(text: str, language: str = "") -> str:
    """`text` in those letters; other letters become a dot, other signs a space, and it may come to be empty.

    Letters that Serbian and Russian share sound differently: `language` (sr, ru) says whose they are. Without it,
    Serbian is a text that has one of its own letters, and Russian is every other.
    """
    composed = unicodedata.normalize("NFC", text)
    serbian = language.startswith("sr") or (not language.startswith("ru") and any(sign in _ONLY_SERBIAN for sign in composed))
    spelled = "".join(_spelled(composed, place, serbian=serbian) for place in range(len(composed)))
    # A slash at either end, or two together, are marks of the banks' own messages.
    return re.sub("/{2,}", "/", " ".join(spelled.split())).strip("/ ")


def is_latin(text: str) -> bool:
    """Whether every sign is one that banks take."""
    return _ALLOWED.issuperset(text)


def _spelled(text: str, place: int, *, serbian: bool) -> str:
    sign = text[place]
    if sign in _ALLOWED:
        return sign
    small = sign.lower()
    letters = _SERBIAN.get(small) if serbian else None
    if letters is None:
        letters = _LETTERS.get(small)
    if letters is None:
        return _bare(sign)
    if sign == small:
        return letters
    # ЂОРЂЕ is DJORDJE and Ђорђе is Djordje: a capital beside a capital is written in capitals altogether.
    beside = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    return letters.upper() if beside.isupper() else letters.capitalize()


def _bare(sign: str) -> str:
    """A letter without its marks; its parts when it has any that we know."""
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part)[0] != "M")
    if bare != sign:
        return "".join(_spelled(bare, place, serbian=False) for place in range(len(bare)))
    return "." if sign.isalnum() else " "


_ONLY_SERBIAN = frozenset("ђјљњћџЂЈЉЊЋЏ")

_SERBIAN = {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s"}
"""The letters that Russian has too, and spells otherwise."""

_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
    **{"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ь": "", "ю": "iu", "я": "ia"},
    **{"ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz"},
    **{"і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u"},
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    **{"θ": "th", "χ": "ch", "ψ": "ps"},
    **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "đ": "dj", "ð": "d", "þ": "th", "ł": "l"},
    **{"ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ə": "a"},
    **dict.fromkeys('’‘ʼ`´ʹ"“”„«»‹›', "'"),
    **dict.fromkeys("‐‑‒–—―−_", "-"),
    **{"&": "+", "⁄": "/", ";": ",", "№": "No.", "€": "EUR", "@": "(at)", "[": "(", "]": ")", "{": "(", "}": ")"},
}
