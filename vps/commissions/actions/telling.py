"""After a run is booked: notices to whoever wants them, and what trust levels say of what came in."""

from collections.abc import Callable
from datetime import datetime

from vps.commissions.actions.booking import booking_key
from vps.commissions.actions.claiming import touch
from vps.commissions.models import Run
from vps.kernel.clock import micros
from vps.kernel.database import action, let_pass, one, rows, run
from vps.ledger.actions import free_due
from vps.wallets.actions import tell_of_credits

AT_ONCE = 60
"""Shares of one transaction: whoever pays meanwhile waits for no more."""


def tell_run(key: int, mine: str, *, now: Callable[[], datetime]) -> None:
    """Free what nobody need wait for, then tell; what a worker was killed in is told once all the same. Raises Lost."""
    while free_due(at=now()):
        let_pass()
    this: Run = Run.get_by_id(key)
    while _tell_some(this, mine, now()):
        let_pass()


@action
def _tell_some(this: Run, mine: str, at: datetime) -> bool:
    (told,) = one("SELECT told FROM commission_run WHERE id = ?", this.id)
    shares = rows(SHARES, this.id, told, AT_ONCE)
    touch(this.id, mine, at=at, done=this.partners + this.orders)
    if not shares:
        run("UPDATE commission_run SET told_at = ? WHERE id = ?", micros(at), this.id)
        return False
    tell_of_credits([booking_key(this, payee, kind, currency) for payee, kind, currency in shares], motive="commission", at=at)
    # The last partner's other shares may stand behind the limit: he comes again then, and his mails are keyed.
    last = shares[-1][0] if len(shares) < AT_ONCE or shares[0][0] == shares[-1][0] else shares[-1][0] - 1
    run("UPDATE commission_run SET told = ? WHERE id = ?", last, this.id)
    return True


SHARES = (
    "SELECT payee, kind, currency FROM commission_share WHERE run_id = ? AND payee > ? AND held = '' ORDER BY payee, kind, currency LIMIT ?"
)
