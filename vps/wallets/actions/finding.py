"""Who is to get something is found by what the sender was told: a number, a phone, an address, a code. Nobody is found by trying.

A miss says the same whatever is missed, and is counted; so is everybody found to whom nothing was ever sent. Source: SECURITY, bad input 27.
"""

import re
from datetime import datetime, timedelta

from vps.kernel.authorisation import Actor
from vps.kernel.database import database, rows
from vps.kernel.numbers import is_partner_number
from vps.kernel.text import WrongEmail, WrongPhone, clean_email, clean_phone
from vps.people.actions import Rule, count_failure, must_not_wait, network
from vps.people.models import Person
from vps.wallets.actions.transfer_refusals import NoRecipient, ToYourself
from vps.wallets.models import is_new_to, number_in

MISSED = Rule("recipient", 10, timedelta(minutes=15), timedelta(minutes=15))
MISSED_FROM = Rule("recipients of a network", 50, timedelta(hours=1), timedelta(hours=1))
STRANGERS = Rule("strangers", 50, timedelta(hours=24), timedelta(hours=24))
"""Partner numbers follow one another: who walks through them finds somebody every time, and is stopped here."""


def find_recipient(typed: str, *, actor: Actor, at: datetime) -> Person:
    """The partner who is meant by a number, a phone, an e-mail address or a code, and can receive.

    Raises ToYourself, TooManyTries, and NoRecipient: for who is not there, is closed or frozen, cannot receive, or shares what was typed.
    """
    assert not database.in_transaction(), "a rollback would forget the miss"
    assert actor.person is not None
    me = str(actor.person)
    must_not_wait([(MISSED, me), (MISSED_FROM, network(actor.address)), (STRANGERS, me)], at)
    found = _meant(typed, actor.person)
    if len(found) != 1:
        count_failure([(MISSED, me), (MISSED_FROM, network(actor.address))], at)
        raise NoRecipient
    person = with_id(found[0])
    if person.id == actor.person:
        raise ToYourself
    if is_new_to(actor.person, person.id):
        count_failure([(STRANGERS, me)], at)
    return person


def recipient_by_code(code: str, *, me: int) -> Person:
    """Who stands in a code that we made. It is not counted: nobody can try codes. Raises NoRecipient, ToYourself."""
    number = number_in(code)
    found = _able("number", number, me) if number else []
    if not found:
        raise NoRecipient
    if found == [me]:
        raise ToYourself
    return with_id(found[0])


def with_id(key: int) -> Person:
    """The person with an id that was just read."""
    found = Person.with_id(key)
    assert found
    return found


def _meant(typed: str, me: int) -> list[int]:
    number = re.sub(r"[\s./-]", "", typed)
    for column, text in (
        ("number", number if is_partner_number(number) else number_in(typed)),
        ("email", _email(typed)),
        ("phone", _phone(typed)),
    ):
        if text:
            return _able(column, text, me)
    return _able("number", "", me)  # as long as looking for somebody who is not there


def _able(column: str, text: str, me: int) -> list[int]:
    return [key for (key,) in rows(ABLE[column], text, me)]


def _email(typed: str) -> str | None:
    try:
        return clean_email(typed).lower()
    except WrongEmail:
        return None


def _phone(typed: str) -> str | None:
    try:
        return clean_phone(typed)
    except WrongPhone:
        return None


ABLE = {
    column: f"SELECT p.id FROM person p WHERE p.{column} = ? AND p.{column} <> '' AND (p.id = ? OR p.closed_at IS NULL AND p.number IS NOT NULL"  # noqa: S608 - three columns
    " AND NOT EXISTS (SELECT 1 FROM wallet_freeze f WHERE f.person_id = p.id AND f.lifted_at IS NULL)"
    " AND EXISTS (SELECT 1 FROM wallet w JOIN wallet_kind k ON k.code = w.kind WHERE w.person_id = p.id AND w.closed_at IS NULL"
    " AND w.frozen_at IS NULL AND k.receives)) LIMIT 2"
    for column in ("number", "email", "phone")
}
