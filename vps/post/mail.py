"""Sending mail: over SMTP with a verified certificate, or, where no server is named, into files that can be read."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

PATIENCE = 20
"""Seconds to wait for a mail server."""


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

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        host, secure = self.parts.hostname or "localhost", self.parts.scheme == "smtps"
        context = ssl.create_default_context()
        if secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(host, self.parts.port or 587, timeout=PATIENCE)
        with server:
            if not secure and host not in ("localhost", "127.0.0.1", "::1"):
                server.starttls(context=context)
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
            server.send_message(message)


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
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{host or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n")
    return message
