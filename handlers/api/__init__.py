"""What other systems ask: one-time passwords, notices, facts of cases, duties; by key, as JSON.

``api(core)`` is the blueprint. What may be asked is a table (``table.py``); routes, gate and the OpenAPI document are
read off it. No cookie means anything here, so the application exempts it from CSRF protection (A62).
"""

from __future__ import annotations

import re

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response

from core.context import Core
from handlers.api import gate, texts
from handlers.api.gate import Gate
from handlers.api.operations import Operation
from handlers.api.problems import DOCS, ROOT, Problem
from handlers.api.table import OPERATIONS
from handlers.api.texts import Kind

NAMED = re.compile(r"{(\w+)}")
MAY_HAVE_SLASHES = frozenset({"case_number", "number"})
"""What an address names by a number of the main system: a slash in it comes quoted or not, which is the same here."""
WHOLE = "whole"  # the name of the converter below
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")


def api(core: Core) -> Blueprint:
    """Return the blueprint of the machine interface; it needs no session and no CSRF protection."""
    blueprint = Blueprint("api", __name__, url_prefix=ROOT, template_folder="templates", static_folder="static")
    blueprint.record(lambda state: state.app.url_map.converters.update({WHOLE: _Whole}))  # before the paths with it
    entrance = Gate(core)
    for path in dict.fromkeys(each.path for each in OPERATIONS):
        _route(blueprint, entrance, path)
    blueprint.add_url_rule("/openapi.json", "openapi", _document, methods=["GET"])
    blueprint.add_url_rule("/docs", "docs", _docs, methods=["GET"])
    anywhere = f"/<{WHOLE}:anything>"
    blueprint.add_url_rule(anywhere, "nowhere", _nowhere, methods=METHODS, provide_automatic_options=False)
    blueprint.register_error_handler(SQLAlchemyError, gate.closed)
    blueprint.register_error_handler(HTTPException, gate.refused)
    blueprint.register_error_handler(Exception, gate.broken)
    return blueprint


class _Whole(PathConverter):
    """What stands between slashes or holds some, whatever its signs: a line's end is refused with a reason, too."""

    regex = "[^/](?s:.*?)"


def _route(blueprint: Blueprint, entrance: Gate, path: str) -> None:
    """Add a path with all its methods; another method is told which there are."""
    by_method = {each.method: each for each in OPERATIONS if each.path == path}
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]

    def answer(**named: str) -> Response:
        operation = by_method.get(request.method)
        return entrance.answer(operation, named) if operation else _no_such_method(by_method)

    name = "+".join(each.about.name for method, each in by_method.items() if method != "HEAD")
    rule = "/" + NAMED.sub(lambda found: f"<{f'{WHOLE}:' if found[1] in MAY_HAVE_SLASHES else ''}{found[1]}>", path)
    blueprint.add_url_rule(rule, name, answer, methods=METHODS, provide_automatic_options=False, merge_slashes=False)


def _no_such_method(by_method: dict[str, Operation]) -> Response:
    allowed = ", ".join(sorted(by_method))
    detail = texts.NO_SUCH_METHOD.format(allowed=allowed)
    return Problem(Kind.METHOD, detail, headers={"Allow": allowed}).response()


def _nowhere(anything: str) -> Response:  # noqa: ARG001 (the address, whatever it is)
    return Problem(Kind.NOT_FOUND, texts.NO_SUCH_ADDRESS.format(docs=DOCS)).response()


def _document() -> Response:
    from handlers.api import openapi  # noqa: PLC0415 (a slow import: the document is for who writes a program)

    return make_response(openapi.as_json(), 200, {"Content-Type": gate.JSON})


def _docs() -> Response:
    from handlers.api import docs  # noqa: PLC0415 (as above)

    return make_response(render_template("api/docs.html", **docs.page()))


__all__ = ["api"]
