"""The app as it is served, and one line for every request: what came of it, and whether a view of ours was asked at all.

A scanner that is refused at the door finds nothing, and says so as if all were well. Only these lines tell the two apart.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from vps.app import create_app
from vps.kernel.database import action, one, run

app = create_app()
_log = os.open(os.environ["VPS_ATTACK_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _telling(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def told(**given: Any) -> Any:
        g.reached = True
        return view(**given)

    return told


@action
def _open_doors() -> None:
    run("DELETE FROM throttle")
    run("DELETE FROM way")


def _before() -> None:
    # Doors that close after some failures would keep out every probe but the first ones. That they close has tests of its own.
    if request.method == "POST" and one("SELECT 1 FROM throttle UNION ALL SELECT 1 FROM way LIMIT 1"):
        _open_doors()


def _after(answer: Response) -> Response:
    # A sign that no field can hold is refused before any view, whatever is asked: such probes are told apart.
    holds_nul = "\0" in "".join([*request.args.values(), *(request.form.values() if request.method == "POST" else ())])
    reached = "view" if g.get("reached") else "nul" if holds_nul and answer.status_code == 400 else "door"
    os.write(_log, f"{answer.status_code} {request.method} {reached} {request.endpoint}\n".encode())
    return answer


app.view_functions = {name: _telling(view) for name, view in app.view_functions.items()}
app.before_request_funcs[None].insert(0, _before)
app.after_request(_after)
