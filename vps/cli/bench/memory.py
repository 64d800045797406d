"""How much memory the server takes while people look at pages and sign in, and how soon it is there after a start.

PSS counts a page that several processes share once, in parts; so the processes' figures may be added.
"""

import http.client
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from vps.cli.bench.figures import Figures, disk_of, middle
from vps.cli.bench.scratch import Payer, add_payers, new_house, scratch_folder
from vps.cli.bench.serving import Server
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import database
from vps.kernel.hashing import slow_hash
from vps.people.actions import set_password
from vps.people.models import Person

READERS = 8
"""People who look at pages all the time; one more signs in all the time."""
PASSWORD = "four words that rhyme"  # noqa: S105 - of nobody
PAGES = ("/wallet", "/wallet?chart=count", "/orders?colour=red", "/orders/new", "/more")
SAMPLE = 0.05


def measure(*, folder: Path | None, seconds: float, rounds: int) -> Figures:
    """Megabytes under load, and seconds until ready, of `rounds` starts."""
    with scratch_folder(folder) as scratch:
        new_house(scratch, at=clock())
        payers = add_payers(READERS + 1, at=clock())
        set_password(Person.get_by_id(payers[0].person), slow_hash(PASSWORD), actor=HOUSE, at=clock())
        number = str(Person.get_by_id(payers[0].person).number)
        database.close()
        ready, most, usual = [], [], []
        for _ in range(rounds):
            with Server(scratch) as server:
                ready.append(server.ready_after)
                sizes = _load(server, payers[1:], number, seconds)
            most.append(max(sizes))
            usual.append(middle(sizes, 1))
        return {
            "bench": "memory",
            "disk": disk_of(scratch),
            "processes": 3,
            "pss_mb": max(most),
            "pss_median_mb": middle(usual, 1),
            "ready_seconds": middle(ready),
            "raw": {"pss_mb": most, "ready_seconds": [round(each, 3) for each in ready]},
        }


def _load(server: Server, readers: list[Payer], number: str, seconds: float) -> list[float]:
    # Megabytes, again and again while everybody is busy.
    over = threading.Event()
    people = [threading.Thread(target=_read, args=(server, reader, over)) for reader in readers]
    people.append(threading.Thread(target=_sign_in, args=(server, number, over)))
    for each in people:
        each.start()
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(SAMPLE)
        found.append(round(sum(map(_pss, server.processes())) / 1024, 1))
    over.set()
    for each in people:
        each.join()
    return found


def _pss(process: int) -> int:
    # Kilobytes.
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _read(server: Server, reader: Payer, over: threading.Event) -> None:
    connection = server.connection()
    while not over.is_set():
        for path in PAGES:
            page = _get(connection, path, reader.cookie)
            picture = page.partition('src="/charts/')[2].partition('"')[0]
            if picture:
                _get(connection, f"/charts/{picture}", reader.cookie)
    connection.close()


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> str:
    connection.request("GET", path, headers={"Cookie": f"vps={cookie}"})
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 200, (path, answer.status)
    return page


def _sign_in(server: Server, number: str, over: threading.Event) -> None:
    connection = server.connection()
    while not over.is_set():
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        page, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").partition(";")[0]
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        body = urlencode({"csrf_token": token, "username": number, "password": PASSWORD})
        connection.request("POST", "/sign-in", body, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
    connection.close()
