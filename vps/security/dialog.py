"""What pages have confirmed by a code: the dialog is about what was signed into it, and is asked again until it is answered."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flask import Response, request

from vps.hypermedia.pages import page
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.kernel.refusals import Refused
from vps.people.session import my_actor
from vps.security.actions import ByTan, Snapshot, confirm, send_code
from vps.security.forms import NotShown, TanForm, question
from vps.security.models import VIEW
from vps.security.session import session_id, site, watch_fields

T = TypeVar("T")


class Subject(NamedTuple):
    """What is to be confirmed: as intents know it, and as the page `template` tells it with `facts`.

    `at_least` is the level that it needs whatever the company says: money for somebody new needs a bound way.
    """

    kind: str
    motive: str
    subject: str
    amount: Money | None
    payee: str
    template: str
    facts: dict[str, Any]
    at_least: int = VIEW


Told = Callable[[Snapshot], Subject]
"""Tells again what a dialog was about, from what it carries."""


def ask(about: Subject, form: TanForm, *, status: int = 200) -> Response:
    """The dialog. What stands in the way of asking is said in it."""
    facts: dict[str, Any] = {"form": form, "asked": None, **about.facts}
    try:
        facts |= question(
            form,
            kind=about.kind,
            subject=about.subject,
            amount=about.amount,
            payee=about.payee,
            motive=about.motive,
            actor=my_actor(),
            session=session_id(),
            prefer=request.args.get("way"),
            site=site(),
            at=clock(),
            at_least=about.at_least,
        )
    except Refused as refusal:
        facts["stopped"] = refusal
    return page(about.template, status=status, **facts)


def answered(
    kind: str, told: Told, act: Callable[[ByTan], T], needs: Callable[[Snapshot], int] | None = None
) -> tuple[T | None, Response | None]:
    """Do what was confirmed and answer what it made; or the dialog once more: for another way, a code that is to be sent, a wrong one.

    `needs` answers the least level for what was shown. It is asked again here: what the dialog had asked decides nothing.
    """
    form = TanForm()
    watch_fields()
    shown = _shown(form, kind)
    if "way" in request.args:
        return None, ask(told(shown), TanForm(formdata=None))
    if form.send.data:
        sent = form.done(lambda: send_code(shown, actor=my_actor(), at=clock()))
        return None, ask(told(shown), form, status=200 if sent else form.status)
    at_least = needs(shown) if needs else VIEW
    made = form.attempt(lambda: act(_confirmed(form, shown, at_least)))
    return made, ask(told(shown), form, status=form.status) if made is None else None


def _confirmed(form: TanForm, shown: Snapshot, at_least: int) -> ByTan:
    return confirm(shown, **form.codes(shown), site=site(), session=session_id(), at_least=at_least, actor=my_actor(), at=clock())


def _shown(form: TanForm, kind: str) -> Snapshot:
    shown = form.snapshot(session_id())
    if shown.kind != kind:
        raise NotShown
    return shown
