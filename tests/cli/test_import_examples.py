"""docs/import.md shows a file of each kind: they are imported here as they stand there."""

from pathlib import Path

from tests.cli.typed import everything

PAGE = Path(__file__).parents[2] / "docs" / "import.md"


def examples() -> dict[str, str]:
    sections = PAGE.read_text().split("\n## ")[1:]
    return {section.partition("\n")[0].lower(): section.split("```\n")[1] for section in sections}


def test_the_examples_are_imported_and_the_books_prove_themselves(vps):
    told = [vps.imported(kind, text) for kind, text in examples().items()]

    assert list(examples()) == ["products", "partners", "tree", "orders", "balances"]
    assert [result.exit_code for result in told] == [0] * 5, [result.output for result in told]
    before = everything()
    assert all("New: 0\nChanged: 0\n" in vps.imported(kind, text).output for kind, text in examples().items())
    assert everything() == before
    assert vps("audit").exit_code == 0
