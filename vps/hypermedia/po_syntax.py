"""The grammar of .po files, read as strictly as GNU gettext does and with line numbers.

polib, which loads our catalogs, forgives what translators' tools do not; a catalog is therefore judged with this reader.
Source: GNU gettext manual, "The Format of PO Files".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from vps.kernel.refusals import N_


@dataclass(frozen=True)
class Problem:
    """What is wrong at a line (0: the whole file): an English sentence for the catalogs, and the facts to fill in.

    An 'error' stops the catalog (`msgfmt -c` would refuse it too); a 'warning' breaks one of our own rules.
    """

    line: int
    says: str
    facts: dict[str, object] = field(default_factory=dict)
    severity: str = "error"

    def __str__(self) -> str:
        return self.says % self.facts


@dataclass
class Entry:
    """One message with its translations (`forms`; one for each plural form) and the line of its msgid."""

    context: str | None
    msgid: str
    plural: str | None
    forms: list[str]
    line: int
    obsolete: bool
    flags: list[str]

    @property
    def is_header(self) -> bool:
        return self.context is None and not self.msgid and not self.obsolete

    @property
    def is_fuzzy(self) -> bool:
        return "fuzzy" in self.flags

    @property
    def is_live(self) -> bool:
        """Whether a program will see this translation; gettext looks at the first form only."""
        return not self.obsolete and self.forms[0] != "" and (self.is_header or not self.is_fuzzy)


def read(data: bytes) -> tuple[list[Entry], list[Problem]]:
    """The entries of a .po file, obsolete ones included, and every offence against the grammar."""
    parser = _Parser(_decoded(data))
    entries = list(parser.entries())
    return entries, sorted(parser.problems, key=lambda problem: problem.line)


# The names gettext calls portable; text in any other charset passes as bytes.
_CHARSETS = re.compile(
    r"ascii|us-ascii|ansi_x3\.4-1968|iso[-_]8859-(?:[1-9]|1[345])|koi8-[rtu]|cp(?:850|866|874|932|949|950|125[0-7])"
    r"|gb2312|gbk|gb18030|euc-(?:jp|kr)|big5|big5-hkscs|shift_jis|johab|tis-620|utf-8",
    re.IGNORECASE,
)


def _decoded(data: bytes) -> str:
    text = data.decode("latin-1")
    header = next((entry.forms[0] for entry in _Parser(text).entries() if entry.is_header), "")
    named = re.search(r"charset=([^ \t\n]+)", header)
    return data.decode(named[1], "surrogateescape") if named and _CHARSETS.fullmatch(named[1]) else text


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    obsolete: bool


class _SyntaxError(Exception):
    """The grammar is broken at this token."""

    def __init__(self, token: _Token) -> None:
        super().__init__(token.kind)
        self.token = token


_TOKEN = re.compile(
    r"""
      (?P<newline>\n)
    | (?P<space>(?:[ \t\r\f\v]|\\\n)+)
    | (?P<mark>\#~\|?|\#\|)
    | (?P<comment>\#(?:\\\n|[^\n])*)
    | (?P<string>"(?:\\\n|\\[^\n]|[^"\\\n])*"?)
    | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<number>[0-9]+)
    | (?P<bracket>[\[\]])
    | (?P<junk>.)
    """,
    re.VERBOSE,
)
_KEYWORDS = {"domain", "msgctxt", "msgid", "msgid_plural", "msgstr"}
_PREVIOUS_KEYWORDS = {"msgctxt", "msgid", "msgid_plural"}
_ESCAPE = re.compile(r"\\(\n|[0-7]{1,3}|x[0-9A-Fa-f]+|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "\\": "\\", '"': '"', "\n": ""}
_CLOSED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_NOT_DECODABLE = re.compile("[\udc80-\udcff]")


class _Parser:
    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.tokens = list(self._lexed(text))
        self.at = 0
        self.flags: list[str] = []
        self.seen_header = False

    def entries(self) -> Iterator[Entry]:
        while self._kind() != "end":
            try:
                entry = self._item()
            except _SyntaxError as broken:
                self._complain(broken.token.line, N_("This line does not follow the rules of .po files."))
                self._recover()
                continue
            if entry is not None:
                self.flags = []
                self.seen_header = self.seen_header or entry.is_header
                yield entry

    def _item(self) -> Entry | None:
        kind = self._kind()
        if kind == "comment":
            self._comment(self._take("comment").text)
            return None
        if kind == "domain":
            name = (self._take("domain"), self._take("string"))[1]
            self._complain(name.line, N_("A domain line has no place in a catalog."))
            self.flags = []
            return None
        start = self.at
        if kind in ("previous msgctxt", "previous msgid"):
            self._previous()
        return self._message(start)

    def _previous(self) -> None:
        if self._kind() == "previous msgctxt":
            self._take("previous msgctxt")
            self._strings("previous string")
        self._take("previous msgid")
        self._strings("previous string")
        if self._kind() == "previous msgid_plural":
            self._take("previous msgid_plural")
            self._strings("previous string")

    def _message(self, start: int) -> Entry | None:
        context = None
        if self._kind() == "msgctxt":
            self._take("msgctxt")
            context = self._strings()
        opening = self._take("msgid")
        msgid = self._strings()
        plural = None
        if self._kind() == "msgid_plural":
            self._take("msgid_plural")
            plural = self._strings()
        numbered = self._kind() == "msgstr" and self._kind(1) == "["
        forms = self._plural_forms() if numbered or plural is not None else self._single_form()
        self._same_obsolescence(self.tokens[start : self.at])
        if not forms:
            self._complain(opening.line, N_("This message has no msgstr."))
            return None
        if numbered and plural is None:
            self._complain(opening.line, N_("This message has plural forms but no msgid_plural."))
            return None
        return Entry(context, msgid, plural, forms, opening.line, opening.obsolete, self.flags)

    def _single_form(self) -> list[str]:
        if self._kind() != "msgstr":
            return []
        self._take("msgstr")
        return [self._strings()]

    def _plural_forms(self) -> list[str]:
        forms: list[str] = []
        while self._kind() == "msgstr" and (not forms or self._kind(1) == "["):
            self._take("msgstr")
            self._take("[")
            number = self._take("number")
            self._take("]")
            if int(number.text) != len(forms):
                self._complain(number.line, N_("The plural form %(number)s stands out of order."), number=number.text)
            forms.append(self._strings())
        return forms

    def _strings(self, kind: str = "string") -> str:
        parts = [self._string(self._take(kind))]
        while self._kind() == kind:
            parts.append(self._string(self._take(kind)))
        return "".join(parts)

    def _string(self, token: _Token) -> str:
        raw = token.text
        # gettext learns the charset from the header, so what stands before the end of the header is not decoded.
        if self.seen_header and _NOT_DECODABLE.search(raw):
            self._complain(token.line, N_("This text is not written in the charset that the header names."))
        if not _CLOSED.fullmatch(raw):
            self._complain(token.line, N_("A closing quotation mark is missing."))
        text = _ESCAPE.sub(lambda found: self._escaped(found[1], token.line), raw[1:].removesuffix('"')) if "\\" in raw else raw[1:-1]
        if "\x04" in text:
            self._complain(token.line, N_("The sign between context and message, EOT, may not stand in a text."))
        return text.partition("\0")[0]

    def _escaped(self, code: str, line: int) -> str:
        if code in _ESCAPES:
            return _ESCAPES[code]
        if code[0] in "01234567" or (code[0] == "x" and len(code) > 1):
            byte = (int(code, 8) if code[0] != "x" else int(code[1:], 16)) & 0xFF
            return chr(byte if byte < 0x80 else 0xDC00 + byte)
        self._complain(line, N_("\\%(code)s is not a known escape."), code=code)
        return " "

    def _same_obsolescence(self, tokens: list[_Token]) -> None:
        odd = next((token for token in tokens if token.obsolete != tokens[0].obsolete), None)
        if odd:
            self._complain(odd.line, N_("Either all or no lines of a message begin with #~."))

    def _comment(self, text: str) -> None:
        if text[1:2] in (",", "!"):
            self.flags += re.split(r"[\s,]+", text[2:].strip(" \t\r\f\v,"))

    def _recover(self) -> None:
        self.flags = []
        self.at += 1
        while self._kind() not in ("end", "msgid", "msgctxt", "previous msgid", "previous msgctxt", "comment"):
            self.at += 1

    def _take(self, kind: str) -> _Token:
        token = self.tokens[self.at]
        if token.kind != kind:
            raise _SyntaxError(token)
        self.at += 1
        return token

    def _kind(self, ahead: int = 0) -> str:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].kind

    def _complain(self, line: int, says: str, **facts: object) -> None:
        self.problems.append(Problem(line, says, facts))

    def _lexed(self, text: str) -> Iterator[_Token]:
        line, obsolete, previous = 1, False, False
        for found in _TOKEN.finditer(text):
            kind, raw = found.lastgroup or "junk", found[0]
            if kind == "newline":
                obsolete = previous = False
            elif kind == "mark":
                obsolete, previous = obsolete or raw.startswith("#~"), previous or raw.endswith("|")
            elif kind != "space":
                yield _Token(self._kind_of(kind, raw, line, previous), raw, line, obsolete)
            line += raw.count("\n")
        yield _Token("end", "", line, False)

    def _kind_of(self, kind: str, raw: str, line: int, previous: bool) -> str:
        if kind == "word":
            kind = raw
            if raw not in (_PREVIOUS_KEYWORDS if previous else _KEYWORDS):
                self._complain(line, N_("%(word)s is not a word of .po files."), word=raw)
                return "unknown"
        if kind == "bracket":
            return raw
        return f"previous {kind}" if previous and kind in (*_PREVIOUS_KEYWORDS, "string") else kind
