"""What a bank delivers - a file, or a ZIP of them - unpacked within limits, and XML made safe to parse.

Nothing here knows what a statement is. Names found inside an archive are shown in sentences and used for nothing else.
"""

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from lxml import etree

from vps.kernel.refusals import N_, Refused

MAX_BYTES: Final = 10 * 1024 * 1024
"""The largest upload, packed or not."""
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""What all files of one archive may come to."""
MAX_RATIO: Final = 400
"""How many times its packed size a file may grow; XML of real banks grows 10 to 60 times."""
MAX_MEMBERS: Final = 100
MAX_NODES: Final = 1_500_000
"""Elements and attributes of one file: parsed, each takes about 150 bytes of memory."""

_CHUNK: Final = 64 * 1024
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TO_LOOK_AT: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""How files begin that are made for eyes. Banks put them beside a statement, and nothing in them is read."""
_WORKBOOK: Final = "[Content_Types].xml"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION: Final = re.compile(rb"\s*<\?xml\s[^>]*?\?>")
_ENCODING: Final = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
# Only these: some of Python's other codecs are slow enough on foreign bytes to be a weapon.
_CODECS: Final = re.compile(r"iso8859-[0-9]{1,2}|cp125[0-8]|koi8-[ru]")


class FileRefused(Refused):
    """A file that is not read at all. Every sentence below names the `file`."""

    says = N_("%(file)s cannot be read.")


class TooLarge(FileRefused):
    """More bytes than one upload may have; `limit` in MiB."""

    says = N_("%(file)s is larger than %(limit)s MB.")


class UnpacksTooLarge(FileRefused):
    """A small archive that would become a huge one; it was not unpacked to the end."""

    says = N_("%(file)s unpacks to far more than a bank statement and was not unpacked.")


class TooManyFiles(FileRefused):
    """More members than a bank packs together."""

    says = N_("%(file)s holds more than %(limit)s files.")


class BrokenArchive(FileRefused):
    """Damaged, or packed in a way banks do not use."""

    says = N_("%(file)s is a damaged ZIP file.")


class EncryptedArchive(FileRefused):
    """We hold no passwords of banks."""

    says = N_("%(file)s is protected by a password. Please unpack it first.")


class ArchiveInside(FileRefused):
    """A ZIP within a ZIP."""

    says = N_("%(file)s holds another ZIP file. Please unpack it first.")


class NothingInside(FileRefused):
    """An archive without any file but pictures and PDF."""

    says = N_("%(file)s holds no bank statement.")


class Spreadsheet(FileRefused):
    """A workbook: what its cells show depends on who opens it."""

    says = N_("%(file)s is a spreadsheet. Please save it as CSV and upload that.")


class EmptyFile(FileRefused):
    """No bytes, or white space only."""

    says = N_("%(file)s is empty.")


class NotXml(FileRefused):
    """Not well-formed, cut off, or in an encoding we do not read."""

    says = N_("%(file)s is not a complete XML file: it cannot be read beyond line %(line)s.")


class UnknownEncoding(FileRefused):
    """Its bytes are not the characters it says they are."""

    says = N_("The characters of %(file)s cannot be read (encoding %(encoding)s).")


class HasDoctype(FileRefused):
    """Banks never send a document type; attacks with entities need one."""

    says = N_("%(file)s contains a document type definition (DOCTYPE), which a bank statement never has.")


class TooManyElements(FileRefused):
    """It would fill the memory."""

    says = N_("%(file)s has more elements than any bank statement.")


@dataclass(frozen=True)
class Source:
    """One XML file: its `name` fit to be shown, its `body` as UTF-8 without a declaration, line numbers kept."""

    name: str
    body: bytes


def files(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file of an upload and its name fit to be shown, one in memory at a time; raises a FileRefused.

    PDF and pictures in an archive are passed over. Nothing else is: what is no statement could be a damaged one.
    """
    called = shown(name) or "?"
    if len(content) > MAX_BYTES:
        raise TooLarge(file=called, limit=MAX_BYTES // (1024 * 1024))
    if content.startswith(_OLD_WORKBOOK):
        raise Spreadsheet(file=called)
    if content.startswith(_ZIP):
        yield from _unpacked(content, called)
    else:
        yield called, content


def xml_source(name: str, content: bytes) -> Source:
    """An XML file, ready to be parsed; raises a FileRefused."""
    body = _as_utf8(content, name)
    if not body.strip():
        raise EmptyFile(file=name)
    # The keyword has one spelling, and by now one encoding: without it no entity can be declared.
    if b"<!DOCTYPE" in body:
        raise HasDoctype(file=name)
    if body.count(b"<") - body.count(b"</") + (body.count(b'"') + body.count(b"'")) // 2 > MAX_NODES:
        raise TooManyElements(file=name)
    return Source(name, body)


def wide(content: bytes) -> str | None:
    """The encoding of a file whose characters have two bytes each, or None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:200].lstrip(b"\0\t\r\n ")
    if b"\0" not in head:
        return None
    return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"


def elements(source: Source, *, events: tuple[str, ...], tags: tuple[str, ...] | None = None) -> Iterator[tuple[str, Any]]:
    """(event, element) as the parser meets them, no entity resolved and nothing fetched; raises NotXml."""
    # Comments go, because `1<!-- -->00` would otherwise read as 1.
    parser = etree.iterparse(
        BytesIO(source.body), events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        yield from parser
    except etree.XMLSyntaxError as error:
        raise NotXml(file=source.name, line=error.lineno or 1) from error


def shown(foreign: str) -> str:
    """Foreign text without anything a screen or a terminal could obey: no control characters, no direction marks, not endless."""
    seen = "".join(sign for sign in foreign[:10_000] if sign.isprintable()).strip()
    return seen if len(seen) <= 100 else f"{seen[:60]}…{seen[-39:]}"


def _unpacked(content: bytes, called: str) -> Iterator[tuple[str, bytes]]:
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:  # before the directory is read: it could name 200 000
        raise TooManyFiles(file=called, limit=MAX_MEMBERS)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            left, found = MAX_UNPACKED, False
            for member in _members(archive, called):
                body = _stream(archive, member, left, called)
                left -= len(body)
                if not body.startswith(_TO_LOOK_AT):
                    found = True
                    yield f"{called}: {shown(member.filename)}", body
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise BrokenArchive(file=called) from error
    if not found:
        raise NothingInside(file=called)


def _members(archive: zipfile.ZipFile, called: str) -> Iterator[zipfile.ZipInfo]:
    if _WORKBOOK in archive.namelist():
        raise Spreadsheet(file=called)
    for member in archive.infolist():
        if member.filename.endswith("/") or _is_macintosh(member.filename):
            continue
        if member.filename.lower().endswith(".zip"):
            raise ArchiveInside(file=called)
        if member.flag_bits & 1:
            raise EncryptedArchive(file=called)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BrokenArchive(file=called)
        yield member


def _is_macintosh(name: str) -> bool:
    # macOS packs a twin "._name.xml" of settings beside every file.
    *folders, last = re.split(r"[/\\]", name)
    return "__MACOSX" in folders or last.startswith("._")


def _stream(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, called: str) -> bytes:
    # What the directory says about sizes is a claim: the bytes are counted as they come.
    most = min(left, MAX_RATIO * min(member.compress_size, MAX_BYTES) + _CHUNK)
    body = bytearray()
    with archive.open(member) as packed:
        while piece := packed.read(_CHUNK):
            body += piece
            if len(body) > most:
                raise UnpacksTooLarge(file=called)
    if body.startswith(_ZIP):
        raise ArchiveInside(file=called)
    return bytes(body)


def _as_utf8(content: bytes, name: str) -> bytes:
    encoding = wide(content)
    declared = _DECLARATION.match(content[:500].removeprefix(codecs.BOM_UTF8))
    if not encoding and declared and not content.startswith(codecs.BOM_UTF8):
        encoding = _narrow(declared.group(), name)
    body = content
    if encoding:
        try:
            body = content.decode(encoding).encode()
        except UnicodeError as error:
            raise UnknownEncoding(file=name, encoding=encoding) from error
    # Programs of the DOS age end a file with Ctrl-Z, others fill it up with zeros.
    body = body.removeprefix(codecs.BOM_UTF8).rstrip(b"\0\x1a\t\r\n ")
    # Blank lines before the declaration are common and forbidden; without a declaration they are allowed, and lines keep their numbers.
    return _DECLARATION.sub(lambda found: b"\n" * found.group().count(b"\n"), body, count=1) if _DECLARATION.match(body) else body


def _narrow(declaration: bytes, name: str) -> str | None:
    found = _ENCODING.search(declaration)
    said = found.group(1).decode() if found else "utf-8"
    try:
        codec = codecs.lookup(said).name
    except (LookupError, ValueError):
        codec = ""
    # Bytes we just read as single ones are not UTF-16, whatever a Windows program wrote into the declaration.
    if codec in ("utf-8", "ascii") or codec.startswith("utf-16"):
        return None
    if not _CODECS.fullmatch(codec):
        raise UnknownEncoding(file=name, encoding=said)
    return codec
