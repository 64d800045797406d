"""A file takes pay-outs to the bank: shown first, made by one code of the app over exactly what was shown, kept byte for byte.

Source: DESIGN, "staff authorise one previewed batch with one code"; SECURITY, rogue secretary.
"""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from vps.bank.actions.matching import among
from vps.bank.actions.paydesk import Desk, approved_with, desk_of, due_for
from vps.bank.models import Ours
from vps.bank.models.cents import cent_texts
from vps.bank.models.paydesk import PREVIEW, Waiting, file_of_batch, shown_text
from vps.bank.payfiles.batch import Batch, Debtor, NothingToPay, Transfer
from vps.bank.payfiles.files import FORMATS, write
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, locked, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.ledger.actions import record
from vps.security.actions import BatchChanged, BatchDone, ByBatch, UsedCode, authorise_batch, open_batch
from vps.security.models import batch_digest


class SettingMissing(Refused):
    """Facts: name, the setting's."""

    says = N_(
        "This kind of file needs a setting of the company that is missing. Whoever runs VPS sets it with: vps settings set %(name)s …"
    )


class Draft(NamedTuple):
    """What a file would pay: shown before it is made, and again what is made then."""

    ours: Ours
    desk: Desk
    instant: bool
    paid: list[Waiting]
    amount: Money

    @property
    def subject(self) -> str:
        """What the batch is about."""
        return f"{self.ours.number} {self.desk.day.isoformat()}"

    @property
    def content(self) -> str:
        """The canonical text of everything that is shown."""
        paid = ((each.id, each.holder, each.number, each.amount.minor, each.text) for each in self.paid)
        return shown_text(self.ours.number, self.ours.pay_format, self.desk.day, self.instant, paid)

    @property
    def digest(self) -> str:
        """In hex, as a form carries it."""
        facts = self.subject, len(self.paid), self.amount.minor, self.amount.currency
        return batch_digest(PREVIEW, *facts, self.content).hex()


def draft_of(account: int, *, instant: bool, actor: Actor, at: datetime) -> Draft:
    """The next file of an account, as it would be now; without the actor's own pay-outs, unless a colleague approved them. Raises NotFound."""
    desk = desk_of(account, at)
    paid = [each for each in due_for(desk, at) if each.approved or each.person is None or each.person != actor.person]
    amount = Money(sum(each.amount.minor for each in paid), desk.ours.currency)
    return Draft(desk.ours, desk, instant, paid, amount)


def must_be_writable(draft: Draft, at: datetime) -> None:
    """Raise what stands in the file's way before anybody is asked for a code: a BatchRefused, or SettingMissing."""
    _written(draft, 0, at)


def make_file(account: int, *, instant: bool, shown: str, code: str, actor: Actor, at: datetime) -> int:
    """Make the file that was shown, by a code of the app, and answer its id; pressed twice, it is made once.

    `shown` is the digest of what the page showed. Would it be another file by now, none is made. Raises BatchChanged, NotFound,
    what a code can be refused for, BatchRefused, SettingMissing.
    """
    draft = draft_of(account, instant=instant, actor=actor, at=at)
    if shown != draft.digest:
        return _made_before(shown, BatchChanged())
    batch = open_batch(PREVIEW, draft.subject, draft.content, count=len(draft.paid), amount=draft.amount, actor=actor, at=at)
    content = _written(draft, batch, at)  # takes seconds for thousands: before the transaction
    try:
        return _make(draft, content, authorise_batch(batch, code=code, actor=actor, at=at), at=at)
    except (BatchDone, BatchChanged, UsedCode) as late:
        return _made_before(shown, late)


@action
def read_file(key: int, *, actor: Actor, at: datetime) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a file, the same whenever it is asked for; who did is written down. Raises NotFound."""
    row = one("SELECT message_id, format, content FROM payout_file WHERE id = ?", key)
    if row is None:
        raise NotFound
    message, name, content = row
    record(actor, "payout file read", f"payout file:{key}", at=at)
    return f"{message}.{FORMATS[name].suffix}", FORMATS[name].media_type, bytes(content)


@action
def _make(draft: Draft, content: bytes, by: ByBatch, *, at: datetime) -> int:
    # Of two presses the second one waits here, and finds what the first one did.
    one(locked("SELECT id FROM bank_account WHERE id = ?"), draft.ours.id)
    if one("SELECT authorised_at FROM batch WHERE id = ?", by.batch)[0] is not None:
        raise BatchDone
    among(locked("SELECT id FROM payout WHERE id IN ({}) ORDER BY id"), (each.id for each in draft.paid))
    now = draft_of(draft.ours.id, instant=draft.instant, actor=by.actor, at=at)
    by.use_up(subject=now.digest, amount=now.amount, at=at)
    approved_with([each.id for each in draft.paid if not each.approved], actor=by.actor, at=at)
    message, facts = _message(by.batch, at), (len(draft.paid), draft.amount.minor, draft.amount.currency)
    of = draft.ours.id, draft.ours.pay_format, message, draft.desk.day.isoformat(), *facts
    key = insert(KEEP, *of, content, sha256(content).digest(), by.batch, micros(at), by.actor.person)
    for each in draft.paid:
        run(TAKE, key, each.id)
    record(by.actor, "payout file made", f"payout file:{key}", at=at, after=f"{message} {len(draft.paid)} {draft.amount}")
    return key


def _made_before(shown: str, otherwise: Refused) -> int:
    # The first of two presses, or a colleague, made just this file.
    found = file_of_batch(bytes.fromhex(shown)) if len(shown) == 64 and set(shown) <= set("0123456789abcdef") else None
    if found is None:
        raise otherwise
    return found


def _message(batch: int, at: datetime) -> str:
    return f"VPS-{day_in(at, company().zone):%Y%m%d}-{batch}"


def _written(draft: Draft, batch: int, at: datetime) -> bytes:
    if not draft.paid:
        raise NothingToPay
    name = draft.ours.pay_format
    needed = {"rs": ("place", "payout_purpose"), "1c": ("tax_number",)}.get(name, ())
    missing = next((setting for setting in needed if not getattr(company(), setting)), "")
    if missing:
        raise SettingMissing(name=missing)
    codes = cent_texts()
    transfers = tuple(_transfer(each, name, codes.get(each.id, each.text)) for each in draft.paid)
    made = Batch(
        message_id=_message(batch, at),
        made_at=at.astimezone(ZoneInfo(company().zone)),
        execution_day=draft.desk.day,
        debtor=_debtor(draft.ours),
        transfers=transfers,
        instant=draft.instant,
    )
    return write(made, name)


def _debtor(ours: Ours) -> Debtor:
    us = company()
    return Debtor(
        us.legal_name or us.name, ours.number, ours.bic, place=us.place, bank=ours.bank, correspondent=ours.correspondent,
        tax_number=us.tax_number,
    )  # fmt: skip


def _transfer(each: Waiting, name: str, text: str) -> Transfer:
    purpose = company().payout_purpose if name == "rs" else ""
    facts = each.holder, each.number, each.bic, each.amount, text
    return Transfer(f"VPS{each.id}", *facts, language=each.language.partition("_")[0], purpose_code=purpose)


KEEP = (
    "INSERT INTO payout_file (bank_account_id, format, message_id, day, count, amount, currency, content, digest, batch_id, made_at,"
    " made_by, void_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
TAKE = "UPDATE payout SET file_id = ? WHERE id = ?"
