"""Messages as they are sent: an outbox row keeps facts, and its template says them in the recipient's language."""

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader

from vps.bank.actions import retold
from vps.bank.reasons import coded, reason
from vps.company.models import Company, company
from vps.hypermedia.languages import Words
from vps.kernel.clock import instant
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.kernel.settings import Settings
from vps.orders.actions import TOLD
from vps.orders.models import Order
from vps.orders.models.receipt import receipt_of
from vps.people.actions import HAPPENED
from vps.people.words import ALLOWED
from vps.post.actions import Claimed
from vps.post.mail import compose
from vps.post.refusals import retold as refusal_of
from vps.post.sms import plain
from vps.security.actions import told_by_phone, told_by_sms
from vps.trust.actions import told_by_code
from vps.trust.identity_words import in_mail
from vps.trust.titles import titled
from vps.wallets.kept import facts_of
from vps.wallets.words import why


def render(settings: Settings, kind: str, *, key: str, address: str, language: str, facts: dict[str, Any]) -> EmailMessage:
    """The mail of an outbox row, in the recipient's language."""
    ours: Company = company()
    shown = _rendered(settings, kind, language, facts)
    host = urlsplit(_base(settings)).hostname or ""
    return compose(shown, to=address, sender_address=ours.email, sender_name=ours.name, key=key, host=host)


def render_text(settings: Settings, message: Claimed) -> str:
    """The text message of an outbox row, in the recipient's language and in letters that cost little."""
    return plain(_rendered(settings, message.kind, message.language, message.facts).strip(), message.language)


def _rendered(settings: Settings, kind: str, language: str, facts: dict[str, Any]) -> str:
    shown = {**facts, **MORE[kind](facts)} if kind in MORE else facts
    template = templates(settings).get_template(f"post/{kind}.txt")
    return template.render(words=Words(language), company=company(), base=_base(settings), N_=N_, **shown)


def _base(settings: Settings) -> str:
    return settings.public_url.rstrip("/") or "http://127.0.0.1:8000"


MORE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "reconciliation": retold,
    "receipt": lambda facts: {"receipt": receipt_of(Order.get_by_id(facts["order"]))},
    "code": lambda facts: told_by_sms(facts["intent"]),
    "identity_code": lambda facts: told_by_code(facts["claim"]),
    "identity_sms": lambda facts: told_by_code(facts["claim"]),
    "identity": in_mail,
    "phone": lambda facts: told_by_phone(facts["phone"]),
    "skipped": lambda facts: {"what": HAPPENED["pay-out rule skipped"], "refusal": refusal_of(facts["refusal"])},
    "trust": lambda facts: {"what": HAPPENED["trust risen" if facts["risen"] else "trust fallen"], "titled": titled},
    "sponsor": lambda facts: {"what": HAPPENED["sponsor moved"], "day": date.fromisoformat(facts["day"])},
    "notice": lambda facts: {"what": HAPPENED[facts["verb"]], "moment": instant(facts["at"])},
    "rights": lambda facts: {"allowed": ALLOWED, "moment": instant(facts["at"])},
    "booking": lambda facts: {
        "what": why(facts["motive"], reversed=facts["back"]),
        "amount": Money(facts["minor"], facts["currency"]),
        "balance": Money(facts["after"], facts["currency"]),
        "moment": instant(facts["at"]),
    },
    "order": lambda facts: {
        "what": TOLD[facts["verb"]],
        "amount": Money(facts["minor"], facts["currency"]),
        "moment": facts["until"] and instant(facts["until"]),
        "code": coded(facts["reason"]),
    },
    "standing": lambda facts: {
        "amount": Money(facts["minor"], facts["currency"]),
        "day": date.fromisoformat(facts["day"]),
        "next": facts["next"] and date.fromisoformat(facts["next"]),
        "why": facts["refusal"]["says"],
        "facts": facts_of(facts["refusal"]),
    },
    "asked_back": lambda facts: {"amount": Money(facts["minor"], facts["currency"])},
    "request": lambda facts: {"amount": Money(facts["minor"], facts["currency"]), "moment": instant(facts["until"])},
    "payout": lambda facts: {
        "what": HAPPENED[facts["verb"]],
        "amount": Money(facts["minor"], facts["currency"]),
        "cost": Money(facts["fee"], facts["currency"]),
        "goes": date.fromisoformat(facts["day"]),
        "why": reason(facts["reason"]),
        "moment": instant(facts["at"]),
    },
}
"""What the template of a kind of message needs beyond the facts that were kept."""


@cache
def templates(settings: Settings) -> Environment:
    """Plain text needs no escaping and no web: the worker renders without the app."""
    return Environment(loader=FileSystemLoader(settings.data / "templates"), trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - text, not HTML
