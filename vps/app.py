"""The app: the only module that knows everybody. `create_app()` puts the house together from its environment."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request, session
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from htmx_flask import Htmx
from markupsafe import Markup
from peewee import DatabaseError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map

from vps.bank import office as bank_office
from vps.bank import office_accounts as bank_office_accounts
from vps.bank import office_days as bank_days
from vps.bank import office_files, office_payouts
from vps.bank import web as bank
from vps.commissions import office_manual
from vps.commissions.blueprints import BLUEPRINTS as COMMISSIONS
from vps.company.models import company
from vps.home import identity as home_identity
from vps.home import office as home_office
from vps.home import office_discovery
from vps.home import web as home
from vps.home.web import low_disk
from vps.hypermedia import catalogs
from vps.hypermedia.assets import init_assets
from vps.hypermedia.catalogs import catalog
from vps.hypermedia.filters import init_filters
from vps.hypermedia.headers import WRITES, init_headers
from vps.hypermedia.languages import accepted, init_languages, read_by, reader, say, wanted
from vps.hypermedia.pages import refused, wants_piece
from vps.hypermedia.proxy import SEEN, Proxies
from vps.kernel.clock import clock, micros
from vps.kernel.database import InterfaceError, OperationalError, configure
from vps.kernel.keys import keys, read_keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.settings import Settings
from vps.orders import office as orders_office
from vps.orders import office_refunds, web_refunds
from vps.orders import web as orders
from vps.people import office as people_office
from vps.people import office_tree, web_team
from vps.people import web as people
from vps.people.guards import MustSignIn, MustStepUp, must_sign_in, my_rights, sign_in_page
from vps.people.session import BARE, init_sessions, leave_elsewhere, reader_of, somebody
from vps.post.gateway import usable
from vps.post.models import offer_sms
from vps.security import office as security_office
from vps.security import web as security
from vps.trust import office as trust_office
from vps.trust import office_identity
from vps.trust import web as trust
from vps.trust.files import use_folder
from vps.trust.pictures import MOST as PICTURES
from vps.wallets import office_levels, office_rates
from vps.wallets.blueprints import BLUEPRINTS as WALLETS

BLUEPRINTS = (
    home.blueprint,
    people.blueprint,
    people.mine,
    web_team.blueprint,
    security.door,
    security.blueprint,
    security.changes,
    home_identity.blueprint,
    trust.blueprint,
    office_identity.blueprint,
    bank.blueprint,
    bank.payees,
    bank.cents,
    bank.payouts,
    orders.blueprint,
    orders_office.blueprint,
    web_refunds.blueprint,
    office_refunds.blueprint,
    home_office.blueprint,
    office_discovery.blueprint,
    people_office.blueprint,
    office_tree.blueprint,
    security_office.blueprint,
    security_office.settings,
    trust_office.blueprint,
    bank_office.blueprint,
    bank_days.blueprint,
    office_payouts.blueprint,
    office_files.blueprint,
    bank_office_accounts.blueprint,
    bank_office.unclear,
    bank_office.accounts,
    *WALLETS,
    *COMMISSIONS,
)

LARGE = {
    "bank_office.create": bank_office.MOST,
    "bank_accounts.create_columns": bank_office.MOST,
    "rates_office.create_file": office_rates.MOST,
    "levels_office.create_file": office_levels.MOST,
    "provisions_office.create_file": office_manual.MOST,
    "identity.create_document": PICTURES,
    "identity_office.create_contract": PICTURES,
}
"""Where more may be sent than elsewhere, in bytes, by who is signed in."""

WORDS = {
    400: N_("The browser sent something that cannot be understood. Please go back and try again."),
    403: N_("This did not come from a page of this site, or the page was too old. Please go back, load it anew and try again."),
    404: N_("There is nothing here, or it is not yours to see."),
    405: N_("This address cannot be used like that."),
    413: N_("This is larger than anything that is expected here. Nothing was saved."),
    429: N_("Too many requests. Please wait a minute."),
    500: N_("Something went wrong on our side. Nothing was left half done; look at your orders before you try again."),
    503: N_("The books are being looked after right now. Please try again in a minute."),
}


class House(Flask):
    """Flask that keeps secrets: links of invitations stand in addresses, so a log names the page and not the address."""

    def log_exception(self, exc_info: Any) -> None:
        self.logger.error("Exception on %s [%s]", request.endpoint, request.method, exc_info=exc_info)

    def handle_exception(self, e: Exception) -> Any:
        # The page that says sorry reads the database, too; what it raised would be logged by the server, with the address.
        try:
            return super().handle_exception(e)
        except (DatabaseError, InterfaceError) as trouble:
            return _no_database(trouble)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Touches neither database nor network until the first request."""
    given = settings or Settings.from_environment()
    app = House("vps", static_folder=None, template_folder=str(given.data / "templates"))
    _configure(app, given)
    catalogs.use(given.data / "translations")
    Htmx(app)
    init_languages(app)
    init_filters(app)
    init_assets(app, given.data / "static")
    app.before_request(arrive)
    init_headers(app)
    CSRFProtect(app)
    init_sessions(app)
    Compress(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(for_every_page)
    _register_refusals(app)
    app.wsgi_app = Proxies(app.wsgi_app, hops=given.proxy_hops, peers=given.proxy_peers)  # type: ignore[method-assign]
    return app


def arrive() -> None:
    """Before every page: where it came from, who reads it, and whether anything may be written now."""
    if request.path.startswith(BARE):
        return
    if getattr(session, "trouble", None):
        raise session.trouble  # type: ignore[attr-defined]
    g.address = request.environ.get(SEEN, "")
    leave_elsewhere(session)
    settings, config, person = company(), current_app.config, reader_of(session)
    g.ours = settings
    if person:
        read_by(person.language, person.zone)
    else:
        read_by(wanted(_language_cookie(), accepted(), settings.language), settings.zone)
    g.public_url = config["PUBLIC_URL"] or request.host_url.rstrip("/")
    if person and request.endpoint in LARGE:
        request.max_content_length = LARGE[request.endpoint]
    g.notice = low_disk(config["DATA_DIR"])
    if g.notice and request.method in WRITES and request.endpoint not in ("people.create_session", "people.end_my_session"):
        raise DiskFull


class Key(IntegerConverter):
    """A row's id in an address: a number that no row can have is not there, like any other that has none."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


class DiskFull(Refused):
    says = N_("The disk of this installation is nearly full, so nothing new is saved for now. Everything that was booked is safe.")
    status = 507


def for_every_page() -> dict[str, Any]:
    """What every template may speak about."""
    person = somebody()
    return {
        "me": person,
        "company": g.get("ours") or company(),
        "rights": my_rights(),
        "reader": reader(),
        "in_office": g.get("in_office", False) or (person is not None and not person.is_partner),
        "notice": g.get("notice", False),
        "now": clock,
    }


def _configure(app: Flask, given: Settings) -> None:
    secure = given.public_url.startswith("https://")
    read_keys(given.key_file)
    configure(given.database_url)
    offer_sms(usable(given))
    use_folder(given.data_dir)
    app.config.update(
        SECRET_KEY=keys().web,
        DATA_DIR=given.data_dir,
        PUBLIC_URL=given.public_url,
        NOW=lambda: micros(clock()),
        SESSION_COOKIE_NAME="__Host-vps" if secure else "vps",
        DEVICE_COOKIE_NAME="__Host-vpsdev" if secure else "vpsdev",
        LANGUAGE_COOKIE_NAME="__Host-lang" if secure else "lang",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[urlsplit(given.public_url).hostname] * bool(given.public_url) + ["localhost", "127.0.0.1", "[::1]"],
        MAX_CONTENT_LENGTH=256 * 2**10,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=200,
        COMPRESS_MIMETYPES=["text/html", "text/plain", "image/svg+xml", "application/json", "text/csv"],
        COMPRESS_STREAMS=False,
    )
    app.url_map.converters["int"] = Key
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _register_refusals(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(MustSignIn, lambda _: _ask_who())
    app.register_error_handler(MustStepUp, lambda _: security.step_up_page())
    app.register_error_handler(CSRFError, lambda _: _ask_who() if must_sign_in() else _error(403))
    app.register_error_handler(SecurityError, _not_our_host)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(InterfaceError, _no_database)
    app.register_error_handler(HTTPException, lambda error: _error(error.code or 500))


def _language_cookie() -> str | None:
    return request.cookies.get(current_app.config["LANGUAGE_COOKIE_NAME"])


def _ask_who() -> Response:
    return security.second_step_page() if security.is_half() else sign_in_page()


def _not_our_host(_: SecurityError) -> Response:
    # For a host that is not ours there are no addresses, so no page: one sentence. Whoever runs the house sees it in the log.
    current_app.logger.warning(
        "A request for %r, which is not the name in VPS_PUBLIC_URL, was refused.", request.environ.get("HTTP_HOST", "")[:100]
    )
    words = say(N_("This site is reached by another name. Please use the address you were given."))
    return Response(f"{words}\n", status=400, content_type="text/plain; charset=utf-8")


def _no_database(trouble: Exception) -> Response:
    # No page either: what stands around every page is read from the database.
    current_app.logger.error("The database does not answer: %s", trouble)
    words = catalog(wanted(_language_cookie(), accepted(), "en")).gettext(WORDS[503])
    answer = Response(f"{words}\n", status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"})
    if wants_piece():
        answer.data = Markup('<div id="refusal"><p class="wrong" role="alert">{}</p></div>').format(words)
        answer.content_type = "text/html; charset=utf-8"
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#refusal", "outerHTML"
    return answer


def _error(status: int) -> Any:
    words = say(WORDS.get(status, WORDS[400 if status < 500 else 500]))
    if wants_piece():
        answer = Response(render_template("shared/_refusal.html", words=words), status=status)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#refusal", "outerHTML"
        return answer
    return Response(render_template("shared/refused.html", words=words, status=status), status=status)
