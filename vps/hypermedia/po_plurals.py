"""The Plural-Forms line of a catalog: its grammar and what the formula answers, as gettext understands it.

`gettext.c2py`, used to show sentences, reads some formulas otherwise than gettext does (`!n == 1`); catalogs are judged with this reader.
Source: GNU gettext manual, "Additional functions for plural forms".
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vps.hypermedia.po_syntax import Entry, Problem
from vps.kernel.refusals import N_

Formula = Callable[[int], int]
"""From a number to the index of its plural form; raises ZeroDivisionError when the formula divides by nothing."""


@dataclass(frozen=True)
class Forms:
    """What a catalog's formula does for the numbers 0 to 1000: how often it answers each form."""

    formula: Formula
    answers: Counter[int]

    def is_common(self, form: int, low: int = -1, high: int = -1) -> bool:
        """Whether this form speaks of so many numbers that it has to name them; a range narrows what can occur."""
        if self.answers[form] < _OFTEN:
            return False
        return high < 0 or sum(self.formula(n) == form for n in range(low, min(high, low + 1000) + 1)) > 1


def check_plurals(entries: list[Entry]) -> tuple[Forms | None, list[Problem]]:
    """What the header says about plural forms, held against the messages. Without any plural there may be nothing to say."""
    header = next((entry for entry in entries if entry.is_header and entry.is_live), None)
    plurals = [entry for entry in entries if entry.is_live and entry.plural is not None]
    count, formula = parts_of(header.forms[0]) if header else (None, None)
    line = header.line if header else 0
    if count is None or formula is None:
        silent = Problem(line, N_("There are plural forms, but the header does not say how to choose between them."))
        return None, [silent] if plurals else []
    nplurals = re.match(r"\s*(\d+)", count)
    parsed = parse(formula)
    problems = []
    if not nplurals:
        problems.append(Problem(line, N_("The header does not say how many plural forms there are.")))
    if not parsed:
        problems.append(Problem(line, N_("The plural formula in the header cannot be read.")))
    if not nplurals or not parsed:
        return None, problems
    forms, problem = _answers(parsed, int(nplurals[1]), line)
    problem = problem or _wrong_number(plurals, int(nplurals[1]))
    return forms, [problem] if problem else []


def parts_of(header: str) -> tuple[str | None, str | None]:
    """What follows `nplurals=` and `plural=` in a header; gettext looks for both words anywhere in it."""
    count, formula = header.partition("nplurals="), header.partition("plural=")
    return count[2] if count[1] else None, formula[2] if formula[1] else None


# gettext calls a form common when it is the answer for at least this many numbers.
_OFTEN = 5
_WORD = 1 << 64
_TOP = 1000


def _answers(formula: Formula, nplurals: int, line: int) -> tuple[Forms | None, Problem | None]:
    answers: Counter[int] = Counter()
    for n in range(_TOP + 1):
        try:
            form = formula(n)
        except ZeroDivisionError:
            return None, Problem(line, N_("The plural formula divides by zero for the number %(n)s."), {"n": n})
        if form >= nplurals:
            return None, Problem(line, N_("The plural formula answers a form that does not exist for the number %(n)s."), {"n": n})
        answers[form] += 1
    return Forms(formula, answers), None


def _wrong_number(plurals: list[Entry], nplurals: int) -> Problem | None:
    odd = next((entry for entry in plurals if len(entry.forms) != nplurals), None)
    if odd is None:
        return None
    facts: dict[str, object] = {"given": len(odd.forms), "wanted": nplurals}
    return Problem(odd.line, N_("This message has %(given)s plural forms, the header promises %(wanted)s."), facts)


_TOKEN = re.compile(r"[ \t]*(?:(\d+)|(\|\||&&|==|!=|<=|>=|[n?:()<>!*/%+-])|([;\n]|\Z)|(.))")
_RANKS = {"?": 1, "||": 2, "&&": 3, "==": 4, "!=": 4, "<": 5, ">": 5, "<=": 5, ">=": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7}
_DO: dict[str, Callable[[int, int], int]] = {
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    # C computes these in unsigned 64-bit words, so 0 - 1 is a very large number and not -1.
    "+": lambda a, b: (a + b) % _WORD,
    "-": lambda a, b: (a - b) % _WORD,
    "*": lambda a, b: (a * b) % _WORD,
    "/": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


class _FormulaError(Exception):
    """The formula does not follow C's grammar."""


def parse(text: str) -> Formula | None:
    """A C expression over n, up to a semicolon or the end of its line, or None when it cannot be read."""
    try:
        tokens = list(_lexed(text))
        formula, rest = _expression(tokens, 0)
    except (_FormulaError, RecursionError):
        return None
    return formula if tokens[rest] == "" else None


def _lexed(text: str) -> Iterator[str]:
    at = 0
    while True:
        found = _TOKEN.match(text, at)
        if found is None or found[4]:
            raise _FormulaError
        if found[3] is not None:
            yield ""
            return
        yield found[1] or found[2]
        at = found.end()


def _expression(tokens: list[str], at: int, least: int = 1) -> tuple[Formula, int]:
    left, at = _primary(tokens, at)
    while _RANKS.get(tokens[at], 0) >= least:
        sign = tokens[at]
        if sign == "?":
            yes, at = _expression(tokens, at + 1)
            if tokens[at] != ":":
                raise _FormulaError
            no, at = _expression(tokens, at + 1)
            left = _choice(left, yes, no)
        else:
            right, at = _expression(tokens, at + 1, _RANKS[sign] + 1)
            left = _binary(sign, left, right)
    return left, at


def _primary(tokens: list[str], at: int) -> tuple[Formula, int]:
    sign = tokens[at]
    if sign == "!":
        inner, at = _primary(tokens, at + 1)
        return lambda n: int(not inner(n)), at
    if sign == "(":
        inner, at = _expression(tokens, at + 1)
        if tokens[at] != ")":
            raise _FormulaError
        return inner, at + 1
    if sign == "n":
        return lambda n: n, at + 1
    if sign.isdigit():
        number = int(sign) % _WORD
        return lambda n: number, at + 1
    raise _FormulaError


def _choice(test: Formula, yes: Formula, no: Formula) -> Formula:
    return lambda n: yes(n) if test(n) else no(n)


def _binary(sign: str, left: Formula, right: Formula) -> Formula:
    if sign == "||":
        return lambda n: int(bool(left(n)) or bool(right(n)))
    if sign == "&&":
        return lambda n: int(bool(left(n)) and bool(right(n)))
    do = _DO[sign]
    return lambda n: do(left(n), right(n))
