"""The web application: the one place where the doors meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, jsonify, redirect, request
from flask_wtf.csrf import CSRFProtect
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from bot.channels.line import LineChannel
from bot.destination import Destination
from bot.metrics import RequestTimes, WebhookCounts, registry
from bot.readiness import Readiness, readiness
from bot.settings import LOOPBACK, Env, Settings
from bot.webhook import add_webhook
from core.accounts.identity.sign_on import CitySignOn
from core.context import Core
from core.errors import SetupError
from handlers.api import api
from handlers.desk import DeskSettings, desk
from handlers.desk.memory import MemoryRequest
from handlers.pages import PageSettings, pages
from handlers.pages.lost import lost
from handlers.signon import sign_on

MAX_REQUEST = 1024 * 1024
MOVED = 308  # which no view of ours answers
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self' {link}; base-uri 'none'; frame-ancestors 'none'"
)

log = structlog.get_logger(__name__)


def create_app(settings: Settings, core: Core, line: LineChannel, wake: Callable[[], None]) -> Flask:
    """Build the application; ``wake`` is called when a webhook was stored."""
    app, is_production = _configured(settings, core), settings.env is Env.PRODUCTION
    csrf = CSRFProtect(app)
    counts, times = WebhookCounts(), RequestTimes(app)
    ours = Destination(settings.line_bot_user_id, line.own_user_id)
    add_webhook(app, core, settings.line_channel_secret, wake, is_ours=ours.is_ours, counts=counts)
    machines = api(core)
    csrf.exempt(machines)  # a key is shown instead, and no cookie means anything there
    app.register_blueprint(machines)
    city = _city_sign_on(settings)
    app.register_blueprint(pages(core, PageSettings(settings.line_link_url, line.profile_name, city is not None)))
    app.register_blueprint(desk(core, DeskSettings(is_secure=is_production, has_sign_on=city is not None)))
    if city is not None:
        app.register_blueprint(sign_on(core, city))
    _add_health(app, core, (*counts.collectors, times.seconds))
    _add_headers(app, settings)
    return app


def _configured(settings: Settings, core: Core) -> Flask:
    """Return the application without a page; raises ``SetupError`` for debugging in production (A65)."""
    app = Flask("frontdoor", static_folder=None)
    app.request_class = MemoryRequest
    is_production = settings.env is Env.PRODUCTION
    if is_production and app.debug:
        raise SetupError("FLASK_DEBUG: must not be set (FRONTDOOR_ENV is production)")
    app.config.update(
        SECRET_KEY=core.vault.derive("cookies", "flask").hex(),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_production,
        SESSION_COOKIE_NAME="__Host-frontdoor" if is_production else "frontdoor",
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        PROXIES=settings.proxies,
        WTF_CSRF_TIME_LIMIT=None,
    )
    return app


def _city_sign_on(settings: Settings) -> CitySignOn | None:
    if not settings.oidc_issuer:
        return None
    from bot.channels.sign_on import OpenIdSignOn, SignOnClient  # noqa: PLC0415 (a slow import few set-ups need)

    returns_to = f"{settings.public_url.rstrip('/')}/signon/return"
    client = SignOnClient(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_claim, returns_to
    )
    return OpenIdSignOn(client)


def _add_health(app: Flask, core: Core, counted: Sequence[Collector]) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    ready = Readiness(partial(readiness, core))

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        state = ready.state()
        return jsonify(state), 200 if state["ready"] else 503

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry(core, *counted)), content_type=CONTENT_TYPE_LATEST)

    @app.errorhandler(DataError)
    def odd_input(error: DataError) -> WerkzeugResponse:
        log.warning("database.refused", error=type(error).__name__, endpoint=request.endpoint)
        return lost(400, "送來的內容含有無法處理的字元。")  # NUL, which PostgreSQL does not take: nothing is down (A40)

    @app.errorhandler(SQLAlchemyError)
    def database_down(error: SQLAlchemyError) -> WerkzeugResponse:
        log.error("database.failed", error=type(error).__name__, endpoint=request.endpoint)
        return lost(503, "暫時無法連上資料庫，請稍後再試。")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> WerkzeugResponse:
        return lost(error.code or 500, error.name)


def _add_headers(app: Flask, settings: Settings) -> None:
    policy = POLICY.format(link=_origin(settings.line_link_url))
    framer = _framer(settings)
    if framer:
        policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {framer}")

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"  # flask-wtf compares it on https
        if not framer:
            response.headers["X-Frame-Options"] = "DENY"
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.env is Env.PRODUCTION:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    @app.after_request
    def stay_here(response: Response) -> WerkzeugResponse:
        """Lead on from a slash too few or too many within this site: routing takes any host that a request names."""
        if response.status_code != MOVED or not response.location:
            return response
        there = urlsplit(response.location)
        return redirect(f"{there.path}?{there.query}" if there.query else there.path, MOVED)


def _framer(settings: Settings) -> str:
    """Return who may show our pages in a frame: nobody, or the simulated phone, which opens them as LINE does.

    The phone is where LINE's account link is. In production that is never this machine: the settings refuse it (A65).
    """
    is_simulated = urlsplit(settings.line_link_url).hostname in LOOPBACK
    return _origin(settings.line_link_url) if is_simulated and settings.env is Env.DEVELOPMENT else ""


def _origin(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"
