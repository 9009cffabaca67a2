"""A picture or file that somebody sent to the helpdesk, handed out so that nothing in it can run (A33, A38).

It is always an attachment under the name of what it is, nothing is guessed of its type, and were it opened as a page
all the same it would be one without rights. A page may draw a picture: those were made anew when they came in.
"""

from __future__ import annotations

import io

from flask import send_file
from werkzeug.wrappers import Response

from core.context import Context
from core.helpdesk.files import shown_file
from handlers.desk import views

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def show(ctx: Context, number: int, file: int) -> Response:
    """Hand out a kept file of a request; the showing is audited."""
    found = shown_file(ctx, views.stored_id(number), views.stored_id(file))
    response = send_file(
        io.BytesIO(found.content), mimetype=found.kind.value, as_attachment=True, download_name=found.name
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
