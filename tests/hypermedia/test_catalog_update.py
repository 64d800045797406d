"""The template says what the source says, and the catalogs follow it."""

from pathlib import Path

import polib
import pytest

from vps.hypermedia.catalog_check import check, passes
from vps.hypermedia.catalog_update import extract, update
from vps.hypermedia.catalogs import LANGUAGES

ROOT = Path(__file__).parents[2]


def test_the_template_is_what_the_source_says() -> None:
    template = ROOT / "translations" / "messages.pot"
    assert template.exists() and template.read_text("utf-8") == str(extract(ROOT)).rstrip("\n") + "\n", "run: vps i18n update"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_rule_is_broken(language: str) -> None:
    template = ROOT / "translations" / "messages.pot"
    assert [
        f"{problem.line}: {problem}" for problem in check(ROOT / "translations" / language / "LC_MESSAGES" / "messages.po", template)
    ] == []


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project with a module and two pages."""
    for folder in ("vps/orders", "templates/orders", "translations", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "translations/babel.toml").write_bytes((ROOT / "translations/babel.toml").read_bytes())
    (tmp_path / "vps/orders/actions.py").write_text('says = N_("Order %(number)s is paid.")\nlabel = _l("Pay")\n', "utf-8")
    (tmp_path / "docs/example.py").write_text('_("not ours")\n', "utf-8")
    (tmp_path / "templates/orders/_row.html").write_text(
        "<p>{{ _('Pay') }} {{ pgettext('sorting', 'Order') }}</p>\n{# Translators: a button #}\n{{ _('Send') }}"
        "{% trans num=3 %}\n  One order\n{% pluralize %}\n  {{ num }} orders\n{% endtrans %}",
        "utf-8",
    )
    (tmp_path / "templates/mail.txt").write_text("{{ ngettext('%(num)s day', '%(num)s days', 2) }}", "utf-8")
    return tmp_path


def test_python_pages_and_mails_are_read_and_nothing_else(source: Path) -> None:
    template = extract(source)
    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in template] == [
        (None, "%(num)s day", "%(num)s days"),
        (None, "One order", "%(num)s orders"),
        ("sorting", "Order", ""),
        (None, "Order %(number)s is paid.", ""),
        (None, "Pay", ""),
        (None, "Send", ""),
    ]


def test_an_entry_names_its_files_its_comments_and_its_placeholders(source: Path) -> None:
    template = extract(source)
    pay, send, paid = (template.find(msgid) for msgid in ("Pay", "Send", "Order %(number)s is paid."))
    assert pay and send and paid
    assert pay.occurrences == [("templates/orders/_row.html", ""), ("vps/orders/actions.py", "")]
    assert send.comment == "a button"
    assert (pay.flags, paid.flags) == ([], ["python-format"])


def test_update_keeps_what_is_translated_and_drops_what_is_gone(source: Path) -> None:
    folder = source / "translations"
    assert update(source, folder) == dict.fromkeys(LANGUAGES, 6)
    path = folder / "de/LC_MESSAGES/messages.po"
    german = polib.pofile(str(path))
    for entry, said in zip(german, ("", "", "Reihenfolge", "Bezahlt: %(number)s.", "Zahlen", "Senden"), strict=True):
        entry.msgstr = said
    german.save()
    (source / "vps/orders/actions.py").write_text('says = N_("Order %(number)s is paid!")\nlabel = _l("Pay")\n', "utf-8")
    assert update(source, folder)["de"] == 3
    assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.msgid_plural} == {
        "Order": "Reihenfolge",
        "Order %(number)s is paid!": "",
        "Pay": "Zahlen",
        "Send": "Senden",
    }


def test_a_changed_plural_keeps_its_translation_for_somebody_to_look_at(source: Path) -> None:
    folder = source / "translations"
    update(source, folder)
    path = folder / "ru/LC_MESSAGES/messages.po"
    path.write_text(
        path.read_text("utf-8").replace('msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""', 'msgstr[0] "а"\nmsgstr[1] "б"\nmsgstr[2] "в"', 1),
        "utf-8",
    )
    mail = source / "templates/mail.txt"
    mail.write_text(mail.read_text("utf-8").replace("%(num)s days", "%(num)s whole days"), "utf-8")
    update(source, folder)
    changed = polib.pofile(str(path)).find("%(num)s day")
    assert changed and changed.fuzzy and changed.msgstr_plural == {0: "а", 1: "б", 2: "в"}


def test_a_second_update_changes_nothing_and_gettext_accepts_every_file(source: Path) -> None:
    folder = source / "translations"
    update(source, folder)
    first = {path: path.read_bytes() for path in folder.rglob("*.po*")}
    update(source, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.po*")} == first
    assert len(first) == 5
    assert all(passes(check(path)) for path in first)
