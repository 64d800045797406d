"""A partner's own team, as deep as the company lets him see it. Whoever stands elsewhere is not there for him."""

from flask import Blueprint, Response, request

from vps.company.models import company
from vps.hypermedia.pages import found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.refusals import NotFound
from vps.people.actions.tree import today
from vps.people.guards import for_partners
from vps.people.models import Person
from vps.people.models.team import branch
from vps.people.models.tree import level_between
from vps.people.session import me

blueprint = for_partners(Blueprint("team", __name__, url_prefix="/me/team"))


@blueprint.get("")
def index() -> Response:
    return _team(me())


@blueprint.get("/<number>")
def show(number: str) -> Response:
    return _team(found(Person.by_number(number)))


def _team(person: Person) -> Response:
    day, depth = today(clock()), company().tree_depth
    # Those directly below the lowest one he sees are too deep for him.
    level = level_between(me().id, person.id, day, depth - 1)
    if level is None or not depth:
        raise NotFound
    after = key_from(request.args.get("after")) or (0, 0)
    below = branch(person.id, day, level=level, after=after[0])
    return page("people/team.html", "people/_branch.html", branch=below, office=False, opens=level + 1 < depth, depth=depth)
