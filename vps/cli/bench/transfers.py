"""How fast partners send each other something: the whole transfer against a bare durable commit of the same rows.

The same two databases in turns as with payments. Trust levels are in force, the fee is a booking of its own, and both are told by mail.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from vps.cli.bench.bare import Bare, Statement, copied
from vps.cli.bench.figures import Figures, disk_of, middle, ratios, timed
from vps.cli.bench.presses import STEP
from vps.cli.bench.scratch import Payer, add_payers, new_house, scratch_folder
from vps.cli.books import problems_of
from vps.kernel.authorisation import Actor
from vps.kernel.clock import clock, micros
from vps.kernel.database import action, one, rows, run
from vps.kernel.money import Money
from vps.security.actions import confirm, snapshot
from vps.security.models import APP, Ask
from vps.wallets.actions import plan_between, subject_of, transfer
from vps.wallets.models import purse

PARTNERS = 200
BATCH = 10
SENT = 2_00
"""What each transfer moves, in minor units; and a fee of twenty beside it."""
VARIANTS = ("transfer", "bare_commit")
EACH = {"intent": 1, "challenge": 1, "voucher": 1, "usage": 3, "booking": 2, "transfer": 1, "event": 1, "outbox": 2}
"""How many new rows of a table one transfer leaves behind."""


class Sending(NamedTuple):
    """One transfer, with the code that the sender's app shows at that moment."""

    payer: Payer
    subject: str
    code: str
    at: datetime


def measure(*, folder: Path | None, seconds: float, rounds: int) -> Figures:
    """All figures of transfers. `seconds` is the length of a round, which both sides share."""
    with scratch_folder(folder) as scratch:
        started = clock()
        new_house(scratch, at=started)
        stock = sendings(furnish(started), started)
        bare = Bare(copied(scratch, "twin.db"), EACH)
        _lap(stock, bare, 0.2)
        speeds = [_lap(stock, bare, seconds) for _ in range(rounds)]
        bare.close()
        by_name = {name: [speed[name] for speed in speeds] for name in VARIANTS}
        found = ratios(by_name["transfer"], by_name["bare_commit"])
        return {
            "bench": "transfer",
            "disk": disk_of(scratch),
            "partners": PARTNERS,
            "rounds": rounds,
            "seconds": seconds,
            **{f"{name}_per_second": middle(speed, 1) for name, speed in by_name.items()},
            "ratio": middle(found),
            "transfers": int(one("SELECT count(*) FROM transfer")[0]),
            "problems": len(problems_of()),
            "synchronous": [int(one("PRAGMA synchronous")[0]), bare.synchronous],
            "raw": {**{name: [round(speed, 1) for speed in each] for name, each in by_name.items()}, "ratio": found},
        }


@action
def furnish(started: datetime) -> list[Payer]:
    """Partners who have sent each other something before, are told of every booking, and a fee."""
    payers, now = add_payers(PARTNERS, at=started), micros(started)
    run("UPDATE person SET notify_from = 1, email = number || '@example.com'")
    run(RULE, now)
    return payers


def sendings(payers: list[Payer], started: datetime) -> Iterator[Sending]:
    """Everybody sends to the next one, round after round, a step of the apps later each time."""
    wallets = {payer.person: purse(payer.person, "EUR") for payer in payers}
    turn = 0
    while True:
        at = started + STEP * turn
        for n, payer in enumerate(payers):
            to, mine = payers[(n + 1 + turn % 3) % len(payers)].person, wallets[payer.person]
            theirs = wallets[to]
            assert mine and theirs
            planned = plan_between(payer.person, mine.wallet, to, theirs.wallet, Money(SENT, "EUR"), at=at)
            yield Sending(payer, subject_of(planned, str(to), ""), payer.app.at(at), at)
        turn += 1


def send(given: Sending) -> int:
    """The whole of it: what the dialog showed, the code checked, the transfer planned once more and booked. Answers its id."""
    person, amount = given.payer.person, Money(SENT, "EUR")
    shown = snapshot("transfer", given.subject, amount=amount, payee="Anna B.", ask=Ask(APP), at=given.at, motive="transfer")
    authorisation = confirm(shown, code=given.code, actor=Actor(person, "192.0.2.1"), at=given.at)
    return transfer(authorisation=authorisation, at=given.at)


def _lap(stock: Iterator[Sending], bare: Bare, seconds: float) -> dict[str, float]:
    mine = other = 0.0
    done = 0
    while mine + other < seconds:
        batch = [next(stock) for _ in range(BATCH)]
        mine += timed(partial(_send_all, batch))
        other += timed(partial(bare.commit, repeated(bare)))
        done += BATCH
    return {"transfer": done / mine, "bare_commit": done / other}


def _send_all(batch: list[Sending]) -> None:
    for each in batch:
        send(each)


def repeated(bare: Bare) -> list[list[Statement]]:
    """The statements that repeat the newest transfers, a list for each."""
    new = {table: bare.new(table) for table in EACH}
    steps = rows("SELECT i.person_id, i.opened_at / 30000000 FROM intent i WHERE i.id >= ? ORDER BY i.id", new["intent"][0][0])
    found: list[list[Statement]] = []
    for n in range(len(new["transfer"])):
        mine: list[Statement] = [("UPDATE app SET last_step = ? WHERE person_id = ?", (steps[n][1], steps[n][0]))]
        for table, count in EACH.items():
            mine += [(bare.insert(table), row) for row in new[table][n * count : (n + 1) * count]]
        for row in new["booking"][n * 2 : n * 2 + 2]:
            mine += [(BALANCE, (after, account)) for after, account in ((row[11], row[4]), (row[12], row[5])) if after is not None]
        found.append(mine)
    return found


RULE = (
    "INSERT INTO transfer_rule (kind, whose, currency, least, most, multiple, fee, fee_bp, on_top, since)"
    " VALUES ('main', 'partner', 'EUR', 100, 10000, 1, 20, 0, 1, ?)"
)
BALANCE = "UPDATE account SET balance = ? WHERE id = ?"
