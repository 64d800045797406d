"""Whatever is done, in whatever order: a plain model of the rules foretells every answer, and the books stay proven."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOON, eur
from tests.ledger.books import ZONE, Books
from vps.kernel.database import configure, connect, database, one, rows
from vps.ledger.actions import AlreadyReversed, NotEnoughCredit, hold, release, seal
from vps.ledger.actions.holds import NotAvailable
from vps.ledger.models import balance
from vps.ledger.models.audit import audit

wallets = st.sampled_from(["anna", "boris"])
cents = st.integers(1, 3_000)
picks = st.integers(0, 20)
STEPS = st.one_of(
    st.tuples(st.just("pay"), wallets, cents),
    st.tuples(st.just("top_up"), wallets, cents),
    st.tuples(st.just("send"), wallets, cents),
    st.tuples(st.just("again"), picks),
    st.tuples(st.just("undo"), picks, st.booleans()),
    st.tuples(st.just("hold"), wallets, cents, st.sampled_from([None, 1, 3])),
    st.tuples(st.just("free"), picks),
    st.tuples(st.just("later")),
    st.tuples(st.just("seal")),
)


@dataclass
class Held:
    id: int
    who: str
    minor: int
    until: datetime | None
    open: bool = True


@dataclass
class Model:
    """The rules once more, in a few plain lines: what stands where, what is held, what was booked."""

    books: Books
    at: datetime = NOON
    stands: dict[str, int] = field(default_factory=lambda: {"anna": 5_000, "boris": 0, "bank": -5_000, "purchases": 0})
    helds: list[Held] = field(default_factory=list)
    booked: list[tuple[int, str, str, int, str]] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)

    def pay(self, who, minor):
        self._move(who, "purchases", minor, lambda: self.books.pay(minor, by=self._id(who), key=self._key, at=self.at))

    def top_up(self, who, minor):
        self._move("bank", who, minor, lambda: self.books.top_up(minor, to=self._id(who), key=self._key, at=self.at))

    def send(self, who, minor):
        other = {"anna": "boris", "boris": "anna"}[who]
        self._move(who, other, minor, lambda: self.books.move(self._id(who), self._id(other), minor, key=self._key, at=self.at))

    def again(self, n):
        if self.booked:
            booking, debit, credit, minor, key = self.booked[n % len(self.booked)]
            if not key.startswith("undo"):
                assert self.books.move(self._id(debit), self._id(credit), minor, key=key, at=self.at)[::3] == (booking, True)

    def undo(self, n, as_debt):
        if not self.booked:
            return
        booking, debit, credit, minor, made_by = self.booked[n % len(self.booked)]
        if made_by.startswith("undo"):
            return  # a reversal is never reversed: see test_reversal
        key = f"undo:{booking}:{len(self.booked)}"
        if booking in self.undone:
            with pytest.raises(AlreadyReversed):
                self.books.undo(booking, key=key, at=self.at)
        elif self._move(credit, debit, minor, lambda: self.books.undo(booking, key=key, at=self.at, as_debt=as_debt), as_debt=as_debt):
            self.undone.add(booking)

    def hold(self, who, minor, minutes):
        until = minutes and self.at + timedelta(minutes=minutes)

        def reserve():
            return hold(self._id(who), eur(minor), reason="order:1", key=f"h{len(self.helds)}", at=self.at, until=until)

        if self._free(who) < minor:
            with pytest.raises(NotAvailable):
                reserve()
        else:
            self._expire(who)
            self.helds.append(Held(reserve(), who, minor, until))

    def free(self, n):
        if self.helds:
            held = self.helds[n % len(self.helds)]
            assert release(held.id, at=self.at) is held.open
            held.open = False

    def later(self):
        self.at += timedelta(minutes=1)

    def seal(self):
        covered = one("SELECT coalesce(max(upto), 0) FROM seal WHERE chain = 'booking'")[0]
        assert seal(at=self.at, zone=ZONE) == one("SELECT count(*) FROM booking WHERE id > ?", covered)[0]

    def check(self):
        for who in ("anna", "boris"):
            reserved = sum(held.minor for held in self.helds if held.open and held.who == who)
            lacking = max(0, reserved - self.stands[who])
            assert self.books.account(self._id(who)) == (self.stands[who], reserved, lacking)

    def check_whole(self):
        assert {name: balance(self._id(name)) for name in self.stands} == self.stands
        assert sum(balance(account) for (account,) in rows("SELECT id FROM account")) == 0
        assert list(audit(ZONE)) == []

    @property
    def _key(self):
        return f"step {len(self.booked)}"

    def _id(self, name):
        return getattr(self.books, name)

    def _free(self, who):
        return self.stands[who] - sum(held.minor for held in self._open(who) if held.until is None or held.until > self.at)

    def _open(self, who):
        return [held for held in self.helds if held.open and held.who == who]

    def _expire(self, who):
        for held in self._open(who):
            held.open = held.until is None or held.until > self.at

    def _move(self, debit, credit, minor, step, *, as_debt=False):
        if debit in ("anna", "boris") and not as_debt and self._free(debit) < minor:
            with pytest.raises(NotEnoughCredit) as refused:
                step()
            assert refused.value.facts == {"available": eur(max(0, self._free(debit))), "missing": eur(minor - self._free(debit))}
            return False
        self._expire(debit)
        self._expire(credit)
        done = step()
        self.stands[debit] -= minor
        self.stands[credit] += minor
        self.booked.append((done.id, debit, credit, minor, one("SELECT key FROM booking WHERE id = ?", done.id)[0]))
        return True


def play(steps):
    model = Model(Books())
    for name, *facts in steps:
        getattr(model, name)(*facts)
        model.check()
    model.check_whole()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, max_size=30))
def test_the_model_foretells_every_answer_on_sqlite(sqlite, empty_file, tmp_path, steps):
    database.close()
    shutil.copyfile(empty_file, tmp_path / "play.db")
    configure(f"sqlite:///{tmp_path}/play.db")
    connect()
    play(steps)
    database.close()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=15, max_size=30))
def test_the_model_foretells_every_answer_on_postgresql(postgres_server, steps):
    lent = postgres_server.lend("empty")
    configure(postgres_server.url(lent.name))
    connect()
    try:
        play(steps)
    finally:
        database.close()
        postgres_server.take_back("empty", lent)
