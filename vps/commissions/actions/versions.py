"""Writing versions of the plan, and putting one into force: one proposes it from a day on, a colleague looks at the same and agrees.

A version is never changed, and what it is made from stays. Where the company allows it, one person alone puts a version into force;
that stands beside it for ever.
"""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

from vps.commissions.models.rows import Plan, PlanForce
from vps.commissions.models.versions import calculated_until, newest_plan
from vps.commissions.plans.document import canonical, parse
from vps.commissions.plans.plan import Plan as Rules
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, is_postgres, locked, one, run
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text
from vps.ledger.actions import record
from vps.wallets.models import WalletKind

MOST_BYTES = 100_000
"""The longest document."""
LONGEST_NOTE = 200


class PlanTooLong(Refused):
    """Facts: most."""

    says = N_("This plan is too long. The most is %(most)s characters.")
    field = "document"


class NoNote(Refused):
    says = N_("Please write what is different in this version.")
    field = "note"


class NothingNew(Refused):
    says = N_("This is what the newest version says already.")


class NoSuchWallet(Refused):
    """Facts: where, kinds."""

    says = N_("%(where)s: there is no kind of wallet like this that receives commissions. There are: %(kinds)s")


class NotKept(Refused):
    """Facts: where, currencies."""

    says = N_("%(where)s: the company keeps no wallets in this currency. It keeps: %(currencies)s")


class AlreadyCalculated(Refused):
    """Facts: day."""

    says = N_("Commissions have been calculated up to there. A plan can begin on %(day)s or later.")
    field = "since"


class ProposedAlready(Refused):
    says = N_("This version is proposed for this day already.")
    field = "since"


class NotAlone(Refused):
    says = N_("The company does not allow one person alone to put a plan into force: a colleague must agree.")
    field = "alone"


class NeedsColleague(Refused):
    says = N_("Somebody else who manages must agree: whoever proposed it cannot.")


class Decided(Refused):
    says = N_("This was decided in the meantime, or something newer is in force for that day. Nothing was changed.")


def read_plan(text: str) -> Rules:
    """A plan that this company could have: its wallets and currencies exist, too. Raises what is wrong with it, with its place."""
    if len(text) > MOST_BYTES:
        raise PlanTooLong(most=MOST_BYTES)
    plan, kept = parse(text), company().kept_in
    kinds = [kind.code for kind in WalletKind.select().where(WalletKind.ended_at.is_null(), WalletKind.commission).order_by(WalletKind.id)]
    _known("currency", plan.currency, kept)
    for place, bonus in enumerate(plan.bonuses):
        _known(f"bonuses[{place}].currency", bonus.currency, kept)
        if bonus.wallet not in kinds:
            raise NoSuchWallet(where=f"bonuses[{place}].wallet", kinds=", ".join(kinds))
    return plan


@action
def keep_plan(text: str, note: str, *, actor: Actor, at: datetime) -> int:
    """Write a new version of the plan, which counts for nothing yet. Answers its number.

    Source: DESIGN, commissions: plans are data, versioned. Raises what `read_plan` raises, NoNote, NothingNew.
    """
    read_plan(text)
    why = clean_text(note, most=LONGEST_NOTE)
    if not why:
        raise NoNote
    _one_at_a_time()
    document, newest = canonical(text), newest_plan()
    digest = sha256(document.encode()).hexdigest()
    if newest and newest.digest == digest:
        raise NothingNew
    version = newest.version + 1 if newest else 1
    Plan.create(version=version, document=document, digest=digest, note=why, made_at=at, made_by=actor.person)
    record(actor, "plan written", f"plan:{version}", at=at, after=why)
    return int(version)


@action
def propose_plan(version: int, since: date, *, alone: bool = False, actor: Actor, at: datetime) -> int:
    """Have a version count from a day on, once a colleague agrees; `alone`: at once. Answers the key of the proposal.

    What was calculated already stays by the plan it was calculated with. A command on the server needs nobody.
    Raises NotFound, AlreadyCalculated, ProposedAlready, NotAlone.
    """
    found = one("SELECT id FROM commission_plan WHERE version = ?", version)
    if found is None:
        raise NotFound
    if alone and actor.person is not None and not company().plans_alone:
        raise NotAlone
    _one_at_a_time()
    _must_not_be_calculated(since)
    if one(LIVE, found[0], since.isoformat()):
        raise ProposedAlready
    agreed = {"agreed_at": at, "agreed_by": actor.person} if alone else {}
    made = PlanForce.create(plan=found[0], since=since, alone=alone, proposed_at=at, proposed_by=actor.person, **agreed)
    record(actor, "plan in force alone" if alone else "plan proposed", f"plan:{version}", at=at, after=since.isoformat())
    return int(made.id)


@action
def agree_to_plan(key: int, *, actor: Actor, at: datetime) -> None:
    """A colleague of who proposed it puts a version into force. Raises NotFound, Decided, NeedsColleague, AlreadyCalculated."""
    version, since, proposer = _waiting(key)
    if actor.person is None or actor.person == proposer:
        raise NeedsColleague
    _must_not_be_calculated(since)
    if one(NEWER, since.isoformat(), key):
        raise Decided
    run("UPDATE commission_plan_force SET agreed_at = ?, agreed_by = ? WHERE id = ?", micros(at), actor.person, key)
    record(actor, "plan in force", f"plan:{version}", at=at, after=since.isoformat())


@action
def withdraw_plan(key: int, *, actor: Actor, at: datetime) -> None:
    """Whoever manages takes a proposal back: who made it, or a colleague who does not agree. Raises NotFound, Decided."""
    version, since, _ = _waiting(key)
    run("UPDATE commission_plan_force SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?", micros(at), actor.person, key)
    record(actor, "plan withdrawn", f"plan:{version}", at=at, after=since.isoformat())


def _waiting(key: int) -> tuple[int, date, int | None]:
    _one_at_a_time()
    found = one(locked("SELECT plan_id, since, proposed_by, agreed_at, withdrawn_at FROM commission_plan_force WHERE id = ?"), key)
    if found is None:
        raise NotFound
    if found[3] is not None or found[4] is not None:
        raise Decided
    return int(one("SELECT version FROM commission_plan WHERE id = ?", found[0])[0]), date.fromisoformat(found[1]), found[2]


def _must_not_be_calculated(since: date) -> None:
    first = calculated_until()
    if first is not None and since < first:
        raise AlreadyCalculated(day=first)


def _known(where: str, currency: str, kept: Iterable[str]) -> None:
    if currency not in kept:
        raise NotKept(where=where, currencies=", ".join(kept))


def _one_at_a_time() -> None:
    # Of two who write at once, the second sees what the first has written; and so does who begins a run, which takes the same lock.
    if is_postgres():
        run("SELECT pg_advisory_xact_lock(10031)")


LIVE = "SELECT 1 FROM commission_plan_force WHERE plan_id = ? AND since = ? AND agreed_at IS NULL AND withdrawn_at IS NULL"
NEWER = "SELECT 1 FROM commission_plan_force WHERE since = ? AND id > ? AND agreed_at IS NOT NULL LIMIT 1"
