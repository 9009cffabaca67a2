"""帳號查詢: accounts by code, name or unit, one with all that stands of it, and what is done to it. No case data."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.care import disable_with_reason, reopen_codes, unbind_phone
from core.accounts.looking import account_file, search_accounts
from core.accounts.requests.rules import REASON_AT_MOST
from core.accounts.rules import is_account_code
from core.accounts.trail import trail_of
from core.context import Context
from core.errors import NotFound, RuleBroken
from core.secrets import folded
from handlers.desk import acts, texts, views
from handlers.desk.refusals import MISSING
from handlers.pages.views import SEE_OTHER, WRONG, Form

LONGEST = 100  # characters of what is looked for: a unit's name
TYPED_AT_MOST = 2000  # characters of a reason that are looked at


def show(ctx: Context) -> Response:
    """Show the form, and the account whose code was typed into it, or the accounts of a name or unit."""
    typed = request.args.get("code", "")[:LONGEST].strip()
    if not typed:
        return views.page("accounts.html", form=Form())
    if not is_account_code(folded(typed)):
        return _searched(ctx, typed)
    try:
        return _file_page(ctx, typed, Form({"code": typed}))
    except NotFound:
        return views.page("accounts.html", MISSING, form=Form({"code": typed}, {"code": texts.ACCOUNT_UNKNOWN}))


def show_one(ctx: Context, code: str) -> Response:
    """Show one account with all that stands of it, and what may be done to it."""
    return _file_page(ctx, code, Form({"code": code}))


def show_trail(ctx: Context, code: str) -> Response:
    """Show what was done to an account, and what it did."""
    found = trail_of(ctx, code, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("trail.html", code=folded(code), rows=found.rows, pager=pager, acts=acts)


def disable(ctx: Context, code: str) -> Response:
    """Disable an account; without a reason the form comes again."""
    reason = request.form.get("reason", "")[:TYPED_AT_MOST]
    try:
        return _done(code, texts.DISABLED if disable_with_reason(ctx, code, reason) else texts.DISABLED_BEFORE)
    except RuleBroken as refused:
        if refused.broken.field != texts.REASON:
            raise
        return _file_page(ctx, code, Form({"code": code, "reason": reason}, {"reason": str(refused)}))


def unbind(ctx: Context, code: str) -> Response:
    """Unbind a lost phone (A27)."""
    return _acted(ctx, code, unbind_phone, (texts.UNBOUND, texts.UNBOUND_BEFORE))


def reopen(ctx: Context, code: str) -> Response:
    """Open one-time passwords again (OTP-6)."""
    return _acted(ctx, code, reopen_codes, (texts.REOPENED, texts.REOPENED_BEFORE))


def _acted(ctx: Context, code: str, act: Callable[[Context, str], bool], told: tuple[str, str]) -> Response:
    """Do something to an account, and say that it is done, or was done before."""
    return _done(code, told[0] if act(ctx, code) else told[1])


def _done(code: str, told: str) -> Response:
    flash(told.format(code=folded(code)))
    return redirect(url_for("desk.account", code=folded(code)), SEE_OTHER)


def _searched(ctx: Context, typed: str) -> Response:
    found = search_accounts(ctx, typed, views.start(), views.ROWS)
    if not found.total:
        text = texts.NOBODY_FOUND
        return views.page("accounts.html", MISSING, form=Form({"code": typed}, {"code": text}))
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("accounts.html", form=Form({"code": typed}), rows=found.rows, pager=pager)


def _file_page(ctx: Context, code: str, form: Form) -> Response:
    status = WRONG if form.errors else 200
    return views.page("account.html", status, form=form, file=account_file(ctx, code), at_most=REASON_AT_MOST)
