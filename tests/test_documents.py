"""What the documents promise exists: links lead somewhere, commands are there."""

import re
from pathlib import Path

import pytest

from vps.cli import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(document):
    for link in re.findall(r"\]\(([^)#\s]+)\)", document.read_text()):
        assert "://" in link or (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(document):
    for words in re.findall(r"`vps ([a-z0-9-]+)", document.read_text()):
        assert words in main.commands, words
