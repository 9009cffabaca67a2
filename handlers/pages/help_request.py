"""A request to the helpdesk without LINE: written, then shown with the e-mail that answers go to, then sent (HELP-2).

Nothing is kept between the steps but in the page itself; what was typed is never lost. Whether the address belongs to
anybody is told nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.access import Actor
from core.audit import Door
from core.context import Core
from core.dates import roc_moment
from core.errors import Broken, RulesBroken
from core.helpdesk.by_mail import MailRequest, ask_by_mail, check
from core.helpdesk.models import HelpKind
from handlers.pages import texts, views
from handlers.pages.views import Form

VISITOR = Actor(name="visitor")
LINE_AT_MOST, TEXT_AT_MOST = 300, 20_000  # characters that are looked at
PATH = "/p/help"
FIELDS = {"姓名": "name", "單位": "unit", "電子郵件": "email", "問題種類": "kind", "內容": "text"}
"""The field of the form, by the word the rules name it with."""


@dataclass(frozen=True)
class HelpRequestPages:
    """The pages of a request by mail."""

    core: Core

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule(PATH, "help_request", self.show, methods=["GET"])
        blueprint.add_url_rule(PATH, "check_help_request", self.check, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/send", "send_help_request", self.send, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/done", "help_requested", self.done, methods=["GET"])

    def show(self) -> Response:
        """Show the form."""
        return _form_page(Form())

    def check(self) -> Response:
        """Show what was typed to be confirmed, the address first; or the form again with all that is wrong."""
        typed = _typed()
        asked = _asked(typed)
        wrong = check(asked)
        if wrong or request.form.get("again"):
            return _form_page(Form(typed, _errors(wrong)))
        return views.page("help_confirm.html", typed=typed, kind=asked.kind)

    def send(self) -> Response:
        """Take the request in, if it is the one that was shown."""
        typed = _typed()
        try:
            with self.core.transaction(VISITOR, Door.PAGE) as ctx:
                asked = ask_by_mail(ctx, _asked(typed), request.form.get("shown", ""))
        except RulesBroken as refused:
            return _form_page(Form(typed, _errors(refused.broken)))
        flash(texts.HELP_ASKED.format(number=asked.number, by=roc_moment(asked.answer_by)))
        return redirect(url_for("pages.help_requested"), views.SEE_OTHER)

    def done(self) -> Response:
        """Say what comes next."""
        return views.page("help_requested.html")


def _form_page(form: Form) -> Response:
    return views.page("help_request.html", views.WRONG if form.errors else 200, form=form, kinds=tuple(HelpKind))


def _asked(typed: dict[str, str]) -> MailRequest:
    kind = next((each for each in HelpKind if each.value == typed["kind"]), None)
    return MailRequest(typed["name"], typed["unit"], typed["email"], kind, typed["text"])


def _typed() -> dict[str, str]:
    """Return what was typed, lines without the spaces around them, and line breaks as one sign."""
    lines = {name: request.form.get(name, "")[:LINE_AT_MOST].strip() for name in ("name", "unit", "email", "kind")}
    return lines | {"text": request.form.get("text", "")[:TEXT_AT_MOST].replace("\r\n", "\n")}


def _errors(broken: Iterable[Broken]) -> dict[str, str]:
    """Return everything that is wrong, by the form's fields; two about one field stand one behind the other."""
    errors: dict[str, str] = {}
    for each in broken:
        name = FIELDS.get(each.field, "")
        errors[name] = errors.get(name, "") + str(each)
    return errors
