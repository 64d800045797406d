"""The real server on a scratch folder: gunicorn as `vps serve` starts it, on a free port."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from vps.cli.bench.scratch import environment

PATIENCE = 30.0
"""Seconds a server may take until it answers."""


class Server:
    """Two processes of four threads. Use it with `with`."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.ready_after = 0.0
        """Seconds from the start to the first good answer of /readyz."""

    def __enter__(self) -> "Server":
        code = f"import sys; from vps.cli import main; sys.argv[1:] = ['serve', '--port', '{self.port}']; main()"
        begun = time.monotonic()
        with (self.scratch / "server.log").open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-c", code], env=self._environment(), stdout=log, stderr=log)  # noqa: S603 - our own program
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > begun + PATIENCE:
                raise RuntimeError((self.scratch / "server.log").read_text())
            time.sleep(0.005)
        self.ready_after = time.monotonic() - begun
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def _environment(self) -> dict[str, str]:
        # An installation on SQLite has no driver of PostgreSQL, which peewee loads wherever there is one.
        without = self.scratch / "as-installed"
        without.mkdir(exist_ok=True)
        (without / "psycopg.py").write_text('raise ImportError("not installed where SQLite is used")\n')
        return environment(self.scratch) | {"PYTHONPATH": str(without)}

    def _is_ready(self) -> bool:
        asking = self.connection()
        try:
            asking.request("GET", "/readyz")
            return asking.getresponse().status == 200
        except OSError:
            return False
        finally:
            asking.close()
