"""Once a day, when it is over and the bank can have told of it, those whom the company names hear whether bank and books agree."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vps.bank.models import bank_accounts
from vps.bank.models.reconciliation import Reconciled, Reconciliation, reconcile
from vps.company.models import company
from vps.kernel.database import action, one, rows
from vps.kernel.money import Money
from vps.post.actions import post

KIND = "reconciliation"


def tell_reconciliation(*, at: datetime) -> int:
    """Write the mails about yesterday, once to each address, after the last cut-off of today; answers how many.

    A look without a lock first: on most calls there is nothing to do.
    """
    ours = company()
    named = [address.strip() for address in ours.reconciliation_to.split(",") if address.strip()]
    local = at.astimezone(ZoneInfo(ours.zone))
    cutoffs = [account.cutoff for account in bank_accounts()]
    if not named or not cutoffs or local.hour * 60 + local.minute < max(cutoffs):
        return 0
    day = local.date() - timedelta(days=1)
    keys = {f"{KIND}:{day}:{address}": address for address in named}
    told = {key for (key,) in rows(TOLD.format(", ".join("?" * len(keys))), *keys)}
    missing = {key: address for key, address in keys.items() if key not in told}
    return _tell(day, missing, at=at) if missing else 0


@action
def _tell(day: date, missing: dict[str, str], *, at: datetime) -> int:
    facts = _told(reconcile(day))
    for key, address in missing.items():
        post(KIND, key=key, address=address, language=_language(address), facts=facts, at=at)
    return len(missing)


def retold(facts: dict[str, Any]) -> dict[str, Any]:
    """What the mail's template needs, of the facts that were kept."""
    return {
        "day": date.fromisoformat(facts["day"]),
        "closes": facts["closes"],
        "accounts": [{name: _back(fact) for name, fact in account.items()} for account in facts["accounts"]],
    }


def _told(found: Reconciliation) -> dict[str, Any]:
    accounts = [_account(account) for account in found.accounts]
    return {"day": found.day.isoformat(), "closes": found.closes, "accounts": accounts}


def _account(account: Reconciled) -> dict[str, Any]:
    facts = account._asdict() | {"difference": account.difference, "closes": account.closes}
    kept: dict[str, Any] = {name: _kept(fact) for name, fact in facts.items()}
    kept["reasons"] = [
        [_kept(reason.amount), reason.says, {name: _kept(fact) for name, fact in reason.facts.items()}] for reason in account.reasons
    ]
    return kept


def _kept(fact: Any) -> Any:
    # JSON knows neither money nor days: each goes under its own name.
    if isinstance(fact, Money):
        return {"minor": fact.minor, "currency": fact.currency}
    return {"day": fact.isoformat()} if isinstance(fact, date) else fact


def _back(fact: Any) -> Any:
    if isinstance(fact, list):
        return [_back(each) for each in fact]
    if not isinstance(fact, dict):
        return fact
    if fact.keys() == {"minor", "currency"}:
        return Money(**fact)
    if fact.keys() == {"day"} and isinstance(fact["day"], str):
        return date.fromisoformat(fact["day"])
    return {name: _back(each) for name, each in fact.items()}


def _language(address: str) -> str:
    known = one(STAFF, address.lower())
    return str(known[0]) if known else company().language


TOLD = "SELECT key FROM outbox WHERE key IN ({})"
STAFF = (
    "SELECT p.language FROM person p JOIN person_right r ON r.person_id = p.id AND r.withdrawn_at IS NULL"
    " WHERE p.email = ? AND p.closed_at IS NULL ORDER BY p.id LIMIT 1"
)
