"""Moving windows at flat cost: running sums per account and kind of movement, never a SUM over history."""

from vps.kernel.database import Statements
from vps.kernel.money import Money
from vps.ledger.actions.holds import release_expired


def count_movement(run: Statements, account: int, kind: str, amount: Money, at: int, back: bool) -> int:
    """Add the movement of `at` (microseconds) to the running sums. A reversal (`back`) takes it off again.

    Runs after the account's row is locked by the booking's own UPDATE, so the sums of one wallet are written one after another.
    Answers the account's balance, which it has to pass by anyway.
    """
    balance, reserved, seq, latest, minor, count = run(STANDS, (kind, account, kind, account)).fetchone()
    if reserved:
        release_expired(account, at)
    if seq is None:
        seq = latest = minor = count = 0
    at = max(at, latest)  # time never runs back in it, whatever the clocks say
    sign = -1 if back else 1
    run(ADD, (account, kind, seq + 1, at, minor + sign * amount.minor, count + sign))
    return balance  # type: ignore[no-any-return]


STANDS = (
    "SELECT a.balance, a.reserved, u.seq, u.at, u.cum_minor, u.cum_count FROM account a LEFT JOIN usage u ON u.account_id = a.id AND u.kind = ?"
    " AND u.seq = (SELECT max(seq) FROM usage WHERE account_id = ? AND kind = ?) WHERE a.id = ?"
)
ADD = "INSERT INTO usage (account_id, kind, seq, at, cum_minor, cum_count) VALUES (?, ?, ?, ?, ?, ?)"
