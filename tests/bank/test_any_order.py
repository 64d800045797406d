"""Whatever the bank says and the office does, in whatever order: what is refused changes nothing, and after each step the books are proven."""

from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest

from tests.bank.desk_of_payouts import OURS, asked, open_desk
from tests.bank.test_import import file, line, take
from tests.bank.test_recalls import back_line
from tests.cast import NOON, red_order
from vps.bank.actions import (
    approve_payout,
    clarify,
    draft_of,
    ending_of,
    hold_payout,
    make_file,
    paid_by_hand,
    refuse_payout,
    release_payout,
    send_back,
    suggestions,
    take_claim_back,
    take_out,
    take_statement_back,
    undo_by_hand,
    void_file,
    withdraw_payout,
)
from vps.bank.models import open_line, unclear_lines
from vps.cli.books import problems_of
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import order_reference, topup_reference
from vps.kernel.refusals import Refused

MOMENT = timedelta(seconds=30)


class Walk:
    """One of many histories; the same for the same seed."""

    def __init__(self, desk: SimpleNamespace, seed: int) -> None:
        self.desk, self.dice, self.n, self.at = desk, Random(seed), 0, NOON
        self.orders = [red_order(desk), red_order(desk)]

    def any(self, sql: str) -> int:
        """The id of one of the rows, 0 when there is none."""
        return self.dice.choice(rows(sql) or [(0,)])[0]

    def step(self) -> str:
        self.n, self.at = self.n + 1, self.at + MOMENT
        act = self.dice.choice(ACTS)
        try:
            act(self)
        except Refused as no:
            return f"{act.__name__}: {type(no).__name__}"
        return act.__name__

    def ask(self) -> None:
        if one("SELECT count(*) FROM payout WHERE person_id IS NOT NULL")[0] < 15:  # TANs end
            asked(self.desk, self.dice.choice((20_00, 40_00)), at=self.at)

    def decide(self) -> None:
        act = self.dice.choice(
            (approve_payout, hold_payout, release_payout, refuse_payout, withdraw_payout, take_out, paid_by_hand, undo_by_hand)
        )
        said = (
            {"reason": "x"}
            if act in (hold_payout, refuse_payout, take_out)
            else {"number": "7", "day": NOON.date()}
            if act is paid_by_hand
            else {}
        )
        whose = (self.desk.anna.id,) if act is withdraw_payout else ()
        act(*whose, self.any("SELECT id FROM payout"), **said, actor=self.desk.desk, at=self.at)

    def make(self) -> None:
        shown = draft_of(OURS, instant=False, actor=self.desk.desk, at=self.at).digest
        make_file(OURS, instant=False, shown=shown, code=self.desk.totp.at(self.at), actor=self.desk.desk, at=self.at)

    def void(self) -> None:
        void_file(self.any("SELECT id FROM payout_file"), reason="x", refuse=self.dice.random() < 0.5, actor=self.desk.desk, at=self.at)

    def bank(self) -> None:
        """A statement of one to three lines."""
        lines = [
            self.dice.choice((self.of_file, self.of_payout, self.returned, self.topup, self.of_order, self.recall, self.other))()
            for _ in range(self.dice.randint(1, 3))
        ]
        take(file(*lines, number=str(1000 + self.n)))

    def of_file(self) -> str:
        name, minor = self.dice.choice(
            rows(
                "SELECT message_id, coalesce((SELECT sum(amount) FROM payout p WHERE p.file_id = f.id AND p.executed_at IS NULL), f.amount) FROM payout_file f"
            )
            or [("", 20_00)]
        )
        return line(f"{int(minor) / 100:.2f}", side="DBIT", text=f"{name} {self.unique()}")

    def of_payout(self) -> str:
        key, minor = self.dice.choice(rows("SELECT id, amount FROM payout") or [(0, 20_00)])
        return line(f"{minor / 100:.2f}", side="DBIT", end=f"VPS{key}", text=self.unique())

    def returned(self) -> str:
        key, minor = self.dice.choice(rows("SELECT id, amount FROM payout") or [(0, 20_00)])
        kept = self.dice.choice((0, 0, 1_00))
        return line(f"{(minor - kept) / 100:.2f}", end=f"VPS{key}", text=self.unique())

    def topup(self) -> str:
        who = self.dice.choice((self.desk.anna, self.desk.boris))
        return line("40.00", text=f"{topup_reference(who.number)} {self.dice.choice(('', 'cheque'))} {self.unique()}", end=f"E{self.n}")

    def of_order(self) -> str:
        order = self.dice.choice(self.orders)
        return line(self.dice.choice(("49.90", "60.00")), text=f"{order_reference(order.number)} {self.unique()}", end=f"E{self.n}")

    def recall(self) -> str:
        minor, refs = self.dice.choice(rows("SELECT amount, refs FROM bank_line WHERE amount > 0") or [(5_00, "")])
        return back_line(f"{minor / 100:.2f}", end=refs.partition("\n")[0] or "E0").replace("<Ustrd>", f"<Ustrd>{self.unique()}")

    def other(self) -> str:
        return line("20.00", side=self.dice.choice(("CRDT", "DBIT")), text=self.unique())

    def unique(self) -> str:
        return f"no {self.n} {self.dice.random()}"

    def clarify(self) -> None:
        """What is offered for one of the open lines, or a part of it, or money that goes back."""
        open_ = self.dice.choice(unclear_lines() or [None])
        if open_ is None:
            return
        part = self.dice.choice((None, None, Money(10_00, "EUR")))
        if self.dice.random() < 0.2:
            send_back(open_.id, amount=part, holder="Hans Meier", account="DE02120300000000202051", actor=self.desk.desk, at=self.at)
        else:
            asked = self.dice.choice(("", self.desk.boris.number))
            offers = suggestions([open_line(open_.id)])[0]
            kind, target = ("top-up", self.desk.boris.id) if asked else self.dice.choice([(one.kind, one.target) for one in offers])
            clarify(open_.id, kind, target, part, asked=asked, actor=self.desk.desk, at=self.at)

    def undo(self) -> None:
        key = self.any("SELECT id FROM line_claim WHERE undone_at IS NULL")
        take_claim_back(key, reason="x", as_debt=self.dice.random() < 0.5, actor=self.desk.desk, at=self.at)

    def end(self) -> None:
        key = self.any("SELECT id FROM bank_statement WHERE taken_back_at IS NULL")
        ending = ending_of(key, at=self.at)
        if ending:
            take_statement_back(key, reason="x", shown=ending.digest, code=self.desk.totp.at(self.at), actor=self.desk.desk, at=self.at)
            assert not ending.stuck

    def later(self) -> None:
        """Payments become final."""
        self.at += timedelta(days=self.dice.choice((0, 0, 0, 7)))


ACTS = (Walk.ask, Walk.ask, Walk.decide, Walk.decide, Walk.make, Walk.make, Walk.void, Walk.bank, Walk.bank, Walk.bank, Walk.clarify, Walk.clarify, Walk.undo, Walk.end, Walk.later)  # fmt: skip


@pytest.mark.parametrize("seed", [0, 2])
def test_the_books_are_proven_after_each_step_of_any_history(house, seed):
    walk, steps = Walk(open_desk(house), seed), []
    for _ in range(40):
        steps.append(walk.step())
        assert problems_of() == [], steps
