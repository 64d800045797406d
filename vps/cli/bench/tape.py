"""The same template with constants: what it would cost if every value stood ready as text.

One real page is watched. Whatever its template calls, a filter, a sentence, an address, is noted in order; playing the tape
answers those calls with the noted results. What remains is Jinja itself: no database, no session, no formatting, no look-up.
"""

from collections.abc import Callable, Iterator
from types import FunctionType, SimpleNamespace
from typing import Any, TypeGuard

from flask import Flask, request, template_rendered
from jinja2 import Environment
from jinja2.filters import FILTERS

PLAIN = ("endpoint", "blueprint", "path", "full_path", "query_string", "method")
"""What templates ask of a request."""


class Tape:
    """A recorded page; `play` renders it again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.notes: list[Any] = []
        self.head: Iterator[Any] = iter(())
        self.body = ""

    def watch(self, visit: Callable[[], object]) -> None:
        """Record the template that `visit` renders, when everything that is remembered is remembered."""
        visit()
        with template_rendered.connected_to(self._record, self.app):
            visit()
        assert self.body, "the visit showed no page"

    def play(self) -> str:
        """The page from the tape."""
        self.head = iter(self.notes)
        return self.template.render(self.context)

    def _record(self, app: Flask, template: Any, context: dict[str, Any], **_: object) -> None:
        # Still inside the request: rendered once more, noting every call.
        self.context = {**context, "request": SimpleNamespace(**{name: getattr(request, name) for name in PLAIN})}
        self.body = self._environment(self._noting).get_template(template.name).render(self.context)
        self.template = self._environment(lambda _: lambda *__, **___: next(self.head)).get_template(template.name)

    def _noting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*args: Any, **named: Any) -> Any:
            result = function(*args, **named)
            self.notes.append(result)
            return result

        return noting

    def _environment(self, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Environment:
        real = self.app.jinja_env
        made = Environment(loader=real.loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=list(real.extensions))
        made.globals.update({name: wrap(value) if _is_call(value) else value for name, value in real.globals.items()})
        made.filters.update({name: wrap(value) for name, value in real.filters.items() if value is not FILTERS.get(name)})
        return made


def _is_call(value: object) -> TypeGuard[Callable[..., Any]]:
    return isinstance(value, FunctionType) or (callable(value) and not isinstance(value, type))
