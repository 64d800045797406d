"""CSV as spreadsheets write it, and everything that is not."""

import pytest

from vps.kernel.cells import maybe, needed
from vps.kernel.csvfile import (
    CellTooLong,
    ColumnsMissing,
    ColumnTwice,
    NoHeader,
    NotCsv,
    NotUtf8,
    Outcome,
    TooLargeFile,
    UnknownColumn,
    WrongCount,
    WrongLines,
    ZeroBytes,
    all_or_nothing,
    read_table,
)
from vps.kernel.database import Again, one, run
from vps.kernel.text import clean_name


def cells(content: bytes) -> list[dict[str, str]]:
    table = read_table(content, required=("name",), optional=("note",))
    assert not table.mistakes
    return [line.cells for line in table.lines]


@pytest.mark.parametrize(
    "content",
    [
        b"name,note\nAnna,x\n",
        b"name;note\nAnna;x\n",
        b"\xef\xbb\xbfname;note\r\nAnna;x\r\n",
        b"note,name\nx,Anna",
        b" Name , NOTE \n Anna , x \n",
        b'"name","note"\n"Anna","x"\n',
        b"\n\nname,note\n\nAnna,x\n,\n \n",
        b"name,note\rAnna,x\r",
    ],
)
def test_a_table_is_read_however_a_spreadsheet_wrote_it(content):
    assert cells(content) == [{"name": "Anna", "note": "x"}]


def test_a_column_that_the_file_lacks_is_empty():
    (line,) = read_table(b"name\nAnna\n", required=("name",), optional=("note",)).lines

    assert line["note"] == ""


def test_the_sign_of_the_header_counts_not_those_in_cells():
    assert cells(b"name;note\nAnna;1,2,3\n") == [{"name": "Anna", "note": "1,2,3"}]
    assert cells(b'name,note\n"Anna; Boris",2\n') == [{"name": "Anna; Boris", "note": "2"}]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'=1+1", "=1+1"),
        ("'+49 151 23", "+49 151 23"),
        ("'-5", "-5"),
        ("'@anna", "@anna"),
        ("'\tx", "x"),
        ("'", "'"),
        ("'s Hof", "'s Hof"),
        ("=1+1", "=1+1"),
    ],
)
def test_the_quote_that_keeps_a_spreadsheet_from_running_a_cell_is_taken_off(written, meant):
    assert cells(f"name\n{written}\n".encode()) == [{"name": meant}]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NoHeader),
        (b"\n \n;;\n", NoHeader),
        (b"\xef\xbb\xbf", NoHeader),
        ("name\nMüller\n".encode("latin-1"), NotUtf8),
        ("name\nAnna\n".encode("utf-16"), NotUtf8),
        ("name\nAnna\n".encode("utf-16-be"), ZeroBytes),
        (b"name\nAn\0na\n", ZeroBytes),
        (b"note\nx\n", ColumnsMissing),
        (b"name,name\nAnna,Anna\n", ColumnTwice),
        (b"name,nmae\nAnna,x\n", UnknownColumn),
        (b"name,\nAnna,x\n", UnknownColumn),
        (b'"name,note\nAnna,x\n', NotCsv),
        (b"name\n" + b"x" * (33 * 2**20), TooLargeFile),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(content, refusal):
    with pytest.raises(refusal):
        read_table(content, required=("name",), optional=("note",))


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (b"Anna,x,y", WrongCount),
        (b"Anna", WrongCount),
        (b"name,x\nAnna", WrongCount),
        (b"Anna," + b"x" * 2**20, CellTooLong),
        (b"Anna," + b"x" * 5000, CellTooLong),
        (b'Anna,"x', NotCsv),
        (b'An"na","x"y', NotCsv),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(line, refusal):
    table = read_table(b'name,note\n"Boris\nWolkow",y\n' + line, required=("name",), optional=("note",))

    assert [type(mistake.refusal) for mistake in table.mistakes] == [refusal]
    assert table.mistakes[0].line == 4 + line.count(b"\n")
    assert table.lines[0].number == 2
    assert table.lines[0]["name"] == "Boris\nWolkow"


def test_every_wrong_cell_of_a_line_is_noted():
    table = read_table("name,note\n,An\u202ena\nAnna,x\n".encode(), required=("name",), optional=("note",))
    cleaners = {"name": needed(clean_name), "note": maybe(clean_name)}

    assert [line.read(cleaners) for line in table.lines] == [None, {"name": "Anna", "note": "x"}]
    assert [(mistake.line, mistake.column) for mistake in table.mistakes] == [(2, "name"), (2, "note")]
    with pytest.raises(WrongLines):
        table.must_be_right()


def test_a_dry_run_answers_the_outcome_and_takes_everything_back(engine):
    table = read_table(b"name\nAnna\n", required=("name",))

    def write() -> Outcome:
        run(SETTING, "name", "Anna")
        return Outcome(1, 1, 0, 0)

    assert all_or_nothing(table, write, dry=True) == Outcome(1, 1, 0, 0)
    assert one("SELECT count(*) FROM setting")[0] == 0
    assert all_or_nothing(table, write, dry=False) == Outcome(1, 1, 0, 0)
    assert one("SELECT count(*) FROM setting")[0] == 1


def test_a_mistake_found_while_writing_takes_everything_back(engine):
    table = read_table(b"name\nAnna\n", required=("name",))

    def write() -> Outcome:
        run(SETTING, "name", "Anna")
        table.lines[0].wrong("name", NoHeader(columns=""))
        return Outcome(1, 1, 0, 0)

    with pytest.raises(WrongLines):
        all_or_nothing(table, write, dry=False)
    assert one("SELECT count(*) FROM setting")[0] == 0


def test_what_a_first_try_found_is_not_told_twice(engine):
    table = read_table(b"name\nAnna,x\nBoris\n", required=("name",))
    tries: list[int] = []

    def write() -> Outcome:
        tries.append(1)
        table.lines[0].wrong("name", NoHeader(columns=""))
        if len(tries) == 1:
            raise Again
        return Outcome(1, 1, 0, 0)

    with pytest.raises(WrongLines) as refused:
        all_or_nothing(table, write, dry=False)

    assert [mistake.line for mistake in refused.value.mistakes] == [2, 3]


SETTING = "INSERT INTO setting (key, value, since) VALUES (?, ?, 0)"
