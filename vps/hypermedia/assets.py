"""Static files: one stylesheet, htmx and a little script, under names that carry their content's digest, so cached for ever.

Compressed with brotli at its strongest, once per process and file, when somebody first asks for it.
"""

import base64
from functools import cache
from hashlib import sha256, sha384
from pathlib import Path
from typing import NamedTuple

import brotli
from flask import Blueprint, Flask, Response, abort, request, url_for

blueprint = Blueprint("static", __name__)

BUNDLES = {
    "app.css": ("css/tokens.css", "css/base.css", "css/layout.css", "css/components.css"),
    "office.css": ("css/office.css",),
    "paper.css": ("css/paper.css",),
}
"""What is served as one file, from which parts, in this order."""
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
}
SHRINKS = {".css", ".js", ".svg", ".txt"}


class Asset(NamedTuple):
    """A file as it is served."""

    body: bytes
    digest: str
    integrity: str


class Folder:
    """Where the static files lie; set once by `init_assets`."""

    path = Path("static")


def init_assets(app: Flask, folder: Path) -> None:
    Folder.path = folder
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=asset_url, integrity=lambda name: asset(name).integrity)


def asset_url(name: str) -> str:
    """The address of a static file as it is now."""
    return _address(name, request.script_root)


@cache
def _address(name: str, _: str) -> str:
    # Every page asks for the same five. The second argument is where the app is mounted, which is a part of the answer.
    return url_for("static.file", digest=asset(name).digest, name=name)


@cache
def asset(name: str) -> Asset:
    """A file's or bundle's bytes and digests. Raises FileNotFoundError."""
    parts = BUNDLES.get(name, (name,))
    body = b"".join(_smaller((Folder.path / part).read_bytes(), part) for part in parts)
    return Asset(body, sha256(body).hexdigest()[:8], "sha384-" + base64.b64encode(sha384(body).digest()).decode())


@cache
def shrunk(name: str) -> bytes:
    body: bytes = brotli.compress(asset(name).body, quality=11)
    return body


@blueprint.get("/static/<digest>/<path:name>")
def file(digest: str, name: str) -> Response:
    """A static file, for ever under this name; another digest than today's is not there."""
    ending = Path(name).suffix
    if ending not in TYPES or ".." in name or (name not in BUNDLES and not (Folder.path / name).is_file()) or asset(name).digest != digest:
        abort(404)
    answer = Response(asset(name).body, content_type=f"{TYPES[ending]}; charset=utf-8" if ending in SHRINKS else TYPES[ending])
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(digest)
    if ending in SHRINKS:
        answer.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("br") > 0:
            answer.data, answer.content_encoding = shrunk(name), "br"
    return answer.make_conditional(request)  # type: ignore[return-value]


def _smaller(body: bytes, name: str) -> bytes:
    # Comments are for who reads the source; indentation compresses to nothing anyway.
    if not name.endswith(".css"):
        return body
    text, kept = body.decode(), []
    while "/*" in text:
        before, _, rest = text.partition("/*")
        kept.append(before)
        text = rest.partition("*/")[2]
    return "\n".join(line.strip() for line in ("".join(kept) + text).splitlines() if line.strip()).encode() + b"\n"
