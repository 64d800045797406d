"""The page of a partner's mobile number: the number that gets his TANs is proved already, and can be taken. Here, because it joins two
capabilities that do not know each other."""

from flask import Blueprint, Response, url_for

from vps.hypermedia.pages import changed, found
from vps.kernel.clock import clock
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.models import Phone
from vps.trust.actions import accept_proved
from vps.trust.models import MOBILE
from vps.trust.web import step_page

blueprint = for_partners(Blueprint("known_mobile", __name__, url_prefix="/me/identity/mobile"))


@blueprint.get("")
def show() -> Response:
    return step_page(MOBILE, known=Phone.in_force(me().id, clock()))


@blueprint.post("/known")
def take() -> Response:
    """A code sent to it came back once, and since then it pays."""
    phone = found(Phone.in_force(me().id, clock()))
    accept_proved(me().id, MOBILE, phone.plain, actor=my_actor(), at=clock())
    return changed(url_for("identity.index"))
