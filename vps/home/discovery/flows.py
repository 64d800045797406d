"""Where a partner's money came from and went to: his wallets, and those of others that money reached from them within three steps."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from vps.home.discovery.asked import Asked
from vps.home.discovery.bookings import Entry, Names, Place, entries
from vps.kernel.database import one, rows
from vps.wallets.models import UNSEEN
from vps.wallets.tracing import METHODS, Flow, Label, Lots, Move, Walk

STEPS = 3
"""From wallet to wallet; what lies further away is other partners' money, and is not followed."""
MOST_WALLETS, MOST_BOOKINGS = 300, 200_000
"""Of others. Where a step would lead to more, it is not taken."""
MOST_LABELS = 30
"""Sources, and ends, that are told apart in a currency, the largest first; everything else is one of its own, "others"."""
OTHERS: Label = ("others", "")
KINDS = {"clarify": "bank", "transit": "pay-out", "wallet": "partner"}
"""What accounts of the ledger are called here, if not as they are."""
Told = Callable[[int, Lots], None]
MOVED = tuple(map(Entry._fields.index, ("id", "debit", "credit", "amount")))
"""Where in an entry stands what a walk needs."""


class Traced(NamedTuple):
    """What was found: by method and flow so many minor units; which account is whose; how many wallets of others were followed, and
    whether there were more."""

    flows: dict[str, dict[Flow, int]]
    places: dict[int, tuple[str, str, str]]
    """Code of the account, its owner (nothing: the partner himself), and currency."""
    followed: int
    stopped: bool

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        found = {method: [[list(part) if isinstance(part, tuple) else part for part in flow] + [minor] for flow, minor in flows.items()]
                 for method, flows in self.flows.items()}  # fmt: skip
        return {
            "flows": found,
            "places": [[key, *facts] for key, facts in self.places.items()],
            "followed": self.followed,
            "stopped": self.stopped,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Traced":
        """As it was found."""
        flows = {
            method: {Flow((*source,), entry, (*sink,), place): minor for source, entry, sink, place, minor in found}
            for method, found in kept["flows"].items()
        }
        return cls(
            flows, {key: (code, owner, currency) for key, code, owner, currency in kept["places"]}, kept["followed"], kept["stopped"]
        )


class Ledger:
    """All bookings that are walked over, read once: six whole numbers each, so that a hundred thousand take five megabytes."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.inside, self.stopped = _followed(asked)
        self.names = Names()
        self.names.learn_accounts(self.inside)
        self.opening = dict.fromkeys(self.inside, 0) | (_before(asked, self.inside) if asked.since else {})
        self.columns = tuple(array("q") for _ in range(6))
        self.labels: list[Label] = []
        self.undone: set[int] = set()
        self._read()

    def moves(self) -> Iterator[Move]:
        """Every booking, again and again."""
        labels = self.labels
        for key, debit, credit, amount, reverses, label in zip(*self.columns, strict=True):
            yield Move(key, debit, credit, amount, reverses or None, labels[label])

    def traced(self, told: dict[str, Told] | None = None) -> Traced:
        """Walk by every method; `told` hears of each booking as one of them goes."""
        asked, found = self.asked, {}
        for method in METHODS:
            walk = Walk(method, self.opening, own=asked.accounts, undone=self.undone, told=(told or {}).get(method))
            walk.follow(self.moves())
            found[method] = walk.finish()
        used = {account for flows in found.values() for flow in flows for account in (flow.entry, flow.place, *_account_of(flow.source))}
        places = {key: self.place(key) for key in sorted(used)}
        return Traced(found, places, len(self.inside) - len(asked.accounts), self.stopped)

    def place(self, account: int) -> tuple[str, str, str]:
        """Code, owner (nothing: the partner himself) and currency of a wallet that is followed."""
        found = self.names.places[account]
        return found.code, "" if account in self.asked.accounts else found.called, found.currency

    def _read(self) -> None:
        known: dict[tuple[str, bool, Label], int] = {}
        sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for batch in entries(self.asked, sorted(self.inside)) if self.inside else ():
            self.names.learn(batch)
            places = []
            for each in batch:
                came, label, own = self._label(each)
                place = known.setdefault((each.currency, came, label), len(known))
                his, theirs = sums[place]
                sums[place] = (his + each.amount, theirs) if own else (his, theirs + each.amount)
                places.append(place)
            reverses = [each.reverses or 0 for each in batch]
            self.undone.update(filter(None, reverses))
            plain: list[Any] = [[each[at] for each in batch] for at in MOVED]
            for column, values in zip(self.columns, (*plain, reverses, places), strict=True):
                column.extend(values)
        self.labels = _largest(known, sums)

    def _label(self, each: Entry) -> tuple[bool, Label, bool]:
        # Whether it came in, what the side that is not followed is called, and whether one of his own wallets moved.
        own, inside = self.asked.accounts, self.inside
        came = each.debit not in inside
        if each.debit in inside and each.credit in inside:
            return came, ("", ""), False
        here, there = (each.credit, each.debit) if came else (each.debit, each.credit)
        owner = "" if here in own else self.names.places[here].called
        return came, _called(each, self.names.places[there], owner), here in own


def _called(each: Entry, there: Place, owner: str) -> Label:
    kind = "pay-out" if each.motive == "pay-out" and there.kind == "bank" else KINDS.get(there.kind, there.kind)
    who = there.called if there.kind == "wallet" else " · ".join(filter(None, (each.party, each.party_account)))
    if not who and there.kind in ("bank", "transit"):
        who = each.text
    return kind, " / ".join(filter(None, (owner, who)))


def _largest(known: dict[tuple[str, bool, Label], int], sums: dict[int, tuple[int, int]]) -> list[Label]:
    # His own come first; what only moved in wallets of others is told apart if there is room for it.
    found, told_apart = [OTHERS] * len(known), defaultdict[tuple[str, bool], int](int)
    for (currency, came, label), place in sorted(known.items(), key=lambda item: sums[item[1]], reverse=True):
        told_apart[currency, came] += 1
        if told_apart[currency, came] <= MOST_LABELS:
            found[place] = label
    return found


def _followed(asked: Asked) -> tuple[frozenset[int], bool]:
    inside = frozenset(asked.accounts)
    newest: frozenset[int] = inside
    for _ in range(STEPS):
        reached = frozenset(_reached(asked, newest)) - inside if newest else frozenset()
        others = (inside | reached) - asked.accounts.keys()
        if len(others) > MOST_WALLETS or _are_many(asked, others):
            return inside, True
        inside, newest = inside | reached, reached
    return inside, bool(newest and frozenset(_reached(asked, newest)) - inside)


def _reached(asked: Asked, accounts: Collection[int]) -> Iterator[int]:
    marks = ", ".join("?" * len(accounts))
    values = (*accounts, asked.upto, asked.since, asked.until) * 2
    yield from (account for (account,) in rows(REACHED.format(marks), *values))


def _are_many(asked: Asked, accounts: Collection[int]) -> bool:
    if not accounts:
        return False
    marks = ", ".join("?" * len(accounts))
    return bool(one(COUNT.format(marks), *accounts, *accounts, MOST_BOOKINGS + 1)[0] > MOST_BOOKINGS)


def _before(asked: Asked, accounts: Collection[int]) -> dict[int, int]:
    marks = ", ".join("?" * len(accounts))
    return dict(rows(BEFORE.format(marks), *(*accounts, asked.upto, asked.since) * 2))


def _account_of(label: Label) -> tuple[int, ...]:
    return (int(label[1]),) if label[0] == "before" else ()


_PERIOD = f"id <= ? AND booked_at >= ? AND booked_at < ? AND {UNSEEN}"
# Only wallets keep a balance: where both sides have one after it, money went from wallet to wallet.
_BOTH = "debit_after IS NOT NULL AND credit_after IS NOT NULL"
REACHED = (
    f"SELECT DISTINCT credit_id FROM booking WHERE debit_id IN ({{0}}) AND {_BOTH} AND {_PERIOD}"  # noqa: S608
    f" UNION SELECT DISTINCT debit_id FROM booking WHERE credit_id IN ({{0}}) AND {_BOTH} AND {_PERIOD}"
)
COUNT = "SELECT count(*) FROM (SELECT 1 FROM booking WHERE debit_id IN ({0}) UNION ALL SELECT 1 FROM booking WHERE credit_id IN ({0}) LIMIT ?) AS few"
BEFORE = (
    "SELECT account, CAST(sum(minor) AS bigint) FROM (SELECT credit_id AS account, amount AS minor FROM booking"  # noqa: S608 - constants
    f" WHERE credit_id IN ({{0}}) AND id <= ? AND booked_at < ? AND {UNSEEN} UNION ALL SELECT debit_id, -amount FROM booking"
    f" WHERE debit_id IN ({{0}}) AND id <= ? AND booked_at < ? AND {UNSEEN}) AS moved GROUP BY account"
)
