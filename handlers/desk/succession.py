"""更換承辦人: who takes over, what passes on with it, and the confirmation (ACC-9)."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.finding import find_account
from core.accounts.handing import PassingOn, change_caseworker, passing_on
from core.context import Context
from core.errors import RuleBroken
from core.secrets import folded
from handlers.desk import texts, views
from handlers.pages.views import SEE_OTHER, WRONG, Form

LONGEST = 40  # characters of a code that are looked at: it has six


def show(ctx: Context, code: str) -> Response:
    """Ask who takes over; with a code in the address, show what passes on before it is confirmed."""
    typed = request.args.get("to", "")[:LONGEST].strip()
    if not typed:
        return _page(ctx, code, Form(), None)
    try:
        shown = passing_on(ctx, code, typed)
    except RuleBroken as refused:
        return _wrong(ctx, code, typed, refused)
    return _page(ctx, code, Form({"to": typed}), shown)


def change(ctx: Context, code: str) -> Response:
    """Change the caseworker; both are told."""
    typed = request.form.get("to", "")[:LONGEST].strip()
    try:
        done = change_caseworker(ctx, code, typed)
    except RuleBroken as refused:
        return _wrong(ctx, code, typed, refused)
    flash(texts.SUCCEEDED.format(old=done.old_code, new=done.new_code))
    return redirect(url_for("desk.account", code=folded(code)), SEE_OTHER)


def _wrong(ctx: Context, code: str, typed: str, refused: RuleBroken) -> Response:
    """Show the form again where who takes over is wrong; what is wrong with the account itself is a refusal."""
    if refused.broken.field != texts.SUCCESSOR:
        raise refused
    return _page(ctx, code, Form({"to": typed}, {"to": str(refused)}), None)


def _page(ctx: Context, code: str, form: Form, shown: PassingOn | None) -> Response:
    status = WRONG if form.errors else 200
    return views.page("succession.html", status, account=find_account(ctx, code), form=form, shown=shown)
