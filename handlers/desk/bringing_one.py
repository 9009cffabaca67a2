"""派案: one dispatch, typed into a form in the list's own terms; a summary is confirmed, then its deadline is shown."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.access import Action
from core.accounts.registration.queries import registrable_units
from core.context import Context
from core.dates import roc
from core.dispatches.models import DispatchState, Opening
from core.due_words import due_minute
from core.errors import RulesBroken
from core.imports.dispatches import COLUMNS
from core.imports.results import Put
from core.machines.facts import BETWEEN, NO, YES, field_of
from core.machines.refusals import FactsRefused
from core.machines.typed import TypedDispatch, bring_dispatch, plan_dispatch
from core.records.kinds import ProblemType
from handlers.desk import bringing_texts as texts
from handlers.desk import views
from handlers.desk.refusals import CONFLICT
from handlers.pages.views import SEE_OTHER, WRONG, Form, by_field

TYPED_AT_MOST = 4000  # characters of a field that are looked at: fifty names
LABELS = {name: column.heading for name, column in COLUMNS.items()} | {"unit_code": "單位"}
"""The fields as the form calls them: a unit may be typed by its name."""


def show(ctx: Context) -> Response:
    """Show the empty form; a dispatch is mostly of today."""
    today = roc(ctx.today)
    begun = {"dispatched_on": today, "state": DispatchState.WAITING.label, "needs_assessment": NO}
    return _page(ctx, Form(begun))


def check(ctx: Context) -> Response:
    """Show what the dispatch would do, or everything that is wrong with it; nothing is kept."""
    written = _written()
    if request.form.get("again"):
        return _page(ctx, Form(written))
    try:
        return _summary(written, plan_dispatch(ctx, written))
    except (FactsRefused, RulesBroken) as refused:
        return _page(ctx, Form(written, _errors(refused)), WRONG)


def put(ctx: Context) -> Response:
    """Put the dispatch in; where it would do something else by now than was shown, that is shown first."""
    written = _written()
    try:
        planned = plan_dispatch(ctx, written)
        if planned.put is not Put.SAME and planned.put != request.form.get("shown"):
            return _summary(written, planned, texts.MOVED, CONFLICT)
        done = bring_dispatch(ctx, written)
    except (FactsRefused, RulesBroken) as refused:
        return _page(ctx, Form(written, _errors(refused)), WRONG)
    said = texts.WAS_PUT[done.put].format(number=done.facts.case_number, unit=done.unit_name)
    flash(f"{said}{owes(done)}")
    if done.owed and ctx.actor.may(Action.SEE_DUTIES):
        return redirect(url_for("desk.working", duty_id=done.owed.duty_id), SEE_OTHER)
    return redirect(url_for("desk.bring_dispatch"), SEE_OTHER)


def owes(found: TypedDispatch) -> str:
    """Return until when something is owed, in words."""
    if found.owed is None:
        return texts.OWES_NOTHING
    return texts.OWES.format(kind=found.owed.kind.label, due=due_minute(found.owed.due_at))


def _written() -> dict[str, str]:
    """Return what was typed and ticked, as it would stand in the cells of the list."""
    typed = {name: request.form.get(name, "")[:TYPED_AT_MOST] for name in COLUMNS}
    ticked = [each.label for each in ProblemType if request.form.get(f"problem_{each.value}")]
    return typed | {"problems": BETWEEN.join(ticked)} if ticked else typed


def _errors(refused: FactsRefused | RulesBroken) -> dict[str, str]:
    """Return everything that is wrong, by the field; "" for what the form has no field of."""
    if isinstance(refused, FactsRefused):
        found = [(each.field, each.reason) for each in refused.fields]
    else:
        found = [(field_of(each.field), str(each)) for each in refused.broken]
    return by_field((field if field in COLUMNS else "", reason) for field, reason in found)


def _page(ctx: Context, form: Form, status: int = 200) -> Response:
    return views.page(
        "bring_dispatch.html",
        status,
        form=form,
        labels=LABELS,
        units=registrable_units(ctx),
        states=tuple(each.label for each in DispatchState),
        openings=tuple(each.label for each in Opening),
        yes_no=(YES, NO),
        problems=tuple(ProblemType),
        ticked=frozenset(each for each in ProblemType if each.label in form.typed.get("problems", "")),
    )


def _summary(written: dict[str, str], planned: TypedDispatch, said: str = "", status: int = 200) -> Response:
    shown = {**written, "case_number": planned.facts.case_number, "unit_code": _unit_words(planned)}
    shown |= {"received_on": roc(planned.facts.received_on), "dispatched_on": roc(planned.facts.dispatched_on)}
    return views.page(
        "bring_summary.html",
        status,
        said=said,
        lead=texts.WHAT_IS_PUT[planned.put],
        owes=owes(planned),
        rows=tuple((LABELS[name], value) for name, value in shown.items() if value.strip()),
        written=written,
        put=planned.put,
        is_news=planned.put is not Put.SAME,
    )


def _unit_words(planned: TypedDispatch) -> str:
    return f"{planned.unit_name}（{planned.facts.unit_code}）"
