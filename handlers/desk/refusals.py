"""What the desk answers when it cannot do what was asked: what happened, why, and what to do next."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import FrontdoorError, InvalidInput, NotAllowed, NotFound
from handlers.desk import texts, views
from handlers.desk.place import page_of, wanted_page
from handlers.pages.typed import typed_words, typed_words_of_ours
from handlers.pages.views import SEE_OTHER, UNAUTHORISED, WRONG

FORBIDDEN = 403
MISSING = 404
CONFLICT = 409
BAD = 400
NO_CONTENT = 204

_KINDS: dict[type[FrontdoorError], tuple[int, str]] = {
    NotAllowed: (FORBIDDEN, texts.NOT_ALLOWED),
    NotFound: (MISSING, texts.NOT_FOUND),
    InvalidInput: (WRONG, texts.NOT_NOW),
}


_DECIDING: dict[str, tuple[str, str, str, str]] = {
    "desk.approve_request": ("desk.request", "看這件申請", "desk.requests", "回到申請審核"),
    "desk.refuse_request": ("desk.request", "看這件申請", "desk.requests", "回到申請審核"),
    **dict.fromkeys(
        ("desk.review_approve_reply", "desk.review_return_reply"),
        ("desk.review_reply", "看這張回覆單", "desk.reviews", "回到審核"),
    ),
    **dict.fromkeys(
        ("desk.review_approve_closure", "desk.review_return_closure"),
        ("desk.review_closure", "看這張結案單", "desk.reviews", "回到審核"),
    ),
    "desk.review_return_check": ("desk.review_check", "看這張檢核單", "desk.reviews", "回到審核"),
    "desk.decide_registration": ("desk.registration", "看這件帳號申請", "desk.registrations", "回到帳號申請"),
}
"""Where somebody goes on whose decision was not taken: to what was to be decided, and to the list it is of."""


def refusal(refused: FrontdoorError) -> Response:
    """Return the page for what the core refused, within the desk: the way on is beside it."""
    status, what = _KINDS.get(type(refused), (CONFLICT, texts.NOT_NOW))
    return views.page("refused.html", status, what=what, why=str(refused), typed=typed_words(), ways=_ways(status))


def _ways(status: int) -> tuple[views.Way, ...]:
    """Return the links of the page, the first as a button."""
    overview = views.Way(url_for("desk.overview"), "回到總覽")
    found = _DECIDING.get(request.endpoint or "")
    if found is None or status != CONFLICT:
        return (overview,)
    one, its_words, all_of_them, their_words = found
    return views.Way(url_for(all_of_them), their_words), views.Way(url_for(one, **(request.view_args or {})), its_words)


def session_over() -> Response:
    """Say that the session is over, and how to begin another."""
    again = url_for("desk.sign_in")
    told = {"what": texts.OVER, "why": texts.OVER_WHY, "typed": typed_words()}
    return views.page("over.html", UNAUTHORISED, **told, again=again, to="重新登入")


def step_lost() -> Response:
    """Say that the first step of the sign-in is not done in this browser."""
    again = url_for("desk.sign_in")
    why = texts.STEP_LOST_WHY
    return views.page("over.html", UNAUTHORISED, what=texts.STEP_LOST, why=why, again=again, to="重新登入")


def form_too_old(_: Exception) -> Response:
    """Say that a form came without a valid CSRF token (A62)."""
    told = {"what": texts.FORM_OLD, "why": texts.FORM_OLD_WHY, "typed": typed_words_of_ours()}
    page = wanted_page()
    again, to = (page, "重新開啟這一頁") if page else (url_for("desk.overview"), "回到總覽")
    return views.page("over.html", BAD, **told, again=again, to=to)


def nowhere(_: Context, anything: str) -> Response:  # noqa: ARG001 (the address, whatever it is)
    """Answer for an address that leads nowhere."""
    raise NotFound


def back(_: Context) -> Response:
    """Return to the page whose 延長 was pressed: passing the gate has renewed the session.

    A page that asks by itself stays where it is, with what is typed there.
    """
    if request.form.get("stay"):
        return Response(status=NO_CONTENT)
    flash(texts.RENEWED)
    page = page_of(request.form.get("page", ""))
    return redirect(page or url_for("desk.overview"), SEE_OTHER)
