"""Booking: one movement, once per key, never past the floor."""

from datetime import date, timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest

from tests.cast import NOON, eur
from vps.kernel.authorisation import HOUSE
from vps.kernel.database import action, configure, database, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import Refused
from vps.ledger.actions import NoSuchCurrency, NotEnoughCredit, Unlike, book, booking, company_account, open_account, set_up, voucher
from vps.ledger.models import Account
from vps.ledger.models.rows import MOST
from vps.ledger.models.seals import digest


def test_a_payment_takes_from_one_account_and_gives_to_the_other(books, clean):
    done = books.move(books.anna, books.boris, 1_234)

    assert (done.debit_after, done.credit_after, done.again) == (3_766, 1_234, False)
    assert (books.account(), books.account(books.boris)) == ((3_766, 0, 0), (1_234, 0, 0))
    clean()


def test_a_booking_keeps_who_when_why_and_the_balances_after_it(books):
    done = books.pay(700, key="order:1001:payment:1", value_date=date(2026, 11, 30))

    row = one("SELECT key, voucher_id, motive, debit_id, credit_id, amount, currency, booked_at, value_date, actor, debit_after, credit_after,"
              " reverses, digest FROM booking WHERE id = ?", done.id)  # fmt: skip
    noon = 1_795_176_000_000_000
    assert row[:13] == (
        "order:1001:payment:1",
        books.paper,
        "purchase",
        books.anna,
        books.purchases,
        700,
        "EUR",
        noon,
        "2026-11-30",
        7,
        4_300,
        None,
        None,
    )
    assert bytes(row[13]) == digest(*row[:13])


def test_the_value_date_is_the_day_of_the_voucher_unless_the_bank_says_otherwise(books):
    night = NOON.replace(hour=23, minute=30)  # in UTC: the company has the 21st already
    done = books.pay(1, at=night, voucher=voucher("test", "2", day=date(2026, 11, 21)))

    assert one("SELECT value_date FROM booking WHERE id = ?", done.id)[0] == "2026-11-21"


def test_only_wallets_keep_a_running_balance(books):
    done = books.move(books.bank, books.purchases, 500)

    assert (done.debit_after, done.credit_after) == (None, None)
    assert [books.account(account) for account in (books.bank, books.purchases)] == [(0, 0, 0)] * 2


def test_the_same_key_again_answers_the_first_booking_and_moves_nothing(books):
    first = books.pay(700, key="order:1")

    again = books.pay(700, key="order:1", at=NOON + timedelta(days=1))

    assert again == first._replace(again=True)
    assert books.account() == (4_300, 0, 0)
    assert books.count == 2


@pytest.mark.parametrize("debt", [False, True])
@pytest.mark.parametrize(
    ("debit", "credit"), [("bank", "anna"), ("anna", "bank"), ("anna", "boris"), ("boris", "anna"), ("bank", "purchases")]
)
def test_whichever_way_the_money_goes_a_key_is_booked_once(books, clean, debit, credit, debt):
    books.top_up(900, to=books.boris)
    debit, credit = getattr(books, debit), getattr(books, credit)
    first = books.move(debit, credit, 900, key="k", as_debt=debt)
    stand = rows("SELECT id, balance FROM account ORDER BY id")

    assert books.move(debit, credit, 900, key="k", as_debt=debt) == first._replace(again=True)
    with pytest.raises(Unlike):
        books.move(debit, credit, 901, key="k", as_debt=debt)

    assert rows("SELECT id, balance FROM account ORDER BY id") == stand
    clean()


@pytest.mark.parametrize("other", [{"minor": 701}, {"credit": "boris"}, {"debit": "boris"}])
def test_a_key_that_comes_back_with_other_details_is_refused(books, other):
    books.pay(700, key="order:1")
    facts = {"debit": "anna", "credit": "purchases", "minor": 700, **other}

    with pytest.raises(Unlike):
        books.move(getattr(books, facts["debit"]), getattr(books, facts["credit"]), facts["minor"], key="order:1")

    assert books.account() == (4_300, 0, 0)
    assert books.count == 2


def test_the_last_cent_may_be_spent_and_not_one_more(books):
    with pytest.raises(NotEnoughCredit) as refused:
        books.pay(5_001)
    assert refused.value.facts == {"available": eur(5_000), "missing": eur(1)}
    assert books.count == 1

    assert books.pay(5_000).debit_after == 0


def test_a_floor_below_zero_is_credit_that_the_company_grants(books):
    trusted = open_account(code="wallet:3:EUR", kind="wallet", currency="EUR", floor=-1_000, at=NOON)

    assert books.pay(1_000, by=trusted).debit_after == -1_000
    with pytest.raises(NotEnoughCredit) as refused:
        books.pay(1, by=trusted)
    assert refused.value.facts["available"] == eur(0)


@pytest.fixture
def first_take(monkeypatch):
    """Let the first payment from here on be answered as `step(run, sql, values)` answers, and count how often it was tried."""

    def let(step):
        tries, asked = [], database.obj.statements

        def meddled():
            run = asked()

            def run_or_step(sql, values):
                if sql != booking.TAKE:
                    return run(sql, values)
                tries.append(sql)
                return run(sql, values) if len(tries) > 1 else step(run, sql, values)

            return run_or_step

        monkeypatch.setattr(database.obj, "statements", meddled)
        return tries

    return let


def test_credit_that_comes_in_while_a_payment_is_refused_starts_the_payment_over(books, first_take):
    tries = first_take(lambda run, sql, values: SimpleNamespace(rowcount=0))

    assert books.pay(600).debit_after == 4_400, "the floor was in the way, and a moment later it was not"
    assert len(tries) == 2
    assert books.account() == (4_400, 0, 0)


def test_whoever_loses_the_race_for_a_key_finds_the_winners_booking(books, first_take):
    """The loser's UPDATE did not see the winner's booking yet; the key itself stops him."""
    first = books.pay(700, key="order:1")
    tries = first_take(lambda run, sql, values: run(sql.replace(booking.NEW, ""), values[:-1]))

    assert books.pay(700, key="order:1") == first._replace(again=True)
    assert len(tries) == 2
    assert books.account() == (4_300, 0, 0)


def test_two_accounts_are_locked_in_the_same_order_whichever_way_the_money_goes(books, monkeypatch):
    """Or two who send each other money at the same moment wait for each other."""
    locked = []
    for name in ("_take", "_give"):
        step = getattr(booking, name)
        monkeypatch.setattr(booking, name, lambda run, account, *facts, step=step: locked.append(account) or step(run, account, *facts))

    books.move(books.anna, books.boris, 2)
    books.move(books.boris, books.anna, 1)

    assert locked == [books.anna, books.boris] * 2


def test_a_part_of_a_bigger_action_is_undone_with_the_rest(books):
    @action
    def amount_and_fee() -> None:
        books.pay(4_990)
        books.pay(20, motive="fee")

    with pytest.raises(NotEnoughCredit):
        amount_and_fee()

    assert books.account() == (5_000, 0, 0)
    assert books.count == 1


@pytest.mark.parametrize("minor", [0, -1, MOST + 1])
def test_an_amount_is_at_least_one_and_at_most_a_billion(books, minor):
    with pytest.raises(AssertionError):
        books.top_up(minor)
    assert books.count == 1


def test_an_amount_of_exactly_a_billion_passes(books):
    assert books.top_up(MOST).credit_after == MOST + 5_000


def test_a_key_is_one_line_because_the_digest_counts_lines(books):
    with pytest.raises(AssertionError):
        books.pay(1, key="a\nb")


def test_both_accounts_and_the_amount_have_one_currency(books):
    set_up(currency="CHF", at=NOON)
    swiss = company_account("bank", "CHF")

    for debit, credit, amount in ((swiss, books.anna, eur(1)), (books.anna, books.purchases, Money(1, "CHF"))):
        with pytest.raises(AssertionError):
            book(key="x", voucher=books.paper, motive="exchange", debit=debit, credit=credit, amount=amount, at=NOON, actor=HOUSE)


def test_an_account_that_nobody_opened_is_a_mistake_of_ours(books):
    with pytest.raises(KeyError):
        books.pay(1, by=999)


def test_an_account_is_opened_once_per_code(books):
    def opened() -> int:
        return open_account(code="wallet:9:EUR", kind="wallet", currency="EUR", floor=0, at=NOON)

    assert opened() == opened()
    assert one("SELECT count(*) FROM account WHERE code = 'wallet:9:EUR'")[0] == 1


def test_setting_up_a_currency_twice_changes_nothing(books):
    before = rows("SELECT id, code FROM account ORDER BY id")

    set_up(currency="EUR", at=NOON)

    assert rows("SELECT id, code FROM account ORDER BY id") == before
    assert {code for _, code in before} >= {
        "bank:EUR",
        "purchases:EUR",
        "commission:EUR",
        "fees:EUR",
        "transit:EUR",
        "clarify:EUR",
        "opening:EUR",
    }


def test_a_document_is_written_down_once(books):
    first = voucher("receipt", "77", day=date(2026, 11, 1), text="Anna · tea", by=3)

    assert voucher("receipt", "77", day=date(2026, 11, 2)) == first
    assert one('SELECT kind, ref, day, text, "by" FROM voucher WHERE id = ?', first) == ("receipt", "77", "2026-11-01", "Anna · tea", 3)


def test_whoever_opens_an_account_that_another_has_just_opened_looks_again(books, overlook):
    overlooked = overlook(booking, "SELECT id FROM account")

    assert open_account(code="bank:EUR", kind="bank", currency="EUR", at=NOON) == books.bank
    assert overlooked == [(books.bank,)]


def test_whoever_writes_down_a_document_that_another_has_just_written_looks_again(books, overlook):
    overlooked = overlook(booking, "SELECT id FROM voucher")

    assert voucher("test", "1", day=NOON.date()) == books.paper
    assert overlooked == [(books.paper,)]


def test_a_currency_without_books_is_refused(books):
    with pytest.raises(NoSuchCurrency) as refused:
        company_account("bank", "USD")
    assert refused.value.facts == {"currency": "USD"}


def test_what_an_account_is_gets_forgotten_when_its_opening_is_undone(books):
    @action
    def opened_and_refused() -> None:
        account = open_account(code="wallet:9:EUR", kind="wallet", currency="EUR", floor=0, at=NOON)
        books.pay(1, by=account)

    with pytest.raises(Refused):
        opened_and_refused()

    # SQLite gives the same id to the next account: it must not be taken for a wallet.
    other = open_account(code="fees:NEW", kind="fees", currency="EUR", at=NOON)
    assert books.move(other, books.boris, 1).debit_after is None


def test_what_an_account_is_gets_forgotten_with_its_database(books, empty_file):
    assert booking.known[books.anna].keeps_balance

    configure(f"sqlite:///{empty_file}")

    with pytest.raises(KeyError):
        booking.known[books.anna]
    database.close()


def test_a_wallet_says_what_it_has_what_is_held_and_what_it_lacks(books):
    run("UPDATE account SET reserved = 1500 WHERE id = ?", books.anna)
    account = Account.get_by_id(books.anna)

    assert (account.booked, account.held, account.available, account.shortfall) == (eur(5_000), eur(1_500), eur(3_500), eur(0))


def test_a_digest_covers_the_same_bytes_in_every_release():
    facts = ("order:1001:payment:1", 7, "purchase", 12, 3, 49_90, "EUR", 1795176000000000, "2026-11-20", None, 200_10, None, None)
    text = "vps-booking-1\norder:1001:payment:1\n7\npurchase\n12\n3\n4990\nEUR\n1795176000000000\n2026-11-20\nNone\n20010\nNone\nNone"

    assert digest(*facts) == sha256(text.encode()).digest()
