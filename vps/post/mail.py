"""Sending mail: over SMTP with a verified certificate, or, where no server is named, into files that can be read."""

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from vps.post.template import LOOPBACK, digest

PATIENCE = 20
"""Seconds to wait for each answer of a mail server."""


class WayShut(OSError):  # noqa: N818 - a state, not a mistake
    """The mail server could not be reached, or did not let us in: no message can go out, whichever it is."""


class Sender(Protocol):
    """Something that takes a message away or raises OSError (smtplib's errors are OSErrors)."""

    def send(self, message: EmailMessage) -> None: ...


class Files:
    """Writes each message into a folder: the demo's way, and that of a company that has no mail server yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = "".join(sign for sign in str(message["Message-ID"]) if sign.isalnum())[:60]
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())


class Smtp:
    """`smtp://user:password@host:587` with STARTTLS, `smtps://` with TLS from the start; loopback may go without."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.parts, self.patience = urlsplit(url), patience

    def send(self, message: EmailMessage) -> None:
        server = self._entered()
        try:
            server.send_message(message)
        finally:
            # It has the message or it has not; how it says goodbye must not send it once more.
            with suppress(OSError):
                server.quit()
            server.close()

    def _entered(self) -> smtplib.SMTP:
        """A server that is ready for a message. Raises WayShut."""
        host, secure = self.parts.hostname or "localhost", self.parts.scheme == "smtps"
        context = ssl.create_default_context()
        try:
            if secure:
                server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=self.patience, context=context)
            else:
                server = smtplib.SMTP(host, self.parts.port or 587, timeout=self.patience)
        except OSError as trouble:
            raise WayShut(str(trouble)) from trouble
        try:
            if not secure and host not in LOOPBACK:
                server.starttls(context=context)
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        except OSError as trouble:
            server.close()
            raise WayShut(str(trouble)) from trouble
        return server


def sender(mail_url: str, data_dir: Path) -> Sender:
    """The way mail goes out of this installation."""
    return Smtp(mail_url) if mail_url else Files(data_dir / "outbox")


def compose(rendered: str, *, to: str, sender_address: str, sender_name: str, key: str, host: str) -> EmailMessage:
    """A message from a rendered template: subject, a line of dashes, text. The same outbox row is the same message id, so that what is sent twice can be known."""
    subject, _, text = rendered.partition("\n---\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject.strip()
    user, _, domain = (sender_address or f"vps@{host or 'localhost'}").rpartition("@")
    message["From"] = Address(" ".join(sender_name.split()), user, domain)
    message["To"] = to
    message["Message-ID"] = f"<{digest(key)}@{host or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n")
    return message
