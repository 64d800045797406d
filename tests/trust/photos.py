"""Photos as phones make them, and what is none."""

from io import BytesIO
from typing import Any

from PIL import Image


def photo(width: int = 640, height: int = 400, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    out = BytesIO()
    made.convert(mode).save(out, kind, **more)
    return out.getvalue()
