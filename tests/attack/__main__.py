"""What bin/attack runs: scanners against a demo of their own, as a partner, as staff and as nobody; 1 when they found something or were kept out."""

import re
import signal
import sys
import tempfile
from pathlib import Path

from tests.attack.demo import ROOT, Demo, Visitor
from tests.attack.report import faults, spoken, written
from tests.attack.scanners import Outcome, Scanners
from tests.attack.targets import TARGETS
from vps.cli.demo.load import Client

PAGE = ROOT / "docs" / "attack.md"
LONGEST = 15 * 60
"""Seconds a run may take."""


def main(arguments: list[str]) -> int:
    """`python -m tests.attack VENV [--write]`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or server and worker would stay behind
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("It took too long: 15 minutes are over."))
    signal.alarm(LONGEST)
    with tempfile.TemporaryDirectory(prefix="vps-attack-") as folder, Demo(Path(folder)) as demo:
        scanners, outcomes = Scanners(Path(arguments[0]), demo), []
        facts = known(demo)
        for name in ("anna", "dragan", ""):
            for outcome in attack(scanners, demo, name, facts):
                print(spoken(outcome), flush=True)
                outcomes.append(outcome)
    problems = faults(outcomes)
    for problem in problems:
        print(problem)
    if "--write" in arguments and not problems:
        PAGE.write_text(written(outcomes))
    return 1 if problems else 0


def attack(scanners: Scanners, demo: Demo, name: str, facts: dict[str, str]) -> list[Outcome]:
    """sqlmap first: wapiti presses every button, and afterwards less is left to ask about."""
    who = demo.visitor(name)
    return [scanners.sqlmap(who, [target for target in TARGETS if target.who == name], facts), scanners.wapiti(who)]


def known(demo: Demo) -> dict[str, str]:
    """Numbers of Anna's that addresses are made of, and what a dialog has signed."""
    browser = Client(demo.url)
    browser.cookies = cookies(demo.visitor("anna"))
    order = re.findall(r"/orders/(\d+)", browser.get("/orders?colour=red").text)[-1]
    partner = re.findall(r"\b100\d{4,}\b", browser.get("/more").text + browser.get("/wallet/top-up").text)[0]
    return {"order": order, "partner": partner, "key": "0123456789ab", "shown": browser.get(f"/orders/{order}/payment").value("shown")}


def cookies(visitor: Visitor) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in visitor.cookie.split("; "))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
