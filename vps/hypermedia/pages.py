"""One URL, two sizes: a whole page for everybody, a piece of it for htmx.

A piece is answered only to `HX-Request-Type: partial`; boosted links and restored history get whole pages.
"""

from typing import Any

from flask import Response, redirect, render_template, request
from htmx_flask import make_response

from vps.hypermedia.languages import sentence
from vps.kernel.refusals import NotFound, Refused


def wants_piece() -> bool:
    """Whether htmx asked for a part of a page."""
    asked = request.htmx  # type: ignore[attr-defined]
    return bool(asked) and request.headers.get("HX-Request-Type") == "partial" and not asked.history_restore_request


def page(whole: str, piece: str | None = None, *, status: int = 200, **facts: Any) -> Response:
    """Render the page, or its piece for who asked for that."""
    template = piece if piece and wants_piece() else whole
    return varied(Response(render_template(template, **facts), status=status))


def changed(next_url: str, piece: str | None = None, **facts: Any) -> Response:
    """After a change: htmx gets the piece that changed, everyone else is sent to look."""
    if piece and wants_piece():
        return varied(Response(render_template(piece, **facts)))
    answer: Response = make_response(redirect(next_url, code=303))
    return answer


def in_its_place(answer: Response, target: str) -> Response:
    """A piece that htmx puts over `target` instead of where the form said."""
    if wants_piece():
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = target, "outerHTML"
    return answer


def refused(refusal: Refused) -> Response:
    """A refusal as a page, or as a piece for the place that every page keeps for it."""
    words, status = sentence(refusal), refusal.status
    if wants_piece():
        answer = make_response(render_template("shared/_refusal.html", words=words), retarget="#refusal", reswap="outerHTML")
        answer.status_code = status
        return varied(answer)
    return varied(Response(render_template("shared/refused.html", words=words, status=status), status=status))


def found(thing: Any) -> Any:
    """What was looked for as the reader may see it, or the one answer for everything else."""
    if thing is None:
        raise NotFound
    return thing


def varied(answer: Response) -> Response:
    answer.vary.update(["HX-Request", "HX-Request-Type"])
    return answer


def key_from(text: str | None) -> tuple[int, int] | None:
    """The place after which an older page begins, from `?before=123` or `?before=123.45`; nonsense is the first page."""
    parts = (text or "").split(".")
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    return (int(parts[0]), int(parts[-1]))
