"""Judge a .po file: what `msgfmt -c` would refuse is an error, and our own house rules come on top.

`msgfmt` itself is not called: translators' machines and servers need not have it.
"""

from itertools import pairwise
from pathlib import Path

from vps.hypermedia import po_formats, po_syntax
from vps.hypermedia.catalog_rules import check_rules
from vps.hypermedia.po_plurals import Forms, check_plurals
from vps.hypermedia.po_syntax import Entry, Problem
from vps.kernel.refusals import N_

__all__ = ["Problem", "check", "passes", "refusals"]


def check(path: Path, template: Path | None = None, *, strict: bool = False) -> list[Problem]:
    """Everything wrong with a catalog, by line.

    Problems of severity 'error' are there exactly when GNU `msgfmt -c` refuses the file. Our own rules are warnings;
    with `strict`, or held against its `template`, they are errors too. Raises OSError when a file cannot be read.
    """
    entries, problems = _refusals(path)
    # A file that is no catalog at all has nothing our rules could be held against.
    if entries:
        wanted = po_syntax.read(template.read_bytes())[0] if template else None
        severity = "error" if strict or template else "warning"
        problems += [Problem(each.line, each.says, each.facts, severity) for each in check_rules(entries, wanted, path)]
    return sorted(problems, key=lambda problem: problem.line)


def refusals(path: Path) -> list[Problem]:
    """Only the errors of `check`: why `msgfmt -c` would refuse the file. Raises OSError when it cannot be read."""
    return _refusals(path)[1]


def passes(problems: list[Problem]) -> bool:
    """Whether nothing worse than a warning was found."""
    return all(problem.severity != "error" for problem in problems)


def _refusals(path: Path) -> tuple[list[Entry], list[Problem]]:
    entries, problems = po_syntax.read(path.read_bytes())
    return ([], problems) if problems else (entries, _gettext_problems(entries))


def _gettext_problems(entries: list[Entry]) -> list[Problem]:
    problems = _duplicates(entries)
    if not any(entry.is_header and entry.is_live for entry in entries):
        problems.append(Problem(0, N_("The catalog has no header.")))
    forms, found = check_plurals(entries)
    problems += found
    for entry in entries:
        if entry.is_live and entry.msgid:
            problems += _newlines(entry) + _placeholders(entry, forms)
    return problems


def _duplicates(entries: list[Entry]) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        line = first.setdefault((entry.context, entry.msgid), entry.line)
        if line != entry.line:
            problems.append(Problem(entry.line, N_("This message was already translated in line %(first)s."), {"first": line}))
    return problems


def _newlines(entry: Entry) -> list[Problem]:
    others = [*entry.forms] if entry.plural is None else [entry.plural, *entry.forms]
    problems = []
    if any(text.startswith("\n") != entry.msgid.startswith("\n") for text in others):
        problems.append(Problem(entry.line, N_("Some of the texts begin with a new line and some do not.")))
    if any(text.endswith("\n") != entry.msgid.endswith("\n") for text in others):
        problems.append(Problem(entry.line, N_("Some of the texts end with a new line and some do not.")))
    return problems


def _placeholders(entry: Entry, forms: Forms | None) -> list[Problem]:
    source = entry.msgid if entry.plural is None else entry.plural
    low, high = _range(entry.flags)
    problems = []
    for kind in _formats(entry.flags):
        for index, text in enumerate(entry.forms):
            alone = entry.plural is None or len(entry.forms) == 1
            exactly = alone or (forms is not None and forms.is_common(index, low, high))
            if says := po_formats.differs(kind, source, text, exactly=exactly):
                problems.append(Problem(entry.line, says))
    return problems


def _formats(flags: list[str]) -> list[str]:
    """The formats a message is marked with; the last word on each counts (`no-c-format` takes `c-format` back)."""
    marked: dict[str, bool] = {}
    for flag in flags:
        if flag.endswith("-format"):
            plain = flag.removeprefix("no-").removeprefix("possible-").removeprefix("impossible-")
            marked[plain] = not flag.startswith(("no-", "impossible-"))
    return [kind for kind, wanted in marked.items() if wanted]


def _range(flags: list[str]) -> tuple[int, int]:
    for flag, text in pairwise(flags):
        low, dots, high = text.partition("..")
        if flag == "range:" and dots and low.isdigit() and high.isdigit() and int(low) <= int(high):
            return int(low), int(high)
    return -1, -1
