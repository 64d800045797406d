"""Catalogs are judged as GNU gettext judges them, and a little more strictly."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hypermedia.po_variants import HEADER, VARIANTS
from vps.hypermedia.catalog_check import Problem, check, passes
from vps.hypermedia.po_plurals import parse

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "gettext"
MSGFMT = shutil.which("msgfmt")

needs_msgfmt = pytest.mark.skipif(MSGFMT is None, reason="GNU gettext (msgfmt) is not installed, so there is nothing to compare with")


def written(folder: Path, data: bytes, name: str = "messages.po") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def is_refused(path: Path) -> bool:
    return not passes(check(path))


def is_refused_by_msgfmt(path: Path) -> bool:
    assert MSGFMT
    return subprocess.run([MSGFMT, "-c", "-o", "/dev/null", str(path)], capture_output=True).returncode != 0


@pytest.mark.parametrize("name", VARIANTS)
def test_a_catalog_is_refused_exactly_when_gettext_refuses_it(tmp_path: Path, name: str) -> None:
    refused, data = VARIANTS[name]
    assert is_refused(written(tmp_path, data)) is refused


@needs_msgfmt
def test_the_installed_msgfmt_agrees_on_every_variant(tmp_path: Path) -> None:
    paths = {name: written(tmp_path, data, f"{number}.po") for number, (name, (_, data)) in enumerate(VARIANTS.items())}
    assert {name: is_refused(path) for name, path in paths.items()} == {name: is_refused_by_msgfmt(path) for name, path in paths.items()}


@needs_msgfmt
@pytest.mark.parametrize("seed", range(60))
def test_the_installed_msgfmt_agrees_on_damaged_catalogs(tmp_path: Path, seed: int) -> None:
    path = written(tmp_path, damaged(random.Random(seed)))
    assert is_refused(path) is is_refused_by_msgfmt(path), path.read_bytes()


def damaged(dice: random.Random) -> bytes:
    lines = (HEADER + WHOLE).split(b"\n")
    at = dice.randrange(len(lines))
    match dice.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(dice.randrange(len(lines)), lines[at])
        case 2:
            cut = dice.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + dice.choice([b'"', b"\\", b"#", b"%", b"\xff", b"[", b"\x00", b"#~ "]) + lines[at][cut:]
        case _:
            lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
    return b"\n".join(lines)


WHOLE = b"""\
#. a comment
#: vps/orders/actions.py
#, python-format
#| msgid "%(n)d old order"
msgctxt "list"
msgid "%(n)d order"
msgid_plural "%(n)d orders"
msgstr[0] "%(n)d Bestellung"
msgstr[1] "%(n)d Bestellungen"

#, c-format
msgid "%d of %s"
msgstr "%2$s: "
"%1$d"

#, fuzzy
msgid "fuzzy\\n"
msgstr "unscharf"

#~ msgid "gone"
#~ msgstr "weg"
"""


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not part of this checkout")
def test_the_samples_are_judged_as_gettext_judged_them() -> None:
    expected = {path: json.loads(path.read_text("utf-8"))["gnu_msgfmt_c_exit"] for path in SAMPLES.glob("expected/*.json")}
    assert expected
    assert {path: int(is_refused(SAMPLES / path.name.removesuffix(".json"))) for path in expected} == expected


def test_a_problem_names_its_line_and_its_facts(tmp_path: Path) -> None:
    [problem] = check(written(tmp_path, HEADER + b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n'))
    assert problem == Problem(9, "This message was already translated in line %(first)s.", {"first": 6})
    assert str(problem) == "This message was already translated in line 6."


def test_every_broken_message_is_named_not_only_the_first(tmp_path: Path) -> None:
    problems = check(written(tmp_path, HEADER + b'msgid "a"\n\nmsgid "b"\nmsgstr "\\q"\n\nmsgid "c"\nmsgstr[x] "d"\n'))
    assert [problem.line for problem in problems] == [6, 9, 12, 12]


@pytest.mark.parametrize(
    ("formula", "answers"),
    [
        ("n != 1", [1, 0, 1]),
        ("n==1 ? 0 : n==2 ? 1 : 2;", [2, 0, 1]),
        ("!n == 1", [1, 0, 0]),
        ("n > 1 && n % 2 || !n", [1, 0, 0]),
        ("2 + n * 3 - 1", [1, 4, 7]),
        ("(n - 1) / 18446744073709551615", [1, 0, 0]),
    ],
)
def test_a_plural_formula_is_computed_as_in_c(formula: str, answers: list[int]) -> None:
    parsed = parse(formula)
    assert parsed
    assert [parsed(n) for n in range(3)] == answers


RULES: dict[str, tuple[str, str]] = {
    "placeholder without a flag": ("Pay %(amount)s", "Zahlen Sie %(betrag)s"),
    "placeholder left out": ("Pay %(amount)s", "Zahlen"),
    "placeholder without a name": ("Pay %s", "Zahlen Sie %s"),
    "braces": ("Pay {amount}", "Zahlen Sie {betrag}"),
    "tag": ("<b>Pay</b> now", "<b>Zahlen"),
    "tag attribute": ("<a href='x'>Pay</a>", "<a href='y'>Zahlen</a>"),
    "space at the end": ("Pay ", "Zahlen"),
    "space at the begin": ("Pay", " Zahlen"),
    "full stop": ("Pay the order.", "Bezahlen Sie die Bestellung"),
    "question mark": ("Pay?", "Zahlen"),
    "colon": ("Pay", "Zahlen:"),
    "not translated": ("Pay", ""),
    "Cyrillic in German": ("Pay", "Zаhlen"),
    "Cyrillic word in German": ("Pay", "Заплати"),
}


def test_a_good_translation_breaks_no_rule(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, 'msgid "<b>Pay</b> %(amount)s now?"\nmsgstr "<b>%(amount)s</b> jetzt zahlen?"\n') == []
    assert rules_broken(tmp_path, 'msgid "Pay %(amount)s in <b>Mon</b>."\nmsgstr "Am <b>Mo.</b> %(amount)s zahlen."\n') == []
    assert rules_broken(tmp_path, 'msgid "Mon"\nmsgstr "Mo."\n') == []
    assert rules_broken(tmp_path, 'msgid "Русский"\nmsgstr "Русский"\n') == []
    assert rules_broken(tmp_path, 'msgid "100 % sure"\nmsgstr "100 % sicher"\n') == []


@pytest.mark.parametrize("name", RULES)
def test_our_rules_warn_about_any_catalog_and_stop_our_own(tmp_path: Path, name: str) -> None:
    source, said = RULES[name]
    path = written(tmp_path, HEADER + f'msgid "{source}"\nmsgstr "{said}"\n'.encode())
    path.write_bytes(path.read_bytes().replace(b'msgstr ""\n', b'msgstr ""\n"Language: de\\n"\n', 1))
    assert {problem.severity for problem in check(path)} == {"warning"}
    assert {problem.severity for problem in check(path, strict=True)} == {"error"}


@pytest.mark.parametrize("said", ["Оплaтить", "с TАN", "оплата c картой"])
def test_latin_letters_that_look_cyrillic_are_found(tmp_path: Path, said: str) -> None:
    assert rules_broken(tmp_path, f'msgid "Pay"\nmsgstr "{said}"\n', "ru")


@pytest.mark.parametrize("said", ["TAN-код", "Оплата по SMS", "с %(name)s"])
def test_latin_words_in_cyrillic_text_are_no_fault(tmp_path: Path, said: str) -> None:
    assert rules_broken(tmp_path, f'msgid "{"%(name)s" if "%" in said else "Pay"}"\nmsgstr "{said}"\n', "ru") == []


def test_a_form_for_one_number_only_need_not_name_it(tmp_path: Path) -> None:
    plural = 'msgid "One order"\nmsgid_plural "%(num)s orders"\n'
    assert rules_broken(tmp_path, plural + 'msgstr[0] "Eine Bestellung"\nmsgstr[1] "%(num)s Bestellungen"\n') == []
    assert rules_broken(tmp_path, plural + 'msgstr[0] "Eine Bestellung"\nmsgstr[1] "Bestellungen"\n') != []


def test_the_catalog_says_what_the_template_says_no_more_and_no_less(tmp_path: Path) -> None:
    template = written(tmp_path, HEADER + b'msgid "Pay"\nmsgstr ""\n\nmsgctxt "x"\nmsgid "Order"\nmsgstr ""\n', "messages.pot")
    path = written(tmp_path, HEADER + b'msgid "Pay"\nmsgstr "Zahlen"\n\nmsgid "Order"\nmsgstr "Bestellung"\n')
    assert [str(problem) for problem in check(path, template)] == [
        "The message “Order” is missing.",
        "The message “Order” is not in the template.",
    ]
    assert not passes(check(path, template))
    path.write_bytes(path.read_bytes().replace(b'msgid "Order"', b'msgctxt "x"\nmsgid "Order"'))
    assert check(path, template) == []


def test_a_fuzzy_translation_is_not_finished(tmp_path: Path) -> None:
    assert rules_broken(tmp_path, '#, fuzzy\nmsgid "Pay"\nmsgstr "Zahlen"\n') == ["This translation is fuzzy: somebody has to confirm it."]


def rules_broken(folder: Path, body: str, language: str = "de") -> list[str]:
    header = HEADER.replace(b'msgstr ""\n', b'msgstr ""\n"Language: ' + language.encode() + b'\\n"\n')
    return [str(problem) for problem in check(written(folder, header + body.encode()))]
