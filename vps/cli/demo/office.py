"""The office's side of the demo's year: TAN sheets, bank statements, a mistake that was put right, questions."""

from datetime import datetime, timedelta
from functools import partial
from multiprocessing.pool import AsyncResult, ThreadPool

import pyotp

from vps.bank.actions import add_payee_for, ask_payout, import_file, plan, read_account
from vps.bank.models import payees_of
from vps.cli.demo.cast import ANSWER, CURRENCY, IBAN, MISTAKE, PARTNERS, QUESTIONS, ZONE
from vps.cli.demo.statements import Line, statement
from vps.cli.demo.story import DAY, Story
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import day_in
from vps.kernel.database import one, rows
from vps.kernel.hashing import slow_hash
from vps.kernel.money import Money
from vps.kernel.numbers import order_number, order_reference, topup_reference
from vps.people.models import Person
from vps.security.actions import activate_sheet, ask, asked_to_activate, confirm, make_sheet, snapshot
from vps.security.actions.codes import tan_secret
from vps.security.actions.sheets import add_hashes
from vps.security.models import APP, PAY_OUT, TanSheet
from vps.trust.actions.giving import give_level
from vps.trust.actions.introducing import introduce
from vps.wallets.actions import answer_question, ask_office, pay_out, reverse_by_hand
from vps.wallets.models import purse

ENDS_WITH = {"anna": 250_00, "boris": 0}
"""Cents that are in these wallets exactly; the others of the cast have at least `LEAST`."""
LEAST = 60_00
TRUSTED = {"boris": 2, "emma": 2}
"""Trust levels of who is not known as long, or as well, as `KNOWN`."""
KNOWN = 3
ACCOUNTS = {"ivana": "HR1723600001101234565", "jelena": "RS35260005601001611379", "emma": "FR7630006000011234567890189"}
"""Where some of the cast have their money paid out to: the examples that the banks' own papers print."""
BANKS = {"jelena": "NBSRRSBGXXX"}
"""Outside the European Economic Area a file names the bank, too."""


def plan_office(story: Story) -> None:
    """Put everything the office does into the story."""
    story.plan(story.end - 37 * DAY, partial(_import, story, ("lukas", "milica", "olga", "katharina")))
    story.plan(story.end - 8 * DAY, partial(_import, story, ("ivana", "nikola", "marko")))
    story.plan(story.end - 20 * DAY, partial(_mistake, story))
    story.plan(story.end - 9 * DAY, partial(_know_accounts, story))
    story.plan(story.end - DAY / 2, partial(_ask_payouts, story))


def hand_out_sheet(story: Story, pool: ThreadPool, person: Person, size: int, at: datetime) -> None:
    """A sheet of the demo's own TANs for a partner, who activates it a week later."""
    size += size % 2
    count = int(one("SELECT count(*) FROM tan_sheet WHERE person_id = ?", person.id)[0])
    codes = story.key.codes(f"{person.id}-{count + 1}", size)
    sheet = make_sheet(person.id, codes, actor=story.desk, at=at)
    hashes = hashing(pool, person.id, sheet.serial, codes)
    story.plan(at + 7 * DAY, lambda when: activate(person, sheet, codes, hashes.get(), at=when))


def hashing(pool: ThreadPool, person: int, serial: str, codes: list[str]) -> "AsyncResult[list[str]]":
    """The slow hashes of a sheet's TANs, being made beside us."""
    return pool.map_async(slow_hash, [tan_secret(person, serial, n, code) for n, code in enumerate(codes, 1)], chunksize=4)


def activate(person: Person, sheet: TanSheet, codes: list[str], hashes: list[str], *, at: datetime) -> None:
    """Give a sheet its hashes, and let its owner prove with two of its TANs that it arrived."""
    add_hashes(sheet.id, list(enumerate(hashes, 1)), at=at)
    first, second = asked_to_activate(sheet)
    activate_sheet(person.id, first=codes[first - 1], second=codes[second - 1], actor=Actor(person.id), at=at)


def trust(story: Story, at: datetime) -> None:
    """Trust levels begin. The office is one person, so one changes them."""
    change_settings({"trust_staff": 1}, actor=HOUSE, at=at)
    for name, level in TRUSTED.items():
        give_level(story.people[name].id, level, "Ausweis gesehen", actor=HOUSE, at=at)
    introduce(KNOWN, day_in(at, ZONE), actor=HOUSE, at=at)


def settle(story: Story, at: datetime) -> None:
    """The last day: customers whose transfer came in, wallets that must hold a certain sum, and questions that are still open."""
    _import(story, ("stefan",), at, customers=2)
    for username in PARTNERS:
        person = story.people[username]
        found = purse(person.id, CURRENCY)
        over = (found[1].minor if found else 0) - ENDS_WITH.get(username, LEAST)
        if over > 0 and username in ENDS_WITH:
            pay_out(person.id, Money(over, CURRENCY), story.slip(person, at), authorisation=ByStaff(story.desk), at=at)
        elif over < 0:
            story.fill(person, -over, at, exactly=username in ENDS_WITH)
    for asked in QUESTIONS:
        person = story.people[asked.username]
        booking = one(NEWEST, asked.motive, person.id)[0]
        if booking:
            ask_office(person.id, booking, asked.text, at=at)


def _import(story: Story, payers: tuple[str, ...], at: datetime, *, customers: int = 0) -> None:
    number = 1 + int(one("SELECT count(*) FROM bank_statement")[0])
    opening = int(one("SELECT coalesce((SELECT closing FROM bank_statement ORDER BY id DESC LIMIT 1), ?)", 18_240_15)[0])
    lines = []
    for username in payers:
        person = story.people[username]
        reference = topup_reference(person.number or "")
        lines.append(Line(story.dice.choice((80_00, 100_00, 150_00, 200_00)), person.name, f"Wallet {reference}", reference))
    for order, minor, name in rows(RED, *(story.people[username].id for username in PARTNERS), customers):
        lines.append(Line(minor, name, "", order_reference(order_number(order))))
    lines.append(Line(story.dice.choice((49_90, 64_30, 89_00)), "Renate Braun", "Kräuterset, vielen Dank"))
    lines.append(Line(120_00, "Thomas Wagner", "Guthaben RF00 1234 5678"))
    lines.append(Line(-12_40, "Isarbank", "Kontoführung"))
    day = day_in(at - DAY, ZONE)
    content = statement(number, iban=IBAN, day=day, opening=opening, lines=lines)
    import_file(content, f"camt053-{day.isoformat()}.xml", actor=story.desk, at=at)


def _know_accounts(story: Story, at: datetime) -> None:
    # The office saw their papers, and wrote down where their money goes.
    for username, number in ACCOUNTS.items():
        person = story.people[username]
        add_payee_for(person.id, read_account(number, BANKS.get(username, "")), person.name, actor=story.desk, at=at)


def _ask_payouts(story: Story, at: datetime) -> None:
    for username in ACCOUNTS:
        person = story.people[username]
        if _available(person) < LEAST:
            story.fill(person, LEAST, at)
        amount = Money(min(150_00, _available(person) // 2), CURRENCY)
        planned = plan(person.id, payees_of(person.id)[0], amount, at=at)
        asked = ask(person.id, at=at, prefer=APP, level=2)
        shown = snapshot(PAY_OUT, planned.subject, amount=amount, payee=planned.payee.holder, ask=asked, motive=PAY_OUT, at=at)
        code = pyotp.TOTP(story.key.app_secret(username)).at(at)
        ask_payout(authorisation=confirm(shown, code=code, actor=Actor(person.id), at=at), at=at)


def _available(person: Person) -> int:
    found = purse(person.id, CURRENCY)
    return found.available.minor if found else 0


def _mistake(story: Story, at: datetime) -> None:
    # All in one go: what is taken back must still be there.
    person, by, minute = story.people[MISTAKE.username], ByStaff(story.desk), timedelta(minutes=1)
    booking = story.fill(person, 100_00, at, exactly=True)
    question = ask_office(person.id, booking, MISTAKE.text, at=at + 35 * minute)
    reverse_by_hand(person.id, booking, reason="Falscher Partner", authorisation=by, at=at + 80 * minute)
    answer_question(question, ANSWER, authorisation=by, at=at + 82 * minute)


RED = (
    "SELECT o.id, o.total, c.name FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.paid_at IS NULL AND o.cancelled_at IS NULL"
    " AND o.partner_id NOT IN (?, ?, ?, ?, ?) ORDER BY o.id DESC LIMIT ?"
)
NEWEST = (
    "SELECT max(b.id) FROM booking b JOIN wallet w ON w.account_id IN (b.debit_id, b.credit_id)"
    " WHERE b.motive = ? AND w.person_id = ? AND b.reverses IS NULL"
)
