"""A demo company of its own, served for the scanners: made, started, signed in to, counted, and gone without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from vps.cli.demo.cast import PASSWORD
from vps.cli.demo.load import Client

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 60
REFUSED = (401, 429)
"""Who is not signed in, and who must wait, has not got through whatever answered him."""


@dataclass(frozen=True)
class Visitor:
    """Somebody's browser: what it sends along, and the token of its forms, good as long as its session."""

    name: str
    cookie: str
    token: str


@dataclass(frozen=True)
class Tally:
    """How many requests came, how many of them reached a view or held a NUL, and what failed on our side."""

    requests: int
    reached: int
    nul: int
    failures: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of those that reached a view among all that a view could take."""
        return self.reached / (self.requests - self.nul) if self.requests > self.nul else 0.0


class Demo:
    """Use it with `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "requests.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.started: list[subprocess.Popen[bytes]] = []
        self.read = self.turned_away = 0

    def __enter__(self) -> "Demo":
        subprocess.run([BIN / "vps", "demo", "seed", "--orders", "20"], env=self.environment(), check=True, stdout=subprocess.DEVNULL)
        self._start("vps", "worker")
        served = [
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "--no-control-socket",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        self._start("gunicorn", *served, "tests.attack.served:app")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > until or self.started[-1].poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text())
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.started:
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            process.wait(PATIENCE)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VPS_")}
        return kept | {
            "VPS_DATA_DIR": str(self.folder / "data"),
            "VPS_ATTACK_LOG": str(self.log),
            "PYTHONPATH": str(ROOT),
            "VPS_LANG": "en",
        }

    def says(self, *words: str) -> str:
        """What `vps demo …` prints."""
        asked = [str(BIN / "vps"), "demo", *words]
        return subprocess.run(asked, env=self.environment(), check=True, capture_output=True, text=True).stdout.strip()

    def visitor(self, name: str) -> Visitor:
        """Somebody who has just signed in, staff with the code of their app; or, without a name, nobody."""
        browser = Client(self.url)
        token = browser.get("/sign-in").value("csrf_token")
        if name:
            browser.post("/sign-in", {"csrf_token": token, "username": name, "password": PASSWORD})
            second = browser.get("/sign-in/code")
            if second.status == 200:
                browser.post("/sign-in/code", {"csrf_token": second.value("csrf_token"), "code": self.says("totp", name)})
            mine = browser.get("/me/password")
            assert mine.status == 200, f"{name} is not signed in"
            token = mine.value("csrf_token")
        return Visitor(name or "nobody", "; ".join(f"{key}={value}" for key, value in browser.cookies.items()), token)

    def tally(self) -> Tally:
        """Of the requests since the last time it was asked."""
        with self.log.open() as file:
            file.seek(self.read)
            lines = file.read().splitlines()
            self.read = file.tell()
        asked = [line.split() for line in lines]
        # What gunicorn did not even take for a request never came to us, and no view saw it.
        turned_away = (self.folder / "server.log").read_text().count("Invalid request from")
        ill, self.turned_away = turned_away - self.turned_away, turned_away
        reached = sum(where == "view" and int(status) not in REFUSED for status, _, where, _ in asked)
        nul = sum(where == "nul" for _, _, where, _ in asked)
        failures = Counter(f"{status} {method} {endpoint}" for status, method, _, endpoint in asked if int(status) >= 500)
        return Tally(len(asked) + ill, reached, nul, tuple(f"{what}, {count} times" for what, count in failures.items()))

    def _start(self, program: str, *arguments: str) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.started.append(subprocess.Popen([BIN / program, *arguments], env=self.environment(), cwd=ROOT, stdout=log, stderr=log))

    def _answers(self) -> bool:
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status == 200
        except OSError:
            return False
        finally:
            asking.close()
