"""One request at the desk: the conversation with the fate of each answer, who asks, and the forms to answer with.

An open page asks every second for the mark of the conversation and fetches its parts anew when that has changed; that
somebody looks at it, and has read it, it says only while it can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import jsonify
from werkzeug.wrappers import Response

from core.context import Context
from core.helpdesk import answering, assigning, canned, thread
from core.helpdesk.panel import panel
from core.helpdesk.pulse import thread_mark
from core.helpdesk.rules import TEXT_AT_MOST, Then
from handlers.desk import help_texts, views
from handlers.desk.help_rows import line_of
from handlers.desk.messages import REASONS
from handlers.pages.views import Form

NO_CONTENT = 204


@dataclass(frozen=True)
class Typed:
    """What an agent typed that was not sent, and why; ``between`` are the entries that came meanwhile."""

    text: str | None = None
    then: Then = Then.WAIT
    between: tuple[int, ...] = ()
    form: Form = field(default_factory=Form)
    note: str = ""


def show(ctx: Context, number: int) -> Response:
    """Show a request; its user's messages are read now, and the others see who looks."""
    return drawn(ctx, views.stored_id(number), Typed())


def drawn(ctx: Context, number: int, typed: Typed, status: int = 200) -> Response:
    """Return the page of a request, with what was typed."""
    _seen(ctx, number)
    return views.page(
        "help_thread.html",
        status,
        **_parts(ctx, number, typed.between),
        mark=thread_mark(ctx, number),
        typed=typed,
        beside=panel(ctx, number),
        earlier=thread.earlier_requests(ctx, number),
        canned=canned.canned_answers(ctx),
        agents=assigning.roster(ctx),
        thens=help_texts.THENS,
        at_most=TEXT_AT_MOST,
    )


def show_part(ctx: Context, number: int) -> Response:
    """Show the conversation and its state without what stands around them, for a page that is open already."""
    return views.page("help_thread_part.html", 200, **_parts(ctx, views.stored_id(number), ()))


def news(ctx: Context, number: int) -> Response:
    """Answer the mark of the conversation."""
    return jsonify(mark=thread_mark(ctx, views.stored_id(number)))


def look(ctx: Context, number: int) -> Response:
    """Keep that the page is open before somebody, who has read what stands there."""
    _seen(ctx, views.stored_id(number))
    return Response(status=NO_CONTENT)


def _seen(ctx: Context, number: int) -> None:
    thread.look(ctx, number)
    answering.mark_read(ctx, number)


def _parts(ctx: Context, number: int, between: tuple[int, ...]) -> dict[str, object]:
    found = thread.thread(ctx, number)
    return {
        "found": found,
        "line": line_of(ctx, found.request),
        "between": frozenset(between),
        "sides": help_texts.SIDES,
        "files": help_texts.FILES,
        "ratings": help_texts.RATINGS,
        "states": help_texts.STATES,
        "words": REASONS,
    }
