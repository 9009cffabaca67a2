"""審核: what waits for a supervisor, kind by kind, one form in full, and its decision (REPLY-11, CLOSE-9, CHK-10).

What differs between the kinds stands in ``review_kinds.py``; here is what they share.
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import NotAllowed, RulesBroken
from handlers.desk import texts, views
from handlers.desk.review_kinds import KINDS, Kind, ReviewKind
from handlers.pages.views import SEE_OTHER, WRONG, Form

NUMBER_AT_MOST = 40
TYPED_AT_MOST = 5000  # characters of a reason that are looked at


def show_list(ctx: Context) -> Response:
    """Show the forms of a kind; where the address names none, the first kind of which one waits."""
    counts = counted(ctx)
    asked = views.asked_member(Kind, "of")
    if asked is not None and asked not in counts:
        raise NotAllowed
    kind = asked or next((each for each in counts if counts[each] and KINDS[each].approve), next(iter(counts)))
    found = KINDS[kind].listed(ctx, views.start(), views.ROWS)
    return views.page(
        "reviews.html",
        kind=KINDS[kind],
        counts=[(KINDS[each], count) for each, count in counts.items()],
        rows=found.rows,
        pager=views.pager(found.total, views.start(), len(found.rows)),
    )


def show_next(ctx: Context) -> Response:
    """Lead on to the form at a place of the list: what is decided leaves it, and the next one has its place."""
    kind, at = views.asked_member(Kind, "of"), views.asked_id("at") or 0
    if kind is None:
        return redirect(url_for("desk.reviews"), SEE_OTHER)
    if not ctx.actor.may(KINDS[kind].action):
        raise NotAllowed
    found = KINDS[kind].listed(ctx, at, 1)
    if found.rows:
        return redirect(url_for(f"desk.review_{KINDS[kind].name}", number=found.rows[0].key, at=at), SEE_OTHER)
    if found.total:
        flash(texts.REVIEW_LAST.format(what=kind.label))
    return redirect(url_for("desk.reviews", of=kind.value), SEE_OTHER)


def counted(ctx: Context) -> dict[Kind, int]:
    """Return how many forms of each kind the actor may decide on."""
    return {kind: each.count(ctx) for kind, each in KINDS.items() if ctx.actor.may(each.action)}


def show_reply(ctx: Context, number: int) -> Response:
    """Show a reply, with the forms that decide it while it waits."""
    return _show(ctx, Kind.REPLIES, str(views.stored_id(number)))


def approve_reply(ctx: Context, number: int) -> Response:
    """Approve a reply; its writer is told."""
    return _approve(ctx, Kind.REPLIES, str(views.stored_id(number)))


def return_reply(ctx: Context, number: int) -> Response:
    """Return a reply with a reason; its unit is told."""
    return _return(ctx, Kind.REPLIES, str(views.stored_id(number)))


def show_closure(ctx: Context, number: int) -> Response:
    """Show a closure, with the forms that decide it while it waits."""
    return _show(ctx, Kind.CLOSURES, str(views.stored_id(number)))


def approve_closure(ctx: Context, number: int) -> Response:
    """Approve a closure; its writer is told."""
    return _approve(ctx, Kind.CLOSURES, str(views.stored_id(number)))


def return_closure(ctx: Context, number: int) -> Response:
    """Return a closure with a reason; its unit is told."""
    return _return(ctx, Kind.CLOSURES, str(views.stored_id(number)))


def show_check(ctx: Context, number: str) -> Response:
    """Show a check, with the form that returns it."""
    return _show(ctx, Kind.CHECKS, number)


def return_check(ctx: Context, number: str) -> Response:
    """Return a check with a reason; its school is told."""
    return _return(ctx, Kind.CHECKS, number)


def _show(ctx: Context, kind: Kind, key: str) -> Response:
    return _page(ctx, KINDS[kind], key, Form())


def _approve(ctx: Context, kind: Kind, key: str) -> Response:
    """Approve; what does not hold any more is told on the page, which shows the form as it is."""
    its = KINDS[kind]
    if its.approve is None:
        raise NotAllowed
    try:
        its.approve(ctx, key, _seen())
    except RulesBroken as refused:
        return _page(ctx, its, key, Form({}, {"": str(refused)}))
    return _done(kind, texts.REVIEW_APPROVED)


def _return(ctx: Context, kind: Kind, key: str) -> Response:
    """Return; without a reason, or with one that is too long, the page comes again with what was typed."""
    its, reason = KINDS[kind], request.form.get("reason", "")[:TYPED_AT_MOST]
    try:
        its.give_back(ctx, key, reason, _seen())
    except RulesBroken as refused:
        return _page(ctx, its, key, Form({"reason": reason}, _errors(refused)))
    return _done(kind, texts.REVIEW_RETURNED)


def _errors(refused: RulesBroken) -> dict[str, str]:
    """Return what is wrong with the reason beside it, and the rest above the page."""
    of_reason = [str(each) for each in refused.broken if each.field == texts.RETURN_REASON]
    others = [str(each) for each in refused.broken if each.field != texts.RETURN_REASON]
    return {name: "\n".join(found) for name, found in (("reason", of_reason), ("", others)) if found}


def _seen() -> int:
    """Return which version the page showed that was sent; what says none saw none."""
    return views.as_number(request.form.get("seen", "")) or 0


def _page(ctx: Context, kind: ReviewKind, key: str, form: Form) -> Response:
    status, shown = WRONG if form.errors else 200, kind.look(ctx, key)
    return views.page("review.html", status, kind=kind, shown=shown, form=form, at=_at(), waiting=kind.count(ctx))


def _at() -> int | None:
    """Return where in its list the form stood that is looked at or decided; None where it was not reached from it."""
    return views.as_number(request.values.get("at", ""))


def _done(kind: Kind, told: str) -> Response:
    number = request.form.get("form", "")[:NUMBER_AT_MOST]  # as the page showed it; it is told to nobody else
    flash(told.format(what=kind.label, number=number))
    at = _at()
    if at is None:
        return redirect(url_for("desk.reviews", of=kind.value), SEE_OTHER)
    return redirect(url_for("desk.review_next", of=kind.value, at=at), SEE_OTHER)
