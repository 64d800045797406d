"""The office writes the trust levels: the set in force, one level at a time, versions and what they change, and a file of all of it."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader, sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.refusals import Refused
from vps.people.guards import for_staff, my_rights
from vps.people.session import my_actor
from vps.trust.actions.level_sets import NothingChanged, change_set
from vps.trust.actions.proposing import approve, needs_second, turn_down
from vps.trust.models import DEFAULT, Level, LevelsUnreadable, TrustProposal, begins, body_of, levels_of
from vps.trust.models.changes import document_of, newest_set, partners_at_or_above, versions
from vps.trust.models.documents import MOST_LEVELS, read_set, readable
from vps.trust.titles import title
from vps.wallets.level_pages import preview_facts, sides_of, waiting
from vps.wallets.trust_forms import LevelForm, NotShownSet, SetFileForm, ShownSetForm
from vps.wallets.trust_words import WORDS, table

blueprint = for_staff(
    Blueprint("levels_office", __name__, url_prefix="/office/trust"),
    managed=("new_level", "create_level", "new_removal", "create_file", "create_set", "show_proposal", "create_approval", "end_proposal"),
    sensitive=("create_set", "create_approval"),
)
blueprint.add_app_template_filter(title, "level_title")
PAGE = 20
MOST = 200_000
"""Bytes of an upload; the reader itself refuses longer files with a sentence."""


@blueprint.get("")
def index() -> Response:
    return _index(Choice(formdata=None))


@blueprint.get("/levels/<int:rank>")
def new_level(rank: int) -> Response:
    """The page of one level; the one above the highest is a new level, which begins as the highest stands."""
    ours = _in_force()
    found((rank <= len(ours) and rank < MOST_LEVELS) or None)
    level = ours[rank] if rank < len(ours) else ours[-1]._replace(names=())
    return _level(LevelForm.of(level, reader().language), rank)


@blueprint.post("/levels/<int:rank>")
def create_level(rank: int) -> Response:
    """The level is read and shown in its set; nothing is written."""
    form, ours = LevelForm(), _in_force()
    found((rank <= len(ours) and rank < MOST_LEVELS) or None)
    shown = form.attempt(lambda: _shown((*ours[:rank], form.typed(rank, reader().language), *ours[rank + 1 :])))
    return shown or _level(form, rank, status=form.status)


@blueprint.get("/removal")
def new_removal() -> Response:
    """The set without its highest level."""
    ours = _in_force()
    found(len(ours) > 1 or None)
    return _preview(ShownSetForm(formdata=None), newest_set()[0], ours[:-1])


@blueprint.post("/file")
def create_file() -> Response:
    """The file is read and shown; nothing is written."""
    form = SetFileForm()
    shown = form.attempt(lambda: _shown(read_set(form.file.data.read(MOST).decode("utf-8", "replace"))))
    return shown or _index(Choice(formdata=None), file_form=form, status=form.status)


@blueprint.post("/sets")
def create_set() -> Response:
    form = ShownSetForm()
    try:
        base, wanted = form.carried()
    except NotShownSet as refusal:
        return _index(Choice(formdata=None), said=sentence(refusal), status=refusal.status)
    if not form.done(lambda: change_set(wanted, form.reason.data, base=base, sure=form.sure.data, actor=my_actor(), at=clock())):
        return _preview(form, base, wanted, status=form.status)
    return changed(url_for(".index"))


@blueprint.get("/versions/<int:key>")
def show_version(key: int) -> Response:
    """What a version changed against the one before it."""
    facts = sides_of(found(document_of(key)), found(document_of(max((each.id for each in versions(key, 1)), default=0))))
    return page("trust/version.html", key=key, **facts, **WORDS)


@blueprint.get("/file")
def file() -> Response:
    """The set in force as a file."""
    answer = Response(readable(_in_force()), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="trust-levels.json"'
    return answer


@blueprint.get("/proposals/<int:key>")
def show_proposal(key: int) -> Response:
    """A set that waits, with all that its preview said."""
    proposal = found(TrustProposal.get_or_none(TrustProposal.id == key, TrustProposal.kind == "set"))
    facts = preview_facts(levels_of(proposal.body), clock())
    return page("trust/proposal.html", proposal=proposal, form=Choice(formdata=None), mine=proposal.asked_by == my_actor().person, **facts)


@blueprint.post("/proposals/<int:key>/approval")
def create_approval(key: int) -> Response:
    form = Choice()
    if not form.done(lambda: approve(key, actor=my_actor(), at=clock())):
        return _index(form, status=form.status)
    return changed(_after(key))


@blueprint.post("/proposals/<int:key>/end")
def end_proposal(key: int) -> Response:
    form = Choice()
    if not form.done(lambda: turn_down(key, actor=my_actor(), at=clock())):
        return _index(form, status=form.status)
    return changed(_after(key))


def _after(key: int) -> str:
    person = TrustProposal.get_by_id(key).person
    return url_for("trust_office.show", number=person.number) if person else url_for(".index")


def _in_force() -> tuple[Level, ...]:
    """The levels in force; where they cannot be read, the default set, from which new ones can be written."""
    try:
        return levels_of(newest_set()[1])
    except LevelsUnreadable:
        return DEFAULT


def _shown(wanted: tuple[Level, ...]) -> Response:
    base, body = newest_set()
    if body == body_of(wanted):
        raise NothingChanged
    return _preview(ShownSetForm(formdata=None), base, wanted)


def _preview(form: ShownSetForm, base: int, wanted: tuple[Level, ...], *, status: int = 200) -> Response:
    form.carry(base, body_of(wanted))
    facts = preview_facts(wanted, clock())
    gone = partners_at_or_above(len(wanted)) if len(wanted) < len(facts["levels"]) else 0
    return page("trust/set_preview.html", form=form, gone=gone, two=needs_second(), status=status, **facts)


def _level(form: LevelForm, rank: int, *, status: int = 200) -> Response:
    return page("trust/level.html", form=form, rank=rank, new=rank == len(_in_force()), status=status)


def _index(form: Choice, *, file_form: SetFileForm | None = None, said: str | None = None, status: int = 200) -> Response:
    before = key_from(request.args.get("before"))
    base, body = newest_set()
    facts: dict[str, Any] = {
        "levels": (),
        "table": [],
        "damaged": "",
        "base": base,
        "said": said or form.refusal or (file_form and file_form.refusal),
    }
    try:
        facts["levels"] = levels_of(body)
        facts["table"] = table(facts["levels"])
    except Refused as refusal:
        facts["damaged"] = sentence(refusal)
    facts |= {"begins": begins(), "versions": versions(before[0] if before else None, PAGE + 1), "limit": PAGE, "two": needs_second()}
    facts |= {"waiting": waiting() if "manage" in my_rights() else [], "file_form": file_form or SetFileForm(formdata=None)}
    return page("trust/levels.html", form=form, most=MOST_LEVELS, status=status, **facts, **WORDS)
