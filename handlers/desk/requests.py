"""申請審核: the queue of requests, one request, and its decision (ACC-6 to ACC-8).

The helpdesk sees changes of address, administrators extensions and permissions; each is decided once.
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.requests.deciding import Decided, approve_request, refuse_request
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.queries import kinds_decided, queued_requests, request_of
from core.accounts.requests.rules import REASON_AT_MOST
from core.context import Context
from core.errors import RuleBroken
from handlers.desk import texts, views
from handlers.pages.views import SEE_OTHER, WRONG, Form

TYPED_AT_MOST = 2000  # characters of a reason that are looked at


def show_list(ctx: Context) -> Response:
    """Show the requests of a kind and state; those that wait, oldest first, where the address names none."""
    kind = views.asked_member(RequestKind, "kind")
    state = views.asked_member(RequestState, "state") or RequestState.FILED
    found = queued_requests(ctx, kind, state, views.start(), views.ROWS)
    return views.page(
        "requests.html",
        kinds=kinds_decided(ctx),
        states=tuple(RequestState),
        kind=kind,
        state=state,
        rows=found.rows,
        pager=views.pager(found.total, views.start(), len(found.rows)),
    )


def show_one(ctx: Context, number: int) -> Response:
    """Show one request, with the forms that decide it while it waits."""
    return _page(ctx, number, Form())


def approve(ctx: Context, number: int) -> Response:
    """Approve a request; the person is told."""
    return _done(approve_request(ctx, views.stored_id(number)))


def refuse(ctx: Context, number: int) -> Response:
    """Refuse a request; the reason goes to the person. Without one the form comes again."""
    reason = request.form.get("reason", "")[:TYPED_AT_MOST]
    try:
        return _done(refuse_request(ctx, views.stored_id(number), reason))
    except RuleBroken as refused:
        if refused.broken.field != texts.REASON:
            raise
        return _page(ctx, number, Form({"reason": reason}, {"reason": str(refused)}))


def _page(ctx: Context, number: int, form: Form) -> Response:
    shown = request_of(ctx, views.stored_id(number))
    status = WRONG if form.errors else 200
    return views.page("request.html", status, asked=shown, form=form, at_most=REASON_AT_MOST)


def _done(decided: Decided) -> Response:
    flash(texts.DECIDED.format(number=decided.number, kind=decided.kind.label, state=decided.state.label))
    return redirect(url_for("desk.requests"), SEE_OTHER)
