"""The house tests itself: size, direction of writing, and what never stands in a template. A tripwire, not a law; exceptions are named here."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "vps").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITERS = re.compile(r"(^|/)(actions(/.*)?\.py|kernel/.*\.py|migrations/.*\.py|cli/(bench|demo)(/.*)?\.py)$")
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE \w+ SET|DELETE FROM)")

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {"vps/ledger/actions/booking.py:book": "its arguments are the columns of a booking, a line each"}
LONG_HANDLERS: dict[str, str] = {}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


class Source(NamedTuple):
    """A file: its name, what is written in it, and all that stands in it."""

    name: str
    text: str
    tree: ast.Module
    nodes: list[ast.AST]

    @classmethod
    def read(cls, path: Path) -> "Source":
        tree = ast.parse(text := path.read_text())
        return cls(name(path), text, tree, list(ast.walk(tree)))


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Every file, read once for all rules."""
    return [Source.read(path) for path in SOURCES]


def is_handler(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in ("get", "post")
        for mark in node.decorator_list
    )


def test_files_stay_within_300_lines(sources):
    assert [(file.name, lines) for file in sources if (lines := len(file.text.splitlines())) > 300 and file.name not in LONG_FILES] == []


def test_functions_stay_within_40_lines_and_handlers_within_16(sources):
    for file in sources:
        for node in file.nodes:
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                where = f"{file.name}:{node.name}"
                assert lines <= 40 or where in LONG_FUNCTIONS, (where, lines)
                assert not is_handler(node) or lines <= 16 or where in LONG_HANDLERS, (where, lines)


def test_only_actions_write(sources):
    for file in sources:
        for node in file.nodes if not WRITERS.search(file.name) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not WRITES.match(node.value), (file.name, node.lineno)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in ("create", "save", "delete_instance", "insert_many") or (
                    isinstance(node.func.value, ast.Name) and node.func.value.id[0].islower()
                ), (file.name, node.lineno)


def test_no_catch_all_and_nothing_left_open(sources):
    for file in sources:
        assert not re.search(r"except( Exception| BaseException)?:", file.text), file.name
        assert not re.search(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", file.text), file.name


def test_public_functions_and_classes_of_the_rules_say_what_they_do(sources):
    for file in sources:
        if not re.search(r"/(kernel|ledger|security|wallets|orders|people|bank)/.*(actions|models|kernel)", file.name):
            continue
        for node in file.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                says = any(isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "says" for part in node.body)
                assert ast.get_docstring(node) or says, (file.name, node.name)


def test_templates_carry_no_script_no_style_and_nothing_that_evaluates():
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"<style|<script(>| [^>]*>[^<])|\sstyle=|\son\w+=|hx-on|js:|javascript:", text), name(path)
        assert not re.search(r"\shx-", text), (name(path), "htmx is written data-hx-*")
        assert len(text.splitlines()) <= 90, name(path)


def test_no_sentence_hides_in_an_f_string_where_translators_never_see_it(sources):
    marks = {"N_", "_", "_l"}
    hidden = [
        (file.name, call.lineno)
        for file in sources
        for text in file.nodes
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in marks
    ]
    assert not hidden
