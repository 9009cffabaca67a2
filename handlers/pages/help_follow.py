"""The page behind a mail about a request: how it stands, more words, and whether it helped (HELP-2, HELP-5).

The address is signed; opening the page changes nothing. It shows no word that was written in the request.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.access import Actor
from core.audit import Door
from core.context import Core
from core.errors import NotFound, RuleBroken
from core.helpdesk.following import followed, rate_followed, write_more
from core.helpdesk.hours import closed
from core.helpdesk.notices import expected
from core.helpdesk.words import STATES
from handlers.pages import texts, views
from handlers.pages.typed import typed_words
from handlers.pages.views import Form

ASKER = Actor(name="asker by mail")
TEXT_AT_MOST = 20_000  # characters that are looked at
PATH = "/p/help/<int:number>/<signature>"


@dataclass(frozen=True)
class HelpFollowPages:
    """The page of a request that is answered by mail."""

    core: Core

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule(PATH, "help_follow", self.show, methods=["GET"])
        blueprint.add_url_rule(PATH, "help_write_more", self.write, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/rate", "help_rate", self.rate, methods=["POST"])

    def show(self, number: int, signature: str) -> Response:
        """Show how the request stands."""
        try:
            return self._page(number, signature, Form())
        except NotFound:
            return _unknown()

    def write(self, number: int, signature: str) -> Response:
        """Add words to the request."""
        text = request.form.get("text", "")[:TEXT_AT_MOST].replace("\r\n", "\n")
        try:
            with self.core.transaction(ASKER, Door.PAGE) as ctx:
                asked = write_more(ctx, number, signature, text)
        except NotFound:
            return _unknown()
        except RuleBroken as refused:
            return self._page(number, signature, Form({"text": text}, {"text": str(refused.broken)}))
        flash(texts.HELP_ADDED.format(expected=expected(asked.answer_by, self.core.clock.now())))
        return self._back(number, signature)

    def rate(self, number: int, signature: str) -> Response:
        """Keep whether it helped."""
        helped = request.form.get("helped") == "1"
        try:
            with self.core.transaction(ASKER, Door.PAGE) as ctx:
                rate_followed(ctx, number, signature, helped=helped)
        except NotFound:
            return _unknown()
        except RuleBroken as refused:
            flash(str(refused), views.NOT_DONE)
            return self._back(number, signature)
        flash(texts.HELP_RATED if helped else texts.HELP_RATED_BAD)
        return self._back(number, signature)

    def _page(self, number: int, signature: str, form: Form) -> Response:
        with self.core.reading(ASKER, Door.PAGE) as ctx:
            found = followed(ctx, number, signature)
            hours = texts.help_closed(closed(ctx.now, ctx.calendar))
            by = found.request.answer_by
            late = expected(by, ctx.now) if by and by < ctx.now else ""
        return views.page(
            "help_follow.html",
            views.WRONG if form.errors else 200,
            found=found,
            signature=signature,
            states=STATES,
            closed=hours,
            late=late,
            form=form,
        )

    def _back(self, number: int, signature: str) -> Response:
        return redirect(url_for("pages.help_follow", number=number, signature=signature), views.SEE_OTHER)


def _unknown() -> Response:
    again = url_for("pages.help_request")
    told = {"what": texts.HELP_UNKNOWN, "why": texts.HELP_UNKNOWN_WHY, "typed": typed_words()}
    return views.page("over.html", views.GONE, **told, again=again)
