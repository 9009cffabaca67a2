"""The cookie by which an account knows a browser it was signed in with: it opens nothing, it only cannot be locked out.

It outlives sessions and sign-outs, and is changed at each sign-in.
"""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from core.accounts.identity.askers import KNOWN_FOR

NAME = "frontdoor-known"


def browser() -> str:
    """Return what the browser's cookie says; it is a claim until the core knows it."""
    return request.cookies.get(_name(), "")


def keep(response: Response, token: str) -> Response:
    """Give the browser its new token."""
    response.set_cookie(_name(), token, max_age=KNOWN_FOR, secure=_is_secure(), httponly=True, samesite="Lax", path="/")
    return response


def _name() -> str:
    return f"__Host-{NAME}" if _is_secure() else NAME


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
