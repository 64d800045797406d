"""The scanners as they are run: their command lines, and what they found. Their exit codes say nothing, so their words are read."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.attack.demo import Demo, Tally, Visitor
from tests.attack.targets import GUARDS, LEFT_ALONE, MODULES, Target

CRAWL, ATTACK, EACH, GUARD, ASKED = 20, 128, 16, 25, 90
"""Seconds at most: finding the pages, attacking them, one kind of attack, the doors, one target of sqlmap."""
NOTHING = ("do not appear to be injectable", "does not appear to be injectable", "does not seem to be injectable")


@dataclass(frozen=True)
class Outcome:
    """What a scanner did as somebody, and found."""

    scanner: str
    who: str
    pages: int
    tally: Tally
    findings: tuple[str, ...]
    unfinished: tuple[str, ...] = ()
    """Kinds of attack that had not tried everything when their time was over."""


class Scanners:
    """Those of one virtual environment, run against one demo."""

    def __init__(self, venv: Path, demo: Demo) -> None:
        self.bin, self.demo = venv / "bin", demo

    def wapiti(self, who: Visitor) -> Outcome:
        """Find the pages, then attack their fields, then look at the doors; only the second part is counted."""
        pages = int(self._wapiti(who, "", CRAWL, "--flush-session")[0]["infos"]["crawled_pages_nbr"])
        self.demo.tally()
        report, said = self._wapiti(who, MODULES, ATTACK, "--skip-crawl", "--max-attack-time", str(EACH))
        tally = self.demo.tally()
        doors, _ = self._wapiti(who, GUARDS, GUARD, "--skip-crawl", "--flush-attacks", "--max-attack-time", str(EACH))
        after = self.demo.tally()
        found = [*_found(report), *_found(doors), *(f"our own answer: {failure}" for failure in (*tally.failures, *after.failures))]
        unfinished = re.findall(r"Max attack time was reached for module (\w+)", said)
        return Outcome("wapiti", who.name, pages, tally, tuple(dict.fromkeys(found)), tuple(unfinished))

    def sqlmap(self, who: Visitor, targets: list[Target], facts: dict[str, str]) -> Outcome:
        self.demo.tally()
        found = [finding for target in targets for finding in self._sqlmap(who, target, facts)]
        tally = self.demo.tally()
        found += [f"our own answer: {failure}" for failure in tally.failures]
        return Outcome("sqlmap", who.name, len(targets), tally, tuple(found))

    def _wapiti(self, who: Visitor, modules: str, seconds: int, *more: str) -> tuple[dict, str]:  # type: ignore[type-arg]
        out, home = self.demo.folder / "wapiti.json", str(self.demo.folder / f"wapiti-{who.name}")
        words = [str(self.bin / "wapiti"), "-u", self.demo.url + ("/" if who.name != "nobody" else "/sign-in"), "--scope", "folder"]
        words += ["-C", who.cookie, "--skip", "csrf_token", "-m", modules, "-v", "1", "-S", "normal", "-d", "8", "-t", "10"]
        for path in LEFT_ALONE:
            words += ["-x", self.demo.url + path]
        words += ["--max-files-per-dir", "15", "--max-scan-time", str(seconds), "--endpoint", "http://127.0.0.1:9/", "--no-bugreport"]
        words += ["--store-session", home, "--store-config", home, "-f", "json", "-o", str(out), *more]
        out.unlink(missing_ok=True)
        said = subprocess.run(words, timeout=seconds + 60, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        if not out.exists():
            raise RuntimeError(f"wapiti wrote no report: {said[-2000:]}")
        return json.loads(out.read_text()), said

    def _sqlmap(self, who: Visitor, target: Target, facts: dict[str, str]) -> list[str]:
        words = [str(self.bin / "sqlmap"), "-u", self.demo.url + target.path.format(**facts), "-p", target.fields, "--cookie", who.cookie]
        if target.data:
            words += ["--data", f"csrf_token={who.token}&{target.data.format(**facts)}"]
        if target.fresh:
            words += ["--randomize", target.fresh]
        if target.done:
            words += ["--code", target.done]
        words += ["--batch", "--disable-coloring", "--level=2", "--risk=1", "--dbms=sqlite", "--threads=2", "--timeout=5", "--retries=0"]
        words += ["--ignore-code=*", "--ignore-redirects", "--flush-session", "--output-dir", str(self.demo.folder / "sqlmap")]
        env = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": str(self.demo.folder)}
        try:
            said = subprocess.run(words, timeout=ASKED, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        except subprocess.TimeoutExpired:
            return [f"sqlmap: {target.path} {target.fields}: not done within {ASKED} seconds"]
        if any(words in said for words in NOTHING):
            return []
        what = " ".join(re.findall(r"Parameter: .*|Title: .*|\[CRITICAL\] .*", said)) or said[-500:]
        return [f"sqlmap: {target.path} {target.fields}: {what}"]


def _found(report: dict) -> list[str]:  # type: ignore[type-arg]
    kinds = {**report["vulnerabilities"], **report["anomalies"]}
    return [f"wapiti: {each['info']}" for found in kinds.values() for each in found]
