"""The reader's language, straight from the .po files."""

import logging
import threading
from pathlib import Path

import pytest

from vps.hypermedia import catalogs
from vps.hypermedia.catalogs import Catalogs, latin

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""

ORDERS = """\
msgid "%(num)s order"
msgid_plural "%(num)s orders"
msgstr[0] "%(num)s заказ"
msgstr[1] "%(num)s заказа"
msgstr[2] "%(num)s заказов"

"""


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class House:
    """A folder of catalogs with its own clock; `write` is what a translator does."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.catalogs = Catalogs(folder, clock=self.clock)

    def write(self, language: str, body: str, header: str = HEADER) -> None:
        path = self.catalogs.path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + body, "utf-8")

    def says(self, language: str, msgid: str) -> str:
        return self.catalogs.get(language).gettext(msgid)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def entry(msgid: str, msgstr: str, before: str = "") -> str:
    return f'{before}msgid "{msgid}"\nmsgstr "{msgstr}"\n\n'


def test_a_sentence_is_said_in_the_readers_language(house: House) -> None:
    house.write("de", entry("Pay now", "Jetzt bezahlen"))
    assert house.says("de", "Pay now") == "Jetzt bezahlen"


@pytest.mark.parametrize("language", ["en", "fr", "../de", ""])
def test_english_and_unknown_languages_say_the_source_text(house: House, language: str) -> None:
    house.write("de", entry("Pay now", "Jetzt bezahlen"))
    assert house.says(language, "Pay now") == "Pay now"
    assert house.catalogs.get(language).ngettext("%(num)s order", "%(num)s orders", 2) == "%(num)s orders"


def test_empty_fuzzy_and_dropped_translations_are_said_in_english(house: House) -> None:
    house.write("de", entry("Empty", "") + entry("Fuzzy", "Unscharf", "#, fuzzy\n") + '#~ msgid "Gone"\n#~ msgstr "Weg"\n')
    assert [house.says("de", word) for word in ("Empty", "Fuzzy", "Gone", "")] == ["Empty", "Fuzzy", "Gone", ""]


@pytest.mark.parametrize(
    ("n", "said"), [(1, "заказ"), (2, "заказа"), (5, "заказов"), (11, "заказов"), (21, "заказ"), (1_000_002, "заказа")]
)
def test_each_number_takes_its_form(house: House, n: int, said: str) -> None:
    house.write("ru", ORDERS)
    russian = house.catalogs.get("ru")
    assert russian.ngettext("%(num)s order", "%(num)s orders", n) == f"%(num)s {said}"


def test_a_plural_that_misses_a_form_is_said_in_english(house: House) -> None:
    house.write("ru", ORDERS.replace("%(num)s заказов", ""))
    russian = house.catalogs.get("ru")
    assert russian.ngettext("%(num)s order", "%(num)s orders", 5) == "%(num)s orders"
    assert russian.ngettext("%(num)s order", "%(num)s orders", 1) == "%(num)s order"


def test_the_same_word_may_mean_two_things(house: House) -> None:
    house.write("de", entry("Order", "Bestellung") + entry("Order", "Reihenfolge", 'msgctxt "sorting"\n'))
    german = house.catalogs.get("de")
    assert (german.gettext("Order"), german.pgettext("sorting", "Order"), german.pgettext("else", "Order")) == (
        "Bestellung",
        "Reihenfolge",
        "Order",
    )


def test_an_edit_is_seen_without_a_restart_after_a_second_at_most(house: House) -> None:
    house.write("de", entry("Pay now", "Zahlen"))
    assert house.says("de", "Pay now") == "Zahlen"
    house.write("de", entry("Pay now", "Jetzt bezahlen"))
    assert house.says("de", "Pay now") == "Zahlen"
    house.clock.now += 1.0
    assert house.says("de", "Pay now") == "Jetzt bezahlen"


def test_an_unchanged_file_is_not_read_again(house: House) -> None:
    house.write("de", entry("Pay now", "Zahlen"))
    first = house.catalogs.get("de")
    house.clock.now += 60
    assert house.catalogs.get("de") is first


@pytest.mark.parametrize(
    "broken",
    [
        entry("Pay now", 'Jetzt"'),
        'msgid "Pay now"\nmsgstr "Jetzt',
        entry("Pay %(amount)s", "%(betrag)s", "#, python-format\n"),
        entry("Pay now", "a") + entry("Pay now", "b"),
        ORDERS.replace('msgstr[2] "%(num)s заказов"\n', ""),
    ],
)
def test_a_catalog_that_does_not_load_keeps_the_last_good_one(house: House, caplog: pytest.LogCaptureFixture, broken: str) -> None:
    house.write("de", entry("Pay now", "Zahlen"))
    assert house.says("de", "Pay now") == "Zahlen"
    house.write("de", broken)
    house.clock.now += 2
    with caplog.at_level(logging.ERROR):
        assert house.says("de", "Pay now") == "Zahlen"
    assert "messages.po, line" in caplog.text
    house.write("de", entry("Pay now", "Jetzt bezahlen"))
    house.clock.now += 2
    assert house.says("de", "Pay now") == "Jetzt bezahlen"


def test_a_catalog_that_is_half_written_or_gone_keeps_the_last_good_one(house: House) -> None:
    house.write("de", entry("Pay now", "Zahlen"))
    assert house.says("de", "Pay now") == "Zahlen"
    house.write("de", "", header="")
    house.clock.now += 2
    assert house.says("de", "Pay now") == "Zahlen"
    house.catalogs.path("de").unlink()
    house.clock.now += 2
    assert house.says("de", "Pay now") == "Zahlen"


def test_at_a_start_a_damaged_catalog_says_what_it_can(house: House) -> None:
    house.write("de", entry("Pay now", "Zahlen") + entry("Pay %(amount)s", "%(betrag)s", "#, python-format\n"))
    assert [house.says("de", text) for text in ("Pay now", "Pay %(amount)s")] == ["Zahlen", "Pay %(amount)s"]


def test_at_a_start_an_unreadable_catalog_says_english(house: House) -> None:
    house.write("de", 'msgid "Pay now"\nmsgstr')
    assert house.says("de", "Pay now") == "Pay now"


def test_serbian_in_latin_is_derived_and_follows_its_source(house: House) -> None:
    house.write("sr", entry("Pay now", "Плати одмах") + entry("Order", "Поруџбина", 'msgctxt "a"\n') + ORDERS + entry("New", ""))
    serbian = house.catalogs.get("sr_Latn")
    assert serbian.gettext("Pay now") == "Plati odmah"
    assert serbian.pgettext("a", "Order") == "Porudžbina"
    assert serbian.ngettext("%(num)s order", "%(num)s orders", 5) == "%(num)s zakazov"
    assert serbian.gettext("New") == "New"
    assert house.catalogs.get("sr_Latn") is serbian
    house.write("sr", entry("Pay now", "Његош"))
    house.clock.now += 2
    assert house.says("sr_Latn", "Pay now") == "Njegoš"


@pytest.mark.parametrize(
    ("cyrillic", "expected"),
    [
        ("ЊЕГОШ", "NJEGOŠ"),
        ("Његош", "Njegoš"),
        ("КОЊ.", "KONJ."),
        ("ЉУБАВ и Џ", "LJUBAV i Dž"),
        ("ПОЛАЗИШТЕ ЏУНГЛЕ", "POLAZIŠTE DŽUNGLE"),
        ("Инјекција, надживети", "Injekcija, nadživeti"),
        ("%(износ)s <b>чаша</b> &nbsp; {ње}", "%(износ)s <b>čaša</b> &nbsp; {ње}"),
        ('<a href="https://пример.срб/њ">ће</a> https://пример.срб', '<a href="https://пример.срб/њ">će</a> https://пример.срб'),
        ("100 % њих, %(num)s њихова", "100 % njih, %(num)s njihova"),
    ],
)
def test_letters_change_and_nothing_else(cyrillic: str, expected: str) -> None:
    assert latin(cyrillic) == expected


def test_many_readers_at_once_get_whole_catalogs(house: House) -> None:
    house.write("de", entry("a", "1") + entry("b", "1"))
    assert house.says("de", "a") == "1"
    seen: set[tuple[str, str]] = set()

    def read() -> None:
        for _ in range(200):
            german = house.catalogs.get("de")
            seen.add((german.gettext("a"), german.gettext("b")))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(2, 6):
        house.write("de", entry("a", str(number)) + entry("b", str(number)))
        house.clock.now += 2
    for reader in readers:
        reader.join()
    assert ("a", "b") not in seen
    assert all(a == b for a, b in seen)


def test_the_folder_in_use_is_the_one_that_was_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "_default", catalogs._default)
    house.write("de", entry("Pay now", "Zahlen"))
    catalogs.use(house.catalogs.folder)
    assert catalogs.catalog("de").gettext("Pay now") == "Zahlen"


def test_a_number_with_a_context_speaks_english_without_a_translation() -> None:
    from vps.hypermedia.catalogs import Catalog

    catalog = Catalog("de")
    assert [catalog.npgettext("bank", "%(n)s line", "%(n)s lines", n) for n in (1, 2)] == ["%(n)s line", "%(n)s lines"]
