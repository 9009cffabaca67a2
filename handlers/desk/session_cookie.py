"""The cookie that holds the token of a session at the desk: sent to this server alone, unread by scripts."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from handlers.desk.settings import DeskSettings


def token(settings: DeskSettings) -> str:
    """Return the token the browser shows; empty where it has none."""
    return request.cookies.get(settings.cookie, "")


def keep(response: Response, settings: DeskSettings, value: str) -> Response:
    """Give the browser the token of its new session."""
    response.set_cookie(settings.cookie, value, secure=settings.is_secure, httponly=True, samesite="Lax")
    return response


def drop(response: Response, settings: DeskSettings) -> Response:
    """Take the token of a session that is over from the browser."""
    response.delete_cookie(settings.cookie, secure=settings.is_secure, httponly=True, samesite="Lax")
    return response
