"""How fast orders are paid: the whole of Pay Now, and the ledger's own booking, each against a bare durable commit of the same rows.

The product works in one database; its twin gets the very rows that came out, with every value known beforehand, from plain sqlite3
with the same pragmas on the same disk, one commit a payment. The two take turns in small batches, so that a slow moment of the
disk slows both; what either is given is made before its time runs.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import cycle
from pathlib import Path

from vps.cli.bench.bare import Bare, Statement, copied
from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed
from vps.cli.bench.parallel import rush
from vps.cli.bench.presses import press, presses
from vps.cli.bench.scratch import PRICE, Payer, add_payers, new_house, scratch_folder
from vps.cli.books import problems_of
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.ledger.actions import Booked, book, company_account, voucher

PARTNERS = 200
BATCH = 10
VARIANTS = ("pay_now", "bare_commit", "booking", "bare_booking_commit")


def measure(*, folder: Path | None, seconds: float, rounds: int, processes: int) -> Figures:
    """All figures of paying. `seconds` is the length of a round, which its variants share; no `processes` leaves the rush out."""
    with scratch_folder(folder) as scratch:
        started = clock()
        new_house(scratch, at=started)
        payers = add_payers(PARTNERS, at=started)
        figures = _alone(scratch, payers, started, seconds=seconds, rounds=rounds)
        crowd = rush(scratch, payers, started, seconds=seconds, rounds=rounds, processes=processes) if processes else None
        return {
            "bench": "pay",
            "disk": disk_of(scratch),
            "partners": PARTNERS,
            "rounds": rounds,
            "seconds": seconds,
            **figures,
            "parallel": crowd,
        }


def _alone(scratch: Path, payers: list[Payer], started: datetime, *, seconds: float, rounds: int) -> Figures:
    laps = Laps(scratch, payers, started)
    laps.lap(0.2)  # warms everything up
    speeds = [laps.lap(seconds) for _ in range(rounds)]
    by_name = {name: [speed[name] for speed in speeds] for name in VARIANTS}
    laps.bare.close()
    pay, booking = ratios(by_name["pay_now"], by_name["bare_commit"]), ratios(by_name["booking"], by_name["bare_booking_commit"])
    return {
        **{f"{name}_per_second": middle(found, 1) for name, found in by_name.items()},
        "ratio": middle(pay),
        "booking_ratio": middle(booking),
        "payments": int(one("SELECT count(*) FROM order_payment")[0]),
        "problems": len(problems_of()),
        "synchronous": [int(one("PRAGMA synchronous")[0]), laps.bare.synchronous],
        "raw": {**{name: [round(speed, 1) for speed in found] for name, found in by_name.items()}, "ratio": pay, "booking_ratio": booking},
    }


class Laps:
    """The two pairs, one after the other: a pair's sides take turns, a batch each."""

    def __init__(self, scratch: Path, payers: list[Payer], started: datetime) -> None:
        self.paper = voucher("bench", "1", day=day_in(started, company().zone))
        self.fees = company_account("fees", "EUR")
        self.stock = presses(payers, started)
        self.bookings = (self._booking(n, payer) for n, payer in enumerate(cycle(payers)))
        self.bare = Bare(copied(scratch, "twin.db"))

    def lap(self, seconds: float) -> dict[str, float]:
        """One round: until its time is over. Answers payments or bookings a second, by variant."""
        return self._pair("pay_now", "bare_commit", self._pay, self.bare.payments, seconds / 2) | self._pair(
            "booking", "bare_booking_commit", self._book, self.bare.bookings, seconds / 2
        )

    def _pair(
        self, ours: str, theirs: str, act: Callable[[], float], rows: Callable[[], list[list[Statement]]], seconds: float
    ) -> dict[str, float]:
        mine = other = 0.0
        done = 0
        while mine + other < seconds:
            mine += act()
            other += timed(partial(self.bare.commit, rows()))
            done += BATCH
        return {ours: done / mine, theirs: done / other}

    def _pay(self) -> float:
        batch = [next(self.stock) for _ in range(BATCH)]
        self.bare.follow_orders()
        return timed(lambda: [press(each) for each in batch])

    def _book(self) -> float:
        batch = [next(self.bookings) for _ in range(BATCH)]
        return timed(lambda: [each() for each in batch])

    def _booking(self, n: int, payer: Payer) -> Callable[[], Booked]:
        return partial(
            book,
            key=f"bench:{n}",
            voucher=self.paper,
            motive="fee",
            debit=payer.account,
            credit=self.fees,
            amount=Money(PRICE, "EUR"),
            at=clock(),
            actor=Actor(payer.person, "192.0.2.1"),
        )
