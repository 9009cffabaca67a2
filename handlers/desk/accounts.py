"""帳號查詢: one account by its code, for administrators and the helpdesk. It shows no case data."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from core.accounts.finding import find_account
from core.accounts.rules import is_account_code
from core.context import Context
from core.errors import NotFound
from core.secrets import folded
from handlers.desk import texts, views
from handlers.desk.refusals import MISSING
from handlers.pages.views import WRONG, Form

LONGEST = 40  # characters of what is looked at: a code has six


def show(ctx: Context) -> Response:
    """Show the form, and the account whose code was typed into it."""
    typed = request.args.get("code", "")[:LONGEST].strip()
    if not typed:
        return views.page("accounts.html", form=Form())
    if not is_account_code(folded(typed)):
        return _refused(typed, texts.ACCOUNT_FORM, WRONG)
    try:
        account = find_account(ctx, typed)
    except NotFound:
        return _refused(typed, texts.ACCOUNT_UNKNOWN, MISSING)
    return views.page("accounts.html", form=Form({"code": typed}), account=account)


def _refused(typed: str, text: str, status: int) -> Response:
    return views.page("accounts.html", status, form=Form({"code": typed}, {"code": text}))
