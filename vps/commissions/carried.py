"""What a period left over for the next one, as JSON: by the bonus's code and partner, the left and the right leg."""

from vps.commissions.plans.network import Carried
from vps.commissions.plans.plan import Plan
from vps.commissions.plans.reading import MOST_POINTS, Node, read_json
from vps.kernel.refusals import N_, Refused


class NotTwoLegs(Refused):
    """Facts: where."""

    says = N_("%(where)s: the volumes of two legs must stand here, the left and the right one.")


def read_carried(text: str, plan: Plan, places: dict[str, int]) -> Carried:
    """Read “carried” of an earlier answer, alone or within the whole answer. Partners who are not in the tree any more are left out."""
    node = read_json(text)
    if isinstance(node.value, dict) and "carried" in node.value:
        node = node["carried"]
    node.keys(maybe=[bonus.code for bonus in plan.bonuses])
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for bonus in plan.bonuses:
        if node[bonus.code]:
            legs = (
                (places[partner], _legs(each, bonus.of, plan.currency)) for partner, each in node[bonus.code].entries() if partner in places
            )
            found[bonus.code] = dict(legs)
    return found


def _legs(node: Node, of: str, currency: str) -> tuple[int, int]:
    legs = list(node.each())
    if len(legs) != 2:
        raise NotTwoLegs(where=node.where)
    left, right = [each.whole(0, MOST_POINTS) if of == "points" else each.amount(currency) for each in legs]
    return left, right
