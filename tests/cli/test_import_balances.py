"""Opening balances are booked against the account *opening*, once for a partner, a currency and a day."""

import pytest

from tests.at_once import at_once
from tests.cast import NOON, balance, eur
from tests.cli.typed import everything
from vps.company.models import company
from vps.kernel.csvfile import WrongLines
from vps.kernel.database import one, rows
from vps.ledger.actions import set_up
from vps.ledger.models.audit import audit
from vps.orders.actions.take_over import take_over_balances
from vps.wallets.models import Wallet

HEADER = "partner,currency,amount,day\n"


def taken(text: str, *, dry: bool = False):
    return take_over_balances((HEADER + text).encode(), at=NOON, dry=dry)


def test_a_balance_is_booked_against_opening(cast):
    outcome = taken(f"{cast.boris.number},EUR,80.50,2026-10-31\n")

    assert outcome[:4] == (1, 1, 0, 0)
    assert outcome.sums == (eur(80_50),)
    assert balance(cast.boris) == eur(80_50)
    key, motive, day, kind, ref = one(
        "SELECT b.key, b.motive, b.value_date, v.kind, v.ref FROM booking b JOIN voucher v ON v.id = b.voucher_id ORDER BY b.id DESC LIMIT 1"
    )
    number = cast.boris.number
    assert (key, motive, day) == (f"opening:{number}:EUR:2026-10-31", "opening", "2026-10-31")
    assert (kind, ref) == ("opening", f"{number}:EUR:2026-10-31")
    assert one("SELECT a.kind FROM booking b JOIN account a ON a.id = b.debit_id ORDER BY b.id DESC LIMIT 1")[0] == "opening"
    assert list(audit(company().zone)) == []


def test_the_same_file_again_books_nothing(cast):
    text = f"{cast.boris.number},EUR,80.50,2026-10-31\n{cast.anna.number},EUR,0,2026-10-31\n"
    assert taken(text)[:4] == (2, 1, 0, 1)
    before = everything()

    assert taken(text)[:4] == (2, 0, 0, 2)
    assert everything() == before


def test_another_amount_for_the_same_day_is_refused_with_what_was_booked(cast):
    taken(f"{cast.boris.number},EUR,80.50,2026-10-31\n")
    before = everything()

    with pytest.raises(WrongLines) as refused:
        taken(f"{cast.anna.number},EUR,5,2026-10-31\n{cast.boris.number},EUR,80.51,2026-10-31\n")

    ((line, column, refusal),) = refused.value.mistakes
    assert (line, column) == (3, "amount")
    assert str(refusal) == "The opening balance of this day was booked before, as 80.50 EUR. Nothing was booked now."
    assert everything() == before


def test_a_dry_run_books_nothing(cast):
    before = everything()

    assert taken(f"{cast.boris.number},EUR,80.50,2026-10-31\n", dry=True).new == 1
    assert everything() == before


def test_a_wallet_in_another_currency_is_opened_when_the_company_keeps_books_in_it(cast):
    set_up(currency="RSD", at=NOON)

    taken(f"{cast.boris.number},RSD,1000,2026-10-31\n")

    assert Wallet.of(cast.boris.id, "RSD").account.balance == 1000_00


def test_the_same_file_twice_at_once_is_booked_once(cast):
    text = f"{cast.boris.number},EUR,80.50,2026-10-31\n{cast.anna.number},EUR,1.50,2026-10-31\n"

    answers = at_once(3, lambda _: taken(text))

    assert sorted(outcome.new for outcome in answers) == [0, 0, 2]
    assert (balance(cast.boris), balance(cast.anna)) == (eur(80_50), eur(251_50))
    assert rows("SELECT count(*) FROM booking WHERE key LIKE 'opening:%'") == [(2,)]


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ("1234567,EUR,5,2026-10-31", "partner", "check digits"),
        ("1000556,EUR,5,2026-10-31", "partner", "There is no partner with the number 1000556."),
        ("{n},USD,5,2026-10-31", "currency", "The company keeps no books in USD."),
        ("{n},eur,5,2026-10-31", "currency", "three capital letters"),
        ("{n},EUR,-5,2026-10-31", "amount", "cannot be less than zero"),
        ('{n},EUR,"5,00",2026-10-31', "amount", "cannot be read"),
        ("{n},EUR,1e3,2026-10-31", "amount", "cannot be read"),
        ("{n},EUR,5.001,2026-10-31", "amount", "more decimals"),
        ("{n},EUR," + "9" * 40 + ",2026-10-31", "amount", "too large"),
        ("{n},EUR,=1+1,2026-10-31", "amount", "cannot be read"),
        ("{n},EUR,,2026-10-31", "amount", "Nothing is written here."),
        ("{n},EUR,5,2026-02-30", "day", "There is no such day."),
        ("{n},EUR,5,2026-11-21", "day", "This lies in the future."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_booked(vps, house, cells, column, says):
    before = everything()

    result = vps.imported("balances", f"{HEADER}{cells.format(n=house.boris.number)}\n{house.anna.number},EUR,5,2026-10-31\n")

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Line 2, column {column}: ")
    assert says in result.stderr
    assert everything() == before


def test_a_partner_twice_on_a_day_is_refused(vps, house):
    result = vps.imported("balances", HEADER + f"{house.boris.number},EUR,5,2026-10-31\n" * 2)

    assert result.stderr.splitlines()[0] == "Line 3, column partner: This has been in line 2 already."


def test_the_command_tells_the_totals_to_be_compared(vps, house):
    result = vps.imported("balances", f"{HEADER}{house.boris.number},EUR,5.25,2026-10-31\n{house.anna.number},EUR,1000,2026-10-31\n")

    assert result.output.splitlines() == ["Lines read: 2", "New: 2", "Changed: 0", "Unchanged: 0", "Sum of the file in EUR: €1,005.25"]
    assert vps("audit").exit_code == 0
