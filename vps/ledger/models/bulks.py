"""What a bulk has written is seen by nobody before it is closed: the words for statements, balances, sums and colours."""

from datetime import datetime

from vps.kernel.clock import instant
from vps.kernel.database import one

UNSEEN = "voucher_id NOT IN (SELECT voucher_id FROM bulk WHERE closed_at IS NULL)"
"""A condition on bookings: they are nothing of an open bulk."""
HIDDEN = (
    "CAST(coalesce((SELECT sum(hidden.amount) FROM bulk o JOIN booking hidden ON hidden.credit_id = {0} AND hidden.id > o.after"
    " AND hidden.voucher_id = o.voucher_id{1} WHERE o.closed_at IS NULL), 0) AS bigint)"
)
"""What an open bulk has credited to the account {0} already; {1} may narrow it, of the booking `hidden`."""


def open_since() -> datetime | None:
    """When the open bulk was opened; None where none is."""
    row = one("SELECT opened_at FROM bulk WHERE closed_at IS NULL")
    return instant(row[0]) if row else None


def hidden_in(account: int) -> int:
    """Minor units that an open bulk has credited to an account."""
    return int(one(f"SELECT {HIDDEN.format('?', '')}", account)[0])
