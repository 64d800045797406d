"""My commissions: what is free and what is not yet, the runs I got something of, and why each line says what it says."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.commissions.models import calculated_with, got_of, line_of, lines_of, locked_of, runs_of, weeks
from vps.commissions.models.earned import PAGE, Calculated, Seen
from vps.commissions.words import Names, address, freed, listed, marked, run_called, seen_by, told
from vps.company.models import company
from vps.hypermedia.pages import found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.numbers import order_id
from vps.people.guards import for_partners
from vps.people.session import me
from vps.wallets.models import Wallet
from vps.wallets.words import kind_called

blueprint = for_partners(Blueprint("commissions", __name__, url_prefix="/commissions"))
for _filter in (freed, kind_called, marked, run_called):
    blueprint.add_app_template_filter(_filter)


@blueprint.get("")
def index() -> Response:
    now, ours = clock(), company()
    locked = locked_of(me().id, now=now, zone=ours.zone)
    coming, wallet = weeks(locked.coming, day_in(now, ours.zone)), Wallet.of(me().id, ours.currency)
    return page("commissions/index.html", locked=locked, weeks=coming, wallet=wallet, **runs_page(me().id, ".index"))


@blueprint.get("/runs/<int:key>")
def show(key: int) -> Response:
    return page("commissions/run.html", **run_page(me().id, key, endpoint="commissions", names=seen_by))


@blueprint.get("/runs/<int:key>/lines/<order>/<int:n>")
def line(key: int, order: str, n: int) -> Response:
    return page("commissions/line.html", **line_page(me().id, key, order, n, names=seen_by))


def runs_page(person: int, endpoint: str, **more: Any) -> dict[str, Any]:
    """A page of the runs somebody got something of."""
    before = key_from(request.args.get("before"))
    got = runs_of(person, before[0] if before else None)
    last = sorted({each.run for each in got}, reverse=True)[:PAGE]
    shown = [each for each in got if each.run in last]
    older = url_for(endpoint, before=last[-1], **more) if len(shown) < len(got) else ""
    return {"got": shown, "older": older}


def run_page(person: int, key: int, *, endpoint: str, names: Any, draft: bool = False, **more: Any) -> dict[str, Any]:
    """A page of somebody's lines of a run. Raises NotFound."""
    run, got = found(calculated_with(key, draft=draft)), found(got_of(key, person, draft=draft) or None)
    lines = lines_of(key, person, key_from(request.args.get("after")), draft=draft) if run.plan else []
    named = names(person, {each.seller for each in lines[:PAGE]})
    onward = url_for(f"{endpoint}.show", key=key, after=lines[PAGE - 1].key, **more) if len(lines) > PAGE else ""
    return {"run": run, "got": got, "lines": listed(run, lines[:PAGE], named, address(f"{endpoint}.line", key, **more)), "onward": onward}


def line_page(person: int, key: int, order: str, n: int, *, names: Any, draft: bool = False) -> dict[str, Any]:
    """One of somebody's lines, explained: the n-th of an order, from 1. Raises NotFound."""
    run: Calculated = found(calculated_with(key, draft=draft))
    number = found(order_id(order))
    shown: Seen = found(line_of(key, person, number, n - 1, draft=draft))
    named: Names = names(person, {shown.seller, shown.via})
    return {"run": run, "line": shown, "mine": shown.seller == person, "told": told(run, shown, named)}
