"""What time does to trust levels: windows move on and free what was held; days of membership raise."""

import time

from vps.kernel.clock import clock
from vps.trust.actions.rising import settle_levels
from vps.wallets.actions import look_at_excess

SETTLE_EVERY = 3600.0
"""Seconds between two looks for whom a day of membership has raised."""


class Levels:
    """Goes over who has something held, some at a time, and now and then over who has been a partner for long enough."""

    def __init__(self) -> None:
        self.settled = 0.0
        self.held_after = 0

    def look(self) -> None:
        """One look."""
        self.held_after = look_at_excess(self.held_after, at=clock())
        if time.monotonic() - self.settled >= SETTLE_EVERY or self.settled == 0.0:
            self.settled = time.monotonic()
            settle_levels(at=clock())
