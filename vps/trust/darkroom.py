"""Makes one picture anew and ends: run as a process of its own, so that what a decoder needs, or does, stays out of the web's workers.

The picture comes by standard input; a JPEG with nothing but its pixels goes to standard output. `TOO_LARGE` and `TOO_SMALL` are
answered as exit codes; any other code but 0 says that this is no whole picture.
"""

import resource
import sys
import warnings
from io import BytesIO

LONGEST = 2000
"""Pixels of the longer side: the small print of a passport can be read."""
SHORTEST = 300
"""Pixels of the shorter side below which nobody could read anything."""
MEMORY = 400 * 2**20
SECONDS = 20
MOST = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 24_000_000, "WEBP": 12_000_000}
"""Pixels. A JPEG is read smaller than it is; the others are not, and a WebP takes its room four times."""
TOO_LARGE, TOO_SMALL = 3, 4


def main() -> None:
    """Read, make anew, write; with little memory, little time and no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        sys.stdout.buffer.write(developed(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(TOO_LARGE)


def developed(upload: bytes) -> bytes:
    """The picture of an upload as a JPEG of at most `LONGEST` pixels, turned as it was taken, and without anything beside it.

    Ends the process with TOO_LARGE or TOO_SMALL; raises whatever Pillow raises about what is no picture.
    """
    from PIL import Image, ImageOps  # only here: who wants to know an exit code needs no decoder

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = max(MOST.values())
    try:
        opened = Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        sys.exit(TOO_LARGE)
    with opened:
        width, height = opened.size
        if width * height > MOST[opened.format or ""]:
            sys.exit(TOO_LARGE)
        if min(width, height) < SHORTEST:
            sys.exit(TOO_SMALL)
        # A JPEG can be decoded at a half, a quarter or an eighth: the whole of 48 million pixels is never in memory.
        opened.draft("RGB", (width * LONGEST // max(width, height), height * LONGEST // max(width, height)))
        opened.thumbnail((LONGEST, LONGEST))
        seen = ImageOps.exif_transpose(opened)
        seen = seen.convert("RGBA" if seen.has_transparency_data else "RGB")
    # A new picture: with the old one go its comments, profiles and places, and what shone through becomes white.
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    made = BytesIO()
    ground.save(made, "JPEG", quality=85)
    return made.getvalue()


if __name__ == "__main__":
    main()
