"""Which page somebody wanted before they had to sign in: kept in a cookie of its own until they have.

It names a page of the desk and no question typed into one, and whose session had ended there: on a shared machine
nobody is led to where another was. Whether they may see it is asked at the gate as ever. The sign-in itself begins with
an empty cookie (A62), so the place cannot stand in that one.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote, unquote, urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from handlers.desk.settings import DeskSettings
from handlers.pages.lost import wants_page
from handlers.pages.views import SEE_OTHER

COOKIE = "frontdoor_place"
BETWEEN = ":"  # whose session it was, and the page
KEPT = timedelta(minutes=30)
LONGEST = 200  # of an address: a longer one is not a page of the desk


def keep_place(response: Response, settings: DeskSettings, owner: int | None) -> Response:
    """Keep the page that was asked for, or on which the form stood that was sent.

    ``owner`` is whose session is over here; whose it was is kept until somebody signs in, whatever is asked meanwhile.
    """
    before, _ = _kept()
    whose, place = str(owner) if owner else before, wanted_page()
    if place or owner:
        value = f"{whose}{BETWEEN}{place}"
        response.set_cookie(
            COOKIE, value, max_age=KEPT, path=_desk(), secure=settings.is_secure, httponly=True, samesite="Lax"
        )
    return response


def to_kept_place(account_id: int) -> Response:
    """Lead who has just signed in to the page that was wanted, once; to the overview where none was, or another did."""
    whose, place = _kept()
    is_theirs = whose in ("", str(account_id)) and _is_of_desk(place)
    response = redirect(place if is_theirs else _desk(), SEE_OTHER)
    response.delete_cookie(COOKIE, path=_desk())
    return response


def wanted_page() -> str:
    """Return the page of the desk that is asked for, or on which the form stood that was sent; "" for none."""
    wanted = _wanted()
    return page_of(wanted) if _is_of_desk(wanted) else ""


def page_of(address: str) -> str:
    """Return the page at an address of the desk, or the nearest above it; "" for none.

    A form that comes again with what is wrong in it stands at the address it was sent to, where no page is.
    """
    pages = current_app.url_map.bind("")
    while address.startswith(_desk()):
        try:
            if pages.match(unquote(urlsplit(address).path), "GET")[0] != "desk.nowhere":
                return address
        except HTTPException:  # only forms are sent there
            pass
        address = address.rstrip("/").rpartition("/")[0]
    return ""


def _kept() -> tuple[str, str]:
    """Return whose session had ended here, "" for nobody's, and the page."""
    whose, _, place = request.cookies.get(COOKIE, "").partition(BETWEEN)
    return whose, place


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
