"""Whatever happens to a pay-out stands in its owner's history, and he is told of it by mail."""

from datetime import datetime

from vps.bank.models import Payout
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.ledger.actions import record
from vps.people.actions import freeze_link, note
from vps.post.actions import post

SILENT = ("pay-out approved", "pay-out released")
"""What needs no mail."""


def tell_payout(payout: Payout, verb: str, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Note what happened, in the transaction in which it did: "pay-out asked", held, released, approved, executed, returned and so on.

    `reason` is the bank's code for what was returned, and else the office's own words.
    """
    person = payout.person_id
    after = " ".join(filter(None, (str(payout.money), payout.masked, reason)))
    if person is None:
        record(actor, verb, f"payout:{payout.id}", at=at, after=after)
        return
    note(actor, verb, person, at=at, after=after)
    name, email, language, zone = one("SELECT name, email, language, zone FROM person WHERE id = ?", person)
    if not email or verb in SILENT:
        return
    facts = {"name": name, "verb": verb, "payout": payout.id, "minor": payout.amount, "fee": payout.fee, "currency": payout.currency,
             "holder": payout.holder, "account": payout.masked, "day": payout.day.isoformat(), "reason": reason, "at": micros(at), "zone": zone,
             "link": freeze_link(person)}  # fmt: skip
    post("payout", key=f"payout:{payout.id}:{verb}:{micros(at)}", address=email, language=language, facts=facts, at=at)
