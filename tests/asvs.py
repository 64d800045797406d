"""Writes docs/asvs.md from tests/asvs.toml, and sees that every requirement is answered and every test that is named exists.

`python tests/asvs.py` writes; `--check` writes nothing and names the first line that would be another one.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LISTS = {
    1: "1.2.{1-5} 1.3.2 1.5.1 2.1.1 2.2.{1-2} 2.3.1 3.2.{1-2} 3.3.1 3.4.{1-2} 3.5.{1-3} 4.1.1 5.2.{1-2} 5.3.{1-2} 6.1.1 6.2.{1-8} 6.3.{1-2}"
    " 6.4.{1-2} 7.2.{1-4} 7.4.{1-2} 8.1.1 8.2.{1-2} 8.3.1 9.1.{1-3} 9.2.1 11.3.{1-2} 11.4.1 12.1.1 12.2.{1-2} 13.4.1 14.2.1 14.3.1 15.1.1"
    " 15.2.1 15.3.1",
    2: "1.1.{1-2} 1.2.9 1.3.{3-7,10-11} 1.4.2 1.5.2 2.1.{2-3} 2.2.3 2.3.{2-4} 2.4.1 3.3.{2-4} 3.4.{3-6} 3.5.4 3.7.{1-2} 4.1.{2-3} 4.2.1 5.1.1"
    " 5.2.3 5.4.{1-2} 6.1.{2-3} 6.2.{9-12} 6.3.{3-4} 6.4.{3-4} 6.5.{1-5} 6.6.{1-3} 7.1.{1-2} 7.3.{1-2} 7.4.{3-5} 7.5.{1-2} 8.1.2 8.2.3 9.2.2"
    " 11.1.{1-2} 11.2.{1-3} 11.3.3 11.4.{2-4} 11.5.1 11.6.1 12.1.{2-3} 12.3.{1-4} 13.1.1 13.2.{1-5} 13.3.{1-2} 13.4.{2-5} 14.1.{1-2}"
    " 14.2.{2-4} 14.3.{2-3} 15.1.{2-3} 15.2.{2-3} 15.3.{2-7} 16.1.1 16.2.{1-5} 16.3.{1-4} 16.4.{1-3} 16.5.{1-3}",
}
"""The requirements of levels 1 and 2 of ASVS 5.0.0 that speak of something VPS has."""
ANSWERS = ("tests", "document", "host", "na", "gap")


class Requirement(NamedTuple):
    """What is asked, in our words, and what shows that it holds; `gap` beside another answer says what is missing of it."""

    id: str
    level: int
    asks: str
    tests: tuple[str, ...]
    document: str
    host: str
    na: str
    gap: str

    @property
    def status(self) -> str:
        held = bool(self.tests or self.document or self.host)
        return ("partly" if held else "gap") if self.gap else "does not apply" if self.na else "holds"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Print every fault; 1 when there is one, or when the page is not what would be written."""
    requirements, found = read(root / "tests" / "asvs.toml")
    found += [fault for requirement in requirements for fault in faults(requirement, root)]
    page, path = written(requirements), root / "docs" / "asvs.md"
    if "--check" in arguments and not found:
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        found += [] if present == page else [f"docs/asvs.md:{_differs(present, page)}: stale; python tests/asvs.py writes it anew"]
    elif not found:
        path.write_text(page, encoding="utf-8")
    for fault in found:
        print(fault)
    return 1 if found else 0


def expand(text: str) -> list[str]:
    """ "6.2.{1-3,5}" names four requirements."""
    found = []
    for word in text.split():
        begin, _, rest = word.partition("{")
        for part in rest.rstrip("}").split(",") if rest else [""]:
            first, _, last = part.partition("-")
            found += [f"{begin}{n}" for n in range(int(first), int(last or first) + 1)] if part else [begin]
    return found


def read(path: Path) -> tuple[list[Requirement], list[str]]:
    """The requirements of the file in the order of the standard, and what is wrong with which of them there are."""
    tables, found, faults = tomllib.loads(path.read_text(encoding="utf-8")), [], []
    for level, text in LISTS.items():
        wanted, given = expand(text), tables.get(f"L{level}", {})
        faults += [f"{id}: not answered" for id in wanted if id not in given]
        faults += [f"{id}: not of level {level}, or not one that applies" for id in given if id not in wanted]
        for id in wanted:
            if id in given:
                one = {"tests": [], **given[id]}
                faults += [f"{id}: nothing is called {name}" for name in one if name not in ("asks", *ANSWERS)]
                texts = (str(one.get(name, "")) for name in ("document", "host", "na", "gap"))
                found.append(Requirement(id, level, str(one.get("asks", "")), tuple(one["tests"]), *texts))
    return found, faults


def faults(one: Requirement, root: Path) -> Iterator[str]:
    """What is wrong with one answer."""
    if not one.asks:
        yield f"{one.id}: does not say what it asks"
    if not any(getattr(one, name) for name in ANSWERS):
        yield f"{one.id}: no answer"
    for text in (one.na, one.gap, one.host):
        if text and not re.search(r"\w+ \w+.*\.$", text):
            yield f"{one.id}: “{text}” is no sentence"
    for test in one.tests:
        file, _, name = test.partition("::")
        if name not in tests_of(root / "tests" / file):
            yield f"{one.id}: there is no test {test}"
    if one.document:
        file, _, heading = one.document.partition("#")
        path = root / file
        if not path.exists() or (heading and heading not in headings(path)):
            yield f"{one.id}: there is no {one.document}"


@cache
def tests_of(path: Path) -> frozenset[str]:
    """The tests of a file, read and not run: functions, and those in classes."""
    if not path.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@cache
def headings(path: Path) -> frozenset[str]:
    """The headings of a document as a link names them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found)


def written(requirements: list[Requirement]) -> str:
    """docs/asvs.md."""
    rows = [f"| {one.id} | {one.level} | {one.asks} | {one.status} | {_shown(one)} |" for one in requirements]
    counts = [
        f"| {status} | "
        + " | ".join(str(sum((one.status, one.level) == (status, level) for one in requirements)) for level in LISTS)
        + " |"
        for status in ("holds", "partly", "gap", "does not apply")
    ]
    return PAGE.format(counts="\n".join(counts), rows="\n".join(rows))


def _shown(one: Requirement) -> str:
    parts = [f"`{test}`" for test in one.tests]
    if one.document:
        parts.append(f"[{one.document.removeprefix('docs/')}]({_link(one.document)})")
    parts += [f"Host: {one.host}"] * bool(one.host) + [one.na] * bool(one.na) + [f"**Missing:** {one.gap}"] * bool(one.gap)
    return "<br>".join(parts)


def _link(document: str) -> str:
    return document.removeprefix("docs/") if document.startswith("docs/") else f"../{document}"


def _differs(present: str, page: str) -> int:
    """The first line that is another one."""
    both = zip(present.splitlines(), page.splitlines(), strict=False)
    same = next((n for n, (old, new) in enumerate(both) if old != new), None)
    return 1 + (same if same is not None else min(len(present.splitlines()), len(page.splitlines())))


PAGE = """# OWASP ASVS 5.0.0, levels 1 and 2

Written by `python tests/asvs.py` from `tests/asvs.toml`; `bin/check` sees that it is up to date, that no requirement is left out, and
that every test it names exists. The numbers are those of the OWASP Application Security Verification Standard 5.0.0; what each of them asks
is said in our own words, so read the standard where the wording matters. It is our own judgement and no certificate. Left out is what
speaks of something VPS does not have: OAuth, WebRTC, WebSockets, GraphQL, LDAP, memory that a program frees itself, and the like.

**Holds**: the tests or documents that are named show it, or the machine's set-up (*Host*: what [run.md](run.md) installs).
**Partly**: they show a part, and what is missing is said. **Gap**: nothing shows it yet.

| | level 1 | level 2 |
|---|---|---|
{counts}

| | level | asks | | shown by |
|---|---|---|---|---|
{rows}
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
