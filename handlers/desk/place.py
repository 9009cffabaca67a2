"""Which page somebody wanted before they had to sign in: kept in a cookie of its own until they have.

It names a page of the desk and nothing else, and no question typed into one; whether they may see it is asked at the
gate as ever. The sign-in itself begins with an empty cookie (A62), so the place cannot stand in that one.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote, urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from handlers.desk.settings import DeskSettings
from handlers.pages.lost import wants_page
from handlers.pages.views import SEE_OTHER

COOKIE = "frontdoor_place"
KEPT = timedelta(minutes=30)
LONGEST = 200  # of an address: a longer one is not a page of the desk


def keep_place(response: Response, settings: DeskSettings) -> Response:
    """Keep the page that was asked for, or on which the form stood that was sent."""
    wanted = _wanted()
    if _is_of_desk(wanted):
        response.set_cookie(
            COOKIE, wanted, max_age=KEPT, path=_desk(), secure=settings.is_secure, httponly=True, samesite="Lax"
        )
    return response


def to_kept_place() -> Response:
    """Lead to the page that was wanted, once; to the overview where none was."""
    kept = request.cookies.get(COOKIE, "")
    response = redirect(kept if _is_of_desk(kept) else _desk(), SEE_OTHER)
    response.delete_cookie(COOKIE, path=_desk())
    return response


def _wanted() -> str:
    """Return the address of the page; "" for what an open page asks by itself."""
    if request.method == "GET":
        return quote(request.path) if wants_page() else ""
    try:
        return urlsplit(request.referrer or "").path
    except ValueError:  # what a browser never sends: http://[
        return ""


def _is_of_desk(address: str) -> bool:
    return address.startswith(_desk()) and len(address) <= LONGEST and address.isascii() and address.isprintable()


def _desk() -> str:
    return url_for("desk.overview")
