"""Manual provisions on their way: read and kept, confirmed by a code over exactly what was shown, above the threshold by a second one, booked.

Source: the issue on commissions, "manual provisions … dry run, line errors, two people above a threshold".
"""

import json
from collections.abc import Sequence
from datetime import datetime

from vps.commissions.actions.booking import book_run
from vps.commissions.actions.claiming import Lost, claim, let_go
from vps.commissions.actions.manual_lines import Given, digest_of
from vps.commissions.models import Run
from vps.commissions.models.manual import BATCH, MANUAL
from vps.commissions.models.manual_shown import Shown, shown_of, sums_of
from vps.company.models import company
from vps.company.models.rates import estimate
from vps.kernel.authorisation import Actor
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, locked, many, one, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import BeingBooked, record
from vps.security.actions import BatchChanged, BatchDone, ByBatch, UsedCode, authorise_batch, open_batch
from vps.wallets.actions import Decided, NoReason, NotYourOwn, TakesAnother

AT_ONCE = 2_000
"""Lines up to which the page that books them waits for it; of more the worker takes care."""


class KnownProvisions(Refused):
    """Facts: number, the first one's."""

    says = N_("Just these provisions were handed in before, as no. %(number)s. Nothing was kept twice.")
    status = 409


def worth_of(sums: Sequence[Money], at: datetime) -> Money | None:
    """What several currencies come to in the company's, by today's rates; None where one of them has none."""
    ours, day = company().currency, day_in(at, company().zone)
    each = [money if money.currency == ours else estimate(money, ours, day) for money in sums]
    return None if None in each else Money(sum(money.minor for money in each if money), ours)


def needs_second(sums: Sequence[Money], *, at: datetime) -> bool:
    """Whether a colleague approves it: above the company's threshold, and where nobody can say what it is worth."""
    worth = worth_of(sums, at)
    return company().commission_staff > 1 and (worth is None or worth.minor > company().provision_alone_to)


@action
def propose(lines: Sequence[Given], *, name: str, key: str | None = None, actor: Actor, at: datetime) -> int:
    """Keep these provisions until they are confirmed, and answer the run's id. Books nothing.

    `key` is the form's, of what was typed: sent again it finds what the first one made. A file is known by its content.
    Raises KnownProvisions.
    """
    digest = digest_of(lines)
    lane = f"{MANUAL}:{key or digest}"
    known = one(KNOWN, lane)
    if known and key:
        return int(known[0])
    if known:
        raise KnownProvisions(number=known[0])
    codes = {given.currency for given in lines}
    currency = codes.pop() if len(codes) == 1 else company().currency
    facts = {
        "partners": len({given.person for given in lines}),
        "lines": len(lines),
        "lines_digest": digest,
        "facts": json.dumps({"name": name}),
    }
    total = sum(given.minor for given in lines if given.currency == currency)
    made = Run.create(kind=MANUAL, lane=lane, cutoff=at, currency=currency, total=total, drafted_at=at, drafted_by=actor.person, calculated_at=at, **facts)  # fmt: skip
    many(LINE, ((made.id, n, *given) for n, given in enumerate(lines, 1)))
    run(SHARES, made.id)
    record(actor, "provisions read", f"provisions:{made.id}", at=at, after=" ".join(map(str, sums_of(made.id))))
    return int(made.id)


def confirm(key: int, *, shown: str, code: str, actor: Actor, at: datetime) -> None:
    """Whoever has looked at it confirms it by a code of the app. What needs nobody else is booked; pressed twice, it is once.

    `shown` is the digest of what the page showed. Raises NotFound, Decided, NotYourOwn, BatchChanged, what a code can be refused for.
    """
    if _decide(key, 1, shown=shown, code=code, actor=actor, at=at):
        _book(key, at)


def approve(key: int, *, shown: str, code: str, actor: Actor, at: datetime) -> None:
    """A colleague approves what was confirmed, by a code of his own over the same preview, and it is booked.

    Raises TakesAnother, and what `confirm` raises.
    """
    _decide(key, 2, shown=shown, code=code, actor=actor, at=at)
    _book(key, at)


@action
def refuse(key: int, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """A colleague refuses it, and says why; or one of those who brought it gives it up. Raises NotFound, Decided, NoReason."""
    why = clean_text(reason, most=200)
    this = _locked(key)
    if not this.waits:
        raise Decided
    own = actor.person in this.makers
    if not why and not own:
        raise NoReason
    run("UPDATE commission_run SET discarded_at = ?, discarded_by = ?, reason = ? WHERE id = ?", micros(at), actor.person, why, key)
    record(actor, "provisions withdrawn" if own else "provisions refused", f"provisions:{key}", at=at, after=why)


def book_now(key: int, *, at: datetime) -> None:
    """Book approved provisions in this moment; while another run is being booked, the worker does it afterwards."""
    mine = claim(key, "book", at=at)
    if mine:
        try:
            book_run(key, mine, now=lambda: at)
        except (Lost, BeingBooked):
            pass
        finally:
            let_go(key, mine)


def _decide(key: int, step: int, *, shown: str, code: str, actor: Actor, at: datetime) -> bool:
    this = shown_of(key)
    if this is None:
        raise NotFound
    if shown != this.digest(step):
        raise BatchChanged
    if this.decided(step):
        return this.approved_at is not None
    try:
        batch = open_batch(BATCH, this.subject(step), this.content, count=this.lines, amount=this.total, actor=actor, at=at)
        return _decided(key, step, authorise_batch(batch, code=code, actor=actor, at=at), at=at)
    except (BatchDone, UsedCode):
        # The first of two presses was just this one.
        now = shown_of(key)
        if now and now.decided(step):
            return now.approved_at is not None
        raise


@action
def _decided(key: int, step: int, by: ByBatch, *, at: datetime) -> bool:
    this, actor = _locked(key), by.actor
    if this.decided(step):
        raise BatchDone
    if not this.waits or (step == 2 and not this.decided(1)):
        raise Decided
    if one(AMONG, key, actor.person):
        raise NotYourOwn
    if step == 2 and actor.person in this.makers:
        raise TakesAnother
    by.use_up(subject=this.digest(step), amount=this.total, at=at)
    final = step == 2 or not needs_second(this.sums, at=at)
    if step == 1:
        run("UPDATE commission_run SET facts = ? WHERE id = ?", this.confirmed(actor.person, at), key)
    if final:
        run("UPDATE commission_run SET approved_at = ?, approved_by = ? WHERE id = ?", micros(at), actor.person, key)
    after = " ".join(map(str, this.sums))
    record(actor, "provisions approved" if step == 2 else "provisions confirmed", f"provisions:{key}", at=at, after=after)
    return final


def _locked(key: int) -> Shown:
    run(locked("SELECT 1 FROM commission_run WHERE id = ?"), key)
    this = shown_of(key)
    if this is None:
        raise NotFound
    return this


def _book(key: int, at: datetime) -> None:
    if one("SELECT lines FROM commission_run WHERE id = ?", key)[0] <= AT_ONCE:
        book_now(key, at=at)


KNOWN = "SELECT id FROM commission_run WHERE lane = ? AND kind = 'manual' AND discarded_at IS NULL"
LINE = "INSERT INTO manual_provision (run_id, n, person_id, kind, currency, amount, text) VALUES (?, ?, ?, ?, ?, ?, ?)"
SHARES = (
    "INSERT INTO commission_share (run_id, payee, kind, currency, amount, lines, free, held) SELECT run_id, person_id, kind, currency,"
    " sum(amount), count(*), '', '' FROM manual_provision WHERE run_id = ? GROUP BY run_id, person_id, kind, currency"
)
AMONG = "SELECT 1 FROM manual_provision WHERE run_id = ? AND person_id = ? LIMIT 1"
