"""What came of it, as lines on a terminal and as docs/attack.md; no figure names a day."""

from tests.attack.scanners import Outcome
from tests.attack.targets import KNOWN, LEFT_ALONE, excused

ENOUGH = 0.95
"""The share of the probes that must have reached a view, or the silence of a scanner means nothing."""


def faults(outcomes: list[Outcome]) -> list[str]:
    """Every finding that nothing excuses, and every scan that was kept out."""
    found = [f"{outcome.who}: {finding}" for outcome in outcomes for finding in outcome.findings if not excused(finding)]
    kept_out = [outcome for outcome in outcomes if outcome.tally.share < ENOUGH]
    return found + [f"{outcome.scanner} as {outcome.who}: only {per_cent(outcome)} of its probes reached a view" for outcome in kept_out]


def spoken(outcome: Outcome) -> str:
    tally = outcome.tally
    return (
        f"{outcome.scanner} as {outcome.who}: {outcome.pages} {'targets' if outcome.scanner == 'sqlmap' else 'pages'},"
        f" {tally.requests} requests, {tally.nul} with a NUL, {per_cent(outcome)} of the others reached a view,"
        f" {len(outcome.findings)} findings, {sum(bool(excused(finding)) for finding in outcome.findings)} known to be none"
        + (f"; out of time: {', '.join(outcome.unfinished)}" if outcome.unfinished else "")
    )


def written(outcomes: list[Outcome]) -> str:
    """docs/attack.md."""
    rows = "\n".join(_row(outcome) for outcome in outcomes)
    return PAGE.format(
        rows=rows,
        known="\n".join(f"- `{pattern}`: {reason}" for pattern, reason in KNOWN),
        alone="\n".join(f"- `{path}`: {reason}" for path, reason in LEFT_ALONE.items()),
    )


def per_cent(outcome: Outcome) -> str:
    return f"{int(outcome.tally.share * 1000) / 10} %"  # never rounded up


def _row(outcome: Outcome) -> str:
    tally, real = outcome.tally, [finding for finding in outcome.findings if not excused(finding)]
    cells = (outcome.who, outcome.scanner, outcome.pages, tally.requests, tally.nul, per_cent(outcome), len(real), len(outcome.findings))
    return f"| {' | '.join(map(str, cells))} | {', '.join(outcome.unfinished) or 'none'} |"


PAGE = """# Scanners against a demo

Written by `bin/attack --write`. It makes a demo company of its own on a free port of the loopback, signs in as a partner (anna), as
staff who may book (dragan, with the code of his app) and as nobody, and lets wapiti and sqlmap loose with these sessions. It takes
less than 15 minutes and leaves nothing behind. It is run by night or before a release, not with every change.

A scanner that is kept out finds nothing, and its exit code is 0 all the same. So the app that is attacked notes for every request
whether a view of ours was asked at all, and the run fails below 95 %, or with any finding that is not known to be none. Not counted as
reached: refused for its CSRF token, its origin, its method or an address that is none, asked to sign in, told to wait, or turned away by gunicorn itself. Told apart: probes
with a NUL in a field, which are refused with 400 before any view, whatever they ask (tests/web/test_bad_input_requests.py).

The one difference to the app as it is served: what counts failed sign-ins and wrong codes is emptied before each form, or all but the first probes of
every form that guards a secret would only hear that they must wait.

| who | scanner | pages or targets | probes | of them with a NUL | of the others reached a view | findings | with those known to be none | out of time |
|---|---|---|---|---|---|---|---|---|
{rows}

Wapiti presses every button it finds, and gives each kind of attack 16 seconds; what is out of time had tried some of the fields and not
all. Pages are those it found by itself. Sqlmap is asked about fields by name: `TARGETS` in tests/attack/targets.py.

Known to be none:

{known}

Left alone by wapiti:

{alone}
"""
