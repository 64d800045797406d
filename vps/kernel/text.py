"""Text that people type: cleaned before it is stored, and compared in three ways.

`identity` says whether two names are the same, `skeleton` whether they look the same, and `fold` whether a search for
one should find the other, however it is spelled or in whichever alphabet.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import dropwhile

from vps.kernel.refusals import N_, Refused

LONGEST_NAME = 80


class NoName(Refused):
    """Nothing was typed."""

    says = N_("Please enter a name.")


class HiddenCharacters(Refused):
    """Control, invisible, private or unassigned characters: they hide text or turn its direction."""

    says = N_("This text contains invisible characters. Please type it anew instead of pasting it.")


class LineBreaks(Refused):
    """More than one line where one is meant."""

    says = N_("Please write this in one line.")


class MixedAlphabets(Refused):
    """Letters of different alphabets in one word, the way 'paypal' is imitated."""

    says = N_("The word “%(word)s” mixes letters of different alphabets. Please type it anew in one of them.")


class TooLong(Refused):
    """More characters (as a reader counts them) than the field takes."""

    says = N_("This is too long. Longest length in characters: %(most)s.")


class PiledMarks(Refused):
    """More than two accents on a letter, or accents on no letter at all."""

    says = N_("This text has too many accents on one letter. Please type it anew.")


class WrongEmail(Refused):
    """Not an e-mail address in plain Latin letters."""

    says = N_("This is not an e-mail address. Please write it like this: %(example)s")
    field = "email"


class WrongPhone(Refused):
    """Not a phone number with country code."""

    says = N_("Please write the phone number with its country code, like this: %(example)s")
    field = "phone"


_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs"}
_BLANK_LETTERS = "\u034f\u115f\u1160\u2800\u3164\uffa0"
"""Letters, marks and symbols that print nothing, although their category does not say so."""
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}
"""Alphabets that are mixed in one word by everybody who writes them."""
_EMAIL = re.compile(r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@(?P<domain>[A-Za-z0-9.-]+)")
_LABEL = re.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def clean_name(text: str) -> str:
    """A name as it is stored: NFC, single spaces; at most 80 characters and four bytes for each.

    Raises `NoName`, `HiddenCharacters`, `LineBreaks`, `MixedAlphabets`, `TooLong` or `PiledMarks`.
    """
    name = clean_text(text, LONGEST_NAME)
    if not name:
        raise NoName
    for word in name.split():
        if len(alphabets := _alphabets(word)) > 1 and not alphabets <= _EAST_ASIAN:
            raise MixedAlphabets(word=word)
    return name


def clean_text(text: str, most: int, *, lines: bool = False) -> str:
    """A memo or other free text as it is stored: NFC, single spaces, at most `most` characters; line breaks kept when `lines`.

    Raises `HiddenCharacters`, `LineBreaks`, `TooLong` or `PiledMarks`. Nothing typed is an empty text, not a refusal.
    """
    if len(text) > 4 * most + 100:  # before any work is done on it
        raise TooLong(most=most)
    if lines:
        text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    rows = text.split("\n") if lines else [text]
    cleaned = "\n".join(_clean_row(row) for row in rows).strip("\n")
    if _characters(cleaned) > most or len(cleaned.encode()) > 4 * most:
        raise TooLong(most=most)
    return cleaned


def clean_email(text: str) -> str:
    """An e-mail address as it is stored: as typed, its domain in lower case; raises `WrongEmail`.

    Only ASCII: domains of other alphabets can be given in their xn-- form, so that no look-alike is stored.
    """
    typed = text.strip(" ")
    match = _EMAIL.fullmatch(typed) if len(typed) <= 254 else None
    labels = match["domain"].split(".") if match else []
    if not match or len(match["local"]) > 64 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise WrongEmail(example="anna@example.com")
    return f"{match['local']}@{match['domain'].lower()}"


def clean_phone(text: str) -> str:
    """A phone number as it is stored (E.164: '+' and 7 to 15 digits); spaces, '-', '/', '.', brackets and 00 for + may be typed.

    Raises `WrongPhone`.
    """
    # '+49 (0) 151 …' is how many write it; the zero is not dialled after a country code.
    typed = re.sub("[ \N{NO-BREAK SPACE}()/.-]", "", text[:60].replace("(0)", ""))
    number = re.sub("^00", "+", typed)
    if len(text) > 60 or not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise WrongPhone(example="+49 151 23456789")
    return number


def identity(text: str) -> str:
    """The form by which two names are the same: NFKC, no case, single spaces. A full-width 'ANA' is 'ana'."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded.casefold()).split())


def skeleton(text: str) -> str:
    """The form by which two names look the same: Cyrillic, Greek and Armenian letters, 0 and 1 become the Latin letters they look like.

    Only for comparing with another skeleton; computed from the name as typed, because a capital eta looks like H, a small one like n.
    """
    seen = unicodedata.normalize("NFKD", text).translate(_LOOK_ALIKES)
    seen = unicodedata.normalize("NFKD", seen.casefold()).translate(_LOOK_ALIKES)
    return " ".join(seen.casefold().split())


def fold(text: str) -> str:
    """The form in which text is searched: ASCII lower-case words with single spaces, one form for all usual spellings.

    Petrović is Петровић, Müller is Mueller, Đorđe is Djordje, Юлия is Julija and Yuliya. Several names may share a form
    (it finds too much rather than too little). Letters outside Latin, Cyrillic and Greek are left out.
    """
    base = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    latin = "".join(char for char in base if unicodedata.category(char)[0] != "M").translate(_TO_LATIN)
    spelled = re.sub("[^a-z0-9]+", " ", "".join(char for char in latin if char.isascii() or not char.isalnum()))
    while (simpler := _TWICE.sub(r"\1", _SPELLINGS.sub(_simplest, spelled))) != spelled:
        spelled = simpler
    return " ".join(spelled.split())


def words(text: str) -> list[str]:
    """The words of `fold(text)`."""
    return fold(text).split()


def short_name(name: str) -> str:
    """'Petra M.' of 'Petra Müller': first name and initial, for lines others read. May be empty.

    Digits, addresses and signs are left out, so that nobody's name can pass for a code or a link in a text message.
    """
    named = dropwhile(lambda word: word.endswith(".") and len(word) > 2, name.split())  # 'Dr.', 'Prof.'
    parts = [part for word in named if not re.search(r"\w[./:@]\w|//", word) and (part := _letters(word))]
    if not parts:
        return ""
    first = parts[0][:20]
    return f"{first} {parts[-1][0].upper()}." if len(parts) > 1 else first


def _clean_row(row: str) -> str:
    if _LINE_BREAK.search(row):
        raise LineBreaks
    if any(unicodedata.category(char) in _HIDDEN or char in _BLANK_LETTERS for char in row):
        raise HiddenCharacters
    clean = " ".join(unicodedata.normalize("NFC", row).split())
    if any(marks > 2 for marks in _piles(clean)):
        raise PiledMarks
    return clean


def _piles(text: str) -> Iterator[int]:
    """The height of the pile of marks at each mark; a pile on nothing counts as too high."""
    height = 3
    for char in text:
        if not _is_mark(char):
            height = 3 if char == " " else 0
            continue
        height += 1
        yield height


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _characters(text: str) -> int:
    """Characters as a reader counts them: marks belong to the letter before them."""
    return sum(not _is_mark(char) for char in text)


def _alphabets(word: str) -> set[str]:
    # The first word of a letter's Unicode name is its alphabet; NFKC first, for 'FULLWIDTH LATIN …' and 'MICRO SIGN' hide theirs.
    letters = (char for char in unicodedata.normalize("NFKC", word) if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo"})
    return {unicodedata.name(letter, "?").split()[0] for letter in letters}


def _letters(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFC", word) if char.isalpha() or _is_mark(char) or char in "-'’").strip("-'’")


_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅԀԚԜҮҺӀЗ" + "авекмнорстухіјѕԁԛԝүһӏзгпиь" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ" + "αβγεηικνορστυχωϲ" + "օոսհցզ" + "ıɑɡ" + "I01|",
    "abekmhopctyxljsdqwyhl3" + "abekmhopctyxijsdqwyhl3rnub" + "abezhlkmnoptyxc" + "abyenikvopotuxwc" + "onuhgq" + "iag" + "lo" + "ll",
)

_TO_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцчшщыэ", "abvgdeziiklmnoprstufhccssie", strict=True)),
        **dict(zip("ђјћієґ", "dicieg", strict=True)),
        **dict(zip("αβγδεζηικλμνοπρσςτυφχω", "avgdeziiklmnoprsstifho", strict=True)),
        **{"ж": "z", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "љ": "li", "њ": "ni", "џ": "dz", "ѕ": "dz", "θ": "t", "ξ": "ks", "ψ": "ps"},
        **{"đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "a", "œ": "o", "þ": "t", "ħ": "h", "ı": "i"},
        **dict.fromkeys("'’ʼ`´", ""),
    }
)

_SIMPLEST = {
    **{"schtsch": "s", "shch": "s", "tsch": "c", "tch": "c", "sch": "s", "sh": "s", "ch": "c", "ts": "c", "zh": "z", "kh": "h"},
    **{"th": "t", "ph": "f", "dj": "d", "ck": "k", "ae": "a", "oe": "o", "ue": "u", "ie": "e"},
    **{"j": "i", "y": "i", "w": "v", "x": "ks", "q": "k"},
}
"""Spellings of one sound, longest first: German, English and Serbian ways of writing the same name."""
# Beyond the table an i goes unheard: in Müller, written Мюллер; in Nadja, Nadia, Надя, as in Djordje and Đorđe.
_SPELLINGS = re.compile("|".join(_SIMPLEST) + "|(?<=[bcdfghklmnprstvz])i(?=u)|(?<=d)i(?=[ao])")
_TWICE = re.compile(r"([a-z])\1+")


def _simplest(found: re.Match[str]) -> str:
    return _SIMPLEST.get(found.group(), "")
