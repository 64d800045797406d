"""What a dialog about a transfer had shown, read from what was signed and confirmed: who gets it, from which wallet, and what arrives.

The subject is "<partner number> <what was planned> <message>": its first word names who gets it in a text message. Nobody is taken from a
field: the receiver's wallet is bound by the code, and whose it is follows from it.
"""

from typing import NamedTuple

from vps.kernel.database import one
from vps.kernel.money import Money
from vps.post.sms import safe_name
from vps.security.models import HIGH, VIEW
from vps.wallets.actions.planning import OWN, Planned
from vps.wallets.models import is_new_to


class Agreed(NamedTuple):
    """What was confirmed beside the amount. `expected` is the subject as it was planned, `sent` what leaves besides the fee."""

    from_wallet: int
    to_wallet: int
    recipient: int
    name: str
    number: str
    sent: Money
    fee: Money
    arrives: Money
    rate: str
    expected: str
    rest: str

    @property
    def takes(self) -> Money:
        """All that leaves the wallet."""
        return self.sent + self.fee


def subject_of(planned: Planned, number: str, rest: str) -> str:
    """What is signed and confirmed of a transfer beside amount and payee; `rest` is its message, or the request that it pays."""
    return f"{number} {planned.subject} {rest}"


def payee_of(name: str, number: str) -> str:
    """Who gets it, as a text message and a passkey say it; the number stands beside it."""
    return safe_name(name) or number


def agreed(subject: str, amount: Money) -> Agreed:
    """What was confirmed, from its subject."""
    number, *words, rest = subject.split(" ", 8)
    from_wallet, to_wallet, sent, fee, arrives, currency, rate = words
    recipient, name = one(OWNER, int(to_wallet))
    money = Money(int(sent), amount.currency), Money(int(fee), amount.currency), Money(int(arrives), currency)
    said = "" if rate == "-" else rate
    return Agreed(int(from_wallet), int(to_wallet), int(recipient), name, number, *money, said, " ".join(words), rest)


def needs(planned: Planned) -> int:
    """The least security level: who was never sent anything is confirmed by a way that is bound to him. Source: SECURITY, rule R1."""
    return VIEW if planned.kind == OWN else needed_for(planned.sender.person, planned.receiver.person)


def needed_for(sender: int, recipient: int) -> int:
    """The same for two persons."""
    return HIGH if sender != recipient and is_new_to(sender, recipient) else VIEW


OWNER = "SELECT p.id, p.name FROM wallet w JOIN person p ON p.id = w.person_id WHERE w.id = ?"
