"""From the bytes a person uploads to XML: encodings, ZIP files, and what would harm us."""

import contextlib
import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bank.camt_files import DATA, TEXT
from vps.bank.archive import (
    MAX_BYTES,
    ArchiveInside,
    BrokenArchive,
    EmptyFile,
    EncryptedArchive,
    FileRefused,
    HasDoctype,
    NothingInside,
    NotXml,
    Spreadsheet,
    TooLarge,
    TooManyFiles,
    UnknownEncoding,
    UnpacksTooLarge,
)
from vps.bank.reading import read_statements
from vps.bank.statement import UnknownFormat, to_json

PLAIN = read_statements(TEXT.encode())


def declared(encoding: str) -> str:
    return TEXT.replace("UTF-8", encoding, 1)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="byte order mark"),
        pytest.param(b"\r\n \n" + TEXT.encode(), id="blank lines first"),
        pytest.param(b"\xef\xbb\xbf\n" + TEXT.encode(), id="mark and blank line"),
        pytest.param(TEXT.encode() + b"\r\n\x1a\0\0", id="end of a DOS file"),
        pytest.param(declared("utf-16").encode("utf-16"), id="UTF-16"),
        pytest.param(declared("UTF-16").encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(("\n" + TEXT).encode("utf-16-be"), id="UTF-16 big, without mark, blank line"),
        pytest.param(declared("utf-16").encode(), id="says UTF-16 and is not"),
        pytest.param(declared("windows-1250").encode("cp1250"), id="Windows Central Europe"),
        pytest.param(declared("ISO-8859-2").encode("iso8859-2"), id="Latin 2"),
        pytest.param(b"\n" + declared("iso-8859-2").encode("iso8859-2"), id="Latin 2 after a blank line"),
        pytest.param(TEXT.split("?>", 1)[1].encode(), id="no declaration"),
        pytest.param(
            TEXT.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns", "xmlns:x").encode(), id="prefix"
        ),
        pytest.param(TEXT.replace("25.000", "25<!-- cents: -->.000").encode(), id="comment inside an amount"),
        pytest.param(TEXT.replace("25.000", "<![CDATA[25.000]]>").encode(), id="CDATA"),
        pytest.param(TEXT.replace("<Document", "<Env><AppHdr/><Document", 1).encode() + b"</Env>", id="envelope"),
    ],
)
def test_the_same_statement_however_it_is_written_down(content: bytes) -> None:
    assert read_statements(content) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-7", "punycode", "hex", "IBM037", "nonsense"])
def test_only_encodings_of_banks_are_decoded(encoding: str) -> None:
    with pytest.raises(UnknownEncoding):
        read_statements(declared(encoding).encode())


def test_bytes_that_are_not_the_encoding_they_say() -> None:
    with pytest.raises(NotXml):
        read_statements(TEXT.encode("cp1250"))
    with pytest.raises(UnknownEncoding):
        read_statements(b"\xff\xfe<\0a")
    with pytest.raises(HasDoctype):
        read_statements('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"))


def test_a_foreign_name_cannot_write_on_the_terminal() -> None:
    with pytest.raises(EmptyFile) as refused:
        read_statements(b"", "a\x1b[2J\n\u202e" + "b" * 300 + ".xml")

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 130
    with pytest.raises(EmptyFile, match=r"^\? is empty"):
        read_statements(b"")


PIECES = [b"<", b">", b"/", b"&amp;", b"-", b"9", b"<Ntry>", b"<!DOCTYPE a>", b"\0", b'"', b"<x/>"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(sorted(DATA.glob("*.xml"))), "file").read_bytes())
    for _ in range(data.draw(st.integers(1, 4), "changes")):
        at = data.draw(st.integers(0, len(content) - 1), "at")
        until = at + data.draw(st.sampled_from([0, 1, 1, 5, 200]), "gone")
        put = st.binary(max_size=3) | st.sampled_from(
            [b"<", b">", b"/", b"&amp;", b"-", b"9", b"<Ntry>", b"<!DOCTYPE a>", b"\0", b'"', b"<x/>"]
        )
        content[at:until] = data.draw(put, "put")
    try:
        found = read_statements(bytes(content), "damaged.xml")
    except FileRefused as refused:
        assert "damaged.xml" in str(refused)
    else:
        assert found
        assert json.dumps(to_json(found))


# ---------------------------------------------------------------- ZIP files


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return content.getvalue()


def test_an_archive_gives_the_statements_of_all_its_files_in_their_order() -> None:
    other = (DATA / "collective-08.xml").read_bytes()
    content = packed(
        ("2026/", b""), ("2026/b.xml", TEXT.encode()), ("A.XML", other), ("note.pdf", b"%PDF"),
        ("__MACOSX/2026/b.xml", b"settings"), ("2026/._b.xml", b"settings"),
    )  # fmt: skip

    assert read_statements(content, "november.zip") == [*PLAIN, *read_statements(other)]


def test_one_bad_file_refuses_the_whole_archive_and_is_named() -> None:
    with pytest.raises(NotXml) as refused:
        read_statements(packed(("a.xml", TEXT.encode()), ("../../etc/\x1b[2Jb.xml", b"<a>")), "november.zip")

    assert str(refused.value).startswith("november.zip: ../../etc/[2Jb.xml is not a complete XML file")


def encrypted() -> bytes:
    content = bytearray(packed(("a.xml", TEXT.encode())))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(packed(), NothingInside, id="nothing"),
        pytest.param(packed(("a.xml", b"%PDF-1.7"), ("scan.png", b"\x89PNG"), ("d.xml/", b"")), NothingInside, id="only to look at"),
        pytest.param(packed(("a.xml", TEXT.encode()), ("readme.txt", b"x")), UnknownFormat, id="what could be a damaged statement"),
        pytest.param(packed(("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", b"<a/>")), Spreadsheet, id="a workbook"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, Spreadsheet, id="an old workbook"),
        pytest.param(packed(("a.xml", b"")), EmptyFile, id="an empty file"),
        pytest.param(packed(("a.zip", b"")), ArchiveInside, id="a ZIP inside"),
        pytest.param(packed(("a.xml", packed(("a.xml", b"<a/>")))), ArchiveInside, id="a ZIP called XML"),
        pytest.param(packed(*((f"{n}.xml", b"<a/>") for n in range(101))), TooManyFiles, id="101 files"),
        pytest.param(encrypted(), EncryptedArchive, id="a password"),
        pytest.param(packed(("a.xml", TEXT.encode()), method=zipfile.ZIP_BZIP2), BrokenArchive, id="bzip2"),
        pytest.param(packed(("a.xml", TEXT.encode()))[:-30], BrokenArchive, id="cut off"),
        pytest.param(b"PK\x03\x04", BrokenArchive, id="four bytes"),
        pytest.param(b" " * (MAX_BYTES + 1), TooLarge, id="too large"),
        pytest.param(packed(("a.xml", b" " * 20_000_000)), UnpacksTooLarge, id="ratio"),
    ],
)
def test_archives_that_are_refused(content: bytes, refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal) as refused:
        read_statements(content, "november.zip")

    assert type(refused.value) is refusal
    assert str(refused.value).startswith("november.zip")


def test_a_damaged_member_is_found_by_its_checksum() -> None:
    content = packed(("a.xml", TEXT.encode()), method=zipfile.ZIP_STORED)

    with pytest.raises(BrokenArchive):
        read_statements(content.replace(b">25.000<", b">95.000<"))


def test_many_files_together_are_not_unpacked_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vps.bank.archive.MAX_UNPACKED", 3 * len(TEXT))
    files = [(f"{n}.xml", TEXT.encode()) for n in range(4)]

    assert len(read_statements(packed(*files[:2]))) == 2
    with pytest.raises(UnpacksTooLarge):
        read_statements(packed(*files))


def test_a_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(("bomb.xml", b"<a>" + b" " * 20_000_000))
    monkeypatch.setattr("vps.bank.archive.MAX_UNPACKED", 1_000_000)

    tracemalloc.start()
    with pytest.raises(UnpacksTooLarge):
        read_statements(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4_000_000


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(packed(("a.xml", TEXT.encode()), ("b.xml", (DATA / "collective-08.xml").read_bytes()), ("c.pdf", b"%PDF")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 60) | st.integers(len(content) - 250, len(content) - 1) | st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    with contextlib.suppress(FileRefused):
        assert read_statements(bytes(content), "damaged.zip")
