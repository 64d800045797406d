"""How fast orders are paid: the whole of Pay Now, and the ledger's own booking, each against a bare durable commit of the same rows.

The product works in one database; its twin gets the very rows that came out, with every value known beforehand, from plain sqlite3
with the same pragmas on the same disk, one commit a payment. The two take turns in small batches, so that a slow moment of the
disk slows both.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from vps.cli.bench.bare import Bare, copied
from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed
from vps.cli.bench.parallel import rush
from vps.cli.bench.presses import Press, press, presses
from vps.cli.bench.scratch import PRICE, Payer, add_payers, new_house, scratch_folder
from vps.cli.books import problems_of
from vps.company.models import company
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, day_in
from vps.kernel.database import one
from vps.kernel.money import Money
from vps.ledger.actions import book, company_account, voucher

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


def _each(act: Callable[[Press], object], batch: list[Press]) -> None:
    for each in batch:
        act(each)


class Laps:
    """The four variants in turn, a batch each."""

    def __init__(self, scratch: Path, payers: list[Payer], started: datetime) -> None:
        self.paper = voucher("bench", "1", day=day_in(started, company().zone))
        self.fees = company_account("fees", "EUR")
        self.accounts = {payer.person: payer.account for payer in payers}
        self.stock = presses(payers, started)
        self.bare = Bare(copied(scratch, "twin.db"))

    def lap(self, seconds: float) -> dict[str, float]:
        """One round: until its time is over. Answers payments a second, by variant."""
        spent, done = dict.fromkeys(VARIANTS, 0.0), 0
        while sum(spent.values()) < seconds:
            batch = [next(self.stock) for _ in range(BATCH)]
            self.bare.follow_orders()
            spent["pay_now"] += timed(partial(_each, press, batch))
            rows = self.bare.payments()
            spent["bare_commit"] += timed(partial(self.bare.commit, rows))
            spent["booking"] += timed(partial(_each, self._book, batch))
            rows = self.bare.bookings()
            spent["bare_booking_commit"] += timed(partial(self.bare.commit, rows))
            done += BATCH
        return {name: done / each for name, each in spent.items()}

    def _book(self, given: Press) -> None:
        book(
            key=f"bench:{given.order}",
            voucher=self.paper,
            motive="fee",
            debit=self.accounts[given.person],
            credit=self.fees,
            amount=Money(PRICE, "EUR"),
            at=given.at,
            actor=Actor(given.person, "192.0.2.1"),
        )
