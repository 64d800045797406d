"""The header set that keeps pages to themselves, and the checks that every request passes before anybody looks at it."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not no-referrer: the CSRF check over https needs to see that we sent it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=(self),"
    " publickey-credentials-get=(self), publickey-credentials-create=(self)",
}
HSTS = "max-age=63072000; includeSubDomains"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def init_headers(app: Flask) -> None:
    """Send the headers with every answer; over https the full set."""

    @app.before_request
    def must_be_ours() -> None:
        if _asks_for_another_host():
            abort(400)
        if request.method in WRITES and not _same_origin(app.config["PUBLIC_URL"]):
            abort(403)
        if request.method in WRITES and any(len(values) > 1 for values in request.form.listvalues()):
            abort(400)
        # No field and no address means this sign, and PostgreSQL does not take it in any text.
        # A form is looked for only where there can be one: looking takes longer than all other checks together.
        sent = (*request.args.values(), *(request.form.values() if request.method in WRITES else ()))
        if any("\0" in value for value in sent):
            abort(400)

    @app.after_request
    def send_headers(answer: Response) -> Response:
        secure = bool(app.config["SESSION_COOKIE_SECURE"])
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", f"{CSP}; upgrade-insecure-requests" if secure else CSP)
        if secure:
            answer.headers["Strict-Transport-Security"] = HSTS
        if "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        return answer


def _asks_for_another_host() -> bool:
    # GET http://evil.example/ HTTP/1.1: the server takes the path out of it, and the host from its header.
    asked: str = request.environ.get("RAW_URI", "")
    return not asked.startswith(("/", "*")) and asked != "" and asked.lower().split("/")[2:3] != [request.host.lower()]


def _same_origin(public: str) -> bool:
    # A browser says where a form came from; who says nothing is no browser, and has to know the token.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {request.host_url.rstrip("/"), public.rstrip("/")}
    return urlsplit(origin).scheme in ("http", "https") and origin in own
