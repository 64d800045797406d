"""Where the tests' browser comes from.

In this order: VPS_BROWSER, the PATH, Playwright's own download, Debian's packages (as root). `python tests/browser.py`
prints the path of one that starts, or says in one sentence that there is none and exits 1; nothing is skipped silently.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")

FLAGS = (
    "--no-sandbox",  # the tests also run as root, where Chromium's sandbox cannot
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NONE_WORKS = (
    "The tests need a Chromium and none could be found, downloaded or installed: "
    "install one (on Debian: apt-get install chromium), or name it: VPS_BROWSER=/path/to/chromium bin/test"
)


class NoBrowser(Exception):  # noqa: N818 - it is an answer for a person, told in one sentence
    """No browser on this machine works. Its text is the sentence to show."""


@lru_cache(maxsize=1)
def browser() -> str:
    """The path of a Chromium that starts here. Raises NoBrowser."""
    named = os.environ.get("VPS_BROWSER")
    if named:
        if not starts(named):
            raise NoBrowser(f"VPS_BROWSER names {named}, and that does not start as a browser.")
        return named
    for candidate in candidates():
        if starts(candidate):
            return candidate
    raise NoBrowser(NONE_WORKS)


def candidates() -> Iterator[str]:
    """Paths worth trying, the cheapest first; the later ones are fetched only when asked for."""
    yield from on_the_path()
    yield from playwrights_own()
    yield from from_debian()


def on_the_path() -> Iterator[str]:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            yield path


def playwrights_own() -> Iterator[str]:
    place = asked("import playwright.sync_api as p\nwith p.sync_playwright() as it: print(it.chromium.executable_path)")
    if not place:
        return
    if not Path(place).exists():
        done(sys.executable, "-m", "playwright", "install", "chromium", seconds=600)
    if Path(place).exists():
        yield place


def from_debian() -> Iterator[str]:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("No browser here yet: installing Debian's chromium ...", file=sys.stderr)
    done("apt-get", "-qq", "update", seconds=300)
    done("apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core", seconds=1200)
    yield from on_the_path()


def starts(path: str) -> bool:
    """Whether this really runs: a stub that only points to a shop, or one whose libraries are missing, does not."""
    return done(path, "--version", seconds=60)


def done(*command: str, seconds: int) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        finished = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, env=quiet, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


def asked(program: str) -> str:
    # In a process of its own: Playwright's loop must not be left behind in the tests' process.
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    return answer.stdout.strip()


if __name__ == "__main__":
    try:
        print(browser())
    except NoBrowser as none:
        sys.exit(str(none))
