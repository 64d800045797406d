"""PDF: a template and facts in, bytes out. What people wrote reaches the typesetter as data, never as its program."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PATIENCE = 30
"""Seconds; a page takes a fifth of one."""


def pdf(template: Path, facts: dict[str, Any]) -> bytes:
    """The document of these facts: tagged (PDF/UA-1), and the same bytes for the same facts."""
    asked = json.dumps({"template": template.read_text(encoding="utf-8"), "facts": facts}).encode()
    command = [sys.executable, "-m", "vps.hypermedia.typesetter"]
    return subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True, timeout=PATIENCE).stdout  # noqa: S603 - our own module
