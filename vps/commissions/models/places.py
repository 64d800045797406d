"""Places in the tree of a binary or matrix bonus: found once, kept for good, so that carried volume stays with the leg it came from."""

from array import array
from collections.abc import Iterator

from vps.commissions.plans.network import NOBODY, Network
from vps.commissions.plans.places import place
from vps.commissions.plans.plan import Binary, Matrix, Plan
from vps.kernel.database import rows


def width_of(plan: Plan) -> int | None:
    """How many legs the plan's tree of places has; None without one, or where its bonuses ask for several."""
    widths = {2 if isinstance(bonus, Binary) else bonus.width for bonus in plan.bonuses if isinstance(bonus, Binary | Matrix)}
    return widths.pop() if len(widths) == 1 else None


def with_places(network: Network, positions: "array[int]", width: int | None) -> Network:
    """The network with everybody where he stood in earlier runs, and newcomers on the next free places below their sponsors."""
    if width is None:
        return network
    parents, legs = (array("q", [NOBODY]) * len(network.keys) for _ in range(2))
    known = False
    for person, parent, leg in rows(PLACES, width):
        known = True
        parents[positions[person]], legs[positions[person]] = positions[parent], leg
    placed = place(network._replace(parents=parents, legs=legs) if known else network, width)
    for parent in range(len(network.keys)):
        for leg, below in enumerate(placed.seats[parent * width : (parent + 1) * width]):
            if below >= 0:
                parents[below], legs[below] = parent, leg
    return network._replace(parents=parents, legs=legs)


def newcomers(network: Network, width: int) -> Iterator[tuple[int, int, int, int]]:
    """Rows of those whose place was not kept yet: person, parent, leg, width. Who stands at the top has none."""
    kept = {person for (person,) in rows("SELECT person_id FROM commission_place WHERE width = ?", width)}
    assert network.parents is not None and network.legs is not None
    for person, parent, leg in zip(network.keys, network.parents, network.legs, strict=True):
        if parent >= 0 and person not in kept:
            yield person, network.keys[parent], leg, width


PLACES = "SELECT person_id, parent, leg FROM commission_place WHERE width = ?"
