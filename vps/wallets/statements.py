"""A statement as pages show it: which wallets, what is looked for in them, one page of lines, and all of them as a CSV file."""

from collections.abc import Iterator, Sequence
from itertools import count
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Response, request, stream_with_context

from vps.hypermedia.languages import reader
from vps.hypermedia.pages import key_from
from vps.kernel.csvout import written_lines
from vps.ledger.models import Line
from vps.wallets.forms import StatementForm
from vps.wallets.models import NOTHING, Own, everything, search, wallets_of
from vps.wallets.models.statements import Place
from vps.wallets.words import MOTIVES, called

COLUMNS = (
    *("entry", "wallet", "booked_at", "value_date", "motive", "amount", "currency", "balance_after"),
    *("document", "reference", "text", "counterpart", "reverses", "reversed_by"),
)
"""The header of the CSV file: the same in every language, for machines."""
CSV = "text/csv; charset=utf-8"
MOST_IN_MEMORY = 1_000_000


def asked_of(person: int) -> dict[str, Any]:
    """The facts of a statement's page but for its lines: the person's wallets, those that are shown, the form and what it asks."""
    wallets = wallets_of(person)
    form = StatementForm(request.args).offer([(each.id, named(each)) for each in wallets], MOTIVES)
    shown = [each for each in wallets if str(each.id) == form.wallet.data] or wallets
    language, zone = reader()
    sought = form.attempt(lambda: form.sought({each.currency for each in shown}, language=language, zone=zone))
    return {"wallets": wallets, "shown": shown, "form": form, "sought": sought}


def lines_of(asked: dict[str, Any], limit: int) -> dict[str, Any]:
    """One page of what was asked, and where the next one begins."""
    found, onward = (
        search(asked["shown"], asked["sought"], before=place_from(request.args.get("before")), limit=limit)
        if asked["sought"]
        else ([], None)
    )
    return {"lines": found, "onward": onward and "{}.{}".format(*onward), "status": 200 if asked["sought"] else asked["form"].status}


def place_from(text: str | None) -> Place | None:
    """The place of `?before=123.1`, and of `?before=123`; nonsense is the first page."""
    key = key_from(text)
    return None if key is None else (key[0], 1 if "." in str(text) and key[1] == 1 else 0)


def as_file(asked: dict[str, Any], name: str) -> Response:
    """Exactly what the page shows, all pages of it, as a CSV file that is written while it is read."""
    rows = stream_with_context(written_lines(COLUMNS, cells(asked)))
    return Response(rows, content_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


def spooled(asked: dict[str, Any]) -> tuple[IO[bytes], int]:
    """The same file, written before anything of it is sent, and how many lines it has: for who has to account for it."""
    file: IO[bytes] = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    counted = count()
    file.writelines(written_lines(COLUMNS, (line for line, _ in zip(cells(asked), counted, strict=False))))
    file.seek(0)
    return file, next(counted)


def cells(asked: dict[str, Any]) -> Iterator[Sequence[str]]:
    """The lines of the file."""
    wallets: dict[int, int] = {each.account: each.id for each in asked["shown"]}
    return (_cells(line, other, wallets) for line, other in everything(asked["shown"], asked["sought"] or NOTHING))


def named(wallet: Own) -> str:
    """A wallet in a list of them: its name and its currency."""
    return f"{called(wallet)}, {wallet.currency}"


def _cells(line: Line, other: str, wallets: dict[int, int]) -> Sequence[str]:
    facts = (
        line.id,
        wallets[line.account],
        line.booked_at.isoformat(timespec="seconds"),
        line.value_date.isoformat(),
        line.motive,
        line.amount.plain,
    )
    paper = (line.amount.currency, line.after.plain, line.voucher_kind, line.voucher_ref, line.voucher_text, other)
    return [str(cell) for cell in (*facts, *paper, line.reverses or "", line.reversed_by or "")]
