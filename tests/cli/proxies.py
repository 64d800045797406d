"""Small proxies that really stand before the app, each with its own idea of X-Forwarded-For."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask
from werkzeug.serving import make_server

Says = Callable[[str, list[str]], list[str]]
"""What a proxy sends on, given the visitor's address and the lines it got."""
NAME = "X-Forwarded-For"


def overwrites(visitor: str, got: list[str]) -> list[str]:
    return [visitor]


def appends(visitor: str, got: list[str]) -> list[str]:
    return [", ".join([*got, visitor])]


def adds_a_line(visitor: str, got: list[str]) -> list[str]:
    return [*got, visitor]


def passes_through(visitor: str, got: list[str]) -> list[str]:
    return got


def says_nothing(visitor: str, got: list[str]) -> list[str]:
    return []


@contextmanager
def standing(says: Says, *, visitor: str = "") -> Iterator["Proxy"]:
    """A proxy on a port of its own. `visitor`: where it thinks that everybody comes from, when not from where he does."""
    proxy = Proxy(says, visitor)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield proxy
    proxy.shutdown()
    thread.join()
    proxy.server_close()


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """The app on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


class Proxy(ThreadingHTTPServer):
    """Hands on what it gets to the port `target`; without one it answers by itself."""

    def __init__(self, says: Says, visitor: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says, self.visitor, self.target = says, visitor, 0
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        if not self.server.target:
            self._answer(200, b"Back in a minute.")
            return
        onward = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=10)
        onward.putrequest("GET", self.path, skip_host=True)
        for name, value in self.headers.items():
            if name.lower() != NAME.lower():
                onward.putheader(name, value)
        for line in self.server.says(self.server.visitor or self.client_address[0], self.headers.get_all(NAME, [])):
            onward.putheader(NAME, line)
        onward.endheaders()
        answer = onward.getresponse()
        self._answer(answer.status, answer.read())
        onward.close()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
