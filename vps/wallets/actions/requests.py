"""A partner asks for a payment: another partner, or whoever is shown the code. Paid once, denied, withdrawn, or over after two weeks.

Source: the issue on wallets, "a partner asks another, who confirms with a TAN".
"""

from datetime import datetime, timedelta

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text, short_name
from vps.ledger.actions import record
from vps.post.actions import post
from vps.security.actions import ByTan
from vps.wallets.actions.confirmed import agreed
from vps.wallets.actions.paying import NoWallet
from vps.wallets.actions.planning import receiving
from vps.wallets.actions.transfer_refusals import NoRecipient, ToYourself
from vps.wallets.actions.transfers import make_agreed
from vps.wallets.models import Asking, asking, purses

KIND = "payment request"
"""The kind of intent that pays one."""
LIFE = timedelta(days=14)
MOST_OPEN = 20
"""Requests of one partner that are open, or were made within a day: who is asked gets a mail."""
LONGEST_MESSAGE = 140


class TooManyRequests(Refused):
    """Facts: most."""

    says = N_("There can be %(most)s open payment requests, and no more than that in a day. Please wait, or withdraw one.")
    status = 429


class RequestOver(Refused):
    says = N_("This payment request has been paid, denied or withdrawn, or is older than two weeks. Nothing was taken.")
    status = 409


@action
def ask_for(asker: int, payer: int | None, amount: Money, message: str, *, key: str, actor: Actor, at: datetime) -> int:
    """Ask somebody for a payment, or nobody yet (his code is shown to whoever is to pay), and answer the request's id.

    The same form sent twice makes one. Raises ToYourself, NoWallet, NoRecipient, TooManyRequests.
    """
    one(locked("SELECT id FROM person WHERE id = ?"), asker)  # presses at once go one after another
    done = one("SELECT id, asker_id FROM payment_request WHERE key = ?", key)
    if done:
        if done[1] != asker:
            raise NotFound
        return int(done[0])
    if payer == asker:
        raise ToYourself
    _must_receive(asker, amount.currency)
    if one(RECENT, asker, micros(at - timedelta(days=1)), micros(at))[0] >= MOST_OPEN:
        raise TooManyRequests(most=MOST_OPEN)
    words = clean_text(message, most=LONGEST_MESSAGE)
    made = insert(MAKE, key, asker, payer, amount.minor, amount.currency, words, micros(at), micros(at + LIFE))
    record(actor, "payment requested", f"request:{made}", at=at, after=str(amount))
    _tell(made, at)
    return made


@action
def pay_request(*, authorisation: ByTan, at: datetime) -> int:
    """Pay the request that was confirmed, and answer the transfer's id; a resend finds it. Raises RequestOver, and what a transfer raises."""
    shown, person = authorisation.snapshot, authorisation.actor.person
    assert shown.kind == KIND and shown.amount is not None and person is not None
    what = agreed(shown.subject, shown.amount)
    key = int(what.rest)
    done = one(PAID_BY, key, person)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    one(locked("SELECT id FROM payment_request WHERE id = ?"), key)
    asked = payable(key, person, at)
    assert (what.recipient, shown.amount) == (asked.asker, asked.amount), "what was confirmed is this request"
    made = make_agreed(f"request:{key}", what, shown.amount, message=asked.message, actor=authorisation.actor, at=at)
    paid = one(PAY, micros(at), made, key, micros(at))
    assert paid, "it was locked, and open"
    record(authorisation.actor, "request paid", f"request:{key}", at=at, after=str(shown.amount))
    return made


def payable(key: int, person: int, at: datetime) -> Asking:
    """A request that this person may pay now. Raises NotFound, RequestOver."""
    found = asking(key)
    if found is None or found.asker == person or (found.payer is not None and found.payer != person):
        raise NotFound
    if found.state(at).name != "OPEN":
        raise RequestOver
    return found


@action
def deny_request(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """Who is asked says no; saying it twice changes nothing. Raises NotFound, RequestOver."""
    _end_request(DENY, key, person, "payer", "request denied", actor, at)


@action
def withdraw_request(person: int, key: int, *, actor: Actor, at: datetime) -> None:
    """Who asked takes it back. Raises NotFound, RequestOver."""
    _end_request(WITHDRAW, key, person, "asker", "request withdrawn", actor, at)


def _end_request(sql: str, key: int, person: int, side: str, verb: str, actor: Actor, at: datetime) -> None:
    found = asking(key)
    if found is None or getattr(found, side) != person:
        raise NotFound
    if (found.denied_at if side == "payer" else found.withdrawn_at) is not None:
        return
    if not one(sql, micros(at), key, person, micros(at)):
        raise RequestOver
    record(actor, verb, f"request:{key}", at=at, after=str(found.amount))


def _must_receive(asker: int, currency: str) -> None:
    mine = [each for each in purses(asker) if each.currency == currency]
    try:
        receiving(mine, currency)
    except NoRecipient as none:
        raise NoWallet(currency=currency) from none


def _tell(key: int, at: datetime) -> None:
    asked = asking(key)
    assert asked
    if asked.payer is None:
        return
    name, email, language, zone = one("SELECT name, email, language, zone FROM person WHERE id = ?", asked.payer)
    if email:
        who = f"{short_name(asked.asker_name)}, {asked.asker_number}".removeprefix(", ")
        facts = {"name": name, "who": who, "minor": asked.amount.minor, "currency": asked.amount.currency, "message": asked.message, "request": key,
                 "until": micros(asked.expires_at), "zone": zone}  # fmt: skip
        post("request", key=f"request:{key}", address=email, language=language, facts=facts, at=at)


MAKE = (
    "INSERT INTO payment_request (key, asker_id, payer_id, amount, currency, message, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_LIVE = "paid_at IS NULL AND denied_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?"
RECENT = f"SELECT count(*) FROM payment_request WHERE asker_id = ? AND (asked_at > ? OR ({_LIVE}))"  # noqa: S608 - constant parts
PAID_BY = "SELECT t.id FROM payment_request r JOIN transfer t ON t.id = r.transfer_id WHERE r.id = ? AND t.sender_id = ?"
PAY = f"UPDATE payment_request SET paid_at = ?, transfer_id = ? WHERE id = ? AND {_LIVE} RETURNING id"  # noqa: S608 - constant parts
DENY = f"UPDATE payment_request SET denied_at = ? WHERE id = ? AND payer_id = ? AND {_LIVE} RETURNING id"  # noqa: S608 - constant parts
WITHDRAW = f"UPDATE payment_request SET withdrawn_at = ? WHERE id = ? AND asker_id = ? AND {_LIVE} RETURNING id"  # noqa: S608 - constant parts
