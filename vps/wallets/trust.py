"""The partner's page about his trust level, and the words about limits that stand beside fields for amounts."""

from flask import Blueprint, Response

from vps.hypermedia.pages import page
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me
from vps.wallets.ladder import coming, left, standing

blueprint = for_partners(Blueprint("trust", __name__, url_prefix="/me/trust"))
blueprint.add_app_template_filter(left)
blueprint.add_app_template_filter(coming)


@blueprint.get("")
def show() -> Response:
    return page("wallets/trust.html", **standing(me(), clock()))
