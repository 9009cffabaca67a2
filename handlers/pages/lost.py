"""What a browser is told where no page of the house answers: an address that leads nowhere, too much at once, a fault.

Machines ask for no page and get a line. Nothing of the fault itself is shown: it stands in the logs.
"""

from __future__ import annotations

from flask import make_response, request
from werkzeug.wrappers import Response

from handlers.pages import texts
from handlers.pages.views import page

NOWHERE = (404, 405)
TOO_LARGE = 413
FAULT = 500
CLOSED = 503


def lost(status: int, line: str) -> Response:
    """Return the page for a status that no view has answered, or ``line`` for what asks for no page."""
    if not wants_page():
        return make_response(line, status)
    what, why = _texts(status)
    return page("lost.html", status, what=what, why=why)


def _texts(status: int) -> tuple[str, str]:
    if status in NOWHERE:
        return texts.NOWHERE, texts.NOWHERE_WHY
    if status == TOO_LARGE:
        return texts.TOO_LARGE, texts.TOO_LARGE_WHY
    if status == CLOSED:
        return texts.CLOSED, texts.CLOSED_WHY
    return (texts.FAULT, texts.FAULT_WHY) if status >= FAULT else (texts.NOT_DONE, texts.NOT_DONE_WHY)


def wants_page() -> bool:
    """Return whether a browser goes to a page, and not a machine or a script of an open page asks."""
    return request.accept_mimetypes.best_match(("text/plain", "text/html")) == "text/html"
