"""What is noticed about money when it moves: rules over the ledger's own rows, each bounded, so that they cost the same at any size.

Source: SECURITY, AML flags M1 to M12; those that need the bank's rows stand in `vps.bank.watching`.
"""

from vps.wallets.watching.movements import watch_inflow, watch_movement, watch_outflow
from vps.wallets.watching.seen import WATCH, Limits, Moved, Watch

__all__ = ["WATCH", "Limits", "Moved", "Watch", "watch_inflow", "watch_movement", "watch_outflow"]
