"""An SMS gateway with a will of its own: a real HTTP server on loopback that remembers what it was asked."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    """One request, as the gateway read it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


class Gate:
    """`answers` are given one after the other, the last one for ever: (status, body, headers). `None` is none until `open` is set."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[Asked] = []
        self.answers: list[tuple[int, str, dict[str, str]] | None] = [(200, "OK", {})]
        self.waiting = threading.Event()
        self.open = threading.Event()

    @property
    def texts(self) -> list[str]:
        return [asked.query["text"] for asked in self.asked]


@contextmanager
def gateway() -> Iterator[Gate]:
    """A gateway that says OK to everything until it is told otherwise."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            query = {name: values[0] for name, values in parse_qs(parts.query or body).items()}
            gate.asked.append(Asked(self.command, parts.path, query, dict(self.headers), body))
            answer = gate.answers.pop(0) if len(gate.answers) > 1 else gate.answers[0]
            if answer is None:
                gate.waiting.set()
                gate.open.wait(30)
                return
            status, text, headers = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gate = Gate(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield gate
    finally:
        gate.open.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Line:
    """Whoever listens behind a port: says `words` to whatever he hears, and hangs up unless he `hangs` or `drips`. With `tls` he shows a certificate."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.words, self.heard = b"", list[str]()
        self.hangs = self.drips = False
        self.tls: ssl.SSLContext | None = None
        self.over = threading.Event()


@contextmanager
def line() -> Iterator[Line]:
    """A port with somebody behind it who need not speak HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Line(server.getsockname()[1])

        def listen() -> None:
            while True:
                try:
                    with server.accept()[0] as plain:
                        if made.over.is_set():
                            return
                        talk(plain)
                except OSError:
                    continue  # the caller hung up, or did not like the certificate

        def talk(plain: socket.socket) -> None:
            with made.tls.wrap_socket(plain, server_side=True) if made.tls else plain as call:
                made.heard.append(call.recv(65536).decode())
                call.sendall(made.words)
                if made.hangs:
                    call.recv(1)  # until the other side has had enough
                call.settimeout(0.01)
                while made.drips:
                    call.sendall(b"x")
                    with suppress(TimeoutError):
                        made.drips = call.recv(1) != b""

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield made
        finally:
            made.over.set()
            socket.create_connection(server.getsockname()).close()
            thread.join()
