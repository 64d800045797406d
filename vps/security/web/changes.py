"""What a partner changes about his own security: level, phone, further ways, recovery codes, practice, and lifting his freeze."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, request, url_for

from vps.company.models import company
from vps.hypermedia.languages import say
from vps.hypermedia.pages import changed, found, page
from vps.kernel.clock import clock
from vps.kernel.refusals import N_, Refused
from vps.people.actions import CODE as CODE_RULE
from vps.people.actions import count_failure, forget_failures, must_not_wait
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.post.sms import number as phone_number
from vps.security.actions import (
    THAW,
    ByTan,
    Printout,
    Snapshot,
    begin_phone,
    confirm,
    confirm_phone,
    lower_level_by_way,
    make_recovery_sheet,
    must_be_permitted,
    permit_by_way,
    posted,
    practise,
    raise_level,
    send_code,
    send_phone_code,
    thaw,
    use_recovery_code,
)
from vps.security.actions.recovering import NotThisCode
from vps.security.forms import LEVEL_WORDS, LevelForm, NotShown, PhoneForm, RecoveryForm, SentCodeForm, TanForm, question
from vps.security.models import CHANGE, LEVELS, PRACTICE, RENEWAL, Phone, coming_level, level_of
from vps.security.session import session_id, site, watch_fields

blueprint = for_partners(Blueprint("security_changes", __name__, url_prefix="/me"))


class Change(NamedTuple):
    """One kind of change: what the dialog says, what it is worth to a thief, and what does it."""

    words: str
    motive: str
    act: Callable[[ByTan], Any]


def _lower(by: ByTan) -> None:
    lower_level_by_way(int(by.snapshot.subject), authorisation=by, at=clock())


CHANGES = {
    "level": Change(N_("Lower my security level"), CHANGE, _lower),
    "way": Change(N_("Add a way of confirming"), CHANGE, lambda by: permit_by_way(by, at=clock())),
    THAW: Change(N_("Lift the freeze of my wallet"), CHANGE, lambda by: thaw(by, at=clock())),
    "recovery": Change(N_("Make new recovery codes"), RENEWAL, lambda by: make_recovery_sheet(by, at=clock())),
    "practice": Change(N_("Practise: nothing is paid"), PRACTICE, lambda by: practise(by, at=clock())),
}


@blueprint.get("/changes/<any('level', 'way', 'unfreeze', 'recovery', 'practice'):kind>")
def new_change(kind: str) -> Response:
    return _dialog(kind, _wanted(kind, request.args.get("to", "")), TanForm(formdata=None))


@blueprint.post("/changes/<any('level', 'way', 'unfreeze', 'recovery', 'practice'):kind>")
def create_change(kind: str) -> Response:
    form = TanForm()
    watch_fields()
    if form.send.data:
        sent = form.done(lambda: send_code(_shown(kind, form), actor=my_actor(), at=clock()))
        return _dialog(kind, _subject(kind, form), form, status=200 if sent else form.status)
    made = form.attempt(lambda: (_confirmed(kind, form),))
    if made is None:
        return _dialog(kind, _subject(kind, form), form, status=form.status)
    if isinstance(made[0], Printout):
        return page("security/recovery_sheet.html", printout=made[0], person=me())
    return changed(url_for("security.enrol", done=kind))


@blueprint.get("/level")
def level() -> Response:
    form = LevelForm(level=level_of(me().id, clock())).offer()
    return page("security/level.html", form=form, **_levels())


@blueprint.post("/level")
def choose_level() -> Response:
    """A higher level at once; a lower one is confirmed first."""
    form, now = LevelForm().offer(), level_of(me().id, clock())
    chosen = form.attempt(lambda: (form.level.data,))
    if chosen and chosen[0] in LEVELS and chosen[0] < now:
        return changed(url_for(".new_change", kind="level", to=chosen[0]))
    if not form.done(lambda: raise_level(me().id, form.level.data, actor=my_actor(), at=clock())):
        return page("security/level.html", form=form, status=form.status, **_levels())
    return changed(url_for("security.enrol"))


@blueprint.get("/phone")
def phone() -> Response:
    waiting = Phone.waiting(me().id)
    if waiting is None:
        must_be_permitted(me().id, clock())
    return page("security/phone.html", form=SentCodeForm(formdata=None) if waiting else PhoneForm(formdata=None), waiting=waiting)


@blueprint.post("/phone")
def create_phone() -> Response:
    form = PhoneForm()
    done = form.done(lambda: begin_phone(me().id, phone_number(form.number.data), actor=my_actor(), at=clock()))
    return changed(url_for(".phone")) if done else page("security/phone.html", form=form, waiting=None, status=form.status)


@blueprint.post("/phone/code")
def confirm_my_phone() -> Response:
    form = SentCodeForm()
    if form.done(lambda: confirm_phone(me().id, form.code.data, actor=my_actor(), at=clock())):
        return changed(url_for("security.enrol"))
    waiting = Phone.waiting(me().id)
    if waiting is None:
        return changed(url_for(".phone"))
    return page("security/phone.html", form=form, waiting=waiting, status=form.status)


@blueprint.post("/phone/again")
def send_phone_code_again() -> Response:
    form = SentCodeForm(formdata=None)
    try:
        send_phone_code(me().id, at=clock())
    except Refused as refusal:
        form.code.errors = [say(refusal.says) % refusal.facts if refusal.facts else say(refusal.says)]
    return page("security/phone.html", form=form, waiting=found(Phone.waiting(me().id)))


@blueprint.get("/recovery")
def recovery() -> Response:
    return page("security/recovery.html", form=RecoveryForm(formdata=None))


@blueprint.post("/recovery")
def use_recovery() -> Response:
    form = RecoveryForm()
    done = form.done(lambda: _use_recovery(form.code.data))
    return changed(url_for("security.enrol")) if done else page("security/recovery.html", form=form, status=form.status)


def _use_recovery(code: str) -> None:
    asked = [(CODE_RULE, f"recovery:{me().id}")]
    must_not_wait(asked, clock())
    try:
        use_recovery_code(me().id, code, actor=my_actor(), at=clock())
    except NotThisCode:
        count_failure(asked, clock())
        raise
    forget_failures(asked)


def _confirmed(kind: str, form: TanForm) -> Any:
    shown = _shown(kind, form)
    again = posted(shown.nonce, me().id)
    by = confirm(shown, **form.codes(shown), site=site(), session=session_id(), actor=my_actor(), at=clock())
    return None if again else CHANGES[kind].act(by)


def _shown(kind: str, form: TanForm) -> Snapshot:
    shown = form.snapshot(session_id())
    if shown.kind != kind:
        raise NotShown
    return shown


def _subject(kind: str, form: TanForm) -> str:
    """What the dialog was about, to ask it again; nothing of a dialog that was not ours."""
    try:
        return _shown(kind, form).subject
    except NotShown:
        return _wanted(kind, request.args.get("to", ""))


def _wanted(kind: str, to: str) -> str:
    """What is to be confirmed, from the address: only a level has something to choose."""
    if kind != "level":
        return kind
    lower = [str(level) for level in LEVELS if level < level_of(me().id, clock())]
    return str(found(to if to in lower else None))


def _dialog(kind: str, subject: str, form: TanForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"form": form, "kind": kind, "asked": None, "change": CHANGES[kind], "subject": subject}
    if kind == "level":
        facts["level"] = LEVEL_WORDS[int(subject)]
    try:
        facts |= question(
            form,
            kind=kind,
            subject=subject,
            amount=None,
            payee="",
            motive=CHANGES[kind].motive,
            actor=my_actor(),
            session=session_id(),
            prefer=request.args.get("way"),
            site=site(),
            at=clock(),
        )
    except Refused as refusal:
        facts["stopped"] = refusal
    return page("security/change.html", status=status, **facts)


def _levels() -> dict[str, Any]:
    now = clock()
    return {"coming": coming_level(me().id, now), "rest": company().rest_hours}
