"""How the phone pages are drawn: a template, a status, and never kept by a cache."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.pages import texts
from handlers.pages.typed import typed_words, typed_words_of_ours

WRONG = 422  # what was typed is not right: the page comes again with the reason beside it
UNAUTHORISED = 401
GONE = 410
TOO_MANY = 429
NOT_DONE = "bad"
"""The kind of a message that says what was not done: it stands in another colour, and is told at once."""
SEE_OTHER = 303


@dataclass(frozen=True)
class Form:
    """What was typed (never passwords) and what is wrong with it, by the field's name; "" is the form as a whole."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def by_field(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return everything that is wrong, by the form's field; two about one field stand one behind the other."""
    errors: dict[str, str] = {}
    for name, reason in found:
        errors[name] = errors.get(name, "") + reason
    return errors


def page(template: str, status: int = 200, **values: object) -> Response:
    """Return a page drawn from a template."""
    response = make_response(render_template(f"pages/{template}", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def link_over() -> Response:
    """Say that the link token is missing, unknown or too old, and how to begin again."""
    return page("over.html", GONE, what=texts.LINK_OVER, why=texts.LINK_OVER_WHY)


def step_lost(token: str) -> Response:
    """Say that the first step is not done in this browser (A14)."""
    again = url_for("pages.link", linkToken=token)
    return page("over.html", UNAUTHORISED, what=texts.STEP_LOST, why=texts.STEP_LOST_WHY, again=again)


def setup_lost(token: str) -> Response:
    """Say that no code was asked for in this browser."""
    again = url_for("pages.password_setup", linkToken=token or None)
    return page("over.html", UNAUTHORISED, what=texts.SETUP_LOST, why=texts.STEP_LOST_WHY, again=again)


def registration_lost() -> Response:
    """Say that no mailbox is proved in this browser (any more)."""
    again = url_for("pages.registration")
    told = {"what": texts.REGISTRATION_LOST, "why": texts.REGISTRATION_LOST_WHY, "typed": typed_words()}
    return page("over.html", UNAUTHORISED, **told, again=again)


def form_too_old(_: Exception) -> Response:
    """Say that a form came without a valid CSRF token (A62)."""
    token = link_token()
    again = url_for("pages.link", linkToken=token) if token else None
    told = {"what": texts.FORM_OLD, "why": texts.FORM_OLD_WHY, "typed": typed_words_of_ours()}
    return page("over.html", 400, **told, again=again)


def link_token() -> str:
    """Return the link token the address carries; it is a claim until the core knows it."""
    return request.args.get("linkToken", "")
