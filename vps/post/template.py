"""How a gateway is asked: templates of its address and, where it wants a POST, of the body, filled in for one message."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import SplitResult, quote, quote_plus, unquote, urlsplit

from vps.kernel.refusals import N_, Refused
from vps.post.sms import is_gsm

PLACES = ("to", "digits", "text", "from", "coding", "key")
"""What is filled in: the number as +49…, the number without its +, the text, VPS_SMS_FROM, 0 (GSM 03.38) or 2 (UCS-2), the message's key."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PLACE = re.compile(r"\{(\w+)\}")
_HEADER = re.compile("([A-Za-z0-9-]+): *([\x20-\x7e]*)")


class BadTemplate(Refused):
    """Facts: name (of the variable), why (some words in English, for whoever wrote it; never the value, which holds a password)."""

    says = N_("%(name)s cannot be used: %(why)s. “Text messages” in docs/run.md says how it is written.")


class TextMessage(NamedTuple):
    """One SMS, as it goes out."""

    number: str
    text: str
    key: str
    """The same for the same message however often it is sent, and says nothing about it."""


class Template:
    """GET of `url`, or POST of `body` to it: JSON if it begins with a brace, else a form. Raises BadTemplate."""

    def __init__(self, url: str, body: str, headers: str, sender: str) -> None:
        self.url, self._body, self._sender = _parts(url), body, sender
        self._headers = _read_headers(headers)
        self._is_json = body.startswith("{")
        found = set(_PLACE.findall(url)) | set(_PLACE.findall(body))
        for place in sorted(found - set(PLACES)):
            raise BadTemplate(name="VPS_SMS_URL, VPS_SMS_BODY", why=f"there is no place {{{place[:20]}}}")
        if "text" not in found or not found & {"to", "digits"}:
            raise BadTemplate(name="VPS_SMS_URL, VPS_SMS_BODY", why="{to} or {text} is missing")
        if self._is_json:
            _must_be_json(self.body(TextMessage("+1", "text", "key")))

    @property
    def host(self) -> str:
        return str(self.url.hostname)

    @property
    def is_private(self) -> bool:
        """Whether nobody can read on the way what is asked."""
        return self.url.scheme == "https" or self.host in LOOPBACK

    def path(self, message: TextMessage) -> str:
        query = f"?{self.url.query}" if self.url.query else ""
        return self._filled((self.url.path or "/") + query, message, lambda value: quote(value, safe=""))

    def body(self, message: TextMessage) -> str:
        return self._filled(self._body, message, _in_json if self._is_json else quote_plus)

    def headers(self, message: TextMessage) -> dict[str, str]:
        """With the name and password of the address, should it hold them, and a type for the body."""
        made = {"User-Agent": "vps", "Accept": "*/*"}
        if self.url.username:
            pair = f"{unquote(self.url.username)}:{unquote(self.url.password or '')}"
            made["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        if self._body:
            made["Content-Type"] = "application/json" if self._is_json else "application/x-www-form-urlencoded"
        return made | {name: value.replace("{key}", message.key) for name, value in self._headers.items()}

    def _filled(self, template: str, message: TextMessage, spelled: Callable[[str], str]) -> str:
        coding = "0" if is_gsm(message.text) else "2"
        values = (message.number, message.number.lstrip("+"), message.text, self._sender, coding, message.key)
        facts = dict(zip(PLACES, values, strict=True))
        return _PLACE.sub(lambda place: spelled(facts[place[1]]), template)


def digest(key: str) -> str:
    """The key of an outbox row, for strangers: the same for the same message, and says nothing about it."""
    return sha256(key.encode()).hexdigest()[:32]


def pattern(text: str) -> re.Pattern[str] | None:
    """What the answer of a gateway must match, if anything. Raises BadTemplate."""
    try:
        return re.compile(text) if text else None
    except re.error as wrong:
        raise BadTemplate(name="VPS_SMS_OK", why="it is not a regular expression") from wrong


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        good = bool(parts.scheme in ("http", "https") and parts.hostname and parts.hostname.encode("idna") and parts.port != 0)
    except ValueError:
        good = False
    # A space would end the request's first line, a # in a password the address; places stand in path and query only.
    if not good or re.search("[^!-~]", url) or parts.fragment or "{" in parts.netloc:
        raise BadTemplate(name="VPS_SMS_URL", why="it is not like https://gateway.example.com/send?to={to}&text={text}")
    return parts


def _read_headers(text: str) -> dict[str, str]:
    lines = [line.strip() for line in re.split(r"[\n|]", text) if line.strip()]
    found = [_HEADER.fullmatch(line) for line in lines]
    if not all(found):
        raise BadTemplate(name="VPS_SMS_HEADERS", why="a line is not like Name: value")
    return {match[1]: match[2] for match in found if match}


def _in_json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _must_be_json(body: str) -> None:
    try:
        json.loads(body)
    except ValueError as wrong:
        raise BadTemplate(name="VPS_SMS_BODY", why="it begins with { and is not JSON") from wrong
