"""A folder that the bank's program writes into: complete files are kept for the office, and moved out of the way. Nothing is booked.

A file is complete when it is as large and as old as at the look before.
"""

import logging
import threading
from pathlib import Path

from vps.bank.actions import wait_file
from vps.bank.archive import MAX_BYTES
from vps.kernel.clock import clock

log = logging.getLogger("vps.worker")

TAKEN = "taken"
"""The folder inside it where files go that were kept."""
AT_ONCE = 20
"""Files taken at one look; the rest waits for the next one."""
LOOKS = 5.0
"""Seconds between two looks."""
Size = tuple[int, int]


class Folder:
    """One watched folder, and what stood in it at the last look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: dict[Path, Size] = {}

    def __call__(self, stop: threading.Event) -> float:
        """One look. What cannot be read is said in the log, and tried again."""
        try:
            self.look()
        except OSError as trouble:
            log.warning("the bank folder cannot be used: %s", trouble)
        return LOOKS

    def look(self) -> int:
        """Take what has not changed since the last look, and answer how many that were."""
        now = {path: _size(path) for path in sorted(self.path.iterdir()) if _is_meant(path)}
        complete = [path for path, size in now.items() if self.seen.get(path) == size][:AT_ONCE]
        for path in complete:
            _take(path)
        self.seen = {path: size for path, size in now.items() if path not in complete}
        return len(complete)


def _is_meant(path: Path) -> bool:
    # Hidden files are on their way or somebody's notes; a link could lead anywhere.
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _size(path: Path) -> Size:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _take(path: Path) -> None:
    # Kept first, moved then: who dies in between finds it again, and keeps it once.
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    kept = wait_file(content, path.name, at=clock())
    folder = path.parent / TAKEN
    folder.mkdir(exist_ok=True)
    goes = folder / path.name
    path.rename(goes if not goes.exists() else folder / f"{kept}-{path.name}")
