"""Photos as phones make them, and what is none."""

import struct
import zlib
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.Image import Exif

from vps.kernel.authorisation import Actor
from vps.people.models import Person
from vps.trust.actions import claim_document


def photo(width: int = 640, height: int = 400, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    out = BytesIO()
    made.convert(mode).save(out, kind, **more)
    return out.getvalue()


def passport_of(person: Person, at: datetime) -> int:
    """The claim of somebody who showed a passport that is valid for three more years."""
    return claim_document(person.id, "passport", [photo()], actor=Actor(person.id), at=at, expires_on=(at + timedelta(days=1100)).date())


def telling_photo(turned: int = 6) -> bytes:
    """A photo that says how it was held, where it was taken, by which camera, and more."""
    exif = Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = turned, "Camera of Anna", "Anna Bauer"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(exif=exif, comment=b"taken at home", icc_profile=b"profile of a screen")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def colour(content: bytes, x: int, y: int) -> str:
    """Which of the colours is there, as far as a JPEG tells."""
    red, green, blue = opened(content).convert("RGB").getpixel((x, y))
    return "white" if min(red, green, blue) > 200 else "red" if red > blue else "blue"


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of some bytes that says it has so many pixels."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(b"\0" * 1000)) + piece(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500
PAGE = b"<html><script>alert(1)</script></html>"
