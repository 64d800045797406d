"""One code of the app for one previewed batch: what a member of staff saw before it is done is what is done, once.

Source: DESIGN, "staff authorise one previewed batch with one code"; SECURITY, rogue secretary.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from vps.kernel.authorisation import Actor, Authorisation
from vps.kernel.clock import micros
from vps.kernel.database import action, database, insert, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.security.actions.apps import UsedCode, fresh_step
from vps.security.actions.codes import SPEND_STEP, seconds_to_next
from vps.security.models import batch_digest


class BatchChanged(Refused):
    """What would be done now is not what was shown."""

    says = N_("Meanwhile something has changed, so nothing was booked. Please look at it again.")
    status = 409


class BatchDone(Refused):
    """A second press, or a colleague, came first."""

    says = N_("This was authorised already. Nothing was booked twice.")
    status = 409


@dataclass(frozen=True, slots=True)
class ByBatch(Authorisation):
    """A fresh code of the app for exactly one previewed batch. Only `authorise_batch` makes one; it is worth one act."""

    kind: ClassVar[str] = "batch"
    batch: int
    step: int

    def use_up(self, *, subject: str, amount: Money | None, at: datetime) -> None:
        """Authorise the batch and spend the code, or raise BatchDone, BatchChanged, UsedCode; runs in the act's own transaction.

        `subject` is the digest, in hex, of what is about to be done, worked out anew by whoever does it.
        """
        assert database.in_transaction() and self.actor.person is not None and amount is not None
        facts = bytes.fromhex(subject), amount.minor, amount.currency
        if not one(AUTHORISE, self.actor.person, micros(at), self.actor.address, self.batch, *facts):
            raise BatchDone if is_authorised(self.batch) else BatchChanged
        if not one(SPEND_STEP, self.step, self.actor.person, self.step):
            raise UsedCode(seconds=seconds_to_next(at))
        record(self.actor, "batch authorised", f"batch:{self.batch}", at=at, after=f"{amount} {subject[:16]}")


@action
def open_batch(kind: str, subject: str, content: str, *, count: int, amount: Money, actor: Actor, at: datetime) -> int:
    """Write down what is about to be shown, for somebody to authorise; the same preview again is the same batch while it is open.

    `content` is the canonical text of everything that is shown.
    """
    assert actor.person is not None
    digest = batch_digest(kind, subject, count, amount.minor, amount.currency, content)
    found = one(OPEN_ALREADY, kind, subject, digest)
    facts = digest, count, amount.minor, amount.currency
    return int(found[0]) if found else insert(OPEN, kind, subject, *facts, actor.person, micros(at))


def authorise_batch(batch: int, *, code: str, actor: Actor, at: datetime) -> ByBatch:
    """A right code for this batch; the act it authorises uses it up.

    Raises BatchDone, and what a code can be refused for; a wrong one is remembered.
    """
    assert actor.person is not None
    try:
        return ByBatch(actor, batch, fresh_step(actor.person, code, at=at))
    except UsedCode as used:
        # The code was used up for this very batch, by the first of two presses.
        if is_authorised(batch):
            raise BatchDone from used
        raise


def is_authorised(batch: int) -> bool:
    """Whether somebody authorised this batch, and so did what it was about."""
    return one("SELECT 1 FROM batch WHERE id = ? AND authorised_at IS NOT NULL", batch) is not None


OPEN = "INSERT INTO batch (kind, subject, digest, count, amount, currency, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
OPEN_ALREADY = "SELECT id FROM batch WHERE kind = ? AND subject = ? AND digest = ? AND authorised_at IS NULL ORDER BY id LIMIT 1"
AUTHORISE = (
    "UPDATE batch SET authorised_by = ?, authorised_at = ?, address = ?"
    " WHERE id = ? AND digest = ? AND amount = ? AND currency = ? AND authorised_at IS NULL RETURNING id"
)
