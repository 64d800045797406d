"""The server as `vps serve` starts it, with as many processes as wanted, and the worker beside it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 60


class Served:
    """Use it with `with`."""

    def __init__(self, data: Path, url: str, *, workers: int) -> None:
        self.data, self.url, self.workers, self.log = data, url, workers, data / "server.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Served":
        # fmt: off
        gunicorn = ["gunicorn", "--worker-class", "gthread", "--workers", str(self.workers), "--threads", "4", "--no-control-socket", "--preload",
                    "--forwarded-allow-ips", "", "--bind", f"127.0.0.1:{self.port}", "wsgi:app"]
        # fmt: on
        try:
            self._start(*gunicorn)
            self._start("vps", "worker")
            until = time.monotonic() + PATIENCE
            while not self._answers():
                if time.monotonic() > until or self.started[0].poll() is not None:
                    raise RuntimeError(self.log.read_text())
                time.sleep(0.05)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.started:
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            process.wait(PATIENCE)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VPS_")}
        return kept | {"VPS_DATA_DIR": str(self.data), "VPS_DATABASE_URL": self.url, "PYTHONPATH": str(ROOT), "VPS_LANG": "en"}

    def audit(self) -> str:
        """What `vps audit` prints; empty when it found nothing."""
        done = subprocess.run([BIN / "vps", "audit"], env=self.environment(), capture_output=True, text=True, check=False)
        return done.stdout + done.stderr if done.returncode else ""

    def _start(self, program: str, *arguments: str) -> None:
        with self.log.open("ab") as log:
            self.started.append(subprocess.Popen([BIN / program, *arguments], env=self.environment(), cwd=ROOT, stdout=log, stderr=log))

    def _answers(self) -> bool:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asking.request("GET", "/readyz")
            return asking.getresponse().status == 200
        except OSError:
            return False
        finally:
            asking.close()
