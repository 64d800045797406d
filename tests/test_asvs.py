"""The page about ASVS is written from one file, and neither leaves out a requirement nor names a test that is not there."""

import shutil
from pathlib import Path

import pytest

from tests import asvs

ROOT = Path(__file__).parents[1]


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small repository: one requirement a level, one test file, one document."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(
        "class TestIt:\n    def test_inside(self): ...\n\ndef test_outside(x): ...\n\ndef helper(): ...\n"
    )
    (tmp_path / "docs" / "it.md").write_text("# It\n\n## What is typed\n")
    monkeypatch.setattr(asvs, "LISTS", {1: "1.2.{1-2}", 2: "2.1.{3,5}"})
    good(tmp_path)
    return tmp_path


def good(root, **changed):
    answers = {
        "1.2.1": 'tests = ["test_it.py::test_outside", "test_it.py::test_inside"]',
        "1.2.2": 'document = "docs/it.md#what-is-typed"',
        "2.1.3": 'gap = "It is not built yet."',
        "2.1.5": 'na = "There is no such thing."',
    } | changed
    level = {one: [f'"{id}" = {{ asks = "Something.", {text} }}' for id, text in answers.items() if text and id[0] == one] for one in "12"}
    (root / "tests" / "asvs.toml").write_text("\n".join(["[L1]", *level["1"], "[L2]", *level["2"]]))


def test_ids_are_written_short():
    assert asvs.expand("1.2.{1-3,5} 2.1.1") == ["1.2.1", "1.2.2", "1.2.3", "1.2.5", "2.1.1"]


def test_the_lists_hold_each_requirement_once():
    both = [id for text in asvs.LISTS.values() for id in asvs.expand(text)]
    assert len(both) == len(set(both)) > 190


def test_the_page_is_written_and_then_up_to_date(house, capsys):
    assert asvs.main([], house) == 0
    assert asvs.main(["--check"], house) == 0
    page = (house / "docs" / "asvs.md").read_text()
    assert "| 1.2.1 | 1 | Something. | holds | `test_it.py::test_outside`<br>`test_it.py::test_inside` |" in page
    assert "| 2.1.3 | 2 | Something. | gap | **Missing:** It is not built yet. |" in page
    assert "| holds | 2 | 0 |" in page and "| gap | 0 | 1 |" in page and "| does not apply | 0 | 1 |" in page


@pytest.mark.parametrize(
    ("id", "answer", "said"),
    [
        ("1.2.1", 'tests = ["test_it.py::test_nowhere"]', "there is no test test_it.py::test_nowhere"),
        ("1.2.1", 'tests = ["test_it.py::helper"]', "there is no test test_it.py::helper"),
        ("1.2.1", 'tests = ["test_other.py::test_outside"]', "there is no test test_other.py::test_outside"),
        ("1.2.2", 'document = "docs/it.md#elsewhere"', "there is no docs/it.md#elsewhere"),
        ("1.2.2", 'document = "docs/nothing.md"', "there is no docs/nothing.md"),
        ("1.2.2", "tests = []", "no answer"),
        ("1.2.2", "", "not answered"),
        ("1.2.2", 'text = "x"', "nothing is called text"),
        ("2.1.3", 'gap = "later"', "“later” is no sentence"),
        ("2.1.4", 'gap = "It is not built yet."', "not of level 2, or not one that applies"),
    ],
)
def test_what_is_not_true_is_named_and_writes_nothing(house, capsys, id, answer, said):
    good(house, **{id: answer})
    for arguments in ([], ["--check"]):
        assert asvs.main(arguments, house) == 1
        assert f"{id}: {said}" in capsys.readouterr().out
    assert not (house / "docs" / "asvs.md").exists()


def test_a_stale_page_is_named_by_its_first_stale_line(house, capsys):
    asvs.main([], house)
    page = house / "docs" / "asvs.md"
    lines = page.read_text().splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("| 2.1.3"))
    page.write_text("".join(line.replace("| gap | **", "| holds | **") for line in lines))

    assert asvs.main(["--check"], house) == 1
    assert f"docs/asvs.md:{number}: stale" in capsys.readouterr().out
    page.write_text("".join(lines[:-1]))
    assert asvs.main(["--check"], house) == 1
    assert f"docs/asvs.md:{len(lines)}: stale" in capsys.readouterr().out


def test_a_requirement_that_lost_its_test_is_noticed_here(tmp_path, capsys):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__", "data"))
    assert asvs.main(["--check"], tmp_path) == 0, capsys.readouterr().out
    (tmp_path / "tests" / "web" / "test_headers.py").unlink()
    asvs.tests_of.cache_clear()
    assert asvs.main(["--check"], tmp_path) == 1
    assert "there is no test web/test_headers.py" in capsys.readouterr().out
