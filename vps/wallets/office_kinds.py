"""The company's kinds of wallets, and its rules for transfers: everybody in the office reads them, who manages changes them."""

from typing import Any

from flask import Blueprint, Response, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader, say
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff
from vps.people.session import my_actor
from vps.wallets.actions import change_kind, end_kind, make_kind, set_transfer_rule
from vps.wallets.desk_forms import KindForm, RuleForm, percentage
from vps.wallets.desk_words import RIGHTS, WHOSE, kind_name, kind_names
from vps.wallets.models import WalletKind
from vps.wallets.models.desk_lists import kinds, rules_list

_CHANGES = ("create", "change", "end", "create_rule")
blueprint = for_staff(Blueprint("wallet_kinds", __name__, url_prefix="/office"), managed=(*_CHANGES, "new"), sensitive=_CHANGES)
MOST = 100
"""Rules that are shown: those in force, and what was before."""


@blueprint.get("/wallet-kinds")
def index() -> Response:
    return page("wallets/kinds.html", kinds=kinds(), kind_name=kind_name, may=may)


@blueprint.get("/wallet-kinds/new")
def new() -> Response:
    return page("wallets/kind.html", form=KindForm(pays=True, paid_out=True, sends=True, receives=True, commission=True), kind=None)


@blueprint.post("/wallet-kinds/new")
def create() -> Response:
    form = KindForm()
    if not form.done(lambda: make_kind((form.code.data or "").strip(), form.facts(reader().language), actor=my_actor(), at=clock())):
        return page("wallets/kind.html", form=form, kind=None, status=form.status)
    return changed(url_for(".index"))


@blueprint.get("/wallet-kinds/<code>")
def show(code: str) -> Response:
    kind = any_kind(code)
    return page(
        "wallets/kind.html", form=KindForm.of(kind, reader().language), kind=kind, name=kind_name(kind), may=may(kind), press=Choice()
    )


@blueprint.post("/wallet-kinds/<code>")
def change(code: str) -> Response:
    form, kind = KindForm(), any_kind(code)
    if not form.done(lambda: change_kind(code, form.facts(reader().language), actor=my_actor(), at=clock())):
        facts: dict[str, Any] = {"kind": kind, "name": kind_name(kind), "may": may(kind), "press": Choice(formdata=None)}
        return page("wallets/kind.html", form=form, status=form.status, **facts)
    return changed(url_for(".index"))


@blueprint.post("/wallet-kinds/<code>/end")
def end(code: str) -> Response:
    end_kind(code, actor=my_actor(), at=clock())
    return changed(url_for(".index"))


@blueprint.get("/transfer-rules")
def rules() -> Response:
    return _rules(RuleForm().offer())


@blueprint.post("/transfer-rules")
def create_rule() -> Response:
    form = RuleForm().offer()
    what = form.kind.data, form.whose.data, form.currency.data
    if not form.done(lambda: set_transfer_rule(*what, form.rule(reader().language), actor=my_actor(), at=clock())):
        return _rules(form, status=form.status)
    return changed(url_for(".rules"))


def any_kind(code: str) -> WalletKind:
    kind: WalletKind = found(WalletKind.get_or_none(WalletKind.code == code))
    return kind


def may(kind: WalletKind) -> str:
    """What wallets of a kind may do, in words."""
    return ", ".join(say(words) for right, words in RIGHTS.items() if getattr(kind, right)) or "–"


def _rules(form: RuleForm, *, status: int = 200) -> Response:
    whose = {word: say(words) for word, words in WHOSE.items()}
    facts: dict[str, Any] = {"rules": rules_list(MOST), "names": kind_names(), "whose": whose}
    return page("wallets/rules.html", form=form, status=status, percent=lambda rule: percentage(rule, reader().language), **facts)
