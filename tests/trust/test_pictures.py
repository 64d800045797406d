"""What people send as photos: made anew without anything beside the pixels, or refused. SECURITY, bad input 32; ASVS 5.2."""

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from tests.trust.photos import HEIC, PAGE, SVG, bomb, colour, opened, photo, telling_photo
from vps.trust import darkroom, files, pictures
from vps.trust.darkroom import TOO_LARGE, TOO_SMALL
from vps.trust.pictures import NoPicture, PhoneFormat, TooFewPixels, TooManyPixels, developed


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.use_folder(tmp_path)


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.html", PAGE)
    return out.getvalue()


def test_a_photo_tells_nothing_but_what_is_on_it():
    made = developed(telling_photo())

    assert opened(telling_photo()).info["comment"] == b"taken at home"
    assert opened(made).format == "JPEG" and set(opened(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not dict(opened(made).getexif())
    for secret in (b"Anna", b"taken at home", b"profile of a screen", b"Exif"):
        assert secret not in made


def test_a_photo_taken_upright_stands_upright():
    upright = darkroom.developed(telling_photo(turned=6))  # the camera was held so that its left is the picture's top

    assert opened(upright).size == (400, 640)
    assert (colour(upright, 200, 100), colour(upright, 200, 540)) == ("red", "blue")


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "1"), ("WEBP", "RGB")])
def test_every_usual_kind_becomes_one(kind, mode):
    made = darkroom.developed(photo(kind=kind, mode=mode))

    assert (opened(made).format, opened(made).mode, opened(made).size) == ("JPEG", "RGB", (640, 400))


def test_what_shines_through_becomes_white():
    sheer = opened(photo()).convert("RGBA")
    sheer.putalpha(0)
    out = BytesIO()
    sheer.save(out, "PNG")

    assert colour(darkroom.developed(out.getvalue()), 10, 10) == "white"


def test_a_large_photo_becomes_smaller_and_keeps_its_shape():
    made = darkroom.developed(photo(4000, 1000))

    assert opened(made).size == (2000, 500)


@pytest.mark.parametrize("stuck_on", [PAGE, zipped()], ids=["page", "zip"])
def test_what_is_stuck_to_a_photo_is_lost(stuck_on):
    made = developed(photo() + stuck_on)

    assert opened(made).size == (640, 400)
    assert b"<script" not in made and b"PK\x03\x04" not in made


NONE = {
    "SVG": (SVG, NoPicture),
    "PDF": (b"%PDF-1.7\n" + b"x" * 500, NoPicture),
    "GIF": (photo(kind="GIF"), NoPicture),
    "ZIP": (zipped(), NoPicture),
    "page": (PAGE, NoPicture),
    "nothing": (b"", NoPicture),
    "HEIC": (HEIC, PhoneFormat),
    "page that begins like a JPEG": (b"\xff\xd8\xff" + PAGE, NoPicture),
    "half a photo": (photo()[:800], NoPicture),
    "more pixels than fit": (bomb(), TooManyPixels),
    "stamp": (photo(100, 100), TooFewPixels),
}


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_photo_is_refused(kind):
    content, refusal = NONE[kind]
    with pytest.raises(NoPicture) as refused:
        developed(content)
    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    ("kind", "size", "code"), [("PNG", (4900, 4900), TOO_LARGE), ("WEBP", (3600, 3600), TOO_LARGE), ("JPEG", (299, 900), TOO_SMALL)]
)
def test_each_kind_has_its_most_and_its_least(kind, size, code):
    with pytest.raises(SystemExit) as ended:
        darkroom.developed(photo(*size, kind=kind))
    assert ended.value.code == code


def test_who_decodes_gets_little_memory_and_says_so_when_it_is_too_little():
    short = "import vps.trust.darkroom as d; d.MEMORY = 90 * 2**20; d.main()"
    made = subprocess.run([sys.executable, "-c", short], input=photo(4800, 4800, kind="PNG"), capture_output=True, check=False)

    assert made.returncode == TOO_LARGE


def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(pictures, "PATIENCE", 0.001)
    with pytest.raises(TooManyPixels):
        developed(photo())
