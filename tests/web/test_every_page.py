"""Every page in every language for everybody who may see it: it opens, is whole, and is written in that language."""

import re
from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from tests.bank.camt_files import entry
from tests.bank.payouts import by_rule, usable
from tests.cast import CODES, NOON, eur, red_order, sheet_of
from tests.commissions.earned import earned
from tests.commissions.notes import something_noted
from tests.commissions.plans import RICH, kept, something_planned
from tests.commissions.provisions import by_hand, given_by_hand
from tests.orders.by_bank import three_by_bank
from tests.orders.refunding import some_refunds
from tests.people.forest import brought, move
from tests.trust.everything import everything_noticed
from tests.trust.photos import passport_of
from tests.wallets.requests import known, moved_and_asked
from tests.wallets.sending import ask_from, something_about_wallets
from tests.wallets.standing import ask_again, asked_of_vera, wallet, written_down
from tests.web.client import PIECE, Browser, asked_index, forms, known_device
from tests.web.refusing import READERS, reading
from tests.web.test_bad_input_files import BOOKED, book, good, send
from vps.company.actions import change_settings, set_rate
from vps.home.actions import open_dossier
from vps.hypermedia.catalogs import catalog
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import clock, micros
from vps.kernel.database import database, one, run
from vps.people.actions import add_network, hold_data, invite
from vps.people.models import Person
from vps.security.actions import begin_app, make_sheet
from vps.trust.actions import accept_step, claim_address, claim_birth, claim_email, reject_step
from vps.trust.actions.flags import raise_flag
from vps.trust.actions.giving import Wish, give_exception, give_level
from vps.trust.actions.level_sets import change_set
from vps.trust.models import DEFAULT
from vps.wallets.actions import Slip, ask_office, top_up
from vps.wallets.models import code_of

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "path",
    "rect",
    "circle",
    "line",
}
NOT_IN_P = {
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "form",
    "section",
    "nav",
    "article",
    "fieldset",
    "details",
    "h1",
    "h2",
    "h3",
    "header",
    "main",
    "pre",
}


class Reads(HTMLParser):
    """Follows a page's elements: what is left open, closed twice, or stands where it cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if len(given) != len(attributes):
            self.wrong.append(f"an attribute twice in <{tag} {attributes}>")
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if (tag in NOT_IN_P and "p" in self.open) or (tag in ("a", "button", "form") and tag in self.open):
            self.wrong.append(f"<{tag}> in {self.open}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> after {self.open}")

    def handle_data(self, data):
        self.words.append(data)


def whole(answer, language: str, path: str) -> None:
    """The page is valid enough for every browser, in its language, without a placeholder or a None."""
    page = Reads()
    page.feed(answer.text)
    page.close()
    assert not page.open and not page.wrong, (path, page.open, page.wrong)
    twice = [name for name, n in page.ids.items() if n > 1]
    assert not twice, (path, twice)
    assert page.labels <= set(page.ids), (path, page.labels - set(page.ids))
    assert re.search(r'<html lang="([^"]+)"', answer.text)[1] == language.replace("_", "-")
    text = " ".join(page.words)
    assert not re.search(r"%\(|%s|\{\{|\{%|\bNone\b(?! of us)|\bUndefined\b|<[A-Z]\w+ object", text), (path, text)
    assert not re.search(r'="None"|="Undefined"', answer.text), path
    assert re.search(r"<h1\b", answer.text) and re.search(r"<title>[^<]*\S · Alpenkraut</title>", answer.text), path


@pytest.fixture
def world(house, album, tmp_path):
    return album.show(something_everywhere, house, tmp_path)


def something_everywhere(house):
    """Something to see on every page: orders of two colours, a statement, bookings, a question, a sheet and an app to enrol."""
    sheet_of(house.anna, clock())
    change_settings({"trust_from": "2099-01-01"}, actor=HOUSE, at=NOON)
    paid, house.red = red_order(house), red_order(house, customer="Đorđe Живковић")
    run("UPDATE customer SET email = 'maria@example.com' WHERE id = ?", paid.customer_id)
    anna = Browser(house.anna)
    anna.pay(paid.number, CODES[asked_index(anna.get(f"/orders/{paid.number}/payment")) - 1])
    booked = top_up(
        house.anna.id, eur(5_00), Slip("B 1", date(2026, 11, 20), "Anna", "Cash"), authorisation=ByStaff(Actor(house.dragan.id)), at=NOON
    )
    question = ask_office(house.anna.id, booked.id, "What is this?", at=NOON)
    make_sheet(house.anna.id, CODES, actor=HOUSE, at=clock())
    run("INSERT INTO permit (person_id, source, made_at, expires_at) VALUES (?, 'office', ?, ?)", house.anna.id, micros(clock()), 2**62)
    begin_app(house.anna.id, at=clock())
    add_network(house.clara.id, "127.0.0.1", actor=HOUSE, at=clock())
    dragan = Browser(house.dragan)
    book(dragan, send(dragan, good().encode()))
    send(dragan, good(entry("6", inner=BOOKED), closing="16").encode())
    house.payee = usable(house, house.anna)
    house.payout = by_rule(house.anna)
    run("DROP TRIGGER order_payment_no_update")
    set_rate("EUR", "RSD", "117.25", valid_from=date(2026, 1, 1), actor=Actor(house.dragan.id), at=NOON)
    moved_and_asked(house)
    house.standing, house.case = written_down(house.anna, house.boris), asked_of_vera(house)
    _, house.back, house.owed = three_by_bank(house, clock())
    house.refunded, house.refund, house.wish = some_refunds(house)
    everything_noticed(house)
    elena = Actor(house.elena.id)
    open_dossier(house.anna.id, from_day=None, to_day=None, reason="File 7", queue=False, actor=elena, at=clock())
    hold_data(house.anna.id, file_number="7", reason="File 7", actor=elena, at=clock())
    house.step = passport_of(house.anna, clock())
    identity_of(house)
    house.wallet, house.transfer, _ = something_about_wallets(house)
    house.asked = ask_from(house.elena, house.anna)
    house.earned = earned(house, house.boris, house.anna)
    house.by_hand, house.given = by_hand(house, house.anna), given_by_hand(house, house.anna)
    with_trust(house)
    move(house.anna, *brought(None, "Уна Ђорђевић"))
    something_planned(house)
    house.run, house.note = something_noted(house)
    known_device(house.anna)
    house.browser = one("SELECT max(id) FROM browser WHERE person_id = ?", house.anna.id)[0]
    house.paid, house.booking, house.question, house.token = (
        paid,
        booked.id,
        question,
        invite(house.boris, purpose="join", actor=HOUSE, at=clock()),
    )


def identity_of(house) -> None:
    """A step of Anna in every state: accepted, not accepted, and one that waits for a code."""
    anna, dragan = Actor(house.anna.id), Actor(house.dragan.id)
    accept_step(
        claim_address(house.anna.id, ("Hauptstraße 5", "80331", "München", "Deutschland"), actor=anna, at=clock()), actor=dragan, at=clock()
    )
    house.refused = claim_birth(house.anna.id, date(1980, 2, 29), actor=anna, at=clock())
    reject_step(house.refused, "Nicht lesbar", actor=dragan, at=clock())
    claim_email(house.anna.id, actor=anna, at=clock())


def with_trust(house):
    """A version of the trust levels, another one that waits, a level, an exception and one that waits."""
    dragan, month = Actor(house.dragan.id), Wish("purchase", "month", 500_00, 3, date(2026, 12, 24))
    change_set(DEFAULT[:4], "no business", base=0, sure=False, actor=HOUSE, at=NOON)
    change_set(DEFAULT, "after all", base=1, sure=False, actor=dragan, at=NOON)
    give_level(house.anna.id, 2, "seen", actor=HOUSE, at=NOON)
    give_level(house.anna.id, 3, "known", actor=dragan, at=NOON)
    give_exception(house.anna.id, month, "asked", actor=HOUSE, at=NOON)
    give_exception(house.anna.id, month._replace(most=50_000_00), "asked", actor=dragan, at=NOON)


OPEN = ("/sign-in", "/sign-in/help", "/freeze", "/sign-out", "/welcome/{token}", "/nix", "/wallet")
PARTNER = ("/commissions", "/commissions/runs/1", "/commissions/runs/1?after=1.0", "/commissions/runs/1/lines/{earned}/1", "/commissions/runs/1/lines/{earned}/2", "/wallet", "/wallet?chart=count", "/wallet/statement", "/wallet/statement?motive=purchase&since=2026-01-01&q=nix", "/wallet/statement?least=x", "/wallet/statement/{booking}", "/wallet/wallets/{wallet}", "/wallet/new", "/wallet/total", "/wallet/top-up", "/wallet/top-up?amount=x", "/wallet/top-up/slip", "/wallet/debt", "/wallet/pay-out", "/wallet/pay-outs", "/wallet/pay-outs/{payout}", "/wallet/pay-outs/rule", "/me/accounts", "/me/accounts/{payee}/cent", "/wallet/send", "/wallet/send?ask=1", "/wallet/send?to=x", "/wallet/receive", "/wallet/receive?amount=x", "/wallet/transfers", "/wallet/transfers/1", "/wallet/standing", "/wallet/standing/{standing}", "/wallet/standing/new", "/wallet/standing/new?to=x", "/wallet/transfers/{case}", "/wallet/transfers/{case}/asked-back", "/wallet/requests", "/wallet/requests/new", "/wallet/requests/1", "/wallet/requests/2", "/orders", "/orders?colour=yellow",
           "/orders?colour=green", "/orders?colour=blue", "/orders?q=maria", "/orders?q=nix", "/orders/new", "/orders/{red}", "/orders/{paid}", "/orders/{back}", "/orders/{owed}", "/orders/{refunded}", "/orders/{refunded}/refund", "/orders/refunds", "/orders/refunds/{refund}", "/orders/refunds/{refund}/receipt",
           "/orders/{red}/goods", "/orders/{red}/end", "/orders/{red}/payment", "/orders/{paid}/payment", "/orders/{paid}/receipt", "/orders/{paid}/receipt?sent=1", "/orders/{red}/slip", "/orders/{paid}/slip",
           "/orders/{red}/receipt", "/me/security", "/me/passkeys", "/me/sessions", "/me/browsers", "/me/browsers/{browser}/name", "/me/password", "/me/history", "/me/networks", "/me/notices", "/me/trust", "/me/sheet", "/me/app", "/me/level", "/me/phone", "/me/recovery", "/me/changes/practice", "/me/changes/recovery", "/me/changes/way", "/me/changes/unfreeze",
           "/me/changes/level?to=1", "/me/identity", "/me/identity/email", "/me/identity/mobile", "/me/identity/address", "/me/identity/birth", "/me/identity/document",
           "/me/identity/iban", "/me/identity/contract", "/commissions/provisions", "/commissions/notes", "/commissions/notes/{note}", "/me/tax", "/me/team", "/me/team/{anna}", "/more", "/sign-out", "/nix", "/freeze")  # fmt: skip
OFFICE = ("/office/commissions", "/office/commissions/runs/1", "/office/commissions/plans", "/office/commissions/plans/new", "/office/commissions/plans/new?view=document&from=1", "/office/commissions/plans/1", "/office/commissions/plans/2", "/office/commissions/trials/1", "/office/commissions/trials/2", "/office/commissions/points", "/office/commissions/settings", "/office/commissions/marks", "/office/partners/{anna}/commissions", "/office/commissions/runs/1/partners/{anna}", "/office/commissions/runs/1/partners/{anna}/lines/{earned}/1", "/office/partners/{anna}/wallets", "/office/partners/{anna}/wallets/{wallet}", "/office/partners/{anna}/wallets/{wallet}/plan", "/office/transfers", "/office/transfers/new?from={anna}",
          "/office/partners/{anna}/wallets", "/office/partners/{anna}/wallets/{wallet}", "/office/partners/{anna}/wallets/{wallet}/plan", "/office/transfers", "/office/transfers/new?from={anna}",
          "/office/transfers/asked/{asked}", "/office/transfers/{transfer}", "/office/wallet-kinds", "/office/wallet-kinds/new", "/office/wallet-kinds/main", "/office/transfer-rules",
          "/office/partners/{anna}/wallet?wallet={wallet}", "/office/partners/{anna}/wallet/top-up?wallet={wallet}",
          "/office/orders", "/office/orders?colour=red", "/office/orders?q=maria", "/office/orders/{red}", "/office/orders/{paid}", "/office/orders/{owed}", "/office/debts", "/office/debts/1", "/office/orders/{paid}/receipt",
          "/office/orders/{refunded}", "/office/orders/{refunded}/refund", "/office/refunds", "/office/refunds/{refund}", "/office/refunds/{refund}/receipt", "/office/refunds/wishes/{wish}",
          "/office/sending", "/office/partners", "/office/partners?q=anna", "/office/partners?q=nix", "/office/partners/new", "/office/partners/{anna}",
          "/office/partners/{anna}/details", "/office/partners/{anna}/history", "/office/partners/{anna}/networks", "/office/people/{clara}/networks", "/office/partners/{anna}/recovery", "/office/security", "/office/partners/{anna}/sheet", "/office/partners/{anna}/wallet", "/office/partners/{anna}/wallet?most=x", "/office/partners/{anna}/wallet?q=order", "/office/partners/{anna}/wallet/top-up",
          "/office/partners/{anna}/wallet/pay-out", "/office/partners/{anna}/wallet/bookings/{booking}", "/office/bank/statements", "/office/bank/statements/1", "/office/bank/statements/1/end",
          "/office/bank/statements?done=1.1.0.0", "/office/bank/uploads/2/booking", "/office/bank/unclear", "/office/bank/lines/1", "/office/bank/lines/1?q=anna", "/office/bank/accounts", "/office/bank/accounts/1", "/office/bank/accounts/1/columns", "/office/questions", "/office/questions/{question}", "/office/asked-back", "/office/asked-back/{case}", "/office/staff", "/office/staff/new", "/office/people/{clara}/rights", "/office/trail", "/office/trail?who=dragan", "/office/cases", "/office/cases?closed=1", "/office/cases/1",
          "/office/bank/reconciliation", "/office/partners/{anna}/accounts", "/office/rates", "/office/rates?new=2", "/office/rates/EUR/RSD",
          "/office/commissions/manual", "/office/commissions/manual/{by_hand}", "/office/commissions/manual/{by_hand}/partners/{anna}", "/office/commissions/manual/{given}", "/office/commissions/manual/{given}/partners/{anna}",
          "/office/trust", "/office/trust/versions/1", "/office/trust/levels/1", "/office/trust/levels/4", "/office/trust/removal", "/office/trust/proposals/1", "/office/trust/introduction",
          "/office/partners/{anna}/trust",
    "/office/payouts", "/office/payouts?q=nix", "/office/payouts/{payout}", "/office/payouts/files", "/office/payouts/files/new/1",
          "/office/identity", "/office/identity/{step}", "/office/identity/{refused}", "/office/partners/{anna}/identity",
          "/office/trail?about={anna}&what=wallet+frozen", "/office/trail?order={paid}&day=2026-11-20", "/office/trail?who=nix",
          "/office/tree", "/office/tree?q=anna", "/office/tree?q=nix", "/office/tree/{anna}", "/office/tree/{anna}/move",
          "/office/discovery?q=anna", "/office/discovery/partners/{anna}", "/office/discovery/dossiers/1", "/office/discovery/dossiers/1/parts/bookings", "/office/discovery/holds/1/end",
          "/office/commissions/runs/{run}/notes", "/office/commissions/notes/{note}", "/office/commissions/taxes", "/office/partners/{anna}/tax",
          "/more", "/nix")  # fmt: skip
MANAGED = (
    "/office/commissions/plans/new",
    "/office/wallet-kinds/new",
    "/office/tree/{anna}/move",
    "/office/trust/levels",
    "/office/trust/removal",
    "/office/trust/proposals",
    "/office/trust/introduction",
    "/office/discovery",
    "/office/cases",
    "/office/staff",
    "/office/people",
    "/office/trail",
    "/office/bank/accounts",
)
"""What only who manages may see."""
REFUSED = {
    "/nix": 404,
    "/office/trail?who=nix": 422,
    "/orders/{paid}/payment": 409,
    "/orders/{red}/receipt": 409,
    "/orders/{paid}/slip": 409,
    **dict.fromkeys(("/wallet/top-up?amount=x", "/wallet/send?to=x", "/wallet/standing/new?to=x", "/wallet/receive?amount=x"), 422),
    "/wallet/top-up?amount=x": 422,
    "/wallet/statement?least=x": 422,
    "/office/partners/{anna}/wallet?most=x": 422,
}


def path_of(world, path):
    return path.format(
        red=world.red.number,
        paid=world.paid.number,
        back=world.back.number,
        owed=world.owed.number,
        refunded=world.refunded.number,
        refund=world.refund,
        wish=world.wish,
        anna=world.anna.number,
        clara=world.clara.id,
        booking=world.booking,
        payout=world.payout,
        payee=world.payee,
        wallet=world.wallet,
        transfer=world.transfer,
        asked=world.asked,
        by_hand=world.by_hand,
        given=world.given,
        question=world.question,
        standing=world.standing,
        case=world.case,
        token=world.token,
        browser=world.browser,
        step=world.step,
        refused=world.refused,
        earned=world.earned,
        run=world.run,
        note=world.note,
    )


@pytest.mark.parametrize("language", READERS)
def test_every_page_opens_in_every_language(world, language):
    readers = [(Browser(language=language), OPEN), (reading(world.anna, language), PARTNER)]
    readers += [(reading(person, language), OFFICE) for person in (world.clara, world.dragan, world.elena)]
    readers[2][0].reads_only = True
    readers[2][0].manages_not = readers[3][0].manages_not = True
    for browser, paths in readers:
        for path in paths:
            answer = browser.get(path_of(world, path))
            expected = REFUSED.get(path, 401 if paths is OPEN and path == "/wallet" else 200)
            if browser.reads_only and path.endswith("/sheet"):
                expected = 403
            if browser.manages_not and path.startswith(MANAGED):
                expected = 403
            assert answer.status_code == expected, (path, answer.status_code)
            if "receipt" in path and expected == 200:
                continue  # a receipt is the customer's, so partly in his language; it has a test of its own
            whole(answer, language, path)


@pytest.mark.parametrize("language", READERS)
def test_every_refused_form_is_a_whole_page(world, language):
    anna, dragan, elena = (reading(person, language) for person in (world.anna, world.dragan, world.elena))
    for browser, paths in (
        (anna, ("/me/tax", "/orders/new", f"/orders/{world.red.number}/goods", f"/orders/{world.red.number}/payment", f"/wallet/statement/{world.booking}", "/me/sheet", "/me/networks", "/wallet/pay-out", "/wallet/pay-outs/rule", "/me/accounts", "/wallet/send", "/wallet/send/preview", "/wallet/send/confirmation", "/wallet/standing/new", f"/wallet/standing/preview?own={wallet(world.anna)}", f"/wallet/send/preview?own={wallet(world.anna)}", f"/wallet/standing/preview?to={code_of(world.boris.number)}", "/wallet/standing/confirmation", "/wallet/requests/new", "/wallet/requests/1/confirmation")),
        (elena, ("/office/commissions/taxes/rules", "/office/commissions/taxes/terms", f"/office/partners/{world.anna.number}/tax", "/office/commissions/plans/new", "/office/commissions/plans/1/force", "/office/commissions/plans/1/trials", "/office/commissions/plans/forces/1/agreement", "/office/commissions/plans/forces/1/end", "/office/commissions/points", "/office/commissions/settings", f"/office/partners/{world.boris.number}/commissions/stop", f"/office/partners/{world.anna.number}/commissions/stop/end", "/office/tree/settings/depth", f"/office/tree/{world.anna.number}/move", "/office/trust/levels/1", "/office/trust/file", "/office/trust/sets", "/office/trust/introduction/trial", "/office/trust/introduction", "/office/trust/proposals/99/approval", f"/office/partners/{world.anna.number}/trust/level", f"/office/partners/{world.anna.number}/trust/exceptions", f"/office/partners/{world.anna.number}/trust/exceptions/99/end", "/office/wallet-kinds/new", "/office/wallet-kinds/main", "/office/transfer-rules", "/office/cases", "/office/cases/1/notes", "/office/cases/1/closing", "/office/cases/1/closing/end", "/office/staff/new", "/office/bank/accounts", "/office/bank/accounts/1", "/office/bank/accounts/1/columns", f"/office/people/{world.clara.id}/networks")),
        (dragan, ("/office/partners/new", f"/office/partners/{world.anna.number}/details", "/office/bank/statements", "/office/bank/uploads/2/booking", "/office/bank/statements/1/end",
                  "/office/rates", "/office/rates/file", "/office/rates/import", f"/office/partners/{world.anna.number}/wallet/top-up", f"/office/questions/{world.question}", f"/office/asked-back/{world.case}",
                  f"/office/partners/{world.anna.number}/networks", f"/office/partners/{world.anna.number}/wallet/bookings/{world.booking}",
                  f"/office/partners/{world.anna.number}/wallets", f"/office/partners/{world.anna.number}/wallets/{world.wallet}/freeze",
                  f"/office/partners/{world.anna.number}/wallets/{world.wallet}/plan", "/office/transfers/new", f"/office/transfers/{world.transfer}/reversal",
                  "/office/commissions/manual", "/office/commissions/manual/file", f"/office/commissions/manual/{world.by_hand}/confirmation", f"/office/commissions/manual/{world.given}/partners/{world.anna.number}/reversal", f"/office/transfers/asked/{world.asked}/end", "/office/debts/1/end", f"/office/orders/{world.refunded.number}/refund",
                  f"/office/refunds/{world.refund}/return", f"/office/refunds/wishes/{world.wish}/end")),
        (Browser(language=language), ("/sign-in", "/sign-in/help", "/freeze", f"/welcome/{world.token}")),
    ):  # fmt: skip
        for path in paths:
            answer = browser.post(path, {})
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
            whole(answer, language, path)


@pytest.mark.parametrize("language", READERS)
def test_the_previews_and_the_letter_are_whole_pages(world, language):
    dragan = reading(world.dragan, language)
    slip = {"key": "0123456789ab", "amount": "7", "number": "B 9", "day": "2026-11-20", "payer": "Anna", "reason": "Cash"}
    for path, data in ((f"/office/partners/{world.anna.number}/wallet/top-up", slip), (f"/office/partners/{world.anna.number}/wallet/pay-out", slip),
                       (f"/office/people/{world.boris.id}/invitation", {}), (f"/office/tree/{world.boris.number}/move", {"since": "2099-01-01", "reason": "r"})):  # fmt: skip
        answer = (reading(world.elena, language) if "tree" in path else dragan).post(path, data)
        assert answer.status_code == 200
        whole(answer, language, path)


@pytest.mark.parametrize("language", [language for language in READERS if language != "en"])
def test_the_words_of_a_page_are_in_its_language(world, language):
    for sentence, path in (("Enter the order", "/orders/new"), ("Wallet", "/wallet"), ("Delivery address", "/orders/new")):
        said = catalog(language).gettext(sentence)
        assert said != sentence and said in reading(world.anna, language).get(path).text


@pytest.mark.parametrize("language", READERS)
def test_a_receipt_keeps_the_customers_language_inside_the_readers_page(world, language):
    answer = reading(world.anna, language).get(f"/orders/{world.paid.number}/receipt")
    assert f'<html lang="{language.replace("_", "-")}">' in answer.text and re.search(r'<\w+[^>]* lang="de"', answer.text)
    page = Reads()
    page.feed(answer.text)
    assert not page.wrong and not page.open


def test_a_piece_is_no_page(world):
    anna = Browser(world.anna)
    for path in ("/orders?colour=red", "/orders/{red}/payment", "/wallet/statement", "/nix"):
        answer = anna.get(path_of(world, path), headers=PIECE)
        assert "<!doctype" not in answer.text.lower() and "<html" not in answer.text, path
        page = Reads()
        page.feed(answer.text)
        assert not page.wrong and not page.open, path


@pytest.fixture
def asked(monkeypatch):
    """Every statement that reaches the database, as it is asked."""
    seen: list[str] = []
    real = type(database.obj).execute_sql

    def execute_sql(self, sql, params=None):
        seen.append(sql)
        return real(self, sql, params)

    monkeypatch.setattr(type(database.obj), "execute_sql", execute_sql)
    return seen


LISTS = [("dragan", "/office/commissions/manual"), ("dragan", "/office/commissions/manual/{manual}"), ("anna", "/commissions/provisions"), ("clara", "/office/commissions/taxes"), ("clara", "/office/partners/{anna}/tax"), ("anna", "/commissions/notes"), ("anna", "/me/tax"), ("clara", "/office/commissions"), ("clara", "/office/commissions/runs/{run}"), ("clara", "/office/commissions/plans"), ("elena", "/office/commissions/plans/1"), ("elena", "/office/commissions/plans/new"), ("clara", "/office/commissions/points"), ("anna", "/commissions"), ("anna", "/commissions/runs/{run}"), ("clara", "/office/partners/{anna}/commissions"), ("clara", "/office/commissions/runs/{run}/partners/{anna}"), ("clara", "/office/commissions/marks"), ("clara", "/office/transfers"), ("clara", "/office/wallet-kinds"), ("clara", "/office/transfer-rules"), ("clara", "/office/partners/{anna}/wallets"), ("anna", "/wallet/debt"), ("anna", "/orders?colour=red"), ("anna", "/orders?colour=green"), ("anna", "/orders?q=maria"), ("anna", "/orders/refunds"), ("clara", "/office/refunds"), ("anna", "/wallet"), ("anna", "/wallet/statement"), ("anna", "/wallet/statement?q=anna"), ("anna", "/wallet/pay-outs"), ("anna", "/wallet/transfers"), ("anna", "/wallet/standing"), ("anna", "/wallet/requests"), ("clara", "/office/asked-back"), ("anna", "/me/identity"), ("anna", "/me/identity/document"), ("clara", "/office/identity"), ("clara", "/office/partners/{anna}/accounts"),
         ("anna", "/orders/new"), ("clara", "/office/orders?colour=red"), ("clara", "/office/orders?colour=green"), ("clara", "/office/orders?q=maria"),
         ("clara", "/office/sending"), ("clara", "/office/partners"), ("clara", "/office/partners?q=partner"), ("clara", "/office/partners/{anna}"),
         ("clara", "/office/partners/{anna}/wallet"), ("clara", "/office/questions"), ("elena", "/office/staff"), ("clara", "/office/bank/statements"), ("clara", "/office/bank/unclear"),
         ("clara", "/office/bank/reconciliation"), ("clara", "/office/debts"), ("clara", "/office/rates"), ("clara", "/office/trust"), ("elena", "/office/trust/levels/1"), ("elena", "/office/trust/removal"), ("elena", "/office/partners/{anna}/trust"), ("clara", "/office/rates/EUR/RSD"),
    ("dragan", "/office/payouts"), ("dragan", "/office/payouts/files/new/1"),
         ("elena", "/office/cases"), ("elena", "/office/cases/1"), ("elena", "/office/trail"), ("elena", "/office/discovery?q=partner"), ("elena", "/office/discovery/partners/{anna}"), ("elena", "/office/trail?who=elena&what=person+made&day=2026-11-20"),
         ("anna", "/me/team"), ("clara", "/office/tree/{anna}"), ("clara", "/office/tree?q=partner")]  # fmt: skip
MOST = 20
"""Statements of any page, session and settings included."""


def test_no_page_asks_more_the_more_there_is(house, asked):
    earned(house, house.boris, house.anna)
    given_by_hand(house, house.anna)
    few = fill(house, 3) or count(house, asked)
    many = fill(house, 30) or count(house, asked)
    assert {path: n for path, n in many.items() if n > few[path]} == {}
    assert {path: n for path, n in many.items() if n > MOST} == {}


def fill(house, n) -> None:
    """So many more of everything that is listed."""
    start = Browser(house.elena)
    for _ in range(n):
        key = clock().isoformat()
        order = red_order(house)
        boris = Person.get_by_id(house.boris.id)
        claim_birth(
            boris.id, date(1950, 1, 1) + timedelta(days=one("SELECT count(*) FROM identity_step")[0]), actor=Actor(boris.id), at=clock()
        )
        red_order(house, customer=f"Maria {key[-6:]}")
        booked = top_up(
            house.anna.id, eur(5_00), Slip(key, date(2026, 11, 20), "Anna", "Cash"), authorisation=ByStaff(Actor(house.dragan.id)), at=NOON
        )
        ask_office(house.anna.id, booked.id, "What is this?", at=NOON)
        some_refunds(house)
        set_rate("EUR", "RSD", clock().microsecond + 1, valid_from=date(2026, 11, 20), actor=Actor(house.dragan.id), at=NOON)
        raise_flag(house.anna.id, "M5", key, {"count": 8, "people": [house.boris.id], "bookings": [booked.id]}, at=NOON)
        ask_again(house, known(house, key))
        kept(RICH | {"name": key}, key)
        by_hand(house, house.anna, key)
        run("UPDATE orders SET paid_at = made_at, final_at = made_at WHERE id = ?", order.id)
        data = {"key": "0123456789ab", "language": "de", "zone": "Europe/Berlin"}
        assert start.post("/office/partners/new", data | {"name": f"Partner {key[-6:]}", "sponsor": house.anna.number}).status_code == 303
        assert (
            start.post(
                "/office/staff/new", data | {"name": f"Staff {key[-6:]}", "username": f"staff{key[-13:-6]}", "may_read": "y"}
            ).status_code
            == 303
        )


def count(house, asked) -> dict[str, int]:
    """How many statements each page asks, the second time it is looked at."""
    found = {}
    keys = {
        "run": one("SELECT min(id) FROM commission_run WHERE kind <> 'manual'")[0],
        "manual": one("SELECT min(id) FROM commission_run WHERE kind = 'manual'")[0],
    }
    for who, path in LISTS:
        browser = Browser(getattr(house, who))
        for _ in range(2):
            asked.clear()
            answer = browser.get(path.format(anna=house.anna.number, **keys))
            assert answer.status_code == 200
        found[path] = len(asked)
    return found


def test_who_has_no_wallet_sees_the_office_around_every_page(world):
    dragan = Browser(world.dragan)
    for path in ("/me/security", "/more", "/freeze", "/wallet", "/nix"):
        assert 'href="/wallet"' not in dragan.get(path).text, path


@pytest.mark.parametrize(("who", "path"), [*(("anna", path) for path in PARTNER), *(("elena", path) for path in OFFICE)])
def test_a_form_sent_as_it_stands_is_done_or_says_what_is_missing(world, who, path):
    browser = Browser(getattr(world, who))
    for address, fields in forms(browser.get(path_of(world, path))):
        answer = browser.client.post(address, data=fields)
        said = 'class="wrong"' in answer.text
        assert answer.status_code in (200, 303) or (answer.status_code in (409, 422) and said), (address, answer.status_code)


def test_what_was_typed_last_is_what_an_order_is_about(world):
    anna, path = Browser(world.anna), f"/orders/{world.red.number}/goods"
    ((_, fields),) = forms(anna.get(path))
    tea, balm = f"q-{world.tea.id}", f"q-{world.balm.id}"
    assert fields[tea] == "1" and fields[balm] == ""

    answer = anna.client.post(path, data={**fields, tea: "", balm: "3", "city": "Split"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/orders/{world.red.number}")
    assert one("SELECT total, city FROM orders WHERE id = ?", world.red.id) == (37_50, "Split")


@pytest.mark.parametrize("path", ["/orders/{paid}/goods", "/orders/{paid}/end", "/orders/{paid}/payment"])
def test_what_cannot_be_done_any_more_is_not_offered(world, path):
    answer = Browser(world.anna).get(path_of(world, path))
    assert answer.status_code == 409 and not forms(answer)
