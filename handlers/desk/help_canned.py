"""罐頭回覆: answers that are given often; every agent sees them, the desk's lead changes them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import NotAllowed, RuleBroken
from core.helpdesk import canned
from core.helpdesk.canned import TEXT_AT_MOST, TITLE_AT_MOST, Canned, Place
from handlers.desk import help_texts, views
from handlers.pages.views import SEE_OTHER, WRONG, Form

LOOKED_AT = 2 * TEXT_AT_MOST


def show(ctx: Context) -> Response:
    """Show all canned answers, with the forms to change them for who leads the desk."""
    return _page(ctx, Canned(0, "", ""), Form())


def save(ctx: Context) -> Response:
    """Keep a canned answer, new or changed."""
    _require_lead(ctx)
    number = views.as_number(request.form.get("number", ""))
    typed = Canned(number or 0, _typed("title"), _typed("text"))
    try:
        canned.save_canned(ctx, typed.title, typed.text, number)
    except RuleBroken as refused:
        return _page(ctx, typed, Form({}, {"": str(refused)}), WRONG)
    flash(help_texts.CANNED_KEPT.format(title=typed.title.strip()))
    return redirect(url_for("desk.help_canned"), SEE_OTHER)


def delete(ctx: Context, number: int) -> Response:
    """Delete a canned answer."""
    _require_lead(ctx)
    canned.delete_canned(ctx, views.stored_id(number))
    flash(help_texts.CANNED_DELETED)
    return redirect(url_for("desk.help_canned"), SEE_OTHER)


def _require_lead(ctx: Context) -> None:
    if not canned.may_change(ctx):
        raise NotAllowed


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LOOKED_AT].replace("\r\n", "\n")


def _page(ctx: Context, typed: Canned, form: Form, status: int = 200) -> Response:
    return views.page(
        "help_canned.html",
        status,
        answers=canned.canned_answers(ctx),
        may_change=canned.may_change(ctx),
        typed=typed,
        form=form,
        places=tuple(Place),
        title_at_most=TITLE_AT_MOST,
        text_at_most=TEXT_AT_MOST,
    )
