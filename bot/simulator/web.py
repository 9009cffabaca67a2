"""The simulator's web application: LINE's interface, the phone, the link dialog, the mailbox, the city."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException

from bot.simulator.ids import new_request_id
from bot.simulator.line_api import line_api
from bot.simulator.mailbox import Mailbox
from bot.simulator.pages import pages
from bot.simulator.phone_api import phone_api, problem
from bot.simulator.platform import Platform
from bot.simulator.sign_on import City, sign_on
from core.clock import TAIPEI

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self' http://127.0.0.1:*; frame-src 'self' http://127.0.0.1:*; "
    "frame-ancestors 'self'"
)


def create_app(platform: Platform, mailbox: Mailbox, city: City) -> Flask:
    """Return the application over one platform, one mailbox and one sign-on; it keeps no state of its own."""
    app = Flask(__name__, static_folder="static", static_url_path="/static", template_folder="templates")
    app.register_blueprint(line_api(platform))
    app.register_blueprint(phone_api(platform, mailbox))
    app.register_blueprint(pages(platform, mailbox))
    app.register_blueprint(sign_on(city))
    app.register_error_handler(HTTPException, problem)
    app.after_request(_guard)
    app.add_template_filter(_taipei, "taipei")
    app.add_url_rule("/", "start", lambda: redirect("/phone/"))
    app.add_url_rule("/phone/", "phone_page", lambda: app.send_static_file("phone.html"))
    return app


def _taipei(moment: datetime) -> str:
    """Return an instant as Taipei's wall clock shows it."""
    return moment.astimezone(TAIPEI).strftime("%Y/%m/%d %H:%M")


def _guard(made: Response) -> Response:
    """Let no page run or load anything but its own files; LINE names every answer, even to a path it does not know."""
    made.headers["Content-Security-Policy"] = _POLICY
    made.headers["X-Content-Type-Options"] = "nosniff"
    made.headers["Referrer-Policy"] = "no-referrer"
    made.headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith("/v2/"):
        made.headers.setdefault("x-line-request-id", new_request_id())
    return made
