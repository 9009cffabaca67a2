"""帳號申請: who asks for an account, and which of the permissions they get, each decided by itself (ACC-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.accounts.models import Permission
from core.accounts.registration.deciding import decide_registration
from core.accounts.registration.models import RegistrationState
from core.accounts.registration.queries import queued_registrations, registration_of
from core.accounts.registration.rules import Verdict
from core.accounts.requests.rules import REASON_AT_MOST
from core.context import Context
from core.errors import Broken, RulesBroken
from handlers.desk import texts, views
from handlers.pages.views import SEE_OTHER, WRONG, Form, by_field

TYPED_AT_MOST = 2000  # characters of a reason that are looked at
APPROVE, REFUSE = "approve", "refuse"


def show_list(ctx: Context) -> Response:
    """Show the registrations of a state; those that wait, oldest first, where the address names none."""
    state = views.asked_member(RegistrationState, "state") or RegistrationState.FILED
    found = queued_registrations(ctx, state, views.start(), views.ROWS)
    return views.page(
        "registrations.html",
        states=tuple(RegistrationState),
        state=state,
        rows=found.rows,
        pager=views.pager(found.total, views.start(), len(found.rows)),
    )


def show_one(ctx: Context, number: int) -> Response:
    """Show one registration, with the form that decides it while it waits."""
    return _page(ctx, number, Form())


def decide(ctx: Context, number: int) -> Response:
    """Decide a registration; what is not in order comes again with everything that was chosen."""
    verdicts = _verdicts()
    try:
        done = decide_registration(ctx, views.stored_id(number), verdicts)
    except RulesBroken as refused:
        return _page(ctx, number, Form(_typed(verdicts), _errors(refused.broken)))
    flash(texts.REGISTRATION_DECIDED.format(number=done.number, code=done.code, state=done.state.label))
    return redirect(url_for("desk.registrations"), SEE_OTHER)


def _page(ctx: Context, number: int, form: Form) -> Response:
    shown = registration_of(ctx, views.stored_id(number))
    status = WRONG if form.errors else 200
    return views.page("registration.html", status, asked=shown, form=form, at_most=REASON_AT_MOST)


def _verdicts() -> Mapping[Permission, Verdict]:
    chosen = {APPROVE: True, REFUSE: False}
    return {
        each: Verdict(
            chosen.get(request.form.get(f"p{each.value}", "")),
            request.form.get(f"why{each.value}", "")[:TYPED_AT_MOST],
        )
        for each in Permission
    }


def _typed(verdicts: Mapping[Permission, Verdict]) -> dict[str, str]:
    words = {True: APPROVE, False: REFUSE, None: ""}
    typed = {f"p{each.value}": words[verdict.approves] for each, verdict in verdicts.items()}
    return typed | {f"why{each.value}": verdict.reason for each, verdict in verdicts.items()}


def _errors(broken: Iterable[Broken]) -> dict[str, str]:
    """Return what is wrong by permission; what stands in the way of the account as a whole is under ""."""
    codes = {each.value for each in Permission}
    return by_field((f"p{each.field}" if each.field in codes else "", str(each)) for each in broken)
