"""Where money came from and where it went, over bookings: first in first out, and in proportion. Arithmetic only: no database, no clock.

A wallet holds money of several origins. First in first out pays with the oldest; in proportion every payment takes the same share of
each. Both give every cent of every booking exactly one origin. Neither is the truth, for money has no memory: that is why both are named.
"""

from vps.wallets.tracing.lots import BEFORE, DEBT, LEFT, Flow, Label, Lots, Move, Purse, Tag
from vps.wallets.tracing.purses import Queue, Shares
from vps.wallets.tracing.story import THIS, Story, story
from vps.wallets.tracing.walk import FIFO, METHODS, SHARE, Walk, trace

__all__ = [
    "BEFORE",
    "DEBT",
    "FIFO",
    "LEFT",
    "METHODS",
    "SHARE",
    "THIS",
    "Flow",
    "Label",
    "Lots",
    "Move",
    "Purse",
    "Queue",
    "Shares",
    "Story",
    "Tag",
    "Walk",
    "story",
    "trace",
]
