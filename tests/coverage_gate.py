"""Judges the coverage that the last full bin/test measured, branches included and over both databases.

Where money or its keys are, everything runs under test; elsewhere nearly everything. What cannot run stands below with
its reason, and an exemption that is not needed any more fails too. `python tests/coverage_gate.py [coverage.json]`
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypedDict

ROOT = Path(__file__).resolve().parent.parent
WHOLE = frozenset({"kernel", "ledger", "security"})
NEARLY_PER_CENT = 95


class Exemption(NamedTuple):
    """Lines of one file that need no test: those matching `line` (a regular expression), and the branches leaving them."""

    file: str
    line: str
    reason: str


EXEMPTIONS: tuple[Exemption, ...] = ()


class Summary(TypedDict):
    """The two totals we read of what `coverage json` says about a file."""

    num_statements: int
    num_branches: int


class Facts(TypedDict):
    """What we read of one file in `coverage json`; a branch is (line, line it goes to, negative for leaving)."""

    summary: Summary
    missing_lines: list[int]
    missing_branches: list[tuple[int, int]]


@dataclass
class Score:
    """What one capability has, and what of it never ran."""

    having: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def per_cent(self) -> float:
        return 100 * (1 - len(self.missing) / self.having) if self.having else 100.0


def main(arguments: list[str]) -> int:
    """Print each capability's score and every fault; 1 when there is a fault."""
    measured = json.loads(Path(arguments[0]).read_text() if arguments else measured_last())
    scores, unused = weigh(measured["files"], EXEMPTIONS, ROOT)
    for name in sorted(scores):
        print(f"{name:<14}{scores[name].per_cent:7.2f} % of {scores[name].having}")
    problems = faults(scores) + [f"exempted without need: {one.file}: {one.line}" for one in unused]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def measured_last() -> str:
    command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", "-"]
    asked = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if asked.returncode:
        sys.exit("Nothing to judge: a full bin/test measures it.")
    return asked.stdout


def weigh(files: dict[str, Facts], exemptions: tuple[Exemption, ...], root: Path) -> tuple[dict[str, Score], list[Exemption]]:
    """Scores by capability (the folder in vps/, or a module's own name), and the exemptions that nothing needed."""
    scores: dict[str, Score] = defaultdict(Score)
    used: set[Exemption] = set()
    for path, facts in files.items():
        score = scores[Path(path).parts[1].removesuffix(".py")]
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        score.having += facts["summary"]["num_statements"] + facts["summary"]["num_branches"]
        for number, what in never_ran(facts):
            excuse = next((one for one in exemptions if one.file == path and re.search(one.line, lines[number - 1])), None)
            if excuse:
                used.add(excuse)
                score.having -= 1
            else:
                score.missing.append(f"{path}:{number}: {what}")
    return dict(scores), [one for one in exemptions if one not in used]


def never_ran(facts: Facts) -> list[tuple[int, str]]:
    """(line, what is missing there) in the order of the file."""
    lines = [(line, "never ran") for line in facts["missing_lines"]]
    branches = [(line, f"never went to {'the end' if to < 0 else f'line {to}'}") for line, to in facts["missing_branches"]]
    return sorted(lines + branches)


def faults(scores: dict[str, Score]) -> list[str]:
    """Every missing line where all must run; elsewhere, one sentence and the lines of a capability below its mark."""
    found: list[str] = []
    for name, score in sorted(scores.items()):
        needed = 100 if name in WHOLE else NEARLY_PER_CENT
        if score.per_cent < needed:
            found += [f"vps.{name} has {score.per_cent:.2f} % and needs {needed} %:", *score.missing]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
