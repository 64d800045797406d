"""What every answer says to the browser: the header set over http and https, the content policy, caching, and whole scripts."""

import base64
import re
from hashlib import sha256, sha384
from pathlib import Path

import brotli
import pytest

from tests.cast import PASSWORD, red_order
from tests.conftest import KEYS
from tests.web.client import PIECE, Browser, field
from vps.app import create_app
from vps.kernel.database import database
from vps.kernel.keys import use_keys, write_keys
from vps.kernel.settings import ROOT, Settings

TEMPLATES = sorted((ROOT.parent / "templates").rglob("*.html"))
HTMX = "vendor/htmx-4.0.1.min.js"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
SET = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=(self),"
    " publickey-credentials-get=(self), publickey-credentials-create=(self)",
}


@pytest.fixture
def answers(house):
    """An answer of every kind: page, piece, refusal, redirect, nothing there, static file, and whether we are well."""
    order, anna = red_order(house), Browser(house.anna)
    static = re.search(r'"(/static/[^"]+\.css)"', anna.get("/wallet").text)[1]
    return {
        "page": anna.get("/wallet"),
        "piece": anna.get(f"/orders/{order.number}/payment", headers=PIECE),
        "refusal": anna.post("/orders/new", {}),
        "foreign": anna.post("/orders/new", {}, headers={"Origin": "null"}),
        "redirect": anna.get("/"),
        "nobody": Browser().get("/wallet"),
        "nothing": anna.get("/nix"),
        "method": anna.client.put("/wallet"),
        "sign-in": Browser().get("/sign-in"),
        "host": anna.get("/wallet", headers={"Host": "evil.example"}),
        "static": anna.get(static),
        "healthz": anna.get("/healthz"),
    }


def test_every_answer_carries_exactly_this_set(answers):
    for kind, answer in answers.items():
        assert {name: answer.headers.get(name) for name in SET} == SET, kind
        assert answer.headers["Content-Security-Policy"] == CSP, kind
        assert "Strict-Transport-Security" not in answer.headers, kind
        assert "X-Powered-By" not in answer.headers, kind


def test_whatever_is_personal_is_kept_by_nobody(answers):
    for kind, answer in answers.items():
        if kind != "static":
            assert answer.headers["Cache-Control"] == "no-store", kind
    assert {"HX-Request", "HX-Request-Type"} <= set(re.split(r",\s*", answers["page"].headers["Vary"]))


def test_a_chart_has_a_policy_of_its_own_and_stays_with_its_reader(house):
    anna = Browser(house.anna)
    answer = anna.get(re.search(r'src="(/charts/[^"]+)"', anna.get("/wallet").text)[1])
    assert (
        answer.headers["Content-Security-Policy"]
        == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    )
    assert answer.headers["Cache-Control"].startswith("private")


@pytest.fixture
def secure(house, tmp_path):
    """The app as it is behind TLS: a client of https://wallet.example."""
    present = database.obj
    write_keys(tmp_path / "keys.json", KEYS)
    made = create_app(Settings(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "keys.json", public_url="https://wallet.example"))
    use_keys(KEYS)
    database.initialize(present)
    return made.test_client()


BASE = {"base_url": "https://wallet.example"}


def test_over_https_the_set_is_whole_and_the_cookie_bound_to_this_host(secure):
    page = secure.get("/sign-in", **BASE)
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert page.headers["Content-Security-Policy"] == f"{CSP}; upgrade-insecure-requests"
    assert {name: page.headers.get(name) for name in SET} == SET

    form = {"csrf_token": field(page, "csrf_token"), "username": "anna", "password": PASSWORD}
    answer = secure.post(
        "/sign-in", data=form, headers={"Referer": "https://wallet.example/sign-in", "Origin": "https://wallet.example"}, **BASE
    )

    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-vps", "__Host-vpsdev"}
    language = secure.get("/language/de", **BASE).headers.getlist("Set-Cookie")
    assert language[0].startswith("__Host-lang=de;")
    assert '<html lang="de">' in secure.get("/sign-in/help", **BASE).text
    for cookie in [*cookies, *page.headers.getlist("Set-Cookie"), *language]:
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
    assert secure.get("/wallet", **BASE).status_code == 200


def test_over_https_a_form_of_http_and_a_form_without_origin_of_ours_are_foreign(secure):
    page = secure.get("/sign-in", **BASE)
    form = {"csrf_token": field(page, "csrf_token"), "username": "anna", "password": PASSWORD}
    for headers in ({"Origin": "http://wallet.example"}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/"}):
        assert secure.post("/sign-in", data=form, headers=headers, **BASE).status_code == 403


def test_links_in_letters_come_from_the_settings_never_from_the_host(secure, house):
    assert secure.get("/sign-in", base_url="https://evil.example").status_code == 400


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_has_script_or_style_of_its_own(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|javascript:|\son[a-z]+\s*=|hx-on|\bjs:|hx-vals=.*js|hx-eval", text, re.IGNORECASE
    )
    assert not re.search(r'hx-trigger="[^"]*\[', text), "a filter is code"
    assert not re.search(r'(src|href|action)="(https?:)?//', text), "nothing comes from another host"
    assert "|safe" not in text.replace('"</fieldset>"|safe', "").replace('"</div>"|safe', "")


def test_every_script_of_a_page_is_ours_and_whole(house):
    for page in (Browser().get("/sign-in"), Browser(house.anna).get("/wallet"), Browser(house.dragan).get("/office/orders")):
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL)
        assert scripts and not any(scripts), "no script stands in the page"
        for tag in re.findall(r"<script[^>]*>", page.text):
            source = re.search(r'src="([^"]+)"', tag)[1]
            body = Browser().get(source, headers={"Accept-Encoding": "identity"}).data
            if HTMX in source:
                assert f'integrity="sha384-{base64.b64encode(sha384(body).digest()).decode()}"' in tag
        assert "<style" not in page.text and not re.search(r"\sstyle=", page.text)


def test_htmx_is_the_file_that_was_published():
    assert sha256((ROOT.parent / "static" / HTMX).read_bytes()).hexdigest() == PUBLISHED


PUBLISHED = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
"""Of dist/htmx.min.js in the npm package htmx.org 4.0.1."""


def test_static_files_are_for_ever_and_small(house):
    names = set(re.findall(r'"(/static/[^"]+)"', Browser(house.dragan).get("/office/orders").text + Browser().get("/sign-in").text))
    assert len(names) >= 5
    for name in names:
        whole = Browser().get(name, headers={"Accept-Encoding": "identity"})
        small = Browser().get(name, headers={"Accept-Encoding": "gzip, br, zstd"})
        assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert sha256(whole.data).hexdigest()[:8] == name.split("/")[2]
        assert small.headers["Content-Encoding"] == "br" and brotli.decompress(small.data) == whole.data
        assert "Accept-Encoding" in small.headers["Vary"]
        assert not small.headers.getlist("Set-Cookie")
        again = Browser().get(name, headers={"If-None-Match": whole.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert Browser().get(name.replace(name.split("/")[2], "00000000")).status_code == 404


@pytest.mark.parametrize(
    "name", ["../app.css", "..%2f..%2fpyproject.toml", "css", "vendor", "nothing.css", "%00.css", "app.css/", ".css", "vendor/../app.js"]
)
def test_nothing_but_static_files_is_served(house, name):
    for digest in ("x", "00000000", ".."):
        assert Browser().get(f"/static/{digest}/{name}").status_code in (400, 404)


def test_pages_are_compressed_and_pieces_too(house):
    answer = Browser(house.anna).get("/wallet", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert answer.headers["Content-Encoding"] == "br"
    assert b"</html>" in brotli.decompress(answer.data)


def test_no_file_of_static_is_fetched_from_elsewhere():
    for path in Path(ROOT.parent / "static").rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", path.read_text(encoding="utf-8")), path
