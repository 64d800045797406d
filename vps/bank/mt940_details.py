"""What :86: of an MT940 says about a line: the German fields ?00 to ?63 with SEPA's words in them, the Dutch /WORDS/, or plain text."""

import re
from typing import Final, NamedTuple

from vps.bank.plain import tidy
from vps.bank.statement import said

WIDTH: Final = 65
"""Lines are cut here, in the middle of a word."""

_CUT: Final = (27, 35, WIDTH)
"""So long is a field that the next one continues: Germany's, Poland's, and a whole line."""

_CODED: Final = re.compile(r"\s*(?:([0-9]{3})\s*)?([?><~^@])(?=[0-9]{2})")
_KNOWN: Final = {"00", "10", *map(str, range(20, 39)), *map(str, range(60, 66)), "70", "71"}
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_SEPA: Final = re.compile(r"(?:^|(?<=\s))(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|BREF|RREF)\+")
_SLASHED: Final = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|KREF|PREF|CREF|MARF|CSID|ISDT|BENM|ORDP|CNTP|RTRN|PURP|ULTC|ULTD|ID|ADDR|SVCL|INIT|TRCD|OCMT|CHGS)/"
)
_NL_WORDS: Final = re.compile(r"^(?:USTD//|STRD/(?:CUR/|ISO/)?)|/+$")
_FREE: Final = "999"
"""The code in front of a text that follows no rule."""

_RETURNS: Final = {"009", "108", "109", "159", "181", "184"}
_RETURNED: Final = re.compile(r"RETURN|REFUND|REJECT|RETOUR|R(?:UE|Ü)CK|POVRAT|ВОЗВРАТ|ПОВРАТ", re.IGNORECASE)
_REASON: Final = re.compile(
    r"(?<![A-Z0-9])(AC0[1-9]|AC1[0-7]|AG0[1-9]|AG1[0-3]|AM0[1-9]|AM1[0-9]|AM2[0-3]|BE0[1-9]|BE1[0-9]|CNOR|CURR|CUST|DNOR|DT01|DUPL"
    r"|ED0[1356]|FF0[1-9]|FOCR|FR01|FRAD|MD0[1-9]|MS0[23]|NARR|NOAS|NOOR|PY01|RC0[1-9]|RF01|RR0[1-9]|RUTA|SL0[1-9]|SL1[1-4]|SVNR|TECH"
    r"|TM01|UPAY)(?![A-Z0-9])"
)
_GERMAN_REASON: Final = re.compile(r"9[0-9]{2}")
"""Textschlüsselergänzung: for a returned line its reason. Banks differ in which number means what, so it is kept as it is."""


class Details(NamedTuple):
    """What is known about a line besides its amount."""

    code: str
    text: str
    party: str
    account: str
    references: tuple[str, ...]
    reason: str


def details_of(lines: list[str], besides: list[str], *, kind: str) -> Details:
    """The lines of :86:, and what stands `besides` it below :61:; `kind` is the transaction type of :61:, used where no better code is."""
    coded = _CODED.match(lines[0]) if lines else None
    details = _german(_joined(lines, coded[2]), coded[2], kind) if coded else _plain(lines, kind)
    beside = [tidy(one) for one in besides if one and not one.startswith("/")]
    account = details.account or next((one for one in beside if _IBAN.fullmatch(one)), "")
    return details._replace(account=account, text="\n".join(said((details.text, *(one for one in beside if one not in details.text)))))


def _joined(lines: list[str], sign: str) -> str:
    # A line of 64 lost the space at its end, unless a new field begins the next one.
    pairs = zip(lines, [*lines[1:], sign + "00"], strict=True)
    return "".join(f"{line} " if len(line) == WIDTH - 1 and not _starts(after, sign) else line for line, after in pairs)


def _starts(line: str, sign: str) -> bool:
    return line.startswith(sign) and line[1:3].isdigit()


def _german(whole: str, sign: str, kind: str) -> Details:
    before, *parts = whole.split(sign)
    fields: list[tuple[str, str]] = []
    for part in parts:
        if part[:2] in _KNOWN:
            fields.append((part[:2], part[2:]))
        elif fields:  # the sign itself, within a text
            fields[-1] = (fields[-1][0], f"{fields[-1][1]}{sign}{part}")
    gvc = before.strip()
    purpose = _purpose([said_ for code, said_ in fields if "20" <= code <= "29" or "60" <= code <= "63"])
    first = dict(reversed(fields))
    words = _words(purpose)
    ultimate = words.get("ABWA") or words.get("ABWE") or ""
    party = tidy(first.get("32", "") + first.get("33", "")) or tidy(ultimate)
    texts = (words[""], words.get("SVWZ", ""), "" if tidy(ultimate) == party else ultimate)
    text = "\n".join(said(map(tidy, texts))) or tidy(first.get("00", ""))
    back = gvc in _RETURNS or kind == "NRTI" or bool(_RETURNED.search(f"{first.get('00', '')} {purpose}"))
    return Details(
        code=f"GVC-{gvc}" if gvc else kind,
        text=text,
        party=party,
        account=_account(first.get("38", ""), first.get("31", ""), words.get("IBAN", "")),
        references=said(tidy(words.get(word, "")) for word in ("EREF", "KREF", "RREF", "BREF")),
        reason=_reason(f"{first.get('00', '')} {purpose}", first.get("34", "")) if back else "",
    )


def _purpose(parts: list[str]) -> str:
    """The fields of the purpose in one: a full one goes on in the next, and a word of SEPA begins a line."""
    whole = ""
    length = 0
    for part in parts:
        joint = "" if length in _CUT or not whole or whole[-1].isspace() else " "
        whole += ("\n" if _SEPA.match(part) else joint) + part
        length = len(part)
    return whole


def _words(purpose: str) -> dict[str, str]:
    before, *found = _SEPA.split(purpose)
    words = {"": before}
    for word, text in zip(found[::2], found[1::2], strict=True):
        words.setdefault(word, text.strip())
    return words


def _account(*written: str) -> str:
    compact = ["".join(one.split()) for one in written]
    return next((one for one in compact if _IBAN.fullmatch(one)), "") or next(filter(None, map(tidy, compact)), "")


def _plain(lines: list[str], kind: str) -> Details:
    whole = ""
    for line in lines:
        whole += line if len(line) == WIDTH else f"{line} " if len(line) == WIDTH - 1 else f"{line}\n"
    code = kind
    if whole.startswith(_FREE):
        whole, code = whole.removeprefix(_FREE), f"GVC-{_FREE}"
    before, *found = _SLASHED.split(whole)
    if not found:
        back = kind == "NRTI" or bool(_RETURNED.search(whole))
        return Details(code, tidy(whole), "", "", (), _reason(whole, "") if back else "")
    return _dutch(tidy(before), list(zip(found[::2], found[1::2], strict=True)), code)


def _dutch(before: str, found: list[tuple[str, str]], code: str) -> Details:
    words: dict[str, str] = {}
    for word, text in found:
        words.setdefault(word, _NL_WORDS.sub("", tidy(text.replace("\n", " "))))
    # /CNTP/ holds account, BIC and name at once.
    account, _, behind = words.get("CNTP", "").partition("/")
    name = behind.partition("/")[2].strip("/")
    returned = words.get("RTRN", "")
    return Details(
        code=code,
        text="\n".join(said((words.get("REMI", ""), before))) or tidy(words.get("TRTP", "")),
        party=words.get("NAME", "") or name,
        account=_account(words.get("IBAN", ""), account),
        references=said(words.get(word, "") for word in ("EREF", "KREF", "PREF", "CREF")),
        reason=_reason(returned, "") or returned[:35],
    )


def _reason(text: str, german: str) -> str:
    code = _REASON.search(text)
    return code[1] if code else german if _GERMAN_REASON.fullmatch(german) else ""
