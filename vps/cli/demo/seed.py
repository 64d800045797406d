"""Filling an empty database with the demo company."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.pool import ThreadPool
from random import Random

from vps.bank.actions import open_bank_account
from vps.cli.demo.cast import CLERKS, COMPANY, CURRENCY, IBAN, MEMBERS, PARTNERS, PASSWORD, ZONE, Member
from vps.cli.demo.commissions import plan_commissions, put_plan_into_force, work
from vps.cli.demo.marker import READY, DemoKey, mark
from vps.cli.demo.moving import move
from vps.cli.demo.office import hand_out_sheet, plan_office, settle, trust
from vps.cli.demo.plan import year
from vps.cli.demo.refunding import refund_some
from vps.cli.demo.story import DAY, Story
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import day_in
from vps.kernel.database import is_postgres, run
from vps.kernel.hashing import slow_hash
from vps.ledger.actions import seal, set_up
from vps.people.actions import Details, register_staff

FOUNDED = 480 * DAY
SHORT_SHEET = 12
"""TANs of the partners whom nobody introduces; hashing them is most of the work."""


@contextmanager
def hashers() -> Iterator[ThreadPool]:
    """Two threads that hash: one alone would take twice as long, and hashing lets others run beside it."""
    with ThreadPool(2) as pool:
        yield pool


def fill(key: DemoKey, pool: ThreadPool, *, now: datetime, orders: int, tans: int) -> None:
    """Live through the demo company's year up to now, seal the books, and call the demo ready.

    `orders` is how many there are about, `tans` how many a sheet of the cast has.
    """
    dice = Random(f"Alpenkraut {day_in(now, ZONE)}")  # noqa: S311 - chooses what was ordered, keeps no secret
    with _in_a_hurry():
        story = Story(key, dice, end=now - timedelta(hours=1), hashed=slow_hash(PASSWORD))
        _found(story, now - FOUNDED)
        for member in MEMBERS:
            story.plan(now - member.joined * DAY, partial(_join, story, pool, member, tans))
        for planned in year(dice, now, orders):
            story.plan(planned.at, partial(story.order, planned))
        plan_office(story)
        plan_commissions(story)
        story.live()
        move(story, now - timedelta(minutes=50))
        refund_some(story, now - timedelta(minutes=45))
        work(now - timedelta(minutes=42))
        settle(story, now - timedelta(minutes=40))
        trust(story, now - timedelta(minutes=30))
        seal(at=now, zone=ZONE)
    mark(key, READY)


def _found(story: Story, at: datetime) -> None:
    change_settings(dict(COMPANY), actor=HOUSE, at=at)
    open_bank_account(IBAN, CURRENCY, name="Isarbank", actor=HOUSE, at=at)
    set_up(currency=CURRENCY, at=at)
    story.offer()
    put_plan_into_force(at)
    for clerk in CLERKS:
        details = Details(clerk.name, clerk.language, ZONE, username=clerk.username, email=f"{clerk.username}@alpenkraut.example")
        story.equip(register_staff(details, set(clerk.rights), actor=HOUSE, at=at), at)


def _join(story: Story, pool: ThreadPool, member: Member, tans: int, at: datetime) -> None:
    story.join(member, at)
    size = tans if member.username in PARTNERS else min(tans, SHORT_SHEET)
    hand_out_sheet(story, pool, story.people[member.username], size, at + timedelta(minutes=20))


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    # Nobody was told yet that anything is kept: thousands of bookings need not reach the disk one by one. The mark at the end does.
    if is_postgres():
        yield
        return
    run("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        run("PRAGMA synchronous = FULL")
