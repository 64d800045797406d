"""A partner's own manual provisions: what for, how much, when, and what was taken back."""

from flask import Blueprint, Response, request

from vps.commissions.models.manual_lists import provisions_of
from vps.hypermedia.pages import key_from, page
from vps.people.guards import for_partners
from vps.people.session import me

blueprint = for_partners(Blueprint("my_provisions", __name__, url_prefix="/commissions/provisions"))
PAGE = 25


@blueprint.get("")
def index() -> Response:
    lines = provisions_of(me().id, before=key_from(request.args.get("before")), limit=PAGE + 1)
    return page("commissions/my_provisions.html", lines=lines, limit=PAGE)
