"""Sending text messages: to whatever gateway speaks HTTP, or, in the demo, onto the screen."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import NamedTuple, Protocol

from vps.kernel.settings import Settings
from vps.post.template import BadTemplate, Template, TextMessage, pattern

CONSOLE = "console"
PATIENCE = 10.0
"""Seconds within which a gateway must be reached, and then again within which it must have answered."""
MOST = 64 * 1024
"""Bytes that are read of an answer."""
LONGEST_PAUSE = timedelta(hours=1)
"""However long a gateway asks us to wait: one header must not stop messages for a day."""


class NotTaken(OSError):  # noqa: N818 - an answer, like the refusals
    """The gateway did not take a message. Says neither the text nor the number, nor the address with its password."""

    def __init__(self, why: str, *, retry_after: str = "") -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Texter(Protocol):
    """Something that takes a text message away or raises NotTaken."""

    def send(self, message: TextMessage) -> None: ...


class Answer(NamedTuple):
    """What a gateway answered."""

    status: int
    retry_after: str
    text: str


class Console:
    """Prints: the demo's way."""

    def send(self, message: TextMessage) -> None:
        print(f"SMS to {message.number}: {message.text}", flush=True)


class Gateway:
    """A gateway that is asked over HTTP, as `template` says. `ok` is a pattern its answer must match: some say 200 to everything."""

    def __init__(self, url: str, *, body: str = "", headers: str = "", sender: str = "", ok: str = "", patience: float = PATIENCE) -> None:
        self.template, self.ok, self.patience = Template(url, body.strip(), headers, sender), pattern(ok), patience

    def send(self, message: TextMessage) -> None:
        """Hand the message over. Raises NotTaken."""
        try:
            answer = self._ask(message)
        except HTTPException as trouble:
            # Its text may be a line of what came back, and that may repeat what was sent.
            raise NotTaken(f"the gateway's answer cannot be read ({type(trouble).__name__})") from None
        except ssl.SSLCertVerificationError as trouble:
            raise NotTaken(f"the gateway's certificate was refused: {trouble.verify_message}") from None
        except TimeoutError:
            raise NotTaken("the gateway did not answer in time") from None
        except OSError as trouble:
            raise NotTaken(f"the gateway cannot be reached: {trouble.strerror or type(trouble).__name__}") from None
        if not 200 <= answer.status < 300:
            raise NotTaken(f"the gateway answered {answer.status}", retry_after=answer.retry_after)
        if self.ok and not self.ok.search(answer.text):
            raise NotTaken("the gateway's answer is not one that VPS_SMS_OK knows")

    def _ask(self, message: TextMessage) -> Answer:
        url = self.template.url
        secure = url.scheme == "https"
        line = socket.create_connection((self.template.host, url.port or (443 if secure else 80)), timeout=self.patience)
        with ending(line, self.patience), line:
            if secure:
                with ssl.create_default_context().wrap_socket(line, server_hostname=self.template.host) as private:
                    return self._talk(private, message)
            return self._talk(line, message)

    def _talk(self, line: socket.socket, message: TextMessage) -> Answer:
        # http.client follows no redirect: nobody else is told the code.
        connection = HTTPConnection(self.template.url.netloc.rpartition("@")[2])
        connection.sock = line
        body = self.template.body(message).encode()
        connection.request(
            "POST" if body else "GET", self.template.path(message), body=body or None, headers=self.template.headers(message)
        )
        with connection.getresponse() as answer:
            text = answer.read(MOST)
            if len(text) < MOST and answer.length:
                raise IncompleteRead(b"", answer.length)
            return Answer(answer.status, answer.headers.get("Retry-After", ""), text.decode("utf-8", "replace"))


def texter(settings: Settings) -> Texter | None:
    """The way text messages go out of this installation; None when there is none. Raises BadTemplate."""
    if settings.sms_url in ("", CONSOLE):
        return Console() if settings.sms_url else None
    return Gateway(settings.sms_url, body=settings.sms_body, headers=settings.sms_headers, sender=settings.sms_from, ok=settings.sms_ok)


def usable(settings: Settings) -> bool:
    """Whether a text message could go out at all, as far as the settings tell."""
    try:
        return texter(settings) is not None
    except BadTemplate:
        return False


def asked_pause(retry_after: str, at: datetime) -> timedelta | None:
    """The pause that Retry-After asks for, in seconds or until a date: an hour at most. None when it says neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(), min(until - at, LONGEST_PAUSE)) if until.tzinfo else None


@contextmanager
def ending(line: socket.socket, patience: float) -> Iterator[None]:
    """Hang up after so many seconds, whatever is going on: a socket's own limit begins anew with each byte. Raises TimeoutError."""
    late = threading.Event()
    # A second handle: TLS takes the first one over.
    watched = line.dup()
    watch = threading.Timer(patience, _hang_up, (watched, late))
    watch.start()
    try:
        yield
    except (OSError, HTTPException):
        if not late.is_set():
            raise
    finally:
        watch.cancel()
        watch.join()
        watched.close()
    if late.is_set():
        raise TimeoutError


def _hang_up(line: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # the other side was quicker
        line.shutdown(socket.SHUT_RDWR)
