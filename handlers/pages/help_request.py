"""A request to the helpdesk without LINE: its kind, its words, the e-mail that answers go to, then sent (HELP-2).

Whoever cannot sign in meets the five steps before anything is written (HELP-4). Nothing is kept between the steps but
in the page itself; what was typed is never lost. Whether the address belongs to anybody is told nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.audit import Door
from core.context import Core
from core.dates import roc_moment
from core.errors import Broken, RulesBroken
from core.helpdesk.by_mail import MailRequest, ask_by_mail, check
from core.helpdesk.hours import closed
from core.helpdesk.models import HelpKind
from core.helpdesk.words import LOGIN_STEPS
from handlers.pages import texts, views
from handlers.pages.views import Form
from handlers.pages.visiting import visitor

LINE_AT_MOST, TEXT_AT_MOST = 300, 20_000  # characters that are looked at
PATH = "/p/help"
FIELDS = {"姓名": "name", "單位": "unit", "電子郵件": "email", "問題種類": "kind", "內容": "text"}
"""The field of the form, by the word the rules name it with."""
TRIED = "tried"
"""Of who cannot sign in: the steps were shown, and did not help."""
LINES = ("name", "unit", "email", "kind", TRIED)


@dataclass(frozen=True)
class HelpRequestPages:
    """The pages of a request by mail."""

    core: Core

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule(PATH, "help_request", self.show, methods=["GET"])
        blueprint.add_url_rule(f"{PATH}/write", "write_help_request", self.write, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/kind", "change_help_kind", self.change, methods=["POST"])
        blueprint.add_url_rule(PATH, "check_help_request", self.check, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/send", "send_help_request", self.send, methods=["POST"])
        blueprint.add_url_rule(f"{PATH}/helped", "help_not_needed", self.helped, methods=["GET"])
        blueprint.add_url_rule(f"{PATH}/done", "help_requested", self.done, methods=["GET"])

    def show(self) -> Response:
        """Ask what it is about."""
        return self._kinds({})

    def write(self) -> Response:
        """Show the form for a kind; first the steps to who cannot sign in; or ask again what it is about."""
        typed = _typed()
        kind = _kind(typed)
        if kind is None:
            return self._kinds(typed)
        return _steps_page(typed) if _meets_steps(typed) else _form_page(Form(typed))

    def change(self) -> Response:
        """Ask again what it is about, and keep what was typed."""
        return self._kinds(_typed())

    def check(self) -> Response:
        """Show what was typed to be confirmed, the address first; or the form again with all that is wrong."""
        typed = _typed()
        if _meets_steps(typed):
            return _steps_page(typed)
        asked = _asked(typed)
        wrong = check(asked)
        if wrong or request.form.get("again"):
            return _form_page(Form(typed, _errors(wrong)))
        return views.page("help_confirm.html", typed=typed, kind=asked.kind)

    def send(self) -> Response:
        """Take the request in, if it is the one that was shown."""
        typed = _typed()
        try:
            with self.core.transaction(visitor(), Door.PAGE) as ctx:
                asked = ask_by_mail(ctx, _asked(typed), request.form.get("shown", ""))
        except RulesBroken as refused:
            return _form_page(Form(typed, _errors(refused.broken)))
        flash(texts.HELP_ASKED.format(number=asked.number, by=roc_moment(asked.answer_by)))
        return redirect(url_for("pages.help_requested"), views.SEE_OTHER)

    def helped(self) -> Response:
        """Say that no person is needed."""
        return views.page("help_not_needed.html")

    def done(self) -> Response:
        """Say what comes next."""
        return views.page("help_requested.html", closed=self._closed())

    def _kinds(self, typed: dict[str, str]) -> Response:
        return views.page("help_kind.html", kinds=tuple(HelpKind), typed=typed, closed=self._closed())

    def _closed(self) -> str:
        """Return what is said outside the hours (HELP-1); empty within them."""
        with self.core.reading(visitor(), Door.PAGE) as ctx:
            return texts.help_closed(closed(ctx.now, ctx.calendar))


def _steps_page(typed: dict[str, str]) -> Response:
    return views.page("help_steps.html", typed=typed | {TRIED: "1"}, login_steps=LOGIN_STEPS)


def _form_page(form: Form) -> Response:
    status = views.WRONG if form.errors else 200
    return views.page("help_request.html", status, form=form, kinds=tuple(HelpKind), kind=_kind(form.typed))


def _meets_steps(typed: dict[str, str]) -> bool:
    return _kind(typed) is HelpKind.LOGIN and not typed[TRIED]


def _kind(typed: dict[str, str]) -> HelpKind | None:
    return next((each for each in HelpKind if each.value == typed["kind"]), None)


def _asked(typed: dict[str, str]) -> MailRequest:
    return MailRequest(typed["name"], typed["unit"], typed["email"], _kind(typed), typed["text"])


def _typed() -> dict[str, str]:
    """Return what was typed, lines without the spaces around them, and line breaks as one sign."""
    lines = {name: request.form.get(name, "")[:LINE_AT_MOST].strip() for name in LINES}
    return lines | {"text": request.form.get("text", "")[:TEXT_AT_MOST].replace("\r\n", "\n")}


def _errors(broken: Iterable[Broken]) -> dict[str, str]:
    return views.by_field((FIELDS.get(each.field, ""), str(each)) for each in broken)
