"""Statements as people look through them: one wallet or all, by motive, day, amount and text; and the same lines as a file."""

import csv
import io
from datetime import timedelta

import pytest

from tests.cast import NOON, eur, give, red_order
from tests.ledger.test_statement import fill as flood
from tests.orders.test_parts import bonus, dinars
from tests.web.client import Browser
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows, run
from vps.ledger.actions import company_account
from vps.wallets.actions import make_transfer
from vps.wallets.models import NOTHING, Sought, everything, purse, search, wallets_of
from vps.wallets.models.statements import CHUNK, STRETCH

DAY = timedelta(days=1)


def send(cast, minor, *, at=NOON, message="", sender=None, recipient=None, to=None):
    sender, recipient = sender or cast.anna, recipient or cast.boris
    key = f"t{minor}{sender.id}"
    make_transfer(key, sender=sender.id, from_wallet=purse(sender.id, "EUR").wallet, recipient=recipient.id, to_wallet=to, amount=eur(minor),
                  message=message, actor=Actor(sender.id), at=at)  # fmt: skip


def found(cast, limit=50, **sought):
    return [line.amount.minor for line in search(wallets_of(cast.anna.id), Sought(**sought), limit=limit)[0]]


def test_all_wallets_are_one_statement_and_a_closed_one_keeps_its_lines(cast):
    other = bonus(cast, 20_00)
    send(cast, 5_00, recipient=cast.anna, to=other)
    assert found(cast) == [5_00, -5_00, 20_00, 250_00]

    closed = dinars(cast, 1)
    run("UPDATE wallet SET closed_at = 1 WHERE id = ?", closed)
    assert found(cast)[0] == 1
    mine = wallets_of(cast.anna.id)
    assert [(each.kind, each.currency, each.closed) for each in mine] == [
        ("main", "EUR", False),
        ("bonus", "EUR", False),
        ("main", "RSD", True),
    ]
    assert [line.amount.minor for line in search([each for each in mine if each.id == closed], NOTHING, limit=9)[0]] == [1]


def test_it_is_found_by_motive_day_and_amount_of_its_own_currency(cast):
    send(cast, 5_00, at=NOON + DAY)
    dinars(cast, 5_00)
    send(cast, 7_00, at=NOON + 2 * DAY)

    assert found(cast, motive="transfer") == [-7_00, -5_00]
    assert found(cast, since=NOON + DAY, until=NOON + 2 * DAY) == [-5_00]
    assert found(cast, least={"EUR": 5_00, "RSD": 9_00}, most={"EUR": 6_00}) == [-5_00]


@pytest.mark.parametrize("text", ["volkov", "Борис", "boris v", "MIETE november", "5002"])
def test_it_is_found_by_its_text_its_number_and_who_is_on_the_other_side(cast, text):
    send(cast, 50_02, message="Miete für November")
    send(cast, 5_00, message="Brot", sender=cast.anna)
    give(cast.anna, 1_00)

    hits = found(cast, text=text)

    # Others see of a partner his first name and initial, so his whole name finds nothing either.
    assert hits == ([] if text == "volkov" else [-5_00, -50_02] if text in ("Борис", "boris v") else [-50_02])


def test_pages_follow_each_other_whatever_is_looked_for(cast):
    for n in range(1, 8):
        send(cast, n, message="gerade" if n % 2 == 0 else "ungerade")
    wallets = wallets_of(cast.anna.id)

    for sought in (NOTHING, Sought(text="gerade"), Sought(motive="transfer", text="ungerade")):
        whole = [line.id for line in search(wallets, sought, limit=50)[0]]
        paged, place = [], (2**62, 0)
        while place:
            page, place = search(wallets, sought, before=place, limit=2)
            paged += [line.id for line in page]
        assert paged == whole == [line.id for line, _ in everything(wallets, sought)]


def test_a_text_is_looked_for_in_a_stretch_at_a_time_even_in_a_whales_account(house):
    flood(purse(house.anna.id, "EUR").account, company_account("purchases", "EUR"), 20_000)
    wallets = wallets_of(house.anna.id)

    page, place = search(wallets, Sought(text="nowhere"), limit=25)

    assert page == [] and place is not None
    newest = one("SELECT max(id) FROM booking")[0]
    assert place[0] == newest - STRETCH + 1 and STRETCH % CHUNK == 0
    pages = 1
    while place:
        page, place = search(wallets, Sought(text="nowhere"), before=place, limit=25)
        pages += 1
    assert pages == 3


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode())))


def test_the_file_is_exactly_what_the_page_shows(house):
    bonus(house, 20_00)
    send(house, 5_00, message="=1+1", recipient=house.boris)
    for n in range(1, 40):
        send(house, n)
    anna = Browser(house.anna)

    whole = table(anna.get("/wallet/statement.csv"))
    some = table(anna.get("/wallet/statement.csv?motive=transfer&least=0,38"))

    assert len(whole) == 42 and len(some) == 3
    assert anna.get("/wallet/statement.csv").content_type == "text/csv; charset=utf-8"
    oldest = some[-1]
    assert (oldest["motive"], oldest["amount"], oldest["currency"], oldest["text"]) == ("transfer", "-5.00", "EUR", "'=1+1")
    assert oldest["counterpart"] == f"Борис В., {house.boris.number}" and oldest["booked_at"].startswith("2026-11-20T12:00:00")
    page = anna.get("/wallet/statement?motive=transfer&least=0,38")
    assert page.text.count('class="entry"') == 3
    assert "/wallet/statement.csv?motive=transfer&amp;least=0,38" in page.text
    assert anna.get("/wallet/statement.csv?least=x").status_code == 422


def test_older_keeps_what_was_looked_for(house):
    for n in range(1, 30):
        send(house, n)
    anna = Browser(house.anna)

    page = anna.get("/wallet/statement?motive=transfer")

    assert page.text.count('class="entry"') == 25
    older = page.text.split('class="older"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "motive=transfer" in older
    assert anna.piece(older).text.count('class="entry"') == 4


def test_the_line_of_a_booking_between_own_wallets_is_the_asked_wallets(house):
    other = bonus(house, 20_00)
    send(house, 5_00, recipient=house.anna, to=other)
    booking = one("SELECT max(id) FROM booking")[0]
    anna = Browser(house.anna)

    assert "+5,00" in anna.get(f"/wallet/statement/{booking}?wallet={other}").text.replace("\xa0", " ")
    assert "−5,00" in anna.get(f"/wallet/statement/{booking}?wallet={purse(house.anna.id, 'EUR').wallet}").text.replace("-5,00", "−5,00")
    assert Browser(house.boris).get(f"/wallet/statement/{booking}?wallet={other}").status_code == 404
    together = anna.get("/wallet/statement").text
    assert together.count("Von: Hauptguthaben, EUR") == together.count("An: Bonus, EUR") == 1, "one booking, a line in either wallet"


def test_the_offices_file_is_written_into_the_trail_with_its_lines(house):
    bonus(house, 20_00)
    red_order(house)
    clara, path = Browser(house.clara), f"/office/partners/{house.anna.number}/wallet"

    answer = clara.get(f"{path}/statement.csv?motive=opening")

    assert len(table(answer)) == 2
    assert rows("SELECT actor, subject, after FROM event WHERE verb = 'statement exported'") == [
        (house.clara.id, f"person:{house.anna.id}", "2")
    ]
    assert clara.get(f"{path}/statement.csv?most=x").status_code == 422
    assert clara.get(path).text.count("/wallet/bookings/") == 2
    assert clara.get(f"{path}?wallet={purse(house.anna.id, 'EUR').wallet}").text.count("/wallet/bookings/") == 1
