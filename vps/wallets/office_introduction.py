"""The office introduces trust levels: a level to begin with, a day, whom it would stop, and only then the press that counts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, url_for

from vps.company.models import company
from vps.hypermedia.pages import changed, page
from vps.kernel.clock import clock, day_in
from vps.kernel.csvout import write_table
from vps.people.guards import for_staff
from vps.people.session import my_actor
from vps.trust.actions.introducing import introduce, must_be_possible
from vps.trust.models import begins, levels
from vps.trust.titles import title
from vps.wallets.models.beyond import Beyond, look_over
from vps.wallets.office_trust import named
from vps.wallets.trust_forms import IntroductionForm
from vps.wallets.trust_words import WORDS

blueprint = for_staff(
    Blueprint("introduction_office", __name__, url_prefix="/office/trust/introduction"),
    managed=("new", "create_trial", "create_table", "create"),
    sensitive=("create",),
)
LOOKED_AT = 1000
"""Partners a page looks at; the table looks at all."""
SHOWN = 100
HEADER = ("number", "name", "level", "what", "window", "moved", "limit", "times", "most_times", "outcome")


@blueprint.get("")
def new() -> Response:
    return _new(IntroductionForm(formdata=None, level=company().trust_start, begins=day_in(clock(), company().zone)).offer(named()))


@blueprint.post("/trial")
def create_trial() -> Response:
    """Whom it would stop; nothing is written."""
    form = IntroductionForm().offer(named())
    shown = form.attempt(lambda: _trial(form))
    return shown or _new(form, status=form.status)


@blueprint.post("/table")
def create_table() -> Response:
    """The same of all partners, as a table."""
    form = IntroductionForm().offer(named())
    content = form.attempt(lambda: write_table(HEADER, _lines(form.level.data, clock())))
    if content is None:
        return _new(form, status=form.status)
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="introduction.csv"'
    return answer


@blueprint.post("")
def create() -> Response:
    form = IntroductionForm().offer(named())
    if not form.done(lambda: introduce(form.level.data, form.begins.data, actor=my_actor(), at=clock())):
        return _new(form, status=form.status)
    return changed(url_for("levels_office.index"))


def _new(form: IntroductionForm, *, status: int = 200, **facts: Any) -> Response:
    return page(
        "trust/introduction.html", form=form, begins=begins(), today=day_in(clock(), company().zone), status=status, **facts, **WORDS
    )


def _trial(form: IntroductionForm) -> Response:
    must_be_possible(form.level.data, form.begins.data, at=clock())
    looked, stopped = 0, list[Beyond]()
    for _, each in look_over(levels(), form.level.data, clock(), most=LOOKED_AT):
        looked += 1
        stopped += each
    titles = {level.rank: title(level) for level in levels()}
    return _new(
        form, tried=True, looked=looked, all_of_them=looked < LOOKED_AT, stopped=stopped[:SHOWN], more=len(stopped) > SHOWN, titles=titles
    )


def _lines(start: int, at: datetime) -> Iterator[tuple[str, ...]]:
    for _, found in look_over(levels(), start, at):
        for each in found:
            yield line_of(each)


def line_of(each: Beyond) -> tuple[str, ...]:
    """A line of the table, for machines."""
    limit = each.limit.plain if each.limit else ""
    most = "" if each.most is None else str(each.most)
    outcome = "held" if each.is_held else "refused"
    return (each.number, each.name, str(each.rank), each.kind, each.window, each.moved.plain, limit, str(each.times), most, outcome)
