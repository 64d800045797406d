"""Whose money a line is. Each kind of claim says which lines are certainly its own and which only might be; what is unsure is never booked.

The bank knows partners and pay-outs. What stands above it, like orders, joins with a kind of its own.
Source: DESIGN, the stack; seed VPS, "incoming payments will be booked as credit within VPS".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from vps.kernel.authorisation import Actor
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.ledger.actions import Booked

AT_ONCE = 400
"""Values that one question to the database names."""
LATE = ("own", "tax")
"""Kinds that nearly any line could be: offered behind what its own words suggest."""


class Seen(NamedTuple):
    """What is known of a line, booked or not. `account` is our own; of an open line `amount` is what is still unclear."""

    account: str
    day: date
    valued: date
    amount: Money
    party: str
    party_account: str
    text: str
    references: tuple[str, ...]
    reason: str
    code: str
    reversal: bool
    line: int | None = None
    """The line's id, once it is booked."""


class Found(NamedTuple):
    """What a line, or the part `amount` of it (signed), is or might be. `says` is a sentence that tells why; `label` what people call the target."""

    kind: str
    target: int
    amount: Money
    label: str
    sure: bool
    says: str
    facts: dict[str, Any]


class Taking(NamedTuple):
    """A part of a line on its way: the booking moves it between `clarify` and what the kind's target has, under this key and voucher."""

    line: int
    seen: Seen
    target: int
    amount: Money
    key: str
    voucher: int
    clarify: int
    actor: Actor
    at: datetime
    comment: str = ""


class Undoing(NamedTuple):
    """A claim that is taken back. `reason` is a sentence or the bank's code; `as_debt`: even if a wallet then lacks money."""

    claim: int
    line: int
    target: int
    amount: Money
    booking: int
    key: str
    voucher: int
    reason: str
    as_debt: bool
    actor: Actor
    at: datetime


class Stuck(NamedTuple):
    """A claim that cannot be taken back, what people call its target, and the sentence that says why."""

    claim: int
    label: str
    says: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One of CLAIMS. `find` answers for many lines at once, in their order; `take` books, `undo` mirrors; both run in the line's own
    transaction. `once`: no two lines claim the same target.

    `seek` answers what a person typed for one line: the targets he may mean. `stuck` says which of these live claims (by id) `undo`
    would refuse, before anybody tries.
    """

    name: str
    find: Callable[[Sequence[Seen]], Sequence[Sequence[Found]]]
    take: Callable[[Taking], Booked]
    undo: Callable[[Undoing], Booked]
    once: bool = False
    recall: Callable[[Undoing], Booked] | None = None
    """What is booked when the bank itself takes the money back; None: as `undo` does, as a debt."""
    seek: Callable[[str, Seen], Sequence[Found]] | None = None
    stuck: Callable[[Sequence[int], datetime], Sequence[Stuck]] | None = None


KINDS: dict[str, Kind] = {}


def join(kind: Kind) -> None:
    """Let a kind of claim take part; said once, where the kind is defined."""
    KINDS[kind.name] = kind


class Verdict(NamedTuple):
    """What a line certainly is, and what it only might be."""

    claims: tuple[Found, ...]
    guesses: tuple[Found, ...]


def verdicts(lines: Sequence[Seen]) -> list[Verdict]:
    """For each line: what it is if that is certain, else what it might be. Of two lines for one target the first one has it."""
    answers = [kind.find(lines) for kind in KINDS.values()] if lines else []
    taken: set[tuple[str, int]] = set()
    found = []
    for each, *by_kind in zip(lines, *answers, strict=True):
        said = [one for answer in by_kind for one in answer]
        claims = _certain(each, said, taken)
        taken |= {(one.kind, one.target) for one in claims if KINDS[one.kind].once}
        guesses = sorted((one for one in said if one not in claims), key=lambda one: one.kind in LATE)
        found.append(Verdict(claims, tuple(guesses)))
    return found


def among(sql: str, values: Iterable[Any], *others: Any) -> list[Any]:
    """Rows of a constant SELECT with `IN ({})`, asked for many values at once; `others` fill the marks behind it."""
    wanted = list(dict.fromkeys(values))
    parts = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    return [row for part in parts for row in rows(sql.format(", ".join("?" * len(part))), *part, *others)]


def _certain(line: Seen, said: list[Found], taken: set[tuple[str, int]]) -> tuple[Found, ...]:
    # One certain answer is booked. Several are only if they share the line to the cent; else a person has to look.
    sure = [one for one in said if one.sure]
    if any((one.kind, one.target) in taken for one in sure):
        return ()
    if len(sure) > 1 and sum(one.amount.minor for one in sure) != line.amount.minor:
        return ()
    return tuple(sure)
