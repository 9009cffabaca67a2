"""The old mailbox's page: what change of address is under way, and the button that stops it (ACC-7, A25).

The address is signed and lives twenty-four hours; opening it changes nothing, since mail filters open links too.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from core.access import Actor
from core.accounts.requests.stopping import offered_stop, stop_email_change
from core.audit import Door
from core.context import Core
from core.errors import FrontdoorError
from handlers.pages import views

MAILBOX = Actor(name="old mailbox")


@dataclass(frozen=True)
class EmailStopPages:
    """The pages behind the link in the old mailbox."""

    core: Core

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        path = "/p/email-stop/<int:number>/<signature>"
        blueprint.add_url_rule(path, "email_stop", self.show, methods=["GET"])
        blueprint.add_url_rule(path, "stop_email_change", self.stop, methods=["POST"])
        blueprint.add_url_rule("/p/email-stop/done", "email_stopped", self.done, methods=["GET"])

    def show(self, number: int, signature: str) -> Response:
        """Show what is about to change, and what stopping does."""
        try:
            with self.core.transaction(MAILBOX, Door.PAGE) as ctx:
                offer = offered_stop(ctx, number, signature)
        except FrontdoorError as refused:
            return _over(refused)
        return views.page("email_stop.html", offer=offer)

    def stop(self, number: int, signature: str) -> Response:
        """Stop the change."""
        try:
            with self.core.transaction(MAILBOX, Door.PAGE) as ctx:
                stop_email_change(ctx, number, signature)
        except FrontdoorError as refused:
            return _over(refused)
        return redirect(url_for("pages.email_stopped"), views.SEE_OTHER)

    def done(self) -> Response:
        """Say that it is stopped, and what to do now."""
        return views.page("email_stopped.html")


def _over(refused: FrontdoorError) -> Response:
    return views.page("email_stop_over.html", views.GONE, why=str(refused))
