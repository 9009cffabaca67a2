"""What an agent does with a request: answering it, a note, whose it is, its end. Each is one form."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import RuleBroken
from core.helpdesk import answering, assigning, canned, thread
from core.helpdesk.answering import CameBetween, Reply, SaidBefore
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.rules import TEXT_AT_MOST, Then
from handlers.desk import help_texts, views
from handlers.desk.help_thread import NO_CONTENT, Typed, drawn
from handlers.desk.refusals import CONFLICT
from handlers.pages.views import SEE_OTHER, WRONG, Form

LOOKED_AT = 4 * TEXT_AT_MOST  # characters of a text: a sign may be several, and more is refused by its length


def answer(ctx: Context, number: int) -> Response:
    """Send an answer; when something came in between the page comes again with it and with what was typed."""
    reply = _reply()
    try:
        sent = answering.answer(ctx, views.stored_id(number), reply)
    except RuleBroken as refused:
        return _again(ctx, number, Typed(reply.text, reply.then, form=Form({}, {"text": str(refused)})), refused)
    if isinstance(sent, CameBetween):
        thread.save_draft(ctx, number, reply.text)
        told = help_texts.BETWEEN.format(count=len(sent.entries))
        return drawn(ctx, number, Typed(reply.text, reply.then, sent.entries, Form({}, {"": told})), CONFLICT)
    return _done(number, _sent_before(sent) if isinstance(sent, SaidBefore) else help_texts.SENT, "talk-end")


def note(ctx: Context, number: int) -> Response:
    """Add a note among agents."""
    text = _text("note")
    try:
        answering.note(ctx, views.stored_id(number), text)
    except RuleBroken as refused:
        return _again(ctx, number, Typed(note=text, form=Form({}, {"note": str(refused)})), refused)
    return _done(number, help_texts.NOTED, "talk-end")


def save_draft(ctx: Context, number: int) -> Response:
    """Keep what is being typed."""
    thread.save_draft(ctx, views.stored_id(number), _text("text"))
    return Response(status=NO_CONTENT)


def fill(ctx: Context, number: int) -> Response:
    """Put a canned answer behind what is typed, with the person's facts in its places; it is sent by hand."""
    typed, chosen = _text("text").rstrip(), _number("canned")
    if chosen is None:
        errors = {"canned": help_texts.CANNED_NONE}
        return drawn(ctx, views.stored_id(number), Typed(typed, form=Form({}, errors)), WRONG)
    filled = canned.filled(ctx, chosen, views.stored_id(number))
    thread.save_draft(ctx, number, f"{typed}\n{filled}" if typed else filled)
    return redirect(url_for("desk.help_thread", number=number, _anchor="text"), SEE_OTHER)


def take(ctx: Context, number: int) -> Response:
    """Make a request one's own."""
    answering.take(ctx, views.stored_id(number))
    return _done(number, help_texts.TAKEN)


def assign(ctx: Context, number: int) -> Response:
    """Give a request to another agent, or to nobody."""
    chosen = _number("agent")
    if chosen is None and request.form.get("agent") != "nobody":
        errors = {"agent": help_texts.AGENT_NONE}
        return drawn(ctx, views.stored_id(number), Typed(form=Form({}, errors)), WRONG)
    assigning.assign(ctx, views.stored_id(number), chosen)
    return _done(number, help_texts.ASSIGNED)


def share(ctx: Context, number: int) -> Response:
    """Give a request to the agent on duty with the fewest."""
    given = bool(assigning.agents_on_duty(ctx))
    assigning.assign_least_loaded(ctx, views.stored_id(number))
    return _done(number, help_texts.SHARED if given else help_texts.NOBODY_ON_DUTY)


def solve(ctx: Context, number: int) -> Response:
    """Put a request to rest without another word."""
    answering.solve(ctx, views.stored_id(number))
    return _done(number, help_texts.SOLVED)


def reopen(ctx: Context, number: int) -> Response:
    """Take a solved request up again."""
    answering.reopen(ctx, views.stored_id(number))
    return _done(number, help_texts.REOPENED)


def _again(ctx: Context, number: int, typed: Typed, refused: RuleBroken) -> Response:
    """Draw the page again with what was typed; what is about the request and not the text is a conflict."""
    if refused.broken != HelpRefusal.SOLVED.broken():
        return drawn(ctx, number, typed, WRONG)
    thread.save_draft(ctx, number, typed.text or "")
    return drawn(ctx, number, typed, CONFLICT)


def _sent_before(sent: SaidBefore) -> str:
    words = help_texts.MOVED if sent.is_moved else help_texts.SENT_BEFORE
    return words.format(state=help_texts.STATES[sent.state])


def _done(number: int, told: str, anchor: str | None = None) -> Response:
    flash(told)
    return redirect(url_for("desk.help_thread", number=number, _anchor=anchor), SEE_OTHER)


def _reply() -> Reply:
    asked = request.form.get("then", "")
    then = next((each for each in Then if each.value == asked), Then.WAIT)
    return Reply(_text("text"), _number("seen") or 0, then)


def _text(name: str) -> str:
    """Return what was typed into a field; browsers send each line's end as two characters."""
    return request.form.get(name, "")[:LOOKED_AT].replace("\r\n", "\n")


def _number(name: str) -> int | None:
    return views.as_number(request.form.get(name, ""))
