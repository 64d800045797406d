"""Files that were damaged on their way: whatever is done to a statement, it is read honestly or refused, soon, and nothing else.

`python -m tests.bank.fuzz [count] [seed]` (bin/fuzz) makes so many damaged files of each format and prints what became of them.
"""

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from tests.bank.camt_files import DATA
from vps.bank.archive import FileRefused
from vps.bank.columns import Mapping
from vps.bank.csv_guess import guess
from vps.bank.reading import read_statements
from vps.bank.statement import Statement, to_json, total
from vps.kernel.refusals import Refused

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
LONGEST = 2.0
"""Seconds that no file may take."""
KINDS = {"camt": ("*.xml", "camt"), "mt940": ("*.sta", "mt940"), "1c": ("*.1c.txt", ""), "csv": ("*.csv", "")}
PIECES = [
    b"<", b">", b"/", b"&amp;", b"-", b"9", b"<Ntry>", b"<!DOCTYPE a>", b"\0", b'"', b"<x/>", b":61:", b":86:", b":20:", b":60F:", b":62F:",
    b"\n", b"\r\n", b"?20", b",", b";", b".", b"=", b"R", b"D", b"C", b"\xff", b"\xef\xbb\xbf", b"{4:", b"-}", b"EUR", b"\xd1\xf3\xec\xec\xe0=1",
]  # fmt: skip
ENCODINGS = ("utf-8", "utf-16", "utf-16-be", "cp1252", "cp1251", "cp866", "cp1250")


@cache
def corpus(kind: str, *, samples: bool = True) -> list[bytes]:
    """The files of a format: our own, and those of real banks where they are at hand."""
    if kind == "zip":
        return [packed([corpus(one, samples=False)[0] for one in KINDS]), packed(corpus("camt", samples=False))]
    pattern, folder = KINDS[kind]
    paths = sorted(DATA.glob(pattern)) + (sorted((SAMPLES / folder).glob(pattern)) if samples and folder else [])
    return [content for path in paths if (content := path.read_bytes())]


def packed(bodies: list[bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, body in enumerate(bodies):
            archive.writestr(f"{number}.txt", body)
    return content.getvalue()


def flip(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def insert(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.choice([*PIECES, dice.randbytes(3)]) + content[at:]


def cut_out(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + content[at + dice.choice([1, 1, 2, 5, 20, 200]) :]


def repeat(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    at = dice.randrange(len(content))
    piece = content[at : at + dice.choice([1, 3, 20, 200])]
    return content[:at] + piece * dice.choice([2, 2, 3, 500]) + content[at + len(piece) :]


def lines(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    found = content.split(b"\n")
    at = dice.randrange(len(found))
    match dice.randrange(3):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[dice.randrange(len(found))])
        case _:
            other = dice.randrange(len(found))
            found[at], found[other] = found[other], found[at]
    return b"\n".join(found)


def truncate(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    return content[: dice.randrange(len(content))]


def splice(content: bytes, dice: Random, others: list[bytes]) -> bytes:
    other = dice.choice(others)
    return content[: dice.randrange(len(content))] + other[dice.randrange(len(other)) :]


def recode(content: bytes, dice: Random, _: list[bytes]) -> bytes:
    return content.decode(dice.choice(ENCODINGS), "replace").encode(dice.choice(ENCODINGS), "replace")


WAYS: list[Callable[[bytes, Random, list[bytes]], bytes]] = [flip, insert, cut_out, repeat, lines, truncate, splice, recode]


def damaged(content: bytes, dice: Random, others: list[bytes]) -> bytes:
    """The file after one to three accidents."""
    for _ in range(dice.randint(1, 3)):
        content = dice.choice(WAYS)(content or b"\n", dice, others)
    return content


@cache
def mapping_of(content: bytes) -> Mapping | None:
    """What the columns of an undamaged CSV mean, and whose it is."""
    found = guess(content)
    return replace(found, account=found.account or "DE02120300000000202051") if found else None


def outcome(content: bytes, mapping: Mapping | None) -> str:
    """What became of a file; fails when it is neither refused by name nor honest."""
    guess(content)
    try:
        found = read_statements(content, "damaged.txt", mapping=mapping)
    except FileRefused as refused:
        assert "damaged.txt" in str(refused), str(refused)
        return "refused"
    assert found
    for statement in found:
        honest(statement)
    assert "\\u0000" not in json.dumps(to_json(found))
    return (
        "adds up"
        if all(one.balanced for one in found)
        else "does not add up"
        if any(one.balanced is False for one in found)
        else "no balance"
    )


def honest(statement: Statement) -> None:
    """What is said to add up does, and what does not is never said to."""
    assert [entry.n for entry in statement.entries] == list(range(1, len(statement.entries) + 1))
    assert all(entry.amount.is_finite() and entry.currency == statement.currency for entry in statement.entries)
    assert "\0" not in "".join(entry.text + entry.counterparty_name + entry.counterparty_account for entry in statement.entries)
    if statement.opening is None or statement.closing is None:
        assert statement.balanced is not True
        return
    booked = total(entry.amount for entry in statement.entries if entry.status == "BOOK")
    fits = total((statement.opening, booked)) == statement.closing
    assert statement.balanced is fits or (fits and statement.message in ("CSV", "1CClientBankExchange") and not statement.balanced)


def main(count: int, seed: int) -> int:
    """Damage so many files of each format; 1 when one of them did harm, and its seed is printed."""
    failed = 0
    others = [content for kind in KINDS for content in corpus(kind)]
    for kind in (*KINDS, "zip"):
        counts: Counter[str] = Counter()
        longest, begun = 0.0, perf_counter()
        for n in range(count):
            dice = Random(f"{kind} {seed} {n}")
            whole = dice.choice(corpus(kind))
            content = damaged(whole, dice, others)
            if kind == "zip" and n % 2:  # damage before it was packed, which no checksum finds
                content = packed([dice.choice(others), damaged(dice.choice(others), dice, others)])
            start = process_time()  # of the processor: what else the machine does is not counted
            try:
                counts[outcome(content, mapping_of(whole) if kind == "csv" else None)] += 1
            except (Exception, Refused) as harm:
                counts["HARM"] += 1
                print(f"{kind} {seed} {n}: {type(harm).__name__}: {harm}", file=sys.stderr)
            longest = max(longest, process_time() - start)
        failed |= bool(counts["HARM"]) or longest > LONGEST
        said = ", ".join(f"{what} {many}" for what, many in sorted(counts.items()))
        print(
            f"{kind:6} {count} files of {len(corpus(kind))}: {said}; longest {longest:.3f} s, all {perf_counter() - begun:.0f} s",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    said = [int(one) for one in sys.argv[1:3]]
    sys.exit(main(*(said + [10_000, 1][len(said) :])))
