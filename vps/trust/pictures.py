"""Photos that people send: looked at by their first bytes, made anew by a process of its own, and never kept as they came.

What is stuck to a picture (a page, an archive, where it was taken) does not survive that, and what is none makes no picture.
Source: SECURITY, bad input 32; ASVS 5.2.
"""

import subprocess
import sys

from vps.kernel.refusals import N_, Refused
from vps.trust.darkroom import TOO_LARGE, TOO_SMALL
from vps.trust.files import alone

MOST = 12 * 2**20
"""Bytes of an upload, all its pictures together."""
PATIENCE = 25
"""Seconds; 48 million pixels take one."""
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"avif")


class NoPicture(Refused):
    says = N_("This is not a photo that can be read here. Please choose a picture in JPEG, PNG or WebP, as a phone's camera makes them.")


class PhoneFormat(NoPicture):
    """HEIC: what an iPhone keeps, and no browser but its own shows."""

    says = N_(
        "This photo is in the format HEIC, which cannot be read here. On the iPhone choose Settings, Camera, Formats, “Most Compatible”"
        " and take it again, or send a screenshot of the photo."
    )


class TooManyPixels(NoPicture):
    says = N_("This picture is too large to be read here. Please take it again with the phone's usual camera settings.")


class TooFewPixels(NoPicture):
    says = N_("This picture is too small: nothing on it could be read. Please take a larger one.")


def developed(upload: bytes) -> bytes:
    """The picture as a clean JPEG. Raises NoPicture and its kinds."""
    if upload[4:8] == b"ftyp" and upload[8:12] in _HEIC:
        raise PhoneFormat
    if not (upload.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (upload[:4] == b"RIFF" and upload[8:12] == b"WEBP")):
        raise NoPicture
    command = [sys.executable, "-m", "vps.trust.darkroom"]
    try:
        with alone():  # two large pictures at once would not fit beside the web
            made = subprocess.run(  # noqa: S603 - our own module; the picture is data on its standard input
                command, input=upload, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False
            )
    except subprocess.TimeoutExpired as slow:
        raise TooManyPixels from slow
    if made.returncode:
        raise {TOO_LARGE: TooManyPixels, TOO_SMALL: TooFewPixels}.get(made.returncode, NoPicture)
    return made.stdout
