"""A real Kannel for tests: bearerbox, smsbox and a phone company (fakesmsc) on loopback, in a folder of their own.

The Debian packages kannel and kannel-extras have them. Where they are missing a test says so and is skipped, but never in CI.
"""

import os
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import pytest

PASSWORD = "geheim"
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin"
"""Debian puts them where only root looks."""
ARRIVED = re.compile(r"Got message \d+: <(\S*) (\S*) (\S+) (.*)>", re.DOTALL)
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {password}
admin-allow-ip = 127.0.0.1
smsbox-port = {smsbox}
box-allow-ip = 127.0.0.1
log-level = 4

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-level = 4

group = sendsms-user
username = vps
password = {password}
max-messages = 10
concatenation = true
"""


class Text(NamedTuple):
    """A message as the phone company got it."""

    number: str
    coding: str
    text: str


def needed() -> None:
    """Skip where there is no Kannel; fail in CI, where there must be one."""
    if shutil.which("bearerbox", path=PROGRAMS) and FAKESMSC.exists():
        return
    says = "needs Kannel (on Debian: apt-get install kannel kannel-extras)"
    if os.environ.get("CI"):
        pytest.fail(says)
    pytest.skip(says)


class Kannel:
    """`on` and `off` as often as a test likes; what arrived is kept."""

    def __init__(self, folder: Path) -> None:
        ports = dict(zip(("admin", "smsbox", "smsc", "sendsms"), _free_ports(4), strict=True))
        self.ports, self.folder = ports, folder
        (folder / "kannel.conf").write_text(CONFIGURATION.format(password=PASSWORD, **ports))
        self.texts: list[Text] = []
        self.arrived = threading.Condition()
        self._running: list[subprocess.Popen[str]] = []

    def url(self, password: str = PASSWORD) -> str:
        return (
            f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms?username=vps&password={password}"
            "&from={from}&to={to}&text={text}&coding={coding}&charset=UTF-8"
        )

    def on(self) -> None:
        """Start all three, each when the one before it listens."""
        self._start("bearerbox", "-v", "4", "kannel.conf")
        _wait_for(self.ports["smsc"])
        _wait_for(self.ports["smsbox"])
        company = self._start(
            str(FAKESMSC), "-r", str(self.ports["smsc"]), "-i", "999999", "-m", "1", "1 2 text hello", heard=subprocess.PIPE
        )
        threading.Thread(target=self._listen, args=(company,), daemon=True).start()
        self._start("smsbox", "-v", "4", "kannel.conf")
        _wait_for(self.ports["sendsms"])

    def off(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()
        self._running.clear()

    def wait_for_texts(self, count: int) -> list[Text]:
        """So many messages, as soon as they are there."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.texts) >= count, timeout=30), self.texts
        return self.texts

    def _start(self, *words: str, heard: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        program = shutil.which(words[0], path=PROGRAMS)
        assert program, words[0]
        process = subprocess.Popen((program, *words[1:]), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=heard, text=True)
        self._running.append(process)
        return process

    def _listen(self, company: subprocess.Popen[str]) -> None:
        assert company.stderr
        with company.stderr as lines:
            for line in lines:
                self._hear(line)

    def _hear(self, line: str) -> None:
        found = ARRIVED.search(line)
        # What the phone sends itself is answered by Kannel; ours come from VPS.
        if found and found[1] == "VPS":
            with self.arrived:
                self.texts.append(Text(found[2], found[3], _read(found[3], found[4])))
                self.arrived.notify_all()


def _read(coding: str, text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be") if coding == "ucs-2" else text


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _wait_for(port: int) -> None:
    pause = threading.Event()
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            pause.wait(0.05)
        else:
            return
    raise AssertionError(f"nobody listens on port {port}")
