"""What a page costs above its own template, what the memos save, and what the web adds to a payment.

Three comparisons, each of two things that answer the same bytes or write the same rows:
the wallet page through the WSGI app against its template played from a tape of constants (`tape.py`); the wallet page against the
same page written without memos, which draws its chart for every visitor (`naive.py`), while the browser keeps ours (or, on a first
visit, asks for it, too); payments by HTTP against the same actions called directly.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.utils import import_string

from vps.cli.bench.figures import Figures, disk_of, middle, ratios, worked
from vps.cli.bench.naive import last_picture, made_naive
from vps.cli.bench.posting import post_payments
from vps.cli.bench.scratch import Payer, add_payers, new_house, scratch_folder
from vps.cli.bench.tape import Tape
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.clock import clock, day_in
from vps.kernel.database import action
from vps.kernel.money import Money
from vps.ledger.actions import seal, voucher
from vps.wallets.actions import credit, spend

Ask = Callable[[], object]
MONTHLY = 5
"""Bookings a month in the wallet that is shown."""
REPEATS = 20
"""How often each variant is asked before the next has its turn."""
TURNS = 5


def measure(*, folder: Path | None, rounds: int, payments: int) -> Figures:
    """All figures of pages. `payments` is how many are made in a round, by each way; nought leaves them out."""
    with scratch_folder(folder) as scratch:
        settings = new_house(scratch, at=clock(), zone="UTC")  # so that both tell months alike at any hour
        (payer,) = add_payers(1, at=clock())
        _fill(payer, clock())
        seal(at=clock(), zone=company().zone)  # as the worker does every minute
        create_app = import_string("vps.app:create_app")  # by name: the app stands above the commands
        app, naive = create_app(settings), made_naive(create_app(settings), scratch, settings.data / "translations")
        page = wallet_page(app, naive, payer, rounds)
        posts = post_payments(scratch, rounds=rounds, payments=payments) if payments else None
        return {"bench": "pages", "disk": disk_of(scratch), "rounds": rounds, **page, "post": posts}


def wallet_page(app: Flask, naive: Flask, payer: Payer, rounds: int) -> Figures:
    """Microseconds of processor time of the page in all variants, in turn, and the ratios."""
    page = visit(app, "/wallet", payer)
    picture = _picture(page())
    tape = Tape(app)
    tape.watch(page)
    chart, naive_page = visit(app, picture, payer), visit(naive, "/wallet", payer)
    asked: dict[str, Ask] = {
        "page": page,
        "constants": tape.play,
        "page_compressed": visit(app, "/wallet", payer, HTTP_ACCEPT_ENCODING="br"),
        "page_and_chart": lambda: (page(), chart()),
        "naive_page_with_chart": naive_page,
    }
    took: dict[str, list[float]] = {name: [] for name in asked}
    for ask in asked.values():
        ask()
    for _ in range(rounds):
        spent = dict.fromkeys(asked, 0.0)
        for _ in range(TURNS):
            for name, ask in asked.items():
                spent[name] += worked(partial(_often, ask))
        for name, seconds in spent.items():
            took[name].append(1e6 * seconds / TURNS / REPEATS)
    return {
        **{f"{name}_us": middle(found, 1) for name, found in took.items()},
        "ratio": middle(ratios(took["constants"], took["page"])),
        "ratio_compressed": middle(ratios(took["constants"], took["page_compressed"])),
        "times_naive": middle(ratios(took["naive_page_with_chart"], took["page"])),
        "times_naive_first_visit": middle(ratios(took["naive_page_with_chart"], took["page_and_chart"])),
        "equal_to_constants": tape.play() == page(),
        "equal_to_naive": (page(), chart()) == (naive_page(), last_picture()),
        "bytes": len(page()),
        "raw_us": {name: [round(each, 1) for each in found] for name, found in took.items()},
    }


def visit(app: Flask, path: str, payer: Payer, **headers: str) -> Callable[[], str]:
    """Ask the WSGI app for a page as a server would, without a server; answers its text."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": f"vps={payer.cookie}",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        **headers,
    }
    status: list[str] = []

    def started(line: str, *_: Any) -> Any:
        status.append(line)

    def ask() -> str:
        body = b"".join(app.wsgi_app(environ.copy(), started))
        assert status.pop().startswith("200"), body
        return body.decode(errors="replace")

    return ask


def _picture(page: str) -> str:
    return page.partition('src="/charts/')[2].partition('"')[0].join(("/charts/", ""))


@action
def _fill(payer: Payer, now: datetime) -> None:
    # A year of a wallet, with every kind of line.
    authorisation = ByRule(HOUSE)
    for n in range(12 * MONTHLY):
        at = now - timedelta(days=360) + timedelta(days=6 * n)
        amount, day = Money(1_234 + 997 * n, "EUR"), day_in(at, company().zone)
        if n % 3 == 0:
            paper = voucher("bank line", f"{n}:1", day=day)
            credit(
                payer.person,
                amount,
                source="opening",
                motive="top-up",
                voucher=paper,
                key=f"bank:{n}",
                at=at,
                authorisation=authorisation,
                day=day,
            )
        else:
            paper = voucher("order payment", f"{1001 + n}:1", day=day, text=f"Maria Huber {n}")
            spend(payer.person, amount, voucher=paper, key=f"year:{n}", at=at, authorisation=authorisation)


def _often(ask: Callable[[], object]) -> None:
    for _ in range(REPEATS):
        ask()
